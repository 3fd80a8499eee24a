"""Simulation-based calibration: worlds from the prior, fitted, and where the truth lay.

If the simulation and the fit follow one and the same model, the truth's rank among the
draws of its posterior is uniform, parameter by parameter.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.stats import kstest

from qyforecast.census.panel import Panel
from qyforecast.inference.derived import RESPONSES
from qyforecast.inference.design import make_design
from qyforecast.inference.fit import Fitter
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.worlds import draw_world, run_world

#: Parameters that provinces speak of, whose ranks are looked at.
RANKED = (
    *("pace", "national_convergence", "convergence", "convergence_spread", "province_scale"),
    *("year_scale", "year_persistence", *RESPONSES, "jump", "jump_scale"),
    *("shock_scale_early", "shock_scale", "shock_persistence", "year_pace"),
)
#: Draws of a posterior among which a truth is ranked: few enough to be nearly independent.
AMONG = 63
#: A fit is looked at whatever its health: leaving out the hard worlds would bias the ranks.
OPEN = {"rhat": np.inf, "ess": 0.0, "divergences": np.inf, "bfmi": 0.0}
#: Sampler of one world: long enough that the draws ranked among are nearly independent.
SHORT = {"chains": 2, "tune": 500, "draws": 700}
#: What a control simulates with another value than is ranked, and how many times it.
CONTROL = {"convergence": 3.0}


class Calibrator:
    """The provinces' part of a model, compiled once, fitted to world after world.

    Parameters
    ----------
    spec : ModelSpec
        The model; its sampler's settings hold for every world, its gate for none.
    panel : Panel
        Gives drivers and the levels of the first year.
    """

    def __init__(self, spec: ModelSpec, panel: Panel) -> None:
        self._spec = replace(spec, gate=OPEN)
        self._panel = panel
        self._design = make_design(spec, panel)
        self._fitter = Fitter(self._spec, panel, counties=False)

    def ranks(
        self,
        worlds: int,
        *,
        seed: int,
        altered: Mapping[str, float] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> pd.DataFrame:
        """Rank the truth of each world among the draws of its posterior.

        Parameters
        ----------
        worlds : int
            Number of worlds.
        seed : int
            Seed of worlds and samplers.
        altered : mapping, optional
            Parameter to a factor by which the data are simulated with another value than
            the one that is ranked: a control that must fail.
        say : callable, optional
            Told which world is fitted.

        Returns
        -------
        DataFrame
            One row per world and parameter: ``world, parameter, rank`` (between 0 and 1),
            ``rhat, divergences`` of the world's fit. [1]

        References
        ----------
        Talts, Betancourt, Simpson, Vehtari and Gelman (2018), arXiv 1804.06788.
        """
        rows = []
        for world in range(worlds):
            say(f"fitting world {world + 1} of {worlds}")
            rng = np.random.default_rng([seed, world, 59])
            truth = draw_world(self._spec, self._design, rng)
            factors = altered or {}
            made = {name: value * factors.get(name, 1.0) for name, value in truth.items()}
            design, pace = run_world(made, self._spec, self._design, rng)
            fit = self._fitter.fit_design(design, self._panel, seed=seed + world)
            health = {key: fit.health[key] for key in ("rhat", "divergences")}
            kept = np.linspace(0, fit.size - 1, AMONG).astype(int)
            for name, value in (truth | {"year_pace": pace}).items():
                if name in RANKED:
                    below = (fit.column(name)[kept] < value).sum(axis=0)
                    for place, count in enumerate(below):
                        label = name if len(below) == 1 else f"{name}[{place}]"
                        rank = (count + 0.5) / (AMONG + 1)
                        rows.append({"world": world, "parameter": label, "rank": rank} | health)
        return pd.DataFrame(rows)


def calibration_table(ranks: pd.DataFrame) -> pd.DataFrame:
    """Say for every parameter how its ranks lie.

    Parameters
    ----------
    ranks : DataFrame
        From `Calibrator.ranks`.

    Returns
    -------
    DataFrame
        ``parameter, worlds, mean`` (a half is right), ``within50, within90`` (share of
        truths in the central intervals), ``p_value`` of uniform ranks (Kolmogorov and
        Smirnov). [1]
    """
    rows = []
    for name, group in ranks.groupby("parameter", sort=False):
        rank = group["rank"].to_numpy()
        rows.append(
            {
                "parameter": name,
                "worlds": len(rank),
                "mean": float(rank.mean()),
                "within50": float((np.abs(rank - 0.5) <= 0.25).mean()),
                "within90": float((np.abs(rank - 0.5) <= 0.45).mean()),
                "p_value": float(kstest(rank, "uniform").pvalue),
            }
        )
    return pd.DataFrame(rows)


def calibrate(
    spec: ModelSpec, panel: Panel, worlds: int, *, seed: int, say: Callable[[str], None]
) -> pd.DataFrame:
    """Calibrate the provinces' part of a model, beside a control that must fail.

    Parameters
    ----------
    spec : ModelSpec
        The model; chains are as short as `SHORT` says.
    panel : Panel
        Gives drivers and the levels of the first year.
    worlds : int
        Number of worlds; the control has an eighth as many.
    seed : int
        Seed of worlds and samplers.
    say : callable
        Told what is done next.

    Returns
    -------
    DataFrame
        As `calibration_table`, and ``data`` (``model``, or what the control altered), and of
        the whole run ``diverged`` (worlds with a divergence), ``largest_rhat``, chains,
        draws of each, version and fingerprint of the specification.
    """
    short = replace(spec, sampler={**spec.sampler, **SHORT})
    say("compiling the provinces' part of the model")
    calibrator = Calibrator(short, panel)
    ranks = calibrator.ranks(worlds, seed=seed, say=say)
    say("the control: data made with another convergence")
    control = calibrator.ranks(-(-worlds // 8), seed=seed, altered=CONTROL, say=say)
    return _joined(ranks, control, spec)


def _joined(ranks: pd.DataFrame, control: pd.DataFrame, spec: ModelSpec) -> pd.DataFrame:
    """Table of a run and of what its control altered, with the size of the run."""
    name = ", ".join(f"{key} times {factor:g}" for key, factor in CONTROL.items())
    altered = control[control["parameter"].isin(list(CONTROL))]
    tables = [
        calibration_table(ranks).assign(data="model"),
        calibration_table(altered).assign(data=name),
    ]
    by_world = ranks.groupby("world")[["rhat", "divergences"]].first()
    return pd.concat(tables, ignore_index=True).assign(
        diverged=int((by_world["divergences"] > 0).sum()),
        largest_rhat=float(by_world["rhat"].max()),
        chains=SHORT["chains"],
        draws=SHORT["draws"],
        version=spec.version,
        specification=spec.sha256,
    )
