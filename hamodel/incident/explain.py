"""From the lines of the logs, and the configuration where there is one, to the explanation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hamodel.config.cluster import Cluster
from hamodel.incident.absent import mentioned, perhaps
from hamodel.incident.cause import cause
from hamodel.incident.diary import Incident, diaries
from hamodel.incident.differs import differs
from hamodel.incident.doubts import contradictions
from hamodel.incident.facts import Book
from hamodel.incident.faults import found
from hamodel.incident.gaps import gaps
from hamodel.incident.infer import inferred
from hamodel.incident.owners import owned
from hamodel.incident.report import Clock, Counts, Explanation, Inferred
from hamodel.incident.story import story
from hamodel.incident.took import took
from hamodel.incident.unsafe import overlaps, unsafe_from
from hamodel.incident.unseen import unseen
from hamodel.logs.reading import Line


def book_of(lines: Iterable[Line]) -> Book:
    """The facts of the lines, as they are drawn."""
    book = Book()
    for line in lines:
        book.add(line)
    return book


def explain(
    book: Book, counts: Counts, cluster: Cluster | None = None, sources: Sequence[str] = (), notes: Sequence[str] = ()
) -> Explanation:
    """All that follows from the lines themselves."""
    incident = diaries(book, counts, _deadtime(cluster))
    if incident.deadtime is None:
        incident = diaries(book, counts, _patience(inferred(incident)))
    incident = replace(incident, keepalive=_keepalive(cluster))
    shown = inferred(incident)
    spans = owned(incident)
    spans = (*spans, *perhaps(incident, spans))
    both = overlaps(incident, spans)
    none = gaps(incident, spans) if not mentioned(incident) else ()
    faults = found(incident, spans)
    why = cause(incident, spans, both, none, faults)
    contradicted = differs(cluster, shown) if cluster is not None else ()
    return Explanation(
        nodes=incident.nodes,
        clock=incident.clocks.reference,
        begin=incident.begin,
        end=incident.end,
        lines=counts,
        clocks=_clocks(incident),
        unrelated=_unrelated(incident),
        steps=tuple(step for node in incident.nodes for step in incident.clocks.steps[node]),
        silences=incident.clocks.silences,
        owned=spans,
        overlaps=both,
        gaps=none,
        unsafe_from=unsafe_from(both),
        faults=faults,
        cause=why[0] if why else None,
        advice=why[1] if why else (),
        inferred=shown,
        differs=contradicted,
        contradictions=contradictions(incident),
        unseen=unseen(incident, spans),
        story=story(incident, faults, both),
        notes=(*notes, *_notes(incident, contradicted), *_one_path(incident, shown)),
        sources=tuple(sources),
        took=took(incident, faults),
    )


def _deadtime(cluster: Cluster | None) -> int | None:
    """The longest dead time of the files: what a node is given before it counts as dead."""
    if cluster is None or not cluster.per_node:
        return None
    return max(config.deadtime.value for config in cluster.per_node.values())


def _keepalive(cluster: Cluster | None) -> int | None:
    """The longest time between two heartbeats, by the files."""
    if cluster is None or not cluster.per_node:
        return None
    return max(config.keepalive.value for config in cluster.per_node.values())


def _patience(shown: Sequence[Inferred]) -> int | None:
    """The greatest dead time that the lines allow, if they bound it."""
    return max((each.hi for each in shown if each.option == "deadtime" and each.hi is not None), default=None)


def _clocks(incident: Incident) -> tuple[Clock, ...]:
    return tuple(
        piece
        for node in incident.clocks.pieces
        if node != incident.clocks.reference
        for piece in incident.clocks.told(node)
    )


def _unrelated(incident: Incident) -> tuple[str, ...]:
    """The nodes whose clock no message relates to the reference's."""
    joined = incident.clocks
    return tuple(node for node in incident.nodes if joined.slack(node) is None and not joined.hiding(node))


def _one_path(incident: Incident, shown: Sequence[Inferred]) -> list[str]:
    """Whether a death, after which every medium is named, named only one."""
    links = {each.value for each in shown if each.option == "heard over"}
    if len(links) != 1 or not any(True for diary in incident.diaries.values() for _ in diary.of("hb-node-dead")):
        return []
    return [f"Heartbeats were only ever heard over {links.pop()}: that one medium is enough for a split brain."]


def _notes(incident: Incident, contradicted: Sequence[object]) -> list[str]:
    notes = []
    if contradicted:
        notes.append(
            "The lines contradict the files: another configuration was running. What is said about the cluster from "
            "these files does not hold for it."
        )
    late = [fact for diary in incident.diaries.values() for fact in diary.of("hb-late-heartbeat")]
    longest = max((fact.number("interval_ms") for fact in late), default=0)
    if longest:
        lo, hi = longest * 1.5 / 1000, longest * 2 / 1000
        notes.append(
            f"The longest gap that was no death is {longest / 1000:g} s: deadtime should be {lo:.1f} to {hi:.1f} s, "
            "and warntime two keepalives."
        )
    odd = incident.clocks.unexplained
    if odd:
        notes.append(f"{len(odd)} pairs of lines do not fit the clocks' difference, the first: {odd[0]}.")
    lost = _unrelated(incident)
    if lost and len(incident.nodes) > 1:
        names = " and ".join(lost)
        notes.append(f"No line relates the clock of {names} to that of {incident.clocks.reference}: taken as equal.")
    for diary in incident.diaries.values():
        if any(True for _ in diary.of("ipfail-ns-dead")):
            notes.append(f'ipfail on {diary.node} says "We are dead": it sees no ping node, and no more than that.')
    return notes
