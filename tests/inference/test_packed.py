"""What was packed is found again; rivals and vintages change nothing but the values."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from qyforecast.census.panel import Panel
from qyforecast.inference.design import make_design
from qyforecast.inference.packed import heard_arrays, pack, unpack
from qyforecast.inference.spec import read_spec
from tests.conftest import ROOT
from tests.recovery.simulated import Truth, simulate

NUMBERS = st.one_of(
    arrays(float, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e9, 1e9)),
    arrays(np.int64, array_shapes(max_dims=2, max_side=4), elements=st.integers(-9999, 9999)),
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), NUMBERS, min_size=1))
def test_unpacking_undoes_packing(given_arrays: dict[str, np.ndarray]) -> None:
    found = unpack(pack(given_arrays), given_arrays)
    assert list(found) == list(given_arrays)
    for name, values in given_arrays.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].dtype.kind == values.dtype.kind


@pytest.mark.parametrize("counties", [True, False])
def test_one_compiled_model_serves_every_vintage(counties: bool) -> None:
    """What is cut out of the vector for one vintage is, for another, the other's own."""
    spec = read_spec(ROOT / "models" / "urbanization" / "spec.yaml")
    census = simulate(Truth(), 3).census
    first, second = (
        heard_arrays(
            spec, make_design(spec, Panel.from_census(census, as_of=year)), counties=counties
        )
        for year in (2021, 2025)
    )
    assert not np.allclose(pack(first), pack(second))
    found = unpack(pack(second), first)
    for name, values in second.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


def test_holding_counties_out_changes_their_weight_alone() -> None:
    spec = read_spec(ROOT / "models" / "urbanization" / "spec.yaml")
    design = make_design(spec, Panel.from_census(simulate(Truth(), 3).census, as_of=2021))
    silent = replace(design, county_heard=np.zeros_like(design.county_heard))
    differs = pack(heard_arrays(spec, design)) != pack(heard_arrays(spec, silent))
    assert differs.sum() == len(design.county_heard)
