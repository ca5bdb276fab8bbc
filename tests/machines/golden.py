"""Golden numbers.

How many classes and edges each of these small worlds has. One changes only with a changed behaviour.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster

ROOT = Path(__file__).resolve().parents[2]
MIXED = "../tests/machines/pairs/mixed-legacy"
"""A pair of which node1 is in legacy mode and node2 is not."""
MOVED = "../tests/machines/pairs/moved-disk"
"""A pair of which each node has the disk in its own group."""
PINGS = "../tests/machines/pairs/other-pings"
"""A pair of which each node has a ping node of its own."""
BOTH_FENCE: dict[str, object] = {"stonith.nodes": ["node1", "node2"]}
WORKS, LIES = BOTH_FENCE, {**BOTH_FENCE, "stonith.outcome": "lies"}
SLOW: dict[str, object] = {"faults.kinds": ["standby", "stall", "slow"], "faults.budget": 3, "faults.slow": 1}
NUMBERS = Path(__file__).with_name("golden.toml")


@dataclass(frozen=True, slots=True)
class World:
    """A spec of the project under some changes, from its steady state or from the boot."""

    name: str
    spec: str
    changes: Mapping[str, object] = field(default_factory=dict)
    heartbeat: str = "3.0.6"


def budget(**limits: int) -> dict[str, object]:
    """Each of these kinds so often, and nothing else."""
    kinds: dict[str, object] = {"faults.kinds": list(limits), "faults.budget": sum(limits.values())}
    return kinds | {f"faults.{kind}": times for kind, times in limits.items()}


def once(*kinds: str) -> dict[str, object]:
    """Each of these kinds may happen once."""
    return {"faults.kinds": list(kinds), "faults.budget": len(kinds)} | {f"faults.{kind}": 1 for kind in kinds}


def _two(first: str, second: str) -> dict[str, object]:
    """One fault of each kind, on a network without delay."""
    kinds = {"faults.kinds": [first, second], f"faults.{first}": 1, f"faults.{second}": 1}
    return kinds | {"faults.budget": 2, "latency": [0, 0]}


IPFAIL = {"clients.names": ["ipfail"]}
"""The life of ipfail is played."""
NODE1 = {"clients.nodes": ["node1"]}

WORLDS = (
    World("boot", "01-webdata", {"start_from": "boot", "faults.budget": 0}),
    World("cut", "01-webdata", {"faults.kinds": ["cut"]}),
    World("ping", "01-webdata", {"faults.kinds": ["ping"]}),
    World("stop", "01-webdata", {"faults.kinds": ["stop"]}),
    World("standby and takeover", "01-webdata", {"faults.kinds": ["standby", "takeover"]}),
    World("kill", "01-webdata", {"faults.kinds": ["kill"]}),
    World("power", "01-webdata", {"faults.kinds": ["power"]}),
    World("power, 2.0.8, stay", "04-webdata-stay", {"faults.kinds": ["power"]}),
    World("kill with watchdog", "02-webdata-watchdog", {"faults.kinds": ["kill"]}),
    World("kill of the MCP alone", "01-webdata", {"faults.kinds": ["kill_mcp"]}),
    World("kill and start again", "01-webdata", {"faults.kinds": ["kill", "start"], "faults.budget": 2}),
    World("stop with nowayout", "02-webdata-watchdog", {"faults.kinds": ["stop"], "watchdog.nowayout": True}),
    World("kill with stonith", "03-webdata-stonith", {"faults.kinds": ["kill"]}),
    World(
        "power with failing stonith", "03-webdata-stonith", {"faults.kinds": ["power"], "stonith.outcome": "may_fail"}
    ),
    World("a start that fails", "01-webdata", once("power", "start_fails")),
    World("a stop that fails", "01-webdata", once("stop", "stop_fails")),
    World("a stop that hangs", "01-webdata", once("stop", "hang")),
    World("a standby that hangs, then a stop", "02-webdata-watchdog", once("standby", "hang", "stop")),
    World("a stop that fails, no reboot", "01-webdata", {**once("stop", "stop_fails"), "faults.reboot_works": False}),
    World("a stop that lies", "01-webdata", once("stop", "stop_lies")),
    World("a slow script", "01-webdata", once("standby", "slow")),
    World("a script that hangs", "01-webdata", once("standby", "hang")),
    World("scripts are killed", "01-webdata", once("standby", "kill_scripts")),
    World("a start or a stop is delayed", "01-webdata", {**once("standby", "delay"), "latency": [0, 0]}),
    World("a delay and a stop", "01-webdata", _two("delay", "stop")),
    World("standby of a part", "01-webdata", {"faults.kinds": ["portion"]}),
    World("scripts of a killed heartbeat are killed", "01-webdata", once("standby", "kill", "kill_scripts")),
    World("one cable", "05-one-cable", {"faults.kinds": ["cut"]}),
    World("power from the boot", "05-one-cable", {"start_from": "boot", "faults.kinds": ["power"]}),
    World("stop from the boot", "05-one-cable", {"start_from": "boot", "faults.kinds": ["stop"]}),
    World("kill both with stonith", "03-webdata-stonith", {"faults.kinds": ["kill"], "faults.budget": 2}),
    World("kill, then power, with watchdog", "02-webdata-watchdog", budget(kill=1, power=1)),
    World("takeover, kill, start", "05-one-cable", budget(takeover=1, kill=1, start=1)),
    World("three nodes", "45-hz20-three-nodes", {"through": [], "faults.kinds": ["kill"]}),
    World("cut and kill", "01-webdata", budget(cut=1, kill=1)),
    World("deaf on one card of two", "01-webdata", {"faults.kinds": ["deaf"]}),
    World("deaf on both cards", "01-webdata", {"faults.kinds": ["deaf"], "faults.budget": 2}),
    World("deaf on the only card", "05-one-cable", {"faults.kinds": ["deaf"]}),
    World("kill of ipfail", "01-webdata", {"faults.kinds": ["kill_ipfail"]}),
    World(
        "kill of ipfail after a ping node",
        "01-webdata",
        {"faults.kinds": ["ping", "kill_ipfail"], "faults.ping": 1, "faults.kill_ipfail": 1, "faults.budget": 2},
    ),
    World("kill of a child, 2.0.8", "01-webdata", {"faults.kinds": ["kill_child"]}, "2.0.8"),
    World("goodbye of a child", "02-webdata-watchdog", {"faults.kinds": ["kill_child", "kill"], "faults.budget": 2}),
    World(
        "an old generation file is put back", "01-webdata", {"faults.kinds": ["power", "restore"], "faults.budget": 2}
    ),
    World("a lost generation file, 2.0.8", "01-webdata", once("power", "generation"), "2.0.8"),
    World("device repaired late", "03-webdata-stonith", {"faults.kinds": ["kill", "device"], "faults.budget": 2}),
    World("a line is taken out", "01-webdata", {"faults.kinds": ["edit", "stop"], "faults.budget": 2}),
    World("a generation file is not lost, 3.0.6", "01-webdata", once("kill", "generation")),
    World("a message comes again", "01-webdata", once("standby", "reorder")),
    World("a message comes again after a kill", "03-webdata-stonith", once("standby", "reorder", "kill")),
    World("a message comes again after a cut", "05-one-cable", once("reorder", "cut"), "2.0.8"),
    World("packets get lost", "05-one-cable", {"faults.kinds": ["loss"]}),
    World("packets get lost, 2.0.8", "05-one-cable", {"faults.kinds": ["loss"]}, "2.0.8"),
    World("starve", "05-one-cable", {"faults.kinds": ["starve"]}),
    World("starve, 2.0.8", "05-one-cable", {"faults.kinds": ["starve"]}, "2.0.8"),
    World("a stuck write process", "02-webdata-watchdog", {"faults.kinds": ["stuck"]}),
    World("a stuck write process, 2.0.8", "01-webdata", {"faults.kinds": ["stuck"]}, "2.0.8"),
    World("a stuck write process on the only card, 2.0.8", "05-one-cable", {"faults.kinds": ["stuck"]}, "2.0.8"),
    World("deaf and kill of a child, 2.0.8", "05-one-cable", once("deaf", "kill_child"), "2.0.8"),
    World("pause and kill of a child, 2.0.8", "04-webdata-stay", _two("pause", "kill_child"), "2.0.8"),
    World("reload", "02-webdata-watchdog", once("reload")),
    World("reload, 2.0.8", "02-webdata-watchdog", once("reload", "kill"), "2.0.8"),
    World("reload with a mistake", "02-webdata-watchdog", once("reload", "mistake")),
    World("reload with a mistake, 2.0.8", "02-webdata-watchdog", once("reload", "mistake"), "2.0.8"),
    World("power with a mistake", "01-webdata", once("power", "mistake")),
    World("legacy, reload", "07-legacy-pair", once("reload")),
    World("legacy, boot", "07-legacy-pair", {"start_from": "boot", "faults.budget": 0}),
    World("legacy, stop", "07-legacy-pair", {"faults.kinds": ["stop"]}),
    World("legacy, kill and start again", "07-legacy-pair", {"faults.kinds": ["kill", "start"], "faults.budget": 2}),
    World(
        "legacy, power with failing stonith",
        "07-legacy-pair",
        {"faults.kinds": ["power"], "stonith.nodes": ["node1", "node2"], "stonith.outcome": "fails"},
    ),
    World(
        "legacy, stop, kill and start with stonith",
        "07-legacy-pair",
        {
            "faults.kinds": ["stop", "kill", "start"],
            "faults.budget": 3,
            "faults.stop": 1,
            "faults.kill": 1,
            "faults.start": 1,
            "stonith.nodes": ["node1", "node2"],
        },
    ),
    World("legacy, a request is killed", "07-legacy-pair", once("stop", "kill_scripts")),
    World("two owners, boot", "08-two-owners"),
    World("other pings, boot", PINGS, {"start_from": "boot", "faults.budget": 0}),
    World("other pings, a ping node dies", PINGS, {"faults.kinds": ["ping"]}),
    World("a phantom, boot", PINGS, {"start_from": "boot", "faults.budget": 0}, "2.0.8"),
    World("a phantom, power", PINGS, {"faults.kinds": ["power"]}, "2.0.8"),
    World("a phantom, stop and standby", PINGS, budget(stop=1, standby=1), "2.0.8"),
    World("a phantom, stop and pause", PINGS, _two("stop", "pause"), "2.0.8"),
    World("a phantom, stop with a fence that lies", PINGS, {"faults.kinds": ["stop"], **LIES}, "2.0.8"),
    World("a phantom, stop with a fence that works", PINGS, {"faults.kinds": ["stop"], **WORKS}, "2.0.8"),
    World("a disk in two groups, boot", MOVED, {"start_from": "boot", "faults.budget": 0}),
    World("a disk in two groups, power", MOVED, {"faults.kinds": ["power"]}),
    World("a disk in two groups, a start that fails", MOVED, once("stop", "start_fails")),
    World("a service dies", "05-one-cable", once("service_dies", "standby")),
    World("a service dies, power", "05-one-cable", once("service_dies", "power")),
    World("legacy, a service dies", "07-legacy-pair", once("service_dies", "stop")),
    World("a stall with watchdog", "02-webdata-watchdog", {"faults.kinds": ["stall"]}),
    World("a stall in a standby", "04-webdata-stay", _two("standby", "stall"), "2.0.8"),
    World("a stall in a slow release", "05-one-cable", {**_two("standby", "stall"), **SLOW}, "2.0.8"),
    World("a stall and a power cut", "05-one-cable", _two("stall", "power"), "2.0.8"),
    World("a switch", "01-webdata", {"faults.kinds": ["switch"]}),
    World(
        "a switch for all cards", "05-one-cable", {"faults.kinds": ["switch"], "topology.together": [["eth0", "eth1"]]}
    ),
    World("mixed modes, boot", MIXED, {"start_from": "boot", "faults.budget": 0}),
    World("mixed modes, stop", MIXED, {"faults.kinds": ["stop"]}),
    World("mixed modes, stop and standby", MIXED, budget(stop=1, standby=1)),
    World("mixed modes, kill and start again", MIXED, budget(kill=1, start=1)),
    World("pause", "01-webdata", {"faults.kinds": ["pause"]}),
    World("pause, 2.0.8", "01-webdata", {"faults.kinds": ["pause"]}, "2.0.8"),
    World("pause with watchdog", "02-webdata-watchdog", {"faults.kinds": ["pause"]}),
    World("pause with watchdog, 2.0.8", "02-webdata-watchdog", {"faults.kinds": ["pause"]}, "2.0.8"),
    World("pause with stonith", "03-webdata-stonith", {"faults.kinds": ["pause"]}),
    World("pause with stonith, 2.0.8", "03-webdata-stonith", {"faults.kinds": ["pause"]}, "2.0.8"),
    World("standby and pause", "04-webdata-stay", _two("standby", "pause"), "2.0.8"),
    World("a client twice", "15-duplicate-client", {}, "2.0.8"),
    World("a client twice, one of them failfast", "15-duplicate-client"),
    World("a client twice, killed", "15-duplicate-client", once("kill_client"), "2.0.8"),
    World("a client is killed", "15-duplicate-client-prevented", {}, "2.0.8"),
    World(
        "a client is killed and fails", "15-duplicate-client-prevented", once("kill_client", "client_fails"), "2.0.8"
    ),
    World("a failfast client is killed", "15-duplicate-client-prevented", once("kill_client")),
    World("ipfail is killed young", "01-webdata", {"faults.kinds": ["kill_ipfail"], "faults.budget": 2, **IPFAIL}),
    World("a ping node dies, and ipfail", "01-webdata", {**_two("ping", "kill_client"), **IPFAIL, **NODE1}),
    World("kill and start, with the life of ipfail", "01-webdata", {**_two("kill", "start"), **IPFAIL, **NODE1}),
    World("stop, with the life of ipfail", "01-webdata", {"faults.kinds": ["stop"], **IPFAIL, **NODE1}),
    World("kill and pause with stonith", "03-webdata-stonith", _two("kill", "pause"), "2.0.8"),
)


def system_of(world: World, deleted: frozenset[str] = frozenset()) -> tuple[System, bool]:
    """The system, and whether its runs begin with the boot."""
    from hamodel.config.daemon import Version

    spec = read_spec([ROOT / "specs" / world.spec], Version(world.heartbeat), dict(world.changes))
    return compose_cluster(spec, deleted), spec.start_from == "boot"


def numbers_of(world: World, engine: ClassesEngine, deleted: frozenset[str] = frozenset()) -> tuple[int, int]:
    """Classes and edges under inclusion; raises where an invariant of the model is broken."""
    system, boot = system_of(world, deleted)
    limits = Limits(classes=300_000)
    starts = None if boot else engine.steady(system, limits)
    found = engine.explore(system, starts, limits=limits)
    assert found.complete, found.stopped
    for text, formula in system.invariants:
        assert bool(found.where(formula).all()), text
    return found.classes, found.edges


def golden() -> dict[str, tuple[int, int]]:
    return {name: (row[0], row[1]) for name, row in tomllib.loads(NUMBERS.read_text())["worlds"].items()}


if __name__ == "__main__":
    machine = ClassesEngine()
    lines = ["# Classes and edges under inclusion; written by `python -m tests.machines.golden`.", "[worlds]"]
    for one in WORLDS:
        lines.append(f'"{one.name}" = {list(numbers_of(one, machine))}')
        print(lines[-1], flush=True)
    NUMBERS.write_text("\n".join(lines) + "\n")
