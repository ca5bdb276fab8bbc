"""One question asked of all runs: in one go where that is enough, else slice by slice (see `checking.slices`).

Slices are searched with merged zones (see `engines._lower.merged`), only one for each worker is in memory, and what is
too large is divided once more. What does not end even so is searched by hulls, which hold more than is reached (see
`engines._lower.hulls`): what breaks a claim there counts if a run to it is found, and leaves the claim undecided if
not. The answers are put together in the order of the slices: neither the number of workers nor their pace changes
anything but the time, unless a limit is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from hamodel.checking.faultsets import breakers
from hamodel.checking.reading import Breakers, Read, Reading, add, timing
from hamodel.checking.search import Found, Searcher, is_interrupted
from hamodel.checking.side_by_side import SideBySide
from hamodel.checking.slices import Slice, actions_of, slices_of
from hamodel.errors import HamodelError
from hamodel.ir.state import State
from hamodel.ir.system import Measure, System
from hamodel.ir.verdict import Limits

UNDIVIDED = 250_000
"""Classes up to which a search is done in one go, as if there were no slices."""
UNSPLIT = 2_000_000
"""Classes up to which a slice of kinds is not divided into slices of actions."""
APART = 5_000_000
"""Classes up to which a slice of actions is searched exactly, and by hulls then, with as many as the limits allow."""
FEW_TRACES = 50
"""Of this many violating states of a search that is merged and not divided the traces are read."""

Last = Callable[[Slice, Reading, Limits], Reading]
"""What is done with a slice that was not explored to its end: it, and what is known of it."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of all runs of a system: what is read off them, and the durations that are measured."""

    system: System
    read: Read
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Division:
    """Who searches, with how many workers, and when to stop."""

    searcher: Searcher
    side: SideBySide
    limits: Callable[[], Limits]
    endless: frozenset[str] = frozenset()
    """Slices that an earlier question did not come to the end of: this one tries less hard."""
    split: frozenset[str] = frozenset()
    """Slices of kinds that were too large for it: this one divides them at once."""
    exact: bool = False
    """Search by hulls nothing: they time nothing."""

    def read(self, query: Query, start: State | None, divided: Query | None = None) -> Reading:
        """What is read off all runs: in one go where that is enough, else off one slice after the other.

        A divided search asks `divided`, which may ask more, so that the slices need not be searched again for it: and
        only it measures.
        """
        limits, system = self.limits(), query.system
        most = min(limits.classes, UNDIVIDED)
        found = self._explore(system, start, "inclusion", replace(limits, classes=most))
        if found.complete or found.classes < most or most == limits.classes or is_interrupted(found):
            return self._read(system, found, partial(breakers, system, found), query.read)
        del found
        query = divided or query
        system, read = query.system, timing(query.read, query.measures)
        if query.measures:
            system = system.with_settings(**{m.switch: 1 for m in query.measures})
        slices = list(slices_of(system, start))
        if slices:
            return self._divided(slices, read, query.measures)
        found = self._explore(system, start, "merged", self.limits())
        reading = self._read(system, found, partial(breakers, system, found, most=FEW_TRACES), read)
        return replace(reading, divided=True)

    def _divided(self, slices: Sequence[Slice], read: Read, measures: Sequence[Measure]) -> Reading:
        """The answers of the slices together; of those that were finished, where somebody pressed Ctrl-C."""
        whole = Reading(divided=True)
        again = [part for slice in slices if slice.text in self.split for part in actions_of(slice)]
        try:
            for slice, reading in self._all([s for s in slices if s.text not in self.split], read):
                if reading is None:
                    whole.split.append(slice.text)
                    again += actions_of(slice)
                else:
                    add(whole, reading, slice.text)
            for slice, reading in self._all(again, read, partial(self._by_hulls, read=read, measures=measures)):
                assert reading is not None
                add(whole, reading, slice.text)
        except KeyboardInterrupt:
            whole.complete, whole.stopped = False, "interrupted"
        return whole

    def _all(
        self, slices: Sequence[Slice], read: Read, last: Last | None = None
    ) -> Iterator[tuple[Slice, Reading | None]]:
        """The slices with their answers, in order; None for one that is still to be divided.

        `last`: they are not divided any more, and it answers where the exact search does not end.
        """
        done: dict[int, Reading | None] = {}

        def ask(number: int) -> None:
            slice, limits = slices[number], self.limits()
            memory = None if limits.memory is None else limits.memory // max(1, min(self.side.jobs, len(slices)))
            most = min(UNSPLIT, limits.classes)
            if last is not None and slice.text not in self.endless:
                most = limits.classes if self.exact else max(most, min(APART, limits.classes))
            self.side.progress(slice.text, 0)
            found = self._explore(slice.system, slice.start, "merged", replace(limits, classes=most, memory=memory))
            if is_interrupted(found):
                done[number] = self._read(slice.system, found, partial(slice.fewest, found), read)
                raise KeyboardInterrupt
            if last is None and not found.complete and found.classes >= most:
                done[number] = None
                return
            done[number] = first = self._read(slice.system, found, partial(slice.fewest, found), read)
            del found
            if last is not None and not first.complete and most < limits.classes and not self.exact:
                done[number] = last(slice, first, replace(limits, memory=memory))

        try:
            self.side.map(ask, range(len(slices)))
        except KeyboardInterrupt:
            yield from ((slices[number], done[number]) for number in sorted(done))
            raise
        yield from ((slices[number], done[number]) for number in sorted(done))

    def _by_hulls(
        self, slice: Slice, first: Reading, limits: Limits, *, read: Read, measures: Sequence[Measure]
    ) -> Reading:
        """What a slice says that was not explored to its end, and by hulls is; as it was where it is not either.

        Nothing is timed: a stopwatch would keep zones apart that are one without it, and its hulls say little.
        """
        untimed = slice.system.with_settings(**{m.switch: 0 for m in measures})
        try:
            limits = replace(limits, seconds=self.limits().seconds)
            found = self._explore(untimed, slice.start, "hulls", limits)
            if is_interrupted(found):
                raise KeyboardInterrupt
            if not found.complete:
                return first
            whole = self._read(slice.system, found, partial(slice.fewest, found), read)
        except HamodelError:
            return first
        whole.seconds += first.seconds
        whole.sets = {**whole.sets, **first.sets}
        whole.doubtful -= first.sets.keys()
        whole.witnessed |= first.witnessed
        whole.perhaps -= first.witnessed
        whole.took, whole.timed = {}, not measures
        if found.sure is not None:
            whole.hulls = [slice.text]
        return whole

    def _explore(self, system: System, start: State | None, mode: str, limits: Limits) -> Found:
        return self.searcher.explore(system, start, mode, limits, self.side.progress)

    def _read(self, system: System, found: Found, shown: Breakers, read: Read) -> Reading:
        reading = read(system, found, shown)
        reading.classes, reading.seconds = found.classes, found.seconds
        reading.complete, reading.stopped = found.complete, found.stopped
        return reading
