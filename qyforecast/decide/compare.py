"""Two scenarios on the same draws: what differs is the scenario and nothing else."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.decide.draws import Probability, change_error, count
from qyforecast.decide.targets import Target, reached_share
from qyforecast.errors import ScenarioError


@dataclass(frozen=True)
class Difference:
    """How much a scenario adds.

    Attributes
    ----------
    probability, standard_error : float
        Probability of the target under the scenario less that under the other,
        and its Monte Carlo standard error, from paired draws; both exactly
        zero where the two agree to the last bit. [1]
    beats : Probability
        That the scenario's urban share is the higher in the target's year.
    ties : float
        Share of the draws in which the two are equal. [1]
    gain, gain_lower90, gain_upper90 : float
        Median gain in the target's year and its equal-tailed 90 % interval.
        [percentage point]
    """

    probability: float
    standard_error: float
    beats: Probability
    ties: float
    gain: float
    gain_lower90: float
    gain_upper90: float


def compare(urban_share: xr.DataArray, other_share: xr.DataArray, target: Target) -> Difference:
    """Compare a scenario with another, draw by draw.

    Parameters
    ----------
    urban_share, other_share : DataArray
        Urban share under the scenario and under the one it is compared with,
        ``(draw, year, region)``, the same draws in the same order. [1]
    target : Target
        What was promised.

    Returns
    -------
    Difference
        Of the scenario less the other.

    Raises
    ------
    ScenarioError
        If the draws are not the same.
    """
    if not np.array_equal(urban_share["draw"].values, other_share["draw"].values):
        raise ScenarioError(
            "two scenarios are compared on different draws",
            found=f"{urban_share.sizes['draw']} and {other_share.sizes['draw']} draws",
            cure="run both with the same posterior, number of draws and seed",
        )
    return difference(
        reached_share(urban_share, target), reached_share(other_share, target), target.bar
    )


def difference(one: np.ndarray, two: np.ndarray, bar: float) -> Difference:
    """Compare shares that are already taken out, draw by draw.

    Parameters
    ----------
    one, two : ndarray
        Urban share of the same draws under the scenario and under the other. [1]
    bar : float
        Share that is enough. [1]

    Returns
    -------
    Difference
        Of the scenario less the other.
    """
    change = (one >= bar).astype(float) - (two >= bar)
    lower, gain, upper = np.quantile(100 * (one - two), [0.05, 0.5, 0.95]).tolist()
    same = np.array_equal(one, two)
    return Difference(
        probability=float(change.mean()),
        standard_error=0.0 if same else change_error(change),
        beats=Probability(0.0, 0.0) if same else count(one > two),
        ties=float((one == two).mean()),
        gain=gain,
        gain_lower90=lower,
        gain_upper90=upper,
    )
