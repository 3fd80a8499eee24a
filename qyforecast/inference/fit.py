"""Sampling the model: one compilation, then vintage after vintage and rival after rival."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.inference.compiled import compile_model
from qyforecast.inference.derived import add_derived, sector_axes
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.graph import build_graph
from qyforecast.inference.health import check_health, diagnose, is_healthy
from qyforecast.inference.packed import heard_arrays, pack
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec

Progress = Callable[[str], None]


class Fitter:
    """A model compiled once and sampled for one vintage or rival after another.

    Parameters
    ----------
    spec : ModelSpec
        The model.
    panel : Panel
        Any vintage: shapes do not depend on it.
    counties : bool
        Whether counties and the city's readings are heard, or the provinces alone.

    Raises
    ------
    SpecificationError
        If the panel is unfit.
    """

    def __init__(self, spec: ModelSpec, panel: Panel, *, counties: bool = True) -> None:
        self._spec, self._counties = spec, counties
        design = make_design(spec, panel)
        self._graph = build_graph(spec, design, counties=counties)
        self._compiled: Any = None
        if spec.sampler["name"] == "nutpie":
            self._compiled = compile_model(self._graph)

    def fit(
        self,
        panel: Panel,
        *,
        seed: int,
        draws: int | None = None,
        rival: str | None = None,
    ) -> Posterior:
        """Sample one vintage.

        Parameters
        ----------
        panel : Panel
            What was known.
        seed : int
            Seed of the sampler.
        draws : int, optional
            Draws of all chains together; the specification's by default.
        rival : str, optional
            Which of the specification's rivals; the full model by default.

        Returns
        -------
        Posterior
            A fit that passed the gate.

        Raises
        ------
        UnhealthyFit
            Names the worst parameter, the figure and the limit.
        """
        return self.fit_design(
            make_design(self._spec, panel), panel, seed=seed, draws=draws, rival=rival
        )

    def fit_design(
        self,
        design: Design,
        panel: Panel,
        *,
        seed: int,
        draws: int | None = None,
        rival: str | None = None,
    ) -> Posterior:
        """Sample a design that may leave out some of its panel's observations.

        Parameters
        ----------
        design : Design
            Made of `panel`, perhaps with observations masked.
        panel : Panel
            What was known.
        seed, draws, rival : optional
            As in `fit`.

        Returns
        -------
        Posterior
            A fit that passed the gate.

        Raises
        ------
        UnhealthyFit
            Names the worst parameter, the figure and the limit.
        """
        spec = self._spec
        chosen = spec.rival(rival or spec.full)
        chains = int(spec.sampler["chains"])
        length = int(spec.sampler["draws"]) if draws is None else -(-draws // chains)
        heard = heard_arrays(spec, design, chosen.switches, counties=self._counties)
        tree, health = self._sample_twice({"packed": pack(heard)}, seed, length)
        check_health(health, spec.gate, draws=tree["posterior"].sizes["draw"] * chains)
        sample = tree["posterior"].to_dataset()
        axes = sector_axes(spec, design)
        sample = add_derived(sample, spec, design, axes, chosen)
        return Posterior(
            sample, spec.sha256, panel.fingerprint, panel.as_of, health, seed, chosen.name
        )

    def _sample_twice(
        self, data: Mapping[str, np.ndarray], seed: int, length: int
    ) -> tuple[xr.DataTree, dict[str, Any]]:
        """Sample; where it came out unhealthy, sample once more, longer and with shorter steps."""
        spec = self._spec
        chains = int(spec.sampler["chains"])
        tree = self._sample(data, seed, length, float(spec.sampler["target_accept"]))
        health = diagnose(tree, spec.gate)
        if is_healthy(health, spec.gate, draws=length * chains):
            return tree, health
        tree = self._sample(data, seed, 2 * length, 0.97, longer=2)
        return tree, {**diagnose(tree, spec.gate), "repeated_with_draws": 2 * length * chains}

    def _sample(
        self,
        data: Mapping[str, np.ndarray],
        seed: int,
        length: int,
        target: float,
        *,
        longer: int = 1,
    ) -> xr.DataTree:
        settings = self._spec.sampler
        common: dict[str, Any] = {
            "draws": length,
            "tune": longer * int(settings["tune"]),
            "chains": int(settings["chains"]),
            "cores": 2,
            "target_accept": target,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._compiled is not None:
                return nutpie.sample(
                    self._compiled.with_data(**data),
                    seed=seed,
                    progress_bar=False,
                    save_warmup=False,
                    **common,
                )
            with self._graph:
                pm.set_data(dict(data))
                return pm.sample(random_seed=seed, nuts_sampler="pymc", progressbar=False, **common)


def fit(
    spec: ModelSpec,
    panel: Panel,
    *,
    seed: int,
    draws: int | None = None,
    rival: str | None = None,
) -> Posterior:
    """Fit a model to a panel.

    Parameters
    ----------
    spec : ModelSpec
        Priors, drivers, rivals, sampler and gate.
    panel : Panel
        What was known.
    seed : int
        Seed of the sampler.
    draws : int, optional
        Draws of all chains together.
    rival : str, optional
        Which of the specification's rivals; the full model by default.

    Returns
    -------
    Posterior
        A fit that passed the gate.

    Raises
    ------
    UnhealthyFit
        If the sampler did not converge.
    """
    return Fitter(spec, panel).fit(panel, seed=seed, draws=draws, rival=rival)
