"""Everything a projection computes with, as plain arrays in one order."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Interventions, Migration, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import RateError
from qyforecast.projection.frame import Frame, frame_of, take
from qyforecast.projection.method import Timing

AREA_SEX_AGE = ("year", "area", "sex", "age")
BY_REGION = ("draw", "year", "region")

#: Fields of a world that carry draws.
BY_DRAW = (
    "start",
    "level",
    "fertility_scale",
    "arrivals_scale",
    "departure_scale",
    "leaving_scale",
    "moving_scale",
    "return_scale",
    "retained",
    "followers",
    "extra_movers",
    "reclassified",
    "path",
)


@dataclass(frozen=True)
class World:
    """Inputs of a projection.

    Letters stand for sizes: D draws, T steps, C regions, K residences (urban first),
    S sexes, A ages. A schedule's Y is 1 where it does not vary by year, else T; L is 1
    without levels of mortality, else 2. What is by draw is broadcast, not copied.

    Attributes
    ----------
    frame : Frame
        Labels.
    timing : Timing
        When external migrants join.
    start : ndarray
        (D, C, K, S, A). [person]
    survival, birth_survival : ndarray
        (L, Y, C, K, S, A) and (L, Y, C, K, S).
    level : ndarray
        (D, T), between the levels of mortality.
    fertility, fertility_scale, boys : ndarray
        (Y, C, K, A) births per woman and step; (D, T, C); (Y,) boys per newborn.
    arrivals, departure, arrivals_scale, departure_scale : ndarray
        (Y, C, K, S, A) twice; (D, T, C) twice.
    net_rate : ndarray
        (Y, C, K, S, A), of the stock at the start of a step; joins the arrivals.
    leaving, leaving_scale, destination : ndarray
        (Y, C, K, S, A); (D, T); (C,).
    moving, returning, family : ndarray
        (S, A).
    moving_scale, return_scale : ndarray
        (D, T, C).
    retained, followers, extra_movers, reclassified : ndarray
        (D, T, C).
    path : ndarray or None
        (D, T, C), the urban share.
    """

    frame: Frame
    timing: Timing
    start: np.ndarray
    survival: np.ndarray
    birth_survival: np.ndarray
    level: np.ndarray
    fertility: np.ndarray
    fertility_scale: np.ndarray
    boys: np.ndarray
    arrivals: np.ndarray
    departure: np.ndarray
    arrivals_scale: np.ndarray
    departure_scale: np.ndarray
    net_rate: np.ndarray
    leaving: np.ndarray
    leaving_scale: np.ndarray
    destination: np.ndarray
    moving: np.ndarray
    returning: np.ndarray
    family: np.ndarray
    moving_scale: np.ndarray
    return_scale: np.ndarray
    retained: np.ndarray
    followers: np.ndarray
    extra_movers: np.ndarray
    reclassified: np.ndarray
    path: np.ndarray | None

    @property
    def sizes(self) -> tuple[int, int, int, int, int, int]:
        """D, T, C, K, S, A."""
        return len(self.frame.draws), len(self.frame.years), *self.frame.shape

    def of_draws(self, span: slice) -> "World":
        """Take some of the draws, by position.

        Parameters
        ----------
        span : slice
            Positions of the draws wanted.

        Returns
        -------
        World
            The same world with these draws only.
        """
        some = {name: vars(self)[name][span] for name in BY_DRAW if vars(self)[name] is not None}
        return replace(self, frame=replace(self.frame, draws=self.frame.draws[span]), **some)


class _Reader:
    """Brings optional labelled arrays into the order of a frame."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def schedule(
        self, noun: object, field: str, dims: tuple[str, ...] = AREA_SEX_AGE
    ) -> np.ndarray:
        """Schedule of a noun, zeros where there is none."""
        values = getattr(noun, field, None)
        if values is None:
            sizes = {"year": (1,), "area": self.frame.shape[:2], "sex": (2,)}
            ages = (len(self.frame.ages),)
            return np.zeros([n for dim in dims for n in sizes.get(dim, ages)])
        return take(field.replace("_", " "), values, self.frame, dims)

    def scalars(
        self, noun: object, field: str, fill: float, dims: tuple[str, ...] = BY_REGION
    ) -> np.ndarray:
        """Scalars by draw, broadcast to all draws, years and regions."""
        sizes = tuple(len(self.frame.labels(dim)) for dim in dims)
        values = getattr(noun, field, None)
        if values is None:
            return np.broadcast_to(np.float64(fill), sizes)
        return np.broadcast_to(take(field.replace("_", " "), values, self.frame, dims), sizes)


