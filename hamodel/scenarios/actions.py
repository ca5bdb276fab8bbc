"""What the words of the test bed mean: one line a word, from the event to the actions of the model.

A word without a line, or whose action the composed system has not, is *not modelled yet*; adding one is one line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from hamodel.errors import NotModelled
from hamodel.ir.expr import Const, Expr, Running, or_
from hamodel.ir.statement import Call, Cancel, If, Procedure, Start
from hamodel.ir.system import Action, Kind, System, Timer
from hamodel.scenarios import testbed
from hamodel.scenarios.changes import word_of_change


@dataclass(frozen=True, slots=True)
class Meaning:
    """The actions of one word, in order, each with the names it may have in different systems.

    `{node}`, `{card}`, `{step}` and `{ping}` are filled in from the event; a pattern with `{card}` stands for all its
    cards. `harmless`: where the system has no such action, the event changes nothing (a card that carries nothing).
    """

    actions: tuple[tuple[str, ...], ...]
    harmless: bool = False


def _one(*names: str, harmless: bool = False) -> Meaning:
    return Meaning((names,), harmless)


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "start": Meaning((("start_heartbeat[{node}]",), ("start_again[{node}]",))),
        "start soon": _one("starts_soon[{node}]"),
        "stop": _one("stop_heartbeat[{node}]"),
        "reload": _one("reload[{node}]"),
        "SIGHUP": Meaning((("reload[{node}]",), ("hang_up[{node}]",))),
        "ha.cf gets a mistake": _one("spoil[{node}]"),
        "ha.cf is put right": _one("mend[{node}]"),
        "kill_all": _one("kill[{node}]"),
        "kill_mcp": _one("kill_mcp[{node}]"),
        "kill_ipfail": _one("kill_ipfail[{node}]"),
        "sigstop": _one("pause[{node}]"),
        "sigcont": _one("resume[{node}]"),
        "freeze": _one("stall[{node}]"),
        "unfreeze": _one("stall_ends[{node}]"),
        "power_off": _one("power_off[{node}]"),
        "power_on": _one("power_only[{node}]"),
        "unplug": _one("cut[{node}:{card}]", "cut[{card}]", harmless=True),
        "plug": _one("plug[{node}:{card}]", "plug[{card}]", harmless=True),
        "partition": _one("cut[{card} between node1 and node2]", "cut[{card}]", harmless=True),
        "heal": _one("plug[{card} between node1 and node2]", "plug[{card}]", harmless=True),
        "loss of all heartbeats": _one("deafen[{node},{card}]"),
        "loss on all cards": _one("packets_get_lost[{node}]"),
        "end of loss": Meaning(
            (("hear_again[{node},{card}]",), ("loss_ends[{node}]", "hear_again[{node},{card}]")), harmless=True
        ),
        "ping_drop": _one("ping_dies[{ping}]", harmless=True),
        "ping_restore": _one("ping_returns[{ping}]", harmless=True),
        "hb_standby": _one("hb_standby[{node}]"),
        "hb_takeover": _one("hb_takeover[{node}]"),
        "hb_standby of local": _one("hb_standby_local[{node}]"),
        "hb_standby of foreign": _one("hb_standby_foreign[{node}]"),
        "hb_takeover of local": _one("hb_takeover_local[{node}]"),
        "hb_takeover of foreign": _one("hb_takeover_foreign[{node}]"),
        "fail start": _one("start_fails[{node},{step}]"),
        "fail stop": _one("stop_fails[{node},{step}]"),
        "lie at stop": _one("stop_lies[{node},{step}]"),
        "delay start": _one("delay_start[{node},{step}]"),
        "delay stop": _one("delay_stop[{node},{step}]"),
        "delay start for ever": _one("hang_start[{node},{step}]"),
        "delay stop for ever": _one("hang_stop[{node},{step}]"),
        "unfail": _one("script_works[{node},{step}]"),
        "undelay start": _one("start_on_time[{node},{step}]"),
        "undelay stop": _one("stop_on_time[{node},{step}]"),
        "a read or write child is killed": _one("kill_child[{node}]"),
        "scripts are killed": _one("kill_scripts[{node}]"),
        "scripts and agents are killed": _one("kill_scripts_and_agents[{node}]", "kill_scripts[{node}]"),
        "the device breaks": _one("device_breaks[{node}]"),
        "the device is repaired": _one("device_repaired[{node}]"),
        "the generation goes back": _one("generation_restored[{node}]"),
        "the service dies": _one("service_dies[{node},webd]"),
        "a line is removed": _one("remove_line[{node},0]"),
        "the key is changed": Meaning(()),
        "ha.cf is touched": Meaning(()),
        "the operator confirms": Meaning(()),
    }
)
COMMANDS = (
    (r"touch /etc/ha\.d/ha\.cf", "ha.cf is touched"),
    (r"sed -i s/[\w-]+/[\w-]+/ /etc/ha\.d/authkeys", "the key is changed"),
    (r"sed -i s/\^node[12]\.\*/node[12]\\ webd/ /etc/ha\.d/haresources\b.*", "a line is removed"),
    (r"rm -f /run/webd\.running", "the service dies"),
    (r"sed -i s/\d+/\d+/ /var/lib/heartbeat/hb_generation\b.*", "the generation goes back"),
    (r"echo ok > /etc/hbtest/stonith_mode", "the device is repaired"),
    (r"echo fail > /etc/hbtest/stonith_mode", "the device breaks"),
    (r"echo y \| meatclient -c node[12]", "the operator confirms"),
    (r".*kill -9 .*\[R\]esourceManager.*\[F\]ilesystem.*", "scripts and agents are killed"),
    (r".*kill -9 .*\[R\]esourceManager.*", "scripts are killed"),
)
"""Commands that a scenario runs inside a node, as far as they mean anything; the first that fits counts."""
NOTHING = frozenset({"begin", "end", "note", "write", "wait", "wait_ok", "wait_TIMEOUT", "event_error", "abort"})
"""Words that change nothing in the cluster."""
CONSEQUENCES = frozenset({"node_reset", "node_boot", "hb_start_at_boot", "stonith_request", "stonith_reply"})
"""What a recording tells that the cluster did by itself: predicted, never taken as given."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One word of a scenario with everything it says."""

    do: str
    nodes: tuple[str, ...] = ()
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def silent(self) -> bool:
        """Whether it changes nothing, or is a consequence."""
        return self.do in NOTHING | CONSEQUENCES or self.do.endswith("_done")

    @property
    def cards(self) -> tuple[str, ...]:
        named = self.args.get("iface", list(testbed.CARDS))
        return (named,) if isinstance(named, str) else tuple(named)

    def text(self) -> str:
        """How a message calls it.

        >>> Deed("sigstop", ("node1",), {"target": "mcp"}).text()
        'sigstop on node1 (target mcp)'
        """
        said = ", ".join(
            f"{key} {' and '.join(map(str, value)) if isinstance(value, list) else value}"
            for key, value in self.args.items()
            if key not in ("timeout", "bg", "output")
        )
        return self.do + (f" on {' and '.join(self.nodes)}" if self.nodes else "") + (f" ({said})" if said else "")


