"""Episode after episode: each begins where the run that writes the one before it has come to rest.

Where none does, or the one before has no run, an episode begins in any state of rest that its own lines allow; the
chain is broken there, and said to be. A run that is not at rest when its episode ends goes on into the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.fits.episodes import Episode, joined
from hamodel.checking.fits.fit import fit
from hamodel.checking.fits.piece import Around, Offsets, midway
from hamodel.checking.fits.result import Fit
from hamodel.checking.fits.subject import Subject
from hamodel.checking.search import Clock
from hamodel.errors import OutOfRange
from hamodel.incident.report import Fault
from hamodel.ir.state import State
from hamodel.ir.verdict import Limits

Starts = tuple[State | None, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One episode and its answer. `follows`: it begins where the one before it ended, or is the first."""

    episode: Episode
    found: Fit
    around: Around
    follows: bool = True


def chain(
    subject: Subject,
    parts: Sequence[Episode],
    offsets: Offsets,
    logged: Collection[str],
    limits: Limits,
    faults: Sequence[Fault] = (),
) -> Iterator[Link]:
    """The answer for every episode, as soon as it is known; each gets its share of the time that is left.

    `faults` are those that an explanation has found in the whole log.
    """
    clock = Clock.start(limits)
    whole = Around(logged=frozenset(logged), faults=tuple(faults))
    starts: Starts | None = None
    place = 0
    while place < len(parts):
        episode, first, place = parts[place], place == 0, place + 1
        here = replace(whole, starts=starts)
        link = _link(subject, episode, offsets, here, first, _share(clock, parts, place))
        while link.found.fits and place < len(parts) and not rests(subject, link.found):
            longer = joined(link.episode, parts[place])
            if longer.marks > subject.listener.room:
                break
            place += 1
            link = _link(subject, longer, offsets, here, first, _share(clock, parts, place))
        yield link
        starts = rests(subject, link.found) or None


def rests(subject: Subject, found: Fit) -> Starts:
    """The states of rest in which the runs that were found end."""
    return tuple(state for state in found.ends if state.quiescent(subject.system))


def _share(clock: Clock, parts: Sequence[Episode], place: int) -> Limits:
    """Of the time that is left, as much as this episode has of the landmarks that are left; none has less than its
    part."""
    rest = clock.rest()
    if rest.seconds is None:
        return rest
    own = parts[place - 1].marks / max(1, sum(part.marks for part in parts[place - 1 :]))
    return replace(rest, seconds=rest.seconds * max(own, 1 / (len(parts) - place + 1)))


def _link(subject: Subject, episode: Episode, offsets: Offsets, around: Around, first: bool, limits: Limits) -> Link:
    """The answer from where the cluster is known to be, and else from wherever the lines let it be."""
    clock = Clock.start(limits)
    around = replace(around, quiet=episode.quiet)
    if around.starts is not None or first:
        found = _asked(subject, episode, offsets, around, limits)
        if found.fits is not False or around.starts is None:
            return Link(episode, found, around)
        again = replace(around, starts=midway(subject, episode.lines))
        other = _asked(subject, episode, offsets, again, clock.rest())
        return Link(episode, other, again, follows=False) if other.fits else Link(episode, found, around)
    anywhere = replace(around, starts=midway(subject, episode.lines))
    return Link(episode, _asked(subject, episode, offsets, anywhere, limits), anywhere, follows=False)


def _asked(subject: Subject, episode: Episode, offsets: Offsets, around: Around, limits: Limits) -> Fit:
    if episode.marks > subject.listener.room:
        long = f"{episode.marks} landmark lines without a silence between them, and there is room for "
        return Fit(None, 0, episode.marks, reason=f"{long}{subject.listener.room}")
    try:
        return fit(subject, episode.lines, offsets, limits=limits, around=around)
    except OutOfRange as long:
        return Fit(None, 0, episode.marks, reason=long.message)
