# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The straight line
#
# **摘要。** 从两次人口普查到目标实现的概率，每一步一行代码：读数据，站在 2021 年看已知什么，
# 拟合回归，抽取未来，加上一个情景，推算人口，最后数一数有多少种未来达到目标。
#
# From two censuses to the probability of each target, a call for each step. Fitting takes
# half a minute, everything else a few seconds.

# %%
import qyforecast as qy

SEED = 2022

# %% [markdown]
# What was counted, and what it says as known in 2021: four residents in ten lived in towns.

# %%
census = qy.read_census()
panel = qy.Panel.from_census(census, as_of=2021)
panel.city_share

# %% [markdown]
# What we learn. The specification gives every prior with its reason; a fit that fails its
# gate is refused.

# %%
spec = qy.read_spec(qy.shipped_folder("models") / "urbanization" / "spec.yaml")
posterior = qy.fit(spec, panel, seed=SEED)
posterior.health

# %% [markdown]
# How it may go, and what is done about it: here, that people who moved to town stay.

# %%
future = qy.draw_future(census, panel, spec, posterior, to=2035, seed=SEED)
folder = qy.shipped_folder("scenarios")
scenario = qy.read_scenarios(folder, regions=census.regions)["settling-in"]
drivers, rates = scenario.apply(future.drivers, future.rates, seed=SEED)

# %% [markdown]
# The share the regression gives, and who lives where. The accounts close: the largest gap is
# rounding.

# %%
path = future.path(drivers)
projection = qy.project(census.population(2020), rates, path, to=2035)
projection.imbalance()

# %% [markdown]
# Is the promise kept? A share of futures, and behind ± its Monte Carlo error.

# %%
urban_share = qy.city_and_counties(projection, census.city)
targets = qy.read_targets(folder / "targets.yaml", regions=[census.city])
for target in targets:
    found = qy.assess(urban_share, target, scenario=scenario.name, as_of=panel.as_of)
    print(
        f"as of {found.as_of}, {found.scenario}, {target.name}: "
        f"{found.probability:.3f} ± {found.standard_error:.3f}"
    )
