"""All that blocks of a country share: places, schedules, and what is common in every draw."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qyforecast.census.country_files import Country
from qyforecast.census.country_rates import KINDS, CountryRates
from qyforecast.census.panel import Panel
from qyforecast.census.panel_tables import MIDDLING, STABLE
from qyforecast.demography.paths import draw_vital
from qyforecast.demography.rates import Vital
from qyforecast.inference.county_levels import CountyFigures, CountyModel
from qyforecast.inference.readings import national_mix, sector_shares
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.vocabulary import RESIDENCES, SECTORS


@dataclass(frozen=True)
class Ground:
    """Inputs of all blocks; N places, K kinds, D draws, Y years ahead, A ages.

    Attributes
    ----------
    labels : dict
        Plain values: ``codes``, ``prefectures`` (of each place), ``provinces`` (in the order of
        the model), ``base_year``, ``seed``, ``upper_limit``, ``reference_share``,
        ``fertility_sd``, ``migration_sd``, ``rural_departure``, ``urban_arrival``.
    arrays : dict of str to ndarray
        ``kind, persons, fertility, net, on_scale`` of places as `CountryRates` has them;
        ``survival, birth_survival, childbearing`` ``(level, K, residence, sex, age)``,
        without the age, ``(K, residence, age)``; ``boys`` ``()``; ``growth`` ``(Y, sex, age)``;
        ``moving, returning``; ``mortality_level, fertility_scale`` ``(D, Y)``.
    model : CountyModel
        Provinces and parameters.
    figures : CountyFigures
        Censuses and drivers of all places.
    """

    labels: dict[str, Any]
    arrays: dict[str, np.ndarray]
    model: CountyModel
    figures: CountyFigures

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.arrays["mortality_level"].shape[0]

    @property
    def years(self) -> tuple[int, ...]:
        """Years at whose ends the steps end."""
        first = int(self.labels["base_year"]) + 1
        return tuple(range(first, first + self.arrays["mortality_level"].shape[1]))

    @property
    def blocks(self) -> list[str]:
        """Codes of the prefectures, in order: each is a block."""
        return sorted(set(self.labels["prefectures"]))

    def places_of(self, block: str) -> np.ndarray:
        """Find the places of a block.

        Parameters
        ----------
        block : str
            Code of a prefecture.

        Returns
        -------
        ndarray of int
            Positions among the places.
        """
        return np.flatnonzero(np.array(self.labels["prefectures"]) == block)


def lay_ground(
    country: Country,
    rates: CountryRates,
    learned: tuple[CountyModel, ModelSpec, Panel],
    *,
    seed: int,
    deviations: dict[str, float],
) -> Ground:
    """Put together what blocks share.

    Parameters
    ----------
    country : Country
        Places.
    rates : CountryRates
        Their people and rates.
    learned : tuple
        What counties share, the specification, and what was known.
    seed : int
        Seed of everything random.
    deviations : dict
        ``fertility_sd, migration_sd`` (lasting deviations of a place, log), ``rural_departure,
        urban_arrival``: as `Assumptions` has them.

    Returns
    -------
    Ground
        As many draws as the model has.
    """
    model, spec, panel = learned
    base, (draws, steps) = rates.base, model.fade.shape
    base_year = base.population.year
    years = range(base_year + 1, base_year + 1 + steps)
    vital = draw_vital(base, years=years, draws=draws, seed=seed)
    figures, on_scale = figures_of(country, spec, panel)
    labels = {
        "codes": country.places.index.tolist(),
        "prefectures": country.places["prefecture"].tolist(),
        "provinces": panel.provinces["province"].values.tolist(),
        "base_year": base_year,
        "seed": seed,
        "upper_limit": spec.upper_limit,
        "reference_share": spec.reference_share,
    }
    arrays = {
        "kind": rates.kind,
        "persons": rates.persons,
        "fertility": rates.fertility,
        "net": rates.net,
        "on_scale": on_scale,
        "growth": rates.growth.transpose("year", "sex", "age").values,
        "moving": rates.moving.transpose("sex", "age").values,
        "returning": rates.returning.transpose("sex", "age").values,
    }
    return Ground(labels | deviations, arrays | _vital_arrays(vital), model, figures)


def _vital_arrays(vital: Vital) -> dict[str, np.ndarray]:
    """Schedules by kind and residence, and what moves them in every draw."""
    assert vital.mortality_level is not None
    assert vital.fertility_scale is not None
    levels = ["low", "high"]
    live, newborn = (
        values.sel(level=levels).transpose("level", "area", ...).values
        for values in (vital.survivorship, vital.birth_survivorship)
    )
    shape, ratio = (len(KINDS), len(RESIDENCES)), float(vital.sex_ratio_at_birth)
    # Kinds have no deviations of their own: the first stands for the nation.
    scale = vital.fertility_scale.isel(region=0).transpose("draw", "year")
    return {
        "survival": live.reshape(2, *shape, *live.shape[2:]),
        "birth_survival": newborn.reshape(2, *shape, *newborn.shape[2:]),
        "childbearing": vital.fertility.values.reshape(*shape, -1),
        "boys": np.array(ratio / (1 + ratio)),
        "mortality_level": vital.mortality_level.transpose("draw", "year").values,
        "fertility_scale": scale.values,
    }


def figures_of(country: Country, spec: ModelSpec, panel: Panel) -> tuple[CountyFigures, np.ndarray]:
    """Bring censuses and drivers of all places into the form that the model reads.

    Employment is measured against the mean county of the model's own panel, as in the fit;
    value added is the province's. Where a share is nearly 0 or 1 log odds hang on a handful of
    people; such a place is not on the model's scale.

    Parameters
    ----------
    country : Country
        Places.
    spec : ModelSpec
        References and drivers.
    panel : Panel
        What was fitted to.

    Returns
    -------
    tuple of CountyFigures and ndarray of bool
        Figures, and which places are on the model's scale, ``(N,)``.
    """
    places = country.places
    before = country.before.reindex(places.index)
    share = (places["urban"] / places["population"]).to_numpy()
    earlier = (before["urban"] / before["population"]).to_numpy()
    on_scale, told = ((x > MIDDLING[0]) & (x < MIDDLING[1]) for x in (share, earlier))
    growth = (places["population"] / before["population"]).to_numpy()
    heard = on_scale & told & (growth > STABLE[0]) & (growth < STABLE[1])
    middle = float(spec.reference_share)
    provinces = panel.provinces["province"].values.tolist()
    home = np.array([provinces.index(code) for code in places["province"]])
    chosen = list(spec.drivers["employment"])
    mean = sector_shares(spec, panel.counties.transpose("census", ...), "employment").mean(axis=1)
    now = _filled(places, places["province"])[chosen].to_numpy() - mean[-1]
    then = _filled(before, places["province"])[chosen].to_numpy() - mean[0]
    # Without two comparable censuses a decade is not read at all.
    then = np.where(heard[:, None] & np.isfinite(then), then, now)
    mixes = _mixes(spec, panel)
    added = [mix[home] for mix in mixes]
    return CountyFigures(
        province=home,
        start=level_of(np.where(told, earlier, middle), spec),
        end=level_of(np.where(on_scale, share, middle), spec),
        heard=heard,
        past=np.concatenate([(now + then) / 2, added[0]], axis=1),
        now=np.concatenate([now, added[1]], axis=1),
        moved=np.concatenate([now - then, np.zeros_like(added[0])], axis=1),
    ), on_scale


def _filled(shares: Any, province: Any) -> Any:
    """Sector shares, the province's mean where they are not known."""
    known = shares[list(SECTORS)]
    return known.fillna(known.groupby(province).transform("mean"))


def _mixes(spec: ModelSpec, panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Value added of provinces less the mean's, of the decade and of the last year known."""
    first, last = (int(year) for year in panel.counties["census"].values)
    decade = panel.provinces[["value_added"]].sel(year=slice(first, last - 1))
    past = np.nanmean(sector_shares(spec, decade, "value_added"), axis=0)
    values = sector_shares(spec, panel.provinces, "value_added")
    now = values[np.isfinite(values).all(axis=(1, 2))][-1]
    return past - national_mix(spec, panel), now - now.mean(axis=0)


def of_places(figures: CountyFigures, chosen: np.ndarray) -> CountyFigures:
    """Take some of the places.

    Parameters
    ----------
    figures : CountyFigures
        Of all.
    chosen : ndarray of int
        Positions.

    Returns
    -------
    CountyFigures
        Of these.
    """
    return replace(figures, **{name: values[chosen] for name, values in vars(figures).items()})
