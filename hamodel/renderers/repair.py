"""Repairs as text for a terminal, as one JSON object, and as a patch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from rich.cells import cell_len

from hamodel.ir.repairs import Changed, Effect, Goal, Repair, Repairs, Standing, Trend
from hamodel.ir.report import faults_in_words
from hamodel.ir.verdict import Outcome, Range
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import anew, folded, padded
from hamodel.renderers.words import at_most, count, seconds, whose

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""
SAID = "\0"
"""Begins a line that is in the reader's language already."""
NAMES = {"number": "number", "word": "word", "directive": "directive", "hardware": "piece of hardware"}


def render_diff(found: Repairs) -> str:
    """The patch of the cheapest repair of the first question; empty where there is none."""
    return next((goal.repairs[0].diff for goal in found.goals if goal.repairs), "")


def render_text(found: Repairs, width: int = 80, say: Say = english) -> str:
    """Question by question: the repairs by their cost, what each does to everything else, and the patch."""
    out: list[str] = []
    for line in _lines(found, say):
        if line.startswith("|"):
            out.append(line[1:])
        else:
            out += _wrapped(line[1:] if line.startswith(SAID) else anew(line, say), width)
    return "\n".join(line.rstrip() for line in out) + "\n"


def _wrapped(line: str, width: int) -> list[str]:
    indent = len(line) - len(line.lstrip())
    column = line.find("\t")
    text = line.replace("\t", "")
    return folded(text, width, cell_len(line[:column]) if column >= 0 else indent + 2)


def _lines(found: Repairs, say: Say) -> Iterator[str]:
    many = f"{found.budget} fault{'s' if found.budget != 1 else ''} or command{'s' if found.budget != 1 else ''}"
    yield f"hamodel {found.version}".rstrip()
    who = whose(f"{found.cluster}: {' and '.join(found.nodes)}, Heartbeat {found.heartbeat}", say)
    yield f"{SAID}{padded(say('cluster'), 12)}\t{who}"
    yield f"checked     \tevery run with at most {many}"
    if found.faults:
        yield f"of these    \t{', '.join(kind for kind, _ in found.faults)}"
    if found.through:
        yield f"in runs by  \t{', '.join(found.through)}"
    if found.holding:
        yield f"holding     \t{', '.join(found.holding)}"
    if found.undecided:
        yield f"undecided   \t{', '.join(found.undecided)}"
    if not found.goals:
        yield ""
        yield (
            "interrupted before anything was tried"
            if found.interrupted
            else "nothing to repair: nothing asked for is violated"
        )
    for goal in found.goals:
        yield ""
        yield from _goal(goal)
    if found.goals:
        yield ""
        yield f"{found.seconds:.0f} s; costs: 1 a number, 2 a word, 4 a directive, 12 a piece of hardware"


def _goal(goal: Goal) -> Iterator[str]:
    yield f"repairs of {' and '.join(goal.properties)}"
    for before in goal.before:
        name = f"{before.name} is " if len(goal.before) > 1 else ""
        yield f"  now       \t{name}{_said(before)}"
    for number, repair in enumerate(goal.repairs, 1):
        yield ""
        yield from _repair(f"repair {number}", repair)
    yield ""
    yield f"  {_end(goal)}"
    for number, repair in enumerate(goal.partial, 1):
        yield ""
        yield from _repair(f"partial repair {number}", repair)
    for text in goal.moot:
        yield f"  no repair: \tafter `{text.split(': ')[0]}` it is not asked any more: {text.split(': ', 2)[-1]}"


def _end(goal: Goal) -> str:
    most = f"{goal.most} change{'s' if goal.most != 1 else ''}"
    sets = f"{count(goal.tried)} combinations of up to {most}, {count(goal.probes)} variants"
    if goal.reason:
        rest = "; there may be cheaper ones" if goal.repairs else "; no repair was found so far"
        return f"{goal.reason} after {sets}{rest}"
    if not goal.repairs and goal.undecided:
        left = f"{goal.undecided} variants could not be decided within the limits"
        return f"no repair was found, but {left} ({sets})" + ("; the smallest violations:" if goal.partial else "")
    if not goal.repairs:
        better = "; the smallest violations:" if goal.partial else ", and nothing makes the violation smaller"
        return f"no repair in the list makes it hold ({sets}){better}"
    return f"{sets}; " + (
        "there is no other repair in the list" if goal.exhausted else "dearer ones were not looked for"
    )