def deed(line: Mapping[str, Any], word: str) -> Deed:
    """The deed a line of events.jsonl, or an entry of a scenario, speaks of; `word` is the key that names it."""
    node = line.get("node")
    nodes = testbed.NODES if node == "both" else (node,) if isinstance(node, str) else tuple(node or ())
    rest = {k: v for k, v in line.items() if k not in (word, "node", "t", "wall", "at", "after")}
    return Deed(str(line[word]), nodes, rest)


def actions_of(what: Deed, system: System, steps: Sequence[tuple[str, str]]) -> list[str]:
    """The actions of the model for one deed; `steps` are the resources of the cluster, as (type, text).

    Raises NotModelled where the model has no word for it.
    """
    if what.silent:
        return []
    meaning = MEANINGS.get(word_of(what))
    if meaning is None:
        raise _unknown(what, "")
    found: list[str] = []
    for filled in _fillings(what, meaning, steps):
        for names in meaning.actions:
            texts = [name.format(**filled) for name in names]
            known = next((text for text in texts if text in system.action_index), None)
            if known is not None:
                found.append(known)
            elif not meaning.harmless:
                raise _unknown(what, texts[0])
    return found


def _unknown(what: Deed, action: str) -> NotModelled:
    because = (f"the model has no action `{action}`",) if action else ()
    return NotModelled(f"not modelled yet: {what.text()}", seen=because, help="`hamodel rules` tells what is left out")


