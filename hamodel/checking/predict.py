"""Prediction: every way one scenario can end.

The model runs under the scenario's script and nothing else. First all endings are collected: who holds what, and what
is remembered of the way. Then each overlap and each gap that came about is timed, one exploration a stopwatch, so that
no clock has to be carried along that nobody asked for. The times are those over all endings: an ending without an
overlap has [0, 0], all others share one interval. Where there are too many runs to list, `witness` follows some.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from hamodel.checking.apart import compare
from hamodel.checking.search import Clock
from hamodel.checking.witness import Question, some_endings
from hamodel.config.spec import Spec
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.errors import (
    ConfigurationError,
    FileUnreadable,
    HamodelError,
    ModelError,
    NotApplicable,
    NotModelled,
    RefusalGroup,
    SpecError,
    WrongInputs,
)
from hamodel.ir.expr import Expr, Not, Read, and_, not_, or_
from hamodel.ir.observe import Memory, Request, Stopwatch, observe, remembered, switch_of
from hamodel.ir.prediction import Bounds, Ending, Prediction
from hamodel.ir.script import OVER, Event, Hold, Wait, scripted
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster, structure
from hamodel.scenarios import recording as recordings
from hamodel.scenarios import scenario as scenarios
from hamodel.scenarios import testbed
from hamodel.scenarios.actions import on_the_test_bed
from hamodel.scenarios.demands import Demands
from hamodel.scenarios.files import Bed, spec_of

ENGINE = ClassesEngine()
MODE = "merged"
"""States and times lose nothing by it; a join with ipfail has 13 thousand classes instead of millions."""
TOLD = "told"
Script = tuple[list[Event] | list[Event | Wait], tuple[int, int]]
ScriptOf = Callable[[System, Sequence[tuple[str, str]]], Script]


def predict(scenario: scenarios.Scenario, limits: Limits | None = None) -> Prediction:
    """Every way this scenario can end. Raises NotModelled, and what the reading of its files raises."""
    return _predict(scenario, lambda s, steps: scenarios.script_of(scenario, s, steps), limits, None)


def predict_recorded(recording: recordings.Recording, limits: Limits | None = None) -> Prediction:
    """Every way a run with these files and these faults can end, compared with how it did end."""
    prediction = _predict(recording, lambda s, steps: recordings.script_of(recording, s, steps), limits, recording)
    seen = recordings.observed(recording)
    if prediction.observed is not None:
        return prediction
    return replace(prediction, observed=seen, differences=compare(prediction.endings, seen))


def predict_file(path: Path, limits: Limits | None = None) -> Prediction:
    """The prediction for a scenario file."""
    return predict(scenarios.read_scenario(path), limits)


def predict_folder(folder: Path, limits: Limits | None = None) -> Prediction:
    """The prediction for a recorded run, with the comparison."""
    return predict_recorded(recordings.read_recording(folder), limits)


class _Given(Protocol):
    """What a scenario and a recording have in common."""

    @property
    def name(self) -> str: ...
    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]: ...
    @property
    def bed(self) -> Bed: ...
    @property
    def demands(self) -> Demands: ...


def _predict(
    given: _Given, script_of: ScriptOf, limits: Limits | None, recording: recordings.Recording | None
) -> Prediction:
    clock = Clock.start(limits or Limits())
    try:
        with spec_of(given.texts, given.bed, given.demands) as spec:
            return _of_spec(given, spec, script_of, clock, recording)
    except NotModelled:
        raise
    except NotApplicable as outside:
        raise NotModelled(f"not modelled yet: {outside.message}", span=outside.span, help=outside.help) from outside
    except (ConfigurationError, RefusalGroup) as refusal:
        if not _by_the_daemon(refusal, two_files=len({tuple(t.items()) for t in given.texts.values()}) > 1):
            raise
    return Prediction(given.name, (Ending({}, {}, {}, refused=True),), seconds=round(clock.elapsed, 3))


def _by_the_daemon(refusal: HamodelError, *, two_files: bool) -> bool:
    """Whether Heartbeat itself refuses these files, on both nodes."""
    errors = refusal.errors if isinstance(refusal, RefusalGroup) else (refusal,)
    if not all(isinstance(e, ConfigurationError) for e in errors):
        return False
    if any(isinstance(e, FileUnreadable | SpecError | WrongInputs) for e in errors):
        return False
    where = {Path(e.span.file).parent.name for e in errors if e.span is not None}
    if two_files and len(where) == 1:
        raise NotModelled(f"not modelled yet: Heartbeat refuses the files of {where.pop()} only") from refusal
    return True


def question_of(given: _Given, spec: Spec, script_of: ScriptOf) -> tuple[Question, Sequence[Event | Wait]]:
    """The model under the events of this script, with its observers. Raises NotModelled."""
    parts = structure(spec)
    nodes = parts.nodes
    if set(nodes) != set(testbed.NODES):
        raise NotModelled(f"not modelled yet: nodes called {' and '.join(nodes)}; the test bed has node1 and node2")
    names = resource_names([(s.resource_type, s.text, s.address, bool(s.device)) for s in parts.steps])
    system = on_the_test_bed(given.demands.set(compose_cluster(spec).with_settings(started=0)), nodes)
    if given.bed.watchdog_timeout is not None:
        periods = {f"watchdog[{n}]": system.setting_value[f"watchdog[{n}]"] for n in (0, 1)}
        system = system.with_settings(**{k: given.bed.watchdog_timeout for k, v in periods.items() if v})
    events, settle = script_of(system, [(s.resource_type, s.text) for s in parts.steps])
    known = scenarios.conditions(system, nodes, names)
    for event in events:
        if isinstance(event, Wait) and event.until not in known:
            raise NotModelled(f"not modelled yet: waiting for `{event.until}`")
    system = scripted(system, events, settle, known, Hold(*testbed.HOLD))
    return Question(_observed(system, names), names, nodes), events


def _of_spec(
    given: _Given, spec: Spec, script_of: ScriptOf, clock: Clock, recording: recordings.Recording | None
) -> Prediction:
    question, events = question_of(given, spec, script_of)
    listing = clock
    if clock.limits.seconds is not None:
        listing = replace(clock, limits=replace(clock.limits, seconds=clock.limits.seconds / 2))
    found = _explore(question.system, listing.rest())
    endings, stopped = _endings(question, found, listing)
    whole = Prediction(
        given.name,
        endings,
        complete=not stopped,
        stopped=stopped,
        classes=found.classes,
        uncertainty_ms=sum(e.hi - e.lo for e in events),
        notes=tuple(_notes(events)),
    )
    if stopped:
        some = some_endings(question, found, ENGINE, clock.rest, recording)
        seen = None if recording is None else recordings.observed(recording)
        notes = ("times are those of the runs found", *whole.notes[1:])
        whole = replace(
            whole,
            endings=some.endings,
            observed=seen,
            differences=some.differences,
            excluded=some.excluded,
            notes=notes,
        )
    return replace(whole, seconds=round(clock.elapsed, 3))


def resource_names(steps: Sequence[tuple[str, str, bool, bool]]) -> tuple[str, ...]:
    """The resources as recordings call them: the first address, the first disk, and all others by what is written.

    Each is (type, text, whether it is an address, whether only one node may have it).

    >>> resource_names([("IPaddr", "10.0.0.1", True, False), ("Filesystem", "Filesystem::/dev/sdb5", False, True)])
    ('vip', 'mount')
    """
    address = next((i for i, s in enumerate(steps) if s[2]), None)
    disk = next((i for i, s in enumerate(steps) if s[3] and s[0] == "Filesystem"), None)
    return tuple("vip" if i == address else "mount" if i == disk else s[1] for i, s in enumerate(steps))


def _notes(events: Sequence[Event | Wait]) -> list[str]:
    notes = ["times are those over all endings"]
    if any(isinstance(e, Wait) and e.until.startswith("stable:") for e in events):
        notes.append("the log line of the initial acquisition is taken to come once the node is stable")
    if any(isinstance(e, Wait) and e.until.startswith("client:") for e in events):
        notes.append("the client is taken to be served by a node that alone has the address")
    return notes


# ---- what is looked at -----------------------------------------------------------------------------------------------


def _observed(system: System, names: Sequence[str]) -> System:
    see, over = system.observables, Read(OVER)
    wanted: list[Request] = []
    for s, name in enumerate(names):
        both: Expr = and_(see[f"up[0,{s}]"], see[f"up[1,{s}]"])
        either = or_(see[f"up[0,{s}]"], see[f"up[1,{s}]"])
        nobody = and_(remembered(f"owned[{name}]"), not_(either))
        wanted += [
            Memory(f"owned[{name}]", either, switch=TOLD),
            Memory(f"overlapped[{name}]", both, switch=TOLD),
            Memory(f"gapped[{name}]", nobody, switch=TOLD),
            Stopwatch(f"overlap[{name}]", both, or_(Not(both), over)),
            Stopwatch(f"gap[{name}]", nobody, or_(Not(nobody), over)),
        ]
    for n in (0, 1):
        wanted += [
            Memory(f"restarted[{n}]", see[f"restarting[{n}]"], switch=TOLD),
            Memory(f"was_reset[{n}]", or_(see[f"reset[{n}]"], see[f"rebooting[{n}]"]), switch=TOLD),
            Memory(f"asked[{n}]", see[f"fences[{n}]"], switch=TOLD),
        ]
    return observe(system, wanted).with_settings(**{switch_of(TOLD): 1})


def _explore(system: System, limits: Limits) -> Exploration:
    found = ENGINE.explore(system, mode=MODE, limits=limits)
    running = np.logical_not(found.where(Read(OVER)))
    for text, formula in system.invariants:
        if not bool(found.where(formula)[running].all()):
            raise ModelError(f"the model breaks its own invariant: {text}")
    return found


def _endings(question: Question, found: Exploration, clock: Clock) -> tuple[tuple[Ending, ...], str]:
    """The endings and their times; or why they are not all that can come, and then none."""
    names = question.names
    stopped = "" if found.complete else found.stopped or "a limit was reached"
    if stopped:
        return (), stopped
    over = found.where(Read(OVER))
    see = question.system.observables
    columns: list[Expr] = [see[f"up[{n},{s}]"] for s in range(len(names)) for n in (0, 1)]
    columns += [remembered(f"{word}[{n}]") for word in ("restarted", "was_reset", "asked") for n in (0, 1)]
    fixed = len(columns)
    columns += [remembered(f"{word}[{name}]") for word in ("overlapped", "gapped") for name in names]
    rows = np.unique(np.stack([found.where(c)[over] for c in columns], axis=1), axis=0)
    came: dict[tuple[bool, ...], list[tuple[bool, ...]]] = {}
    for row in rows.tolist():
        came.setdefault(tuple(row[:fixed]), []).append(tuple(row[fixed:]))
    ranges: dict[str, Bounds] = {}
    for i, what in enumerate(f"{word}[{name}]" for word in ("overlap", "gap") for name in names):
        if any(more[i] for rests in came.values() for more in rests):
            watched = question.system.with_settings(**{switch_of(what): 1})
            timed = ENGINE.explore(watched, mode=MODE, limits=clock.rest())
            measured = timed.measures[what].range()
            if timed.complete and measured is not None and measured.hi is not None:
                ranges[what] = (measured.lo, measured.hi)
            else:
                return (), f"{what} is not timed to its end: {timed.stopped or 'it may last for ever'}"
    return tuple(
        _ending(key, rests, names, question.nodes, ranges) for key, rests in sorted(came.items(), reverse=True)
    ), ""


def _ending(
    key: tuple[bool, ...],
    rests: Sequence[tuple[bool, ...]],
    names: Sequence[str],
    nodes: tuple[str, str],
    ranges: Mapping[str, Bounds],
) -> Ending:
    def named(position: int) -> tuple[str, ...]:
        pairs = sorted(zip(nodes, key[position : position + 2], strict=True))
        return tuple(node for node, value in pairs if value)

    def times(word: str, offset: int) -> dict[str, Bounds]:
        found = {}
        for i, name in enumerate(names):
            values = {more[offset + i] for more in rests}
            lo, hi = ranges.get(f"{word}[{name}]", (0, 0)) if True in values else (0, 0)
            found[name] = (0 if False in values else lo, hi)
        return found

    first = 2 * len(names)
    restarted, reset, asked = (named(first + 2 * i) for i in range(3))
    gaps = times("gap", len(names))
    if reset and asked:
        gaps = {name: (lo, hi + testbed.STONITH_REPLY) for name, (lo, hi) in gaps.items()}
    owners = {name: named(2 * s) for s, name in enumerate(names)}
    return Ending(owners, times("overlap", 0), gaps, restarted, reset, asked)
