"""Published shares between and after the censuses, as the model hears them."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError
from qyforecast.inference.scale import level_of, slope_of
from qyforecast.inference.spec import ModelSpec

#: Room for readings between and after the censuses.
READINGS = 12
_PER_READING = ("reading", "reading_level", "reading_city", "reading_known", "reading_after")


def sector_shares(spec: ModelSpec, data: xr.Dataset, name: str) -> np.ndarray:
    """Take the shares of a driver's sectors.

    Parameters
    ----------
    spec : ModelSpec
        Which sectors.
    data : Dataset
        With the driver among its variables.
    name : str
        ``employment`` or ``value_added``.

    Returns
    -------
    ndarray
        Sectors last, in the specification's order. [1]
    """
    chosen = data[name].sel(sector=list(spec.drivers[name]))
    return chosen.transpose(..., "sector").values


def national_mix(spec: ModelSpec, panel: Panel) -> np.ndarray:
    """Take the value-added shares of the mean province between the censuses.

    Parameters
    ----------
    spec : ModelSpec
        Which sectors.
    panel : Panel
        Value added of the provinces.

    Returns
    -------
    ndarray
        Sectors, in the specification's order. [1]
    """
    first, last = (int(c) for c in panel.counties["census"].values)
    decade = panel.provinces[["value_added"]].sel(year=slice(first, last - 1))
    return np.nanmean(sector_shares(spec, decade, "value_added"), axis=(0, 1))


def reading_table(panel: Panel) -> pd.DataFrame:
    """List the readings the likelihood hears.

    Parameters
    ----------
    panel : Panel
        The panel.

    Returns
    -------
    DataFrame
        ``region, year, urban_share, kind``.
    """
    return panel.readings[panel.readings["region"].isin([panel.city, *panel.own_counties])]


def reading_arrays(spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    """Turn published shares outside censuses into arrays of a fixed length.

    Parameters
    ----------
    spec : ModelSpec
        Kinds of source, references of the drivers.
    panel : Panel
        What was known.

    Returns
    -------
    dict
        The arrays of a design whose names begin with ``reading``.

    Raises
    ------
    SpecificationError
        If there are too many readings, or a kind of source has no error.
    """
    first, last = (int(c) for c in panel.counties["census"].values)
    weights, start, end = _city_levels(spec, panel)
    kinds = list(spec.measurement)
    usable = reading_table(panel)
    if len(usable) > READINGS:
        raise SpecificationError(f"more than {READINGS} readings", found=str(len(usable)))
    out = {name: np.zeros(READINGS) for name in _PER_READING}
    out["reading_years"] = np.ones(READINGS)
    out["reading_weights"] = np.tile(weights[panel.city], (READINGS, 1))
    out["reading_kind"] = np.zeros(READINGS, dtype=int)
    drift, passed = _composition(spec, panel), np.zeros(READINGS)
    regions, years = usable["region"].tolist(), usable["year"].to_numpy(int)
    for slot, (region, year) in enumerate(zip(regions, years, strict=True)):
        after, of_city = year > last, region == panel.city
        part = 1.0 if after else (year - first) / (last - first)
        expected = start[region] + (end[region] - start[region]) * part
        expected += drift * (year - last) if after and of_city else 0.0
        out["reading_level"][slot] = level_of(usable["urban_share"].iloc[slot], spec)
        out["reading"][slot] = out["reading_level"][slot] - expected
        out["reading_city"][slot] = float(of_city)
        out["reading_known"][slot] = 1.0
        out["reading_after"][slot] = float(after)
        out["reading_years"][slot] = year - last if after else 1.0
        passed[slot] = 0.0 if after else year - first
        out["reading_weights"][slot] = weights[region]
        out["reading_kind"][slot] = kinds.index(_known_kind(usable["kind"].iloc[slot], kinds))
    earlier, later = np.minimum.outer(passed, passed), np.maximum.outer(passed, passed)
    out["reading_bridge"] = earlier * (last - first - later) / (last - first)
    return out | _reading_drivers(spec, panel, out)


def _reading_drivers(
    spec: ModelSpec, panel: Panel, readings: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Drivers since the last census: employment as counted then, value added as published."""
    counties = sector_shares(spec, panel.counties.isel(census=-1), "employment")
    own = [panel.counties["county"].values.tolist().index(c) for c in panel.own_counties]
    employment = (counties - counties.mean(axis=0))[own]
    values = _city_mix(spec, panel)
    spans = readings["reading_years"].astype(int)
    level = [values[: max(1, n)].mean(axis=0) for n in spans]
    steps = np.minimum(spans, len(values) - 1)
    change = [(values[step] - values[0]) / n for step, n in zip(steps, spans, strict=True)]
    whole = readings["reading_weights"].sum(axis=1, keepdims=True)
    still = np.zeros((len(spans), employment.shape[-1]))
    return {
        "reading_drivers": np.hstack([readings["reading_weights"] @ employment, whole * level]),
        "reading_driver_changes": np.hstack([still, whole * change]),
    }


