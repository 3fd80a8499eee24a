"""Bad input at the command line: one error that says where, exit code 2, nothing left behind."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast.census.descriptor import update_descriptor
from qyforecast.cli import main
from qyforecast.inference.fit import Fitter
from qyforecast.provenance import shipped_folder

Fault = Callable[[Path], object]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """Inputs that can be read quickly: of the provinces, only those of the neighbourhood."""
    place = tmp_path_factory.mktemp("sound")
    for kind in ("census", "models", "scenarios"):
        shutil.copytree(shipped_folder(kind), place / kind)
    path = place / "census" / "provinces.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    near = tuple(f"{code}0000" for code in ("00", "61", "62", "64"))
    path.write_text("".join([lines[0], *(ln for ln in lines if ln.startswith(near))]), "utf-8")
    update_descriptor(place / "census")
    return place


@pytest.fixture
def place(sound: Path, tmp_path: Path) -> Path:
    """Give a copy that a test may spoil."""
    shutil.copytree(sound, tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture(autouse=True)
def _no_fit_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults of files are found before the minute that a fit takes."""

    def start(*_: object) -> None:
        raise AssertionError("a fit was started")

    monkeypatch.setattr(Fitter, "__init__", start)


class Ended:
    """How a run of the command line ended.

    Parameters
    ----------
    code : int
        Exit code.
    said : str
        What was written to standard error, spinner left out.
    """

    def __init__(self, code: int, said: str) -> None:
        self.code, self.said = code, said

    @property
    def error(self) -> str:
        """The message."""
        assert self.said.count("error:") == 1, self.said
        return self.said[self.said.index("error:") :]


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Callable[..., Ended]:
    """Run a command on the folders of `place`, as from a shell."""

    def call(command: str, *options: str) -> Ended:
        folders = {
            "--data": place / "census",
            "--model": place / "models" / "urbanization" / "spec.yaml",
            "--scenarios": place / "scenarios",
        }
        words = [word for key, value in folders.items() for word in (key, str(value))]
        if command == "forecast" and "--out" not in options:
            words += ["--out", str(place / "results" / "latest")]
        monkeypatch.setattr(sys, "argv", ["qyforecast", command, *words, *options])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, capsys.readouterr().err)

    return call


def leftovers(place: Path) -> list[str]:
    """Name files under ``results``."""
    return sorted(str(p.relative_to(place)) for p in (place / "results").rglob("*") if p.is_file())


def cells(name: str, lines: range, column: str, change: Callable[[str], str]) -> Fault:
    """Change cells of a census table, line 1 being the heading."""

    def fault(place: Path) -> None:
        path = place / "census" / name
        rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
        at = rows[0].index(column)
        for number in lines:
            if number <= len(rows) and rows[number - 1][at]:
                rows[number - 1][at] = change(rows[number - 1][at])
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")

    return fault


def swap(name: str, old: str, new: str) -> Fault:
    """Replace the first occurrence of a text in a file."""

    def fault(place: Path) -> None:
        text = (place / name).read_text("utf-8")
        assert old in text
        (place / name).write_text(text.replace(old, new, 1), "utf-8")

    return fault


def without(name: str, start: str) -> Fault:
    """Leave out the lines that start so."""

    def fault(place: Path) -> None:
        lines = (place / name).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) < len(lines)
        (place / name).write_text("".join(kept), "utf-8")

    return fault


def twice(name: str, line: int) -> Fault:
    """Repeat a line at the end of the file."""

    def fault(place: Path) -> None:
        lines = (place / name).read_text("utf-8").splitlines(keepends=True)
        (place / name).write_text("".join([*lines, lines[line - 1]]), "utf-8")

    return fault


ALL = range(2, 10_000)

