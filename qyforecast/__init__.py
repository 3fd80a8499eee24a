"""Forecast urbanization with population accounts and a Bayesian regression.

Names are imported when first used, so that ``import qyforecast`` is quick.
"""

from importlib import import_module

_HOMES = {
    "Assessment": "decide.targets",
    "Census": "census.census",
    "Comparison": "policy.comparison",
    "Drivers": "census.drivers",
    "Evidence": "provenance",
    "Future": "forecast",
    "Interventions": "demography.rates",
    "Migration": "demography.rates",
    "Mobility": "demography.rates",
    "ModelSpec": "inference.spec",
    "Panel": "census.panel",
    "Population": "demography.population",
    "Posterior": "inference.posterior",
    "Projection": "projection.projection",
    "QyforecastError": "errors",
    "Rates": "demography.rates",
    "Run": "forecast",
    "Scenario": "scenario.scenario",
    "Source": "provenance",
    "Target": "decide.targets",
    "UrbanPath": "demography.urban_path",
    "Vital": "demography.rates",
    "assess": "decide.targets",
    "city_and_counties": "forecast",
    "compare": "decide.compare",
    "compare_scenarios": "policy.comparison",
    "draw_future": "forecast",
    "fit": "inference.fit",
    "forecast": "forecast",
    "load_posterior": "inference.posterior",
    "project": "projection.project",
    "read_census": "census.census",
    "read_scenario": "scenario.files",
    "read_scenarios": "scenario.files",
    "read_spec": "inference.spec",
    "read_targets": "decide.target_files",
    "run_scenario": "forecast",
    "seek_strength": "policy.seeking",
    "share_out": "policy.attribution",
    "shipped_folder": "provenance",
    "split_variance": "policy.attribution",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    """Import a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qyforecast' has no attribute '{name}'")
    return getattr(import_module(f"qyforecast.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_HOMES)
