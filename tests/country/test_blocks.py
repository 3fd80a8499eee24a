"""Blocks of a country: sums in every draw, a block alone, resuming, any runner, bounded memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qyforecast.country.blocks import Block, project_block
from qyforecast.country.gather import gather
from qyforecast.country.ground import Ground
from qyforecast.country.runners import Runner
from qyforecast.country.shelf import finished, load_block
from qyforecast.errors import OutputError, QyforecastError
from qyforecast.inference.mixture import Mixture
from qyforecast.report.country import CountryOutcome, CountryRequest, produce_country
from tests.country.made_up import CHANGED, COUNTIES, NEW, TOWN

BLOCK = "330100"


def same(one: Block, other: Block) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(),
                                                     strict=True))  # fmt: skip


def bytes_of(folder: Path) -> dict[str, bytes]:
    """All tables of a result."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def test_wholes_are_the_sums_of_places_in_every_draw(
    ground: Ground, asked: CountryRequest, outcome: CountryOutcome
) -> None:
    """Each place projected alone; their sum is the block's, and blocks' sum the nation's."""
    places = ground.places_of(BLOCK)
    assert len(places) == 3
    one_by_one = project_block(ground, BLOCK, at_once=1, precision="float64")
    block = load_block(asked.shelf, BLOCK)
    assert np.allclose(one_by_one.sums, block.sums, rtol=1e-12)
    for code in ("000000", "330000"):
        parts = [
            load_block(asked.shelf, b).sums for b in ground.blocks if code[:2] in ("00", b[:2])
        ]
        total = np.sum(parts, axis=0)
        gap = np.abs(outcome.gathered.sums[code][:2] - total[:2]) / total[:2]
        assert gap.max() < 1e-9
    counted = outcome.country.places["population"].sum()
    assert outcome.gathered.sums["000000"][0, 0] == pytest.approx(counted, rel=1e-12)


def test_national_quantiles_are_of_sums_not_sums_of_quantiles(outcome: CountryOutcome) -> None:
    persons, urban = outcome.gathered.sums["000000"][:2]
    expected = np.quantile(urban[-1] / persons[-1], 0.1)
    table = outcome.tables["urban_share"].set_index(["region_code", "year"])
    assert table.loc[("000000", 2024), "q10"] == pytest.approx(expected, abs=1e-12)
    parts = outcome.gathered.places.values()
    summed = sum(place[1, 1, -1] for place in parts)
    assert summed < np.quantile(urban[-1], 0.1) * 0.9995


def test_a_block_alone_is_the_block_in_the_whole(ground: Ground, asked: CountryRequest) -> None:
    for block in ground.blocks:
        alone = project_block(ground, block, at_once=8, precision="float64")
        kept = load_block(asked.shelf, block)
        assert np.array_equal(alone.sums, kept.sums)
        assert np.array_equal(alone.quantiles.astype(np.float32), kept.quantiles)


def test_single_precision_is_near(ground: Ground, asked: CountryRequest) -> None:
    """Other random numbers, single precision: medians agree to a part in a thousand."""
    short = project_block(ground, BLOCK, at_once=8, precision="float32")
    kept = load_block(asked.shelf, BLOCK)
    assert short.sums[0, 0] == pytest.approx(kept.sums[0, 0], rel=1e-6)
    assert short.quantiles[0, 3] == pytest.approx(kept.quantiles[0, 3], rel=5e-3)


@pytest.fixture
def cluster() -> Iterator[str]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started.scheduler_address


