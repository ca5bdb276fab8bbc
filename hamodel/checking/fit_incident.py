"""The search joined to the explanation of an incident: the same logs, the files beside them, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hamodel.checking.fit import fit
from hamodel.checking.fit_near import nearest
from hamodel.checking.fit_piece import landmarks_of
from hamodel.checking.fit_prevented import prevented
from hamodel.checking.fit_result import Fit, Kinds, LogLine
from hamodel.checking.fit_subject import Subject
from hamodel.checking.search import Clock
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from hamodel.incident import report as told
from hamodel.ir.fit import LENGTHS
from hamodel.ir.verdict import Limits
from hamodel.logs.reading import Reader
from hamodel.machines import compose_cluster
from hamodel.renderers.halog import hosts_of

EPOCH = datetime(1970, 1, 1)
SCRIPTS = {"operator.reaction": 0}
"""What is known of an operator whose commands the log shows: they came when they came."""


def searched(
    explanation: told.Explanation, logs: Sequence[Path], config: Path, limits: Limits, *, year: int | None = None
) -> told.Explanation:
    """The explanation with the answer of the model for these files.

    Where the model has no answer for such a cluster, the answer says why. Raises what reading logs raises.
    """
    clock = Clock.start(limits)
    try:
        spec, subject, lines = _subject(explanation, logs, config, year)
    except HamodelError as outside:
        return replace(explanation, fit=told.Fit(reason=f"the model has no such cluster: {outside.message}"))
    found = fit(subject, lines, _offsets(explanation), limits=limits)
    answer = _told(found, subject, explanation)
    if found.fits and found.kinds[0]:
        advice = [told.Advice(r.key, r.text, r.holds) for r in prevented(spec, config, found, clock.rest()) if r.holds]
        answer = replace(answer, prevented_by=tuple(advice))
    elif not found.fits:
        near = nearest(subject, lines, found, _offsets(explanation), clock.rest())
        answer = replace(answer, expected=tuple(f"{n.text}; faults: {_named(n.kinds)}" for n in near))
    return replace(explanation, fit=answer)


def _subject(
    explanation: told.Explanation, logs: Sequence[Path], config: Path, year: int | None
) -> tuple[Spec, Subject, Mapping[str, Sequence[LogLine]]]:
    version = Version.V2_0_8 if any(_is_old(each) for each in explanation.inferred) else Version.V3_0_6
    spec = read_spec([config if config.is_dir() else config.parent], version, dict(SCRIPTS))
    hosts = hosts_of(spec.cluster)
    lines: dict[str, list[LogLine]] = {}
    for line in Reader(logs, year=year):
        if line.own and line.node in spec.cluster.nodes:
            lines.setdefault(line.node, []).append(LogLine(line.source, line.number, line.node, line.entry))
    system, engine = compose_cluster(spec), ClassesEngine()
    subject = Subject.of(system, hosts, engine, LENGTHS[0])
    marks = len(landmarks_of(subject, lines))
    return spec, subject if marks <= LENGTHS[0] else Subject.of(system, hosts, engine, marks), lines


def _is_old(each: told.Inferred) -> bool:
    return each.option == "version" and each.value.startswith(("1.", "2."))


def _offsets(explanation: told.Explanation) -> dict[str, tuple[int, int]]:
    """The clock of each node against the reference; one that was set or drifts may be anywhere it ever was."""
    found: dict[str, tuple[int, int]] = {}
    for clock in explanation.clocks:
        lo, hi = found.get(clock.node, (clock.lo, clock.hi))
        found[clock.node] = (min(lo, clock.lo), max(hi, clock.hi))
    return found


def _told(found: Fit, subject: Subject, explanation: told.Explanation) -> told.Fit:
    words = f"{found.landmarks} landmark lines, each within {found.slack / 1000:g} s"
    prefix = next(iter(found.breaks), None)
    first = prefix.at[0] if prefix is not None and prefix.at else None
    return told.Fit(
        found.fits,
        None if first is None else told.Proof(first.source, first.number),
        "" if first is None else first.entry.text,
        reason=words if found.fits else _changed(explanation) + (found.reason or words),
        story=_story(found, subject, explanation),
        faults=_faults(found),
        searched={"classes": found.classes, "landmarks": found.landmarks, "slack_ms": found.slack},
    )


def _changed(explanation: told.Explanation) -> str:
    """Why the files need not fit, where the lines name a group that they do not have."""
    groups = [f"`{each.log_says}` on {each.node}" for each in explanation.differs if each.option == "haresources"]
    return f"the lines have a group that is not in haresources, {' and '.join(groups)}; " if groups else ""


def _named(kinds: Kinds) -> str:
    return " and ".join(kinds) or "none"


def _faults(found: Fit) -> tuple[str, ...]:
    sets = [_named(kinds) for kinds in found.kinds]
    others = [f"or {each}: the lines are the same" for each in sets[1:]]
    return (*sets[:1], *others, *(f"{each}: ipfail asks later than the model has it" for each in found.allowed))


def _story(found: Fit, subject: Subject, explanation: told.Explanation) -> tuple[told.Told, ...]:
    """Faults, commands and repairs of the run, each at the earliest time at which the lines then come as they did."""
    if found.begin is None:
        return ()
    actions = {a.name: a for a in subject.system.actions}
    middle = {clock.node: clock.middle for clock in explanation.clocks}
    first = round((found.begin - EPOCH) / timedelta(milliseconds=1))
    story = []
    for at, name in found.events:
        node = next((n for n in subject.nodes if f"[{n}" in name), subject.nodes[0])
        text = actions[name].text or name
        story.append(told.Told(first + at, node, first + at + middle.get(node, 0), f"{text} (in the model's run)"))
    return tuple(sorted((*explanation.story, *story), key=lambda each: each.at))
