"""Long logs in episodes: a log of weeks is a few busy minutes, and between them a cluster at rest.

A log is cut where nothing that counts was said for so long that whatever the cluster had begun is over. Where it was
busy for longer than one search can hold, it is cut at its longest silences too; whether the cluster was at rest there
is for the search to find out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

from hamodel.checking.fits.lines import Lines, is_landmark, is_order
from hamodel.checking.fits.piece import Offsets
from hamodel.checking.fits.result import LogLine
from hamodel.checking.fits.subject import Subject

SETTLED = 30_000
"""ms for which a cluster is silent, beyond its longest patience, before it is taken to be at rest."""
PATIENCE = ("initdead[0]", "initdead[1]", "deadtime[0]", "deadtime[1]", "deadping[0]", "deadping[1]", "boot_hi")
"""Options that say how long a cluster may be silent and about to do something."""
SHORTEST = 3_000
"""A log is not cut at silences of fewer ms."""
QUIETEST = 600_000
"""Of a silence so many ms count at most."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A part of a log: its lines by node, and its first and last moment by the clock of the first node, in ms.

    After it nothing that counts was said for `quiet` ms; `marks` of its lines are landmarks.
    """

    lines: Mapping[str, tuple[LogLine, ...]]
    first: int
    last: int
    marks: int
    quiet: int = 0

    @property
    def ends(self) -> tuple[LogLine, LogLine]:
        """Its first line and its last one."""
        each = [line for own in self.lines.values() for line in own]
        order = sorted(each, key=lambda line: (line.entry.when, line.source, line.number))
        return order[0], order[-1]


@dataclass(frozen=True, slots=True)
class _Item:
    at: int
    line: LogLine
    mark: bool
    order: bool


def calm(subject: Subject) -> int:
    """After so many ms of silence the cluster is taken to be at rest."""
    return SETTLED + max(subject.system.setting_value.get(name, 0) for name in PATIENCE)


def episodes(subject: Subject, lines: Lines, offsets: Offsets, most: int) -> list[Episode]:
    """The episodes of a log in their order, with at most `most` landmarks where that can be."""
    items = sorted(
        (
            _Item(moment(line, offsets), line, is_landmark(subject, line), is_order(line))
            for own in lines.values()
            for line in own
        ),
        key=lambda item: item.at,
    )
    parts = _cut(items, calm(subject))
    parts = [small for part in parts for small in _smaller(part, most)]
    following = [next(i.at for i in part if i.mark or i.order) for part in parts[1:]]
    return [_episode(part, after) for part, after in zip_longest(parts, following)]


def joined(one: Episode, two: Episode) -> Episode:
    """Two that follow each other as one."""
    nodes = dict.fromkeys([*one.lines, *two.lines])
    lines = {node: (*one.lines.get(node, ()), *two.lines.get(node, ())) for node in nodes}
    return Episode(lines, one.first, two.last, one.marks + two.marks, two.quiet)


def moment(line: LogLine, offsets: Offsets) -> int:
    """When a line was written, in ms since the epoch by the clock of the first node."""
    return _ms(line.entry.when) - sum(offsets.get(line.node, (0, 0))) // 2


def _ms(when: datetime) -> int:
    return round(when.replace(tzinfo=UTC).timestamp() * 1000)


def _cut(items: Sequence[_Item], silence: int) -> list[list[_Item]]:
    """Parts between which no landmark and no command stands for so long; a part without any is none."""
    parts: list[list[_Item]] = []
    last: int | None = None
    for item in items:
        counts = item.mark or item.order
        if last is None or (counts and item.at - last > silence):
            parts.append([])
            last = item.at
        parts[-1].append(item)
        last = item.at if counts else last
    return [part for part in parts if any(i.mark for i in part)]


def _smaller(part: Sequence[_Item], most: int) -> list[list[_Item]]:
    """Cut at the longest silences until no part has more landmarks than `most`, or no silence is long enough."""
    if sum(i.mark for i in part) <= most:
        return [list(part)]
    apart = [(part[i].at - part[i - 1].at, -i) for i in range(1, len(part))]
    longest, place = max(apart)
    if longest < SHORTEST:
        return [list(part)]
    return [small for side in (part[:-place], part[-place:]) for small in _smaller(side, most) if side]


def _episode(part: Sequence[_Item], after: int | None) -> Episode:
    lines: dict[str, list[LogLine]] = {}
    for item in part:
        lines.setdefault(item.line.node, []).append(item.line)
    last = max(i.at for i in part if i.mark or i.order)
    quiet = 0 if after is None else min((after - last) // 2, QUIETEST)
    ordered = {node: tuple(own) for node, own in lines.items()}
    return Episode(ordered, part[0].at, last, sum(i.mark for i in part), quiet)
