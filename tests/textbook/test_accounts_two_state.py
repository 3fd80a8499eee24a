"""The linear urban-rural model, which has a closed form."""

import numpy as np
import pytest
import xarray as xr
from scipy.linalg import expm

from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Mobility, Rates, Vital
from qyforecast.projection.project import project

# Natural increase of town and village, and the rates of moving each way, per year.
TOWN, VILLAGE, TO_TOWN, TO_VILLAGE = 0.004, 0.009, 0.025, 0.004
START = np.array([0.4189, 0.5811])
# t, urban, rural: x(t) = expm(M t) x(0), written out with 16 digits.
CLOSED_FORM = [
    (1, 0.433332971479182, 0.5735674269672231),
    (5, 0.48924708424724, 0.5451668215022292),
    (15, 0.6177270958853213, 0.48512908803789034),
    (100, 1.4064953976804677, 0.33289547035279077),
    (300, 3.836500218521824, 0.738541137419037),
]
AGES = [0, 1]
SEXES = ["male", "female"]
FERTILITY = 0.06


def test_the_accounts_follow_the_closed_form():
    """Keyfitz and Rogers: the continuous two-state model, as yearly accounts.

    ``expm(M)`` of one year is a growth of each place followed by a redistribution. The
    growth is made the same at every age: the young have the survival, and the others the
    survival and children, that give it. The sexes are alike.
    """
    year = expm(np.array([[TOWN - TO_VILLAGE, TO_TOWN], [TO_VILLAGE, VILLAGE - TO_TOWN]]))
    growth = year.sum(axis=0)
    move = year / growth
    coords = {**area_coordinates(["X"], ("urban", "rural")), "sex": SEXES, "age": AGES}
    dims = ("area", "sex", "age")
    children = FERTILITY / 4
    young, old = growth / (1 + children), (growth - children) / (1 + children)
    survival = np.repeat(np.stack([young, old], axis=-1)[:, None], 2, axis=1)
    labels = {key: coords[key] for key in ("area", "region", "residence")}
    vital = Vital(
        xr.DataArray(survival, coords, dims),
        xr.DataArray(np.ones((2, 2)), {**labels, "sex": SEXES}, ("area", "sex")),
        xr.DataArray([[0, FERTILITY]] * 2, {**labels, "age": AGES}, ("area", "age")),
        sex_ratio_at_birth=1.0,
    )
    mobility = Mobility(moving_propensity=everyone(move[0, 1]), return_rate=everyone(move[1, 0]))
    persons = np.broadcast_to(START[:, None, None] / 4, (2, 2, 2))
    population = Population(xr.DataArray(persons, coords, dims), 0)
    projection = project(population, Rates(vital, mobility=mobility), to=300)
    persons = projection.totals.sum("sex").squeeze("draw")
    for t, urban, rural in CLOSED_FORM:
        assert persons.sel(year=t).values == pytest.approx([urban, rural], rel=1e-12)
    share = float(projection.urban_share().sel(year=300, region="X").item())
    assert share == pytest.approx(0.8385717024262493, rel=1e-12)


def everyone(rate: float) -> xr.DataArray:
    """Give every sex and age the same rate."""
    return xr.DataArray(np.full((2, 2), rate), {"sex": SEXES, "age": AGES}, ("sex", "age"))
