"""Runs that write a given log: a system that goes on only as long as what its nodes write is what was written.

A mark is a line of the log that the system can write. Marks belong to streams (what one process writes about one
thing), and only within a stream their order counts; each has a window, the times at which it may have been written.
A tape opens and closes the windows. A run that writes a mark which the log does not have there, or has not written one
when its window closes, goes astray: every variable is forgotten and nothing follows. So whatever is reached without
going astray is a run of the system itself, and all runs that write these marks at these times are left, but for those
in which a far timer ends: that takes an hour in which nothing else happens, and the tape turns.

Which lines are expected, and when, is data: one compiled system serves all logs of a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.errors import ModelError, OutOfRange
from hamodel.ir import fit_rules as rules
from hamodel.ir.compose import BUDGET
from hamodel.ir.expr import Const, Expr, Local, Option, Read
from hamodel.ir.fit_rules import BEFORE, BEGIN, DONE, DURING, STAGE, TICK, Command
from hamodel.ir.statement import Assign, Call, If, Log, Procedure, Statement, While
from hamodel.ir.system import Action, Kind, Setting, System, Timer, Variable

LENGTHS = (32, 128, 512)
"""Logs are padded to these numbers of marks."""
MOST_OF_A_STREAM = 250
VALUES = 8
"""A number that a rule writes into a mark is smaller."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line says, as far as it counts, and the stream it is in."""

    stream: str
    text: str
    lasting: bool = False
    """It says what is, and said again it says nothing new."""


@dataclass(frozen=True, slots=True)
class Told:
    """A mark that was written between `lo` and `hi` ms after the beginning."""

    mark: Mark
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Given:
    """A command may have been given once more between `lo` and `hi` ms after the beginning."""

    command: Command
    lo: int
    hi: int


Reads = Callable[[Log, Mapping[str, str]], tuple[Mark, ...]]
"""The marks of a log statement whose fields have these values."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A system that listens to what it writes, and the marks it can write."""

    system: System
    codes: Mapping[Mark, int]
    streams: tuple[str, ...]
    commands: tuple[Command, ...]
    counted: tuple[Command, ...]
    """Those of `commands` that are faults, and cost as much as faults do."""
    room: int

    def hearing(
        self,
        told: Sequence[Told],
        end: int,
        deaf: frozenset[str] = frozenset(),
        given: Sequence[Given] = (),
        lost: int = 0,
        at_once: bool = False,
        when: Sequence[tuple[int, int]] | None = None,
    ) -> System:
        """The system kept to these marks, in the order of each stream, until `end` ms.

        Of streams in `deaf` nothing is known; `given` says when operators may have done what; as many as `lost`
        marks may have been written that the log does not have. The log begins where the system does (`at_once`), after
        what is written there, or at any moment. Faults come only
        between such ms as `when` has, where it is given. Raises OutOfRange for more marks than there is room
        for, and ModelError for a mark that the system cannot write.
        """
        settings = {rules.MAY_LOSE: lost, rules.AT_ONCE: int(at_once)}
        first = 2 * len(self.streams) + 2
        codes = {command: first + 2 * i for i, command in enumerate(self.commands)}
        turns: list[Turn] = []
        for each in given:
            if each.command in codes:
                turns += _window(each.lo, each.hi, codes[each.command])
        place = 0
        faults = first + 2 * len(self.commands)
        for lo, hi in [(0, 0)] if when is None else when:
            turns += _window(lo, hi, faults)[: 1 if when is None else 2]
        for number, stream in enumerate(self.streams):
            own = _in_order(_news([t for t in told if t.mark.stream == stream]))
            settings |= {rules.heard_of(number): int(stream not in deaf), rules.base_of(number): place}
            if len(own) > MOST_OF_A_STREAM:
                raise OutOfRange(f"{len(own)} lines of one kind in one piece of a log: {stream}")
            for line in own:
                if line.mark not in self.codes:
                    raise ModelError(f"no rule writes `{line.mark.text}`")
                if place < self.room:
                    settings[rules.line_at(place)] = self.codes[line.mark]
                turns += _window(line.lo, line.hi, 2 * number + 1)
                place += 1
        if place > self.room:
            raise OutOfRange(f"{place} lines in one piece of a log", help=f"there is room for {self.room}")
        if len(turns) >= rules.turns_for(self.room):
            raise OutOfRange(f"{len(turns)} moments in one piece of a log", help="give a shorter piece of the log")
        over = max([end, *(at for at, _, _ in turns)])
        turns = [*sorted(turns), (over, LAST, 2 * len(self.streams) + 1)]
        before, phase = -1, 0
        for i in range(rules.turns_for(self.room)):
            at, now, code = turns[i] if i < len(turns) else (before, phase, 0)
            apart = at > before or (now != phase and now == LAST)
            settings |= {rules.wait_at(i): 1 + at - max(0, before) if apart else 0, rules.turn_at(i): code}
            before, phase = at, now
        return self.system.with_settings(**settings)

    def rank(self, price: int) -> tuple[dict[str, int], ...]:
        """How far a run has come, for a guided search: a fault must bring it `price` turns further to be worth it."""
        written = {rules.written_of(i): 1 for i in range(len(self.streams))}
        used = {rules.used_of(c): -price for c in self.counted}
        budget = {BUDGET: price} if BUDGET in self.system.variable_index else {}
        return ({rules.HIGH: rules.WRAP, rules.LOW: 1, **budget, **used}, written, budget)

    def sweep(self) -> tuple[tuple[dict[str, int], ...], tuple[str, ...]]:
        """For a search that goes through time and follows some runs at each turn: the rank, and what is counted apart,
        which is how many faults came."""
        turns = {rules.HIGH: -rules.WRAP, rules.LOW: -1}
        written = {rules.written_of(i): 1 for i in range(len(self.streams))}
        budget = (BUDGET,) if BUDGET in self.system.variable_index else ()
        return (turns, written), (*budget, *(rules.used_of(c) for c in self.counted))

    def place(self, stream: str) -> str:
        """The variable that counts the marks of a stream that were written."""
        return rules.written_of(self.streams.index(stream))


