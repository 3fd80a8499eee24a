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
# # Comparing interventions
#
# **摘要。** 同一批未来，做与不做各推算一遍，差别就是措施的效果。
# 本篇回答三个问题：哪项措施有用、作用多大、够不够。
# 请记住：效果的大小来自各情景文件，大多只是判断。
#
# The same futures, with and without: the difference is what is done. What an effect rests on
# is in the scenario's file, and mostly it is a judgement.

# %%
# %matplotlib inline
import pandas as pd

import qyforecast as qy
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.figures.saved import setting_of

SEED = 2022
census = qy.read_census()
panel = qy.Panel.from_census(census, as_of=2021)
spec = qy.read_spec(qy.shipped_folder("models") / "urbanization" / "spec.yaml")
posterior = qy.fit(spec, panel, seed=SEED)
future = qy.draw_future(census, panel, spec, posterior, to=2035, seed=SEED)

# %% [markdown]
# ## What is compared
#
# The baseline goes on as before; the others each carry out a part of the plan.

# %%
folder = qy.shipped_folder("scenarios")
library = qy.read_scenarios(folder, regions=census.regions)
targets = qy.read_targets(folder / "targets.yaml", regions=[census.city])
chosen = [library[name] for name in ("baseline", "settling-in", "key-towns", "industry-jobs")]
for scenario in chosen:
    print(f"{scenario.name}: {scenario.question}")
    print(f"  {len(scenario.levers)} levers, {len(scenario.judged)} of them judged")

# %% [markdown]
# ## Does it help?
#
# Dots are probabilities, bars their Monte Carlo error. Measures about people and places lie
# right of the baseline; jobs alone hardly move it.

# %%
comparison = qy.compare_scenarios(future, chosen, targets, seed=SEED)
setting = setting_of(census, "en", census.city, draws=posterior.size)
draw_chart("chances", {"chances": comparison.chances}, setting).figure

# %% [markdown]
# ## By how much?
#
# In points of urban share, with a 90 % range: paired, so the noise of the futures cancels.

# %%
columns = ["scenario", "target", "difference", "difference_error", "gain_points"]
columns += ["gain_points_lower90", "gain_points_upper90"]
comparison.chances.loc[comparison.chances["target"] == "2035-at-least-65", columns].round(3)

# %% [markdown]
# When is each bar first reached if nothing is done? Pale bars lie beyond the forecast, where
# each future goes on at its own pace.

# %%
draw_chart("first-year", {"first_year": comparison.first_year}, setting).figure

# %% [markdown]
# Where do the new townspeople come from? Mostly from the villages; births add a little, and
# the world outside takes some away.

# %%
draw_chart("growth", {"growth": comparison.growth}, setting).figure

# %% [markdown]
# ## Which part of it?
#
# Shapley shares of the gain, in points; they add up to the whole.

# %%
by_2035 = next(target for target in targets if target.name == "2035-at-least-65")
shares = qy.share_out(future, library["key-towns"], by_2035, seed=SEED, draws=200)
pd.DataFrame({"points": shares.values[:, 1], "error": shares.errors[:, 1]}, index=shares.players)

# %% [markdown]
# ## Why is it uncertain?
#
# Share of the variance of 2035 that would be gone if a source were known.

# %%
sources = qy.split_variance(future, library["key-towns"], by_2035, seed=SEED, draws=400)
pd.DataFrame([(one.group, one.first, one.first_error) for one in sources],
             columns=["source", "first", "error"]).round(2)  # fmt: skip

# %% [markdown]
# ## Is it enough?
#
# How hard must a measure be pulled for nineteen futures in twenty? If no strength will do,
# the answer says so, with the best that can be reached.

# %%
try:
    found = qy.seek_strength(future, library["settling-in"], by_2035, 0.95, most=5, seed=SEED)
    print(f"{found.strength:.1f} times its stated effect: {found.probability.value:.2f}")
except qy.QyforecastError as error:
    print(error)