def _city_mix(spec: ModelSpec, panel: Panel) -> np.ndarray:
    """Value added of the city from the last census on, less the mean province's, ``(Y, K)``."""
    mix = panel.city_mix.to_dataset(name="value_added").sel(year=slice(panel.base_year, None))
    nation = panel.provinces[["value_added"]].mean("province").dropna("year")
    if not mix.sizes["year"]:
        own = sector_shares(spec, panel.counties.sel(county=panel.own_counties), "value_added")
        return own[:1] - national_mix(spec, panel)
    # A year of the city not yet told for the provinces stands against their last.
    same = nation.reindex(year=mix["year"].values, method="ffill")
    return sector_shares(spec, mix, "value_added") - sector_shares(spec, same, "value_added")


def _composition(spec: ModelSpec, panel: Panel) -> float:
    """Yearly change of the city's log odds because people live in other counties than before.

    Between the censuses; a city whose most urban county grows becomes more urban
    though no county does. [log odds / year]
    """
    persons = panel.residence.sortby("year")
    share = persons.sel(residence="urban") / persons.sum("residence")
    weights = persons.sum("residence") / persons.sum(("region", "residence"))
    last = share.isel(year=-1)
    before, after = (float((last * weights.isel(year=k)).sum()) for k in (0, -1))
    span = int(persons["year"][-1] - persons["year"][0])
    return float(level_of(after, spec) - level_of(before, spec)) / span


def _known_kind(kind: str, kinds: list[str]) -> str:
    if kind not in kinds:
        raise SpecificationError(
            f"the specification gives no measurement error for sources of kind '{kind}'",
            where="measurement",
            cure=f"add it; known: {', '.join(kinds)}",
        )
    return kind


def _city_levels(
    spec: ModelSpec, panel: Panel
) -> tuple[dict[str, np.ndarray], dict[str, float], dict[str, float]]:
    """Weights of own counties in the level of each place, and its two census levels."""
    own = panel.own_counties
    shares = panel.counties["urban_share"].sel(county=own).transpose("census", "county").values
    residents = panel.residence.sel(year=panel.base_year, region=own).sum("residence").values
    spread = residents * slope_of(shares[1], spec)
    city = [float(level_of(share, spec)) for _, share in sorted(panel.city_share.items())]
    # The derivative: it sums to less than one where counties differ, since those far
    # from a half move less in persons.
    total = float(slope_of(panel.city_share[panel.base_year], spec))
    weights = {panel.city: spread / (residents.sum() * total)}
    start, end = {panel.city: city[0]}, {panel.city: city[1]}
    levels = level_of(shares, spec)
    for place, code in enumerate(own):
        weights[code] = np.eye(len(own))[place]
        start[code], end[code] = float(levels[0, place]), float(levels[1, place])
    return weights, start, end