Turn = tuple[int, int, int]
"""When, in which order at one moment, and what. What closes then closes last, and events may come before that."""
LAST = 2


def _window(lo: int, hi: int, code: int) -> tuple[Turn, Turn]:
    """The opening and the closing of a window; the code of what opens is followed by that of what closes it."""
    return (max(0, lo), 1, code), (max(0, hi), 0 if hi < max(0, lo) else LAST, code + 1)


def _news(told: Sequence[Told]) -> list[Told]:
    """Without what is said again."""
    return [t for i, t in enumerate(told) if not (i and t.mark.lasting and t.mark == told[i - 1].mark)]


def _in_order(told: Sequence[Told]) -> list[Told]:
    """Windows of one stream that open and close in the order of its marks: nothing else can be met."""
    opened: list[Told] = []
    for each in told:
        lo = max(each.lo, opened[-1].lo) if opened else each.lo
        opened.append(replace(each, lo=lo))
    closed: list[Told] = []
    for each in reversed(opened):
        hi = min(each.hi, closed[-1].hi) if closed else each.hi
        closed.append(replace(each, hi=hi))
    return closed[::-1]


def listening(system: System, reads: Reads, room: int = LENGTHS[0], counted: frozenset[str] = frozenset()) -> Listener:
    """`system` with an ear for the marks that `reads` finds in what its rules write.

    Commands of operators, and faults of the kinds `counted`, are not paid from the budget: the log says how often they
    came.
    """
    ear = _Ear(reads)
    procedures = {name: replace(p, body=ear.body(p.body)) for name, p in system.procedures.items()}
    streams = tuple(ear.streams)
    asked = [a for a in system.actions if a.fault and (a.kind is Kind.OPERATOR or a.fault in counted)]
    commands = tuple(sorted({rules.command_of(a) for a in asked}))
    faults = tuple(c for c in commands if c[0] in counted)
    places = (
        Variable(rules.HIGH, hi=rules.turns_for(LENGTHS[-1]) // rules.WRAP, owner="log"),
        Variable(rules.LOW, hi=rules.WRAP, owner="log"),
        *(Variable(word(s), hi=MOST_OF_A_STREAM, owner="log") for s in range(len(streams)) for word in rules.WORDS),
        Variable(rules.LOST, hi=255, owner="log"),
        Variable(rules.FAULTS, hi=255, owner="log"),
        *(Variable(rules.left_of(command), hi=255, owner="log") for command in commands),
        *(Variable(rules.used_of(command), hi=255, owner="log") for command in faults),
    )
    own = (
        Procedure("log.begins", (), (Assign(STAGE, Const(DURING)), *rules.waits(Const(0)))),
        Procedure("log.first", (), (Call(system.initial), If(Option(rules.AT_ONCE), (Call("log.begins"),)))),
        Procedure("log.turns", (), rules.goes_on(len(streams), commands)),
        Procedure(
            "log.turn", ("at",), rules.table(Local("at"), [rules.turn_at(i) for i in range(rules.turns_for(room))])
        ),
        Procedure(
            "log.wait", ("at",), rules.table(Local("at"), [rules.wait_at(i) for i in range(rules.turns_for(room))])
        ),
        Procedure("log.line", ("at",), rules.table(Local("at"), [rules.line_at(i) for i in range(room)])),
        Procedure("log.forgets", (), rules.forgets(system, places)),
        *(Procedure(f"log.hears[{s}]", ("code", "lasting"), rules.hears(s)) for s in range(len(streams))),
    )
    listens = replace(
        system,
        name=f"{system.name} (with its log)",
        variables=(
            *system.variables,
            Variable(STAGE, hi=DONE, owner="log"),
            *places,
        ),
        timers=(*system.timers, Timer(TICK, "log")),
        settings=(
            *system.settings,
            *(Setting(rules.wait_at(i), 0) for i in range(rules.turns_for(room))),
            *(Setting(rules.turn_at(i), 0, "") for i in range(rules.turns_for(room))),
            *(Setting(rules.line_at(i), 0, "") for i in range(room)),
            *(Setting(word(s), 0, "") for s in range(len(streams)) for word in (rules.heard_of, rules.base_of)),
            Setting(rules.MAY_LOSE, 0, ""),
            Setting(rules.AT_ONCE, 0, ""),
        ),
        procedures={
            **procedures,
            **{
                rules.unpaid(a): Procedure(rules.unpaid(a), (), rules.gives(a, rules.command_of(a) in faults))
                for a in asked
            },
            **{p.name: p for p in own},
            "log.after": Procedure("log.after", (), rules.after_each(system)),
        },
        actions=(
            *(rules.only_during(rules.as_told(a) if a in asked else a, a in asked) for a in system.actions),
            Action(BEGIN, Kind.REPAIR, "log.begins", guard=rules.is_(Read(STAGE), BEFORE)),
            Action(TICK, Kind.TIMER, "log.turns", TICK),
        ),
        initial="log.first",
        after="log.after",
        enabled=frozenset(a.name for a in system.actions if system.may_happen(a)) | {BEGIN},
    )
    return Listener(listens, dict(ear.codes), streams, commands, faults, room)


class _Ear:
    """Finds the marks of every log statement, and numbers them and their streams."""

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self.codes: dict[Mark, int] = {}
        self.streams: dict[str, int] = {}

    def body(self, block: Sequence[Statement]) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for statement in block:
            match statement:
                case If(test, then, otherwise):
                    found.append(If(test, self.body(then), self.body(otherwise)))
                case While(test, body):
                    found.append(While(test, self.body(body)))
                case Log():
                    found += [statement, *self.hears(statement, statement.fields, {})]
                case _:
                    found.append(statement)
        return tuple(found)

    def hears(
        self, log: Log, fields: Sequence[tuple[str, str | Expr]], known: Mapping[str, str]
    ) -> tuple[Statement, ...]:
        """What is heard of a statement whose first fields are known; a number decides only where it is in the mark."""
        if not fields:
            return tuple(self.call(mark) for mark in self.reads(log, known))
        (name, value), rest = fields[0], fields[1:]
        if isinstance(value, str):
            return self.hears(log, rest, {**known, name: value})
        if isinstance(value, Const):
            return self.hears(log, rest, {**known, name: str(value.value)})
        each = [self.hears(log, rest, {**known, name: str(number)}) for number in range(VALUES)]
        if all(one == each[0] for one in each):
            return each[0]
        return tuple(If(rules.is_(value, number), one) for number, one in enumerate(each) if one)

    def call(self, mark: Mark) -> Call:
        code = self.codes.setdefault(mark, len(self.codes) + 1)
        stream = self.streams.setdefault(mark.stream, len(self.streams))
        return Call(f"log.hears[{stream}]", (Const(code), Const(int(mark.lasting))))
