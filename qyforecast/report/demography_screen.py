"""What a reader of the demography sees on the screen: short tables, the files hold the rest."""

from collections.abc import Mapping

import pandas as pd

from qyforecast.judge.hindcast import TOLERANCE
from qyforecast.report.overview import TextTable


def known_table(evidence: pd.DataFrame, names: Mapping[str, str]) -> TextTable:
    """Lay out what each rate rests on, places together.

    Parameters
    ----------
    evidence : DataFrame
        As `evidence_table` makes it.
    names : mapping of str to str
        Names by code.

    Returns
    -------
    TextTable
        Measured first, judged last.
    """
    order = ["measured", "published", "estimated", "judgement"]
    rows = []
    keys = ["grade", "rate", "source"]
    for (grade, rate, source), lines in evidence.groupby(keys, sort=False):
        years = sorted({int(year) for year in lines["year"].dropna()})
        places = list(lines["place"].unique())
        where = names.get(places[0], places[0]) if len(places) == 1 else f"{len(places)} places"
        when = ", ".join(map(str, years))
        rows.append((str(grade), str(rate), where, when, _span(lines["value"]), str(source)))
    rows.sort(key=lambda row: order.index(row[0]))
    return TextTable(
        "What is measured, published, estimated and judged",
        ("grade", "what", "where", "year", "value", "rests on"),
        tuple(rows),
        ("Where several places stand together the value is the lowest and the highest; every "
         "place is in evidence.csv, every rate by area, sex and age in rates.csv.",),
    )  # fmt: skip


def _span(values: pd.Series) -> str:
    """One value, or the lowest and highest by the number they begin with."""
    if values.nunique() == 1:
        return str(values.iloc[0])
    numbers = values.str.split(" ").str[0].str.replace(",", "").str.rstrip("%")
    if pd.to_numeric(numbers, errors="coerce").isna().any():
        return f"{values.nunique()} different"
    ranked = values.iloc[numbers.astype(float).argsort()]
    return f"{str(ranked.iloc[0]).split(' ')[0]} to {ranked.iloc[-1]}"


def checks_beside(checks: pd.DataFrame, names: Mapping[str, str]) -> TextTable:
    """Lay out estimates beside published figures; counties of one figure together.

    Parameters
    ----------
    checks : DataFrame
        As `checks_table` makes it.
    names : mapping of str to str
        Names by code.

    Returns
    -------
    TextTable
        Estimate, published figure, their ratio, and what to think of it.
    """
    rows = []
    for (what, year, city), lines in checks.groupby(
        ["what", "year", checks["place"].str.endswith("00")], sort=False
    ):
        if len(lines) == 1 or city:
            for row in lines.to_dict("records"):
                place = names.get(str(row["place"]), str(row["place"]))
                rows.append((str(what), place, str(year), _number(row["estimated"], row["unit"]),
                             _number(row["published"], row["unit"]), f"{row['ratio']:.2f}",
                             str(row["verdict"])))  # fmt: skip
        else:
            ratio, apart = lines["ratio"], lines[~lines["verdict"].str.startswith("within")]
            verdict = "all " + str(lines["verdict"].iloc[0])
            if len(apart):
                remark = str(apart["verdict"].iloc[0]).split(": ")[-1]
                verdict = f"{len(apart)} of {len(lines)} differ by more than stated: {remark}"
            rows.append((str(what), f"{len(lines)} counties", str(year), "", "",
                         f"{ratio.min():.2f} to {ratio.max():.2f}", verdict))  # fmt: skip
    heads = ("what", "where", "year", "estimated", "published", "ratio", "verdict")
    return TextTable("Estimates beside published figures", heads, tuple(rows), ())


def _number(value: float, unit: str) -> str:
    words = {"per mille": f"{value:.2f} ‰", "year": f"{value:.2f} years"}
    return words.get(unit, f"{value:,.0f}")


def hindcast_table(errors: pd.DataFrame, years: tuple[int, int]) -> TextTable:
    """Lay out how far the accounts end from the second census.

    Parameters
    ----------
    errors : DataFrame
        Of a `Hindcast`.
    years : tuple of int
        The two censuses.

    Returns
    -------
    TextTable
        A row for each measure, a column for each method.
    """
    wide = errors.pivot(index="measure", columns="method", values="error")
    methods, measures = list(errors["method"].unique()), list(errors["measure"].unique())
    rows = tuple(
        (name, *(f"{100 * wide.loc[name, method]:.1f} %" for method in methods),
         f"{100 * TOLERANCE[name]:.0f} %" if name in TOLERANCE else "")
        for name in measures
    )  # fmt: skip
    return TextTable(
        f"The census of {years[0]} projected to {years[1]}: error over the people counted",
        ("error by", *methods, "tolerance of the fitted"),
        rows,
        ("The fitted rates are made from the same two censuses: this shows that estimates and "
         "accounts agree, not how well they forecast. A county has no part in the rates of the "
         "other counties. The first census is corrected for children it missed, the second is "
         "not; children under ten rest on the judged children_share.",),
    )  # fmt: skip


