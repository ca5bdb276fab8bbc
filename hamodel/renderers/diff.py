"""The difference of two configurations as text for a terminal, and as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rich.text import Text

from hamodel.ir.difference import Bound, Difference, Only, Side
from hamodel.ir.repairs import Effect, Standing, Trend
from hamodel.ir.report import faults_in_words
from hamodel.ir.review import Remark
from hamodel.ir.verdict import Outcome, Range
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import Line, printed, said_anew
from hamodel.renderers.review_json import remark_object, story_object
from hamodel.renderers.text import render_story
from hamodel.renderers.words import at_most, count, seconds

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""
STYLES = {Trend.BETTER: "green", Trend.WORSE: "bold red", Trend.OTHER: "yellow"}


def render(found: Difference, *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """Values first, then what they do."""
    return printed((said_anew(line, say) for line in _lines(found, width, say)), width, colour)


def _lines(found: Difference, width: int, say: Say) -> Iterator[Line]:
    yield Line(Text(f"hamodel {found.version}".rstrip(), style="bold"))
    for name, side in (("old", found.old), ("new", found.new)):
        yield _row(name, _side(side), 12)
    if found.checked:
        yield _row("checked", f"{found.checked}, {found.seconds:.1f} s", 12)
    yield from _options(found)
    yield from _findings("findings that appear", found.appeared, "bold red")
    yield from _findings("findings that vanish", found.vanished, "green")
    if found.effects:
        yield Line()
        yield Line(Text("verdicts that change", style="bold"))
        for effect in found.effects:
            yield _effect(effect)
    if found.bounds:
        yield Line()
        yield Line(Text("worst cases", style="bold"))
        for bound in found.bounds:
            yield _bound(bound)
    for run in found.runs:
        yield from _run(run, width, say)
    yield from _followed(found)
    yield Line()
    yield _end(found)


def _row(name: str, what: str | Text, wide: int) -> Line:
    return Line(Text.assemble((f"{name:<{wide - 1}} ", "dim"), what), hang=wide)


def _side(side: Side) -> str:
    if side.refused:
        return f"{side.where}: {side.refused}"
    more = f"; {side.unchecked}" if side.unchecked else ""
    return f"{side.where}: {' and '.join(side.nodes)}, Heartbeat {side.heartbeat}{more}"


def _options(found: Difference) -> Iterator[Line]:
    yield Line()
    if not found.options:
        same = "no value in force differs" if not (found.old.refused or found.new.refused) else "values not compared"
        yield Line(Text(same, style="bold"))
        return
    yield Line(Text("values in force that differ", style="bold"))
    for option in found.options:
        where = f" on {option.node}" if option.node else ""
        text = Text.assemble(
            (f"  {option.name}{where}: ", ""), (_value(option.old, option.old_line), "red"), " -> ",
            (_value(option.new, option.new_line), "green"),
        )  # fmt: skip
        yield Line(text, hang=6)


def _value(text: str, line: int) -> str:
    return (text or "none") + (f" (line {line})" if line else "")


def _findings(title: str, remarks: tuple[Remark, ...], style: str) -> Iterator[Line]:
    if not remarks:
        return
    yield Line()
    yield Line(Text(title, style="bold"))
    for remark in remarks:
        yield Line(Text.assemble(f"  {remark.cost.value:<10} ", (remark.code, style), f"  {remark.message}"), hang=13)


def _effect(effect: Effect) -> Line:
    text = Text.assemble(
        "  ", (f"{effect.trend.value:<7}", STYLES[effect.trend]),
        f" {effect.after.name}: {_said(effect.before)} -> {_said(effect.after)}",
    )  # fmt: skip
    return Line(text, hang=10)


def _said(standing: Standing) -> str:
    if standing.outcome is None:
        return "not asked"
    if standing.outcome is Outcome.HOLDS:
        held = standing.measured
        return f"holds in {seconds(held.hi)} at most" if held is not None and held.hi is not None else "holds"
    if standing.outcome is Outcome.VIOLATED and standing.ways:
        return "broken by " + " or ".join(faults_in_words(faults) for faults, _ in standing.ways)
    return str(standing.outcome.value)


def _bound(bound: Bound) -> Line:
    same = bound.old_text == bound.new_text
    told = f"{bound.new_text} (the same)" if same else f"{bound.old_text} -> {bound.new_text}"
    style = STYLES[bound.trend] if bound.trend is not None else ""
    return Line(Text.assemble(f"  {bound.says}: ", (told, style)), hang=6)


def _run(run: Only, width: int, say: Say) -> Iterator[Line]:
    here, there = ("new", "old") if run.in_new else ("old", "new")
    yield Line()
    what = f"{run.property} broken by" if run.property else f"{run.shows}, after"
    title = f"the shortest run that only the {here} configuration allows: {what} {faults_in_words(run.faults)}"
    yield Line(Text(title, style="bold"), hang=2)
    for line in render_story(run.story, width=width - 4, say=say).splitlines():
        yield Line(Text(f"    {line}"), wrapped=True)
    events = f"{run.stops_after} event{'s' if run.stops_after != 1 else ''}"
    missing = _told(run.missing, say)
    said = f"  in the {there} one it does not happen: after {events} `{missing}` does not come ({run.stops})"
    if not run.missing:
        said = f"  in the {there} one {run.stops}"
    yield Line(Text(said), hang=4)
    for reason in run.reasons:
        yield Line(Text(f"    {reason}", style="dim"), hang=6)
    same = "this at this moment" if not run.property else "that promise"
    never = "shows" if not run.property else "breaks"
    searched = (
        f"  checked: of all runs of the {there} one with the same at the same times none {never} {same} "
        f"({count(run.classes)} class{'es' if run.classes != 1 else ''})"
    )
    yield Line(Text(searched, style="dim"), hang=4)


def _followed(found: Difference) -> Iterator[Line]:
    if not found.followed:
        return
    yield Line()
    for each in found.followed:
        if each.in_new is None:
            title = "no run differs"
        else:
            title = f"no run that only the {'new' if each.in_new else 'old'} configuration allows"
        yield Line(Text.assemble((title if each.complete else f"{title} was found", "bold"), f": {each.said}"), hang=2)


def _told(missing: str, say: Say) -> str:
    """What a node does, said after its name; or the name of an event."""
    node, _, sentence = missing.partition(" ")
    return f"{node} {say(sentence)}" if sentence else missing


def _end(found: Difference) -> Line:
    if found.interrupted:
        return Line(Text("interrupted: nothing more is known", style="yellow"))
    if found.worse:
        return Line(Text(f"the new configuration is worse: {'; '.join(found.worse)}", style="bold red"), hang=2)
    better = [e for e in found.effects if e.trend is Trend.BETTER]
    if better or found.vanished or (found.old.refused and not found.new.refused):
        return Line(Text("the new configuration is nowhere worse, and somewhere better", style="green"))
    return Line(Text("the new configuration is not worse"))


# ---- json ------------------------------------------------------------------------------------------------------------


def render_json(found: Difference) -> str:
    """The difference, two blanks to a level, with a line feed at its end."""
    return json.dumps(as_object(found), indent=2, ensure_ascii=False) + "\n"


def as_object(found: Difference) -> Mapping[str, object]:
    """What `render_json` writes."""
    return {
        "hamodel": found.version,
        "format": FORMAT,
        "old": _side_object(found.old),
        "new": _side_object(found.new),
        "checked": found.checked or None,
        "seconds": found.seconds,
        "interrupted": found.interrupted,
        "worse": list(found.worse),
        "options": [
            {
                "name": o.name, "node": o.node or None, "old": o.old or None, "new": o.new or None,
                "old_line": o.old_line or None, "new_line": o.new_line or None,
            }
            for o in found.options
        ],
        "appeared": [remark_object(r) for r in found.appeared],
        "vanished": [remark_object(r) for r in found.vanished],
        "verdicts": [
            {
                "property": e.after.name, "trend": e.trend.value,
                "old": _standing(e.before), "new": _standing(e.after),
            }
            for e in found.effects
        ],
        "bounds": [
            {
                "property": b.name, "says": b.says, "old": b.old_text, "new": b.new_text,
                "old_ms": _range(b.old), "new_ms": _range(b.new), "trend": b.trend.value if b.trend else None,
            }
            for b in found.bounds
        ],
        "runs": [
            {
                "property": r.property, "only_in": "new" if r.in_new else "old", "faults": dict(r.faults),
                "story": [story_object(line) for line in r.story], "stops_after": r.stops_after,
                "missing": r.missing or None, "because": r.stops, "reasons": list(r.reasons),
                "shows": r.shows or None, "acts": [{"action": name, "at": at} for name, at in r.acts],
                "steps": r.steps, "certified": list(r.certified), "searched": r.classes,
            }
            for r in found.runs
        ],
        "followed": [
            {
                "only_in": None if f.in_new is None else "new" if f.in_new else "old", "said": f.said,
                "complete": f.complete,
            }
            for f in found.followed
        ],
    }  # fmt: skip


def _side_object(side: Side) -> Mapping[str, object]:
    return {
        "path": side.where,
        "nodes": list(side.nodes),
        "heartbeat": side.heartbeat or None,
        "refused": side.refused or None,
        "unchecked": side.unchecked or None,
    }


def _standing(standing: Standing) -> Mapping[str, object]:
    return {
        "outcome": standing.outcome.value if standing.outcome else None,
        "reason": standing.reason,
        "ways": [{"faults": dict(faults), "lasts": at_most(length)} for faults, length in standing.ways],
        "measured_ms": _range(standing.measured),
    }


def _range(length: Range | None) -> Mapping[str, int | None] | None:
    return None if length is None else {"least": length.lo, "most": length.hi}
