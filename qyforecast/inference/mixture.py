"""The forecast's posterior: draws of several rivals, each in its share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import Panel
from qyforecast.inference.course import Course
from qyforecast.inference.path import draw_course
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec


@dataclass(frozen=True)
class Mixture:
    """Posteriors of rivals, one after the other, each with as many draws as its weight asks.

    Attributes
    ----------
    parts : tuple of Posterior
        One for each rival that has a weight, fitted to the same panel.
    weights : mapping
        Rival to weight. [1]
    """

    parts: tuple[Posterior, ...]
    weights: Mapping[str, float]

    @property
    def size(self) -> int:
        """Number of draws, all rivals together."""
        return sum(part.size for part in self.parts)

    @property
    def as_of(self) -> int:
        """Year of knowledge."""
        return self.parts[0].as_of


def alone(posterior: Posterior) -> Mixture:
    """Let one rival speak alone.

    Parameters
    ----------
    posterior : Posterior
        A fit.

    Returns
    -------
    Mixture
        Of one part.
    """
    return Mixture((posterior,), {posterior.rival: 1.0})


def apportion(weights: Mapping[str, float], draws: int) -> dict[str, int]:
    """Share draws out by weight, by largest remainders.

    Parameters
    ----------
    weights : mapping
        Rival to weight, summing to one.
    draws : int
        Draws of all rivals together.

    Returns
    -------
    dict
        Rival to number of draws; they sum to `draws`.

    Examples
    --------
    >>> apportion({"a": 0.5, "b": 0.3, "c": 0.2}, 11)
    {'a': 6, 'b': 3, 'c': 2}
    """
    exact = {name: weight * draws for name, weight in weights.items()}
    whole = {name: int(number) for name, number in exact.items()}
    left = draws - sum(whole.values())
    for name in sorted(exact, key=lambda one: whole[one] - exact[one])[:left]:
        whole[name] += 1
    return whole


def mix_course(
    mixture: Mixture,
    spec: ModelSpec,
    panel: Panel,
    drivers: Drivers,
    *,
    seed: int,
    residents: xr.DataArray | None = None,
) -> Course:
    """Draw the course of every rival on its own draws of the drivers, and join them.

    Parameters
    ----------
    mixture : Mixture
        Posteriors.
    spec : ModelSpec
        Their specification.
    panel : Panel
        What was known.
    drivers : Drivers
        The baseline's; as many draws as the mixture has.
    seed : int
        Seed of the shocks.
    residents : DataArray, optional
        As in `draw_course`.

    Returns
    -------
    Course
        One draw for every draw of the mixture.
    """
    owner = interleave([part.size for part in mixture.parts])
    courses, places = [], []
    for place, part in enumerate(mixture.parts):
        chosen = np.flatnonzero(owner == place)
        places.append(chosen)
        courses.append(
            draw_course(
                part,
                spec,
                panel,
                _of_draws(drivers, chosen),
                seed=seed + place,
                residents=None if residents is None else residents.isel(draw=chosen),
            )
        )
    return _join(courses, np.argsort(np.concatenate(places)))


def interleave(sizes: Sequence[int]) -> np.ndarray:
    """Say to which rival each draw belongs, evenly along the draws.

    One rival after the other would look like chains that never mix, and make
    Monte Carlo errors too large.

    Parameters
    ----------
    sizes : sequence of int
        Draws of each rival.

    Returns
    -------
    ndarray of int
        Place of the rival of each draw.

    Examples
    --------
    >>> interleave([4, 2]).tolist()
    [0, 1, 0, 0, 1, 0]
    """
    at = np.concatenate([(np.arange(size) + 0.5) / size for size in sizes])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner[np.argsort(at, kind="stable")]


def _of_draws(drivers: Drivers, chosen: np.ndarray) -> Drivers:
    cut = {
        name: getattr(drivers, name).isel(draw=chosen)
        for name in ("employment", "value_added", "pace")
    }
    nation = None if drivers.nation is None else drivers.nation.isel(draw=chosen)
    return replace(drivers, **cut, nation=nation)


def _join(courses: Sequence[Course], order: np.ndarray) -> Course:
    by_draw = [f.name for f in fields(Course) if f.name != "start"]
    joined = {
        name: np.concatenate([getattr(course, name) for course in courses])[order]
        for name in by_draw
    }
    return Course(start=courses[0].start, **joined)
