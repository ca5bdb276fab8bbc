"""What the model check adds to a review: each broken claim with its price, its run, and what repairs it.

The price of a claim is a matter of what it speaks of; the first hint of a repair is a matter of the faults that break
it. The exact smallest change is what `hamodel repair` searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from hamodel.config.node import NodeConfig
from hamodel.config.practice import practice
from hamodel.ir.report import Report, Result, Way, faults_in_words
from hamodel.ir.review import Cost, Practice, Remark, Source
from hamodel.ir.verdict import Outcome
from hamodel.renderers.words import at_most, when

DATA, OUTAGE, SURPRISE = Cost.DATA_LOSS, Cost.OUTAGE, Cost.SURPRISE

_COSTS: Mapping[str, Cost] = MappingProxyType(
    {
        "single_mount": DATA,
        "single_owner": OUTAGE,
        "somebody_serves": OUTAGE,
        "served_again": OUTAGE,
        "outage_is_short": OUTAGE,
        "survivor_runs_all": OUTAGE,
        "fit_node_serves": OUTAGE,
        "heal_leaves_one_owner": OUTAGE,
        "heard_node_joins": OUTAGE,
    }
)
"""What a broken claim costs; of those not listed the service goes on, but not as one expected."""

_RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "single_mount": ("R3", "R24"),
        "single_owner": ("R2", "R24"),
        "fence_before_takeover": ("R2",),
        "fit_node_serves": ("R12",),
        "failback_converges": ("R13",),
        "watchdog_reboots_after_kill": ("R14",),
    }
)
_PATH, _DOG = "a second path on another card", "a watchdog, which resets some seconds late"
_FENCE = "STONITH, so that a takeover waits for the reset"
_IN_PLACE: Mapping[str, Callable[[NodeConfig], bool]] = MappingProxyType(
    {
        _PATH: lambda node: len({medium.device for medium in node.media}) > 1,
        _DOG: lambda node: node.watchdog is not None,
        _FENCE: lambda node: node.stonith is not None,
    }
)
"""Repairs that a node may have already."""
_REPAIRS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cut": (_PATH, _FENCE),
        "deaf": (_PATH, _FENCE),
        "kill": (_DOG, _FENCE),
        "kill_mcp": (_DOG, _FENCE),
        "pause": ("a deadtime above the longest pause of the machine", _FENCE),
        "hang": ("scripts that end, or give up, in a known time",),
        "slow": ("scripts that end, or give up, in a known time",),
        "start_fails": ("a start that can be repeated, and a standby that is tested",),
        "stop_fails": ("a stop that succeeds when there is nothing to stop",),
        "stop_lies": ("a stop that looks whether it has stopped",),
        "ping": ("a second ping node, or a ping_group",),
        "device": ("a second way to reset the peer",),
        "stop": ("stop one node at a time, and wait until the other serves",),
        "standby": ("wait until the cluster rests before hb_standby",),
        "takeover": ("wait until the cluster rests before hb_takeover",),
    }
)

_TWO_OWNERS = frozenset({"single_mount", "single_owner"})
"""Claims that a fence makes true."""
_SCRIPTS = frozenset({"hang", "slow", "start_fails", "stop_fails", "stop_lies"})
"""Faults with the same repair, whatever they break."""


def cost_of_property(name: str) -> Cost:
    """What it costs when this property breaks."""
    return _COSTS.get(name, SURPRISE)


def model_remarks(report: Report, where: str, nodes: Sequence[NodeConfig]) -> Iterator[Remark]:
    """The broken claims of a report, each as a finding; `where` is how the user calls the configuration of `nodes`."""
    for result in report.results:
        if result.outcome is Outcome.VIOLATED:
            yield _broken(result, where, nodes)


def _broken(result: Result, where: str, nodes: Sequence[NodeConfig]) -> Remark:
    place = next((line for line in result.rests_on if line.line), None)
    evidence = [_way(way) for way in result.ways]
    if result.bound is not None:
        evidence.append(f"allowed {result.bound / 1000:g} s, it takes {at_most(result.measured)}")
    if result.reason:
        evidence.append(result.reason)
    if result.certified:
        evidence.append(f"the run was {', '.join(result.certified)}")
    return Remark(
        code=result.name,
        cost=cost_of_property(result.name),
        source=Source.CHECKED,
        message=_message(result),
        file=place.file if place else "",
        line=place.line if place else 0,
        evidence=tuple(evidence),
        repair=_repair(result, where, nodes),
        rules=_cited(result),
        story=result.story,
        ways=result.ways,
        rests_on=result.rests_on,
    )


def _message(result: Result) -> str:
    """The claim, and what breaks it."""
    claim = " ".join(result.doc.split())
    if not result.ways:
        return f"not so: {claim}"
    first = faults_in_words(result.faults_used)
    more = len(result.ways) - 1
    others = f" (or {more} other way{'s' if more > 1 else ''})" if more else ""
    return f"{first} break{'s' if _single(result) else ''} this{others}: {claim}"


def _single(result: Result) -> bool:
    return sum(count for _, count in result.faults_used) <= 1


def _way(way: Way) -> str:
    said = faults_in_words(way.faults)
    if way.length is None and way.earliest is None:
        return said
    return f"{said}: {when(way)}"


def _repair(result: Result, where: str, nodes: Sequence[NodeConfig]) -> str:
    """What usually helps against the first fault that something helps against, and the command that searches."""
    kinds = dict.fromkeys(kind for way in result.ways for kind, _ in way.faults)
    fits = result.name in _TWO_OWNERS
    hints = [_lacking(_REPAIRS[kind], nodes) for kind in kinds if kind in _REPAIRS and (fits or kind in _SCRIPTS)]
    search = f"`hamodel repair {where} --property {result.name}` searches the smallest change"
    return "; or ".join([*[hint for hint in hints if hint][:1], search])


def _lacking(repairs: Sequence[str], nodes: Sequence[NodeConfig]) -> str:
    """The repairs that the nodes do not all have already."""
    return "; ".join(r for r in repairs if r not in _IN_PLACE or not all(_IN_PLACE[r](node) for node in nodes))


def _cited(result: Result) -> tuple[Practice, ...]:
    return practice(*_RULES.get(result.name, ()))
