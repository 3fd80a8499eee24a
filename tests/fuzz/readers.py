"""Every reader of the package with a sound file of its own, to be spoilt."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.census import Census, read_census
from qyforecast.census.county_files import with_counties
from qyforecast.census.descriptor import NAME, read_descriptor, update_descriptor
from qyforecast.census.figure_files import read_figures
from qyforecast.census.folder import check_census
from qyforecast.census.panel import Panel
from qyforecast.census.tables import read_table
from qyforecast.decide.target_files import read_targets
from qyforecast.errors import QyforecastError
from qyforecast.inference.posterior import Posterior, load_posterior
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.judge.refits import Refit, Shelf
from qyforecast.provenance import shipped_folder
from qyforecast.report.figures.saved import Saved
from qyforecast.report.record import record_lines
from qyforecast.report.rerun import read_manifest
from qyforecast.report.writing import write_draws, write_manifest, write_table
from qyforecast.scenario.files import read_scenario
from qyforecast.scenario.ground import Ground
from tests.fuzz.mutation import spoil, spoil_json, spoil_yaml
from tests.report.hand_made import make_posterior
from tests.report.hand_made_results import write_hand_made

Spoil = Callable[[bytes, Random], bytes]
NEAR = tuple(
    f"{code}0000"
    for code in ("00", "14", "41", "50", "51", "52", "53", "61", "62", "63", "64", "65")
)


@dataclass(frozen=True)
class World:
    """A sound folder of everything, and what was read from it."""

    place: Path
    census: Census
    spec: ModelSpec
    panel: Panel
    posterior: Posterior
    refit: Refit


@dataclass(frozen=True)
class Reader:
    """What is spoilt, how, and how it is read.

    Attributes
    ----------
    files : str
        Pattern of the files under the world's folder, one of which is spoilt.
    spoil : callable
        Bytes and chance to bytes.
    read : callable
        Reads the file from a copy of its folder; raises what the reader raises, and fails
        where what comes out cannot be right.
    """

    files: str
    spoil: Spoil
    read: Callable[[World, Path, Random], object]


def make_world(place: Path) -> World:
    """Make a sound folder: census of the neighbourhood, model, scenarios, results by hand."""
    for kind in ("census", "models", "scenarios"):
        shutil.copytree(shipped_folder(kind), place / kind)
    path = place / "census" / "provinces.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *(ln for ln in lines if ln.startswith(NEAR))]), "utf-8")
    update_descriptor(place / "census")
    census, model = read_census(place / "census"), place / "models" / "urbanization"
    spec = read_spec(model / "spec.yaml")
    panel = Panel.from_census(census, as_of=2025)
    weights = {"specification": spec.sha256, "weights": {"2021": {spec.full: 1.0}}}
    (model / "weights.json").write_text(json.dumps(weights))
    posterior = make_posterior(spec, panel, draws=8, seed=1)
    posterior.save(place / "posteriors" / "as-of-2025-full.nc")
    refit = Refit(np.arange(12.0).reshape(2, 2, 3), np.zeros((2, 3)))
    Shelf(place / "refits").save((2010, "full"), "mark", refit)
    _write_results(place, census)
    return World(place, census, spec, panel, posterior, refit)


def _write_results(place: Path, census: Census) -> None:
    write_hand_made(place / "results", place / "drawn", census)
    latest = place / "results" / "latest"
    (latest / "manifest.json").unlink()
    content = {
        "command": "forecast", "seed": 2022, "draws": 4000, "to": 2035, "as_of": [2021],
        "asked": {"draws": 4000, "scenarios": ["baseline"]}, "versions": {"numpy": "2"},
        "hashes": {
            "data": dict(census.sha256), "specification": "0" * 64, "scenarios": {},
            "weights": None, "posteriors": {},
        },
    }  # fmt: skip
    write_manifest(latest, content)
    written = {"year": [2022, 2023], "urban": [0.4410, 0.4540], "source": ["a page", "=b"]}
    (place / "own").mkdir()
    write_table(pd.DataFrame(written), place / "own" / "figures.csv", "%.10g")
    counties = pd.read_csv(place / "census" / "county_panel.csv", dtype={"code": str})
    shares = [name for name in counties if str(name).endswith("_share")]
    columns = ["code", "year", "population", "urban", *shares]
    counties.loc[:300, columns].to_csv(place / "own" / "counties.csv", index=False)
    write_draws(xr.Dataset({"x": ("draw", np.zeros(3, "f4"))}), place / "own" / "draws.nc")


def _census(world: World, path: Path, rng: Random) -> None:
    folder = path.parent
    if rng.random() < 0.7:
        # A changed file is refused by its hash unless the change is declared.
        with suppress(QyforecastError):
            update_descriptor(folder)
    resource = next(
        one for one in read_descriptor(folder).resources.values() if one.path.name == path.name
    )
    table = read_table(resource)
    if table.faults:
        raise table.faults[0]
    # The whole folder takes a second; every sixth table that is sound by itself is enough.
    if rng.random() < 1 / 6:
        census = read_census(folder)
        assert np.isfinite(census.residence.values).all()
        census.population(2020)
        Panel.from_census(census, as_of=2025)


def _descriptor(world: World, path: Path, rng: Random) -> None:
    found = read_descriptor(path.parent)
    inside = path.parent.resolve()
    assert all(one.path.resolve().is_relative_to(inside) for one in found.resources.values())
    for one in found.resources.values():
        if rng.random() < 0.1:
            read_table(one)
    if rng.random() < 1 / 15:
        check_census(path.parent)
        read_census(path.parent)


def _scenario(world: World, path: Path, rng: Random) -> None:
    ground = Ground.of(world.census)
    found = read_scenario(path, regions=world.census.regions, ground=ground)
    for lever in found.levers:
        assert np.isfinite([lever.effect.low, lever.effect.median, lever.effect.high]).all()


def _targets(world: World, path: Path, rng: Random) -> None:
    for target in read_targets(path, regions=(world.census.city, *world.census.regions)):
        assert 0 < target.threshold < 1
        assert target.year > 2020


def _spec(world: World, path: Path, rng: Random) -> None:
    found = read_spec(path)
    numbers = [n for prior in found.priors.values() for n in prior.parameters.values()]
    numbers += [n for pair in found.measurement.values() for n in pair]
    assert np.isfinite([*numbers, *found.gate.values()]).all()


def _weights(world: World, path: Path, rng: Random) -> None:
    found = read_weights(path.with_name("spec.yaml"), world.spec).as_of(2025)
    assert abs(sum(found.values()) - 1) < 1e-9


def _record(world: World, path: Path, rng: Random) -> None:
    lines = record_lines(path.with_name("spec.yaml"), world.spec.full)
    assert lines
    assert not any("nan" in line for line in lines)


def _posterior(world: World, path: Path, rng: Random) -> None:
    found = load_posterior(path, world.spec, world.panel)
    xr.testing.assert_equal(found.draws, world.posterior.draws)


def _refit(world: World, path: Path, rng: Random) -> None:
    found = Shelf(path.parent).load((2010, "full"), "mark")
    if found is not None:
        np.testing.assert_array_equal(found.draws, world.refit.draws)


def _saved(world: World, path: Path, rng: Random) -> None:
    saved = Saved(path.parents[1], path.parent, world.census)
    need = f"{path.parent.name}/{path.stem}"
    if path.stem == "manifest":
        need = "latest/targets"
        saved.setting("en")
        saved.draws(need)
    before = pd.read_csv(world.place / "results" / f"{need}.csv", dtype={"region_code": str})
    pd.testing.assert_frame_equal(saved.table(need, world.census.city), before)


def _manifest(world: World, path: Path, rng: Random) -> None:
    found = read_manifest(path)
    assert found.draws >= 1
    assert found.as_of


def _figures(world: World, path: Path, rng: Random) -> None:
    for figure in read_figures(path):
        assert np.isfinite(figure.value)


def _counties(world: World, path: Path, rng: Random) -> None:
    found = with_counties(world.census, [path]).county_panel
    shares = found[[name for name in found if str(name).endswith("_share")]]
    assert np.allclose(shares.sum(axis=1), 1)


READERS: Mapping[str, Reader] = {
    "a census table": Reader("census/*.csv", spoil, _census),
    "a descriptor": Reader(f"census/{NAME}", spoil_json, _descriptor),
    "a panel of counties": Reader("own/counties.csv", spoil, _counties),
    "added figures": Reader("own/figures.csv", spoil, _figures),
    "a scenario": Reader("scenarios/[!t]*.yaml", spoil_yaml, _scenario),
    "targets": Reader("scenarios/targets.yaml", spoil_yaml, _targets),
    "a specification": Reader("models/*/spec.yaml", spoil_yaml, _spec),
    "weights": Reader("models/*/weights.json", spoil_json, _weights),
    "a record": Reader("models/*/record.csv", spoil, _record),
    "a posterior": Reader("posteriors/*.nc", spoil, _posterior),
    "a refit": Reader("refits/*.npz", spoil, _refit),
    "results": Reader("results/latest/*", spoil, _saved),
    "a manifest": Reader("results/latest/manifest.json", spoil_json, _manifest),
}
