"""The untimed abstraction can do all that the timed system can, and says where it stops looking."""

from __future__ import annotations

import pytest

from hamodel.engines.reference import Reference
from hamodel.ir.expr import TRUE, Binary, Op, Read
from hamodel.ir.semantics import fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.statement import Assign, Cancel, Hasten, Push, Start, Statement
from hamodel.ir.system import System
from hamodel.ir.untimed import LIMIT, untimed
from hamodel.ir.verdict import Limits
from tests.conformance import toys
from tests.conformance.random_systems import random_system
from tests.conformance.toys import TOYS

SYSTEMS = [*TOYS.values(), *(random_system(seed) for seed in range(40))]


def without_time(system: System, state: State) -> State:
    """The state of the abstraction that stands for a state of the timed system."""
    values = list(state.variables)
    for queue, waiting in zip(system.queues, state.queues, strict=True):
        values += [len(waiting), *waiting, *(0 for _ in range(queue.capacity - len(waiting)))]
    values += [int(on) for timer, on in zip(system.timers, state.running, strict=True) if not timer.stopwatch]
    return State((*values, 0), (), ())


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_every_step_in_time_is_a_step_of_the_abstraction(system: System) -> None:
    found = Reference().explore(system, "inclusion", Limits(classes=400))
    plain = untimed(system)

    assert initial_state(plain)[0] == without_time(system, found.states[0])
    for source, target, action in zip(found.sources, found.targets, found.actions, strict=True):
        here = without_time(system, found.states[source])
        effect = fire(plain, here, plain.actions[plain.action_index[system.actions[action].name]])
        assert effect is not None
        assert effect.state == without_time(system, found.states[target])


def value(system: System, state: State, name: str) -> int:
    return state.value(system, name)


def test_a_running_timer_may_end_at_once_and_a_stopped_one_never() -> None:
    plain = untimed(toys.decided_race())
    (state, _, _), b = initial_state(plain), plain.actions[plain.action_index["b"]]

    effect = fire(plain, state, b)

    assert effect is not None
    assert value(plain, effect.state, "running[b]") == 0
    assert fire(plain, effect.state, b) is None


def test_a_hastened_timer_runs_and_a_cancelled_one_does_not() -> None:
    body: list[Statement] = [Hasten("a", Read("x")), Start("b", Read("x"), Read("x")), Cancel("b")]
    plain = untimed(toys.system("clocks", variables={"x": 1}, initial=body, ends={"a": [], "b": []}))

    state = initial_state(plain)[0]

    assert (value(plain, state, "running[a]"), value(plain, state, "running[b]")) == (1, 0)


@pytest.mark.parametrize(
    "body",
    [[Push("box", Read("x")), Push("box", Read("x"))], [Assign("x", Binary(Op.ADD, Read("x"), Read("x")))]],
    ids=["a full queue", "a value outside its domain"],
)
def test_beyond_a_limit_nothing_happens(body: list[Statement]) -> None:
    system = toys.system(
        "tight", variables={"x": 1}, initial=[toys.put("x", 1)], free={"go": (TRUE, body)}, queues={"box": 1}
    )
    plain = untimed(system)
    (go,) = plain.actions

    effect = fire(plain, initial_state(plain)[0], go)

    assert effect is not None
    assert value(plain, effect.state, LIMIT) == 1
    assert fire(plain, effect.state, go) is None
