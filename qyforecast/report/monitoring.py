"""Vintage after vintage: what was the probability then, what is it now, and what moved it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import xarray as xr

from qyforecast.census.additions import add_figures
from qyforecast.census.census import Census, read_census
from qyforecast.census.figure_files import Figure
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.errors import QyforecastError
from qyforecast.forecast import Future, draw_future, newest
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.stacking import read_weights
from qyforecast.inference.store import Store
from qyforecast.judge.baselines import newest_standing
from qyforecast.judge.early_warning import (
    Pace,
    PaceNeeded,
    Seen,
    paces_needed,
    recent_paces,
    seen_path,
)
from qyforecast.policy.glance import run, shares_of
from qyforecast.policy.revision import Move, as_many_draws, explain_move
from qyforecast.report.opening import Opened, Say, open_files
from qyforecast.report.request import Request, choose_vintages
from qyforecast.report.vintages import Question, Vintage, describe_vintage
from qyforecast.scenario.scenario import Scenario


@dataclass(frozen=True)
class Watched:
    """One vintage.

    Attributes
    ----------
    panel : Panel
        What was known.
    added : bool
        Whether it knows the figures just added.
    facts : Vintage
        What it knew and gave, the city's targets among it.
    urban_share, urban : DataArray
        Share [1] and urban residents [person], ``(draw, year, region)``.
    """

    panel: Panel
    added: bool
    facts: Vintage
    urban_share: xr.DataArray
    urban: xr.DataArray

    @property
    def label(self) -> str:
        """Year of knowledge, with a plus where figures were added."""
        return f"{self.panel.as_of}{'+' if self.added else ''}"


@dataclass(frozen=True)
class Step:
    """From one vintage to a newer one.

    Attributes
    ----------
    before, after : Watched
        The two.
    seen_until : int
        Last year whose share of the city the newer one was told.
    moves : tuple of Move
        By target, of all regions.
    seen : tuple of Seen
        Years newly seen, against the earlier band.
    """

    before: Watched
    after: Watched
    seen_until: int
    moves: tuple[Move, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Monitoring:
    """What monitoring found.

    Attributes
    ----------
    request : Request
        What was asked.
    census : Census
        With the figures added.
    targets : tuple of Target
        Of the city and its counties.
    figures : tuple of Figure
        Added.
    vintages : tuple of Watched
        Oldest first.
    steps : tuple of Step
        From each vintage to the next.
    whole : Step
        From the first to the last.
    paces : tuple of Pace
        Of the last decade, and since.
    needed : tuple of PaceNeeded
        By target of the city that still lies ahead.
    """

    request: Request
    census: Census
    targets: tuple[Target, ...]
    figures: tuple[Figure, ...]
    vintages: tuple[Watched, ...]
    steps: tuple[Step, ...]
    whole: Step
    paces: tuple[Pace, ...]
    needed: tuple[PaceNeeded, ...]

    @property
    def city_targets(self) -> tuple[Target, ...]:
        """Targets of the city."""
        return tuple(target for target in self.targets if target.region == self.census.city)

    @property
    def draws(self) -> int:
        """Draws of every vintage."""
        return self.vintages[-1].urban_share.sizes["draw"]


def watch(
    request: Request, figures: Sequence[Figure] = (), say: Say = lambda _: None
) -> Monitoring:
    """Forecast at every vintage, and explain every step from one to the next.

    Parameters
    ----------
    request : Request
        What is asked for; every year of knowledge where none is named.
    figures : sequence of Figure
        Newly published: the newest vintage is made again with them.
    say : callable
        Told what is being done.

    Returns
    -------
    Monitoring
        Nothing is written but posteriors that had to be fitted.

    Raises
    ------
    QyforecastError
        Any fault of the figures, the files or the fit, or fewer than two vintages.
    """
    census = read_census(request.data)
    longer = add_figures(census, figures, today=date.today().year)
    first, last = census.years[-1] + 1, newest(census)
    asked = request.as_of or tuple(str(year) for year in range(first, last + 1))
    request = replace(request, as_of=asked)
    if len(choose_vintages(request, census)) + bool(figures) < 2:
        raise QyforecastError(
            "a probability moves from one vintage to another, and one is named",
            where="--as-of",
            found=", ".join(asked),
            cure="name an earlier year too, or --add a figure",
        )
    opened = _in_order(open_files(request, say))
    line = _Line(opened, _baseline(opened), say)
    futures = [*line.known(), *(line.added(longer) if figures else ())]
    return line.follow(futures, longer, tuple(figures))


def _baseline(opened: Opened) -> Scenario:
    return next(one for one in opened.library.values() if not one.levers)


def _in_order(opened: Opened) -> Opened:
    order = sorted(range(len(opened.panels)), key=lambda i: opened.panels[i].as_of)
    return replace(
        opened,
        panels=tuple(opened.panels[i] for i in order),
        posteriors=tuple(opened.posteriors[i] for i in order),
    )


@dataclass(frozen=True)
class _Line:
    """Vintages one after the other."""

    opened: Opened
    baseline: Scenario
    say: Say

    def known(self) -> Iterator[tuple[Panel, Mixture, Future]]:
        """Yield the vintages of the folder as it is."""
        opened = self.opened
        yield from zip(opened.panels, opened.posteriors, opened.futures(self.say), strict=True)

    def added(self, census: Census) -> Iterator[tuple[Panel, Mixture, Future]]:
        """Yield the vintage that knows the added figures."""
        opened, request = self.opened, self.opened.request
        before = opened.panels[-1]
        panel = Panel.from_census(census, as_of=max(newest(census), before.as_of))
        posterior = opened.posteriors[-1]
        # Figures of people alone are no news to the regression: its posterior holds.
        if panel.fingerprint != before.fingerprint:
            saved = request.out.parent / "posteriors" / "added"
            store = Store(saved, request.seed, request.draws, request.may_fit)
            weights = read_weights(request.model_file, opened.spec)
            (posterior,) = store.obtain(opened.spec, weights, [panel], self.say)
        self.say(f"drawing futures as of {panel.as_of} with the added figures")
        seed, to = request.seed, request.to
        yield (
            panel,
            posterior,
            draw_future(census, panel, opened.spec, posterior, to=to, seed=seed),
        )

    def follow(
        self,
        made: Sequence[tuple[Panel, Mixture, Future]],
        census: Census,
        figures: tuple[Figure, ...],
    ) -> Monitoring:
        """Look at every vintage on equally many draws, and at every step."""
        opened = self.opened
        draws = min(future.drivers.draws for *_, future in made)
        futures = [as_many_draws(future, draws) for *_, future in made]
        seen = [
            self._watched(panel, mixture, future, added=place >= len(opened.panels))
            for place, ((panel, mixture, _), future) in enumerate(zip(made, futures, strict=True))
        ]
        steps = tuple(
            self._step((seen[i], seen[i + 1]), (futures[i], futures[i + 1]))
            for i in range(len(seen) - 1)
        )
        whole = steps[0]
        if len(steps) > 1:
            whole = self._step((seen[0], seen[-1]), (futures[0], futures[-1]))
        last, city = seen[-1], census.city
        own = [target for target in opened.targets if target.region == city]
        return Monitoring(
            replace(opened.request, as_of=tuple(one.label for one in seen)),
            census,
            opened.targets,
            figures,
            tuple(seen),
            steps,
            whole,
            recent_paces(last.panel, last.urban.sel(region=city)),
            paces_needed(last.panel, last.urban_share, last.urban, own),
        )

    def _watched(self, panel: Panel, mixture: Mixture, future: Future, *, added: bool) -> Watched:
        opened, seed = self.opened, self.opened.request.seed
        to = future.drivers.years[-1]
        projection = run(future, self.baseline, seed=seed, to=to)
        share, urban = shares_of(projection, future.city)
        own = tuple(target for target in opened.targets if target.region == future.city)
        question = Question(opened.census, opened.spec, self.baseline, own, to, seed)
        facts = describe_vintage(question, panel, mixture.weights, share)
        return Watched(panel, added, facts, share, urban)

    def _step(self, pair: tuple[Watched, Watched], futures: tuple[Future, Future]) -> Step:
        before, after = pair
        self.say(f"explaining what moved from {before.label} to {after.label}")
        until = newest_standing(after.panel).year
        moves = explain_move(
            *futures,
            self.baseline,
            self.opened.targets,
            seen=until,
            seed=self.opened.request.seed,
        )
        seen = seen_path(before.urban_share, after.urban_share, before.panel, after.panel)
        return Step(before, after, until, moves, seen)
