"""What no file says and the lines show: how long scripts, boots and resets took, and which rare faults are spoken of.

A search with the usual times would refuse every log of a machine that boots faster, or of a script that takes longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hamodel.config.durations import Durations, Interval
from hamodel.config.faults import ON_DEMAND
from hamodel.config.spec import Spec
from hamodel.incident.faults.scripts import LONG
from hamodel.incident.report import Explanation, Took
from hamodel.incident.resources import of_word
from hamodel.ir.system import System

KNOWN: Mapping[str, object] = MappingProxyType({"operator.reaction": 0, "latency": [0, 30]})
"""Of an operator whose commands the log shows: they came when they came. A daemon reads a packet in its next turn."""
SETTINGS: Mapping[str, int] = MappingProxyType({"turn": 500, "client_hi": 2_000})
"""What real processes take in ms: a daemon that has just begun looks at packets so far apart, ipfail is so late."""
QUICKEST = 30
"""ms that a script takes at least."""
DEMANDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "packet-loss": ("loss",),
        "script-slow": ("delay",),
        "script-hung": ("delay",),
        "replay": ("restore",),
        "bad-reload": ("reload", "mistake"),
        "not-released": ("edit",),
    }
)
"""By the word of a fault: kinds of the model that it has only where they are asked for."""


def overrides_of(explanation: Explanation, spec: Spec) -> dict[str, object]:
    """The times and faults of the spec for a search: the usual ones where the lines say nothing."""
    kinds = {kind for fault in explanation.faults for kind in DEMANDED.get(fault.kind, ()) if kind in ON_DEMAND}
    return {
        **KNOWN,
        **_scripts(explanation.took, spec),
        **_boots(explanation.took, spec.boot),
        **_resets(explanation, spec),
        **{f"faults.{kind}": 1 for kind in sorted(kinds)},
    }


def with_settings(system: System, explanation: Explanation, nodes: tuple[str, str]) -> System:
    """The system with what real processes take, and with the delays that the lines tell of."""
    values = dict(SETTINGS)
    for number, node in enumerate(nodes):
        for op in ("start", "stop"):
            late = [t for t in explanation.took if (t.node, t.what) == (node, op) and t.lo > LONG]
            if late:
                values[f"late_{op}_lo[{number}]"] = min(t.lo for t in late) - SETTINGS["client_hi"]
                values[f"late_{op}_hi[{number}]"] = max(t.hi for t in late)
    return system.with_settings(**{k: v for k, v in values.items() if k in system.setting_value})


def _scripts(took: Iterable[Took], spec: Spec) -> dict[str, object]:
    """Each kind of script as long as its longest call, but for those that are told as faults."""
    longest: dict[tuple[str, str], int] = {}
    for each in took:
        if each.what in ("start", "stop") and each.lo <= LONG:
            key = of_word(each.of).script, each.what
            longest[key] = max(longest.get(key, 0), each.lo)
    kinds = {r.type for node in spec.cluster.per_node.values() for group in node.groups for r in group.resources}
    found: dict[str, object] = {}
    for kind in sorted(kinds):
        for op in ("start", "stop"):
            usual = _usual(spec.durations, kind, op)
            found[f"durations.{kind}.{op}"] = [QUICKEST, max(usual.hi, longest.get((kind, op), 0) + 1_000)]
        found[f"durations.{kind}.status"] = [10, spec.durations.status(kind).hi]
    return found


def _usual(durations: Durations, kind: str, op: str) -> Interval:
    return durations.start(kind) if op == "start" else durations.stop(kind)


def _boots(took: Iterable[Took], usual: Interval) -> dict[str, object]:
    """A machine whose power was gone may have waited for it: such a time is an upper bound of a boot."""
    boots = [each for each in took if each.what == "boot"]
    if not boots:
        return {}
    own = [each.hi for each in boots if each.of != "power-lost"]
    least = min(each.lo for each in boots)
    return {"boot": [min(least, usual.lo), max(own, default=max(least, usual.hi))]}


def _resets(explanation: Explanation, spec: Spec) -> dict[str, object]:
    found: dict[str, object] = {}
    resets = [each for each in explanation.took if each.what in ("reset", "failed reset")]
    if resets:
        found["stonith.latency"] = [min(each.lo for each in resets), max(each.hi for each in resets)]
    if spec.stonith.nodes and any(fault.kind == "fence-hollow" for fault in explanation.faults):
        found["stonith.outcome"] = "lies"
    return found
