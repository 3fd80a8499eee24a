"""Paces as forecasters of any regions, fitted again at each origin."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

import qyforecast.inference
from qyforecast.census.region_panel import RegionPanel
from qyforecast.inference.pace_fit import foresee, in_pairs
from qyforecast.inference.paces import Figures
from qyforecast.judge.refits import Refit, Task
from qyforecast.judge.scores import log_density
from qyforecast.provenance import file_sha256, fingerprint

#: Names of the rivals.
PACES, WITH_DRIVERS = "paces", "paces with drivers"
#: Modules that decide what is foretold.
CODE = ("pace_paths", "pace_shocks", "paces", "pace_fit")
#: Narrowest kernel of a density. [log odds]
NARROWEST = 1e-4


@dataclass(frozen=True)
class RegionForecaster:
    """Fits paces to what was known at an origin and draws the regions' years ahead.

    Attributes
    ----------
    panel : RegionPanel
        All that is known now; at an origin, the years until then.
    horizons : tuple of int
        Years ahead, in order.
    seed : int
        Seed.
    """

    panel: RegionPanel
    horizons: tuple[int, ...]
    seed: int

    def mark(self, task: Task) -> str:
        """Fingerprint of data until the outcomes, code and settings.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.

        Returns
        -------
        str
            Fingerprint.
        """
        folder = Path(str(qyforecast.inference.__file__)).parent
        tables = {"urban_share": self.panel.shares, **self.panel.drivers}
        content = {
            "panel": {name: table.to_csv() for name, table in tables.items()},
            "code": {name: file_sha256(folder / f"{name}.py") for name in CODE},
            "task": task,
            "horizons": self.horizons,
            "seed": self.seed,
        }
        return fingerprint(content)

    def __call__(self, task: Task) -> Refit:
        """Fit and foretell.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.

        Returns
        -------
        Refit
            Draws and densities at all horizons; missing for regions not known by then.

        Raises
        ------
        UnhealthyFit
            If the sampler does not converge.
        """
        (origin, rival), shares = task, self.panel.shares
        figures, heard = hear(self.panel, origin, drivers=rival == WITH_DRIVERS)
        drawn = foresee(figures, max(self.horizons), (self.seed, origin)).level
        drawn = drawn[:, [horizon - 1 for horizon in self.horizons]]
        draws = np.full((*drawn.shape[:2], shares.shape[1]), np.nan, dtype=np.float32)
        draws[:, :, heard] = expit(drawn)
        density = np.full(draws.shape[1:], np.nan)
        came = shares.reindex([origin + horizon for horizon in self.horizons]).to_numpy(float)
        for place in range(len(self.horizons)):
            density[place, heard] = _density(drawn[:, place], logit(came[place, heard]))
        return Refit(draws, density)


def hear(panel: RegionPanel, origin: int, *, drivers: bool) -> tuple[Figures, np.ndarray]:
    """Lay out what was known at an origin.

    Parameters
    ----------
    panel : RegionPanel
        All that is known.
    origin : int
        Last year known.
    drivers : bool
        Whether drivers are heard.

    Returns
    -------
    tuple
        Figures of the regions known by then, and which these are, ``(P,)``.
    """
    known = panel.shares.loc[:origin]
    heard = known.notna().any().to_numpy()
    level = in_pairs(logit(known.loc[:, heard].to_numpy(float).T))
    tables = panel.drivers.values() if drivers else ()
    parts = [_standardised(table.loc[:origin].loc[:, heard]) for table in tables]
    values = np.stack(parts, axis=2) if parts else np.zeros((*level.shape, 0))
    before = np.concatenate([values[:, :1], values[:, :-1]], axis=1)
    return Figures(level, before, values[:, -1]), heard


def _standardised(table: pd.DataFrame) -> np.ndarray:
    """Fill holes from the region's own years, and measure in spreads from the mean, ``(P, T)``."""
    values = table.ffill().bfill().to_numpy(float).T
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(values.shape)
    middle, spread = values[known].mean(), values[known].std()
    return np.where(known, (values - middle) / (spread or 1.0), 0.0)


def _density(draws: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Log density of what came by a kernel over draws, ``(P,)``. [log odds]"""
    low, high = np.quantile(draws, [0.25, 0.75], axis=0)
    # Silverman (1986), Density Estimation, equation 3.31.
    spread = np.minimum(draws.std(axis=0), (high - low) / 1.34)
    width = np.maximum(0.9 * spread * len(draws) ** -0.2, NARROWEST)
    return log_density(came, draws, width, np.inf)