def word_of(what: Deed) -> str:
    """The line of `MEANINGS` for a deed: some words mean different things with different arguments."""
    args = what.args
    match what.do:
        case "loss" if float(args.get("percent", 0)) == 0:
            return "end of loss"
        case "loss" if float(args.get("percent", 0)) == 100 and int(args.get("port", 0)) == 694:
            return "loss of all heartbeats"
        case "loss" if set(what.cards) >= set(testbed.CARDS):
            return "loss on all cards"
        case "fail" if args.get("op") == "stop" and args.get("rc", 1) == 0:
            return "lie at stop"
        case "fail" if args.get("rc", 1) == 0:
            return "lie at start"
        case "fail":
            return f"fail {args.get('op')}"
        case "delay" if float(args.get("seconds", 0)) * 1000 >= testbed.FOR_EVER:
            return f"delay {args.get('op')} for ever"
        case "delay" | "undelay":
            return f"{what.do} {args.get('op')}"
        case "kill_child" if args.get("match") in ("read", "write"):
            return "a read or write child is killed"
        case "run":
            command = str(args.get("cmd", ""))
            usual = next((word for pattern, word in COMMANDS if re.fullmatch(pattern, command, re.DOTALL)), "run")
            return word_of_change(command) or usual
        case "hb_standby" if args.get("what") == "failback":
            return "hb_standby of foreign"
        case "hb_takeover" if args.get("what") == "failback":
            return "hb_takeover"
        case "hb_standby" | "hb_takeover" if args.get("what", "all") != "all":
            return f"{what.do} of {args['what']}"
        case "kill_mcp" if args.get("signal", 9) == 1:
            return "SIGHUP"
        case "kill_all" | "kill_mcp" if args.get("signal", 9) != 9:
            return f"{what.do} with signal {args['signal']}"
        case word:
            return word


def _fillings(what: Deed, meaning: Meaning, steps: Sequence[tuple[str, str]]) -> Iterator[dict[str, str]]:
    patterns = " ".join(name for names in meaning.actions for name in names)
    nodes: Iterable[str] = what.nodes if "{node}" in patterns and what.nodes else ("",)
    cards: Iterable[str] = what.cards if "{card}" in patterns else ("",)
    chosen: Iterable[str] = ("",)
    if "{step}" in patterns:
        chosen = [text for kind, text in steps if kind == what.args.get("res")]
    for node in nodes:
        for card in cards:
            for step in chosen:
                yield {"node": node, "card": card, "step": step, "ping": testbed.PING}


def on_the_test_bed(system: System, nodes: Sequence[str]) -> System:
    """The system with the test bed's own ways to begin: the init script takes its time, power comes without a boot."""
    actions: list[Action] = []
    procedures: dict[str, Procedure] = {}
    timers: list[Timer] = []

    def add(name: str, guard: Expr, procedure: Procedure) -> None:
        actions.append(Action(name, Kind.REPAIR, name, guard=guard))
        procedures[name] = procedure

    for n, node in enumerate(nodes):
        idle, dead, power = (
            system.actions[system.action_index[f"{word}[{node}]"]]
            for word in ("start_heartbeat", "start_again", "power_on")
        )
        wake, script, soon = f"wake[{n}]", f"init_script[{node}]", f"starts_soon[{node}]"
        start = Start(script, Const(testbed.START[0]), Const(testbed.START[1]))
        add(soon, or_(idle.guard, dead.guard), Procedure(soon, (), (start,)))
        begin = (If(each.guard, (Call(each.procedure.removeprefix("budget.")),)) for each in (idle, dead))
        procedures[script] = Procedure(script, (), tuple(begin))
        timers.append(Timer(script, "test bed"))
        actions.append(Action(script, Kind.TIMER, script, script))
        only = f"power_only[{node}]"
        body = (Call(power.procedure.removeprefix("budget.")), If(Running(wake), (Cancel(wake),)))
        add(only, power.guard, Procedure(only, (), body))
    return replace(
        system,
        timers=(*system.timers, *timers),
        actions=(*system.actions, *actions),
        procedures={**system.procedures, **procedures},
    )
