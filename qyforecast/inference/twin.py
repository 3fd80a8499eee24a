"""The frequentist twin: the same questions put to the same data without priors."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from statsmodels.stats.outliers_influence import variance_inflation_factor

from qyforecast.inference.design import Design, driver_names
from qyforecast.inference.scale import share_of
from qyforecast.inference.spec import ModelSpec


@dataclass(frozen=True)
class Regression:
    """A frequentist regression, and how collinear its regressors are.

    Attributes
    ----------
    table : DataFrame
        By term: ``estimate, error`` (clustered standard error) ``, vif``.
    observations, clusters : int
        How many of each.
    """

    table: pd.DataFrame
    observations: int
    clusters: int


def province_regression(spec: ModelSpec, design: Design, *, own: bool = True) -> Regression:
    """Regress yearly changes of provinces on level and drivers, by least squares.

    Parameters
    ----------
    spec : ModelSpec
        Names the drivers.
    design : Design
        Yearly changes [log odds], levels and drivers less the mean place's.
    own : bool
        Whether provinces have effects of their own. With them least squares overstates
        convergence, without them it understates it.

    Returns
    -------
    Regression
        Terms ``convergence`` (less the slope on the level) [1 / year], ``driver sector``
        [log odds / year per unit share], ``change of driver sector`` [log odds per unit
        share]; effects of years and provinces are taken out; errors clustered by province.

    References
    ----------
    Wooldridge (2010), *Econometric Analysis of Cross Section and Panel Data*, ch. 10;
    Nickell (1981), Econometrica 49, 1417-1426, and Bond (2002) for the two biases.
    """
    seen = design.valid > 0
    years, provinces = np.nonzero(seen)
    names = driver_names(spec)
    columns = {"convergence": -design.lag[seen]}
    columns |= dict(zip(names, design.drivers[seen].T, strict=True))
    moves = design.driver_changes[seen].T
    columns |= {f"change of {n}": v for n, v in zip(names, moves, strict=True)}
    terms = pd.DataFrame(columns)
    effects = np.hstack([_dummies(years), _dummies(provinces)[:, 1 : None if own else 1]])
    fitted = sm.OLS(design.change[seen], np.hstack([terms.to_numpy(), effects])).fit(
        cov_type="cluster", cov_kwds={"groups": provinces}
    )
    return _regression(fitted, terms, effects, provinces)


def county_regression(spec: ModelSpec, design: Design) -> Regression:
    """Regress counties' shares at the last census on those of the first: fractional logit.

    Parameters
    ----------
    spec : ModelSpec
        Names the drivers.
    design : Design
        Levels of counties at two censuses and their drivers.

    Returns
    -------
    Regression
        Terms ``level kept over ten years`` [1], ``employment sector`` [log odds / decade
        per unit share], ``change of employment sector`` [log odds per unit share]; effects
        of provinces are taken out, and with them value added, which is not known of single
        counties; errors clustered by prefecture.

    References
    ----------
    Papke and Wooldridge (1996), Journal of Applied Econometrics 11, 619-632.
    """
    names = driver_names(spec)[: len(spec.drivers["employment"])]
    heard = design.county_heard > 0
    columns = {"level kept over ten years": design.start[heard]}
    levels, moves = design.county_drivers[heard].T, design.county_driver_changes[heard].T
    columns |= {name: levels[place] for place, name in enumerate(names)}
    columns |= {f"change of {name}": moves[place] for place, name in enumerate(names)}
    terms, effects = pd.DataFrame(columns), _dummies(design.county_province[heard])
    prefectures = design.county_prefecture[heard]
    share = share_of(design.end[heard], spec) / spec.upper_limit
    fitted = sm.GLM(
        share, np.hstack([terms.to_numpy(), effects]), family=sm.families.Binomial()
    ).fit(cov_type="cluster", cov_kwds={"groups": prefectures})
    return _regression(fitted, terms, effects, prefectures)


def _dummies(labels: np.ndarray) -> np.ndarray:
    return (labels[:, None] == np.unique(labels)).astype(float)


def _beside(terms: np.ndarray, effects: np.ndarray) -> np.ndarray:
    return terms - effects @ np.linalg.lstsq(effects, terms, rcond=None)[0]


def _regression(
    fitted: Any, terms: pd.DataFrame, effects: np.ndarray, groups: np.ndarray
) -> Regression:
    rest = _beside(terms.to_numpy(), effects)
    rest = rest / rest.std(axis=0)
    count = terms.shape[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a division by zero where one column repeats another
        vif = [variance_inflation_factor(rest, k) for k in range(count)]
    table = pd.DataFrame(
        {"estimate": fitted.params[:count], "error": fitted.bse[:count], "vif": vif},
        index=terms.columns,
    )
    return Regression(table, len(terms), len(np.unique(groups)))
