"""Many configurations are checked side by side; one that is broken stops none of the others.

What did not change since an earlier check is answered by that check (`checking.verdicts`). The rest goes to the workers
as text, so that it makes no difference on which machine they are; secrets stay at home (`checking.material`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamodel.checking.material import Material, unpacked, without_secrets
from hamodel.checking.question import Question
from hamodel.checking.verdicts import Verdicts, source
from hamodel.checking.workers import Crew, Lost, work
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import EngineLimit, HamodelError, NoWorkers
from hamodel.ir.answers import REFUSED, Checked, Said, at_home, moved, said_of
from hamodel.ir.report import Report

Finish = Callable[[Report], Report]
"""What is done with a report at home: it is compared with the spec, its evidence is written."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One cluster as it was read; without a spec `said` has the refusal."""

    path: str
    home: str
    spec: Spec | None
    material: Material
    overrides: Mapping[str, object]
    question: Question
    finish: Finish
    said: tuple[Said, ...] = ()

    def checked(self, report: Report | None, said: Sequence[Said] = (), *, interrupted: bool = False) -> Checked:
        """What came of it."""
        return Checked(self.path, self.home, report, (*self.said, *said), interrupted)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A configuration and a question, complete, for somebody who has this program and nothing else."""

    material: Material
    heartbeat: str
    overrides: Mapping[str, object]
    question: Question
    folders: Mapping[str, str]
    source: str


Reply = Report | tuple[Said, ...]
"""The report, or why there is none."""


def answered(
    configurations: Sequence[Configuration], crew: Crew, verdicts: Verdicts | None
) -> Iterator[tuple[int, Checked]]:
    """What came of each configuration, with its number; what is known already comes first.

    After an interrupt those that are still open are told as interrupted.
    """
    waiting: list[int] = []
    for number, each in enumerate(configurations):
        if each.spec is None:
            yield number, each.checked(None)
            continue
        homes = each.material.homes
        known = verdicts.recall(each.spec, each.question, homes) if verdicts is not None else None
        if known is None:
            waiting.append(number)
        else:
            yield number, each.checked(each.finish(known))
    parcels = [packed(configurations[number], crew, len(waiting)) for number in waiting]
    still = set(waiting)
    try:
        for index, reply in work(crew, opened, parcels) if parcels else ():
            each = configurations[waiting[index]]
            still.discard(waiting[index])
            yield waiting[index], _received(each, reply, verdicts)
    except KeyboardInterrupt:
        for number in sorted(still):
            yield number, configurations[number].checked(None, interrupted=True)


def _received(each: Configuration, reply: Reply | Lost, verdicts: Verdicts | None) -> Checked:
    if isinstance(reply, Lost):
        return each.checked(None, [Said(EngineLimit.code, REFUSED, f"no verdict: {reply.reason}")])
    if isinstance(reply, tuple):
        return each.checked(None, [moved(said, each.material.homes) for said in reply])
    found = at_home(reply, each.material.homes)
    if verdicts is not None and each.spec is not None:
        verdicts.keep(each.spec, each.question, found, each.material.homes)
    return each.checked(each.finish(found))


def packed(each: Configuration, crew: Crew, beside: int) -> Parcel:
    """A configuration for a worker, who shares this machine with `beside` others, or has one of its own."""
    limits = each.question.limits
    share = max(1, min(crew.jobs, beside))
    if crew.remote:
        limits = replace(limits, jobs=1, memory=limits.memory if each.question.own_memory else None)
    else:
        memory = None if limits.memory is None else limits.memory // share
        limits = replace(limits, jobs=max(1, crew.jobs // share), memory=memory)
    assert each.spec is not None
    return Parcel(
        without_secrets(each.material),
        each.spec.cluster.version.value,
        each.overrides,
        replace(each.question, limits=limits, folders=()),
        {name: text for name, text in each.question.texts().items() if not name.startswith("0/")},
        source(),
    )


_ALONE = threading.Lock()
"""A worker of a cluster may have several threads, and the solver knows only one."""


def opened(parcel: Parcel) -> Reply:
    """The answer to what is in a parcel. Nothing is raised: whatever goes wrong is said of this configuration alone."""
    if parcel.source != source():
        return (Said(NoWorkers.code, REFUSED, "a worker runs another hamodel than the one that asks"),)
    with _ALONE:
        try:
            return _asked(parcel)
        except HamodelError as error:
            return said_of(error)
        except MemoryError:
            return (Said(EngineLimit.code, REFUSED, "there is not enough memory"),)
        except Exception as error:
            return (Said(HamodelError.code, REFUSED, f"{type(error).__name__}: {error}", help="please report this"),)


def _asked(parcel: Parcel) -> Reply:
    folders = {name.split("/")[0] for name in parcel.folders}
    extra = Material(tuple(sorted(folders)), parcel.folders, {})
    with unpacked(parcel.material) as (paths, root), unpacked(extra) as (places, _):
        names = {f"{root / name}": name for name in parcel.material.files}
        try:
            spec = read_spec(paths, Version(parcel.heartbeat), parcel.overrides)
            report = replace(parcel.question, folders=tuple(places)).ask(spec)
        except HamodelError as error:
            return tuple(moved(said, names) for said in said_of(error))
        return at_home(report, names)


def home_of(material: Material, paths: Sequence[Path]) -> str:
    """The file of which something is said that has no line: the first ha.cf, else what was given."""
    found = [home for name, home in material.homes.items() if name.split("/")[-1] == "ha.cf"]
    return found[0] if found else str(paths[0] if paths else Path())
