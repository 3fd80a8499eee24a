"""A city's own folder: what is written can be read, checked and forecast from; never half of it."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from typer.testing import CliRunner

from qyforecast.census.census import Census, read_census
from qyforecast.census.descriptor import NAME
from qyforecast.census.dictionary import dictionary_page
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.panel import Panel
from qyforecast.census.stand_in import stand_in_lines
from qyforecast.cli import app
from qyforecast.demography.paths import draw_rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import DataError, OutputError, QyforecastError
from qyforecast.inference.design import make_design
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.spec import read_spec
from qyforecast.projection.project import project
from qyforecast.provenance import shipped_folder
from qyforecast.report.city_folder import import_city, write_example
from qyforecast.report.city_notes import parse_promise
from qyforecast.report.inspection import inspect_files
from qyforecast.report.request import Request, request_of
from tests.census.open_county_files import PREFECTURE, both, census, write_csv

SPEC = shipped_folder("models") / "urbanization" / "spec.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Import the prefecture of two counties once."""
    place = tmp_path_factory.mktemp("own")
    import_city(both(place), PREFECTURE, place / "city", promise=(2035, 0.6))
    return place / "city"


@pytest.fixture(scope="module")
def city(made: Path) -> Census:
    """Read what was imported."""
    return read_census(made / "census")


def say(*words: str):
    """Run the command line."""
    return CliRunner().invoke(app, list(words))


def test_what_was_counted_is_in_the_folder(city: Census) -> None:
    assert (city.city, city.regions) == (PREFECTURE, ("530902", "530981"))
    assert city.names["530981"][0] == "凤庆市"
    assert float(city.residence.sel(year=2020).sum()) == 771_008
    urban = city.residence.sel(year=2010, region="530981", residence="urban")
    assert float(urban) == round(0.22 * 441_007)
    assert city.sectors().sel(year=2020, region="530902").values.tolist() == pytest.approx(
        [0.5, 0.15, 0.35], abs=1e-4
    )
    assert city.schooling.sizes["level"] == 0


def test_the_fit_sees_the_city_among_the_shipped_provinces(city: Census) -> None:
    panel = Panel.from_census(city, as_of=2021)
    assert panel.province == "530000"
    assert {"530000", "620000"} <= set(panel.counties["province"].values)
    design = make_design(read_spec(SPEC), panel)
    home = panel.provinces["province"].values.tolist().index("530000")
    assert design.county_province[design.own].tolist() == [home, home]
    assert design.county_heard.all()


def test_the_provinces_value_added_stands_in(city: Census) -> None:
    panel = Panel.from_census(city, as_of=2021)
    theirs = panel.provinces["value_added"].sel(province="530000", year=2020)
    np.testing.assert_allclose(panel.city_mix.sel(year=2020), theirs)
    drivers = draw_drivers(city, panel, to=2025, draws=8, seed=1)
    np.testing.assert_allclose(drivers.value_added.sel(year=2020).isel(draw=0, region=0), theirs)
    said = " ".join(stand_in_lines(city))
    for word in ("value added", "urban share", "residents of the city since 2020", "deaths"):
        assert word in said


def test_rates_can_be_estimated_and_rest_on_the_nation(city: Census) -> None:
    base = estimate_rates(city, as_of=2021)
    assert base.population.total == 771_008
    children = base.total_fertility()
    assert ((children > 0.3) & (children < 4)).all()


def test_the_shipped_city_has_everything() -> None:
    assert stand_in_lines(read_census()) == []


def test_one_region_is_enough(tmp_path: Path) -> None:
    files = [write_csv(tmp_path / f"c{y}.csv", census(y)[:2]) for y in (2010, 2020)]
    import_city(files, PREFECTURE, tmp_path / "one")
    alone = read_census(tmp_path / "one" / "census")
    base = estimate_rates(alone, as_of=2021)
    assert alone.regions == ("530901",)
    assert not base.mobility.leaving_rate.any()
    assert base.mobility.destination.values.tolist() == [1.0]
    years = list(range(2020, 2026))
    share = xr.DataArray(
        np.tile(np.linspace(0.5, 0.6, 6)[:, None], (4, 1, 1)),
        {"draw": range(4), "year": years, "region": list(alone.regions)},
        ("draw", "year", "region"),
    )
    rates = draw_rates(base, years=years[1:], draws=4, seed=1)
    projection = project(base.population, rates, UrbanPath(share), to=2025)
    np.testing.assert_allclose(projection.urban_share().sel(year=2025), 0.6)
    assert projection.imbalance() < 1e-9


