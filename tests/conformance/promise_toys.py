"""Toy systems for what comes in the end: each is a story of a wrong answer that some checker once gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hamodel.ir.expr import TRUE, And, Expr, Not, Read
from hamodel.ir.fairness import Fairness
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.statement import Cancel, If, Statement
from hamodel.ir.system import Kind, System
from tests.conformance.toys import add, eq, more, put, start, system

Free = Mapping[str, tuple[Expr, Sequence[Statement]]]


def done(*fairness: Fairness, raised: Expr = TRUE) -> Property:
    """In the end it is done."""
    return Property("done", PropertyKind.LEADS_TO, raised, "", goal=eq("done", 1), fairness=fairness)


def mendable(name: str, **parts: object) -> System:
    """A system whose untimed actions are repairs: they cost nothing, and may never come."""
    made = system(name, **parts)  # type: ignore[arg-type]
    actions = tuple(replace(a, kind=Kind.REPAIR) if a.timer is None else a for a in made.actions)
    return replace(made, actions=actions)


def _at(place: int, *timers: str) -> tuple[Statement, ...]:
    """Go to a place; of the timers that run there the first that ends decides."""
    return (Cancel("hop"), Cancel("skip"), put("at", place), *(start(t, 1, 1) for t in timers))


def rooms() -> System:
    """Room 0 leads to room 1 (hop) or room 2 (skip), both lead back. In room 2 the fault can be mended."""
    return mendable(
        "rooms",
        variables={"at": 2, "done": 1},
        initial=_at(0, "hop", "skip"),
        ends={
            "hop": [If(eq("at", 0), _at(1, "hop"), _at(0, "hop", "skip"))],
            "skip": [If(eq("at", 0), _at(2, "skip"), _at(0, "hop", "skip"))],
        },
        free={"mend": (eq("at", 2), [put("done", 1), *_at(2)])},
    )


def passage() -> System:
    """Rooms 0 and 2 alone. What is mended in room 2 breaks again: it has to be mended for ever."""
    return mendable(
        "passage",
        variables={"at": 2, "whole": 1, "done": 1},
        initial=_at(0, "skip"),
        ends={
            "hop": [],
            "skip": [If(eq("at", 0), _at(2, "skip"), (put("whole", 0), *_at(0, "skip")))],
        },
        free={"mend": (And((eq("at", 2), eq("whole", 0))), [put("whole", 1)])},
    )


def two_duties() -> System:
    """Two repairs, each of which leads into a room from which 1 ms leads back: neither circle does both."""
    return mendable(
        "two_duties",
        variables={"at": 2, "done": 1},
        initial=[],
        ends={"back": [put("at", 0)]},
        free={
            "left": (eq("at", 0), [put("at", 1), start("back", 1, 1)]),
            "right": (eq("at", 0), [put("at", 2), start("back", 1, 1)]),
        },
    )


def parted_duties() -> System:
    """After `left` there is no way but `left`, after `right` none but `right`; the other one, when done, is the end."""

    def again(room: int) -> tuple[Expr, Sequence[Statement]]:
        other = 3 - room
        leave = If(eq("at", other), (put("done", 1), Cancel("round")), (put("at", room), start("round", 1, 1)))
        return (eq("done", 0), [leave])

    return mendable(
        "parted_duties",
        variables={"at": 2, "done": 1},
        initial=[],
        ends={"round": []},
        free={"left": again(1), "right": again(2)},
    )


def countdown() -> System:
    """Round and round, but each round costs one of three: without the counter it would be a circle."""
    return mendable(
        "countdown",
        variables={"at": 1, "left": 3, "done": 1},
        initial=[put("left", 3), start("turn", 2, 2)],
        ends={
            "turn": [
                If(eq("at", 0), (put("at", 1), start("turn", 2, 2)), (
                    put("at", 0),
                    If(more("left", 0), (add("left", -1), start("turn", 2, 2)), (put("done", 1),)),
                )),
            ],
        },
    )  # fmt: skip


def token() -> System:
    """Two nodes that are told apart by nothing but their names; one of them works for ever."""
    return system(
        "token",
        variables={"holder": 1, "done": 1},
        initial=[start("work", 1, 2)],
        ends={"work": [start("work", 1, 2)]},
        free={"to_0": (eq("holder", 2), [put("holder", 0)]), "to_1": (eq("holder", 2), [put("holder", 1)])},
    )


def narrowing() -> System:
    """The letter takes [0, 10] at first, and [2, 5] after the watch of 6 ms ended: it is not late a second time.

    The second class is a part of the first. Under inclusion the watch leads back to the first: a circle no run takes.
    """
    return system(
        "narrowing",
        variables={"done": 1},
        initial=[start("letter", 0, 10), start("watch", 6, 6)],
        ends={"letter": [put("done", 1), Cancel("watch")], "watch": [start("letter", 2, 5), start("watch", 6, 6)]},
    )


def spinning(lo: int, hi: int, *, alarm: int | None = None, anew: bool = False) -> System:
    """A timer of [lo, hi] that starts itself anew; beside it perhaps an alarm, which it may start anew too."""
    alarms = [] if alarm is None else [start("alarm", alarm, alarm)]
    return system(
        "spinning",
        variables={"done": 1},
        initial=[start("spin", lo, hi), *alarms],
        ends={"spin": [start("spin", lo, hi), *(alarms if anew else [])], "alarm": [put("done", 1), Cancel("spin")]},
    )


def busy(anew: bool) -> System:
    """A switch that anybody may turn on and off at any instant, before an alarm of 5 ms; turning it may start that."""
    turn = [start("alarm", 5, 5)] if anew else []
    return mendable(
        "busy",
        variables={"on": 1, "done": 1},
        initial=[start("alarm", 5, 5)],
        ends={"alarm": [put("done", 1)]},
        free={
            "turn_on": (And((Not(Read("on")), eq("done", 0))), [put("on", 1), *turn]),
            "turn_off": (And((Read("on"), eq("done", 0))), [put("on", 0), *turn]),
        },
    )


def hourly() -> System:
    """A light switch that anybody may play with while an hour passes: the hour ends all the same."""
    return mendable(
        "hourly",
        variables={"on": 1, "done": 1},
        initial=[start("hour", 3_600_000, 3_600_000)],
        ends={"hour": [put("done", 1)]},
        free={
            "turn_on": (Not(Read("on")), [put("on", 1)]),
            "turn_off": (eq("on", 1), [put("on", 0)]),
        },
        far=["hour"],
    )
