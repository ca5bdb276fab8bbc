"""Causes as text for a terminal and as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len

from hamodel.ir.causes import OVER, Cause, Contrast, Need, Way, Why, Whys
from hamodel.ir.report import StoryLine, faults_in_words
from hamodel.ir.verdict import Range
from hamodel.renderers.faulttree import scope, text_lines
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import anew, folded, padded
from hamodel.renderers.words import count, seconds, whose

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""
COLUMN = 12
SAID = "\0"
"""Begins a line that is in the reader's language already."""
AFTERWARDS = 10_000
"""A safe run is told until so many ms after the end of the failing one."""


def render_text(found: Whys, width: int = 80, say: Say = english) -> str:
    """Property by property: the fault tree, then for each set of faults what else it needs and what it does not."""
    out: list[str] = []
    for line in _lines(found, say):
        line = line[1:] if line.startswith(SAID) else anew(line, say)
        hang = len(line) - len(line.lstrip()) + 2
        if "\t" in line:
            before, _, text = line.partition("\t")
            hang = max(cell_len(before), COLUMN)
            line = f"{padded(before, COLUMN)}{text}"
        out += folded(line, width, hang)
    return "\n".join(line.rstrip() for line in out) + "\n"


def _lines(found: Whys, say: Say) -> Iterator[str]:
    many = f"{found.budget} fault{'s' if found.budget != 1 else ''} or command{'s' if found.budget != 1 else ''}"
    yield f"hamodel {found.version}".rstrip()
    who = whose(f"{found.cluster}: {' and '.join(found.nodes)}, Heartbeat {found.heartbeat}", say)
    yield f"{SAID}{say('cluster')}\t{who}"
    yield f"checked\tevery run with at most {many}"
    for note in found.notes:
        yield f"note\t{note}"
    if not found.answers and not found.notes:
        yield ""
        yield "interrupted before anything was asked" if found.interrupted else "nothing is violated"
    for answer in found.answers:
        yield ""
        yield from _why(answer, say)
    if found.answers:
        yield ""
        yield f"{count(sum(a.probes for a in found.answers))} checks, {found.seconds:.0f} s"


def _why(answer: Why, say: Say) -> Iterator[str]:
    yield f"why {answer.name} is violated"
    yield f"  {answer.doc}"
    yield ""
    yield from (f"{SAID}  {line}" for line in text_lines(answer.name, answer.tree, say))
    yield f"  {scope(answer.tree)}"
    for each in answer.tree.sets:
        if not each.every:
            yield f"  {faults_in_words(each.faults)}: others of its kind may break it as well"
    for way in answer.ways:
        yield ""
        yield from _way(way, say)
    for line in answer.unanswered:
        yield f"  {line}"


def _way(way: Way, say: Say) -> Iterator[str]:
    lasts = ""
    if way.length is not None:
        lasts = ", broken for ever" if way.length.hi is None else f", broken for {seconds(way.length.hi)} at most"
    yield f"  by {faults_in_words(way.faults)}{lasts}"
    yield from _story(way.story, "    ", say)
    for need, title in ((Need.NEEDED, "it needs"), (Need.UNKNOWN, "unknown"), (Need.NOT_NEEDED, "no matter")):
        chosen = [cause for cause in way.causes if cause.need is need]
        if not chosen:
            continue
        yield f"    {title}"
        if need is Need.NOT_NEEDED:
            yield from _together(chosen, say)
            continue
        left = [say(cause.now) for cause in chosen if cause.says.endswith(OVER)]
        if left:
            yield f"{SAID}      {say('not looked at before the time was over: ')}{say('; ').join(left)}"
        for cause in chosen:
            if cause.says.endswith(OVER):
                continue
            yield f"      {cause.now}"
            yield f"{SAID}          {_with(cause, say)}"
            if cause.contrast is not None:
                yield from _beside(cause.contrast, way.story, say)
    if way.enough:
        yield "    enough"
        yield from (f"      {line}" for line in way.enough)