def test_a_census_brought_back_is_not_heard(tmp_path: Path) -> None:
    import_city([write_csv(tmp_path / "c2020.csv", census(2020))], PREFECTURE, tmp_path / "one")
    alone = read_census(tmp_path / "one" / "census")
    panel = Panel.from_census(alone, as_of=2021)
    design = make_design(read_spec(SPEC), panel)
    assert design.county_heard[design.own].tolist() == [0.0, 0.0]
    assert design.county_heard.sum() == len(design.county_heard) - 2
    assert panel.fingerprint != Panel.from_census(read_census(), as_of=2021).fingerprint
    assert any("brought back" in line for line in stand_in_lines(alone))


def test_without_employment_the_yearbook_speaks(tmp_path: Path) -> None:
    gone = {"emp_sample", "emp_agr_pct", "emp_ind_pct", "emp_srv_pct"}
    files = [
        write_csv(
            tmp_path / f"c{y}.csv",
            [{k: v for k, v in row.items() if k not in gone} for row in census(y)],
        )
        for y in (2010, 2020)
    ]
    _, said = import_city(files, PREFECTURE, tmp_path / "own")
    census_ = read_census(tmp_path / "own" / "census")
    rows = census_.provinces.set_index(["region_code", "year", "variable"])["value"]
    jobs = [rows["530000", 2020, f"employed_{s}"] for s in ("primary", "secondary", "tertiary")]
    found = census_.sectors().sel(year=2020, region="530902").values
    np.testing.assert_allclose(found, np.array(jobs) / sum(jobs), atol=1e-4)
    assert any("yearbook" in one.english for one in said)


def test_notes_dictionary_and_targets_are_there(made: Path) -> None:
    notes = (made / "notes.md").read_text("utf-8")
    assert "临沧市 530900" in notes
    assert "death rates" in notes
    assert "死亡率" in notes
    page = (made / "dictionary.md").read_text("utf-8")
    assert "age_residence.csv" in page
    assert "county_grid" not in page
    targets = (made / "scenarios" / "targets.yaml").read_text("utf-8")
    assert "threshold: 0.6000" in targets


def test_the_dictionary_has_both_languages_for_every_column() -> None:
    folder = shipped_folder("census")
    content = json.loads((folder / NAME).read_text("utf-8"))
    page = dictionary_page(folder)
    fields = [field for item in content["resources"] for field in item["schema"]["fields"]]
    assert len(fields) > 100
    for field in fields:
        assert field["description"]
        assert any("一" <= letter <= "鿿" for letter in field["description_zh"])
        assert f"| {field['name']} | {field['description_zh']} | {field['description']} |" in page


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    files = both(tmp_path)
    with pytest.raises(DataError, match="no such prefecture"):
        import_city(files, "110100", tmp_path / "own")
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in files]
    (tmp_path / "own").mkdir()
    for write in (write_example, lambda out: import_city(files, PREFECTURE, out)):
        with pytest.raises(OutputError, match="there already"):
            write(tmp_path / "own")
    assert not list((tmp_path / "own").iterdir())


@pytest.mark.parametrize("text", ["2035", "2035=65", "65%", "2035=0", "1935=0.5"])
def test_a_target_that_is_none(text: str) -> None:
    with pytest.raises(QyforecastError, match=r"write 2035=0\.65"):
        parse_promise(text)


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    files = [str(path) for path in both(tmp_path)]
    out = str(tmp_path / "own")
    done = say("import", "county-census", *files, "--prefecture", PREFECTURE, "--out", out)
    assert done.exit_code == 0, done.output
    for word in ("临沧市 530900: 2 places", "2020: 771,008 residents, 47.27 % urban", "stands in:"):
        assert word in done.output
    assert f"qyforecast check {out}" in done.output


