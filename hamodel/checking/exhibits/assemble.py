"""From files, or from a kept trace, to everything that a page about a violation shows."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hamodel.checking.again import again, definition_of
from hamodel.checking.bench import Bench
from hamodel.checking.case import Case
from hamodel.checking.examine import version
from hamodel.checking.exhibits.causes import beside, learn
from hamodel.checking.exhibits.follow import Followed, follow, paying, seen
from hamodel.checking.exhibits.game import MOST, game
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.plot import plot
from hamodel.checking.exhibits.scenes import strip
from hamodel.checking.exhibits.stake import stake
from hamodel.checking.faultsets import used_by
from hamodel.checking.material import unpacked
from hamodel.checking.of_spec import case_of
from hamodel.checking.probe import Prober
from hamodel.checking.search import Progress
from hamodel.checking.why import Asking
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import HamodelError
from hamodel.ir.exhibit import Contrast, Exhibit, Exhibition, Game, Lesson, Option
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import ConfigLine, FaultSet, Report, Result, faults_in_words
from hamodel.ir.verdict import Outcome, Range
from hamodel.properties.loader import select
from hamodel.properties.words import Definition

LEFT_OUT = "it was not asked for"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much goes into a page."""

    causes: bool = True
    positions: int = MOST
    """Classes of the game; 0: no game."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken claim and the run that breaks it."""

    name: str
    doc: str
    kind: PropertyKind
    faults: FaultSet
    names: tuple[str, ...]
    times: tuple[int | None, ...]
    loop: int | None
    certified: tuple[str, ...]
    rests_on: tuple[ConfigLine, ...] = ()
    """Without any, those of the run that is gone through here."""
    length: Range | None = None


def broken_in(report: Report, case: Case) -> tuple[Broken, ...]:
    """The broken claims of a report that have a run to show, the worst first.

    What ends with a disk on both nodes comes first, then an address on both, then what one state shows before what is
    only late, few faults before many, long before short.
    """
    found = [r for r in report.results if r.outcome is Outcome.VIOLATED and r.trace is not None]
    return tuple(_broken(r) for r in sorted(found, key=partial(_badness, case)))


def _badness(case: Case, result: Result) -> tuple[object, ...]:
    length = result.ways[0].length if result.ways else None
    longest = 0 if length is None else 10**12 if length.hi is None else length.hi
    faults = sum(number for _, number in result.faults_used)
    resources = case.layout.resources
    disks = _twice(case, result, [r.index for r in resources if r.exclusive])
    addresses = _twice(case, result, [r.index for r in resources if r.address])
    return (-disks, -addresses, result.kind is not PropertyKind.ALWAYS, faults, -longest, result.name)


def _twice(case: Case, result: Result, resources: Sequence[int]) -> int:
    """How many of these run on both nodes where the run ends."""
    assert result.trace is not None
    state, index = result.trace.last(), case.system.variable_index
    return sum(all(state.variables[index[f"up[{n},{s}]"]] for n in (0, 1)) for s in resources)


def _broken(result: Result) -> Broken:
    assert result.trace is not None
    return Broken(
        result.name, result.doc, result.kind, result.faults_used, result.trace.names(),
        tuple(s.at for s in result.trace.steps), result.trace.loop, result.certified, result.rests_on,
        result.ways[0].length if result.ways else None,
    )  # fmt: skip


def kept_one(file: Path, folders: Sequence[Path], definitions: Sequence[Definition], prober: Prober) -> tuple[
    Bench, Broken
]:  # fmt: skip
    """A kept trace, replayed and confirmed anew, with a bench of its own files. Raises CannotReplay."""
    found = again(file, folders)
    kept = found.kept
    definition = definition_of(kept, definitions) or select(definitions, [kept.property.split("[")[0]])[0]
    before = Path.cwd()
    with unpacked(kept.material) as (paths, root):
        os.chdir(root)
        try:
            inside = [path.relative_to(root) for path in paths]
            spec = read_spec(inside, Version(kept.heartbeat), kept.overrides)
        finally:
            os.chdir(before)
    spec = replace(spec, start_from=kept.start)
    bench = Bench(spec, kept.material, {**kept.overrides, "start_from": kept.start}, prober, kept.material)
    case = bench.case(spec)
    times = tuple(step.at for step in found.certified.trace.steps)
    names = [n for n in kept.names if n in case.system.action_index]
    one = Broken(
        definition.name, definition.doc, definition.kind, used_by(case.system, names), kept.names, times, kept.loop,
        found.certified.by,
    )  # fmt: skip
    return bench, one


