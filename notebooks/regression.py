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
# # The regression: what the fit learned, and whether to believe it
#
# **摘要。** 先看先验认为可能的县域变化是否像真实的县，再拟合，检查抽样是否健康，
# 然后看数据把先验改变了多少；用普通最小二乘作对照，检查预测区间是否名副其实，
# 最后看过去的预测记录。
#
# Five questions in the order in which a statistician asks them.

# %%
# %matplotlib inline
import pandas as pd

import qyforecast as qy
from qyforecast.inference.checks import posterior_predictive, prior_predictive
from qyforecast.inference.effects import marginal_effects
from qyforecast.inference.twin_table import side_by_side
from qyforecast.report.coefficients import coefficient_frame, read_coefficients
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.figures.saved import setting_of

SEED = 2022
model = qy.shipped_folder("models") / "urbanization"
census = qy.read_census()
panel = qy.Panel.from_census(census, as_of=2021)
spec = qy.read_spec(model / "spec.yaml")

# %% [markdown]
# ## Do the priors know what a county is?
#
# Before any data, nine middling counties in ten stand still or gain up to a third of their
# residents for the towns in ten years. The real ones lie inside.

# %%
prior = prior_predictive(spec, panel, draws=4000, seed=SEED)
share = panel.counties["urban_share"]
real = share.isel(census=-1) - share.isel(census=0)
quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
pd.DataFrame(
    {"prior": prior["change"].quantile(quantiles), "counties": real.quantile(quantiles)},
    index=quantiles,
).round(3)

# %% [markdown]
# ## Did the sampler do its work?
#
# R-hat near 1, enough effective draws, no divergences; otherwise the fit is refused.

# %%
posterior = qy.fit(spec, panel, seed=SEED)
posterior.health

# %% [markdown]
# ## What did the data say?
#
# Grey is believed before, blue after. Where blue is as wide as grey, the data said little.

# %%
setting = setting_of(census, "en", census.city, draws=posterior.size)
coefficients = coefficient_frame(read_coefficients(posterior, spec)).assign(as_of=panel.as_of)
draw_chart("priors", {"coefficients": coefficients}, setting).figure

# %% [markdown]
# More jobs in services go with a faster pace; of industry's the sign is less sure. Places are
# compared here: that is no experiment.

# %%
future = qy.draw_future(census, panel, spec, posterior, to=2035, seed=SEED)
residents = census.residence.sel(year=2020).sum("residence")
effects = marginal_effects(
    future.course, future.drivers, spec, residents, city=census.city, years=(2025, 2035)
)
draw_chart("effects", {"effects": effects.assign(as_of=panel.as_of)}, setting).figure

# %% [markdown]
# ## Does plain least squares agree?
#
# The twin has no priors. Where it differs, the last column of its table says why.

# %%
twin = side_by_side(posterior, spec, panel).assign(as_of=panel.as_of)
draw_chart("coefficients", {"twin": twin}, setting).figure

# %%
twin[["level", "term", "estimate", "error", "median", "why"]]

# %% [markdown]
# ## Do the intervals hold what they promise?
#
# An 80 % interval should hold four observations in five, each left out in turn.

# %%
posterior_predictive(posterior, spec, panel)

# %% [markdown]
# And the hardest question, of years that were not known: fitted again to the past, how far off
# was it, beside methods that need no model? In points of urban share, by years ahead.

# %%
record = pd.read_csv(model / "record.csv")
plain = record[~record["method"].str.contains("symmetric")]
plain.pivot_table(index="method", columns="horizon", values="mae").mul(100).round(2)

# %%
draw_chart("coverage", {"record": record}, setting).figure
