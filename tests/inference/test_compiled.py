"""Compiled models are found again by another process; chance does not enter their key."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from qyforecast.inference.compiled import without_chance

FLAGS = ("afn", "nsz", "contract", "arcp")


def content(flags: tuple[str, ...], file: str, names: list[str], value: int) -> bytes:
    """Pickle what compiled functions close over; a set of any order, as a process gives it."""
    parts = b"".join(b"\x8c%c%s\x94" % (len(flag), flag.encode()) for flag in flags)
    # EMPTY_SET, MEMOIZE, MARK, the flags, ADDITEMS: as pickle writes a set.
    return (
        b"\x8f\x94(" + parts + b"\x90" + pickle.dumps((file, *names, names[0], value), protocol=5)
    )


def test_sets_files_and_random_names_do_not_enter() -> None:
    one, two = (
        content(order, f"/x/tmp{letters}", [str(uuid4()), uuid4().hex], 3)
        for order, letters in ((FLAGS, "abcd1234"), (FLAGS[::-1], "zyxw9876"))
    )
    assert one != two
    assert without_chance(one) == without_chance(two)


@pytest.mark.parametrize("fault", ["value", "order of names"])
def test_what_is_not_chance_does(fault: str) -> None:
    names = [uuid4().hex, uuid4().hex]
    one = content(FLAGS, "/x/tmpabcd1234", names, 3)
    if fault == "value":
        two = content(FLAGS, "/x/tmpabcd1234", names, 4)
    else:
        two = pickle.dumps((names[0], names[1], names[1]), protocol=5)
        one = pickle.dumps((names[0], names[1], names[0]), protocol=5)
    assert without_chance(one) != without_chance(two)


SMALL = """
import numpy as np, pymc as pm
from qyforecast.inference.compiled import compile_model
with pm.Model() as model:
    seen = pm.Data("seen", np.arange(5.0))
    pm.Normal("y", pm.Normal("mu"), 1, observed=seen)
compile_model(model)
"""


@pytest.mark.nightly
def test_a_second_process_loads_what_the_first_compiled(tmp_path: Path) -> None:
    settings = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DEBUG_CACHE": "1"}
    said = [
        subprocess.run(
            [sys.executable, "-c", SMALL], env=settings, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    loaded = [[ln for ln in text.splitlines() if "data loaded" in ln and "logp_numba" in ln]
              for text in said]  # fmt: skip
    assert [len(lines) for lines in loaded] == [0, 1]
