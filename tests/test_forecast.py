"""The straight line on the shipped data: one real fit, and what must hold of its results."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.decide.targets import Target, assess
from qyforecast.errors import StalePosterior
from qyforecast.forecast import Future, Run, draw_future, run_scenario
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import Weights
from qyforecast.inference.store import Store, thin
from qyforecast.provenance import file_sha256, shipped_folder
from qyforecast.report.beside import beside
from qyforecast.report.pipeline import Outcome, produce
from qyforecast.report.request import Request, choose_scenarios
from qyforecast.scenario.scenario import Scenario

SCENARIOS = ["baseline", "industry-jobs", "key-towns", "settling-in"]
COUNTIES = ["621002", *(f"6210{number}" for number in range(21, 28))]
STRICT = ["2025-at-least-50", "2035-at-least-65"]
DRAWS, SEED = 400, 2022
ALONE = Weights("", {0: {"full": 1.0}})


@dataclass(frozen=True)
class Line:
    """One forecast that was made, and where it lies."""

    outcome: Outcome
    spec: ModelSpec
    posteriors: Sequence[Mixture]

    @property
    def out(self) -> Path:
        """Folder of the results."""
        return self.outcome.request.out

    def table(self, name: str) -> pd.DataFrame:
        """Read a table as written."""
        return pd.read_csv(self.out / f"{name}.csv", dtype={"region_code": str})

    def draws(self) -> xr.Dataset:
        """Read the draws as written."""
        with xr.open_dataset(self.out / "draws.nc", engine="h5netcdf") as data:
            return data.load()

    def future(self, vintage: int, *, draws: int, seed: int = SEED) -> Future:
        """Draw futures from the fit of a vintage."""
        posterior = thin(self.posteriors[vintage].parts[0], draws)
        panel, census = self.outcome.panels[vintage], self.outcome.census
        return draw_future(census, panel, self.spec, posterior, to=2035, seed=seed)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Make the whole forecast once.

    The fit is real but short: a tenth of the draws of the shipped specification cannot pass
    its gate, which is tested where the gate is. Without weights beside the specification
    the full model speaks alone: mixtures are tested where they are made.
    """
    place = tmp_path_factory.mktemp("line")
    text = (shipped_folder("models") / "urbanization" / "spec.yaml").read_text("utf-8")
    for old, new in (
        ("tune: 1000, draws: 1000", f"tune: 400, draws: {DRAWS // 4}"),
        ("rhat: 1.01, ess: 400, divergences: 0", "rhat: 1.3, ess: 20, divergences: 40"),
    ):
        assert old in text
        text = text.replace(old, new)
    model = place / "spec.yaml"
    model.write_text(text, "utf-8")
    request = Request(out=place / "results" / "latest", model=model, draws=DRAWS, seed=SEED)
    outcome = produce(request)
    spec = read_spec(model)
    store = Store(place / "results" / "posteriors", SEED, DRAWS, may_fit=False)
    return Line(outcome, spec, store.obtain(spec, ALONE, outcome.panels, lambda _: None))


@pytest.fixture(scope="module")
def few(line: Line) -> Future:
    """Give futures of forty draws at the newest vintage."""
    return line.future(1, draws=40)


@pytest.fixture(scope="module")
def base(few: Future, line: Line) -> Run:
    """Give the baseline of the forty draws."""
    return run_scenario(few, scenario(line, "baseline"), seed=SEED)


def scenario(line: Line, name: str) -> Scenario:
    """Take a scenario that was run."""
    return next(one for one in line.outcome.scenarios if one.name == name)


def newest(line: Line) -> int:
    return line.outcome.panels[1].as_of


def test_every_target_has_a_probability_with_its_error(line: Line) -> None:
    """Both strict targets, two vintages, four scenarios, the city and its eight counties."""
    table = line.table("targets")
    keys = ["scenario", "as_of", "region_code", "target"]
    strict = table[table["target"].isin(STRICT)]
    expected = pd.MultiIndex.from_product(
        [SCENARIOS, [2021, newest(line)], ["621000", *COUNTIES], STRICT]
    )
    assert set(strict[keys].itertuples(index=False, name=None)) == set(expected)
    assert len(strict) == 2 * 2 * 4 * 9
    assert table["probability"].between(0, 1).all()
    assert table["standard_error"].between(1e-6, 0.2).all()
    spread = table[["lower95", "lower80", "median", "upper80", "upper95"]].to_numpy()
    assert (np.diff(spread, axis=1) >= 0).all()
    assert (spread[:, 4] > spread[:, 0]).all()


