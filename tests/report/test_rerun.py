"""A forecast repeated from its manifest, or the reasons why it is not."""

import json
import shutil
import socket
import sys
from pathlib import Path

import pytest

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.cli import main
from qyforecast.errors import OutputError
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder
from qyforecast.report.pipeline import produce
from qyforecast.report.request import Request
from qyforecast.report.rerun import read_manifest, repeat
from tests.report.hand_made import make_posterior

DRAWS, SEED = 400, 5


@pytest.fixture(scope="module")
def request_made(tmp_path_factory: pytest.TempPathFactory) -> Request:
    """Make a forecast from a posterior made by hand, without the network."""
    place = tmp_path_factory.mktemp("first")
    model = place / "model" / "spec.yaml"
    model.parent.mkdir()
    text = (shipped_folder("models") / "urbanization" / "spec.yaml").read_text("utf-8")
    model.write_text(text.replace("draws: 1000", "draws: 100"), "utf-8")
    scenarios = shutil.copytree(shipped_folder("scenarios"), place / "scenarios")
    spec, panel = read_spec(model), Panel.from_census(read_census(), as_of=2021)
    saved = place / "results" / "posteriors" / "as-of-2021-full.nc"
    make_posterior(spec, panel, draws=DRAWS, seed=SEED).save(saved)
    request = Request(
        out=place / "results" / "latest",
        model=model,
        scenarios=scenarios,
        chosen=("baseline",),
        as_of=("2021",),
        draws=DRAWS,
        seed=SEED,
        may_fit=False,
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", _refuse)
        patched.setattr(socket, "getaddrinfo", _refuse)
        produce(request)
    return request


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("a connection was opened")


def call(request: Request, *options: str) -> list[str]:
    """Give the words of the command."""
    words = ["qyforecast", "rerun", str(request.out / "manifest.json"), "--quiet"]
    words += ["--model", str(request.model), "--scenarios", str(request.scenarios)]
    return [*words, *options]


def test_a_forecast_is_repeated_bit_for_bit(request_made, monkeypatch) -> None:
    monkeypatch.setattr(sys, "argv", call(request_made))
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    again = request_made.out.with_name("latest-again")
    names = sorted(path.name for path in request_made.out.iterdir())
    assert {"targets.csv", "draws.nc", "fan.png"} < set(names)
    for name in names:
        if name != "manifest.json":  # it says how long everything took
            assert (again / name).read_bytes() == (request_made.out / name).read_bytes(), name


def changed(request: Request, **changes: object) -> Path:
    """Copy the manifest with other content."""
    content = json.loads((request.out / "manifest.json").read_text()) | changes
    path = request.out.parent / "changed.json"
    path.write_text(json.dumps(content))
    return path


def test_another_version_is_named_and_refused(request_made: Request) -> None:
    told = read_manifest(request_made.out)
    path = changed(request_made, versions={**told.versions, "numpy": "1.0", "nothing": "3"})
    with pytest.raises(OutputError, match="cannot be repeated bit for bit") as refused:
        repeat(read_manifest(path), request_made)
    assert "numpy was 1.0 and is" in refused.value.found
    assert "nothing was 3 and is not installed" in refused.value.found
    assert "--anyway" in refused.value.cure


def test_changed_files_are_named_and_refused(request_made: Request) -> None:
    scenario = request_made.scenario_folder / "baseline.yaml"
    saved = request_made.out.parent / "posteriors" / "as-of-2021-full.nc"
    text, draws = scenario.read_text("utf-8"), saved.read_bytes()
    told = read_manifest(request_made.out)
    try:
        scenario.write_text(text + "# another\n", "utf-8")
        saved.unlink()
        with pytest.raises(OutputError, match="cannot be repeated") as refused:
            repeat(told, request_made)
    finally:
        scenario.write_text(text, "utf-8")
        saved.write_bytes(draws)
    assert "scenario file baseline.yaml is another" in refused.value.found
    assert "no saved posterior" in refused.value.found


def test_one_may_go_on_and_is_told(request_made: Request, monkeypatch, capsys) -> None:
    told = read_manifest(request_made.out)
    files = {**told.files, "targets.csv": "0" * 64}
    path = changed(request_made, versions={**told.versions, "numpy": "1.0"}, files=files)
    again = request_made.out.with_name("anyway")
    words = call(request_made, "--anyway", "--out", str(again))
    monkeypatch.setattr(sys, "argv", [*words[:2], str(path), *words[3:]])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr().err
    assert "numpy was 1.0" in said
    assert "targets.csv differs" in said
    first = (request_made.out / "targets.csv").read_bytes()
    assert (again / "targets.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"command": "compare"}, "not the manifest of a forecast"),
        ({"as_of": []}, "holds what it cannot"),
        ({"seed": -1}, "holds what it cannot"),
        ({"asked": None}, "holds what it cannot"),
        ({"files": {"a": 1}}, "holds what it cannot"),
    ],
)
def test_a_manifest_of_another_form_is_refused(request_made, changes, words) -> None:
    with pytest.raises(OutputError, match=words):
        read_manifest(changed(request_made, **changes))
