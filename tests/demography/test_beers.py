import numpy as np
import pytest
import xarray as xr

from qyforecast import beers_matrix, graduate_by_beers
from qyforecast.errors import DataError


def groups(values: list[float]) -> xr.DataArray:
    ages = [5 * i for i in range(len(values))]
    return xr.DataArray(values, {"age": ages}, ("age",))


@pytest.mark.parametrize("count", [5, 6, 9, 20])
def test_nobody_is_lost(count: int) -> None:
    """Beers (1945): smoothed, but the total is kept, and the groups at either end."""
    matrix = beers_matrix(count)
    np.testing.assert_allclose(matrix.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(matrix.sum(axis=1), 0.2, atol=2e-4)
    sums = matrix.reshape(count, 5, count).sum(axis=1)
    ends = [0, -1]
    np.testing.assert_allclose(sums[ends], np.eye(count)[ends], atol=1e-12)


def test_a_straight_line_stays_one_inside() -> None:
    line = 100.0 + 3 * np.arange(60)
    found = beers_matrix(12) @ line.reshape(12, 5).sum(axis=1)
    np.testing.assert_allclose(found[10:50], line[10:50], rtol=2e-3)


def test_the_open_group_stays() -> None:
    persons = groups([500.0, 480, 470, 465, 440, 400, 350, 80])
    found = graduate_by_beers(persons)
    assert found["age"].values.tolist() == list(range(36))
    assert float(found.sel(age=35)) == 80
    assert float(found.sel(age=slice(0, 4)).sum()) == pytest.approx(500)
    assert float(found.sum()) == pytest.approx(float(persons.sum()))


@pytest.mark.parametrize(
    ("persons", "says"),
    [
        (groups([500.0, 0, 0, 900, 0, 0, 10]), "negative number of people\n  where: age"),
        (groups([5.0, 4, 3]), "needs ages 0, 5, 10"),
        (groups([5.0] * 8).assign_coords(age=[0, 1, *range(5, 35, 5)]), "needs ages 0, 5, 10"),
        (groups([5.0, -1, 3, 4, 5, 6]), "population is outside its range"),
    ],
)
def test_what_beers_cannot_do_is_refused(persons: xr.DataArray, says: str) -> None:
    with pytest.raises(DataError, match=says):
        graduate_by_beers(persons)
    with pytest.raises(DataError, match="five groups or more"):
        beers_matrix(4)
