"""The words properties are written in: always, never, sometimes and leads_to.

A property is a function of a cluster. Its name is the property's name, its docstring is what a report prints, and what
it returns is a formula; for `leads_to` a `Response` or several. It may return a `Skip` where the question makes no
sense.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import overload

from hamodel.errors import BadBound, BadFairness
from hamodel.ir.fairness import Fairness
from hamodel.ir.property import PropertyKind
from hamodel.properties.cluster import Cluster, Condition
from hamodel.properties.formula import Formula
from hamodel.source import Span


@dataclass(frozen=True, slots=True)
class Skip:
    """This cluster gives the property nothing to talk about."""

    reason: str


@dataclass(frozen=True, slots=True)
class Response:
    """After `trigger` comes `goal`, unless `release` comes first. `part` tells several of one property apart."""

    trigger: Formula
    goal: Formula
    release: Formula | None = None
    part: str = ""


def served_soon(cluster: Cluster, able: Formula) -> list[Response]:
    """Once no fault can come, a group that nobody serves is served, as long as the cluster is `able` to."""
    return [
        Response(
            trigger=able & cluster.faults_spent & cluster.faulted & ~cluster.served(group),
            goal=cluster.served(group),
            release=~able,
            part=str(group.index),
        )
        for group in cluster.groups
    ]


Answer = Formula | Skip | Response | Iterable[Response]
Fair = Iterable[Fairness] | Callable[[Cluster], Iterable[Fairness]]
"""What is assumed not to be put off for ever: `weak("plug")`, or a function of the cluster that returns such."""
Bound = int | str | Callable[[Cluster], int] | None
Function = Callable[[Cluster], Answer]


@dataclass(frozen=True, slots=True)
class Definition:
    """A property before a cluster is known."""

    name: str
    kind: PropertyKind
    function: Function
    doc: str
    negated: bool = False
    within: Bound = None
    witness: Condition | None = None
    without: tuple[str, ...] = ()
    """What the scenario leaves out for this property: kinds of fault, or `fault` for all of them."""
    fairness: Fair = ()
    span: Span | None = field(default=None, compare=False)

    def __call__(self, cluster: Cluster) -> Answer:
        return self.function(cluster)


Decorator = Callable[[Function], Definition]


@overload
def always(function: Function) -> Definition: ...
@overload
def always(*, witness: Condition | None = None, without: tuple[str, ...] = ()) -> Decorator: ...
def always(
    function: Function | None = None, *, witness: Condition | None = None, without: tuple[str, ...] = ()
) -> Definition | Decorator:
    """The formula holds in every state the cluster can reach."""
    return _define(PropertyKind.ALWAYS, function, witness=witness, without=without)


@overload
def never(function: Function) -> Definition: ...
@overload
def never(*, witness: Condition | None = None, without: tuple[str, ...] = ()) -> Decorator: ...
def never(
    function: Function | None = None, *, witness: Condition | None = None, without: tuple[str, ...] = ()
) -> Definition | Decorator:
    """The formula holds in no state the cluster can reach."""
    return _define(PropertyKind.ALWAYS, function, negated=True, witness=witness, without=without)


@overload
def sometimes(function: Function) -> Definition: ...
@overload
def sometimes(*, witness: Condition | None = None) -> Decorator: ...
def sometimes(function: Function | None = None, *, witness: Condition | None = None) -> Definition | Decorator:
    """The formula holds in some state the cluster can reach."""
    return _define(PropertyKind.SOMETIMES, function, witness=witness)


@overload
def leads_to(function: Function) -> Definition: ...
@overload
def leads_to(
    *, within: Bound = None, witness: Condition | None = None, without: tuple[str, ...] = (), fairness: Fair = ()
) -> Decorator: ...
def leads_to(
    function: Function | None = None,
    *,
    within: Bound = None,
    witness: Condition | None = None,
    without: tuple[str, ...] = (),
    fairness: Fair = (),
) -> Definition | Decorator:
    """After every trigger comes the goal: in the end, or `within` a time (ms, "30s", or computed from the cluster).

    A goal without a deadline may need that a repair or a command is not put off for ever: `fairness=weak("plug")`.
    """
    return _define(PropertyKind.LEADS_TO, function, within=within, witness=witness, without=without, fairness=fairness)


def _define(
    kind: PropertyKind,
    function: Function | None,
    *,
    negated: bool = False,
    within: Bound = None,
    witness: Condition | None = None,
    without: tuple[str, ...] = (),
    fairness: Fair = (),
) -> Definition | Decorator:
    def define(what: Function) -> Definition:
        code = getattr(what, "__code__", None)
        span = Span(code.co_filename, code.co_firstlineno) if code is not None else None
        name = getattr(what, "__name__", "property")
        doc = " ".join((what.__doc__ or "").split())
        return Definition(name, kind, what, doc, negated, within, witness, without, fairness, span)

    return define(function) if function is not None else define


def constraints(fairness: Fair, cluster: Cluster) -> tuple[Fairness, ...]:
    """The constraints for one cluster."""
    found = fairness(cluster) if callable(fairness) else fairness
    listed = tuple(found) if isinstance(found, Iterable) and not isinstance(found, str) else (found,)
    for each in listed:
        if not isinstance(each, Fairness):
            raise BadFairness(f"{each!r} is no fairness", help='write weak("plug"), or strong("plug", "power_on")')
    return listed


_TIME = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)\s*\Z")
_SCALE = {"ms": 1, "s": 1_000, "min": 60_000, "m": 60_000, "h": 3_600_000}


def milliseconds(bound: Bound, cluster: Cluster) -> int | None:
    """A bound in ms.

    >>> milliseconds("1.5s", None), milliseconds(250, None)
    (1500, 250)
    """
    if callable(bound):
        bound = bound(cluster)
    if bound is None or (isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0):
        return bound
    match = _TIME.match(bound) if isinstance(bound, str) else None
    if match is None:
        raise BadBound(f"{bound!r} is no length of time", help='write whole milliseconds, or a text such as "30s"')
    return round(float(match[1]) * _SCALE[match[2]])
