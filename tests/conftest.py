"""What every test shares: compiled code kept per worker, hypothesis's habits, large cases."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# numba and PyTensor read these when first imported, so they are set before any test is.
# Two workers writing one cache give chains that differ from run to run, or crash.
_COMPILED = (
    ROOT / ".pytest_cache" / "d" / "compiled" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
)
os.environ["NUMBA_CACHE_DIR"] = str(_COMPILED / "numba")
os.environ["PYTENSOR_FLAGS"] = f"base_compiledir={_COMPILED / 'pytensor'}"
os.environ["MPLBACKEND"] = "Agg"
# Each worker has one core; linear algebra with threads of its own only makes them queue.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The time of one example says more about the machine than about the code.
settings.register_profile("here", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def cases() -> Path:
    """Give the folder of worked cases, or skip where there is none.

    Returns
    -------
    Path
        The folder named by ``QYFORECAST_CASES``.
    """
    folder = os.environ.get("QYFORECAST_CASES")
    if not folder:
        pytest.skip("QYFORECAST_CASES names no folder of worked cases")
    path = Path(folder)
    assert path.is_dir(), f"QYFORECAST_CASES={folder} is not a folder"
    return path


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Give the folder of the checkout.

    Returns
    -------
    Path
        Where ``pyproject.toml`` lies.
    """
    return ROOT