def build_world(
    population: Population, rates: Rates, path: UrbanPath | None, to: int, timing: Timing
) -> World:
    """Bring a population, its rates and its urban path into one order.

    Parameters
    ----------
    population : Population
        Who lives where at the start.
    rates : Rates
        What happens to them.
    path : UrbanPath or None
        Urban share of each region, if it is prescribed.
    to : int
        Last year.
    timing : Timing
        When external migrants join.

    Returns
    -------
    World
        Plain arrays.

    Raises
    ------
    RateError
        If labels do not match, or rates are given for moves that cannot be made.
    """
    frame = frame_of(population, to, (population, rates, path))
    _check_moves(frame, rates.mobility, path, rates.interventions)
    reader = _Reader(frame)
    start = take("persons", population.persons, frame, ("draw", "area", "sex", "age"))
    return World(
        frame=frame,
        timing=timing,
        start=np.broadcast_to(start, (len(frame.draws), *frame.shape)),
        **_vital(reader, rates.vital),
        **_migration(reader, rates.migration),
        **_mobility(reader, rates.mobility),
        **_interventions(reader, rates.interventions),
        path=reader.scalars(path, "share", 0.5) if path else None,
    )


def _vital(reader: _Reader, vital: Vital) -> dict[str, np.ndarray]:
    """Arrays of survival and childbearing."""
    ratio = take(
        "sex ratio at birth", xr.DataArray(vital.sex_ratio_at_birth), reader.frame, ("year",)
    )
    fertility = reader.schedule(vital, "fertility", ("year", "area", "age"))
    return {
        "survival": reader.schedule(vital, "survivorship", ("level", *AREA_SEX_AGE)),
        "birth_survival": reader.schedule(
            vital, "birth_survivorship", ("level", "year", "area", "sex")
        ),
        "level": reader.scalars(vital, "mortality_level", 0.0, ("draw", "year")),
        "fertility": reader.frame.width * fertility,
        "fertility_scale": reader.scalars(vital, "fertility_scale", 1.0),
        "boys": ratio / (1 + ratio),
    }


def _migration(reader: _Reader, migration: Migration | None) -> dict[str, np.ndarray]:
    """Arrays of external migration."""
    return {
        "arrivals": reader.schedule(migration, "arrivals"),
        "departure": reader.schedule(migration, "departure_rate"),
        "arrivals_scale": reader.scalars(migration, "arrivals_scale", 1.0),
        "departure_scale": reader.scalars(migration, "departure_scale", 1.0),
        "net_rate": reader.schedule(migration, "net_rate"),
    }


def _mobility(reader: _Reader, mobility: Mobility | None) -> dict[str, np.ndarray]:
    """Arrays of moves inside the city."""
    shape = ("sex", "age")
    destination = np.full(reader.frame.shape[0], 1 / reader.frame.shape[0])
    if mobility is not None and mobility.destination is not None:
        destination = take("destination", mobility.destination, reader.frame, ("region",))
    return {
        "leaving": reader.schedule(mobility, "leaving_rate"),
        "leaving_scale": reader.scalars(mobility, "leaving_scale", 1.0, ("draw", "year")),
        "destination": destination,
        "moving": reader.schedule(mobility, "moving_propensity", shape),
        "returning": reader.schedule(mobility, "return_rate", shape),
        "family": reader.schedule(mobility, "family_propensity", shape),
        "moving_scale": reader.scalars(mobility, "moving_scale", 1.0),
        "return_scale": reader.scalars(mobility, "return_scale", 1.0),
    }


def _interventions(reader: _Reader, done: Interventions | None) -> dict[str, np.ndarray]:
    """Arrays of what is done about people."""
    names = ("retained", "followers", "extra_movers", "reclassified")
    return {name: reader.scalars(done, name, 0.0) for name in names}


def _check_moves(
    frame: Frame,
    mobility: Mobility | None,
    path: UrbanPath | None,
    interventions: Interventions | None,
) -> None:
    """Refuse rates for moves that cannot be made in this frame."""
    split = len(frame.residences) == 2
    moving = mobility is not None and (
        mobility.moving_propensity is not None or mobility.return_rate is not None
    )
    if not split and (path or interventions or moving):
        raise RateError(
            "urban paths, moves to town and back, and interventions need areas by residence",
            found=f"residences {', '.join(frame.residences)}",
        )
    if path and (mobility is None or mobility.moving_propensity is None):
        raise RateError("an urban path needs a moving propensity: who moves to town?")
    if path and mobility is not None and mobility.moving_scale is not None:
        raise RateError("a moving scale has no meaning with an urban path, which sets the number")
    if len(frame.regions) == 1 and mobility is not None and mobility.leaving_rate is not None:
        raise RateError("a leaving rate needs another region to move to", where=frame.regions[0])
