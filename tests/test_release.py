"""The wheel works where there is no checkout; what it rests on is listed with licences."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qyforecast.cli import app
from qyforecast.report.installed import bill_of_materials, installed_packages, normal

ROOT = Path(__file__).parents[1]
UV = os.environ.get("UV") or shutil.which("uv") or ""


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command that must succeed, without the checkout on the path."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{words}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build wheel and source distribution; the wheel from the source distribution."""
    if not UV:
        pytest.skip("uv is not installed")
    place = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--quiet", "--out-dir", place, ROOT, cwd=ROOT)
    return place


def environment_of(place: Path) -> Path:
    """Make an empty environment and give its Python."""
    run(UV, "venv", "--quiet", "--python", sys.executable, place / "venv", cwd=ROOT)
    return place / "venv" / "bin" / "python"


def try_out(python: Path, place: Path) -> None:
    """Use the command away from the checkout: help, and what reads the shipped files."""
    command = python.with_name("qyforecast")
    assert "--as-of" in run(command, "forecast", "--help", cwd=place, COLUMNS="200")
    said = run(command, "check", cwd=place)
    for part in ("data:", "model:", "scenarios:", "targets:"):
        assert part in said
    assert str(place) in said, "the files are those of the wheel"
    assert str(ROOT) not in said
    assert "settling-in" in run(command, "scenario", "show", cwd=place)
    assert run(command, "--version", cwd=place).startswith("qyforecast ")


def test_the_wheel_works_without_a_checkout(built: Path, tmp_path: Path) -> None:
    """Dependencies are lent by this environment, qyforecast itself is only in the new one."""
    python = environment_of(tmp_path)
    (wheel,) = built.glob("*.whl")
    run(UV, "pip", "install", "--quiet", "--no-deps", "--python", python, wheel, cwd=ROOT)
    (own,) = (tmp_path / "venv").glob("lib/*/site-packages")
    (lent,) = (path for path in map(Path, sys.path) if path.name == "site-packages")
    for path in lent.iterdir():
        # What leads to the checkout is not lent.
        if "qyforecast" not in path.name and not (own / path.name).exists():
            (own / path.name).symlink_to(path)
    try_out(python, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("extras", ["", "[report,app,scale,sensitivity,iamc]"])
def test_the_wheel_works_in_an_empty_environment(built: Path, tmp_path: Path, extras: str) -> None:
    python = environment_of(tmp_path)
    (wheel,) = built.glob("*.whl")
    wanted = f"{wheel}{extras}"
    run(UV, "pip", "install", "--quiet", "--python", python, wanted, cwd=ROOT)
    try_out(python, tmp_path)


def test_the_source_distribution_holds_what_is_needed_to_work_on_it(built: Path) -> None:
    import tarfile

    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    for name in ("pyproject.toml", "LICENSE", "data/census/datapackage.json", "tests/conftest.py",
                 "models/urbanization/spec.yaml", "scenarios/targets.yaml"):  # fmt: skip
        assert name in names
    assert not [name for name in names if name.endswith((".lock", ".pyc")) or "results/" in name]


def test_every_package_has_a_licence_that_is_known() -> None:
    packages = installed_packages()
    names = {normal(one.name) for one in packages}
    assert packages[0].name == "qyforecast"
    assert packages[0].licence == "MIT AND OFL-1.1"
    assert {"numpy", "pymc", "xarray", "typer", "h5py"} < names
    assert [one.name for one in packages if one.licence == "unknown"] == []


def test_the_bill_of_materials_refers_to_what_it_lists() -> None:
    packages = installed_packages()
    bill = json.loads(json.dumps(bill_of_materials(packages)))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {one["bom-ref"] for one in bill["components"]}
    listed.add(bill["metadata"]["component"]["bom-ref"])
    assert len(listed) == len(packages)
    assert {one["ref"] for one in bill["dependencies"]} == listed
    assert {ref for one in bill["dependencies"] for ref in one["dependsOn"]} <= listed
    assert all("expression" in lic or lic["license"]["name"] for one in bill["components"]
               for lic in one["licenses"])  # fmt: skip


def test_info_tells_versions_threads_caches_and_posteriors(tmp_path: Path) -> None:
    (tmp_path / "posteriors").mkdir()
    (tmp_path / "posteriors" / "odd.nc").write_bytes(b"no posterior")
    said = CliRunner().invoke(app, ["info", "--results", str(tmp_path)], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    for word in ("qyforecast", "pymc", "processors", "numba", "PyTensor", "odd.nc", "broken"):
        assert word in said.output


def test_licences_and_sbom_are_printed() -> None:
    said = CliRunner().invoke(app, ["info", "--licences"], env={"COLUMNS": "200"}).output
    assert "MIT AND OFL-1.1" in said
    bill = json.loads(CliRunner().invoke(app, ["info", "--sbom"]).output)
    assert bill["components"]
