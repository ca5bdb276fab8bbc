"""The recorded runs of the test bed as logs that are asked about: their files, and what both nodes wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hamodel.checking.fits.result import Kinds, LogLine
from hamodel.checking.fits.subject import LATE, Subject
from hamodel.engines.classes import ClassesEngine
from hamodel.ir.fit import LENGTHS
from hamodel.ir.system import Kind
from hamodel.logs.formats import parse
from hamodel.machines import compose_cluster, structure
from hamodel.renderers.halog import hosts_of
from hamodel.scenarios.actions import on_the_test_bed
from hamodel.scenarios.files import spec_of
from hamodel.scenarios.recording import read_recording, script_of
from hamodel.scenarios.testbed import NODES


def lines_of(path: Path, node: str, year: int = 2026) -> list[LogLine]:
    """The lines of one file; one without a header goes on with the one before it."""
    found: list[LogLine] = []
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        entry = parse(text, year)
        if entry is not None:
            found.append(LogLine(str(path), number, node, entry))
        elif found:
            before = found[-1]
            found[-1] = replace(before, entry=replace(before.entry, text=f"{before.entry.text}\n{text}"))
    return found


def recorded(
    folder: Path, engine: ClassesEngine, marks: int = LENGTHS[1]
) -> tuple[Subject, Mapping[str, list[LogLine]]]:
    """The cluster of a recording and its logs. Raises what the reading of its files raises."""
    recording = read_recording(folder)
    with spec_of(recording.texts, recording.bed, recording.demands) as spec:
        nodes = structure(spec).nodes
        system = on_the_test_bed(recording.demands.set(compose_cluster(spec).with_settings(started=0)), nodes)
        hosts = hosts_of(spec.cluster)
    timeout = recording.bed.watchdog_timeout
    if timeout is not None:
        names = [f"watchdog[{n}]" for n in (0, 1)]
        system = system.with_settings(**{k: timeout for k in names if system.setting_value[k]})
    logs = {node: lines_of(folder / node / "ha-log", node) for node in NODES if (folder / node / "ha-log").is_file()}
    return Subject.of(system, hosts, engine, marks), logs


def recorded_kinds(folder: Path, subject: Subject) -> Kinds:
    """The kinds of the faults that were done to the cluster in this recording."""
    recording = read_recording(folder)
    with spec_of(recording.texts, recording.bed, recording.demands) as spec:
        steps = [(step.resource_type, step.text) for step in structure(spec).steps]
    events, _ = script_of(recording, subject.system, steps)
    actions = {a.name: a for a in subject.system.actions}
    done = [actions[event.action] for event in events]
    return tuple(sorted(a.fault for a in done if a.kind is Kind.FAULT and a.fault != LATE))
