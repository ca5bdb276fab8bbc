"""Recorded runs of the real daemon as scripts: same files, same faults at the same moments, nothing else known."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.expr import And, Expr, Not
from hamodel.ir.observe import Memory, Request, Stopwatch, observe, remembered, switch_of
from hamodel.ir.script import Event, moment, scripted
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster, structure

ENGINE = ClassesEngine()
NODES = ("node1", "node2")
LIMITS = Limits(classes=1_000_000)
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
    "durations.webd.start": [30, 900],
    "durations.webd.stop": [30, 500],
    "durations.webd.status": [10, 400],
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
    return any(line["event"] == "power_on" and line["node"] == node for line in _lines(folder))


def predicted(folder: Path) -> Prediction:
    """Every outcome the model allows for the configuration and the faults of this recording."""
    scenario = tomllib.loads((folder / "scenario.toml").read_text())
    lines = _lines(folder)
    overrides = TESTBED | _boot(scenario, lines) | {"autostart": scenario.get("autostart", True)}
    spec = _spec(folder, lines, overrides)
    if spec.stonith.nodes:
        spec = _spec(folder, lines, overrides | _stonith(scenario, lines, spec))
    system = compose_cluster(spec).with_settings(started=0)
    events, settle = _events(folder, system)
    disk = next(i for i, step in enumerate(structure(spec).steps) if step.device)
    return _outcomes(scripted(_observed(system, disk), events, settle), moment(len(events)), disk)


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def _spec(folder: Path, lines: Sequence[dict[str, Any]], overrides: dict[str, object]) -> Spec:
    """The recording's own files; the test bed gives both nodes one key unless the run changes that of one."""
    if not any("/etc/ha.d/authkeys" in line.get("cmd", "") for line in lines):
        return read_spec([folder], None, overrides)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / folder.name
        for key, there in (("testbed-secret", home), ("other", home / "node2")):
            there.mkdir()
            (there / "authkeys").write_text(f"auth 1\n1 sha1 {key}\n")
        for name in ("ha.cf", "haresources"):
            shutil.copy(folder / name, home / name)
        return read_spec([home], None, overrides)


def _boot(scenario: dict[str, Any], lines: Sequence[dict[str, Any]]) -> dict[str, object]:
    """A reset machine takes `boot_delay` until heartbeat starts; one whose power comes back starts it at once."""
    longest = int(scenario.get("boot_delay", 3) * 1000)
    shortest = 100 if any(line["event"] == "power_on" for line in lines) else longest
    return {"boot": [shortest, longest + 2500]}


def _stonith(scenario: dict[str, Any], lines: Sequence[dict[str, Any]], spec: Spec) -> dict[str, object]:
    """What the device of this run does, and how long it takes."""
    device = " ".join(scenario["ha_cf"]["extra"])
    delay = int((scenario.get("stonith_delay", 0.5) + scenario.get("stonith_reply_delay", 0)) * 1000)
    latency, outcome = [delay, delay + 2500], "works"
    if " null " in device:
        latency, outcome = [0, 1000], "lies"
    elif " meatware " in device:
        said = next(line["t"] for line in lines if "meatclient" in line.get("cmd", ""))
        gone = next(line["t"] for line in lines if line["event"] == "power_off")
        waited = round((said - gone) * 1000) - spec.cluster.deadtime
        latency, outcome = [waited - 500, waited + spec.cluster.keepalive + 500], "lies"
    elif device.endswith(" fail") and not any("stonith_mode" in line.get("cmd", "") for line in lines):
        outcome = "fails"
    return {"stonith.latency": latency, "stonith.outcome": outcome}


def _observed(system: System, disk: int) -> System:
    see = system.observables
    both: Expr = And((see[f"up[0,{disk}]"], see[f"up[1,{disk}]"]))
    wanted: list[Request] = [
        Memory("overlapped", both, switch="told"),
        Stopwatch("overlap", both, Not(both)),
        *(Memory(f"restarted[{n}]", see[f"restarting[{n}]"], switch="told") for n in (0, 1)),
        *(Memory(f"was_reset[{n}]", see[f"rebooting[{n}]"], switch="told") for n in (0, 1)),
    ]
    return observe(system, wanted).with_settings(**{switch_of("told"): 1, switch_of("overlap"): 1})


def _outcomes(system: System, end: str, disk: int) -> Prediction:
    found = ENGINE.explore(system, limits=LIMITS)
    assert found.complete, found.stopped
    for text, formula in system.invariants:
        assert bool(found.where(formula).all()), text
    ended = found.via == system.action_index[end]
    see = system.observables
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
    lines = _lines(folder)
    timed: list[tuple[float, str]] = []
    started = {n: [m["t"] for m in summary["mcp_started"].get(n, [])] for n in NODES}
    for line in lines:
        if line["event"] == "start":
            for n in NODES if line.get("node") == "both" else (line["node"],):
                at = next((t for t in started[n] if t >= line["t"] - 0.2), line["t"])
                timed += [(at, f"start_heartbeat[{n}]"), (at, f"start_again[{n}]")]
        else:
            timed += [(line["t"], action) for action in _actions(line, system)]
    if any("stonith_mode" in line.get("cmd", "") for line in lines):
        timed += [(0, f"device_breaks[{n}]") for n in NODES]
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
        case "kill_mcp" | "kill_ipfail" | "kill_child":
            yield f"{line['event']}[{node}]"
        case "sigstop":
            yield f"pause[{node}]"
        case "sigcont":
            yield f"resume[{node}]"
        case "loss" if line["percent"] in (0, 100):
            word = "deafen" if line["percent"] else "hear_again"
            yield from (f"{word}[{node},{card}]" for card in cards)
        case "run" if "stonith_mode" in line["cmd"]:
            yield f"device_repaired[{node}]"
        case "run" if "hb_generation" in line["cmd"]:
            yield f"generation_back[{node}]"
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