def totals_table(totals: pd.DataFrame, as_of: int, draws: int) -> TextTable:
    """Lay out published residents beside the band forecast.

    Parameters
    ----------
    totals : DataFrame
        As `totals_in_band` makes it.
    as_of : int
        Year of knowledge of the band.
    draws : int
        Number of draws.

    Returns
    -------
    TextTable
        With the answer, and what a year outside means.
    """
    rows = tuple(
        (str(row["year"]), f"{row['published']:,.0f}", f"{row['median']:,.0f}",
         f"{row['lower']:,.0f} to {row['upper']:,.0f}", "yes" if row["inside"] else "no",
         f"{100 * row['share_below']:.0f} %")
        for row in totals.to_dict("records")
    )  # fmt: skip
    missed = totals[~totals["inside"]]
    answer = f"{len(totals) - len(missed)} of {len(totals)} published totals lie in the 90 % band."
    if len(missed):
        side = (missed["published"] > missed["upper"]).map({True: "above", False: "below"})
        years = ", ".join(f"{y} {s}" for y, s in zip(missed["year"], side, strict=True))
        answer += (
            f" Outside: {years}: net migration left its last decade further than provinces do."
        )
    return TextTable(
        f"The city's residents at year end, forecast as of {as_of} ({draws:,} draws)",
        ("year", "published", "median", "90 % band", "inside", "draws below"),
        rows,
        (answer,
         "The spread of net migration is learnt from provinces' figures published by "
         f"{as_of}, without these totals; whoever chose the rule knew them: no blind test. "
         "The years are one course, not so many tests; the published totals rest on sample "
         "surveys, whose error the band leaves out.",),
    )  # fmt: skip


def registered_table(residents: pd.DataFrame, names: Mapping[str, str], year: int) -> TextTable:
    """Lay out the two totals of a census year.

    Parameters
    ----------
    residents : DataFrame
        As `resident_and_registered` makes it.
    names : mapping of str to str
        Names by code.
    year : int
        Census year in which the registered were counted.

    Returns
    -------
    TextTable
        A row for each region, and what cannot be had.
    """
    here = residents[residents["year"] == year]
    rows = tuple(
        (names.get(str(row["region_code"]), ""), f"{row['resident']:,.0f}",
         f"{row['registered']:,.0f}", f"{row['registered_over_resident']:.2f}",
         f"{100 * row['resident_urban_share']:.1f} %")
        for row in here.to_dict("records")
    )  # fmt: skip
    both = residents.dropna(subset="registered_urban_share").to_dict("records")
    shares = "; ".join(
        f"{names.get(str(row['region_code']), '')} {row['year']}: "
        f"{100 * row['registered_urban_share']:.1f} %"
        for row in both
    )
    return TextTable(
        f"Residents and registered population, {year}",
        ("where", "resident", "registered", "ratio", "urban share of residents"),
        rows,
        ("Registered people are counted where their household book is, residents where they live. "
         "Not to be had: the registered of 2020, and the registered by urban or rural book for "
         f"the city. Published urban shares of the registered: {shares or 'none'}.",),
    )  # fmt: skip


def schedules_text(schedules: pd.DataFrame, names: Mapping[str, str]) -> TextTable:
    """Lay out which Rogers-Castro schedule describes each flow, and how well.

    Parameters
    ----------
    schedules : DataFrame
        As `schedules_table` makes it.
    names : mapping of str to str
        Names by code.

    Returns
    -------
    TextTable
        A row for each region; men and women side by side.
    """
    cells = schedules.assign(
        cell=[
            f"{int(p)} par., {100 * m:.0f} % misplaced" if pd.notna(p) else str(v)
            for p, m, v in schedules[["parameters", "misplaced", "verdict"]].itertuples(index=False)
        ],
        column=schedules["flow"] + ", " + schedules["sex"].map({"male": "men", "female": "women"}),
    )
    wide = cells.pivot(index="region_code", columns="column", values="cell")
    columns = list(dict.fromkeys(cells["column"]))
    order = list(dict.fromkeys(cells["region_code"]))
    rows = tuple((names[code], *(str(v) for v in wide.loc[code, columns])) for code in order)
    return TextTable(
        "Rogers–Castro schedules of net departures and arrivals",
        ("where", *columns),
        rows,
        ("Family by the corrected Akaike criterion, the rates resting on 18 five-year groups: too "
         "few for 13 parameters. Up to 10 % misplaced is called a fit. Net arrivals leave holes at "
         "the ages that lose, which no such schedule has: the forecast uses the smooth rates of "
         "the cohorts themselves, the schedules only describe them.",),
    )  # fmt: skip
