"""The parts a question names become actions of the composed system: `eth1 is cut` is `cut[eth1]`.

A name may fit several actions: a card with a cable from each node to a switch can be pulled at either end, or the
switch can be gone. Then each is a case of its own, and each is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from types import MappingProxyType

from hamodel.checking.ask_grammar import FAULTS, Asked
from hamodel.errors import UnknownQuestion
from hamodel.ir.system import System
from hamodel.properties.cluster import Layout

MOST_CASES = 9
_ON_A_NODE: Mapping[str, str] = MappingProxyType(
    {"kill": "kill", "power": "power_off", "stop": "stop_heartbeat", "pause": "pause", "standby": "hb_standby"}
)
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"any": ("cut", "power", "ping", "kill_ipfail"), **{kind: (kind,) for kind in FAULTS if kind != "any"}}
)
"""Which kinds of fault a scenario needs for a fault in words."""


def faults_for(asked: Asked) -> str:
    """The fault budget of the scenario, as the option --faults takes it."""
    kinds = list(KINDS.get(asked.fault, ()))
    if asked.fault == "kill" and any(part.startswith("ipfail") for part in asked.parts):
        kinds.append("kill_ipfail")
    many = 2 * max(len(asked.parts), 1)
    return ",".join(f"{kind}={many}" for kind in kinds)


def cases(asked: Asked, system: System, layout: Layout) -> tuple[tuple[str, ...], ...]:
    """Every reading of the parts: one action a part. Raises UnknownQuestion for a part that does not exist."""
    there = {action.name: action.name.lower() for action in system.actions if system.may_happen(action)}
    choices = [list(_actions(part, asked.fault, there, layout)) for part in _spread(asked.parts, layout)]
    found = [case for case in product(*choices) if len(set(case)) == len(case)]
    if not found or len(found) > MOST_CASES:
        many = f"{len(found)} readings" if found else "no reading in which each part fails once"
        raise UnknownQuestion(f"{' and '.join(asked.parts)} has {many}", help="name each part in full: eth0 on node1")
    return tuple(found)


def _spread(parts: Sequence[str], layout: Layout) -> Iterator[str]:
    """`both nodes` and `all cables` stand for their members."""
    for part in parts:
        if part in ("both nodes", "all nodes"):
            yield from (node.name.lower() for node in layout.nodes)
        elif part in ("all cables", "all paths", "every cable"):
            wires = {_card(cable.name): cable.name.lower() for cable in layout.cables}
            between = {_card(cable.name): cable.name.lower() for cable in layout.cables if " between " in cable.name}
            yield from (between.get(card, wire) for card, wire in wires.items())
        else:
            yield part


def _card(cable: str) -> str:
    return cable.split(" between ")[0].split(":")[-1].lower()


def _actions(part: str, fault: str, there: Mapping[str, str], layout: Layout) -> Iterator[str]:
    wanted = list(_wanted(part, fault, layout))
    found = [name for name, low in there.items() if low in wanted]
    if not found:
        nodes = [node.name for node in layout.nodes]
        cables = [cable.name for cable in layout.cables]
        others = [ping.name for ping in layout.pings]
        raise UnknownQuestion(
            f"nothing here is called `{part}` that {FAULTS[fault][0]}",
            seen=[f"nodes: {', '.join(nodes)}", f"cables: {', '.join(cables)}"]
            + ([f"ping nodes: {', '.join(others)}"] if others else []),
            help="a node can be killed, stopped or paused, lose power or go standby; a cable can be cut; all can fail",
        )
    yield from found


def _wanted(part: str, fault: str, layout: Layout) -> Iterator[str]:
    """The names the actions of a part may have, in lower case; those that fit the words best alone."""
    nodes = {node.name.lower() for node in layout.nodes}
    if fault in _ON_A_NODE:
        if fault == "kill" and part.startswith("ipfail on "):
            yield f"kill_ipfail[{part.removeprefix('ipfail on ')}]"
        yield f"{_ON_A_NODE[fault]}[{part.removeprefix('heartbeat on ').removeprefix('node ')}]"
        return
    if fault == "any" and part in nodes:
        yield f"power_off[{part}]"
        return
    if fault == "any":
        lone = part in ("router", "ping node") and len(layout.pings) == 1
        name = layout.pings[0].name.lower() if lone else part
        yield f"ping_dies[{name}]"
        if part.startswith("ipfail on "):
            yield f"kill_ipfail[{part.removeprefix('ipfail on ')}]"
    name, _, where = part.removeprefix("cable ").partition(" on ")
    for cable in layout.cables:
        low = cable.name.lower()
        if low in (name, f"{where}:{name}") or (not where and _card(low) == name):
            yield f"cut[{low}]"
