"""A recorded run of the real daemon: the moments of its faults, and apart from them how it ended."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hamodel.errors import FileUnreadable, SpecError
from hamodel.ir.prediction import Observed
from hamodel.ir.script import Event
from hamodel.ir.system import System
from hamodel.scenarios import testbed
from hamodel.scenarios.actions import Deed, actions_of, deed
from hamodel.scenarios.demands import Demands, demands_of
from hamodel.scenarios.files import Bed, bed_of, read_toml, recorded_texts

RESTART_MARK = re.compile("Performing heartbeat restart exec")
STARTS_WITHIN = 3.0
"""Seconds after a start within which a new master control process is the one that was started."""


Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What is taken as given: files and faults. `rises` are the moments at which a daemon appeared, per node."""

    folder: Path
    bed: Bed
    texts: Mapping[str, Mapping[str, str]]
    lines: tuple[Mapping[str, Any], ...]
    rises: Mapping[str, tuple[float, ...]]
    demands: Demands

    @property
    def name(self) -> str:
        return self.folder.name


def read_recording(folder: Path) -> Recording:
    """The faults of a recorded run. Raises FileUnreadable and SpecError."""
    texts = recorded_texts(folder)
    head = read_toml(folder / "scenario.toml") if (folder / "scenario.toml").is_file() else {}
    lines = tuple(_lines(folder / "events.jsonl"))
    if not any(line.get("event") in ("end", "abort") for line in lines):
        raise SpecError(f"{folder / 'events.jsonl'} has no end")
    ledger = list(_lines(folder / "ledger.jsonl")) if (folder / "ledger.jsonl").is_file() else []
    bed = bed_of(head)
    asked = demands_of([(float(line["t"]), deed(line, "event")) for line in lines])
    return Recording(folder, bed, texts, lines, {n: _rises(ledger, n) for n in testbed.NODES}, asked)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        raise FileUnreadable(f"{path} cannot be read: {problem.strerror or problem}") from None
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield dict(json.loads(line))
            except (ValueError, TypeError):
                raise SpecError(f"{path}:{number} is no JSON object") from None


def _rises(ledger: Sequence[Mapping[str, Any]], node: str) -> tuple[float, ...]:
    """When a master control process appeared: a pid where none or another one was."""
    found, before = [], 0
    for row in ledger:
        pid = int(row[node].get("mcp", 0))
        if pid and pid != before:
            found.append(float(row["t"]))
        before = pid
    return tuple(found)


def script_of(
    recording: Recording, system: System, steps: Sequence[tuple[str, str]]
) -> tuple[list[Event], tuple[int, int]]:
    """The faults at the moments at which they happened, and the time from the last of them to the end."""
    timed = [(0.0, -1, a) for what in recording.demands.first for a in actions_of(what, system, steps)]
    for number, line in enumerate(recording.lines):
        for at, what in _deeds(line, recording):
            timed += [(at, number, action) for action in actions_of(what, system, steps)]
    timed.sort(key=lambda each: each[:2])
    end = next(float(line["t"]) for line in recording.lines if line["event"] in ("end", "abort"))
    events, before, same = [], 0.0, -2
    for at, number, action in timed:
        gap = round((at - before) * 1000)
        together = number == same and gap == 0
        events.append(
            Event(action, max(0, gap - testbed.JITTER), 0 if together or number < 0 else gap + testbed.JITTER)
        )
        before, same = at, number
    rest = max(1, round((end - before) * 1000))
    return events, (rest, rest)


def _deeds(line: Mapping[str, Any], recording: Recording) -> Iterator[tuple[float, Deed]]:
    """A start counts from when the daemon was there; the power comes first and the start after it."""
    at, what = float(line["t"]), deed(line, "event")
    match what.do:
        case "start":
            for node in what.nodes:
                rise = _rise(recording, node, at - 0.2)
                yield (at, Deed("start soon", (node,))) if rise is None else (rise, Deed("start", (node,)))
        case "power_on":
            yield at, what
            for node in what.nodes:
                if what.args.get("autostart", recording.bed.autostart):
                    rise = _rise(recording, node, at)
                    yield (at, Deed("start soon", (node,))) if rise is None else (rise, Deed("start", (node,)))
        case _:
            yield at, what


