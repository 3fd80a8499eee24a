"""What is estimated or borrowed because it was not counted: one sentence each, in two languages."""

from dataclasses import dataclass

from qyforecast.census.census import Census


@dataclass(frozen=True)
class StandIn:
    """A figure that stands in for one that is not there.

    Attributes
    ----------
    english, chinese : str
        What lacks, and what takes its place.
    """

    english: str
    chinese: str


def stand_in_lines(census: Census) -> list[str]:
    """Say what was estimated or borrowed because it was not counted or not published.

    Parameters
    ----------
    census : Census
        The notes of its folder, and its yearly series.

    Returns
    -------
    list of str
        A sentence each; none where the folder has everything.
    """
    series, city, last = census.series, census.city, census.years[-1]
    own = series[series["region_code"] == city]
    shares = (series["variable"] == "urban_share") & (series["kind"] != "census")
    later = (own["variable"] == "population") & (own["year"] > last)
    said = list(census.stand_ins)
    if not own["variable"].str.startswith("value_added").any():
        said.append("no value added by sector of the city: that of its province stands in")
    if not shares.any():
        said.append(
            "no urban share of the city but at the censuses: they, its neighbours and the "
            "province's years speak for its pace"
        )
    if not later.any():
        said.append(
            f"no residents of the city since {last}: it gains and loses people as between the "
            "censuses, within the spread of the provinces"
        )
    return [f"Stands in for what is not there: {one}." for one in said]
