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
# # Your own city
#
# **摘要。** 怎样换成自己的城市：复制数据文件夹，弄清每张表要填什么，看看填错时怎样提示，
# 改好后登记，再从头到尾走一遍。这里用庆阳的副本演示。
#
# A folder of your own, from the first error to a forecast, shown on a copy of Qingyang's.

# %%
import shutil
import tempfile
from pathlib import Path

import pandas as pd

import qyforecast as qy
from qyforecast.census.descriptor import read_descriptor, update_descriptor

SEED = 2022
folder = Path(tempfile.mkdtemp()) / "my-city"
shutil.copytree(qy.shipped_folder("census"), folder)

# %% [markdown]
# ## What each table must hold
#
# The first eight, and the layout of the counties, are the city's own. The rest is the nation's
# and the neighbours', which teach the regression and serve every city of the province.

# %%
resources = read_descriptor(folder).resources
pd.Series({name: ", ".join(field.name for field in one.fields) for name, one in resources.items()})

# %% [markdown]
# ## What a mistake looks like
#
# The digits of a county's residents turned round: the error names the file and the line, what
# was found, and the cure.

# %%
table = folder / "residence.csv"
right = table.read_text("utf-8")
row = next(line for line in right.splitlines() if line.startswith("621002,2020"))
total = row.split(",")[2]
table.write_text(right.replace(f"621002,2020,{total}", f"621002,2020,{total[::-1]}"), "utf-8")
try:
    qy.read_census(folder)
except qy.QyforecastError as error:
    print(error)

# %% [markdown]
# ## A change that is meant
#
# A table that passes every check but is not the one described, is refused too, until you say
# that you meant it. At the shell that is `qyforecast check --data FOLDER --update`.

# %%
table.write_text(right + "\n", "utf-8")
try:
    qy.read_census(folder)
except qy.QyforecastError as error:
    print(error)
update_descriptor(folder)
census = qy.read_census(folder)
len(census.regions)

# %% [markdown]
# ## What is known, and when it was
#
# Published shares outside the censuses, each with its kind of source and its year of
# publication: a forecast as of a year hears nothing later.

# %%
newest = qy.Panel.from_census(census, as_of=2025)
newest.readings[["region", "year", "urban_share", "kind"]]

# %% [markdown]
# ## The forecast, county by county
#
# The same straight line. Counties are held against the city's bars, though the plan promises
# nothing for each of them.

# %%
panel = qy.Panel.from_census(census, as_of=2021)
spec = qy.read_spec(qy.shipped_folder("models") / "urbanization" / "spec.yaml")
posterior = qy.fit(spec, panel, seed=SEED)
future = qy.draw_future(census, panel, spec, posterior, to=2035, seed=SEED)
scenarios = qy.shipped_folder("scenarios")
library = qy.read_scenarios(scenarios, regions=census.regions)
run = qy.run_scenario(future, library["baseline"], seed=SEED)
targets = qy.read_targets(scenarios / "targets.yaml", regions=run.urban_share["region"].values)
rows = [
    (census.names[target.region][1], target.name,
     qy.assess(run.urban_share, target, scenario="baseline", as_of=run.as_of).probability)
    for target in targets if target.reading == "strict"
]  # fmt: skip
pd.DataFrame(rows, columns=["place", "target", "probability"]).pivot(
    index="place", columns="target", values="probability"
).round(2)

# %% [markdown]
# A county far above its bar and one far below are both easy to foretell; the city lies between.
# Next: `qyforecast forecast --data FOLDER`, which also hears the newest figures.