# what is done to the files, and what the one message must say: file, row, key
FILES: dict[str, tuple[Fault, list[str]]] = {
    "a table in 万": (
        cells("age_sex.csv", ALL, "persons", lambda c: f"{int(c) / 10_000:.4f}"),
        ["age_sex.csv, line 2", "column persons", "10 thousand persons"],
    ),
    "a missing county": (without("census/residence.csv", "621027"), ["residence.csv", "621027"]),
    "a cell that is not a number": (
        cells("age_sex.csv", range(40, 41), "persons", lambda _: "NaN"),
        ["age_sex.csv, line 40", "column persons", "NaN"],
    ),
    "a negative count": (
        cells("residence.csv", range(4, 5), "urban", lambda c: f"-{c}"),
        ["residence.csv, line 4", "column urban", "-181780"],
    ),
    "a row twice": (twice("census/employment.csv", 3), ["employment.csv, line", "621000"]),
    "urban and rural are not the total": (
        # in the city and in a county, so that the counties still add up
        cells("residence.csv", range(2, 6, 2), "urban", lambda c: str(int(c) + 1)),
        ["residence.csv, line 2", "urban", "rural", "total"],
    ),
    "a scenario key misspelt": (
        swap("scenarios/settling-in.yaml", "    places: all", "    place: all"),
        ["settling-in.yaml, line", "place", "did you mean 'places'?"],
    ),
    "a target before the base year": (
        swap("scenarios/targets.yaml", "year: 2025", "year: 2019"),
        ["targets.yaml, line", "year", "2019", "2020"],
    ),
    "a target after the forecast": (
        swap("scenarios/targets.yaml", "year: 2035", "year: 2040"),
        ["targets.yaml", "2035-at-least-65", "2040", "--to 2040"],
    ),
    "an unknown sampler": (
        swap("models/urbanization/spec.yaml", "name: nutpie", "name: nutpi"),
        ["spec.yaml: sampler: name", "nutpi", "did you mean 'nutpie'?"],
    ),
    "a prior that does not exist": (
        swap("models/urbanization/spec.yaml", "  convergence: {", "  convergance: {"),
        ["spec.yaml", "converg"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_fault_in_a_file(name: str, place: Path, run: Callable[..., Ended]) -> None:
    fault, words = FILES[name]
    fault(place)
    ended = run("forecast", "--quiet")
    assert ended.code == 2
    for word in words:
        assert word in ended.error
    assert "Traceback" not in ended.said
    assert leftovers(place) == []


OPTIONS: dict[str, tuple[list[str], list[str]]] = {
    "an unknown scenario": (
        ["--scenario", "setling-in"],
        ["no such scenario", "setling-in", "did you mean 'settling-in'?"],
    ),
    "a year before the census": (["--as-of", "1999"], ["--as-of", "1999", "2021 to 2025"]),
    "a year to come": (["--as-of", "2050"], ["--as-of", "2050", "2021 to 2025"]),
    "a word for a year": (["--as-of", "latest"], ["--as-of", "latest", "or newest"]),
    "one good vintage and one bad": (
        ["--as-of", "newest", "--as-of", "2020"],
        ["--as-of", "2020", "2021 to 2025"],
    ),
    "an end before a target": (
        ["--to", "2030"],
        ["targets.yaml: 2035-at-least-65", "the forecast ends in 2030", "--to 2035"],
    ),
    "no posterior and no fit": (
        ["--no-fit"],
        ["no saved posterior", "as-of-2021-full.nc", "run without --no-fit"],
    ),
    "a folder that is not there": (["--data", "nowhere"], ["nowhere", "datapackage.json"]),
    "a specification that is not there": (["--model", "none.yaml"], ["none.yaml"]),
    "scenarios that are not there": (["--scenarios", "nowhere"], ["nowhere", "no scenarios"]),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_fault_in_an_option(name: str, place: Path, run: Callable[..., Ended]) -> None:
    options, words = OPTIONS[name]
    ended = run("forecast", "--quiet", *options)
    assert ended.code == 2
    for word in words:
        assert word in ended.error
    assert leftovers(place) == []


@pytest.mark.parametrize(
    ("options", "word"), [(["--draws", "399"], "--draws"), (["--horizon", "3"], "--horizon")]
)
def test_an_option_that_the_parser_refuses(options, word, place: Path, run) -> None:
    ended = run("forecast", *options)
    assert ended.code == 2
    assert word in ended.said
    assert leftovers(place) == []


def test_a_stale_posterior_is_not_forecast_from(place: Path, run: Callable[..., Ended]) -> None:
    path = place / "results" / "posteriors" / "as-of-2021-full.nc"
    path.parent.mkdir(parents=True)
    attributes = {"specification": "0" * 64, "panel": "0" * 16, "as_of": 2021, "health": "{}"}
    attributes |= {"seed": 2022, "code": "0" * 16, "rival": "full"}
    draws = xr.Dataset({"pace": (("chain", "draw"), np.zeros((4, 100)))}, attrs=attributes)
    draws.to_netcdf(path, engine="h5netcdf")
    ended = run("forecast", "--quiet", "--no-fit", "--draws", "400")
    assert ended.code == 2
    for word in ("fitted to another specification", "as-of-2021-full.nc", "without --no-fit"):
        assert word in ended.error
    assert leftovers(place) == ["results/posteriors/as-of-2021-full.nc"]


def test_a_folder_that_cannot_be_written(place: Path, run: Callable[..., Ended]) -> None:
    """A file stands where the folder should lie; a superuser may write everywhere else."""
    (place / "taken").write_text("years of work")
    for out in ("taken", "taken/latest"):
        ended = run("forecast", "--quiet", "--out", str(place / out))
        assert ended.code == 2
        assert str(place / out) in ended.error
        assert "--out" in ended.error
    assert (place / "taken").read_text() == "years of work"


def test_results_of_an_earlier_run_stay(place: Path, run: Callable[..., Ended]) -> None:
    latest = place / "results" / "latest"
    latest.mkdir(parents=True)
    (latest / "manifest.json").write_text('{"files": {"targets.csv": ""}}')
    (latest / "targets.csv").write_text("earlier")
    FILES["a negative count"][0](place)
    assert run("forecast", "--quiet").code == 2
    assert (latest / "targets.csv").read_text() == "earlier"
    assert leftovers(place) == ["results/latest/manifest.json", "results/latest/targets.csv"]


def test_check_tells_all_faults_at_once(place: Path, run: Callable[..., Ended]) -> None:
    """Two tables are wrong: both are told, with every line of the message."""
    FILES["a negative count"][0](place)
    FILES["a cell that is not a number"][0](place)
    ended = run("check")
    assert ended.code == 2
    for word in ("residence.csv, line 4", "-181780", "age_sex.csv, line 40", "NaN"):
        assert word in ended.said
    assert not (place / "results").exists()


def test_check_tells_faults_of_model_scenarios_and_targets(place: Path, run) -> None:
    for name in (
        "a scenario key misspelt",
        "a target before the base year",
        "an unknown sampler",
    ):
        FILES[name][0](place)
    ended = run("check")
    assert ended.code == 2
    for word in ("spec.yaml: sampler", "settling-in.yaml, line", "targets.yaml, line"):
        assert word in ended.said
    assert "3 problems" in ended.said
