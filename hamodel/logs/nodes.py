"""Which node wrote a source whose lines do not say: 2.0.8 writes no host into its own files.

Asked in this order: the host in the other lines of the source; what its lines say of the node that writes them, and of
nodes that cannot be it; the same processes in a file that does name its host; the other files of the folder; the
folder's name. What remains open remains empty.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from hamodel.logs.sources import Source
from hamodel.logs.survey import Survey

_MOST = 2
"""A host with more than this share of the lines of a source (one in two) is the source's own."""


def attribute(found: Sequence[tuple[Source, Survey]]) -> list[str]:
    """The node of the lines without a host of every source, in order."""
    names = [_by_its_lines(survey) for _, survey in found]
    known = _known(found, names)
    for place, (_, survey) in enumerate(found):
        if not names[place]:
            names[place] = _by_processes(survey, found) or _by_elimination(survey, known)
    beside = _beside(found, names)
    children = _children(found)
    for place, (source, _) in enumerate(found):
        if not names[place]:
            folder = PurePath(source.folder).name
            if len(beside[source.folder]) == 1:
                names[place] = next(iter(beside[source.folder]))
            elif folder in known or len(children[str(PurePath(source.folder).parent)]) > 1:
                names[place] = folder
    return names


def aliases(found: Sequence[tuple[Source, Survey]], names: Sequence[str]) -> Mapping[str, str]:
    """Short host names and the full names that mean the same node: syslog often cuts what `uname -n` says."""
    known = _known(found, names)
    same: dict[str, str] = {}
    for name in known:
        longer = [other for other in known if other != name and other.split(".")[0].lower() == name.lower()]
        if len(longer) == 1 and "." not in name:
            same[name] = longer[0]
    return same


def _by_its_lines(survey: Survey) -> str:
    if survey.hosts:
        host, count = survey.hosts.most_common(1)[0]
        return host if count * _MOST > survey.hosts.total() else ""
    told = [name for name in survey.local or survey.mentioned if name not in survey.peers]
    return told[0] if len(told) == 1 and (survey.local or survey.peers) else ""


def _by_processes(survey: Survey, found: Sequence[tuple[Source, Survey]]) -> str:
    votes: Counter[str] = Counter()
    for _, other in found:
        for process in survey.processes.keys() & other.processes.keys():
            if other.processes[process]:
                votes[other.processes[process]] += 1
    return votes.most_common(1)[0][0] if votes and survey.hosts.total() == 0 else ""


def _by_elimination(survey: Survey, known: Sequence[str]) -> str:
    """Of two nodes, the one that is not the peer."""
    left = [name for name in known if name not in survey.peers and name not in survey.pinged]
    return left[0] if survey.peers and len(left) == 1 and not survey.hosts else ""


def _known(found: Sequence[tuple[Source, Survey]], names: Sequence[str]) -> list[str]:
    """Every name of a node that anything tells, without those that only answer pings."""
    pinged = {name for _, survey in found for name in survey.pinged}
    told: dict[str, None] = dict.fromkeys(name for name in names if name)
    for _, survey in found:
        for names_of in (survey.hosts, survey.local, survey.peers, survey.mentioned):
            told |= dict.fromkeys(names_of)
    return [name for name in told if name and name not in pinged]


def _beside(found: Sequence[tuple[Source, Survey]], names: Sequence[str]) -> dict[str, set[str]]:
    beside: dict[str, set[str]] = defaultdict(set)
    for (source, _), name in zip(found, names, strict=True):
        if name:
            beside[source.folder].add(name)
    return beside


def _children(found: Sequence[tuple[Source, Survey]]) -> dict[str, set[str]]:
    """The folders with logs of every folder that holds some."""
    children: dict[str, set[str]] = defaultdict(set)
    for source, _ in found:
        folder = PurePath(source.folder)
        children[str(folder.parent)].add(folder.name)
    return children