def _with(cause: Cause, say: Say) -> str:
    return f"{say(cause.says)}{say(f' ({cause.how})')}"


def _together(causes: Sequence[Cause], say: Say) -> Iterator[str]:
    """What does not matter, in few lines."""
    for cause in causes:
        if cause.sort != "delay":
            yield f"{SAID}      {say(cause.now)}{say(': ')}{_with(cause, say)}"
    slow = [say(cause.now) for cause in causes if cause.sort == "delay"]
    if slow:
        checked = say("broken when always fast, and when always slow (2 checks each): ")
        yield f"{SAID}      {checked}{say('; ').join(slow)}"


def _beside(contrast: Contrast, story: Sequence[StoryLine], say: Say) -> Iterator[str]:
    """The safe run, from where it parts from the failing one."""
    same = 0
    while same < min(len(story), len(contrast.story)) and story[same] == contrast.story[same]:
        same += 1
    first = "the same begins" if same else "it begins otherwise"
    first += f" as above ({same} lines), then" if same else ""
    yield f"{SAID}          {say('beside it')}{say(f' ({contrast.text})')}{say(': ')}{say(first)}"
    if same == len(contrast.story):
        yield "          nothing more happens"
    end = (story[-1].at or 0) + AFTERWARDS if story else 0
    near = [line for line in contrast.story[same:] if line.at is None or line.at <= end]
    yield from _story(near, "        ", say)
    if len(near) < len(contrast.story) - same:
        yield f"          and later {len(contrast.story) - same - len(near)} more lines; it stays safe to the end"


def _story(story: Sequence[StoryLine], indent: str, say: Say) -> Iterator[str]:
    for line in story:
        at = "" if line.at is None else f"{line.at / 1000:.3f} s"
        text = f"{line.node} {say(line.text)}" if line.node else say(line.text)
        yield f"{SAID}{indent}{at:>11}  \t{text}"


# ---- json ------------------------------------------------------------------------------------------------------------


def render_json(found: Whys) -> str:
    """The same as one JSON object."""
    data = {
        "hamodel": found.version,
        "format": FORMAT,
        "cluster": {"name": found.cluster, "nodes": list(found.nodes), "heartbeat": found.heartbeat},
        "faults": {"budget": found.budget, "kinds": dict(found.faults)},
        "interrupted": found.interrupted,
        "seconds": found.seconds,
        "notes": list(found.notes),
        "why": [as_object(answer) for answer in found.answers],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_object(answer: Why) -> Mapping[str, object]:
    """One property."""
    tree = answer.tree
    return {
        "property": answer.name,
        "doc": answer.doc,
        "tree": {
            "budget": tree.budget,
            "complete_up_to": tree.complete,
            "reason": tree.reason,
            "searches": tree.searches,
            "sets": [
                {"faults": dict(s.faults), "events": [list(e) for e in s.events], "every": s.every} for s in tree.sets
            ],
        },
        "ways": [_way_object(way) for way in answer.ways],
        "unanswered": list(answer.unanswered),
        "checks": answer.probes,
    }


def _way_object(way: Way) -> Mapping[str, object]:
    return {
        "faults": dict(way.faults),
        "lasts_ms": _range(way.length),
        "story": _story_object(way.story),
        "certified": list(way.certified),
        "causes": [_cause(cause) for cause in way.causes],
        "enough": list(way.enough),
    }


def _cause(cause: Cause) -> Mapping[str, object]:
    beside = cause.contrast
    return {
        "kind": cause.sort,
        "now": cause.now,
        "need": cause.need.value,
        "says": cause.says,
        "how": cause.how,
        "beside": None
        if beside is None
        else {"with": beside.text, "story": _story_object(beside.story), "certified": list(beside.certified)},
    }


def _story_object(story: Sequence[StoryLine]) -> list[Mapping[str, object]]:
    return [{"at_ms": s.at, "node": s.node, "text": s.text, "cause": s.cause} for s in story]


def _range(length: Range | None) -> Mapping[str, int | None] | None:
    return None if length is None else {"least": length.lo, "most": length.hi}
