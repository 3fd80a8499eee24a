"""What the tables of a census folder must hold: columns, and the kind of each figure.

Units are the descriptor's to say; which kinds of units a column may have is
said here, once.
"""

from collections.abc import Mapping

from qyforecast.vocabulary import SECTORS, UNIT_FACTORS

#: How a unit says that it counts a sample that must never be grossed up unnoticed.
SAMPLE = " (10 % sample)"
#: The unit of a column whose rows each carry their own.
BY_ROW = "see the column unit"

#: Units each kind of figure may be published in; the first is what the reader makes of it.
UNITS: Mapping[str, tuple[str, ...]] = {
    "persons": ("person", "10 thousand persons"),
    "sample": ("person" + SAMPLE,),
    "money": ("yuan", "10 thousand yuan", "100 million yuan"),
    "share": ("1", "%"),
    "rate": ("1", "per mille", "%"),
    "ratio": ("1", "index", "%"),
    "years": ("year",),
    "by row": (BY_ROW,),
}

#: Columns of each table that carry figures, with their kind; the rest are labels.
FIGURES: Mapping[str, Mapping[str, str]] = {
    "regions": {},
    "age_sex": {"persons": "persons"},
    "residence": dict.fromkeys(
        ("total", "male", "female", "urban", "rural", "registered"), "persons"
    ),
    "employment": {"sampled": "sample"},
    "migrants": dict.fromkeys(("own_county", "same_province", "other_province"), "persons"),
    "schooling": {"persons": "persons"},
    "city_series": {"value": "by row"},
    "provinces": {"value": "by row"},
    "age_residence": {"population": "persons", "deaths": "persons"},
    "births": {"births": "sample"},
    "births_by_sex": {"births": "sample"},
    "fertility_printed": {"rate": "rate"},
    "county_panel": {
        **dict.fromkeys(("population", "urban", "rural"), "persons"),
        "employed_sample": "sample",
        **{f"employed_{sector}_share": "share" for sector in SECTORS},
        "schooling_years": "years",
    },
    "county_panel_left_out": dict.fromkeys(("population", "urban", "rural"), "persons"),
    "province_census": dict.fromkeys(("population", "urban", "rural"), "persons"),
    "life_expectancy": {"e0": "by row"},
}

#: Label columns each table must have.
LABELS: Mapping[str, tuple[str, ...]] = {
    "regions": ("region_code", "name", "name_en", "level", "parent"),
    "age_sex": ("region_code", "year", "sex", "age"),
    "residence": ("region_code", "year"),
    "employment": ("region_code", "year", "industry", "sector"),
    "migrants": ("region_code", "year"),
    "schooling": ("region_code", "year", "sex", "level"),
    "age_residence": ("region_code", "year", "residence", "sex", "age"),
    "births": ("region_code", "year", "residence", "mother_age"),
    "births_by_sex": ("region_code", "year", "residence", "sex"),
    "fertility_printed": ("region_code", "year", "residence", "mother_age"),
    "county_panel": ("code", "name", "prefecture", "province", "year"),
    "county_panel_left_out": ("code", "name", "province", "year", "reason"),
    "province_census": ("region_code", "year"),
    "life_expectancy": ("region_code", "year", "sex", "unit", "source", "published"),
    **dict.fromkeys(
        ("city_series", "provinces"),
        ("region_code", "year", "variable", "unit", "kind", "source", "published", "note"),
    ),
}

#: Variables of the yearly series, with the kind of their figures.
VARIABLES: Mapping[str, str] = {
    "urban_share": "share",
    **dict.fromkeys(
        (
            *("population", "urban_population", "rural_population"),
            *("registered_population", "registered_urban_population"),
            *("registered_rural_population", "registered_births", "registered_deaths"),
            *(f"employed_{sector}" for sector in SECTORS),
            *("labour_transfer_out", "labour_transfer_out_organised", "new_urban_jobs"),
        ),
        "persons",
    ),
    **dict.fromkeys(("gdp", *(f"value_added_{sector}" for sector in SECTORS)), "money"),
    "gdp_index": "ratio",
    **dict.fromkeys(
        ("birth_rate", "death_rate", "registered_birth_rate", "registered_death_rate"), "rate"
    ),
}

#: Every unit that a field may have.
KNOWN_UNITS = ("", BY_ROW, *UNIT_FACTORS, *UNITS["sample"])

#: Kinds of source, the nearest to the count first.
KINDS = ("census", "bulletin", "yearbook", "plan", "press", "compilation")


def factor(unit: str) -> float:
    """Give what turns a published unit into the package's.

    Parameters
    ----------
    unit : str
        A unit of `UNITS`.

    Returns
    -------
    float
        Factor into persons, yuan, shares or years; 1 for a sample, which is never grossed up.
    """
    return 1.0 if unit == BY_ROW else UNIT_FACTORS[unit.removesuffix(SAMPLE)]
