"""A saved posterior comes back whole, and only to what it was fitted to."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.errors import OutputError, StalePosterior
from qyforecast.inference.design import make_design
from qyforecast.inference.posterior import load_posterior
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.stacking import Weights
from qyforecast.inference.store import Store
from tests.inference.conftest import Maker


@pytest.fixture
def file(by_hand: Maker, panel: Panel, tmp_path: Path) -> Path:
    path = tmp_path / "deep" / "posterior.nc"
    posterior = by_hand(panel, 6)
    counted = posterior.draws["pace"] * 0 + np.arange(6.0).reshape(2, 3)
    replace(posterior, draws=posterior.draws.assign(pace=counted)).save(path)
    return path


def test_saved_and_loaded(file: Path, panel: Panel, spec: ModelSpec) -> None:
    posterior = load_posterior(file, spec, panel)
    assert posterior.size == 6
    assert posterior.column("pace").ravel().tolist() == [0, 1, 2, 3, 4, 5]
    assert posterior.column("own_z").shape == (6, 8)
    assert (posterior.as_of, posterior.seed, posterior.rival) == (2025, 1, "full")
    assert not list(file.parent.glob("*.part"))


def test_other_panel(file: Path, census: SimpleNamespace, spec: ModelSpec) -> None:
    with pytest.raises(StalePosterior, match="fitted to another panel") as caught:
        load_posterior(file, spec, Panel.from_census(census, as_of=2021))
    assert "posterior.nc" in str(caught.value)
    assert "fit again" in str(caught.value)


def test_other_specification(file: Path, panel: Panel, spec: ModelSpec) -> None:
    with pytest.raises(StalePosterior, match="fitted to another specification"):
        load_posterior(file, replace(spec, sha256="0" * 64), panel)


@pytest.mark.parametrize("content", [b"", b"not a posterior", b"\x89HDF\r\n\x1a\n" + b"\0" * 40])
def test_file_that_is_no_posterior(
    content: bytes, panel: Panel, spec: ModelSpec, tmp_path: Path
) -> None:
    path = tmp_path / "odd.nc"
    path.write_bytes(content)
    with pytest.raises(OutputError, match="not a saved posterior") as caught:
        load_posterior(path, spec, panel)
    assert "odd.nc" in str(caught.value)


def test_netcdf_of_something_else(panel: Panel, spec: ModelSpec, tmp_path: Path) -> None:
    path = tmp_path / "other.nc"
    xr.Dataset({"x": ("y", [1.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(OutputError, match="not a saved posterior"):
        load_posterior(path, spec, panel)


def test_absent_file(panel: Panel, spec: ModelSpec, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not a saved posterior"):
        load_posterior(tmp_path / "none.nc", spec, panel)


def test_folder_that_cannot_be_made(by_hand: Maker, panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="could not be written"):
        by_hand(panel, 2).save(tmp_path / "taken" / "posterior.nc")


def test_responses_are_put_together(by_hand: Maker, panel: Panel, spec: ModelSpec) -> None:
    """National response, plus the spread times each level's deviation; value added shared."""
    theta = by_hand(panel, 2).values(spec, make_design(spec, panel))
    np.testing.assert_allclose(theta["province_response"][1], [0.05, 0.05, 0.02, -0.03])
    np.testing.assert_allclose(theta["county_response"][1], [0.06, 0.04, 0.02, -0.03])
    np.testing.assert_allclose(theta["change_response"][1], [0.2, 0.1, 0.1, -0.1])


@pytest.mark.parametrize(
    ("rival", "switched"),
    [
        ("full", (1, 1, 1)),
        ("no-drivers", (0, 0, 1)),
        ("differences", (0, 1, 1)),
        ("growth-difference", (0, 0, 0)),
    ],
)
def test_a_rival_leaves_out_what_it_switches_off(
    rival: str, switched: tuple[int, int, int], by_hand: Maker, panel: Panel, spec: ModelSpec
) -> None:
    """As the specification's comments say: nothing of a driver, nothing of own speeds."""
    levels, changes, pooled = switched
    theta = by_hand(panel, 2, rival=rival).values(spec, make_design(spec, panel))
    given = by_hand(panel, 2)
    for name in ("province_response", "county_response", "response_z"):
        assert theta[name].any() == bool(levels), name
    assert theta["change_response"].any() == bool(changes)
    spread = np.exp(pooled * 0.2 * given.column("convergence_z"))
    np.testing.assert_allclose(theta["province_convergence"], 0.03 * spread)


def test_a_posterior_of_another_rival_is_not_taken_for_this_one(
    by_hand: Maker, panel: Panel, spec: ModelSpec, tmp_path: Path
) -> None:
    """The file says which rival was fitted, whatever it is called."""
    by_hand(panel, 4, rival="differences").save(tmp_path / "as-of-2025-full.nc")
    store = Store(tmp_path, seed=1, draws=4, may_fit=False)
    with pytest.raises(StalePosterior, match="another seed, rival or number") as caught:
        store.obtain(spec, Weights("", {0: {"full": 1.0}}), [panel], lambda _: None)
    assert "differences" in str(caught.value)
