"""What a scenario file may say: a closed set of keys."""

from collections.abc import Sequence
from typing import Any, get_args

from qyforecast.provenance import Evidence, Grade
from qyforecast.scenario.ages import check_ages
from qyforecast.scenario.document import Block
from qyforecast.scenario.effect import SHAPES, Effect, Timing
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.levers import LEVERS
from qyforecast.scenario.places import read_places
from qyforecast.scenario.scenario import Scenario, check_together
from qyforecast.vocabulary import SECTORS

_SCENARIO = ("name", "question", "chapter", "baseline", "inherits", "omissions", "levers")
_LEVER = (
    "name",
    "lever",
    "unit",
    "effect",
    "evidence",
    "places",
    "ages",
    "start",
    "ramp",
    "end",
    "saturation",
)
_EFFECT = ("median", "low", "high", "shape")
_EVIDENCE = ("grade", "source", "year")

#: Keys that only one kind of lever has.
_OWN: dict[str, tuple[str, ...]] = {
    "jobs": ("sector", "from_primary"),
    "value_added": ("sector",),
    "homes_cap": ("movers",),
}
#: What such a key holds.
_NUMBERS = ("from_primary", "movers")


def scenario_from(block: Block, ground: Ground, inherited: Sequence[Scenario] = ()) -> Scenario:
    """Read a scenario from the keys of its file.

    Parameters
    ----------
    block : Block
        Outermost keys.
    ground : Ground
        What it is held against.
    inherited : sequence of Scenario
        Scenarios whose levers come first, each lever once.

    Returns
    -------
    Scenario
        Ready to be applied.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    block.only(_SCENARIO)
    omissions = block.nodes("omissions")
    if not all(isinstance(node.value, str) for node in omissions):
        raise block.error("omissions are sentences", "omissions", cure="write - words")
    origins = {name: origin for scenario in inherited for name, origin in scenario.origins.items()}
    levers: list[Lever] = []
    with block.located("inherits"):
        for lever in (lever for scenario in inherited for lever in scenario.levers):
            # A lever that comes by two ways is one lever.
            levers += [] if lever in levers else [lever]
        check_together(levers)
    for item in block.blocks("levers"):
        levers.append(lever_from(item, ground))
        with item.located():
            check_together(levers)
    nothing = block.node("baseline").value is None
    with block.located("baseline"):
        return Scenario(
            name=block.text("name"),
            question=block.text("question"),
            chapter=block.text("chapter"),
            baseline=None if nothing else block.text("baseline"),
            omissions=tuple(str(node.value) for node in omissions),
            levers=tuple(levers),
            origins={lever.name: origins.get(lever.name, block.text("name")) for lever in levers},
        )


def lever_from(block: Block, ground: Ground) -> Lever:
    """Read a lever.

    Parameters
    ----------
    block : Block
        Keys of the lever.
    ground : Ground
        What it is held against.

    Returns
    -------
    Lever
        Of the kind that the file names.
    """
    kind = block.text("lever", tuple(LEVERS))
    own = _OWN.get(kind, ())
    block.only((*_LEVER, *own))
    effect = _effect_from(block)
    cls = LEVERS[kind]
    if block.text("unit") != cls.unit:
        raise block.error(
            f"a lever of kind {kind} is in another unit",
            "unit",
            found=block.text("unit"),
            cure=f"convert to '{cls.unit}'",
        )
    special = {
        key: block.number(key) if key in _NUMBERS else block.text(key, SECTORS) for key in own
    }
    if "saturation" in block.entries:
        special["saturation"] = block.number("saturation")
    timing = _timing_from(block, ground.base_year)
    places = read_places(block, "places", ground.regions)
    lever = _made(block, cls, (effect, timing, places), special)
    with block.located("effect"):
        ground.check(lever)
    return lever


def _made(
    block: Block,
    cls: type[Lever],
    common: tuple[Effect, Timing, dict[str, float] | None],
    special: dict[str, Any],
) -> Lever:
    """Make a lever; a fault is put down to the key that only this kind has, else to its kind."""
    kind, name = cls.kind, block.text("name")
    with block.located("ages" if "ages" in block.entries else "lever"):
        if "ages" in block.entries:
            special = special | {"ages": _ages_from(block)}
            check_ages(name, kind, special["ages"], known=cls.by_age)
    own = _OWN.get(kind, ())
    suspect = "saturation" if "saturation" in special else own[-1] if own else "lever"
    with block.located(suspect):
        return cls(name, *common, **special)


def _ages_from(block: Block) -> tuple[int, int]:
    ages = [node.value for node in block.nodes("ages")]
    if len(ages) != 2 or not all(type(age) is int for age in ages):
        raise block.error("two ages are wanted", "ages", cure="write [first, last], like [20, 34]")
    first, last = (int(str(age)) for age in ages)
    return first, last


def evidence_from(block: Block) -> Evidence:
    """Read what a number rests on.

    Parameters
    ----------
    block : Block
        Keys that hold ``evidence``.

    Returns
    -------
    Evidence
        Grade, source and year.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    if "evidence" not in block.entries:
        raise block.error(
            "a number without evidence",
            "evidence",
            cure="add evidence: {grade, source, year}; grade judgement if it is your own opinion",
        )
    inner = block.block("evidence")
    inner.only(_EVIDENCE)
    grade: Any = inner.text("grade", get_args(Grade))
    return Evidence(grade, inner.text("source"), inner.year("year", after=1900))


def _effect_from(block: Block) -> Effect:
    evidence, inner = evidence_from(block), block.block("effect")
    inner.only(_EFFECT)
    shape: Any = inner.text("shape", SHAPES) if "shape" in inner.entries else "split-normal"
    median, low, high = (inner.number(key) for key in ("median", "low", "high"))
    with inner.located("median"):
        return Effect(median, low, high, evidence, shape)


def _timing_from(block: Block, base_year: int) -> Timing:
    start = block.year("start", after=base_year)
    end = block.year("end", after=base_year) if "end" in block.entries else None
    with block.located("end"):
        return Timing(start, block.count("ramp"), end)
