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
# # The briefing charts
#
# **摘要。** 汇报用图，按讲解顺序排列；每张图一句话说明怎么读。图由已保存的结果绘出，
# 不重新拟合。缺结果时，第一格会说明先运行哪条命令。把 `LANG` 改成 `"en"` 即得英文图。
#
# Every chart from saved results, in the order of a talk; nothing is fitted. `LANG` and the
# region choose what is drawn: `Wanted(LANG, region="621002")` shows a county.

# %%
# %matplotlib inline
from pathlib import Path

from qyforecast.report.charts import Wanted, left_out, make_charts, open_saved

LANG = "zh"
saved = open_saved(Path("results"))
left_out(saved)

# %% [markdown]
# Empty braces: every chart can be drawn. Otherwise each name above has its command.

# %%
charts = {chart.name: chart for chart in make_charts(saved, Wanted(LANG))}
list(charts)

# %% [markdown]
# ## How far, and how sure
#
# The band is what the model holds possible; the marks are the two promises. Say first where
# the middle of the band meets the year of a promise, then how much of the band lies above the
# mark.

# %%
charts["fan"].figure

# %% [markdown]
# ## Which scenario helps
#
# Ordered from the likeliest down. Compare each dot with the baseline; two dots whose bars
# overlap are not told apart.

# %%
charts["chances"].figure

# %% [markdown]
# ## What the news did
#
# The same promise as judged year by year. A step down is bad news that was published in that
# year.

# %%
charts["vintages"].figure

# %% [markdown]
# ## When
#
# The chance of having reached the bar by each year. Read it where it crosses one half.

# %%
charts["first-year"].figure

# %% [markdown]
# ## Where
#
# Each county in its rough place on the map, all on one scale. Those far above the city's line
# cannot carry it alone: look at how many live there.

# %%
charts["counties"].figure

# %% [markdown]
# ## Who
#
# Urban and rural residents by age, now and in 2035. Villages grow old first.

# %%
charts["pyramid"].figure

# %% [markdown]
# ## From where
#
# Urban growth by component. Movement carries most of it; births in town and relabelled places
# add to it.

# %%
charts["growth"].figure

# %% [markdown]
# ## Between which places
#
# Moves of a year between village, town and outside.

# %%
charts["flows"].figure

# %% [markdown]
# ## At which ages
#
# What the two censuses leave to migration. The young leave.

# %%
charts["migration-age"].figure

# %% [markdown]
# ## Which part of the plan
#
# Steps from the baseline to everything together. The steps add up.

# %%
charts["shapley"].figure

# %% [markdown]
# ## Why we are not sure
#
# What would narrow the band most if it were known.

# %%
charts["variance"].figure

# %% [markdown]
# ## What goes with a faster pace
#
# The regression, beside plain least squares.

# %%
charts["coefficients"].figure

# %% [markdown]
# ## What one more point does
#
# Of a sector's jobs or value added, on the urban share.

# %%
charts["effects"].figure

# %% [markdown]
# ## What the data taught
#
# Grey before, blue after.

# %%
charts["priors"].figure

# %% [markdown]
# ## Do intervals hold
#
# How often an 80 % interval held the truth in past years, by horizon.

# %%
charts["coverage"].figure

# %% [markdown]
# ## Do probabilities mean what they say
#
# Past forecasts: flat bars mean that the truth fell everywhere in the band as often as
# promised.

# %%
charts["reliability"].figure

# %% [markdown]
# Every chart carries its numbers, its unit, its source and a sentence for those who cannot
# see it.

# %%
print(charts["fan"].alt)
charts["fan"].table.head()