def test_probabilities_are_shares_of_the_draws_written(line: Line) -> None:
    draws = line.draws()["urban_share"]
    rows = line.table("targets").to_dict("records")
    for row in rows:
        labels = {"as_of": row["as_of"], "scenario": row["scenario"]}
        shares = draws.sel(labels | {"year": row["year"], "region": row["region_code"]})
        assert row["probability"] == pytest.approx(
            float((shares >= row["threshold"]).mean()), abs=1.5 / DRAWS
        )  # written in single precision: a draw at the very bar may fall to the other side
        assert row["median"] == pytest.approx(float(shares.median()), abs=2e-6)


def test_the_base_year_is_the_census(line: Line) -> None:
    """41.89 % of the city lived in town at the census of 2020, whatever the scenario."""
    table = line.table("urban_share").query("year == 2020 and region_code == '621000'")
    assert len(table) == 8
    figures = table[["mean", "q025", "q10", "q50", "q90", "q975"]].to_numpy()
    assert np.abs(figures - 913_075 / 2_179_716).max() < 1e-6
    manifest = json.loads((line.out / "manifest.json").read_text("utf-8"))
    assert round(100 * manifest["urban_share_of_base_year"], 2) == 41.89
    residents = line.draws()["population"].sel(year=2020, region="621000")
    np.testing.assert_allclose(residents, 2_179_716, rtol=1e-7)


def test_the_accounts_close(line: Line) -> None:
    manifest = json.loads((line.out / "manifest.json").read_text("utf-8"))
    assert 0 <= manifest["largest_imbalance"] <= 1e-9


def test_the_city_is_its_counties_in_every_draw(line: Line) -> None:
    draws = line.draws().astype(float)
    counties = draws.sel(region=COUNTIES)
    residents = counties["population"].sum("region")
    np.testing.assert_allclose(residents, draws["population"].sel(region="621000"), rtol=1e-6)
    urban = (counties["urban_share"] * counties["population"]).sum("region")
    city = draws["urban_share"].sel(region="621000")
    np.testing.assert_allclose(urban / residents, city, atol=1e-6, rtol=0)


def test_the_accounts_carry_the_share_of_the_regression(few: Future, base: Run) -> None:
    wanted = few.path(few.drivers).share
    got = base.projection.urban_share().sel(year=wanted["year"], region=wanted["region"])
    np.testing.assert_allclose(got, wanted, atol=1e-9, rtol=0)
    counties = base.urban_share.sel(year=wanted["year"], region=wanted["region"])
    np.testing.assert_allclose(counties, wanted, atol=1e-9, rtol=0)


def test_a_scenario_that_differs_by_name_alone_changes_nothing(few, base, line: Line) -> None:
    named = replace(scenario(line, "baseline"), name="renamed", baseline="baseline")
    run = run_scenario(few, named, seed=SEED)
    assert np.array_equal(run.urban_share.values, base.urban_share.values)
    assert np.array_equal(run.projection.totals.values, base.projection.totals.values)
    for kind, flow in run.projection.flows.items():
        assert np.array_equal(flow.values, base.projection.flows[kind].values), kind


@pytest.mark.parametrize("name", SCENARIOS[1:])
def test_levers_of_no_strength_change_nothing(name: str, few, base, line: Line) -> None:
    """Each pulled in full does change something, so the law is no accident."""
    full = scenario(line, name)
    none = replace(full, levers=tuple(lever.scaled(0.0) for lever in full.levers))
    run = run_scenario(few, none, seed=SEED)
    assert np.array_equal(run.urban_share.values, base.urban_share.values)
    assert np.array_equal(run.projection.totals.values, base.projection.totals.values)
    pulled = run_scenario(few, full, seed=SEED).urban_share
    assert np.abs(pulled - base.urban_share).sel(year=2035).max() > 1e-4


def test_nothing_is_done_before_the_year_after_the_vintage(line: Line) -> None:
    """Levers are to begin in 2022 or 2023; as of the newest year they begin a year after it."""
    draws, last = line.draws()["urban_share"], newest(line)
    base = draws.sel(scenario="baseline", as_of=last)
    table = line.table("targets")
    table = table[(table["as_of"] == last) & (table["year"] <= last)]
    by_scenario = table.drop(columns="scenario").groupby(["region_code", "target"])
    assert by_scenario.ngroups == 9
    assert (by_scenario.nunique() == 1).all(axis=None)
    for name in SCENARIOS[1:]:
        change = np.abs(draws.sel(scenario=name, as_of=last) - base).max(("draw", "region"))
        assert (change.sel(year=slice(None, last)) == 0).all(), name
        assert (change.sel(year=slice(last + 3, None)) > 0).all(), name
        early = np.abs(draws.sel(scenario=name, as_of=2021) - draws.sel(as_of=2021)[0])
        assert early.sel(year=2021).max() == 0
        assert early.sel(year=last).max() > 0, name


