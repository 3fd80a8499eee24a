"""The model's rivals as forecasters of provinces."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from qyforecast.census.panel import Panel
from qyforecast.inference.fit import Fitter
from qyforecast.inference.posterior import code_fingerprint
from qyforecast.inference.provinces import draw_provinces, known_until
from qyforecast.inference.scale import level_of, share_of, slope_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.store import thin
from qyforecast.judge.cells import as_table
from qyforecast.judge.refits import Refit, Task, patient, settings_mark
from qyforecast.judge.scores import log_density


def province_shares(panel: Panel) -> pd.DataFrame:
    """Lay out the provinces' urban shares.

    Parameters
    ----------
    panel : Panel
        What is known.

    Returns
    -------
    DataFrame
        A row for each year, a column for each province; missing where not known. [1]
    """
    return as_table(panel.provinces["urban_share"], "year", "province")


@dataclass
class ProvinceForecaster:
    """Fits a rival to what was known at an origin and draws the provinces' years ahead.

    Compiles when it is first asked, for the provinces alone.

    Attributes
    ----------
    spec : ModelSpec
        The model.
    panel : Panel
        All that is known now; at an origin, the years until then.
    horizons : tuple of int
        Years ahead.
    seed : int
        Seed of the sampler and of the draws.
    """

    spec: ModelSpec
    panel: Panel
    horizons: tuple[int, ...]
    seed: int
    _fitter: list[Fitter] = field(default_factory=list, repr=False)

    def mark(self, task: Task) -> str:
        """Fingerprint of model, data, code and settings.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.

        Returns
        -------
        str
            Fingerprint.
        """
        content = {
            "panel": self.panel.fingerprint,
            "code": code_fingerprint(),
            "task": task,
            "horizons": self.horizons,
            "seed": self.seed,
        }
        return settings_mark(self.spec, content)

    def __call__(self, task: Task) -> Refit:
        """Fit and foretell.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.

        Returns
        -------
        Refit
            Draws and log densities at the horizons of which the outcome can be known.

        Raises
        ------
        UnhealthyFit
            If the sampler does not converge.
        """
        if not self._fitter:
            self._fitter.append(Fitter(self.spec, self.panel, counties=False))
        return patient(lambda draws: self._foretell(task, draws), self._draws)

    @property
    def _draws(self) -> int:
        return int(self.spec.sampler["chains"]) * int(self.spec.sampler["draws"])

    def _foretell(self, task: Task, draws: int) -> Refit:
        (origin, rival), seed = task, self.seed
        known = known_until(self.panel, origin)
        posterior = self._fitter[0].fit(known, seed=seed, draws=draws, rival=rival)
        posterior = thin(posterior, self._draws)
        horizons = reached(self.panel, origin, self.horizons)
        paths = draw_provinces(
            posterior, self.spec, known, origin=origin, years=max(horizons), seed=seed
        )
        places = [horizon - 1 for horizon in horizons]
        outcome = province_shares(self.panel).reindex([origin + h for h in horizons]).to_numpy()
        density = log_density(
            level_of(outcome, self.spec), paths.centre[:, places], paths.scale[..., None],
            paths.df[..., None],
        )  # fmt: skip
        # From the model's level to plain log odds, on which all methods are compared.
        density += np.log(outcome * (1 - outcome)) - np.log(slope_of(outcome, self.spec))
        return Refit(share_of(paths.level[:, places], self.spec).astype(np.float32), density)


def reached(panel: Panel, origin: int, horizons: tuple[int, ...]) -> tuple[int, ...]:
    """Keep the horizons whose year the panel has.

    Parameters
    ----------
    panel : Panel
        All that is known.
    origin : int
        Last year known.
    horizons : tuple of int
        Years ahead.

    Returns
    -------
    tuple of int
        Those not after the last year of the provinces' urban shares.
    """
    told = panel.provinces["urban_share"].notnull().any("province")
    last = int(panel.provinces["year"].values[told.values][-1])
    return tuple(horizon for horizon in horizons if origin + horizon <= last)
