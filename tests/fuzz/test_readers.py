"""Spoilt files: each ends in a right answer or in one error of the package, and in no time."""

import shutil
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from qyforecast.errors import QyforecastError
from tests.fuzz.readers import READERS, World, make_world

#: Cases of each reader: 300 in all by default, more than 10,000 at night.
FEW, MANY = -(-300 // len(READERS)), -(-10_000 // len(READERS))
#: Nothing that is read here takes a second; a shared machine may. [second]
PATIENCE = 60


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Give sound files."""
    return make_world(tmp_path_factory.mktemp("world"))


@contextmanager
def patience() -> Iterator[None]:
    """End what hangs."""

    def late(*_: object) -> None:
        raise AssertionError(f"no answer within {PATIENCE} seconds")

    former = signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


def attempt(world: World, name: str, case: int, folder: Path) -> str:
    """Spoil a file of a copy and read it; say how it ended."""
    reader, rng = READERS[name], Random(zlib.crc32(f"{name} {case}".encode()))
    source = rng.choice(sorted(world.place.glob(reader.files)))
    path = folder / source.relative_to(world.place)
    raw = source.read_bytes()
    path.write_bytes(reader.spoil(raw, rng))
    names = sorted(one.name for one in path.parent.iterdir())
    how = "read"
    try:
        with patience():
            reader.read(world, path, rng)
    except QyforecastError:
        how = "refused"
    except Exception as error:
        error.add_note(f"{name}, case {case}: {path.name}")
        raise
    finally:
        path.write_bytes(raw)
    assert sorted(one.name for one in path.parent.iterdir()) == names
    return how


def ended(world: World, name: str, cases: int, place: Path) -> list[str]:
    """Run many cases in one copy of the folder that holds the file."""
    top = READERS[name].files.partition("/")[0]
    shutil.copytree(world.place / top, place / top)
    found = []
    for case in range(cases):
        found.append(attempt(world, name, case, place))
        # A declared change has changed the descriptor too.
        if top == "census":
            shutil.copy(world.place / top / "datapackage.json", place / top / "datapackage.json")
    return found


@pytest.mark.parametrize("name", READERS)
def test_a_spoilt_file_is_read_right_or_refused(world: World, name: str, tmp_path: Path) -> None:
    found = ended(world, name, FEW, tmp_path)
    assert found.count("refused") > 0 or name == "a refit"


@pytest.mark.nightly
@pytest.mark.parametrize("name", READERS)
def test_many_spoilt_files(world: World, name: str, tmp_path: Path) -> None:
    found = ended(world, name, MANY, tmp_path)
    assert found.count("refused") > 0 or name == "a refit"


@pytest.mark.parametrize("name", READERS)
def test_the_sound_file_is_read(world: World, name: str) -> None:
    """The negative control: nothing is refused that nobody spoilt."""
    reader = READERS[name]
    for source in sorted(world.place.glob(reader.files)):
        reader.read(world, source, Random(1))
