"""Engines side by side: the first certified answer counts, the others are stopped, and those that contradict are named.

Each engine is a process of its own. Two begin at once, the others join one by one, sooner where one has given up. What
`unknown` and `bounded` say is not an answer while somebody still searches. A trace is replayed here once more.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import ClassVar

from hamodel.engines.catalogue import CATALOGUE, ask
from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree, EngineUnavailable, HamodelError
from hamodel.ir import schedule
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome, Verdict

ORDER = ("classes", "explicit", "ic3", "bmc", "symbolic")
AT_ONCE, NEXT_AFTER = 2, 4.0
"""How many begin at once, and after how many seconds each further one joins."""
GRACE = 0.2
"""Who answers within so many seconds of the first is heard too."""
DECISIVE = {Outcome.HOLDS, Outcome.VIOLATED, Outcome.VACUOUS}
Progress = Callable[[str], None]


class Portfolio:
    """Several engines, one verdict."""

    name: ClassVar[str] = "portfolio"
    answers: ClassVar[frozenset[PropertyKind]] = frozenset(PropertyKind)

    def __init__(self, members: Sequence[str] = ORDER, *, grace: float = GRACE) -> None:
        self.members, self.grace = tuple(members), grace

    def check(
        self,
        system: System,
        prop: Property,
        limits: Limits | None = None,
        start: State | None = None,
        progress: Progress | None = None,
    ) -> Verdict:
        """The first certified verdict, with who gave it and who agreed in its details.

        Raises EnginesDisagree where two finished answers contradict each other, EngineUnavailable where no engine is
        there that answers such a property.
        """
        members = [m for m in self.members if prop.kind in CATALOGUE[m].answers and CATALOGUE[m].available]
        if not members:
            raise EngineUnavailable(f"no engine of {', '.join(self.members)} answers {prop.name} here")
        with _running(_Race(replace(system), prop, limits or Limits(), start, members, self.grace, progress)) as race:
            return race.verdict()


@contextmanager
def _running(race: _Race) -> Iterator[_Race]:
    try:
        yield race
    finally:
        race.stop()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that begin meanwhile do not hear Ctrl-C: it is for the one that started them, which stops them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class _Race:
    system: System
    prop: Property
    limits: Limits
    start: State | None
    waiting: list[str]
    grace: float
    progress: Progress | None
    running: dict[Connection, tuple[str, BaseProcess]] = field(default_factory=dict)
    answers: dict[str, Verdict] = field(default_factory=dict)
    """In the order in which they came."""
    failed: dict[str, HamodelError] = field(default_factory=dict)

    def verdict(self) -> Verdict:
        self.begin()
        for _ in range(AT_ONCE - 1):
            self.begin()
        joined = time.monotonic()
        while self.running:
            if self.progress is not None:
                self.progress(", ".join(name for name, _ in self.running.values()))
            came = self.listen(0.5)
            if self.decisive():
                self.listen_on()
                break
            late = time.monotonic() - joined > NEXT_AFTER
            if self.waiting and (late or (came and len(self.running) < AT_ONCE)):
                self.begin()
                joined = time.monotonic()
        return self.judged()

    def begin(self) -> None:
        """The next engine joins."""
        if not self.waiting:
            return
        name = self.waiting.pop(0)
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe(duplex=False)
        arguments = (there, name, self.system, self.prop, self.limits, self.start)
        process = context.Process(target=_member, args=arguments, daemon=True, name=f"hamodel {name}")
        with _deaf():
            process.start()
            self.running[here] = (name, process)
        there.close()

    def listen(self, seconds: float) -> bool:
        """Take what has come by then; whether somebody has ended."""
        ready = wait(list(self.running), seconds)
        for channel in ready:
            assert isinstance(channel, Connection)
            name, process = self.running.pop(channel)
            try:
                said = channel.recv()
            except EOFError:
                said = EngineLimit(f"the engine {name} ended without an answer")
            channel.close()
            process.join()
            if isinstance(said, Verdict):
                self.answers[name] = said
            else:
                self.failed[name] = said
        return bool(ready)

    def listen_on(self) -> None:
        end = time.monotonic() + self.grace
        while self.running and time.monotonic() < end:
            self.listen(max(0.0, end - time.monotonic()))

    def stop(self) -> None:
        """Nobody who is not heard any more goes on."""
        for channel, (_, process) in self.running.items():
            process.terminate()
            channel.close()
        for _, process in self.running.values():
            process.join(2)
            if process.is_alive():
                process.kill()
                process.join()
        self.running.clear()

    def decisive(self) -> dict[str, Verdict]:
        return {name: v for name, v in self.answers.items() if v.outcome in DECISIVE}

    def judged(self) -> Verdict:
        for error in self.failed.values():
            if isinstance(error, EnginesDisagree):
                raise error
        decisive = self.decisive()
        if {v.outcome is Outcome.VIOLATED for v in decisive.values()} == {True, False}:
            raise EnginesDisagree(
                f"engines contradict each other about {self.prop.name}",
                seen=[f"{name}: {v.outcome.value} {v.reason}".rstrip() for name, v in decisive.items()],
                help="trust neither, and please report this, with the configuration",
            )
        if not decisive:
            return self.undecided()
        vacuous = next((name for name, v in decisive.items() if v.outcome is Outcome.VACUOUS), None)
        winner = vacuous or next(iter(decisive))
        found = decisive[winner]
        self.replayed(winner, found)
        agreed = [name for name in decisive if name != winner]
        details = (("answered by", winner), *((("agreed", ", ".join(agreed)),) if agreed else ()))
        return replace(found, engine=_named(winner, agreed), details=(*details, *found.details))

    def replayed(self, name: str, found: Verdict) -> None:
        if found.trace is None:
            return
        times = [step.at for step in found.trace.steps if step.at is not None]
        names = found.trace.names()
        try:
            schedule.replay(self.system, names, times if len(times) == len(names) else None, self.start)
        except CannotReplay as error:
            raise EnginesDisagree(f"the run that {name} found cannot be replayed", seen=[error.message]) from error

    def undecided(self) -> Verdict:
        """The best of the answers that are none, with what each engine said."""
        if not self.answers:
            raise next(iter(self.failed.values()))
        name, found = next(iter(self.answers.items()))
        said = [f"{name}: {v.outcome.value}, {v.reason}" for name, v in self.answers.items()]
        said += [f"{name}: {error.message}" for name, error in self.failed.items()]
        return replace(found, engine=_named(name, []), reason="; ".join(said))


def _named(winner: str, agreed: Sequence[str]) -> str:
    return f"portfolio ({winner}{', as ' + ' and '.join(agreed) if agreed else ''})"


def _member(
    channel: Connection, name: str, system: System, prop: Property, limits: Limits, start: State | None
) -> None:
    """What an engine's process does: answer, or say why not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said: Verdict | HamodelError
    try:
        said = ask(name, system, prop, limits, start)
    except HamodelError as error:
        said = _plain(error)
    except MemoryError:
        said = EngineLimit(f"{name} ran out of memory")
    with suppress(BrokenPipeError):
        channel.send(said)
    channel.close()


def _plain(error: HamodelError) -> HamodelError:
    """The error in a form that can be sent to another process."""
    kind = type(error) if isinstance(error, EnginesDisagree | EngineUnavailable | EngineLimit) else HamodelError
    return kind(error.message, seen=[str(s) for s in error.seen], help=error.help)
