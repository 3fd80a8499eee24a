"""What the census counted of every county, and residents beside the registered."""

from collections.abc import Iterator

import pandas as pd

from qyforecast.census.census import Census
from qyforecast.demography.rate_evidence import RateEvidence
from qyforecast.provenance import Evidence

_SERIES = {
    "registered_population": "registered",
    "registered_urban_population": "registered_urban",
    "population": "resident",
    "urban_population": "resident_urban",
    "urban_share": "urban_share",
}


def counted(census: Census) -> Iterator[RateEvidence]:
    """List what was counted, county by county.

    Parameters
    ----------
    census : Census
        Two censuses.

    Yields
    ------
    RateEvidence
        Grade *measured*, but for the residence of ages, which is raked.
    """
    for year in census.years:
        for region in census.regions:
            here = census.residence.sel(year=year, region=region)
            counts = {
                "residents by sex and age": int(here.sum()),
                "urban residents": int(here.sel(residence="urban")),
                "residents registered elsewhere": int(
                    census.migrants.sel(year=year, region=region).sum()
                ),
            }
            for what, persons in counts.items():
                yield RateEvidence(
                    what, region, f"{persons:,} persons",
                    Evidence("measured", "census county tables", year),
                )  # fmt: skip
        yield RateEvidence(
            "ages of urban and of rural residents", "every county", "schedule",
            Evidence("estimated", "county ages and county residence, raked to the province's table "
                     "of both; sums are exact", year),
        )  # fmt: skip
    year = int(census.registered["year"])
    for region in census.registered["region"].values:
        persons = int(census.registered.sel(region=region))
        yield RateEvidence(
            "registered population, people away included", str(region), f"{persons:,} persons",
            Evidence("measured", "census county tables", year),
        )  # fmt: skip


def resident_and_registered(census: Census) -> pd.DataFrame:
    """Set residents (who live there) beside the registered (whose household book is there).

    Parameters
    ----------
    census : Census
        Censuses and yearly series.

    Returns
    -------
    DataFrame
        ``region_code, year, resident, registered, registered_over_resident,
        resident_urban_share, registered_urban_share``, for every region and year for which
        one of the registered totals was published; empty where a figure was not. The
        registered are urban or rural by their household book, not by where they live, so the
        two urban shares are different things. [person; 1]
    """
    rows = census.series[census.series["variable"].isin(list(_SERIES))]
    latest = rows.sort_values("published").groupby(["region_code", "year", "variable"])["value"]
    yearly = latest.last().unstack("variable").rename(columns=_SERIES)
    people = census.residence.to_series().unstack("residence")
    year = int(census.registered["year"])
    people.index = people.index.set_names(["year", "region_code"])
    frame = people.swaplevel().assign(resident=people.sum(axis=1).swaplevel())
    frame = frame.rename(columns={"urban": "resident_urban"}).drop(columns="rural")
    for region in census.registered["region"].values:
        frame.loc[(region, year), "registered"] = float(census.registered.sel(region=region))
    city = frame.groupby("year").sum(min_count=len(census.regions))
    city.index = pd.MultiIndex.from_product([[census.city], city.index], names=frame.index.names)
    whole = pd.concat([frame, city])
    whole = whole.combine_first(yearly).reindex(columns=list(_SERIES.values())).sort_index()
    whole = whole[whole[["registered", "registered_urban"]].notna().any(axis=1)]
    return pd.DataFrame(
        {
            "resident": whole["resident"],
            "registered": whole["registered"],
            "registered_over_resident": whole["registered"] / whole["resident"],
            "resident_urban_share": (whole["resident_urban"] / whole["resident"]).fillna(
                whole["urban_share"]
            ),
            "registered_urban_share": whole["registered_urban"] / whole["registered"],
        }
    ).reset_index()
