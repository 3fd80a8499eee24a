"""The provinces' own future, drawn from what was known: what the model is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from qyforecast.census.panel import Panel
from qyforecast.inference.derived import province_rest
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.futures import draw_province_drivers
from qyforecast.inference.nation import draw_nation, fading
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import JUMP_DF
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.vocabulary import SECTORS


@dataclass(frozen=True)
class ProvincePaths:
    """Levels of provinces in years ahead, and the density of each year given the one before.

    Attributes
    ----------
    level : ndarray
        ``(D, Y, P)``; missing where the province is not known at the start. [log odds]
    centre : ndarray
        Level without the last year's own shock, same dimensions. [log odds]
    scale, df : ndarray
        Of that shock, a Student-t, ``(D, 1)``. [log odds; 1]
    """

    level: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    df: np.ndarray


def known_until(panel: Panel, year: int) -> Panel:
    """Forget what provinces were after a year.

    Where only a series revised later is at hand, this is a pseudo-vintage: the figures
    are those of today, the years those of then.

    Parameters
    ----------
    panel : Panel
        All that is known.
    year : int
        Last year wanted.

    Returns
    -------
    Panel
        The same shapes, later years missing, no readings.
    """
    provinces = panel.provinces.where(panel.provinces["year"] <= year)
    return replace(panel, as_of=year, provinces=provinces, readings=panel.readings.iloc[:0])


def draw_provinces(
    posterior: Posterior, spec: ModelSpec, panel: Panel, *, origin: int, years: int, seed: int
) -> ProvincePaths:
    """Draw the levels of all provinces after a year.

    Parameters
    ----------
    posterior : Posterior
        Fitted to `panel`.
    spec : ModelSpec
        Its specification.
    panel : Panel
        What was known at the end of `origin`, see `known_until`.
    origin : int
        Last year known.
    years : int
        Years ahead.
    seed : int
        Seed.

    Returns
    -------
    ProvincePaths
        One draw for every draw of the posterior.
    """
    rng = np.random.default_rng([seed, origin, 53])
    design = make_design(spec, panel)
    theta = posterior.values(spec, design)
    last = int(origin - panel.provinces["year"].values[0])
    level = level_of(panel.provinces["urban_share"].sel(year=origin).values, spec)
    drivers = _relative(spec, panel, years, posterior.size, rng)
    pace, nation = draw_nation(theta, years, last, rng)
    own = fading(posterior, spec, years, rng)[:, :, None] * theta["province_effect"][:, None, :]
    shock = _last_shock(theta, design, last - 1)
    level = np.broadcast_to(level, shock.shape)
    out, centres = [], []
    for year in range(years):
        expected = pace[:, year, None] + own[:, year] + _pushed(theta, drivers, year)
        expected = expected - theta["province_convergence"] * (level - nation[:, year, None])
        carried = theta["shock_persistence"] * shock
        new = theta["shock_scale"] * rng.standard_t(theta["shock_df"], shock.shape)
        centres.append(level + expected + carried)
        shock = carried + new
        level = level + expected + shock
        out.append(level)
    return ProvincePaths(
        np.stack(out, axis=1), np.stack(centres, axis=1), theta["shock_scale"], theta["shock_df"]
    )


def _relative(
    spec: ModelSpec, panel: Panel, years: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Drivers less the mean place's, ``(D, years + 1, P, K)``."""
    shares = draw_province_drivers(panel.provinces, years=years, draws=draws, rng=rng)
    parts = [
        shares[..., place, [SECTORS.index(sector) for sector in sectors]]
        for place, sectors in enumerate(spec.drivers.values())
    ]
    values = np.concatenate(parts, axis=-1)
    return values - values.mean(axis=2, keepdims=True)


def _pushed(theta: Mapping[str, np.ndarray], drivers: np.ndarray, year: int) -> np.ndarray:
    """What drivers add in one year, ``(D, P)``. [log odds]"""
    response = np.repeat(theta["province_response"][:, None], drivers.shape[2], axis=1)
    apart = theta["response_z"]
    response[..., : apart.shape[-1]] += theta["employment_province_spread"][:, :, None] * apart
    moved = drivers[:, year + 1] - drivers[:, year]
    pushed = (drivers[:, year] * response).sum(axis=-1)
    return pushed + np.einsum("dpk,dk->dp", moved, theta["change_response"])


def _last_shock(theta: Mapping[str, np.ndarray], design: Design, place: int) -> np.ndarray:
    """Deviation of the last known year, whose part carries on, ``(D, P)``; 0 after a break."""
    residual = province_residual(theta, design.arrays())[:, place]
    return residual * (1 - (design.breaks[place] > 0).any())


def province_residual(
    theta: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Yearly changes of provinces less what the model expects, ``(D, T, P)``.

    Parameters
    ----------
    theta : mapping
        Parameters with draws, completed.
    data : mapping
        Arrays of the design.

    Returns
    -------
    ndarray
        0 where a change is not known. [log odds]
    """
    mean = theta["year_pace"][:, :, None] + province_rest(theta, data)
    return (data["change"] - mean) * data["valid"]


def province_shocks(
    theta: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Yearly shocks of provinces, their scales and degrees of freedom.

    Parameters
    ----------
    theta : mapping
        Parameters with draws, completed.
    data : mapping
        Arrays of the design.

    Returns
    -------
    tuple of ndarray
        Residuals less what carries on from the year before, the scale [log odds] and the
        degrees of freedom of their Student-t, each ``(D, T, P)``.
    """
    residual = province_residual(theta, data)
    before = np.concatenate([np.zeros_like(residual[:, :1]), residual[:, :-1]], axis=1)
    shock = residual - theta["shock_persistence"][:, :, None] * before * data["linked"]
    plain = np.where(data["early"] > 0, theta["shock_scale_early"], theta["shock_scale"])
    broken = (data["breaks"] > 0).any(axis=1)
    scale = np.sqrt(plain**2 + broken * theta["jump_scale"] ** 2)[:, :, None]
    df = np.where(broken, JUMP_DF, theta["shock_df"])[:, :, None]
    return shock, np.broadcast_to(scale, shock.shape), np.broadcast_to(df, shock.shape)
