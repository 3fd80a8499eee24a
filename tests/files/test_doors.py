"""Files cannot execute, include, or reach outside their folders; nothing calls the network."""

import ast
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.census.descriptor import NAME, read_descriptor, update_descriptor
from qyforecast.census.figure_files import read_figures
from qyforecast.documents import read_json, read_yaml
from qyforecast.errors import DataError, OutputError, QyforecastError, ScenarioError
from qyforecast.guard import SIGNS
from qyforecast.inference.posterior_checks import BROKEN, check_content, check_layout
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder
from qyforecast.report.inspection import inspect_files
from qyforecast.report.request import Request
from qyforecast.report.writing import write_table

PACKAGE = Path(__file__).parents[2] / "qyforecast"
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.fixture
def census(tmp_path: Path) -> Path:
    """Give a copy of the shipped census folder."""
    return shutil.copytree(shipped_folder("census"), tmp_path / "census")


def rewrite(folder: Path, change: Callable[[dict], object]) -> None:
    """Change the descriptor."""
    content = json.loads((folder / NAME).read_text("utf-8"))
    change(content)
    (folder / NAME).write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    "path",
    ["../secret.csv", "/etc/passwd", "a/../../secret.csv", "C:\\secret.csv", "", "..", "x\x00.csv"],
)
def test_a_table_outside_its_folder_is_refused(census: Path, path: str) -> None:
    (census.parent / "secret.csv").write_text("a\n1\n")
    rewrite(census, lambda content: content["resources"][0].update(path=path))
    for read in (read_descriptor, update_descriptor):
        with pytest.raises(DataError, match="outside the folder that describes it"):
            read(census)


def test_a_link_out_of_the_folder_is_refused(census: Path) -> None:
    table = census / "births.csv"
    outside = table.replace(census.parent / "births.csv")
    table.symlink_to(outside)
    with pytest.raises(DataError, match=r"(?s)outside the folder.*births\.csv"):
        read_descriptor(census)


def test_a_link_inside_the_folder_is_followed(census: Path) -> None:
    table = census / "births.csv"
    table.rename(census / "really.csv")
    table.symlink_to(census / "really.csv")
    assert "births" in read_descriptor(census).resources


@pytest.mark.parametrize("pattern", ["(a+)+$", r"\d*\d*\d*$", "[a-z]+", "[z-a]", "(?=x)", "a|b"])
def test_a_pattern_that_may_take_for_ever_is_refused(census: Path, pattern: str) -> None:
    def put(content: dict) -> None:
        content["resources"][0]["schema"]["fields"][0]["constraints"] = {"pattern": pattern}

    rewrite(census, put)
    with pytest.raises(DataError, match="pattern is not characters"):
        read_descriptor(census)


def test_an_unknown_unit_of_any_column_is_named(census: Path) -> None:
    """A column that no figure is taken from once ended in a KeyError."""

    def put(content: dict) -> None:
        for resource in content["resources"]:
            for field in resource["schema"]["fields"]:
                if resource["name"] == "county_grid" and field["type"] == "integer":
                    field["unit"] = "parsec"

    rewrite(census, put)
    problems, _ = inspect_files(Request(Path("results"), data=census))
    assert any("unknown unit" in p.what and "parsec" in p.found for p in problems)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "anchors and aliases are refused"),
        ("a: !!python/object/apply:os.system ['x']\n", "tags are refused"),
        ("a: !include other.yaml\n", "tags are refused"),
        ("a: " + "[" * 50 + "]" * 50 + "\n", "nested more than"),
        ("a: " + "[" * 100_000, "nested more than"),
        ("a: x\n" * 100_000, "too large"),
        ("a: 1\na: 2\n", "stands twice"),
    ],
)
def test_yaml_is_plain_data_in_every_file(text: str, words: str, tmp_path: Path) -> None:
    """Scenarios, targets and specifications are read by one reader."""
    (tmp_path / "spec.yaml").write_text(text)
    with pytest.raises(QyforecastError, match=words):
        read_spec(tmp_path / "spec.yaml")
    with pytest.raises(ScenarioError, match=words):
        read_yaml(tmp_path / "spec.yaml", ScenarioError)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "9" * 10_000, "[]", "{", "x" * 5_000_000, '{"a": \ud800}'.encode(
        "utf-8", "surrogatepass").decode("latin-1")],
)  # fmt: skip
def test_json_that_is_no_document_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text, "latin-1")
    with pytest.raises(OutputError):
        read_json(tmp_path / "x.json", OutputError)


def posterior(**arrays: np.ndarray) -> xr.Dataset:
    """Give draws as a file may hold them."""
    return xr.Dataset({k: (("chain", "draw", "n")[: v.ndim], v) for k, v in arrays.items()})