def _repair(title: str, repair: Repair) -> Iterator[str]:
    kinds = Counter(change.sort.word for change in repair.changes)
    what = ", ".join(f"{n} {NAMES[k]}{'s' if n != 1 and k != 'hardware' else ''}" for k, n in kinds.items())
    yield f"  {title}, cost {repair.cost}: {what}"
    for change in repair.changes:
        yield f"    change  \t{change.text}"
        if change.border:
            yield f"            \t{change.border}: this is the border, go further for a margin"
        if change.note:
            yield f"    needs   \t{change.note}"
    for effect in repair.effects:
        yield f"    {effect.trend.value:<8}\t{_effect(effect)}"
    for note in repair.notes:
        yield f"    note    \t{note}"
    done = "all that was asked for holds" if repair.whole else "it does not hold"
    done = "the plot never comes about" if repair.notes else done
    yield f"    proof   \ta full check of the changed files: {done}"
    yield ""
    for line in repair.diff.rstrip("\n").split("\n"):
        yield f"|{line}"


def _effect(effect: Effect) -> str:
    before, after = _said(effect.before), _said(effect.after)
    if effect.trend is Trend.OTHER and effect.before.outcome is None:
        return f"{effect.after.name}: {after} (not asked before)"
    if effect.trend is Trend.OTHER:
        return f"{effect.after.name}: {after} (was {before})"
    return f"{effect.after.name}: {before} -> {after}"


def _said(standing: Standing) -> str:
    """A verdict in a few words, with how many faults and how long."""
    if standing.outcome is None:
        return "not asked" + (f" ({standing.reason})" if standing.reason else "")
    if standing.outcome is Outcome.HOLDS:
        held = standing.measured
        return f"holds in {seconds(held.hi)} at most" if held is not None and held.hi is not None else "holds"
    if standing.outcome is not Outcome.VIOLATED:
        return f"{standing.outcome.value}: {standing.reason}" if standing.reason else standing.outcome.value
    ways = [f"{faults_in_words(f)}{'' if length is None else f' ({at_most(length)})'}" for f, length in standing.ways]
    shown = " or ".join(ways) or standing.reason
    late = f", {_takes(standing.measured)}" if standing.measured is not None else ""
    return f"violated by {shown}{late}" if ways else f"violated: {shown}"


def _takes(took: Range) -> str:
    return "it never comes" if took.hi is None else f"it takes {seconds(took.hi)}"


# ---- json ------------------------------------------------------------------------------------------------------------


def render_json(found: Repairs) -> str:
    """The same as one JSON object."""
    data = {
        "hamodel": found.version,
        "format": FORMAT,
        "cluster": {"name": found.cluster, "nodes": list(found.nodes), "heartbeat": found.heartbeat},
        "faults": {"budget": found.budget, "kinds": dict(found.faults)},
        "through": list(found.through),
        "holding": list(found.holding),
        "undecided": list(found.undecided),
        "interrupted": found.interrupted,
        "seconds": found.seconds,
        "listed": [_changed(change) for change in found.listed],
        "goals": [_goal_object(goal) for goal in found.goals],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _goal_object(goal: Goal) -> Mapping[str, object]:
    return {
        "properties": list(goal.properties),
        "before": [_standing(s) for s in goal.before],
        "repairs": [_repair_object(r) for r in goal.repairs],
        "partial": [_repair_object(r) for r in goal.partial],
        "moot": list(goal.moot),
        "exhausted": goal.exhausted,
        "ended": goal.reason,
        "combinations": goal.tried,
        "variants": goal.probes,
        "undecided": goal.undecided,
    }


def _repair_object(repair: Repair) -> Mapping[str, object]:
    return {
        "cost": repair.cost,
        "holds": repair.whole,
        "changes": [_changed(change) for change in repair.changes],
        "effects": [
            {"trend": e.trend.value, "before": _standing(e.before), "after": _standing(e.after)} for e in repair.effects
        ],
        "notes": list(repair.notes),
        "diff": repair.diff,
    }


def _changed(change: Changed) -> Mapping[str, object]:
    return {
        "kind": change.sort.word,
        "cost": change.sort.value,
        "text": change.text,
        "needs": change.note,
        "border": change.border,
    }


def _standing(standing: Standing) -> Mapping[str, object]:
    return {
        "property": standing.name,
        "outcome": None if standing.outcome is None else standing.outcome.value,
        "reason": standing.reason,
        "ways": [{"faults": dict(f), "lasts_ms": _range(length)} for f, length in standing.ways],
        "measured_ms": _range(standing.measured),
    }


def _range(length: Range | None) -> Mapping[str, int | None] | None:
    return None if length is None else {"least": length.lo, "most": length.hi}
