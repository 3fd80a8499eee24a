"""Residual net migration against two published tables."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.residual import net_migration

# Age in 1951, males counted in 1941 and 1951, survival share, net migrants by each method.
BOMBAY = """
10 77135 132870 0.9087 62777.4255 69084.8745460548 65931.1500230274
15 85434 170227 0.9573 88441.0318 92385.9101640029 90413.4709820015
20 79185 263971 0.9471 188974.8865 199530.024812586 194252.455656293
25 82603 253964 0.9308 177077.1276 190241.864632574 183659.496116287
60 36908 22248 0.7535 -5562.178 -7381.78898473789 -6471.98349236894
70 25094 10100 0.3866 398.6596 1031.19399896534 714.926799482671
"""
# Age in 1970, white males of Alabama 1960 and 1970, census survival ratio, net migrants.
ALABAMA = """
0 110365 105503 0.95543 56.9680499999959 59.6255612656096 58.2968056328027
10 126346 128656 1.001957 2062.740878 2058.71197865777 2060.72642832888
20 117525 102296 0.98894 -13929.1735 -14084.9530810767 -14007.0632905384
80 51294 16029 0.295727 859.979261999999 2908.0174011842 1883.9983315921
"""


def columns(text):
    rows = np.array([[float(v) for v in line.split()] for line in text.strip().splitlines()])
    return [xr.DataArray(c, dims="age", coords={"age": rows[:, 0]}) for c in rows.T[1:]]


@pytest.mark.parametrize("text", [BOMBAY, ALABAMA], ids=["bombay", "alabama"])
@pytest.mark.parametrize("method", ["forward", "reverse", "average"])
def test_printed_rows(text, method):
    """Bombay 1941-51: UN manual (1984), table 24; Alabama 1960-70: Bogue et al. (1982)."""
    before, after, survival, *wanted = columns(text)
    found = net_migration(before, after, survival, method=method)
    np.testing.assert_allclose(
        found, wanted[("forward", "reverse", "average").index(method)], rtol=0, atol=1e-5
    )
