"""What a rule means, statement by statement."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hamodel.errors import EngineLimit, ModelError
from hamodel.ir.expr import And, Binary, Const, Expr, Local, Not, Op, Option, Or, Read, Running
from hamodel.ir.observe import Stopwatch, observe
from hamodel.ir.semantics import Effect, enabled, evaluate, fire, initial_state
from hamodel.ir.state import State
from hamodel.ir.statement import (
    Assign,
    Bind,
    Cancel,
    Clear,
    Hasten,
    If,
    Log,
    Procedure,
    Push,
    Return,
    Statement,
    Take,
    While,
)
from hamodel.ir.system import Setting, System
from hamodel.ir.trace import LogLine
from tests.conformance import toys
from tests.conformance.toys import add, eq, more, put, start, system, value


def after(*body: Statement, initial: tuple[Statement, ...] = ()) -> tuple[System, Effect]:
    """The effect of a body that runs when a timer `go` ends; `x` and `y` up to 9, timers t and u, a queue of 2."""
    made = system(
        "made",
        variables={"x": 9, "y": 9},
        initial=[start("go", 1, 1), *initial],
        ends={"go": body, "t": [], "u": []},
        queues={"box": 2},
    )
    state, _, _ = initial_state(made)
    effect = fire(made, state, made.actions[0])
    assert effect is not None
    return made, effect


def begin(made: System) -> State:
    return initial_state(made)[0]


def test_the_initial_procedure_sets_the_stage() -> None:
    state, started, logs = initial_state(toys.mailbox())

    assert (state.variables, state.queues, state.running) == ((0,), ((1, 2, 3),), (True,))
    assert (started, logs) == ({"mail": (0, 10)}, ())


def test_a_timer_that_ends_has_stopped_before_its_rule_runs() -> None:
    made, effect = after(Assign("x", Running("go")))

    assert effect.state.value(made, "x") == 0
    assert effect.state.timers(made) == ()


def test_a_timer_started_and_cancelled_in_one_step_is_nothing_at_all() -> None:
    made, effect = after(start("t", 1, 2), Cancel("t"))

    assert (effect.started, effect.state.timers(made)) == ({}, ())


def test_the_last_start_of_a_step_counts() -> None:
    _, effect = after(start("t", 1, 2), start("t", 3, 4), initial=(start("t", 9, 9),))

    assert effect.started == {"t": (3, 4)}


def test_started_and_hastened_in_one_step_has_the_lower_bound_on_its_end() -> None:
    made, effect = after(start("t", 0, 9), Hasten("t", Const(4)))

    assert (effect.started, effect.hastened) == ({"t": (0, 4)}, {})
    assert effect.state.timers(made) == ("t",)


def test_hastening_a_stopped_timer_starts_it() -> None:
    _, effect = after(Hasten("t", Const(4)))

    assert (effect.started, effect.hastened) == ({"t": (0, 4)}, {})


def test_hastening_twice_keeps_the_earlier_end() -> None:
    _, effect = after(Hasten("t", Const(4)), Hasten("t", Const(7)), initial=(start("t", 0, 9),))

    assert (effect.started, effect.hastened) == ({}, {"t": 4})


def test_a_start_after_a_hastening_forgets_it() -> None:
    _, effect = after(Hasten("t", Const(4)), start("t", 5, 6), initial=(start("t", 0, 9),))

    assert (effect.started, effect.hastened) == ({"t": (5, 6)}, {})


def test_a_started_timer_with_a_lower_bound_cannot_be_hastened_below_it() -> None:
    with pytest.raises(ModelError, match="no interval"):
        after(start("t", 5, 9), Hasten("t", Const(4)))


@pytest.mark.parametrize("bounds", [(3, 2), (-1, 2)])
def test_a_timer_needs_an_interval(bounds: tuple[int, int]) -> None:
    with pytest.raises(ModelError, match="no interval"):
        after(start("t", *bounds))


def test_a_value_outside_its_domain_is_an_error_of_the_model() -> None:
    with pytest.raises(ModelError, match=r"x = 10 is outside 0\.\.9"):
        after(put("x", 10))


def test_a_full_queue_is_never_a_silent_loss() -> None:
    with pytest.raises(EngineLimit, match="box is full"):
        after(*(Push("box", Const(1)) for _ in range(3)))


def test_an_overflow_names_what_was_too_small() -> None:
    made = toys.too_small()

    with pytest.raises(EngineLimit, match="the second child"):
        fire(made, begin(made), made.actions[0])


@pytest.mark.parametrize("message", [0, 256])
def test_messages_are_bytes_but_not_zero(message: int) -> None:
    with pytest.raises(ModelError, match=r"outside 1\.\.255"):
        after(Push("box", Const(message)))


def test_the_first_message_in_is_the_first_out() -> None:
    made, effect = after(Push("box", Const(7)), Push("box", Const(8)), Take("m", "box"), Assign("x", Local("m")))

    assert (effect.state.value(made, "x"), effect.state.queues) == (7, ((8,),))


def test_nothing_is_taken_from_an_empty_queue() -> None:
    made, effect = after(put("x", 3), Take("m", "box"), Assign("x", Local("m")))

    assert effect.state.value(made, "x") == 0


def test_a_cleared_queue_is_empty() -> None:
    _, effect = after(Push("box", Const(7)), Clear("box"))

    assert effect.state.queues == ((),)


def test_a_return_leaves_a_loop_and_its_procedure_but_not_the_caller() -> None:
    made = system(
        "returns",
        variables={"x": 9, "y": 9},
        initial=[Bind("r", value("inner")), Assign("y", Local("r"))],
        procedures=[Procedure("inner", (), (While(Const(1), (add("x", 1), If(eq("x", 3), (Return(Const(5)),)))),))],
    )

    assert begin(made).variables == (3, 5)


def test_a_loop_that_does_not_end_is_an_error_of_the_model() -> None:
    with pytest.raises(ModelError, match="does not end"):
        after(While(Const(1), ()))


def test_a_procedure_that_returns_nothing_is_worth_zero() -> None:
    made = system("none", variables={"x": 1}, initial=[], procedures=[Procedure("p", (), ())])

    assert evaluate(made, begin(made), value("p")) == 0


def test_a_local_name_belongs_to_its_procedure() -> None:
    body = (Bind("v", Const(1)), Assign("x", value("inner", Const(2))), Assign("y", Local("v")))
    inner = Procedure("inner", ("v",), (Bind("v", Binary(Op.ADD, Local("v"), Const(1))), Return(Local("v"))))
    made = system("scopes", variables={"x": 9, "y": 9}, initial=body, procedures=[inner])

    assert begin(made).variables == (3, 1)


def test_a_local_name_without_a_value_is_an_error_of_the_model() -> None:
    with pytest.raises(ModelError, match="has no value yet"):
        after(Assign("x", Local("v")))


def test_a_call_is_finished_before_its_caller_goes_on() -> None:
    made = toys.nested()
    effect = fire(made, begin(made), made.actions[0])

    assert effect is not None
    assert effect.state.variables == (3, 10)
    assert effect.rules == ("on_t", "inner")


def test_a_formula_is_asked_from_left_to_right_and_no_further_than_needed() -> None:
    made = system("lazy", variables={"x": 1}, initial=[])
    wrong = Binary(Op.DIV, Const(1), Read("x"))

    assert evaluate(made, begin(made), And((Const(0), wrong))) == 0
    assert evaluate(made, begin(made), Or((Const(7), wrong))) == 1
    with pytest.raises(ModelError, match="division by zero"):
        evaluate(made, begin(made), Or((Const(0), wrong)))


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Binary(Op.DIV, Const(-7), Const(2)), -4),
        (Binary(Op.MOD, Const(-7), Const(2)), 1),
        (Not(Const(3)), 0),
        (And((Const(3), Const(5))), 1),
        (Option("speed"), 42),
        (Binary(Op.GE, Local("n"), Const(6)), 1),
    ],
)
def test_terms_are_worth_what_python_says(expr: Expr, expected: int) -> None:
    made = replace(system("terms", variables={"x": 1}, initial=[]), settings=(Setting("speed", 42),))

    assert evaluate(made, begin(made), expr, {"n": 6}) == expected


def test_asking_changes_nothing() -> None:
    made = system("sly", variables={"x": 1}, initial=[], procedures=[Procedure("sly", (), (put("x", 1),))])

    with pytest.raises(ModelError, match="has an effect"):
        evaluate(made, begin(made), value("sly"))


def test_log_lines_carry_the_values_of_their_placeholders() -> None:
    _, effect = after(put("x", 4), Log(1, "line", (("who", "n2"), ("n", Read("x")))))

    assert effect.logs == (LogLine(1, "line", (("who", "n2"), ("n", "4"))),)


def test_a_free_action_needs_its_guard_and_its_permission() -> None:
    made = toys.budget(1)
    breaks, mends = made.actions

    assert enabled(made, begin(made), breaks)
    assert not enabled(made, begin(made), mends)
    assert not enabled(made.with_enabled(frozenset({"mend"})), begin(made), breaks)


def test_a_far_timer_ends_only_where_nothing_nearer_runs() -> None:
    made = toys.far()
    hour, a, b = made.actions
    state = begin(made)
    assert fire(made, state, hour) is None

    for near in (a, b):
        effect = fire(made, state, near)
        assert effect is not None
        state = effect.state

    assert fire(made, state, hour) is not None


def test_a_stopwatch_is_lost_when_a_far_timer_ends_and_does_not_hold_it_up() -> None:
    made = toys.endless_outage("far")
    state = begin(made)
    lost: tuple[str, ...] = ()
    for name in ("fault", "notice", "hour"):
        effect = fire(made, state, made.actions[made.action_index[name]])
        assert effect is not None
        state, lost = effect.state, effect.lost

    assert lost == ("stopwatch[outage]",)
    assert state.timers(made) == ()


def test_observers_run_at_the_end_of_every_step() -> None:
    plain = system(
        "seen", variables={"x": 2}, initial=[], free={"up": (Const(1), [add("x", 1), If(more("x", 1), (put("x", 0),))])}
    )
    made = observe(plain, [Stopwatch("one", eq("x", 1), eq("x", 0))]).with_settings(**{"observe[one]": 1})

    first = fire(made, begin(made), made.actions[0])
    assert first is not None
    second = fire(made, first.state, made.actions[0])

    assert second is not None
    assert (first.state.timers(made), second.state.timers(made)) == (("stopwatch[one]",), ())


def test_a_timer_with_a_guard_is_refused_for_it_would_stop_time() -> None:
    made = toys.race()
    guarded = replace(made.actions[0], guard=eq("x", 1))

    with pytest.raises(ModelError, match="time would stop"):
        fire(made, begin(made), guarded)


def test_a_variable_begins_inside_its_domain() -> None:
    made = toys.race()
    wrong = replace(made, variables=(replace(made.variables[0], initial=2), *made.variables[1:]))

    with pytest.raises(ModelError, match="begins as 2"):
        initial_state(wrong)
