"""A scenario file: a configuration and what is done to it, before anybody knows how it ends."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hamodel.errors import NotModelled, SpecError
from hamodel.ir.expr import Expr, and_, not_, or_
from hamodel.ir.script import Event, Wait
from hamodel.ir.system import System
from hamodel.scenarios import testbed
from hamodel.scenarios.actions import Deed, actions_of, deed
from hamodel.scenarios.demands import Demands, demands_of
from hamodel.scenarios.files import Bed, bed_of, read_toml, texts_of

LOGGED = {"Initial resource acquisition complete": "stable"}
"""Log lines a scenario may wait for, and the condition that stands for each, true from the line on."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    bed: Bed
    texts: Mapping[str, Mapping[str, str]]
    entries: tuple[Mapping[str, Any], ...]
    demands: Demands


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file. Raises FileUnreadable and SpecError."""
    data = read_toml(path)
    entries = data.get("event", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) and isinstance(e.get("do"), str) for e in entries):
        raise SpecError(f"{path} has an event without `do`")
    try:
        asked = demands_of([(None, deed(entry, "do")) for entry in entries])
        found = Scenario(path.stem, bed_of(data), texts_of(data), tuple(entries), asked)
    except (KeyError, TypeError, AttributeError) as problem:
        raise SpecError(f"{path} is no scenario: {problem}") from None
    if not entries:
        start = 'write event = [{ do = "start", node = "both" }]'
        raise SpecError(f"{path} has no event: nothing would happen", help=start)
    return found


def conditions(system: System, nodes: Sequence[str], names: Sequence[str]) -> dict[str, Expr]:
    """Everything a scenario can wait for, as formulas; `names` are the resources in the order of the steps."""
    see = system.observables
    count = len(names)

    def held(n: int) -> list[Expr]:
        return [see[f"up[{n},{s}]"] for s in range(count)]

    def serves(n: int) -> Expr:
        addresses = [see[f"up[{n},{s}]"] for s, name in enumerate(names) if name == "vip"]
        return and_(*addresses, not_(or_(*(see[f"up[{1 - n},{s}]"] for s, name in enumerate(names) if name == "vip"))))

    found: dict[str, Expr] = {"owner:none": not_(or_(*held(0), *held(1))), "both:": and_(*held(0), *held(1))}
    for s, name in enumerate(names):
        found[f"both:{name}"] = and_(see[f"up[0,{s}]"], see[f"up[1,{s}]"])
    for n, node in enumerate(nodes):
        found[f"owner:{node}"] = and_(*held(n), not_(or_(*held(1 - n))))
        found[f"has:{node}"] = and_(*held(n))
        found[f"hasnot:{node}"] = not_(or_(*held(n)))
        found[f"up:{node}"] = see[f"daemon_up[{n}]"]
        found[f"down:{node}"] = not_(see[f"daemon_up[{n}]"])
        found[f"client:{node}"] = serves(n)
        found[f"stable:{node}"] = and_(see[f"active[{n}]"], see[f"stable[{n}]"])
    return found


def script_of(
    scenario: Scenario, system: System, steps: Sequence[tuple[str, str]]
) -> tuple[list[Event | Wait], tuple[int, int]]:
    """The scenario as a script: events and waits, and the time from the last of them to the end."""
    first = [action for what in scenario.demands.first for action in actions_of(what, system, steps)]
    made: list[Event | Wait] = [Event(action, 0, 0) for action in first]
    elapsed, pending = (0, 0), (0, 0)
    for entry in scenario.entries:
        gap = _gap(entry, elapsed)
        elapsed, pending = _plus(elapsed, gap), _plus(pending, gap)
        for part in _parts(deed(entry, "do"), entry, scenario.bed):
            if isinstance(part, tuple):
                elapsed, pending = _plus(elapsed, part), _plus(pending, part)
                continue
            if isinstance(part, Wait):
                made.append(Wait(part.until, part.patience, *pending))
                elapsed, pending = _plus(elapsed, (0, part.patience)), (0, 0)
                continue
            for action in actions_of(part, system, steps):
                made.append(Event(action, *pending))
                pending = (0, 0)
    settle = _plus(pending, (scenario.bed.settle, scenario.bed.settle))
    return made, settle


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _gap(entry: Mapping[str, Any], elapsed: tuple[int, int]) -> tuple[int, int]:
    """The time before an entry: exact with `after`; with `at` whatever is missing."""
    for key in ("at", "after"):
        if key in entry and (not isinstance(entry[key], int | float) or not math.isfinite(entry[key])):
            raise SpecError(f"{key} = {entry[key]!r} is no number of seconds")
    if "at" in entry:
        at = round(entry["at"] * 1000)
        return max(0, at - elapsed[1]), max(0, at - elapsed[0])
    after = round(entry.get("after", 0) * 1000)
    return after, after


def _parts(what: Deed, entry: Mapping[str, Any], bed: Bed) -> Iterator[Deed | Wait | tuple[int, int]]:
    """What an entry does, what it waits for, and what it costs before the next begins."""
    blocks = not what.args.get("bg", False)
    match what.do:
        case "wait":
            yield Wait(condition_of(str(entry.get("until", ""))), _patience(entry))
        case "write":
            yield testbed.WRITE
        case "note":
            return
        case "start":
            yield Deed("start soon", what.nodes)
            if blocks:
                yield testbed.START
        case "power_on":
            yield Deed("power_on", what.nodes)
            if what.args.get("autostart", bed.autostart):
                yield Deed("start soon", what.nodes)
                if blocks:
                    yield testbed.START
        case "stop":
            yield what
            if blocks:
                for node in what.nodes:
                    yield Wait(f"down:{node}", testbed.STOP_PATIENCE)
            yield testbed.PROMPT
        case _:
            yield what
            yield testbed.PROMPT


def _patience(entry: Mapping[str, Any]) -> int:
    timeout = entry.get("timeout", testbed.PATIENCE / 1000)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise SpecError(f"timeout = {timeout!r} is no number of seconds")
    return round(timeout * 1000)


def condition_of(until: str) -> str:
    """The condition the model can tell for what a scenario waits for.

    >>> condition_of("log:node1:Initial resource acquisition complete"), condition_of("has:node2")
    ('stable:node1', 'has:node2')
    """
    kind, _, rest = until.partition(":")
    if kind != "log":
        return until
    node, _, text = rest.partition(":")
    if text not in LOGGED:
        raise NotModelled(f"not modelled yet: waiting for the log line `{text}` of {node}")
    return f"{LOGGED[text]}:{node}"