def exhibition(
    bench: Bench,
    definitions: Sequence[Definition],
    shown: Sequence[Broken],
    progress: Progress,
    wanted: Wanted | None = None,
) -> Exhibition:
    """All of these on one page."""
    wanted = wanted or Wanted()
    exhibits = tuple(_exhibit(bench, definitions, one, progress, wanted) for one in shown)
    spec = bench.spec
    return Exhibition(spec.title or spec.name, spec.cluster.version.value, version(), lessons(bench), exhibits)


def _exhibit(
    bench: Bench, definitions: Sequence[Definition], one: Broken, progress: Progress, wanted: Wanted
) -> Exhibit:
    progress(f"{one.name}: the run", 0)
    spec = _of_the_run(bench.spec, one)
    case = case_of(spec)
    sight = seen(case, definitions, one.name)
    followed = follow(sight, paying(sight.system, one.names), one.names, one.times, one.loop)
    followed = replace(followed, certified=one.certified)
    eye = Eye(case, spec)
    run = strip(eye, followed)
    own = next(d for d in definitions if d.name == one.name)
    played, no_game = _game(eye, own, one, progress, wanted)
    quiz, contrast, why_not = _causes(bench, definitions, followed, one, progress, wanted)
    rests_on = one.rests_on or case.rests_on(followed.system, followed.trace)
    return Exhibit(
        one.name, one.doc, faults_in_words(one.faults), _length(one.length), tuple(_place(line) for line in rests_on),
        run, contrast, "" if contrast else why_not, played, no_game, quiz, "" if quiz else why_not,
        plot(bench.spec, definitions, one.name, one.names, one.times),
    )  # fmt: skip


def _of_the_run(spec: Spec, one: Broken) -> Spec:
    """The spec without its plot, so that a claim can be seen to break before the plot is over.

    A deadline that passed counts from the plot. The plot itself is told beside the run (see `plot`).
    """
    return spec if any(name.startswith("late[") for name in one.names) else replace(spec, through=())


def _game(eye: Eye, definition: Definition, one: Broken, progress: Progress, wanted: Wanted) -> tuple[Game | None, str]:
    if not wanted.positions:
        return None, LEFT_OUT
    progress(f"{one.name}: what could still be done", 0)
    found = game(eye, stake(eye.case, definition, one.names), one.names, wanted.positions)
    return found, "" if found else "nothing befalls the cluster in this run"


def _causes(
    bench: Bench, definitions: Sequence[Definition], followed: Followed, one: Broken, progress: Progress, wanted: Wanted
) -> tuple[tuple[Option, ...], Contrast | None, str]:
    """The quiz, the safe run, and why there is none."""
    if not wanted.causes:
        return (), None, LEFT_OUT
    asking = Asking(bench, bench.case(bench.spec), one.name, one.kind, progress)
    try:
        quiz, runs = learn(asking, one.faults)
    except HamodelError as error:
        if error.code.startswith("HA9"):
            raise
        return (), None, error.message
    except StopIteration:
        return (), None, "with these faults alone it is not broken"
    for run in runs:
        contrast = beside(run, definitions, one.name, followed)
        if contrast is not None:
            return quiz, contrast, ""
    return quiz, None, "no single change that was tried makes the same faults harmless"


def lessons(bench: Bench) -> tuple[Lesson, ...]:
    """Title and story of the spec, in every language it has."""
    spec = bench.spec
    found = [Lesson("en", spec.title, spec.story)] if spec.title or spec.story else []
    text = bench.material.files.get(bench.spec_file, "")
    try:
        other = tomllib.loads(text.replace("\r\n", "\n")).get("zh", {})
    except tomllib.TOMLDecodeError:
        other = {}
    if isinstance(other, Mapping) and (other.get("title") or other.get("story")):
        found.append(Lesson("zh", str(other.get("title", "")), str(other.get("story", "")).strip()))
    return tuple(found)


def _place(line: ConfigLine) -> str:
    return f"{Path(line.file).name}:{line.line}  {line.text}" if line.line else f"{line.file}  {line.text}"


def _length(length: Range | None) -> str:
    if length is None:
        return ""
    return "for ever" if length.hi is None else f"{length.hi / 1000:.3f}".rstrip("0").rstrip(".") + " s at most"
