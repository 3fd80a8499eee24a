"""A projection matrix printed in a test of another package."""

import numpy as np
import pytest

from qyforecast import Labels, Rates, Survivorship, project

# mrc-ide/ccmpp.tmb, tests/testthat/test-ccmpp.R: females, 5x5, sex ratio at birth 1.05.
SURVIVAL = """.762 .878 .971 .973 .958 .948 .946 .939 .926 .905 .875 .832 .774 .697 .593 .455
.318 .21"""
FERTILITY = "0 0 0 .231 .365 .308 .258 .178 .091 .02 0 0 0 0 0 0 0"
FIRST_ROW = """0 0 .20564521463414637 .5362063902439025 .6099419707317074 .5113410292682928
.3929206536585366 .24193964634146345 .10082560975609758 .01858536585365854 0 0 0 0 0 0 0"""


AGES = range(0, 85, 5)


@pytest.mark.parametrize("age", range(17))
def test_each_column_of_the_leslie_matrix(age: int):
    """mrc-ide/ccmpp.tmb: one woman of each age, projected, is a column of the matrix.

    The matrix's first row gives women who are to be mothers at the end of the step the
    survival of the age *after* theirs (its subdiagonal has it right, and so has the
    Burkina Faso projection that the same method gave): that one age is put back here.
    """
    survival, births = np.array(SURVIVAL.split(), float), np.array(FERTILITY.split(), float)
    labels = Labels(ages=AGES, sexes=("female",))
    women_live = Survivorship.by_age_reached(survival, AGES)
    rates = Rates(labels.vital({"female": women_live}, births))
    population = labels.population({"female": np.eye(17)[age]}, year=1960)
    reached_1965 = project(population, rates, to=1965, keep="ages").population(1965).persons
    women = reached_1965.sel(sex="female").squeeze(drop=True).values
    assert float(reached_1965.sel(sex="male").sum()) == 0
    column = np.zeros(17)
    reached = min(age + 1, 16)
    later = min(age + 2, 17)
    slip = births[reached] * (survival[age + 1] - survival[later])
    column[0] = float(FIRST_ROW.split()[age]) + 5 / 2.05 * survival[0] / 2 * slip
    column[reached] = survival[age + 1]
    assert women == pytest.approx(column, abs=1e-14)
