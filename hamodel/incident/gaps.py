"""When nobody had a resource that had been there: only where the lines that would tell of an owner are not left out."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND
from hamodel.incident.lives import Ending
from hamodel.incident.report import Gap, Owned

LEAST = 2 * SECOND
"""ms below which a gap may be the clock's resolution."""
MISSING = 60_000
"""ms after a takeover within which its scripts must have begun, if their lines are in the log at all."""


def gaps(incident: Incident, owned: Sequence[Owned]) -> tuple[Gap, ...]:
    """All of them, resource by resource."""
    found = []
    for name in incident.resources:
        spans = sorted((span for span in owned if span.resource == name), key=lambda span: span.begin)
        slack = max((incident.slack(span.node) or 0 for span in spans), default=0)
        covered: int | None = None
        for span in spans:
            if covered is not None and span.begin - slack - covered > LEAST and _complete(incident, name, covered):
                found.append(Gap(name, covered, span.begin))
            if span.end is None:
                covered = None
                break
            covered = max(covered or span.end, span.end)
        if covered is None or not _complete(incident, name, covered):
            continue
        if any(_serving(diary) for diary in incident.diaries.values()):
            found.append(Gap(name, covered, None))
    return tuple(found)


def _complete(incident: Incident, name: str, begin: int) -> bool:
    """Whether no node took resources when the gap began without a line of this one's script."""
    for diary in incident.diaries.values():
        for fact in diary.of("hbr-standby-acquire"):
            if abs(fact.at - begin) > MISSING // 2:
                continue
            if not any(run.resource.name == name and abs(run.begin - fact.at) <= MISSING for run in diary.runs):
                return False
    return True


def _serving(diary: Diary) -> bool:
    """Whether a daemon is there at the end that could have taken a resource."""
    return bool(diary.lives) and diary.lives[-1].ending is Ending.OPEN
