"""What is known of one property so far, and what each answer adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hamodel.checking.evidence import Certified, certified, confirm
from hamodel.checking.faultsets import used_by
from hamodel.checking.looking import wanted
from hamodel.checking.reading import Reading
from hamodel.errors import EnginesDisagree
from hamodel.ir.observe import Memory, switch_of, unobserved
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.report import FaultSet
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome, Range, Verdict
from hamodel.properties.bind import Bound

UNDECIDED = "no run was found that breaks it, and it is not excluded for"


@dataclass(slots=True)
class Standing:
    """What is known of one property so far."""

    bound: Bound
    outcome: Outcome | None = None
    states: int = 0
    seconds: float = 0.0
    witnessed: bool = False
    perhaps: bool = False
    """Its situation was seen where zones are put together, which may be more than is reached."""
    hulls: tuple[str, ...] = ()
    """The runs that were searched by hulls: enough to exclude a violation, not to time anything."""
    exhausted: int | None = None
    """The largest number of faults for which everything was explored."""
    reason: str = ""
    sets: dict[FaultSet, int] = field(default_factory=dict)
    """The smallest sets of faults that break it, that of the evidence first; each with one time from fault to end."""
    evidence: Certified | None = None
    start: State | None = None
    system: System | None = None
    measured: Range | None = None
    details: tuple[tuple[str, str], ...] = ()
    """What the engine has said besides: assumptions, and how the answer was computed."""
    by: str = ""
    """The engine that answered, where the searcher asks several."""
    scope: str = ""
    """For what it holds, where that is more than these delays."""
    proof: tuple[str, ...] = ()
    """An invariant that excludes every violation, line by line."""

    @property
    def open(self) -> bool:
        return self.outcome is None

    @property
    def is_promise(self) -> bool:
        """Whether it is about what comes after a state, not about the state."""
        return self.bound.kind is PropertyKind.LEADS_TO

    def decide(self, outcome: Outcome, reason: str = "") -> None:
        self.outcome, self.reason = outcome, reason

    @property
    def excluded(self) -> str:
        """The beginning of a sentence: for how many faults it is known."""
        return "" if self.exhausted is None else f"excluded for up to {many(self.exhausted)}; "

    def how_far(self, faults: int, classes: int, why: str = "") -> str:
        """How far a search with so many faults came that had to end."""
        counted = f"{classes:,}".replace(",", " ")
        ended = f"{self.excluded}with {many(faults)} the search ended after {counted} classes"
        return f"{ended}: {why}" if why else ended

    def take_reading(
        self, faults: int, system: System, start: State | None, props: Sequence[Property], reading: Reading
    ) -> None:
        """What was read off an exploration with so many faults decides the claim, or leaves it open."""
        self.states, self.seconds = max(self.states, reading.classes), self.seconds + reading.seconds
        for prop in props:
            sets = reading.sets.get(prop.name)
            if sets:
                holds = prop.kind is PropertyKind.SOMETIMES
                self.decide(Outcome.HOLDS if holds else Outcome.VIOLATED)
                shown = {f: certified(system, names, start, wanted(prop)) for f, names in sets.items()}
                self.sets = {f: _since_fault(each.trace, system) for f, each in shown.items()}
                self.evidence = next(iter(shown.values()))
                self.system, self.start = system, start
            elif prop.name in reading.witnessed:
                self.witnessed = True
            self.perhaps |= prop.name in reading.perhaps
        if self.open and not reading.complete:
            self.decide(Outcome.BOUNDED, self.how_far(faults, reading.classes, reading.stopped))
        elif self.open and any(prop.name in reading.doubtful for prop in props):
            self.decide(Outcome.BOUNDED, f"{self.excluded}with {many(faults)} {UNDECIDED} {', '.join(reading.hulls)}")
        elif self.open:
            self.hulls = tuple(dict.fromkeys((*self.hulls, *reading.hulls)))

    def take(self, faults: int, system: System, start: State | None, prop: Property, verdict: Verdict) -> None:
        """What an engine says of one claim with so many faults."""
        self.details = tuple(dict.fromkeys((*self.details, *verdict.details)))
        match verdict.outcome:
            case Outcome.VIOLATED:
                if verdict.trace is None:
                    raise EnginesDisagree(
                        f"the engine says that {prop.name} is violated and shows no run",
                        help="please report this, with the configuration",
                    )
                promise = prop.kind is PropertyKind.LEADS_TO
                plain = unobserved(system) if promise else system
                if promise:
                    evidence = confirm(plain, verdict.trace, start, prop)
                else:
                    evidence = certified(plain, verdict.trace.names(), start, wanted(prop))
                self.decide(Outcome.VIOLATED, verdict.reason)
                self.sets = {used_by(system, verdict.trace.names()): _since_fault(verdict.trace, system)}
                self.evidence = evidence
                self.system, self.start = plain, start
            case Outcome.HOLDS:
                self.witnessed = True
            case Outcome.BOUNDED:
                self.decide(Outcome.BOUNDED, self.how_far(faults, verdict.states))
                if "interrupt" in verdict.reason.lower():
                    raise KeyboardInterrupt
            case Outcome.UNKNOWN:
                self.decide(Outcome.UNKNOWN, verdict.reason)
            case Outcome.VACUOUS:
                pass


def _since_fault(trace: Trace, system: System) -> int:
    """The time from the first fault or command of a trace to its end."""
    paid = [step.at for step in trace.steps if system.actions[system.action_index[step.action]].fault]
    last = trace.steps[-1].at if trace.steps else 0
    return (last or 0) - (paid[0] or 0) if paid else (last or 0)


def scope_of(verdict: Verdict) -> str:
    """For which delays a claim holds, and who said so where several were asked."""
    if verdict.outcome is not Outcome.HOLDS:
        return ""
    told = dict(verdict.details)
    who = f"by {told['answered by']}" if "answered by" in told else ""
    agreed = f"{who}, as {told['agreed']}" if "agreed" in told else who
    return ", ".join(part for part in (verdict.reason, agreed) if part)


def remembering(system: System, standings: Sequence[Standing]) -> System:
    """The system with the memories of these properties switched on."""
    switches = {switch_of(m.switch or m.name): 1 for s in standings for m in s.bound.memories if isinstance(m, Memory)}
    return system.with_settings(**switches) if switches else system


def many(faults: int) -> str:
    return f"{faults} fault" if faults == 1 else f"{faults} faults"
