"""Paces fitted to what was known of regions, and the years ahead drawn from them."""

from dataclasses import dataclass

import arviz as az
import numpy as np
import xarray as xr

from qyforecast.errors import UnhealthyFit
from qyforecast.inference.paces import Figures, PaceSampler

#: Chains, sweeps thrown away and kept of each, and every how many a future is drawn.
CHAINS, BURN, SWEEPS, EVERY = 2, 400, 1000, 2
#: Largest R-hat of the mean and of the spread of what is foretold.
GATE = 1.1
#: How many times longer a run is that came out unhealthy.
LONGER = (1, 3, 9)
#: Fewer figures of a region than this are all heard.
FEW = 7
#: Figures are heard in pairs so many years apart.
APART = 5


@dataclass(frozen=True)
class Foreseen:
    """What was drawn.

    Attributes
    ----------
    level : ndarray
        ``(D, years, P)``. [log odds]
    rhat : float
        The larger R-hat of mean and spread of the last year.
    """

    level: np.ndarray
    rhat: float


def in_pairs(level: np.ndarray) -> np.ndarray:
    """Keep of each region its last two years, and pairs five years apart before them.

    Yearly series of countries are mostly drawn through censuses years apart. Heard year by
    year, a straight line of ten years is ten proofs that a pace stays; in pairs it says how
    fast the region went every five years. Sparser series are heard as they are.

    Parameters
    ----------
    level : ndarray
        ``(P, T)``, consecutive years; missing where not known.

    Returns
    -------
    ndarray
        The same, more of it missing.
    """
    out = np.full(level.shape, np.nan)
    for place, series in enumerate(level):
        known = np.flatnonzero(np.isfinite(series))
        heard = known if len(known) < FEW else known[_paired(known)]
        out[place, heard] = series[heard]
    return out


def _paired(known: np.ndarray) -> np.ndarray:
    """Tell which years are the later or the earlier of a pair."""
    heard: set[int] = set()
    left = known
    while len(left):
        heard |= {int(left[-1]), int(left[-1]) - 1}
        left = left[left <= left[-1] - APART]
    return np.isin(known, list(heard))


def foresee(figures: Figures, years: int, seed: tuple[int, ...]) -> Foreseen:
    """Fit paces and draw the years ahead; longer where two chains differ.

    Parameters
    ----------
    figures : Figures
        What is heard.
    years : int
        Years ahead.
    seed : tuple of int
        Seed.

    Returns
    -------
    Foreseen
        ``CHAINS * SWEEPS / EVERY`` draws.

    Raises
    ------
    UnhealthyFit
        If the longest run is unhealthy too.
    """
    rhat = np.inf
    for longer in LONGER:
        chains = [_chain(figures, years, (*seed, chain), longer) for chain in range(CHAINS)]
        draws = np.stack(chains)
        rhat = _rhat(draws[:, :, -1])
        if rhat <= GATE:
            return Foreseen(np.concatenate(chains), rhat)
    raise UnhealthyFit(
        "the sampler of paces did not converge",
        found=f"R-hat {rhat:.3g} of what is foretold, at most {GATE} is needed",
        cure="give more figures or regions, or another seed",
    )


def _chain(figures: Figures, years: int, seed: tuple[int, ...], longer: int) -> np.ndarray:
    sampler = PaceSampler(figures, np.random.default_rng(seed))
    out = []
    for sweep in range((BURN + SWEEPS) * longer):
        sampler.sweep()
        after = sweep - BURN * longer
        if after >= 0 and after % (EVERY * longer) == 0:
            out.append(sampler.ahead(years))
    return np.array(out)


def _rhat(last: np.ndarray) -> float:
    """R-hat of mean and spread over regions of the last year, ``(chain, draw, P)``."""
    off = last - np.median(last, axis=(0, 1))
    told = {"mean": off.mean(axis=2), "spread": np.log(np.median(np.abs(off), axis=2) + 1e-12)}
    data = xr.Dataset({name: (("chain", "draw"), values) for name, values in told.items()})
    return max(float(value) for value in az.rhat(data).data_vars.values())
