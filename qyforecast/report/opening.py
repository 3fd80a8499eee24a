"""Files read, posteriors at hand, futures drawn: what every question begins with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qyforecast.census.census import Census, read_census
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.forecast import Future, draw_future
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.inference.store import Store
from qyforecast.report.request import Request, choose_targets, choose_vintages, read_library
from qyforecast.scenario.scenario import Scenario

Say = Callable[[str], None]


@dataclass(frozen=True)
class Opened:
    """What was asked, read and learned.

    Attributes
    ----------
    request : Request
        What is asked for.
    census : Census
        What was counted.
    spec : ModelSpec
        The model.
    library : mapping of str to Scenario
        All scenarios of the folder.
    targets : tuple of Target
        For the city and its counties.
    panels, posteriors : tuple
        One for each vintage.
    """

    request: Request
    census: Census
    spec: ModelSpec
    library: dict[str, Scenario]
    targets: tuple[Target, ...]
    panels: tuple[Panel, ...]
    posteriors: tuple[Mixture, ...]

    @property
    def place(self) -> str:
        """Name of the city."""
        return self.census.names[self.census.city][1]

    def futures(self, say: Say) -> Iterator[Future]:
        """Draw the future of each vintage.

        Parameters
        ----------
        say : callable
            Told what is being done.

        Yields
        ------
        Future
            One at a time.
        """
        for panel, posterior in zip(self.panels, self.posteriors, strict=True):
            say(f"drawing futures as of {panel.as_of}")
            to, seed = self.request.to, self.request.seed
            yield draw_future(self.census, panel, self.spec, posterior, to=to, seed=seed)


def open_files(request: Request, say: Say) -> Opened:
    """Read everything that a question needs, and fit where nothing saved will do.

    Parameters
    ----------
    request : Request
        What is asked for.
    say : callable
        Told what is being done.

    Returns
    -------
    Opened
        Nothing is written but posteriors that had to be fitted.

    Raises
    ------
    QyforecastError
        Any fault of the files or the fit.
    """
    say("reading the census")
    census = read_census(request.data)
    spec = read_spec(request.model_file)
    library = read_library(request, census)
    targets = choose_targets(request, census)
    vintages = choose_vintages(request, census)
    panels = [Panel.from_census(census, as_of=year) for year in vintages]
    saved = request.out.parent / "posteriors"
    store = Store(saved, request.seed, request.draws, request.may_fit)
    weights = read_weights(request.model_file, spec)
    posteriors = store.obtain(spec, weights, panels, say)
    return Opened(
        request, census, spec, dict(library), tuple(targets), tuple(panels), tuple(posteriors)
    )
