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
    "Keep": "projection.method",
    "Labels": "demography.labels",
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
    "Store": "projection.store",
    "Target": "decide.targets",
    "Timing": "projection.method",
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
    "project_to": "projection.store",
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
    # The classical methods of demography.
    "LeeCarter": "demography.lee_carter",
    "LifeTable": "demography.lifetable",
    "MigrationSchedule": "demography.schedules",
    "Survivorship": "demography.survivorship",
    "abridge_life_table": "demography.single_ages",
    "advance_cohorts": "demography.residual",
    "beers_matrix": "demography.beers",
    "census_survival_ratios": "demography.residual",
    "close_open_age": "demography.closure",
    "death_rates": "demography.death_rates",
    "extend_open_age": "demography.closure",
    "fit_lee_carter": "demography.lee_carter",
    "fit_schedule": "demography.schedule_fit",
    "five_year_groups": "demography.residual",
    "five_year_survivorship": "demography.survivorship",
    "graduate_by_beers": "demography.beers",
    "graduate_life_table": "demography.single_ages",
    "graduate_population": "demography.graduation",
    "group_ages": "demography.graduation",
    "index_of_dissimilarity": "demography.similarity",
    "index_of_relative_difference": "demography.similarity",
    "infant_death_rate": "demography.separation",
    "life_expectancy": "demography.lifetable",
    "life_table": "demography.lifetable",
    "log_quadratic": "demography.mortality_models",
    "log_quadratic_at": "demography.mortality_models",
    "model_life_table": "demography.mortality_models",
    "net_migration": "demography.residual",
    "one_year_survivorship": "demography.survivorship",
    "past_births": "demography.reverse_survival",
    "past_fertility": "demography.reverse_survival",
    "past_women": "demography.reverse_survival",
    "project_by_decline": "demography.mortality_decline",
    "project_lee_carter": "demography.lee_carter",
    "project_states": "demography.multistate",
    "rake": "demography.raking",
    "read_log_quadratic": "demography.mortality_tables",
    "read_model_life_tables": "demography.mortality_tables",
    "read_patterns_of_decline": "demography.mortality_tables",
    "read_schedules": "demography.schedules",
    "scale_to_life_expectancy": "demography.mortality_level",
    "shift_mortality": "demography.mortality_level",
    "split_life_expectancy": "demography.mortality_level",
    "young_children": "demography.residual",
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
