"""Posteriors on disk: loaded where they fit the question, fitted anew where not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qyforecast.census.panel import Panel
from qyforecast.errors import OutputError, StalePosterior
from qyforecast.inference.mixture import Mixture, apportion
from qyforecast.inference.posterior import Posterior, load_posterior
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.stacking import Weights

Say = Callable[[str], None]


@dataclass(frozen=True)
class Store:
    """A folder of saved posteriors.

    Attributes
    ----------
    folder : Path
        Holds ``as-of-YEAR-RIVAL.nc``.
    seed : int
        Seed the posteriors must have been sampled with.
    draws : int
        Draws wanted, all chains together. A fit is never shorter than its specification
        says, since a short one cannot show its health; it is thinned where fewer are wanted.
    may_fit : bool
        Whether to fit where nothing saved will do; otherwise that is an error.
    """

    folder: Path
    seed: int
    draws: int
    may_fit: bool = True

    def obtain(
        self, spec: ModelSpec, weights: Weights, panels: Sequence[Panel], say: Say
    ) -> list[Mixture]:
        """Load or fit the rivals of each panel that have a weight.

        Parameters
        ----------
        spec : ModelSpec
            The model.
        weights : Weights
            Of the rivals, by year of knowledge.
        panels : sequence of Panel
            One for each vintage.
        say : callable
            Told what is being done.

        Returns
        -------
        list of Mixture
            In the order of the panels, each with `draws` draws, or as few more as the
            chains can share evenly.

        Raises
        ------
        StalePosterior
            If fitting is not allowed and what is saved will not do.
        UnhealthyFit
            If the sampler did not converge.
        """
        wanted = {panel.as_of: weights.as_of(panel.as_of) for panel in panels}
        found: dict[tuple[int, str], Posterior] = {}
        missing: list[tuple[Panel, str]] = []
        for panel in panels:
            for rival in wanted[panel.as_of]:
                saved = self._load(spec, panel, rival)
                if saved is None:
                    missing.append((panel, rival))
                else:
                    found[panel.as_of, rival] = saved
        if missing:
            found |= self._fit(spec, missing, say)
        chains = int(spec.sampler["chains"])
        return [self._mix(wanted[panel.as_of], panel.as_of, found, chains) for panel in panels]

    def path(self, panel: Panel, rival: str) -> Path:
        """Name the file of a vintage.

        Parameters
        ----------
        panel : Panel
            The vintage.
        rival : str
            The rival.

        Returns
        -------
        Path
            Where its posterior is or would be.
        """
        return self.folder / f"as-of-{panel.as_of}-{rival}.nc"

    def _mix(
        self,
        weights: Mapping[str, float],
        as_of: int,
        found: Mapping[tuple[int, str], Posterior],
        chains: int,
    ) -> Mixture:
        # Chains of a rival are equally long, and all vintages have equally many draws.
        by_chain = apportion(weights, -(-self.draws // chains))
        shares = {name: chains * length for name, length in by_chain.items()}
        return Mixture(
            tuple(thin(found[as_of, rival], count) for rival, count in shares.items()), weights
        )

    def _load(self, spec: ModelSpec, panel: Panel, rival: str) -> Posterior | None:
        path = self.path(panel, rival)
        try:
            if not path.exists():
                raise OutputError(
                    "there is no saved posterior", where=str(path), cure="run without --no-fit"
                )
            posterior = load_posterior(path, spec, panel)
            if (posterior.seed, posterior.rival) != (self.seed, rival) or (
                posterior.size < self._length(spec)
            ):
                raise StalePosterior(
                    "the posterior was sampled with another seed, rival or number of draws",
                    where=str(path),
                    found=f"seed {posterior.seed}, {posterior.rival}, {posterior.size} draws",
                    cure="run without --no-fit",
                )
        except (OutputError, StalePosterior):
            if self.may_fit:
                return None
            raise
        return posterior

    def _length(self, spec: ModelSpec) -> int:
        """Draws of a fit, all chains together, the chains equally long."""
        chains = int(spec.sampler["chains"])
        return chains * max(-(-self.draws // chains), int(spec.sampler["draws"]))

    def _fit(
        self, spec: ModelSpec, missing: Sequence[tuple[Panel, str]], say: Say
    ) -> dict[tuple[int, str], Posterior]:
        # Sampling libraries take seconds to import; those who load do without them.
        from qyforecast.inference.fit import Fitter  # noqa: PLC0415

        say("compiling the urbanization model")
        fitter = Fitter(spec, missing[0][0])
        fitted = {}
        for panel, rival in missing:
            say(f"sampling {rival} as of {panel.as_of}")
            posterior = fitter.fit(panel, seed=self.seed, draws=self._length(spec), rival=rival)
            posterior.save(self.path(panel, rival))
            fitted[panel.as_of, rival] = posterior
        return fitted


def thin(posterior: Posterior, draws: int) -> Posterior:
    """Keep draws at equal distances in every chain.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    draws : int
        Draws wanted, all chains together.

    Returns
    -------
    Posterior
        With `draws` draws, or as few more as make the chains equally long; the very
        argument if it has no more.
    """
    chains, length = (posterior.draws.sizes[dim] for dim in ("chain", "draw"))
    wanted = -(-draws // chains)
    if wanted >= length:
        return posterior
    kept = np.arange(wanted) * length // wanted
    return replace(posterior, draws=posterior.draws.isel(draw=kept))
