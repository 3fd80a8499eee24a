"""Posteriors on disk: loaded where they fit the question, fitted anew where not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qyforecast.census.panel import Panel
from qyforecast.errors import OutputError, StalePosterior
from qyforecast.inference.posterior import Posterior, load_posterior
from qyforecast.inference.spec import ModelSpec

Say = Callable[[str], None]


@dataclass(frozen=True)
class Store:
    """A folder of saved posteriors.

    Attributes
    ----------
    folder : Path
        Holds ``as-of-YEAR.nc``.
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

    def obtain(self, spec: ModelSpec, panels: Sequence[Panel], say: Say) -> list[Posterior]:
        """Load or fit one posterior for each panel.

        Parameters
        ----------
        spec : ModelSpec
            The model.
        panels : sequence of Panel
            One for each vintage.
        say : callable
            Told what is being done.

        Returns
        -------
        list of Posterior
            In the order of the panels, each with `draws` draws, or as few more as
            make its chains equally long.

        Raises
        ------
        StalePosterior
            If fitting is not allowed and what is saved will not do.
        UnhealthyFit
            If the sampler did not converge.
        """
        found = {panel.as_of: self._load(spec, panel) for panel in panels}
        missing = [panel for panel in panels if found[panel.as_of] is None]
        if missing:
            found |= self._fit(spec, missing, say)
        fitted = [posterior for panel in panels if (posterior := found[panel.as_of])]
        return [thin(posterior, self.draws) for posterior in fitted]

    def path(self, panel: Panel) -> Path:
        """Name the file of a vintage.

        Parameters
        ----------
        panel : Panel
            The vintage.

        Returns
        -------
        Path
            Where its posterior is or would be.
        """
        return self.folder / f"as-of-{panel.as_of}.nc"

    def _load(self, spec: ModelSpec, panel: Panel) -> Posterior | None:
        path = self.path(panel)
        try:
            if not path.exists():
                raise OutputError(
                    "there is no saved posterior", where=str(path), cure="run without --no-fit"
                )
            posterior = load_posterior(path, spec, panel)
            if (posterior.seed, posterior.size) != (self.seed, self._length(spec)):
                raise StalePosterior(
                    "the posterior was sampled with another seed or number of draws",
                    where=str(path),
                    found=f"seed {posterior.seed}, {posterior.size} draws",
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
        self, spec: ModelSpec, panels: Sequence[Panel], say: Say
    ) -> dict[int, Posterior | None]:
        # Sampling libraries take seconds to import; those who load do without them.
        from qyforecast.inference.fit import Fitter  # noqa: PLC0415

        say("compiling the urbanization model")
        fitter = Fitter(spec, panels[0])
        fitted: dict[int, Posterior | None] = {}
        for panel in panels:
            say(f"sampling as of {panel.as_of}")
            posterior = fitter.fit(panel, seed=self.seed, draws=self._length(spec))
            posterior.save(self.path(panel))
            fitted[panel.as_of] = posterior
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
