"""What each section of a monitoring document says: sentences and tables, in one language."""

from collections.abc import Callable, Mapping, Sequence

from qyforecast.decide.targets import assess
from qyforecast.judge.baselines import BEHIND, extrapolate, newest_standing
from qyforecast.judge.early_warning import published_share
from qyforecast.policy.revision import PARTS
from qyforecast.report.monitor_sentences import (
    became_unlikely,
    changed,
    moved,
    standing,
    warnings,
)
from qyforecast.report.monitor_tongue import Tongue
from qyforecast.report.monitor_words import kind_words
from qyforecast.report.monitoring import Step
from qyforecast.report.overview import TextTable
from qyforecast.report.wording import counted_text, interval_text, persons_text

Told = tuple[Sequence[str], Sequence[TextTable]]


def _headline(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    found = tongue.found
    lines = [
        "- " + tongue.say("joined", {"one": standing(tongue, steps[-1], t), "other": became})
        if (became := became_unlikely(tongue, t))
        else "- " + standing(tongue, steps[-1], t)
        for t in found.city_targets
    ]
    return ["\n".join(lines), tongue.say("nothing_done")], []


def _history(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    targets = tongue.found.city_targets
    rows = tuple(
        (one.label, *(tongue.counted(tongue.told(one, target)) for target in targets))
        for one in tongue.found.vintages
    )
    columns = (tongue.say("as_of"), *(tongue.promise(target) for target in targets))
    notes = [tongue.say("intervals", {"draws": f"{tongue.found.draws:,}"})]
    if any(one.added for one in tongue.found.vintages):
        notes.append(tongue.say("plus"))
    return [], [TextTable("", columns, rows, tuple(notes))]


def _news(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    found = tongue.found
    shown = {id(one): one for step in steps for one in (step.before, step.after)}
    rows = []
    for one in (one for one in found.vintages if id(one) in shown):
        facts = one.facts
        year, share, kind = facts.reading
        pace = tongue.say(
            "pace_told",
            {"pace": f"{facts.pace:.3f}", "year": facts.pace_until, "provinces": facts.provinces},
        )
        told = tongue.say(
            "told",
            {"share": tongue.share(share), "year": year, "kind": kind_words(kind, tongue.lang)},
        )
        rows.append((one.label, told, str(facts.county_readings), pace))
    keys = ("as_of", "newest_share", "county_shares", "province_pace")
    table = TextTable("", tuple(map(tongue.say, keys)), tuple(rows), ())
    added = [
        tongue.say(
            "one_added",
            {
                "variable": figure.variable,
                "value": f"{figure.value:g}",
                "year": figure.year,
                "kind": kind_words(figure.kind, tongue.lang),
                "source": figure.source,
            },
        )
        for figure in found.figures
    ]
    joint = tongue.say("between").join(added)
    return [tongue.say("added", {"figures": joint})] if added else [], [table]


def _moves(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    return [tongue.say("moves_note")], [_move_table(tongue, step) for step in steps]


def _move_table(tongue: Tongue, step: Step) -> TextTable:
    columns = (
        *(tongue.say("target"), *(tongue.say("then", {"label": step.before.label}),)),
        *(tongue.say("now", {"label": step.after.label}), tongue.say("change")),
        *(tongue.part(part, step) for part in PARTS),
    )
    rows = tuple(
        (
            tongue.promise(move.target),
            counted_text(move.before.value, move.before.standard_error, tongue.lang),
            counted_text(move.after.value, move.after.standard_error, tongue.lang),
            changed(tongue, move),
            *(moved(tongue, move, part) for part in PARTS),
        )
        for move in step.moves
        if move.target in tongue.found.city_targets
    )
    title = tongue.say("step", {"before": step.before.label, "after": step.after.label})
    return TextTable(title, columns, rows, ())


def _band(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    found = tongue.found
    if set(map(id, found.steps)) <= set(map(id, steps)):
        # Told step by step; the whole way would repeat it.
        told = found.steps
    else:
        # A step that brought no figure still leaves the question where the path stands.
        told = (*(one for one in steps if one is not found.whole), found.whole)
    sentences = [line for step in told for line in warnings(tongue, step)]
    tables = [_band_table(tongue, step) for step in told if step.seen]
    return ["\n".join(f"- {line}" for line in sentences), tongue.say("band_note")], tables


def _band_table(tongue: Tongue, step: Step) -> TextTable:
    rows = tuple(
        (
            tongue.place(seen.region),
            str(seen.year),
            tongue.share(seen.urban_share),
            kind_words(seen.kind, tongue.lang),
            interval_text(seen.lower80, seen.upper80, tongue.lang),
            tongue.share(seen.quantile, 0),
            tongue.say("yes" if seen.left else "no"),
        )
        for seen in step.seen
    )
    columns = (
        *map(tongue.say, ("place", "year", "seen", "kind")),
        tongue.say("expected", {"label": step.before.label}),
        *map(tongue.say, ("quantile", "left")),
    )
    title = tongue.say("step", {"before": step.before.label, "after": step.after.label})
    return TextTable(title, columns, rows, ())


def _pace(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    found = tongue.found
    rows = [
        (
            tongue.say("was", {"first": pace.first, "last": pace.last}),
            f"{pace.points:.2f}",
            persons_text(pace.persons, tongue.lang),
            "",
        )
        for pace in found.paces
    ]
    for one in found.needed:
        others = [
            tongue.say(
                "other",
                {
                    "met": view.met,
                    "spells": view.spells,
                    "years": view.years,
                    "places": tongue.say(
                        {"counties": "near_counties", BEHIND: "behind"}.get(
                            view.places, view.places
                        )
                    ),
                },
            )
            for view in one.views
        ]
        rows.append(
            (
                tongue.say(
                    "needed", {"first": one.needed.first, "promise": tongue.promise(one.target)}
                ),
                f"{one.needed.points:.2f}",
                persons_text(one.needed.persons, tongue.lang),
                tongue.say("between").join(others),
            )
        )
    columns = ("", *map(tongue.say, ("points_a_year", "persons_a_year", "others")))
    table = TextTable("", columns, tuple(rows), (tongue.say("pace_note"),))
    return [] if found.needed else [tongue.say("passed")], [table]


def _counties(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    found = tongue.found
    first, last = found.whole.before, found.whole.after
    strict = [t for t in found.targets if t.reading == "strict"]
    rows = []
    for region in (found.census.city, *found.census.regions):
        cells = []
        for target in (t for t in strict if t.region == region):
            for one in (first, last):
                told = assess(one.urban_share, target)
                cells.append(counted_text(told.probability, told.standard_error, tongue.lang))
        rows.append((tongue.place(region), *cells))
    heads = [
        tongue.say("cell_head", {"promise": tongue.promise(target), "label": one.label})
        for target in strict
        if target.region == found.census.city
        for one in (first, last)
    ]
    columns = (tongue.say("county"), *heads)
    return [], [TextTable("", columns, tuple(rows), ())]


def _simple(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    years = tuple(dict.fromkeys(one.target.year for one in tongue.found.needed))
    if not years:
        return [tongue.say("passed")], []
    made = extrapolate(tongue.found.vintages[-1].panel, years)
    rows = tuple(
        (tongue.say(name), *(tongue.share(one.urban_share) for one in made if one.name == name))
        for name in dict.fromkeys(one.name for one in made)
    )
    columns = ("", *map(str, years))
    return [], [TextTable("", columns, rows, (tongue.say("simple_note"),))]


def _verdict(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    last = tongue.found.vintages[-1]
    lines = []
    for target in tongue.found.city_targets:
        told = published_share(last.panel, target.year)
        shown = told or newest_standing(last.panel)
        values = {"promise": tongue.promise(target), "year": shown.year, "last": target.year}
        values |= {"share": tongue.share(shown.urban_share)}
        values |= {"kind": kind_words(shown.kind, tongue.lang)}
        values |= {"points": f"{100 * (target.bar - shown.urban_share):.1f}"}
        values |= {"now": tongue.counted(tongue.told(last, target))}
        met = "met" if shown.urban_share >= target.bar else "missed"
        lines.append("- " + tongue.say(met if told else "open", values))
    return ["\n".join(lines)], []


def _reading(tongue: Tongue, steps: tuple[Step, ...]) -> Told:
    keys = ("parts", "likelihoods", "pseudo_vintage", "leaves_out")
    return ["\n".join(f"- {tongue.say(key)}" for key in keys)], []


#: Section to what it says, given the steps that the document tells.
SECTIONS: Mapping[str, Callable[[Tongue, tuple[Step, ...]], Told]] = {
    "headline": _headline,
    "history": _history,
    "news": _news,
    "moves": _moves,
    "band": _band,
    "pace": _pace,
    "counties": _counties,
    "simple": _simple,
    "verdict": _verdict,
    "reading": _reading,
}
