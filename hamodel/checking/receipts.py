"""Receipts: every verdict as a file that a small program of its own can check (`python -m hamodel.receipt FILE`).

A file is (gzipped) one line "hamodel receipt 1 sha256 DIGEST" and one JSON object of whole numbers and texts:
  system      see `hamodel.ir.portable`; `fingerprint` is its digest. Observers are part of it, switched off
  property, kind, verdict, text, cluster    what was asked and answered, in words
  start       "boot": runs begin in the initial state; "steady": wherever a boot without untimed actions comes to rest
  ladder      the setting with the number of faults, or null; a proof about all runs has a step for 0, 1 .. all of them
  claims      each one of {always: formula}, {sometimes: formula} and {after: formula, goal: formula, given}, with
              `observe`, the observers that are on, and `steps`. `given` are the assumptions about what is not put off
              for ever, each [weak or strong, action] (see `hamodel.ir.fairness`). A deadline, or the longest time that
              something lasts, is the claim that an observer with a timer of this length is never `late`
A step about all runs is {budget, boot: part, parts}: each start lies in a part, no step leads out of a part. A part is
  {classes: [[like, changes, zone]..], ranks}   a class is a row of cells, written as the changes [cell, value, ...]
      against class `like` (-1: all 0), and a zone: bounds in ms on x - y, row by row, over now and the remaining times
      of the running timers that are not far, as they are when the class is entered. No run leaves a set that contains
      its start and what follows each of its classes: so what is true in all of them is true in all runs. Where a goal
      is awaited a class has a rank, else []: levels [number] or [number, *duty], from outside in. With ranks zones are
      exact, so that what is possible in a class is possible after the events that lead there. Every step that does not
      bring the goal makes the number of some level smaller and leaves those before it as they are; or it leaves all as
      they are up to where one of the two ranks ends, and does none of their duties. A duty is what every run that
      counts does again and again where it is owed again and again:
        [time]            lets time pass; always owed, done where no running timer has to end at once
        [runs, cell]      ends, stops or starts a timer anew; a far one owes it where it may end, any other always
        [weak, action]    takes an action of `given`, or comes where it is not possible; always owed
        [strong, action]  takes an action of `given`; owed where it is possible
      No class does a duty of its rank by itself, and it owes the last one. So a run that waits for ever stays at some
      level for ever, leaves its duty undone although it is owed again and again, and does not count. Where no timer
      runs that would bring a next step the rank ends with a duty.
  {clauses: [[[cell, comparison, value]..]..]}  an inductive invariant: true where runs begin, and kept by each action
      even if every timer may end at any moment. It proves the claim whatever the delays are.
A step about one run is {budget, boot: events, events: [[action, ms]..], loop}. With `loop` the events from that index
on repeat for ever: they lead back to the same state, take time, and every time reading they begin with is one they end
with; so there is a run that goes round without end. What is `given` excludes neither it nor one that ends at rest.

What a receipt does not prove: that the system is the right model of a configuration (`hamodel.checking.issue` composes
it anew and compares); that the situation a property speaks of comes about where it holds; and of far timers (an hour or
so) it proves the order, not the times.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hamodel.checking.case import Case
from hamodel.checking.faultsets import without
from hamodel.checking.proofs import Prover, awaited, claim_of, observers_of
from hamodel.errors import EngineLimit
from hamodel.ir.observe import Memory, observe, switch_of
from hamodel.ir.portable import fingerprint, portable
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome
from hamodel.properties.bind import Bound

Tree = Any
PROVED = (Outcome.HOLDS, Outcome.VIOLATED, Outcome.VACUOUS)
"""The outcomes that are proved; the others say how far one looked."""


def system_of(case: Case, bound: Bound) -> System:
    """The system of a receipt: the case with what this property observes, and without the faults that it leaves out."""
    return without(observe(case.system, [*bound.memories, *bound.deadlines]), bound.without)


def memories_of(bound: Bound) -> tuple[str, ...]:
    """The switches of what the property remembers."""
    return tuple(sorted({switch_of(m.switch or m.name) for m in bound.memories if isinstance(m, Memory)}))


def observed(bound: Bound, prop: Property) -> list[str]:
    """The switches of all observers that have to be on for one claim of a property."""
    return [*memories_of(bound), *observers_of(prop)]


def claims(
    prover: Prover, props: Sequence[Property], outcome: Outcome, trace: Trace | None, observe: Sequence[str] = ()
) -> list[Tree]:
    """The claims of a verdict on these properties, with their proofs. `observe`: memories that are always on.

    Raises EngineLimit where the search for a proof meets a limit.
    """
    if outcome is Outcome.VACUOUS:
        props = [p for p in props if p.witness is not None]
    if trace is None:
        return [prover.every_run(claim_of(p, outcome, prover.written), p, (*observe, *observers_of(p))) for p in props]
    shown = next(p for p in props if _shows(prover, p, trace))
    return [prover.some_run(claim_of(shown, outcome, prover.written), trace, (*observe, *observers_of(shown)))]


def _shows(prover: Prover, prop: Property, trace: Trace) -> bool:
    """Whether this is the one of several promises that a trace breaks."""
    if prop.kind is not PropertyKind.LEADS_TO:
        return True
    if prop.within is not None:
        return f"late[{prop.name}.deadline]" in trace.names()
    return awaited(prover.explored, trace, prop)


def document(prover: Prover, words: Mapping[str, Tree], found: Sequence[Tree]) -> dict[str, Tree]:
    """The content of a receipt."""
    system = portable(prover.written)
    return {
        **words,
        "start": prover.start,
        "ladder": prover.ladder,
        "system": system,
        "fingerprint": fingerprint(system),
        "claims": list(found),
    }


def packed(content: Mapping[str, Tree]) -> bytes:
    """The file of a receipt: the same content gives the same bytes. Raises EngineLimit where nobody would read it."""
    from hamodel.receipt import FORMAT, MOST_BYTES

    body = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    if len(body) + 200 > MOST_BYTES:
        raise EngineLimit(f"the receipt would be larger than {MOST_BYTES >> 20} MB")
    head = f"{FORMAT} sha256 {hashlib.sha256(body).hexdigest()}\n".encode()
    return gzip.compress(head + body, 9, mtime=0)
