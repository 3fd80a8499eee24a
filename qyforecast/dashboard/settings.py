"""What a page is asked: one text, which is the page's address and what a session sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from qyforecast.errors import QyforecastError
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario
from qyforecast.vocabulary import nearest

#: Longest text of settings that is read.
LONGEST = 8000
#: Most scenarios side by side.
MOST_COMPARED = 6
#: Hardest pull, as a multiple of the stated effect.
HARDEST = 3.0
PAGES = ("answer", "whatif", "compare", "places", "trust")
#: Only one of each can be asked for.
_SINGLE = ("page", "lang", "as_of", "scenario", "region", "apart", "goal", "chance", "pulled")


@dataclass(frozen=True)
class Settings:
    """What is asked, as read and not yet held against what there is.

    Attributes
    ----------
    page : str
        One of `PAGES`.
    lang : {"zh", "en"}
        Language.
    words : mapping of str to tuple of str
        Key to its values, as in the text.
    """

    page: str = "answer"
    lang: str = "zh"
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, key: str, usual: str = "") -> str:
        """Give the value of a key.

        Parameters
        ----------
        key : str
            Key.
        usual : str
            Where it is not there, or empty.

        Returns
        -------
        str
            Its first value.
        """
        return next(iter(self.words.get(key, ())), "") or usual

    def text(self) -> str:
        """Write the settings as they are read, for an address."""
        pairs = [("page", self.page), ("lang", self.lang)]
        pairs += [(key, value) for key, values in self.words.items() for value in values]
        return urlencode(pairs)


def read_settings(text: str, *, longest: int = LONGEST) -> Settings:
    """Read settings from an address or a session.

    Parameters
    ----------
    text : str
        As ``page=whatif&scenario=layout``; nothing in it is trusted.
    longest : int
        Most characters.

    Returns
    -------
    Settings
        Chinese, and the first page, where it does not say.

    Raises
    ------
    QyforecastError
        If it is too long, or a single key stands in it twice.
    """
    if len(text) > longest:
        raise QyforecastError("the settings are too long", found=f"{len(text)} characters")
    words: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=800)
    except ValueError as error:
        raise QyforecastError("the settings cannot be read", found=str(error)) from error
    for key, value in pairs:
        words[key] = (*words.get(key, ()), value)
    for key in _SINGLE:
        if len(words.get(key, ())) > 1:
            raise QyforecastError("a setting stands twice", where=key, cure="name it once")
    page = _known("page", (words.pop("page", ()) or ("answer",))[0], PAGES)
    lang = _known("lang", (words.pop("lang", ()) or ("zh",))[0], ("zh", "en"))
    return Settings(page, lang, words)


def _known(key: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise QyforecastError(
            "a setting is not known", where=key, found=value[:80], cure=nearest(value, known)
        )
    return value


def choose(settings: Settings, key: str, known: Sequence[str]) -> str:
    """Take one of several.

    Parameters
    ----------
    settings : Settings
        What is asked.
    key : str
        Key.
    known : sequence of str
        What there is; the first is taken where nothing is asked.

    Returns
    -------
    str
        One of `known`.
    """
    return _known(key, settings.one(key, known[0]), known)


def several(settings: Settings, key: str, known: Sequence[str], most: int) -> tuple[str, ...]:
    """Take some of several.

    Parameters
    ----------
    settings : Settings
        What is asked.
    key : str
        Key.
    known : sequence of str
        What there is.
    most : int
        How many may be asked for.

    Returns
    -------
    tuple of str
        Each once.

    Raises
    ------
    QyforecastError
        If one is not known, or they are too many.
    """
    found = tuple(dict.fromkeys(value for value in settings.words.get(key, ()) if value))
    if len(found) > most:
        raise QyforecastError(
            "too many are chosen", where=key, found=str(len(found)), cure=f"at most {most}"
        )
    return tuple(_known(key, value, known) for value in found)


def number(settings: Settings, key: str, usual: float, bounds: tuple[float, float]) -> float:
    """Take a number.

    Parameters
    ----------
    settings : Settings
        What is asked.
    key : str
        Key.
    usual : float
        Where it is not there.
    bounds : tuple of float
        Least and most.

    Returns
    -------
    float
        Within the bounds.

    Raises
    ------
    QyforecastError
        If it is no number, or lies outside.
    """
    word = settings.one(key, f"{usual:g}")
    low, high = bounds
    try:
        value = float(word)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise QyforecastError(
            "a number is wanted", where=key, found=word[:80], cure=f"from {low:g} to {high:g}"
        )
    return value


def pulled(
    settings: Settings, scenario: Scenario, regions: Sequence[str], years: tuple[int, int]
) -> Scenario:
    """Move the levers of a scenario as the settings say.

    Parameters
    ----------
    settings : Settings
        ``s.NAME`` strength in percent, ``y.NAME`` first year, ``r.NAME`` years until in force,
        ``p.NAME`` places kept, for each lever; as in the file where they do not say, and in no
        place where only an empty one is kept.
    scenario : Scenario
        Where they start from.
    regions : sequence of str
        All places that there are.
    years : tuple of int
        First and last year in which a lever can begin.

    Returns
    -------
    Scenario
        The very scenario where nothing is moved; else one called ``what-if``.
    """
    levers = tuple(_moved(settings, lever, regions, years) for lever in scenario.levers)
    if levers == scenario.levers:
        return scenario
    kept = tuple(lever for lever in levers if lever.factor and lever.places != {})
    return replace(scenario, name="what-if", levers=kept)


def _moved(
    settings: Settings, lever: Lever, regions: Sequence[str], years: tuple[int, int]
) -> Lever:
    if f"s.{lever.name}" not in settings.words:
        return lever
    timing = lever.timing
    strength = number(settings, f"s.{lever.name}", 100, (0, 100 * HARDEST)) / 100
    # A lever may stand in its file with a start before the years that can still be chosen.
    first, last = min(years[0], timing.start), max(years[1], timing.start)
    start = int(number(settings, f"y.{lever.name}", timing.start, (first, last)))
    ramp = int(number(settings, f"r.{lever.name}", timing.ramp, (0, 30)))
    end = None if timing.end is None else max(timing.end + start - timing.start, start)
    changed: dict[str, Any] = {}
    if (start, ramp) != (timing.start, timing.ramp):
        changed["timing"] = replace(timing, start=start, ramp=ramp, end=end)
    changed |= _places(lever, settings.words.get(f"p.{lever.name}"), regions)
    lever = replace(lever, **changed) if changed else lever
    return lever if strength == 1 else lever.scaled(strength)


def _places(lever: Lever, kept: Sequence[str] | None, regions: Sequence[str]) -> dict[str, Any]:
    """Leave out places; others than the lever's own cannot be added."""
    if kept is None:
        return {}
    parts = dict.fromkeys(regions, 1.0) if lever.places is None else lever.places
    left = {code: part for code, part in parts.items() if code in kept}
    return {} if left == parts else {"places": left}
