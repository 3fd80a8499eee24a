"""One document in three lengths: the yearly note, the mid-term evaluation, the final assessment."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from qyforecast.report.card import Card, Section
from qyforecast.report.monitor_sections import SECTIONS
from qyforecast.report.monitor_tongue import Tongue
from qyforecast.report.monitoring import Monitoring, Step

#: Sections of each length, in reading order.
LENGTHS: Mapping[str, tuple[str, ...]] = {
    "note": ("headline", "news", "moves", "band", "pace", "reading"),
    "mid-term": (
        *("headline", "history", "news", "moves", "band", "pace"),
        *("counties", "simple", "reading"),
    ),
    "final": (
        *("verdict", "headline", "history", "news", "moves", "band", "pace"),
        *("counties", "simple", "reading"),
    ),
}
PICTURE = "history.png"


def monitoring_document(found: Monitoring, length: str, lang: str, picture: Figure) -> Card:
    """Put together a document.

    Parameters
    ----------
    found : Monitoring
        What was found.
    length : {"note", "mid-term", "final"}
        How much of it is told.
    lang : {"en", "zh"}
        Language.
    picture : Figure
        History of the probabilities.

    Returns
    -------
    Card
        Sections of sentences and tables.
    """
    tongue = Tongue(found, lang)
    steps = _steps(found, length)
    sections = []
    for key in LENGTHS[length]:
        sentences, tables = SECTIONS[key](tongue, steps)
        figures = {PICTURE: picture} if key == "history" else {}
        sections.append(Section(key, tongue.say(key), tuple(sentences), tuple(tables), figures))
    title = tongue.say(
        "title",
        {
            "place": tongue.place(found.census.city),
            "length": tongue.say(length),
            "label": found.vintages[-1].label,
        },
    )
    return Card(title, tuple(sections), made_by=tongue.say("made_by"))


def _steps(found: Monitoring, length: str) -> tuple[Step, ...]:
    """Steps told of: the last; with the whole; or every one."""
    whole = (found.whole,) if len(found.steps) > 1 else ()
    return {
        "note": found.steps[-1:],
        "mid-term": (*found.steps[-1:], *whole),
        "final": (*found.steps, *whole),
    }[length]
