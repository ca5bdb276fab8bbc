"""The same night on another cluster: another release, files as the lines show them, or one option that differs.

Each variant is read as if its files lay on the disk, and has its own model. Of a time the nearest values come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamodel.checking.bench import Bench
from hamodel.checking.changes import TIMES, Change, changes, distance
from hamodel.checking.edits import edited
from hamodel.checking.fits.as_shown import as_shown
from hamodel.checking.fits.subject import Subject
from hamodel.checking.fits.surroundings import overrides_of, with_settings
from hamodel.checking.material import Material, gather, unpacked
from hamodel.checking.probe import prober_of
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.config.values import show_ms
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from hamodel.incident.report import Difference, Explanation
from hamodel.ir.fit import LENGTHS
from hamodel.ir.fit_rules import Command
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster, structure
from hamodel.properties.loader import load
from hamodel.renderers.halog import hosts_of

STEPS = tuple(1.2**n for n in (1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 8, -8, 10, -10, 13, -13))
"""Other values of a time are tried at these factors, whole seconds from five seconds on."""
TOGETHER = "configuration"
"""The kind of the variant in which several options differ at once."""
HARDWARE = ("cable", "delay")
"""Changes that no file has by mistake."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another cluster, what is other about it, and commands that may have been given there without a word."""

    kind: str
    text: str
    subject: Subject
    anytime: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The files that were given, how they were read, what the lines tell, and how large a log a model has to hold."""

    spec: Spec
    folder: Path
    overrides: Mapping[str, object]
    explanation: Explanation
    marks: int
    engine: ClassesEngine

    @classmethod
    def read(cls, folder: Path, explanation: Explanation, engine: ClassesEngine, version: Version | None) -> Files:
        """The files of a folder with the times that the lines show, and room for a short log."""
        usual = read_spec([folder], version, {})
        overrides = overrides_of(explanation, usual)
        spec = read_spec([folder], usual.cluster.version, dict(overrides))
        return cls(spec, folder, overrides, explanation, LENGTHS[0], engine)

    def by_name(self, text: str) -> str:
        """A sentence in which groups have numbers, with the first resource of each in place of its number."""
        for number, group in enumerate(structure(self.spec).groups):
            text = text.replace(f"group {number} ", f"group {group.steps[0].text} ")
        return text

    def subject(self, spec: Spec) -> Subject:
        """The model of a cluster."""
        system = with_settings(compose_cluster(spec), self.explanation, structure(spec).nodes)
        return Subject.of(system, hosts_of(spec.cluster), self.engine, self.marks)


def contradicted(files: Files, differs: Sequence[Difference]) -> Iterator[Variant]:
    """What the lines contradict as they show it, one thing at a time, and all of it together."""
    material = gather([files.folder])
    found: list[Difference] = []
    known = [material.files]
    for each in differs:
        changed = as_shown(material, each)
        if changed is None or changed.files in known:
            continue
        found.append(each)
        known.append(changed.files)
        value = each.log_says if each.middle is None else f"{show_ms(each.middle)} (by the lines {each.log_says})"
        yield from _read(files, changed, each.option, f"{each.option} {value} instead of {each.file_says}")
    if len(found) > 1:
        whole = material
        for each in found:
            whole = as_shown(whole, each) or whole
        names = " and ".join(dict.fromkeys(each.option for each in found))
        yield from _read(files, whole, TOGETHER, f"{names} as the lines show them")
    if any(each.option == "haresources" for each in differs):
        yield from _edited(files)


def variants(files: Files, differs: Sequence[Difference]) -> Iterator[Variant]:
    """All others: the other release, a line that somebody took out of haresources, and single options."""
    yield from _release(files)
    if not any(each.option == "haresources" for each in differs):
        yield from _edited(files)
    yield from _options(files, gather([files.folder]))


def _read(files: Files, material: Material, kind: str, text: str) -> Iterator[Variant]:
    with unpacked(material) as (paths, _):
        try:
            spec = read_spec(paths, files.spec.cluster.version, dict(files.overrides))
            subject = files.subject(spec)
        except HamodelError:
            return
    yield Variant(kind, text, subject)


def _release(files: Files) -> Iterator[Variant]:
    now = files.spec.cluster.version
    for other in Version:
        if other is not now:
            yield from _with(
                files, "release", f"heartbeat {other.value} instead of {now.value}", other, files.overrides
            )


def _edited(files: Files) -> Iterator[Variant]:
    """A line of haresources that was taken out of one node's file at some moment while heartbeat ran."""
    text = "haresources was edited while heartbeat ran"
    for one in _with(files, "edit", text, files.spec.cluster.version, {**files.overrides, "faults.edit": 1}):
        yield replace(one, anytime=tuple(("edit", node) for node in one.subject.nodes))


def _with(files: Files, kind: str, text: str, version: Version, overrides: Mapping[str, object]) -> Iterator[Variant]:
    try:
        spec = read_spec([files.folder], version, dict(overrides))
        subject = files.subject(spec)
    except HamodelError:
        return
    yield Variant(kind, text, subject)


def _options(files: Files, material: Material) -> Iterator[Variant]:
    nothing: Callable[[object, object], None] = lambda _, __: None  # noqa: E731
    bench = Bench(files.spec, material, files.overrides, prober_of(load(), Limits(), nothing), material)
    every = changes(bench)
    for change in every:
        if change.key in TIMES and change.key != "keepalive":
            for value in _values(change.now):
                text = f"{change.key} {show_ms(value)} instead of {show_ms(change.now)}"
                yield from _changed(files, bench, change, value, text)
    for change in every:
        if not change.values and change.key not in HARDWARE:
            yield from _changed(files, bench, change, change.now, f"{change.says(change.now)}, not {change.was}")


def _values(now: int) -> list[int]:
    """Other values of a time, the nearest first.

    >>> _values(10000)[:4]
    [12000, 8000, 14000, 7000]
    """
    found = dict.fromkeys(_rounded(now * step) for step in STEPS)
    return sorted((v for v in found if v != now and v > 0), key=lambda v: (round(distance(now, v), 1), -v))


def _rounded(ms: float) -> int:
    return round(ms / 1000) * 1000 if ms >= 5000 else round(ms / 100) * 100


def _changed(files: Files, bench: Bench, change: Change, value: int, text: str) -> Iterator[Variant]:
    yield from _read(files, edited(bench.material, change.edits(value)), change.key, text)
