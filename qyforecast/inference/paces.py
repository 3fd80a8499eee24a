"""Urban shares of any regions: a growth difference that persists and reverts to a norm.

The log odds of each region's share move by its pace and by shocks of its own; the pace
keeps a part of itself and is pulled to a norm that declines with the level. Nothing is
particular to a country, a year or a spacing of figures.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from qyforecast.inference.pace_paths import draw_paths
from qyforecast.inference.pace_shocks import Shocks, draw_variances

#: Years' shocks of the pace are alike. Kinds would take straight lines between two censuses
#: for quiet years, and each for a proof that paces never turn.
ALIKE_YEARS = np.array([1.0])
#: Shocks of the level are small, usual or a break, as of a series that was rebased.
UNLIKE_YEARS = np.array([0.3, 1.0, 3.0])
#: Steepness of the share on its log odds nearer to 0 or 1 than any figure is read.
LEAST_SLOPE = 5e-5
#: Smallest variance of an error of a share.
LEAST_ERROR = 1e-12


@dataclass(frozen=True)
class Prior:
    """What is supposed before a panel is seen.

    Attributes
    ----------
    keep : tuple of float
        Mean and spread of the part of a pace that stays for a year. UN (2018) keeps growth
        differences for decades: 0.85 with a wide spread, from 0 to nearly 1.
    pull : tuple of float
        Mean and spread of the yearly pull to the norm at the middle level, ``(1 - keep)``
        times the norm: norms of 0.02 to 0.05, as of countries. [log odds / year]
    convergence : float
        Spread of the decline of that pull with the level; it does not rise. [1 / year]
    driver : float
        Spread of the pull of a driver one of its own spreads above its mean.
    own, level, shared : float
        Usual shocks of a region's pace and level, and of all regions'. [log odds / year]
    error : float
        Usual error of a published figure. [1]
    pace : float
        Spread of the pace in the first year about the norm. [log odds / year]
    """

    keep: tuple[float, float] = (0.85, 0.2)
    pull: tuple[float, float] = (0.004, 0.01)
    convergence: float = 0.01
    driver: float = 0.003
    own: float = 0.005
    level: float = 0.002
    shared: float = 0.001
    error: float = 0.0005
    pace: float = 0.03


@dataclass(frozen=True)
class Figures:
    """What the model hears.

    Attributes
    ----------
    level : ndarray
        Log odds of shares, ``(P, T)``, of consecutive years up to the origin; missing where
        not heard. Each region has at least one.
    drivers : ndarray
        Standardised, without holes: in column t, those of the year before, ``(P, T, K)``.
    latest : ndarray
        Those of the origin, which stay, ``(P, K)``.
    """

    level: np.ndarray
    drivers: np.ndarray
    latest: np.ndarray


class PaceSampler:
    """A Gibbs sampler: paths, coefficients, shocks and errors, each given the others.

    Parameters
    ----------
    figures : Figures
        What is heard.
    rng : Generator
        Source of randomness.
    prior : Prior
        What is supposed.
    """

    def __init__(
        self, figures: Figures, rng: np.random.Generator, prior: Prior | None = None
    ) -> None:
        self.figures, self.rng, self.prior = figures, rng, prior or Prior()
        prior, level = self.prior, figures.level
        self.known = np.isfinite(level)
        self.first = self.known.argmax(axis=1)
        self.moving = np.arange(level.shape[1])[None, :] > self.first[:, None]
        self.slope = slope_at(level)
        self.middle = float(np.median(level[self.known]))
        drivers = np.zeros(figures.drivers.shape[2])
        self.coefficients = np.concatenate([[prior.keep[0], 0.005, prior.pull[0]], drivers])
        self.paces = Shocks(self.moving, prior.own, prior.shared, ALIKE_YEARS, rng)
        self.levels = Shocks(self.moving, prior.level, prior.shared, UNLIKE_YEARS, rng)
        self.error, self.error_common = np.full(len(level), prior.error**2), (prior.error**2, 2.0)
        self.level, self.pace = np.zeros_like(level), np.zeros_like(level)

    def sweep(self) -> None:
        """Draw everything anew, once."""
        self._draw_paths()
        self.paces.renew(self._draw_coefficients())
        moved = np.zeros_like(self.level)
        moved[:, 1:] = np.diff(self.level, axis=1) - self.pace[:, 1:]
        self.levels.renew(moved * self.moving)
        gap = np.where(self.known, (self.figures.level - self.level) * self.slope, 0.0)
        error, self.error_common = draw_variances(
            (gap**2).sum(axis=1),
            self.known.sum(axis=1),
            self.error_common,
            self.prior.error,
            self.rng,
        )
        self.error = np.maximum(error, LEAST_ERROR)

    def _draw_paths(self) -> None:
        level, count = self.figures.level, len(self.figures.level)
        keep, convergence, pull = self.coefficients[:3]
        push = self.figures.drivers @ self.coefficients[3:] + pull + convergence * self.middle
        push = push + self.paces.shared
        shift = np.broadcast_to(self.levels.shared, push.shape)
        norm = min(max(pull / (1 - keep), 0.0), 0.05)  # of countries, 0 to 0.05
        start = np.column_stack(
            [self.first, np.full(count, norm), np.full(count, self.prior.pace**2)]
        )
        path = draw_paths(
            np.stack([level, self.error[:, None] / self.slope**2], axis=2),
            np.stack([push, self.paces.variance, shift, self.levels.variance], axis=2),
            start,
            np.array([keep, convergence]),
            self.rng.normal(size=(*level.shape, 2)),
        )
        self.level, self.pace = path[..., 0], path[..., 1]

    def _draw_coefficients(self) -> np.ndarray:
        """Regress paces on those of the year before; return what is left, ``(P, T)``."""
        prior, rng = self.prior, self.rng
        before = [
            self.pace[:, :-1],
            self.middle - self.level[:, :-1],
            np.ones_like(self.pace[:, 1:]),
        ]
        columns = np.concatenate([np.stack(before, axis=2), self.figures.drivers[:, 1:]], axis=2)
        flat = columns.reshape(-1, columns.shape[2])
        weight = (self.moving / self.paces.variance)[:, 1:].ravel()
        target = (self.pace - self.paces.shared)[:, 1:].ravel()
        mean = np.zeros(flat.shape[1])
        mean[[0, 2]] = prior.keep[0], prior.pull[0]
        spread = np.full(len(mean), prior.driver)
        spread[:3] = prior.keep[1], prior.convergence, prior.pull[1]
        precision = np.diag(spread**-2.0)
        moment = precision @ mean + flat.T @ (weight * target)
        precision += flat.T @ (flat * weight[:, None])
        root = np.linalg.cholesky(precision)
        centre = np.linalg.solve(precision, moment)
        # Proposals from the free conditional; outside the bounds the last draw stays.
        for _ in range(50):
            found = centre + np.linalg.solve(root.T, rng.normal(size=len(mean)))
            if 0 < found[0] < 0.999 and found[1] > 0:
                self.coefficients = found
                break
        rest = np.zeros_like(self.pace)
        rest[:, 1:] = self.pace[:, 1:] - columns @ self.coefficients
        return rest * self.moving

    def ahead(self, years: int) -> np.ndarray:
        """Draw the figures of years to come from this draw of everything else.

        Parameters
        ----------
        years : int
            How many.

        Returns
        -------
        ndarray
            ``(years, P)``. [log odds]
        """
        keep, convergence, pull = self.coefficients[:3]
        push = pull + convergence * self.middle + self.figures.latest @ self.coefficients[3:]
        level, pace = self.level[:, -1], self.pace[:, -1]
        out = []
        for _ in range(years):
            pace = keep * pace - convergence * level + push + self.paces.ahead()
            level = level + pace + self.levels.ahead()
            error = np.sqrt(self.error) / slope_at(level)
            out.append(level + error * self.rng.normal(size=len(level)))
        return np.stack(out)


def slope_at(level: np.ndarray) -> np.ndarray:
    """Steepness of a share on its log odds, which turns errors of one into the other's.

    Parameters
    ----------
    level : ndarray
        Log odds.

    Returns
    -------
    ndarray
        ``u (1 - u)``, at least `LEAST_SLOPE`; missing where the level is.
    """
    share = expit(level)
    return np.maximum(share * (1 - share), LEAST_SLOPE)
