"""What other commands write beside a specification is what its card reads."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qyforecast.errors import DataError, OutputError
from qyforecast.inference.calibration import calibration_table
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.report.card import Section
from qyforecast.report.card_files import CALIBRATION, FUTURES, table_beside, write_beside
from qyforecast.report.card_records import calibration_section, futures_section

WORLDS = 100


@pytest.fixture(scope="module")
def spec(checkout: Path) -> ModelSpec:
    return read_spec(checkout / "models" / "urbanization" / "spec.yaml")


def calibration(spec: ModelSpec, *, power: float = 1.0, control: float = 0.02) -> pd.DataFrame:
    """Ranks spread evenly (to a power), and a control whose ranks lie at one place."""
    even = (np.arange(WORLDS) + 0.5) / WORLDS
    names = ["pace", "year_pace[0]", "year_pace[1]"]
    ranks = pd.concat(
        pd.DataFrame({"world": np.arange(WORLDS), "parameter": name, "rank": even**power})
        for name in names
    )
    other = pd.DataFrame({"parameter": "convergence", "rank": np.full(25, control)})
    tables = [
        calibration_table(ranks).assign(data="model"),
        calibration_table(other).assign(data="convergence times 3"),
    ]
    return pd.concat(tables).assign(
        diverged=2,
        largest_rhat=1.02,
        chains=2,
        draws=700,
        version=spec.version,
        specification=spec.sha256,
    )


def shown(folder: Path, spec: ModelSpec, table: pd.DataFrame) -> Section:
    """Write a calibration as the command does and read it as the card does."""
    model = folder / "spec.yaml"
    write_beside(model, CALIBRATION, table)
    learned: Any = SimpleNamespace(model_file=model, spec=spec)
    return calibration_section(learned)


def test_a_calibration_written_is_what_the_card_shows(tmp_path: Path, spec: ModelSpec) -> None:
    section = shown(tmp_path, spec, calibration(spec))
    text = " ".join(section.sentences)
    assert "Of 3 uniformity tests (Kolmogorov and Smirnov) 0 have p below 0.05" in text
    assert "no departure" in text
    assert "made with convergence times 3: mean rank 0.02, p below 0.001: it fails" in text
    assert "largest R-hat 1.020, 2 worlds with divergences" in text
    assert "not with this one" not in text
    rows = section.tables[0].rows
    assert rows[0] == ("pace", "100", "0.50", "0.50", "0.90", "1.000")
    assert [row[0] for row in rows[1:]] == ["year pace, 2 years together"]


def test_a_departure_and_a_control_that_passes_are_said(tmp_path: Path, spec: ModelSpec) -> None:
    (tmp_path / "off").mkdir()
    off = " ".join(shown(tmp_path / "off", spec, calibration(spec, power=2.0)).sentences)
    assert "3 have p below 0.05" in off
    assert "it departs" in off
    table = calibration(spec)
    table.loc[table["data"] != "model", "p_value"] = 0.4
    assert "IT PASSES AND MUST NOT" in " ".join(shown(tmp_path, spec, table).sentences)


def test_a_calibration_of_another_version_says_so(tmp_path: Path, spec: ModelSpec) -> None:
    changed = replace(spec, version=spec.version + 1, sha256="f" * 64)
    text = shown(tmp_path, changed, calibration(spec)).sentences[-1]
    assert f"Made with version {spec.version} of the specification" in text
    assert spec.sha256[:16] in text
    assert f"(version {spec.version + 1}, `ffffffffffffffff`)" in text


def test_futures_written_are_what_the_card_shows(tmp_path: Path) -> None:
    score = {"mae": 0.0123, "crps": 0.009, "coverage80": 0.81, "coverage95": 0.94}
    where = {"method": "local trends", "driver": "value_added", "sector": "tertiary"}
    rows = [{**where, "horizon": horizon, **score} for horizon in (5, 1)]
    model = tmp_path / "spec.yaml"
    write_beside(model, FUTURES, pd.DataFrame(rows).assign(mae=[0.05, 0.0123]))
    learned: Any = SimpleNamespace(model_file=model)
    (table,) = futures_section(learned).tables
    assert table.title == "Shares of sectors 1, 5 years ahead, provinces"
    cells = ("value added, tertiary", "local trends", "1.2 · 5.0", "0.9 · 0.9", "81 · 81")
    assert table.rows[0] == (*cells, "94 · 94")


def test_what_is_missing_names_the_command(tmp_path: Path, spec: ModelSpec) -> None:
    learned: Any = SimpleNamespace(model_file=tmp_path / "spec.yaml", spec=spec)
    assert "qyforecast models calibrate" in calibration_section(learned).sentences[0]
    assert "qyforecast backtest --weigh" in futures_section(learned).sentences[0]


def test_a_table_that_cannot_be_written_or_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").write_text("no folder", "utf-8")
    with pytest.raises(OutputError, match=r"(?s)written.*none"):
        write_beside(tmp_path / "none" / "spec.yaml", CALIBRATION, pd.DataFrame({"a": [1]}))
    (tmp_path / CALIBRATION).write_text("a,b\n", "utf-8")
    with pytest.raises(DataError, match=r"(?s)no rows.*calibration\.csv"):
        table_beside(tmp_path / "spec.yaml", CALIBRATION)