def _rise(recording: Recording, node: str, at: float) -> float | None:
    return next((t for t in recording.rises[node] if at <= t <= at + STARTS_WITHIN), None)


# ---- how it ended ----------------------------------------------------------------------------------------------------


def observed(recording: Recording) -> Observed:
    """How the run ended: read only for the comparison."""
    resources = _resources(recording)
    events = recording.lines
    refused = [e for e in events if e["event"] == "start_done" and e.get("rc")]
    return Observed(
        final_owners={name: tuple(r["final_owners"]) for name, r in resources.items()},
        overlap_ms={name: _longest(r["overlaps"]) for name, r in resources.items()},
        gap_ms={name: _longest(r["gaps"]) for name, r in resources.items()},
        self_restarts=tuple(n for n in testbed.NODES if _restarted(recording, n)),
        resets=tuple(n for n in testbed.NODES if any(e["event"] == "node_reset" and e["node"] == n for e in events)),
        stonith_requests=None
        if _foreign_device(recording)
        else tuple(
            n for n in testbed.NODES if any(e["event"] == "stonith_request" and e.get("by") == n for e in events)
        ),
        refused=bool(refused) and not any(recording.rises.values()),
    )


def spans(recording: Recording) -> dict[str, Spans]:
    """When, in ms, a resource had two owners or, after its first, none: `overlap[name]` and `gap[name]`."""
    return {
        f"{word}[{name}]": tuple((round(a * 1000), round(b * 1000)) for a, b in resource[f"{word}s"])
        for name, resource in _resources(recording).items()
        for word in ("overlap", "gap")
    }


def first_moment(recording: Recording, event: str, key: str, node: str) -> int | None:
    """When, in ms, an event of this name first named the node under this key."""
    return next(
        (round(float(e["t"]) * 1000) for e in recording.lines if (e["event"], e.get(key)) == (event, node)), None
    )


def end_of(recording: Recording) -> int:
    """When the recording ends, in ms."""
    return next(round(float(e["t"]) * 1000) for e in recording.lines if e["event"] in ("end", "abort"))


def _resources(recording: Recording) -> Mapping[str, Mapping[str, Any]]:
    path = recording.folder / "summary.json"
    try:
        resources: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8")).get("resources", {})
    except (OSError, ValueError) as problem:
        raise FileUnreadable(f"{path} cannot be read: {problem}") from None
    return resources


def _foreign_device(recording: Recording) -> bool:
    """Whether a reset is asked for from a device that leaves no trace in events.jsonl."""
    lines = [line.split() for texts in recording.texts.values() for line in texts["ha.cf"].splitlines()]
    return any(
        words[:1] == ["stonith"] or (words[:1] == ["stonith_host"] and words[2:3] != [testbed.POWER_SWITCH])
        for words in lines
    )


def _longest(spans: Sequence[Sequence[float]]) -> int:
    return max((round((b - a) * 1000) for a, b in spans), default=0)


def _restarted(recording: Recording, node: str) -> bool:
    """Whether the daemon restarted by itself: its log says so, or it rose without anybody starting it."""
    log = recording.folder / node / "ha-log"
    if log.is_file():
        return RESTART_MARK.search(log.read_text(encoding="utf-8", errors="replace")) is not None
    begun = [
        float(e["t"])
        for e in recording.lines
        if e["event"] in ("start", "power_on", "node_boot", "hb_start_at_boot") and e.get("node") in (node, "both")
    ]
    return any(not any(-0.2 <= t - at <= STARTS_WITHIN for at in begun) for t in recording.rises[node])
