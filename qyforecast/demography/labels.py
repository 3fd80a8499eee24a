"""Plain arrays made into a population and its rates: the door for data of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Migration, Mobility, Vital
from qyforecast.demography.survivorship import Survivorship
from qyforecast.errors import RateError
from qyforecast.vocabulary import SEXES

BySex = Mapping[str, ArrayLike]


@dataclass(frozen=True)
class Labels:
    """What the places of plain arrays stand for.

    An array has the dimensions ``([year,] [region,] [residence,] age)`` in this order:
    those whose labels are given, all of them; or the age alone, if it is the same
    everywhere. Sexes are never told by their order: what differs by sex is a mapping
    such as ``{"female": ..., "male": ...}``.

    Attributes
    ----------
    ages : sequence of int
        Lower bounds of equally wide age groups from 0; the last is open. A step of the
        projection is as long as they are wide: 0, 1, 2, ... a year, 0, 5, 10, ... five.
        (A life table has its open group at 70 or above, because its one rate must
        describe all who are in it; a projection is given their survivorship, and takes
        any open age.)
    years : sequence of int, optional
        Years *at whose end* each step ends: rates of 2020-2025 belong to 2025. Without
        them the rates hold for every step.
    regions : sequence of str, optional
        Names of regions; without them there is one.
    residences : sequence of str, optional
        ``("urban", "rural")``; without them residence is not told apart.
    sexes : sequence of str
        With ``("female",)`` only women are projected: no boys are kept, births are still
        those of both sexes, and the boys among them are booked as deaths.
    """

    ages: Sequence[int]
    years: Sequence[int] | None = None
    regions: Sequence[str] | None = None
    residences: Sequence[str] | None = None
    sexes: Sequence[str] = SEXES

    def __post_init__(self) -> None:
        # Arrays and ranges of labels become tuples, so that labels can be compared and printed.
        for name, kind in (("ages", int), ("years", int), ("regions", str), ("residences", str)):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _labels(name, given, kind))
        ages = np.asarray(self.ages)
        gaps = np.diff(ages) if ages.ndim == 1 else ages
        if ages.size < 2 or ages[0] != 0 or np.any(gaps != gaps[0]) or gaps[0] < 1:
            raise RateError(
                "age groups overlap or leave gaps: they begin at 0 and are equally wide",
                found=str(list(self.ages)),
                cure="join ages 0 and 1-4 with five_year_groups(), or graduate to single ages",
            )
        if not self.sexes or set(self.sexes) - set(SEXES):
            raise RateError("sexes are male and female", found=str(list(self.sexes)))

    def population(self, persons: BySex, year: int) -> Population:
        """Make a population.

        Parameters
        ----------
        persons : mapping of str to array_like
            Residents by sex, each ``([region,] [residence,] age)``. [person]
        year : int
            They stand at the end of this year, or at the moment at which it ends.

        Returns
        -------
        Population
            ``(area, sex, age)``.

        Raises
        ------
        RateError
            If sexes or sizes differ from the labels.
        """
        return Population(self._by_sex("persons", persons, yearly=False), year)

    def vital(
        self,
        survivorship: Mapping[str, Survivorship],
        fertility: ArrayLike,
        sex_ratio_at_birth: ArrayLike = 1.05,
    ) -> Vital:
        """Make the rates of survival and childbearing.

        Parameters
        ----------
        survivorship : mapping of str to Survivorship
            By sex, each ``([year,] [region,] [residence,] age)``: `one_year_survivorship`
            or `five_year_survivorship` of a life table, or `Survivorship.by_age_reached`
            of published ratios. [1]
        fertility : array_like
            Births per woman and *year*, in five-year steps too, ``([year,] [region,]
            [residence,] age)``; zero outside the fertile ages. [1 / year]
        sex_ratio_at_birth : float or array_like
            Boys per girl, one or by year. [1]

        Returns
        -------
        Vital
            To put into `Rates`.

        Raises
        ------
        RateError
            If sexes, ages or sizes differ from the labels, or a rate is out of its range.
        """
        for sex, table in survivorship.items():
            if not np.array_equal(table.ages, self.ages):
                raise RateError(
                    "survivorship has other ages than the labels",
                    where=sex,
                    found=f"{table.ages.tolist()}, labels {list(self.ages)}",
                )
        persons = {sex: table.persons for sex, table in survivorship.items()}
        # The newborn have no age yet: theirs is the place of one.
        newborn = {sex: np.asarray(t.births)[..., None] for sex, t in survivorship.items()}
        births = self._by_sex("survivorship of births", newborn, ages=1)
        ratio = sex_ratio_at_birth
        if np.ndim(ratio) > 0:
            if self.years is None or np.shape(ratio) != (len(self.years),):
                raise RateError("a sex ratio at birth by year has as many values as the years")
            ratio = xr.DataArray(np.asarray(ratio, float), {"year": list(self.years)}, ("year",))
        else:
            ratio = float(np.asarray(ratio))
        return Vital(
            self._by_sex("survivorship", persons),
            births.isel(age=0, drop=True),
            self._labelled("fertility", fertility),
            ratio,
        )

    def migration(self, net: BySex | None = None, *, net_rate: BySex | None = None) -> Migration:
        """Make net migration, as counts or as shares of those who live there.

        Parameters
        ----------
        net : mapping of str to array_like, optional
            Arrivals less departures over a step by sex, each ``([year,] [region,]
            [residence,] age)``. [person]
        net_rate : mapping of str to array_like, optional
            The same as a share of the stock at the *start of the step*, over the whole
            step: five times a yearly proportion where steps are of five years. [1]

        Returns
        -------
        Migration
            To put into `Rates`.

        Raises
        ------
        RateError
            If neither is given, or sexes or sizes differ from the labels.
        """
        rate = None if net_rate is None else self._by_sex("net migration rate", net_rate)
        counts = None if net is None else self._by_sex("net migrants", net)
        if counts is None:
            counts = xr.zeros_like(rate) if rate is not None else None
        if counts is None:
            raise RateError("neither counts nor rates of net migration", cure="leave it out")
        return Migration(counts, net_rate=rate)

    def mobility(
        self,
        moving: BySex | None = None,
        returning: BySex | None = None,
        *,
        leaving: BySex | None = None,
        pull: Sequence[float] | None = None,
    ) -> Mobility:
        """Make moves between village and town, and between regions.

        They come last in a step, after births and deaths. The sums over the step are
        shares of those then alive, not intensities: for a model in continuous time
        exponentiate its matrix first.

        Parameters
        ----------
        moving, returning : mapping of str to array_like, optional
            Share of an age that moves over a step from the rural to the urban part of its
            region, and back, by sex, each ``(age)`` or one number, the same in all
            regions and years. [1]
        leaving : mapping of str to array_like, optional
            Share of an age that moves over a step to another region, by sex, each
            ``([year,] [region,] [residence,] age)``. [1]
        pull : sequence of float, optional
            Weight of each region as a destination, sum one: leavers of region i go to
            region j by ``w_j / (1 - w_i)``; all alike if left out. [1]

        Returns
        -------
        Mobility
            To put into `Rates`.

        Raises
        ------
        RateError
            If sexes or sizes differ from the labels, or a share is out of its range.
        """
        regions = list(self.regions or ("all",))
        weights = [1 / len(regions)] * len(regions) if pull is None else list(pull)
        if len(weights) != len(regions):
            raise RateError("one pull for each region", found=f"{len(weights)}, {len(regions)}")
        return Mobility(
            leaving_rate=None if leaving is None else self._by_sex("leaving rate", leaving),
            destination=None
            if leaving is None
            else xr.DataArray(weights, {"region": regions}, ("region",)),
            moving_propensity=self._everywhere("moving propensity", moving),
            return_rate=self._everywhere("return rate", returning),
        )

    def _everywhere(self, name: str, values: BySex | None) -> xr.DataArray | None:
        """Label shares by sex and age that are the same in all areas and years."""
        if values is None:
            return None
        size = len(self.ages)
        spread = {s: np.full(size, v) if np.ndim(v) == 0 else v for s, v in values.items()}
        plain = Labels(self.ages, sexes=self.sexes)._by_sex(name, spread)
        return plain.isel(area=0, drop=True)

    def _by_sex(
        self, name: str, values: BySex, *, yearly: bool = True, ages: int = 0
    ) -> xr.DataArray:
        """Label arrays by sex; a sex that is not projected has zeros."""
        if set(values) != set(self.sexes):
            raise RateError(
                f"{name}: other sexes than the labels",
                found=f"{', '.join(sorted(values))}; labels {', '.join(sorted(self.sexes))}",
            )
        absent = np.zeros(ages or len(self.ages))
        parts = [
            self._labelled(f"{name}, {sex}", values.get(sex, absent), yearly=yearly, ages=ages)
            for sex in SEXES
        ]
        joined = xr.concat(
            xr.broadcast(*parts), xr.DataArray(list(SEXES), dims="sex", name="sex"), join="exact"
        )
        return joined.transpose(*(d for d in ("year", "area", "sex", "age") if d in joined.dims))

    def _labelled(
        self, name: str, values: ArrayLike, *, yearly: bool = True, ages: int = 0
    ) -> xr.DataArray:
        """Check the shape of an array and name its dimensions, regions and residences joined."""
        array = np.asarray(values, float)
        sizes = {"year": self.years if yearly else None, "region": self.regions}
        sizes |= {"residence": self.residences}
        told = {dim: len(labels) for dim, labels in sizes.items() if labels is not None}
        told["age"] = ages or len(self.ages)
        full = tuple(told.values())
        if array.shape not in (full, full[-1:]):
            raise RateError(
                f"{name}: the array has other sizes than the labels",
                found=f"{array.shape}, wanted {', '.join(f'{d} {n}' for d, n in told.items())}",
                cure=f"give all dimensions, or the {full[-1]} ages alone",
            )
        areas = area_coordinates(list(self.regions or ("all",)), tuple(self.residences or ("all",)))
        count, by_year = len(areas["area"][1]), "year" in told and array.ndim > 1
        shape = (*((told["year"],) if by_year else ()), -1, full[-1])
        if array.ndim == 1:
            array = np.tile(array, (count, 1))
        coords = {**areas, "age": list(self.ages)[: full[-1]]}
        if by_year:
            coords["year"] = list(self.years or ())
        dims = (*(("year",) if by_year else ()), "area", "age")
        return xr.DataArray(array.reshape(shape), coords, dims)


def _labels(name: str, given: Sequence, kind: type) -> tuple:
    """Make labels a tuple of one kind; none may stand there twice."""
    labels = tuple(kind(label) for label in given)
    if len(set(labels)) < len(labels) and name != "ages":
        raise RateError(f"{name} repeat a label", found=str(labels))
    if any(kind is int and one != other for one, other in zip(given, labels, strict=True)):
        raise RateError(f"{name} are whole years", found=str(list(given)))
    return labels
