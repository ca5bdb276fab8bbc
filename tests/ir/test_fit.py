"""Systems that listen: the runs that are left are exactly those that write the log, by another way of counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

import pytest

from hamodel.engines.classes import ClassesEngine
from hamodel.errors import ModelError, OutOfRange
from hamodel.ir.constraints import Constraint, Run, closure
from hamodel.ir.expr import Read
from hamodel.ir.fit import Given, Listener, Mark, Told, listening
from hamodel.ir.fit_rules import DONE, STAGE, TICK
from hamodel.ir.schedule import earliest, replay
from hamodel.ir.statement import Log, Procedure
from hamodel.ir.system import Kind, System
from tests.conformance.random_systems import FAR, random_system
from tests.ir.test_script import _lamp

ENGINE = ClassesEngine(pure=True)
LONGEST = 9
"""Events of a run that is counted by hand."""
MOST = 4_000


def _reads(log: Log, fields: Mapping[str, str]) -> tuple[Mark, ...]:
    return (Mark("s" if log.key == "text" else log.key, fields.get("n", "")),)


def _speaking_lamp() -> System:
    lamp = _lamp()
    said = {name: Log(0, name) for name in ("lights", "goes_out")}
    procedures = {
        name: replace(p, body=(*p.body, said[name])) if name in said else p for name, p in lamp.procedures.items()
    }
    return replace(lamp, procedures=procedures)


def _fits(listener: Listener, told: Sequence[Told], end: int, **more: object) -> bool:
    listens = listener.hearing(told, end, at_once=True, **more)  # type: ignore[arg-type]
    guided = ENGINE.guided(listens, None, listener.rank(2), (STAGE, DONE))
    index = guided.next_end()
    whole = ENGINE.explore(listens)
    assert bool(whole.where(Read(STAGE)).any()) or not told
    assert (index is not None) == bool((whole.states[:, whole.layout.variables[STAGE]] == DONE).any())
    return index is not None


LIGHTS, DARK = Mark("lights", ""), Mark("goes_out", "")


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ([], True),
        ([Told(LIGHTS, 150, 160), Told(DARK, 1150, 1160)], True),
        ([Told(LIGHTS, 150, 160), Told(DARK, 1161, 1200)], False),
        ([Told(LIGHTS, 0, 99)], False),
        ([Told(LIGHTS, 0, 100), Told(DARK, 1100, 1100)], True),
        ([Told(LIGHTS, 500, 500), Told(DARK, 1499, 1499)], False),
        ([Told(DARK, 1150, 1160)], False),
        ([Told(LIGHTS, 1700, 1900)], True),
    ],
)
def test_the_lamp_writes_what_it_can_and_when_it_can(told: list[Told], fits: bool) -> None:
    assert _fits(listening(_speaking_lamp(), _reads), told, 2000) == fits


def test_a_lost_line_is_made_up_for_and_only_as_often_as_allowed() -> None:
    listener = listening(_speaking_lamp(), _reads)
    told = [Told(DARK, 1150, 1160), Told(DARK, 3150, 3160)]

    assert [_fits(listener, told, 3500, lost=n) for n in (0, 1, 2)] == [False, False, True]


def test_of_a_deaf_stream_everything_is_allowed() -> None:
    listener = listening(_speaking_lamp(), _reads)

    assert _fits(listener, [Told(DARK, 1150, 1160)], 2000, deaf=frozenset({"lights"}))


def test_what_lasts_is_said_once_however_often_it_is_written() -> None:
    lasting = Mark("lights", "", True)

    def reads(log: Log, fields: Mapping[str, str]) -> tuple[Mark, ...]:
        return (lasting,) if log.key == "lights" else ()

    listener = listening(_speaking_lamp(), reads)

    assert _fits(listener, [Told(lasting, 100, 300), Told(lasting, 9, 9)], 5000)
    assert not _fits(listening(_speaking_lamp(), _reads), [Told(LIGHTS, 100, 300), Told(LIGHTS, 9, 9)], 5000)


def test_a_command_comes_only_when_it_may_have_been_given() -> None:
    lamp = _speaking_lamp()
    commanded = replace(lamp, actions=(replace(lamp.actions[0], kind=Kind.OPERATOR, fault="press"), *lamp.actions[1:]))
    listener = listening(commanded, _reads)
    command = listener.commands[0]
    told = [Told(LIGHTS, 500, 600)]

    assert not _fits(listener, told, 1000)
    assert _fits(listener, told, 1000, given=[Given(command, 300, 350)])
    assert not _fits(listener, told, 1000, given=[Given(command, 100, 199)])
    assert not _fits(listener, told, 1000, given=[Given(command, 501, 600)])


def test_what_nobody_writes_and_what_is_too_long_is_refused() -> None:
    listener = listening(_speaking_lamp(), _reads)

    with pytest.raises(ModelError, match="no rule writes"):
        listener.hearing([Told(Mark("lights", "twice"), 0, 9)], 9)
    with pytest.raises(OutOfRange):
        listener.hearing([Told(LIGHTS, 0, 9)] * 33, 9)


# ---- counted by hand -------------------------------------------------------------------------------------------------


def _silent_names(system: System) -> System:
    """Random systems speak seldom: every end of a timer says what x is."""
    said = Log(0, "text", (("n", Read("x")),))
    procedures = {
        name: Procedure(name, p.params, (*p.body, said)) if name.startswith("on_") else p
        for name, p in system.procedures.items()
    }
    return replace(system, procedures=procedures)


def _marks(run: Run) -> list[tuple[int, str]]:
    """The events that write, and what."""
    lines = [(number, line) for number, effect in enumerate(run.effects, 1) for line in effect.logs]
    return [(number, dict(line.fields)["n"]) for number, line in lines]


def _by_hand(system: System, told: Sequence[Told], end: int) -> bool | None:
    """Whether some run of at most LONGEST events writes this; None where longer ones would have to be looked at."""
    looked, cut = 0, False
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        names = waiting.pop()
        looked += 1
        if looked > MOST:
            return None
        run = Run.begin(system)
        for name in names:
            run.step(name)
        marks = _marks(run)
        if [text for _, text in marks] != [t.mark.text for t in told[: len(marks)]]:
            continue
        size = len(names)
        limits = list(run.constraints)
        for (number, _), each in zip(marks, told, strict=False):
            limits += [Constraint(number, 0, each.hi, ""), Constraint(0, number, -each.lo, "")]
        limits.append(Constraint(size, 0, end, ""))
        if closure(size, limits) is None:
            continue
        if len(marks) == len(told):
            over = size + 1
            last = [*limits, Constraint(size, over, 0, ""), Constraint(over, 0, end, ""), Constraint(0, over, -end, "")]
            for timer, clock in run.clocks.items():
                if not system.timers[system.timer_index[timer]].far:
                    last += [Constraint(over, event, hi, "") for event, hi in clock.deadlines]
            if closure(over, last) is not None:
                return True
        if size < LONGEST:
            waiting += [(*names, a.name) for a in system.actions if a.name != FAR and run.allows(a.name)]
        else:
            cut = True
    return None if cut else False


def _own_log(system: System, chance: Random) -> tuple[list[Told], int]:
    """What a random run writes, each line known to a millisecond or so."""
    run = Run.begin(system)
    for _ in range(chance.randint(2, 5)):
        ready = [a.name for a in system.actions if a.name != FAR and run.allows(a.name)]
        chance.shuffle(ready)
        for name in ready:
            longer = Run.begin(system)
            for each in (*run.names, name):
                longer.step(each)
            if closure(len(longer.names), longer.constraints) is not None:
                run = longer
                break
    times = earliest(run)
    told = [
        Told(Mark("s", text), times[n] - chance.randint(0, 1), min(times[-1], times[n] + chance.randint(0, 1)))
        for n, text in _marks(run)
    ]
    return told, times[-1]


def _variants(told: list[Told], chance: Random) -> Iterator[list[Told]]:
    yield told
    if told:
        place = chance.randrange(len(told))
        yield told[:place] + told[place + 1 :]
        yield [replace(t, lo=t.lo + 2, hi=t.hi + 2) if i == place else t for i, t in enumerate(told)]
        yield [
            replace(t, mark=Mark("s", str((int(t.mark.text) + 1) % 3))) if i == place else t for i, t in enumerate(told)
        ]
    if len(told) > 1:
        yield [replace(told[0], mark=told[1].mark), replace(told[1], mark=told[0].mark), *told[2:]]


def _reads_x(log: Log, fields: Mapping[str, str]) -> tuple[Mark, ...]:
    return (Mark("s", fields["n"]),) if fields["n"] in ("0", "1", "2") else ()


def test_random_systems_write_exactly_what_is_counted_by_hand() -> None:
    answers: list[bool] = []
    for seed in range(30):
        system, chance = _silent_names(random_system(seed)), Random(seed)
        listener = listening(system, _reads_x)
        told, end = _own_log(system, chance)
        for variant in _variants(told, chance):
            if any(t.mark not in listener.codes for t in variant):
                continue
            last = max([end, *(t.hi for t in variant)])
            expected = _by_hand(system, variant, last)
            if expected is None:
                continue
            assert _fits(listener, variant, last) == expected, (seed, variant, last)
            answers.append(expected)

    assert answers.count(True) > 20
    assert answers.count(False) > 20


def test_a_run_fits_its_own_log_and_is_a_run_without_it() -> None:
    for seed in range(25):
        system, chance = _silent_names(random_system(seed)), Random(seed)
        listener = listening(system, _reads_x)
        told, end = _own_log(system, chance)
        guided = ENGINE.guided(listener.hearing(told, end, at_once=True), None, listener.rank(2), (STAGE, DONE))
        index = guided.next_end()
        assert index is not None, seed
        names = guided.result().names_to(index)
        trace = replay(system, [name for name in names if name != TICK])
        said = [dict(line.fields)["n"] for step in trace.steps for line in step.logs]
        assert said == [t.mark.text for t in told], seed
