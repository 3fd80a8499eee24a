"""The linear urban-rural model, which has a closed form."""

import numpy as np
import pytest
from scipy.linalg import expm

from qyforecast import Labels, Rates, Survivorship, project, project_states
from qyforecast.errors import RateError

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
    labels = Labels(ages=(0, 1), residences=("urban", "rural"))
    children = FERTILITY / 4
    young, old = growth / (1 + children), (growth - children) / (1 + children)
    live = Survivorship(np.array([0, 1]), 1, np.ones(2), np.stack([young, old], axis=-1))
    vital = labels.vital({"female": live, "male": live}, np.array([0, FERTILITY]), 1.0)
    mobility = labels.mobility(
        {"female": move[0, 1], "male": move[0, 1]}, {"female": move[1, 0], "male": move[1, 0]}
    )
    persons = np.repeat(START[:, None] / 4, 2, axis=-1)
    population = labels.population({"female": persons, "male": persons}, year=0)
    projection = project(population, Rates(vital, mobility=mobility), to=300)
    persons = projection.totals.sum("sex").squeeze("draw")
    for t, urban, rural in CLOSED_FORM:
        assert persons.sel(year=t).values == pytest.approx([urban, rural], rel=1e-12)
    share = float(projection.urban_share().sel(year=300, region="all").item())
    assert share == pytest.approx(0.8385717024262493, rel=1e-12)


def test_the_closed_form_itself():
    """Keyfitz and Rogers: the same figures from `project_states`, in continuous time."""
    times = [t for t, *_ in CLOSED_FORM]
    moves = [[0, TO_VILLAGE], [TO_TOWN, 0]]
    found = project_states(START, [TOWN, VILLAGE], moves, times)
    np.testing.assert_allclose(found, [row[1:] for row in CLOSED_FORM], rtol=1e-12)


@pytest.mark.parametrize(
    ("persons", "moves", "says"),
    [
        ([1.0, -1.0], [[0, 0.1], [0.1, 0]], "missing or negative"),
        ([1.0, 1.0], [[0, -0.1], [0.1, 0]], "an intensity of moving"),
        ([1.0, 1.0], [[0, np.nan], [0.1, 0]], "an intensity of moving"),
        ([1.0, 1.0, 1.0], [[0, 0.1], [0.1, 0]], "from state to state"),
    ],
)
def test_states_that_make_no_sense_are_refused(persons, moves, says):
    with pytest.raises(RateError, match=says):
        project_states(persons, [0.0, 0.0], moves, [1])


def test_two_regions_exchange_people():
    """Two regions that only exchange people, ages told apart: a two-state matrix power."""
    labels = Labels(ages=(0, 1), regions=("north", "south"))
    stay = Survivorship(np.array([0, 1]), 1, np.ones(()), np.ones(2))
    vital = labels.vital({"female": stay, "male": stay}, np.zeros(2))
    shares = np.array([[0.1, 0.1], [0.04, 0.04]])
    mobility = labels.mobility(leaving={"female": shares, "male": shares})
    people = {"female": np.array([[10.0, 20.0], [5.0, 1.0]]), "male": np.ones((2, 2))}
    found = project(labels.population(people, 2000), Rates(vital, mobility=mobility), to=2007)
    matrix = np.linalg.matrix_power(np.array([[0.9, 0.04], [0.1, 0.96]]), 7)
    women = found.totals.sel(year=2007, sex="female").squeeze("draw").values
    np.testing.assert_allclose(women, matrix @ people["female"].sum(axis=1), rtol=1e-13)
