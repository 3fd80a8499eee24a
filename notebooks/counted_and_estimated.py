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
# # What is counted, and what is estimated
#
# **摘要。** 普查数的是人，率是估计出来的。先看两次普查之间庆阳的城镇人口增加了多少，
# 再看死亡、生育、迁移各率依据什么、与公布数字相差多少，
# 最后用这些率从 2010 年推算到 2020 年，与普查对照。
#
# Censuses count people; rates are estimates. Each picture below is one of them.
# `qyforecast demography` writes all of this, and more, to `results/demography/`.

# %%
# %matplotlib inline
import qyforecast as qy
from qyforecast.census.assumptions import Assumptions
from qyforecast.census.cohort_decade import cohort_decade, national_survival
from qyforecast.census.estimate_notes import evidence_table
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.rate_checks import checks_table
from qyforecast.judge.hindcast import hindcast
from qyforecast.report.demography_figures import childbearing, deaths
from qyforecast.report.demography_frame import Subject
from qyforecast.report.demography_tables import residual_table
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.figures.saved import setting_of
from qyforecast.report.pyramids import pyramids

# %% [markdown]
# ## Counted
#
# Every county became more urban between the censuses; the district, Xifeng, is far ahead.

# %%
census = qy.read_census()
names = {code: english for code, (_, english) in census.names.items()}
persons = census.residence
urban_share = persons.sel(residence="urban", drop=True) / persons.sum("residence")
urban_share.transpose("region", "year").to_pandas().rename(index=names).round(3)

# %% [markdown]
# ## Estimated
#
# What every rate rests on, with its grade: measured, published, estimated, or a judgement.

# %%
base = estimate_rates(census, as_of=2025)
evidence = evidence_table(base.evidence)
evidence["grade"].value_counts()

# %% [markdown]
# What rests on judgement alone deserves the most doubt.

# %%
evidence[evidence["grade"] == "judgement"][["rate", "place", "value", "source"]]

# %% [markdown]
# Held against published figures: these are further apart than a tenth, or than a fiftieth
# for length of life, with the reason.

# %%
checks = checks_table(base.checks)
apart = checks[~checks["verdict"].str.startswith("within")]
apart[["what", "place", "year", "estimated", "published", "verdict"]]

# %% [markdown]
# ## People
#
# Those aged 15 to 24 in 2010 are far fewer ten years later: they left. Town gained most among
# people in their thirties, and their children.

# %%
counted = {year: census.population(year) for year in census.years}
subject = Subject(names[census.city], base.as_of, "Ages by residence are raked.")
both = {
    str(year): one.persons.set_index(area=["region", "residence"]).unstack("area").sum("region")
    for year, one in counted.items()
}
pyramids(both, subject)

# %% [markdown]
# ## Migration
#
# What survival does not explain must have moved. The loss is of the young, and smooth rates
# make it again; the standard curves of Rogers and Castro would misplace it by age.

# %%
decade = cohort_decade(census, list(counted.values()), base.mortality, Assumptions())
setting = setting_of(census, "en", census.city, draws=0)
draw_chart("migration-age", {"residual_migration": residual_table(decade)}, setting).figure

# %% [markdown]
# ## Deaths
#
# Villages lie above the towns of districts. Censuses count too few deaths: the dotted line is
# the nation's as counted, the dashed one scaled up.

# %%
nation = {
    "nation, scaled up": national_survival(census, 2020, Assumptions().deaths_weight),
    "nation, as counted": national_survival(census, 2020, None),
}
deaths(base, nation, subject)

# %% [markdown]
# ## Births
#
# Women in villages have more children, and earlier. No county's towns reach replacement.

# %%
childbearing(base, names, subject)

# %% [markdown]
# ## Held against the next census
#
# The rates carry 2010 to 2020 within a few per cent of each age and county. They were learnt
# from that decade, so the rates of the other counties, and no migration, stand beside.

# %%
past = hindcast(decade, base)
past.errors.pivot_table(index="measure", columns="method", values="error").round(3)