def test_any_number_of_workers_gives_the_same(
    elsewhere: CountryRequest, asked: CountryRequest, learned: Mixture, outcome: CountryOutcome
) -> None:
    found = produce_country(replace(elsewhere, runner=Runner(workers=1)), learned=learned)
    assert found.manifest["blocks_run"] == 6
    assert bytes_of(elsewhere.forecast.out) == bytes_of(asked.forecast.out)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_of_processes_gives_the_same(
    elsewhere: CountryRequest, asked: CountryRequest, learned: Mixture, outcome: CountryOutcome,
    cluster: str,
) -> None:  # fmt: skip
    found = produce_country(replace(elsewhere, runner=Runner(scheduler=cluster)), learned=learned)
    assert found.manifest["blocks_run"] == 6
    assert bytes_of(elsewhere.forecast.out) == bytes_of(asked.forecast.out)


def test_an_interrupted_run_goes_on(
    elsewhere: CountryRequest,
    asked: CountryRequest,
    learned: Mixture,
    outcome: CountryOutcome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Interrupted at the fourth block; nothing is written; then the rest is run, once each."""
    from qyforecast.country import runners

    seen = []

    def interrupted(ground: Ground, block: str, **given: object) -> Block:
        seen.append(block)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return project_block(ground, block, **given)

    monkeypatch.setattr(runners, "project_block", interrupted)
    with pytest.raises(KeyboardInterrupt):
        produce_country(replace(elsewhere, runner=Runner(workers=1)), learned=learned)
    assert not elsewhere.forecast.out.exists()
    kept = set(finished(elsewhere.shelf))
    assert len(kept) >= 3
    seen[:] = [""] * 5
    found = produce_country(replace(elsewhere, runner=Runner(workers=1)), learned=learned)
    assert not kept & set(seen)
    assert found.manifest["blocks_run"] == 6 - len(kept)
    assert any("kept" in note for note in found.notes)
    assert bytes_of(elsewhere.forecast.out) == bytes_of(asked.forecast.out)


def test_another_seed_takes_no_block_of_the_first(
    asked: CountryRequest, learned: Mixture, tmp_path: Path
) -> None:
    ask = replace(asked.forecast, out=tmp_path / "r", to=2021)
    produce_country(replace(asked, forecast=ask), learned=learned)
    other = produce_country(replace(asked, forecast=replace(ask, seed=6)), learned=learned)
    assert other.manifest["blocks_run"] == 6
    assert any("removed" in note for note in other.notes)


def test_memory_decides_how_many_places_are_held() -> None:
    found = [Runner(n, memory=1100).at_once(4000, 15, "float32") for n in (1, 2)]
    assert found == [8, 2]
    # One megabyte a place, and twelve beside.
    assert Runner(1, memory=664).at_once(400, 4, "float64") == 2
    with pytest.raises(QyforecastError, match="not enough memory") as caught:
        Runner(2, memory=400).at_once(4000, 15, "float32")
    assert "--memory" in str(caught.value)


def test_substitutions_are_listed(outcome: CountryOutcome, ground: Ground) -> None:
    told = outcome.tables["substitutions"].groupby("rate")["region_code"].agg(set)
    assert told["net migration"] == {NEW, CHANGED, "3402Z1"}
    assert TOWN in told["moves between village and town"]
    table = outcome.tables["urban_share"].set_index(["region_code", "year"])
    assert table.loc[(TOWN, 2024), "q50"] == 1
    assert set(COUNTIES) <= set(table.index.get_level_values(0))


def test_torn_blocks_strangers_and_silence_are_refused(
    elsewhere: CountryRequest, learned: Mixture, asked: CountryRequest, ground: Ground, tmp_path
) -> None:
    with pytest.raises(OutputError, match="not a whole block"):
        gather(tmp_path, ground)
    elsewhere.shelf.mkdir()
    (elsewhere.shelf / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="files of another sort"):
        produce_country(elsewhere, learned=learned)
    assert (elsewhere.shelf / "thesis.txt").exists()
    (elsewhere.shelf / "thesis.txt").unlink()
    pytest.importorskip("distributed")
    silent = Runner(scheduler="tcp://127.0.0.1:9")
    with pytest.raises(OutputError, match="no dask scheduler answers"):
        produce_country(replace(elsewhere, runner=silent), learned=learned)