@pytest.mark.parametrize(
    ("draws", "words"),
    [
        (posterior(pace=np.zeros((2, 3))).rename(chain="link"), "has dimensions"),
        (posterior(pace=np.zeros((2, 3), int)), "not real numbers"),
        (posterior(pace=np.full((2, 3), "x", "S1")), "not real numbers"),
        (posterior(pace=np.zeros((2, 0))), "is empty"),
        (xr.Dataset(), "no draws"),
        (posterior(pace=np.array([[0.0, np.nan]])), "no number"),
        (posterior(pace=np.array([[0.0, np.inf]])), "no number"),
        (posterior(pace=np.zeros((2, 3))).assign_attrs(content="0" * 64), "not those"),
    ],
)
def test_draws_of_another_form_are_refused(draws: xr.Dataset, words: str) -> None:
    def check() -> None:
        check_layout(draws)
        check_content(draws)

    with pytest.raises(ValueError, match=words):
        check()


def test_a_small_file_that_declares_terabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.nc"
    with h5py.File(path, "w") as file:
        file.create_dataset("pace", shape=(4, 10**11), chunks=(1, 1000), dtype="f8")
        for place, name in enumerate(("chain", "draw")):
            scale = file.create_dataset(name, shape=((4, 10**11)[place],), chunks=(4,), dtype="f8")
            scale.make_scale(name)
            file["pace"].dims[place].attach_scale(scale)
    assert path.stat().st_size < 100_000
    with (
        xr.open_dataset(path, engine="h5netcdf", drop_variables=["chain", "draw"]) as data,
        pytest.raises(ValueError, match="declares"),
    ):
        check_layout(data)
    assert ValueError in BROKEN


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_is_a_formula(sign: str, tmp_path: Path) -> None:
    """Words and headings are guarded, numbers are not, and what was written is read."""
    table = pd.DataFrame({"text": [f"{sign}1+1", "plain"], f"{sign}SUM(A1)": [-1.5, 2.0]})
    write_table(table, tmp_path / "a.csv", "%.2f")
    found = pd.read_csv(tmp_path / "a.csv", dtype=str)
    assert found.iloc[0, 0] == f"'{sign}1+1"
    assert found.iloc[1, 0] == "plain"
    assert str(found.columns[1]).startswith("'")
    assert found.iloc[:, 1].tolist() == ["-1.50", "2.00"]


def test_a_guarded_source_comes_back_as_it_was(tmp_path: Path) -> None:
    table = pd.DataFrame({"year": [2024], "urban": [0.478], "source": ["=HYPERLINK(1)"]})
    write_table(table, tmp_path / "figures.csv", "%.10g")
    assert "'=HYPERLINK" in (tmp_path / "figures.csv").read_text()
    (figure,) = read_figures(tmp_path / "figures.csv")
    assert figure.source == "=HYPERLINK(1)"


def calls() -> Iterator[tuple[str, ast.Call]]:
    """List every call in the package."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path.name}:{node.lineno} {ast.unparse(node.func)}", node


def modules() -> Iterator[tuple[str, str]]:
    """List every imported module."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((f"{path.name}:{node.lineno}", alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield f"{path.name}:{node.lineno}", str(node.module)


#: Modules that turn bytes into code or objects, and those that open connections. numba's
#: `dumps` only makes a key for its cache; workers of a backtest pass their tasks in memory.
CODE = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib", "code", "runpy"}
NETWORK = {"socket", "ssl", "urllib", "http", "ftplib", "smtplib", "requests", "httpx", "aiohttp"}
#: Parts of those that take texts apart and open nothing; the app reads addresses with them.
TEXT = {"urllib.parse", "http.cookies"}


def test_nothing_is_unpickled_and_nothing_opens_a_connection() -> None:
    found = [
        where
        for where, name in modules()
        if name.split(".")[0] in CODE | NETWORK and name not in TEXT
    ]
    assert found == []
    assert len(list(modules())) > 500


def test_no_call_runs_what_a_file_says() -> None:
    run = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load"}
    run |= {"pd.read_pickle", "pickle.loads", "pd.eval"}
    found = []
    for where, node in calls():
        name = ast.unparse(node.func)
        said = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        loose = name == "np.load" and said.get("allow_pickle") != "False"
        asks = name.startswith("subprocess.") or name.endswith((".to_pickle", ".query"))
        if name in run or loose or asks or said.get("allow_pickle") == "True":
            found.append(where)
    assert found == []


def test_reading_everything_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    with pytest.raises(AssertionError, match="a connection"):
        socket.create_connection(("localhost", 9))
    problems, good = inspect_files(Request(Path("results")))
    assert problems == []
    assert len(good) >= 4