def test_a_higher_bar_is_never_likelier(line: Line) -> None:
    table = line.table("targets").set_index(["scenario", "as_of", "region_code", "target"])
    chances = table["probability"].unstack("target")
    assert (chances["2035-about-65"] >= chances["2035-at-least-65"]).all()
    shares = line.draws()["urban_share"].sel(scenario="baseline", as_of=2021).astype(float)
    for region in ("621000", *COUNTIES):
        bars = [Target(f"{bar:g}", region, 2035, bar) for bar in np.linspace(0.3, 0.9, 13)]
        found = [assess(shares, bar).probability for bar in bars]
        assert (np.diff(found) <= 0).all()
        assert found[0] > found[-1]


def test_the_command_says_the_same_again(line: Line, monkeypatch, capsys) -> None:
    """From the posterior saved, with fewer scenarios in another order: the same bytes a row."""
    from qyforecast.cli import main

    out = line.out.parent / "again"
    words = ["forecast", "--no-fit", "--draws", str(DRAWS), "--out", str(out)]
    words += ["--model", str(line.outcome.request.model), "--as-of", "newest"]
    words += ["--scenario", "settling-in", "--scenario", "baseline"]
    monkeypatch.setattr(sys, "argv", ["qyforecast", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    for name in ("targets", "urban_share", "population", "flows"):
        first = (line.out / f"{name}.csv").read_text("utf-8").splitlines()
        again = (out / f"{name}.csv").read_text("utf-8").splitlines()
        assert again[0] == first[0]
        starts = tuple(f"{s},{newest(line)}," for s in ("settling-in", "baseline"))
        assert sorted(again[1:]) == sorted(row for row in first if row.startswith(starts))
    said = capsys.readouterr().out
    for words_said in ("settling-in", "2035: 65 % or more", "±", "Left out:", "Simple methods"):
        assert words_said in said
    assert "key-towns" not in said


def test_other_futures_of_one_posterior_say_much_the_same(line: Line) -> None:
    """Another seed of everything but the fit: within four errors of both runs together."""
    run = run_scenario(line.future(1, draws=DRAWS, seed=7), scenario(line, "baseline"), seed=7)
    rows = line.table("targets").query("scenario == 'baseline'")
    rows = rows[rows["as_of"] == newest(line)]
    before = rows.set_index(["region_code", "target"]).to_dict("index")
    moved = 0
    for target in line.outcome.targets:
        row, found = before[target.region, target.name], assess(run.urban_share, target)
        error = np.hypot(row["standard_error"], found.standard_error)
        assert abs(row["probability"] - found.probability) < 4 * error, target
        moved += row["median"] != round(found.median, 6)
    assert moved > 20


def test_the_manifest_names_what_was_read_and_written(line: Line) -> None:
    manifest = json.loads((line.out / "manifest.json").read_text("utf-8"))
    written = {path.name for path in line.out.iterdir()} - {"manifest.json"}
    tables = {
        f"{name}.csv" for name in ("targets", "urban_share", "population", "flows", "headline")
    }
    assert written == {*tables, "draws.nc", "fan.png"}
    assert manifest["files"] == {name: file_sha256(line.out / name) for name in written}
    hashes = manifest["hashes"]
    folder = shipped_folder("census")
    assert hashes["data"] == {path.name: file_sha256(path) for path in folder.glob("*.csv")}
    assert hashes["specification"] == file_sha256(line.outcome.request.model)
    folder = shipped_folder("scenarios")
    assert hashes["scenarios"] == {p.name: file_sha256(p) for p in folder.glob("*.yaml")}
    assert hashes["panels"] == {str(p.as_of): p.fingerprint for p in line.outcome.panels}
    assert (manifest["seed"], manifest["draws"], manifest["to"]) == (SEED, DRAWS, 2035)
    assert manifest["as_of"] == [2021, newest(line)]
    assert all(seconds >= 0 for seconds in manifest["seconds"].values())
    assert {"read", "learn", "project"} <= set(manifest["seconds"])
    assert manifest["rivals"] == {str(year): {"full": 1.0} for year in (2021, newest(line))}
    for rivals in manifest["sampler_health"].values():
        assert list(rivals) == ["full"]
        assert 1 <= rivals["full"]["rhat"] < 1.3


def test_what_is_said_beside_is_what_is_known(line: Line) -> None:
    said = "\n".join(beside(line.outcome))
    health = line.outcome.manifest["sampler_health"]
    for panel in line.outcome.panels:
        assert f"Simple methods as of {panel.as_of}: persistence" in said
        assert f"Outside view as of {panel.as_of}" in said
        assert f"{health[str(panel.as_of)]['full']['rhat']:.3f}" in said
        assert f"As of {panel.as_of} these models speak" in said
    levers = sum(len(one.levers) for one in line.outcome.scenarios)
    assert f"of {levers} levers rest on judgement" in said


def test_scenarios_are_run_in_the_order_asked_for(line: Line) -> None:
    chosen = replace(line.outcome.request, chosen=("settling-in", "baseline"))
    names = [one.name for one in choose_scenarios(chosen, line.outcome.census)]
    assert names == ["settling-in", "baseline"]
    assert [one.name for one in line.outcome.scenarios] == SCENARIOS


def test_a_fit_serves_fewer_draws_and_no_more(line: Line) -> None:
    folder, panels = line.out.parent / "posteriors", line.outcome.panels
    few = Store(folder, SEED, 41, may_fit=False).obtain(line.spec, ALONE, panels, lambda _: None)
    assert [posterior.size for posterior in few] == [44, 44]
    for seed, draws in ((SEED, DRAWS + 1), (SEED + 1, DRAWS)):
        store = Store(folder, seed, draws, may_fit=False)
        with pytest.raises(StalePosterior, match="another seed, rival or number of draws"):
            store.obtain(line.spec, ALONE, panels, lambda _: None)


def test_thinning_keeps_every_chain_and_spreads_over_it(line: Line) -> None:
    whole = line.posteriors[0].parts[0]
    assert thin(whole, DRAWS) is whole
    kept = thin(whole, 42)
    assert kept.size == 44  # eleven of each of four chains
    where = np.arange(11) * 100 // 11
    assert np.array_equal(kept.draws["pace"], whole.draws["pace"].isel(draw=where))
    assert where[-1] >= 90


def run_command(monkeypatch, *words: str) -> int | str | None:
    """Run the command line as the shell would; give its exit code."""
    from qyforecast.cli import main

    monkeypatch.setattr(sys, "argv", ["qyforecast", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_compare_writes_every_table_and_says_what_it_rests_on(line: Line, monkeypatch, capsys):
    out = line.out.parent / "compare"
    words = ["compare", "key-towns", "--apart", "settling-in", "--no-fit", "--out", str(out)]
    words += ["--draws", str(DRAWS), "--model", str(line.outcome.request.model)]
    assert not run_command(monkeypatch, *words)
    said = capsys.readouterr().out
    for part in ("What would help?", "opinions", "±", "Left out:", "Pace needed", "judged effects"):
        assert part in " ".join(said.split())
    chances = pd.read_csv(out / "chances.csv", dtype={"region_code": str})
    assert set(chances["scenario"]) == {"baseline", "key-towns"}
    told = line.table("targets").set_index(["scenario", "as_of", "region_code", "target"])
    for row in chances.to_dict("records"):
        key = (row["scenario"], row["as_of"], row["region_code"], row["target"])
        # The same draws as the forecast's: the very same probability.
        assert row["probability"] == pytest.approx(told.loc[key, "probability"], abs=1e-6)
    shared = pd.read_csv(out / "attribution.csv")
    for _, rows in shared.groupby(["as_of", "target"]):
        parts = rows[rows["player"] != "all together"]["gain_points"].sum()
        whole = rows[rows["player"] == "all together"]["gain_points"].iloc[0]
        assert parts == pytest.approx(whole, abs=1e-5)
    variance = pd.read_csv(out / "variance.csv")
    assert set(variance["group"]) >= {"coefficients", "shocks", "lever effects"}
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    written = {path.name for path in out.iterdir()} - {"manifest.json"}
    assert manifest["files"] == {name: file_sha256(out / name) for name in written}
    assert {"chances.csv", "pairs.csv", "first_year.csv", "growth.csv", "iamc.csv"} <= written


def test_seek_answers_in_a_sentence_and_refuses_with_the_best(line: Line, monkeypatch, capsys):
    monkeypatch.chdir(line.out.parents[1])
    common = ["seek", "--no-fit", "--draws", str(DRAWS), "--target", "2035", "--as-of", "2021"]
    common += ["--model", str(line.outcome.request.model), "--quiet"]
    assert not run_command(monkeypatch, *common, "--probability", "0.9")
    said = capsys.readouterr().out
    assert "65 % urban by 2035 in Qingyang has a probability of" in said
    assert "all-of-it must have" in said
    assert "rest on judgement" in said
    refused = run_command(monkeypatch, *common, "--probability", "0.99", "--lever", "skills")
    assert refused == 2
    assert "at best" in capsys.readouterr().err
    assert (
        run_command(monkeypatch, *common[:-3], "--probability", "0.5", "--cost", "1", "--cost", "2")
        == 2
    )
