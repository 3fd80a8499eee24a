"""Saved results that charts are drawn from: read, checked, never made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from qyforecast.census.census import Census
from qyforecast.census.descriptor import read_descriptor
from qyforecast.census.tables import read_table
from qyforecast.documents import read_json
from qyforecast.errors import DataError, OutputError
from qyforecast.provenance import file_sha256
from qyforecast.report.figures.chart import Setting
from qyforecast.report.folder import MANIFEST
from qyforecast.report.tables import observed_table
from qyforecast.report.wording import LANGUAGES
from qyforecast.vocabulary import nearest

#: Folder of results to the command that makes it.
COMMANDS = {
    "latest": "qyforecast forecast",
    "compare": "qyforecast compare --apart all-of-it",
    "demography": "qyforecast demography",
    "backtest": "qyforecast backtest",
    "monitor": "qyforecast monitor",
    "model": "qyforecast fit",
}
GRID = "county_grid"


@dataclass(frozen=True)
class Saved:
    """Where results lie.

    Attributes
    ----------
    results : Path
        Folder with ``latest``, ``compare``, ``demography``, ``backtest``, ``monitor``.
    model : Path
        Folder of a model, with what `fit` and `backtest` leave beside its specification.
    census : Census
        What was counted: names, observed shares.
    """

    results: Path
    model: Path
    census: Census

    def table(self, need: str, region: str) -> pd.DataFrame:
        """Read a table.

        Parameters
        ----------
        need : str
            As ``latest/targets``; ``census/observed`` is taken from the census.
        region : str
            Whose observed shares.

        Returns
        -------
        DataFrame
            As it was written, codes of places as text.

        Raises
        ------
        OutputError
            If it is not there, cannot be read, or has no rows.
        """
        folder = need.partition("/")[0]
        if folder == "census":
            return observed_table(self.census, region)
        path = self.path(need)
        if not path.is_file():
            what, cure = "a chart needs results that are not there", f"run {COMMANDS[folder]}"
            raise OutputError(what, where=str(path), cure=cure)
        told = self.manifest(need).get("files", {})
        if isinstance(told, dict) and told.get(path.name) not in (None, "", file_sha256(path)):
            raise OutputError(
                "a saved table is not the one that was written",
                where=str(path),
                found="another sha256 than in its manifest",
                cure=f"run {COMMANDS[folder]} again",
            )
        try:
            table = pd.read_csv(path, dtype={"region_code": str, "region": str}, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise OutputError(
                "a saved table cannot be read",
                where=str(path),
                found=str(error),
                cure=f"run {COMMANDS[folder]} again",
            ) from error
        if table.empty:
            what, cure = "a saved table has no rows", f"run {COMMANDS[folder]} again"
            raise OutputError(what, where=str(path), cure=cure)
        return table

    def path(self, need: str) -> Path:
        """Say where a table lies.

        Parameters
        ----------
        need : str
            As ``latest/targets``.

        Returns
        -------
        Path
            Its file, there or not.
        """
        folder, _, name = need.partition("/")
        return (self.model if folder == "model" else self.results / folder) / f"{name}.csv"

    def draws(self, need: str) -> int | None:
        """Read how many draws a table rests on.

        Parameters
        ----------
        need : str
            As ``compare/chances``.

        Returns
        -------
        int or None
            As the manifest beside it says; None where there is none that says it.
        """
        draws = self.manifest(need).get("draws")
        return draws if isinstance(draws, int) else None

    def manifest(self, need: str) -> Mapping[str, Any]:
        """Read what a run said of its results.

        Parameters
        ----------
        need : str
            As ``compare/chances``.

        Returns
        -------
        mapping
            The manifest beside the table; empty where there is none.

        Raises
        ------
        OutputError
            If it is broken.
        """
        path = self.path(need).with_name(MANIFEST)
        return read_json(path, OutputError) if path.is_file() else {}

    def there(self, needs: Sequence[str]) -> bool:
        """Tell whether all tables are there.

        Parameters
        ----------
        needs : sequence of str
            As ``latest/targets``.

        Returns
        -------
        bool
            Whether each has a file.
        """
        return all(n.startswith("census/") or self.path(n).is_file() for n in needs)

    def setting(self, lang: str, region: str | None = None) -> Setting:
        """Say where and in which language charts are drawn.

        Parameters
        ----------
        lang : {"en", "zh"}
            Language.
        region : str, optional
            Code of a place; the city by default.

        Returns
        -------
        Setting
            For every chart.

        Raises
        ------
        OutputError
            If there is no such language or place, or the forecast rests on other data.
        """
        census, chosen = self.census, region or self.census.city
        if lang not in LANGUAGES:
            raise OutputError(
                "no texts in this language", where="--lang", found=lang,
                cure=nearest(lang, LANGUAGES),
            )  # fmt: skip
        known = (census.city, *census.regions)
        if chosen not in known:
            raise OutputError(
                "no such county", where="--region", found=chosen, cure=nearest(chosen, known)
            )
        draws = _draws(self.results / "latest" / MANIFEST, census)
        return setting_of(census, lang, chosen, draws=draws)


def setting_of(census: Census, lang: str, region: str, *, draws: int) -> Setting:
    """Describe the setting of charts of a census.

    Parameters
    ----------
    census : Census
        Names, counties, years and layout.
    lang : {"en", "zh"}
        Language.
    region : str
        Code of the place that charts of one place show.
    draws : int
        Draws of the forecast.

    Returns
    -------
    Setting
        For every chart.
    """
    return Setting(
        lang=lang,
        region=region,
        city=census.city,
        counties=census.regions,
        names=census.names,
        years=census.years,
        grid=county_grid(census),
        draws=draws,
    )


def _draws(manifest: Path, census: Census) -> int:
    """Read the number of draws, and refuse a forecast from other data."""
    if not manifest.is_file():
        raise OutputError(
            "charts need a forecast", where=str(manifest), cure=f"run {COMMANDS['latest']}"
        )
    try:
        content = read_json(manifest, OutputError)
        draws, data = int(content["draws"]), dict(content["hashes"]["data"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise OutputError(
            "the manifest of a forecast is not one that this version writes",
            where=str(manifest),
            found=f"{type(error).__name__}: {error}",
            cure=f"run {COMMANDS['latest']} again",
        ) from error
    changed = [name for name, sha256 in data.items() if census.sha256.get(name, sha256) != sha256]
    if changed:
        raise OutputError(
            "the forecast was made from other data",
            where=str(manifest),
            found=", ".join(changed),
            cure=f"run {COMMANDS['latest']} again, or name its census folder with --data",
        )
    return draws


def county_grid(census: Census) -> Mapping[str, tuple[int, int]]:
    """Say where each county stands in charts that lay counties out as on a map.

    Parameters
    ----------
    census : Census
        Its folder may have a table ``county_grid``: ``region_code, row, column``, from 0.

    Returns
    -------
    mapping of str to tuple of int
        County to row and column; in the order of the codes, nearly square, where the
        folder has no layout.

    Raises
    ------
    DataError
        If a county has no cell, or two have the same.
    """
    resource = read_descriptor(census.folder).resources.get(GRID)
    if resource is None:
        side = int(len(census.regions) ** 0.5 + 0.999)
        return {code: divmod(place, side) for place, code in enumerate(census.regions)}
    table = read_table(resource)
    rows: list[dict[Any, Any]] = table.rows.reset_index().to_dict("records")
    cells = {str(row["region_code"]): (int(row["row"]), int(row["column"])) for row in rows}
    absent = [code for code in census.regions if code not in cells]
    grid = {code: cells[code] for code in census.regions if code in cells}
    if absent or len(set(grid.values())) < len(grid):
        raise DataError(
            "each county has one cell of its own in the layout",
            where=str(resource.path),
            found=f"no cell for {', '.join(absent)}" if absent else "two counties in one cell",
            cure="give each county a row and a column",
        )
    return grid
