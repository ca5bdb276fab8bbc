"""One question asked at many points: every combination of values, or enough of them to show each pair.

A point that Heartbeat refuses is an answer. Points whose files say the same are one question. What is finished stands
in the journal at once, and is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hamodel.checking.accepted import ways_of
from hamodel.checking.axes import all_of, changed
from hamodel.checking.covering import Values, covering
from hamodel.checking.fleet import Configuration, Parcel, opened, packed
from hamodel.checking.journal import Journal
from hamodel.checking.material import Material, unpacked
from hamodel.checking.question import Question
from hamodel.checking.verdicts import name_of
from hamodel.checking.workers import Crew, Lost, work
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import HamodelError
from hamodel.ir.answers import Said, said_of
from hamodel.ir.sweep import Axis, Point, Sweep, Told

Step = Callable[[str], None]
"""Told of each finished point."""


@dataclass(frozen=True, slots=True)
class Base:
    """The configuration that is varied."""

    material: Material
    overrides: Mapping[str, object]
    heartbeat: str | None
    question: Question


@dataclass(slots=True)
class Reader:
    """Reads points, each once."""

    base: Base
    axes: Sequence[Axis]
    read: dict[Values, Configuration] = field(default_factory=dict)

    def at(self, values: Values) -> Configuration:
        """The configuration at a point; without a spec it is refused."""
        if values not in self.read:
            self.read[values] = self._read(values)
        return self.read[values]

    def accepts(self, values: Values) -> bool:
        """Whether Heartbeat starts there."""
        return self.at(values).spec is not None

    def _read(self, values: Values) -> Configuration:
        base = self.base
        material, overrides = changed(base.material, dict(base.overrides), self.axes, values)
        spec: Spec | None = None
        said: tuple[Said, ...] = ()
        with unpacked(material) as (paths, _):
            try:
                spec = read_spec(paths, Version(base.heartbeat) if base.heartbeat else None, overrides)
            except HamodelError as error:
                said = said_of(error)
        question = base.question.about(spec) if spec is not None else base.question
        return Configuration(" ".join(values), "", spec, material, overrides, question, lambda report: report, said)


def swept(parcel: Parcel) -> tuple[Told, ...] | str:
    """The verdicts at one point, or why there are none."""
    reply = opened(parcel)
    if isinstance(reply, tuple):
        return "; ".join(f"{said.message} [{said.code}]" for said in reply)
    return tuple(Told(r.name, r.outcome, ways_of(r), r.reason, r.states) for r in reply.results)


def points_of(reader: Reader, strength: int | None) -> tuple[list[Values], int]:
    """The points to ask, and how many combinations no accepted point has."""
    if strength is None:
        return all_of(reader.axes), 0
    return covering(reader.axes, strength, reader.accepts)


def sweep(
    base: Base, axes: Sequence[Axis], strength: int | None, crew: Crew, journal: Journal, begin: Callable[[int], Step]
) -> Sweep:
    """All points with their answers; after an interrupt those that were finished."""
    reader = Reader(base, axes)
    values, never = points_of(reader, strength)
    step = begin(len(values))
    keys = {point: _key(reader.at(point)) for point in values}
    known = {key for key in keys.values() if key in journal.known}
    for point in values:
        if not keys[point] or keys[point] in known:
            step(" ".join(point))
    failed: dict[str, str] = {}
    first = {key: point for point, key in reversed(keys.items()) if key and key not in known}
    asked = sorted(first, key=lambda key: values.index(first[key]))
    parcels = [packed(reader.at(first[key]), crew, len(asked)) for key in asked]
    interrupted = False
    try:
        for number, reply in work(crew, swept, parcels) if parcels else ():
            if isinstance(reply, Lost):
                failed[asked[number]] = reply.reason
            elif isinstance(reply, str):
                failed[asked[number]] = reply
            else:
                journal.add(asked[number], reply)
            for point in values:
                if keys[point] == asked[number]:
                    step(" ".join(point))
    except KeyboardInterrupt:
        interrupted = True
    points = tuple(_point(reader.at(p), p, journal.known.get(keys[p], ()), failed.get(keys[p], "")) for p in values)
    names = base.question.names or tuple(dict.fromkeys(told.name for point in points for told in point.told))
    earlier = sum(1 for point in values if keys[point] in known)
    return Sweep(_name(reader, values), tuple(axes), names, points, strength, never, earlier, interrupted)


def _key(point: Configuration) -> str:
    return name_of(point.spec, point.question) if point.spec is not None else ""


def _point(read: Configuration, values: Values, told: tuple[Told, ...], failed: str) -> Point:
    if read.spec is None:
        return Point(values, refused=tuple((said.code, said.message) for said in read.said))
    return Point(values, told, failed=failed)


def _name(reader: Reader, values: Sequence[Values]) -> str:
    """What the cluster is called, where any point can be read."""
    specs = (reader.at(point).spec for point in values)
    return next((spec.title or spec.name for spec in specs if spec is not None), "")
