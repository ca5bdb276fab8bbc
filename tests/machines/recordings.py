"""Recorded runs of the real daemon as scripts: same files, same faults at the same moments, nothing else known."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import And, Expr, Not
from hamodel.ir.observe import Memory, Request, Stopwatch, observe, remembered, switch_of
from hamodel.ir.script import Event, moment, scripted
from hamodel.ir.system import System
from hamodel.machines import compose_cluster

ENGINE = ClassesEngine()
NODES = ("node1", "node2")
JITTER = 150
"""How exactly the moment of a recorded event is known, in ms."""
TESTBED = {
    "latency": [0, 30],
    "operator.reaction": 0,
    "durations.IPaddr.start": [30, 900],
    "durations.IPaddr.stop": [30, 500],
    "durations.IPaddr.status": [10, 400],
    "durations.Filesystem.start": [30, 1500],
    "durations.Filesystem.stop": [30, 700],
    "durations.Filesystem.status": [10, 400],
}
"""What the scripts of the test bed take: measured on it, wide enough for ten runs side by side."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who has the disk at the end, whether two had it for a while, who restarted by itself and who booted again."""

    owners: frozenset[str]
    overlap: bool
    restarts: frozenset[str]
    resets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prediction:
    outcomes: frozenset[Outcome]
    overlap_ms: tuple[int | None, int | None]
    """The shortest and the longest double mount; None as the longest: to the end."""
    classes: int


def recorded(folder: Path) -> tuple[Outcome, float]:
    """What was observed, and the seconds of double mount."""
    summary = json.loads((folder / "summary.json").read_text())
    verdict = json.loads((folder.parent / "verdicts.json").read_text())[folder.name]
    mount = summary["resources"]["mount"]
    return (
        Outcome(
            frozenset(mount["final_owners"]),
            mount["overlap_seconds"] > 0,
            frozenset(n for n in NODES if verdict["heartbeat_self_restarts"].get(n)),
            frozenset(n for n in NODES if verdict["node_resets"].get(n) or _switched_on(folder, n)),
        ),
        float(mount["overlap_seconds"]),
    )


def _switched_on(folder: Path, node: str) -> bool:
    """A machine whose power comes back boots as one that was reset."""
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return any(line["event"] == "power_on" and line["node"] == node for line in lines)


def predicted(folder: Path) -> Prediction:
    """Every outcome the model allows for the configuration and the faults of this recording."""
    scenario = tomllib.loads((folder / "scenario.toml").read_text())
    boot, delay = scenario.get("boot_delay", 3), scenario.get("stonith_delay", 0.5)
    overrides: dict[str, object] = TESTBED | {
        "boot": [int(boot * 1000), int(boot * 1000) + 2500],
        "stonith.latency": [int(delay * 1000), int(delay * 1000) + 2500],
        "stonith.outcome": "works",
        "autostart": scenario.get("autostart", True),
    }
    spec = read_spec([folder], None, overrides)
    system = compose_cluster(spec).with_settings(started=0)
    events, settle = _events(folder, system)
    return _outcomes(scripted(_observed(system), events, settle), moment(len(events)))


def _observed(system: System) -> System:
    see, disk = system.observables, _disk_step(system)
    both: Expr = And((see[f"up[0,{disk}]"], see[f"up[1,{disk}]"]))
    wanted: list[Request] = [
        Memory("overlapped", both, switch="told"),
        Stopwatch("overlap", both, Not(both)),
        *(Memory(f"restarted[{n}]", see[f"restarting[{n}]"], switch="told") for n in (0, 1)),
        *(Memory(f"was_reset[{n}]", see[f"rebooting[{n}]"], switch="told") for n in (0, 1)),
    ]
    return observe(system, wanted).with_settings(**{switch_of("told"): 1, switch_of("overlap"): 1})


def _disk_step(system: System) -> int:
    return sum(1 for name in system.observables if name.startswith("up[0,")) - 1


def _outcomes(system: System, end: str) -> Prediction:
    found = ENGINE.explore(system)
    assert found.complete, found.stopped
    for text, formula in system.invariants:
        assert bool(found.where(formula).all()), text
    ended = found.via == system.action_index[end]
    see, disk = system.observables, _disk_step(system)
    columns = [see[f"up[{n},{disk}]"] for n in (0, 1)]
    columns += [remembered("overlapped")]
    columns += [remembered(f"restarted[{n}]") for n in (0, 1)] + [remembered(f"was_reset[{n}]") for n in (0, 1)]
    rows = np.stack([found.where(c)[ended] for c in columns], axis=1)
    outcomes = frozenset(_outcome(*(bool(v) for v in row)) for row in np.unique(rows, axis=0))
    overlap = found.measures["overlap"]
    return Prediction(outcomes, (overlap.lo, None if overlap.unbounded else overlap.hi), found.classes)


def _outcome(first: bool, second: bool, overlap: bool, *more: bool) -> Outcome:
    def named(values: tuple[bool, ...]) -> frozenset[str]:
        return frozenset(n for n, v in zip(NODES, values, strict=True) if v)

    return Outcome(named((first, second)), overlap, named(more[:2]), named(more[2:]))


# ---- the recorded events as actions of the model ---------------------------------------------------------------


def _events(folder: Path, system: System) -> tuple[list[Event], int]:
    summary = json.loads((folder / "summary.json").read_text())
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    timed: list[tuple[float, str]] = []
    started = {n: [m["t"] for m in summary["mcp_started"].get(n, [])] for n in NODES}
    for line in lines:
        if line["event"] == "start":
            for n in NODES if line.get("node") == "both" else (line["node"],):
                at = next((t for t in started[n] if t >= line["t"] - 0.2), line["t"])
                timed += [(at, f"start_heartbeat[{n}]"), (at, f"start_again[{n}]")]
        else:
            timed += [(line["t"], action) for action in _actions(line, system)]
    timed.sort(key=lambda pair: pair[0])
    end = next(line["t"] for line in lines if line["event"] == "end")
    events, before = [], 0.0
    for at, action in timed:
        gap = round((at - before) * 1000)
        events.append(Event(action, max(0, gap - JITTER), gap + JITTER if gap else 0))
        before = at
    return events, max(1, round((end - before) * 1000))


def _actions(line: dict[str, Any], system: System) -> Iterator[str]:
    node = line.get("node", "")
    cards = line.get("iface", ["eth0", "eth1"])
    cards = [cards] if isinstance(cards, str) else cards
    match line["event"]:
        case "stop":
            yield f"stop_heartbeat[{node}]"
        case "kill_all":
            yield f"kill[{node}]"
        case "kill_mcp":
            yield f"kill_mcp[{node}]"
        case "sigstop":
            yield f"pause[{node}]"
        case "sigcont":
            yield f"resume[{node}]"
        case "power_off" | "power_on" | "hb_standby" | "hb_takeover":
            yield f"{line['event']}[{node}]"
        case "ping_drop" | "ping_restore":
            yield ("ping_dies" if line["event"] == "ping_drop" else "ping_returns") + "[192.168.60.1]"
        case "unplug" | "plug":
            word = "cut" if line["event"] == "unplug" else "plug"
            for card in cards:
                names = [f"{word}[{node}:{card}]", f"{word}[{card}]"]
                yield next(name for name in names if name in system.action_index)
        case "partition" | "heal":
            word = "cut" if line["event"] == "partition" else "plug"
            for card in cards:
                names = [f"{word}[{card} between node1 and node2]", f"{word}[{card}]"]
                yield next(name for name in names if name in system.action_index)