def test_the_example_is_the_shipped_one(tmp_path: Path) -> None:
    done = say("init", str(tmp_path / "example"))
    assert done.exit_code == 0
    own = read_census(tmp_path / "example" / "census")
    assert own.sha256 == read_census().sha256
    request = request_of(tmp_path / "example", Request(tmp_path))
    assert request.model_file.read_bytes() == SPEC.read_bytes()
    problems, good = inspect_files(request)
    assert problems == []
    assert len(good) == 4


def test_check_lists_all_findings_at_once(tmp_path: Path, made: Path) -> None:
    import shutil

    folder = tmp_path / "city"
    shutil.copytree(made, folder)
    (folder / "scenarios" / "slow.yaml").write_text("name: slow\nrmap: 3\n", "utf-8")
    targets = folder / "scenarios" / "targets.yaml"
    targets.write_text(targets.read_text("utf-8").replace("0.6000", "60"), "utf-8")
    spec = folder / "models" / "urbanization" / "spec.yaml"
    spec.write_text(spec.read_text("utf-8").replace("drivers:", "divers:"), "utf-8")
    problems, _ = inspect_files(request_of(folder, Request(tmp_path)))
    told = "\n".join(map(str, problems))
    for word in ("slow.yaml", "rmap", "targets.yaml", "threshold", "divers", "spec.yaml"):
        assert word in told
    assert len(problems) >= 3


def test_check_meets_what_the_forecast_would(tmp_path: Path, made: Path) -> None:
    """Value added of one year only: the tables are right, the drivers cannot be drawn."""
    import shutil

    folder = tmp_path / "city"
    shutil.copytree(made, folder)
    series = folder / "census" / "city_series.csv"
    rows = [
        f"{PREFECTURE},2015,value_added_{s},{v},yuan,yearbook,nbs-export,2016,true,"
        for s, v in (("primary", 1e9), ("secondary", 2e9), ("tertiary", 3e9))
    ]
    series.write_text(series.read_text("utf-8") + "\n".join(rows) + "\n", "utf-8")
    request = request_of(folder, Request(tmp_path))
    problems, _ = inspect_files(request, update=True)
    assert any("value added of the city" in str(problem) for problem in problems)


def test_check_refuses_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(QyforecastError, match="no city's folder"):
        request_of(tmp_path, Request(tmp_path))


@pytest.fixture(scope="module")
def published() -> list[Path]:
    """Give the county files of the whole country, or skip where there are none."""
    cases = os.environ.get("QYFORECAST_CASES")
    folder = Path(cases).parent / "data" if cases else None
    files = [folder / f"china_counties_census{y}.csv" for y in (2010, 2020)] if folder else []
    if not files or not all(path.is_file() for path in files):
        pytest.skip("no folder data with county files lies beside QYFORECAST_CASES")
    return files


def test_the_shipped_city_comes_out_of_the_public_files(published, tmp_path: Path) -> None:
    """Imported, the worked case has the very counts that the shipped tables have."""
    shipped = read_census()
    import_city(published, shipped.city, tmp_path / "own")
    own = read_census(tmp_path / "own" / "census")
    assert own.regions == shipped.regions
    for name in ("age_sex", "residence", "migrants", "registered"):
        np.testing.assert_array_equal(getattr(own, name), getattr(shipped, name))
    np.testing.assert_allclose(own.sectors(), shipped.sectors(), atol=2e-4)


@pytest.mark.parametrize(
    ("code", "places"),
    [("620800", 7), ("620500", 7), ("441900", 1), ("520500", 8), ("220200", 6)],
)
def test_prefectures_of_the_public_files(published, tmp_path: Path, code: str, places: int) -> None:
    """Totals are the prefecture's own printed row, zones and merged districts included."""
    import_city(published, code, tmp_path / "own")
    own = read_census(tmp_path / "own" / "census")
    assert len(own.regions) == places
    people = own.residence.sel(year=2020).sum("region")
    row = pd.read_csv(published[1], dtype={"code": str}).set_index("code").loc[code]
    assert float(people.sum()) == row["pop"]
    assert float(people.sel(residence="urban")) == row["urban"]
    assert float(own.age_sex.sel(year=2020, sex="female", age=85).sum()) == row["F_85+"]
    make_design(read_spec(SPEC), Panel.from_census(own, as_of=2021))
