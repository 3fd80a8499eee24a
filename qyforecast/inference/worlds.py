"""Worlds of provinces drawn from the prior and run year by year."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from qyforecast.inference.derived import RESPONSES, province_rest, respond
from qyforecast.inference.design import Design
from qyforecast.inference.priors import sample_prior
from qyforecast.inference.recursion import JUMP_DF
from qyforecast.inference.spec import ModelSpec

Values = Mapping[str, np.ndarray]


def draw_world(spec: ModelSpec, design: Design, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what provinces rest on from the prior.

    Parameters
    ----------
    spec : ModelSpec
        The priors.
    design : Design
        Gives the numbers of provinces and breaks.
    rng : Generator
        Random numbers.

    Returns
    -------
    dict
        Parameter to ``(1, n)``, as a posterior of one draw has them.
    """
    provinces, sectors = design.change.shape[1], len(spec.drivers["employment"])
    size = {name: len(spec.drivers[name.rsplit("_", 1)[0]]) for name in RESPONSES}
    size["jump"] = design.breaks.shape[1]
    theta = {
        name: sample_prior(prior, (1, size.get(name, 1)), rng)
        for name, prior in spec.priors.items()
    }
    effect = rng.normal(0, theta["province_scale"][0, 0], (1, provinces))
    return theta | {
        "province_effect": effect - effect.mean(),
        "convergence_z": rng.standard_normal((1, provinces)),
        "employment_level_deviation": rng.standard_normal((1, 2 * sectors)),
        "employment_province_z": rng.standard_normal((1, provinces * sectors)),
    }


def run_world(
    theta: Values, spec: ModelSpec, design: Design, rng: np.random.Generator
) -> tuple[Design, np.ndarray]:
    """Run the provinces year by year under known parameters.

    Parameters
    ----------
    theta : mapping
        From `draw_world`.
    spec : ModelSpec
        The model, all of whose parts are switched on.
    design : Design
        Gives drivers, breaks and the levels of the first year.
    rng : Generator
        Random numbers of the national pace and the shocks.

    Returns
    -------
    tuple of Design and ndarray
        The design with these changes in place of those published, all of them known;
        the national pace of every year, ``(1, T)``. [log odds / year]
    """
    broken = (design.breaks > 0).any(axis=1)
    still = replace(design, lag=np.zeros_like(design.lag))
    whole = respond(theta, spec, spec.rival(spec.full))
    fixed = province_rest(whole, still.arrays())[0]
    speed = (
        theta["convergence"][0] * np.exp(theta["convergence_spread"] * theta["convergence_z"])[0]
    )
    linked = ~(broken | np.concatenate([[True], broken[:-1]]))
    level = design.lag[0] + design.nation[0]
    lag, change, nation = np.empty_like(fixed), np.empty_like(fixed), [level.mean()]
    national = _NationalPace(theta, rng)
    before, paces = np.zeros_like(level), []
    for year in range(len(fixed)):
        lag[year] = level - nation[-1]
        paces.append(national.next(nation[-1]))
        shock = _shock(theta, (design.early[year] > 0, broken[year]), len(level), rng)
        before = theta["shock_persistence"][0] * before * linked[year] + shock
        change[year] = paces[-1] + fixed[year] - speed * lag[year] + before
        level = level + change[year]
        nation.append(level.mean())
    known = np.ones_like(change)
    world = replace(
        design,
        change=change,
        lag=lag,
        nation=np.array(nation),
        unheard=np.zeros_like(design.unheard),
        valid=known,
        linked=known * linked[:, None],
    )
    return world, np.array([paces])


class _NationalPace:
    """An autoregression about a mean that the nation's level pulls down."""

    def __init__(self, theta: Values, rng: np.random.Generator) -> None:
        self._mean, self._slope, self._rho, self._scale = (
            float(theta[name][0, 0])
            for name in ("pace", "national_convergence", "year_persistence", "year_scale")
        )
        self._rng = rng
        self._off = rng.normal(0, self._scale / np.sqrt(1 - self._rho**2))

    def next(self, level: float) -> float:
        pace = self._mean - self._slope * level + self._off
        self._off = self._rho * self._off + self._rng.normal(0, self._scale)
        return pace


def _shock(
    theta: Values, year: tuple[bool, bool], count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the new shocks of an early or later year, perhaps one of a break."""
    early, broken = year
    scale = theta["shock_scale_early" if early else "shock_scale"][0, 0]
    if broken:
        return np.hypot(scale, theta["jump_scale"][0, 0]) * rng.standard_t(JUMP_DF, count)
    return scale * rng.standard_t(theta["shock_df"][0, 0], count)
