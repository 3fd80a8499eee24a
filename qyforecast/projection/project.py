"""Project a population forward."""

import numpy as np

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import UnbalancedAccount
from qyforecast.projection import reference
from qyforecast.projection.method import Keep, Timing, keep_of, timing_of
from qyforecast.projection.projection import Projection
from qyforecast.projection.records import Records, group_bounds, label_records
from qyforecast.projection.world import World, build_world


def project(
    population: Population,
    rates: Rates,
    path: UrbanPath | None = None,
    *,
    to: int,
    timing: str | Timing = "even",
    keep: str | Keep = "totals",
) -> Projection:
    """Project a population forward by the cohort-component method.

    A step is as long as the age groups are wide. Over each step a part of the external
    migrants joins, survivors grow a step older, the other external migrants join, women
    bear children who live where their mothers do, people move to the towns of other
    regions, and between village and town until each region has the urban share of
    `path`; then comes what is done about people: fewer return, families follow, more
    move, places are reclassified. What that adds to the urban share (in log odds) stays
    added to the path of later years.

    The last external migrants join *before* anyone moves inside the city, so that the
    share at the year end is the path's exactly.

    Parameters
    ----------
    population : Population
        Who lives where at the end of `population.year`, ``([draw,] area, sex, age)``.
        [person]
    rates : Rates
        What happens to them; schedules by age and scalars by draw.
    path : UrbanPath, optional
        Urban share of each region at each year end, ``([draw,] year, region)``. Without
        one, the moving propensity is a rate.
    to : int
        Last year wanted, a whole number of steps after `population.year`.
    timing : {"even", "end"} or Timing
        When external migrants join: half at each end of a step, or all at its end.
    keep : {"totals", "groups", "ages"} or Keep
        What is kept of ages: nothing, five-year groups, or all. Totals and flows by
        area and sex are always kept.

    Returns
    -------
    Projection
        Totals and flows; draw ``i`` uses draw ``i`` of every input, and an input
        without draws is the same in all.

    Raises
    ------
    UnbalancedAccount
        If a flow is larger than the stock it leaves; names region, residence, sex, age,
        year and draw.
    RateError
        If labels do not match those of the population.

    References
    ----------
    Rogers (1995), *Multiregional Demography*; Preston, Heuveline and Guillot (2001),
    *Demography*, ch. 6.
    """
    kept = keep_of(keep)
    world = build_world(population, rates, path, to, timing_of(timing))
    areas = tuple(str(area) for area in population.persons["area"].values)
    return label_records(run_world(world, kept), world.frame, kept, areas)


def run_world(world: World, keep: Keep) -> Records:
    """Run the compiled accounts, and say what is wrong where a draw has no answer.

    Parameters
    ----------
    world : World
        Population and rates.
    keep : Keep
        What is kept.

    Returns
    -------
    Records
        Plain arrays.

    Raises
    ------
    UnbalancedAccount
        If a flow is larger than the stock it leaves.
    """
    # numba costs a quarter of a second to import: only those who project pay it.
    from qyforecast.projection.step import run_blocks  # noqa: PLC0415

    bounds = group_bounds(world.frame, keep)
    if world.net_rate.any():
        # The compiled twin has no term in the stock at the start of a step; the readable one has.
        return reference.run_records(world, bounds, keep.precision)
    records, broken = run_blocks(world, bounds, keep.precision, accounts=keep.accounts)
    if broken.any():
        _explain(world, int(np.argmax(broken)))
    return records


def _explain(world: World, draw: int) -> None:
    """Run one draw through the reference, which names the cell at fault."""
    reference.run(world.of_draws(slice(draw, draw + 1)))
    raise UnbalancedAccount(
        "a flow is larger than the stock it leaves", where=f"draw {world.frame.draws[draw]}"
    )
