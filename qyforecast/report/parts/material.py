"""What the parts of a briefing are made of: saved tables, a language, and who ran what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from qyforecast.report.document import Paragraph
from qyforecast.report.figures.chart import Setting
from qyforecast.report.figures.rows import targets_of
from qyforecast.report.figures.saved import Saved
from qyforecast.report.names import name_of
from qyforecast.report.wording import (
    counted_text,
    interval_text,
    percent_text,
    probability_text,
    say,
)
from qyforecast.scenario.scenario import Scenario

Row = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What a briefing is made of.

    Attributes
    ----------
    saved : Saved
        Where results lie.
    setting : Setting
        Place and language.
    manifest : mapping
        Of the forecast.
    scenarios : mapping of str to Scenario
        The files that the forecast was made with.
    targets : DataFrame
        ``latest/targets`` of the city.
    """

    saved: Saved
    setting: Setting
    manifest: Mapping[str, Any]
    scenarios: Mapping[str, Scenario]
    targets: pd.DataFrame

    @property
    def lang(self) -> str:
        """Language."""
        return self.setting.lang

    @property
    def vintages(self) -> list[int]:
        """Years of knowledge, the newest last."""
        return sorted(int(year) for year in self.targets["as_of"].unique())

    @property
    def baseline(self) -> str:
        """The scenario that was run first: the one compared with."""
        return str(self.targets["scenario"].iloc[0])

    @property
    def promises(self) -> list[Row]:
        """One row of each year, its promise read strictly: ``target, year, threshold``."""
        return records(targets_of(self.targets.drop_duplicates("target")))

    @property
    def ahead(self) -> list[Row]:
        """The promises that the newest forecast still looks forward to; the last at least."""
        later = [one for one in self.promises if one["year"] > self.vintages[-1]]
        return later or self.promises[-1:]

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """Give a text. See `wording.say`."""
        return say(key, self.lang, values)

    def note(self, key: str, values: Mapping[str, object] | None = None) -> Paragraph:
        """Make a paragraph of a text. See `wording.say`."""
        return Paragraph(self.say(key, values))

    def name(self, code: object) -> str:
        """Name something. See `names.name_of`."""
        return name_of(str(code), self.lang)

    def listed(self, words: Iterable[str]) -> str:
        """Join words to a list, *and* before the last. See `str.join`."""
        *before, last = [*words] or [""]
        if not before:
            return last
        return self.say("list").join(before) + self.say("and") + last

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share. See `wording.percent_text`."""
        return percent_text(share, self.lang, decimals)

    def counted(self, row: Mapping[str, Any]) -> str:
        """Write a probability; see `wording.counted_text`, at the ends `probability_text`."""
        probability = row["probability"]
        if not 0.01 <= probability <= 0.99:
            return probability_text(probability, self.lang)
        return counted_text(probability, row["standard_error"], self.lang)

    def middle(self, row: Mapping[str, Any]) -> str:
        """Write ``median`` with ``lower80`` and ``upper80``. See `wording.interval_text`."""
        values = {
            "median": percent_text(row["median"], self.lang),
            "interval": interval_text(row["lower80"], row["upper80"], self.lang),
        }
        return self.say("cell_middle", values)

    def table(self, need: str) -> pd.DataFrame | None:
        """Read the rows of a table that speak of the city, or of no place.

        Parameters
        ----------
        need : str
            As ``compare/chances``.

        Returns
        -------
        DataFrame or None
            None where the table is not there.
        """
        if not self.saved.there([need]):
            return None
        table = self.saved.table(need, self.setting.city)
        if "region_code" not in table:
            return table
        return table[table["region_code"] == self.setting.city]


def records(table: pd.DataFrame, labels: Mapping[str, object] | None = None) -> list[Row]:
    """Take the rows that carry labels.

    Parameters
    ----------
    table : DataFrame
        A saved table.
    labels : mapping, optional
        Column to value.

    Returns
    -------
    list of dict
        Rows as they stand; none where none carries them.
    """
    for column, value in (labels or {}).items():
        table = table[table[column] == value]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
