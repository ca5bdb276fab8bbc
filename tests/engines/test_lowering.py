"""Lowered rules do what the reference semantics says, step by step."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from hamodel.engines._lower import object as objects
from hamodel.engines._lower.fingerprint import fingerprint
from hamodel.engines._lower.layout import layout_of
from hamodel.engines._lower.prepared import pointer
from hamodel.engines._lower.program import Program, compile_system
from hamodel.engines._lower.python import python_rules
from hamodel.engines._lower.rules import HASTENED, STARTED
from hamodel.engines._lower.subset import lower
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import EngineLimit, EngineUnavailable, HamodelError, ModelError
from hamodel.ir import semantics
from hamodel.ir.expr import Binary, Const, Local, Op, Option, Read
from hamodel.ir.state import State
from hamodel.ir.statement import Assign, Bind, Hasten, If, Procedure, Start, Statement, While
from hamodel.ir.system import Setting, System
from hamodel.ir.verdict import Limits
from tests.conformance.random_systems import random_system, watched
from tests.conformance.toys import TOYS, add, eq, put, start, system

Result = tuple[State, dict[str, tuple[int, int]], dict[str, int]] | str
"""State, started and hastened timers with a clock; or the code of the error."""


def by_reference(model: System, state: State, action: int) -> Result:
    try:
        effect = semantics.fire(model, state, model.actions[action])
    except HamodelError as error:
        return error.code
    assert effect is not None
    near = {t.name for t in model.timers if not t.far}
    started = {name: bounds for name, bounds in effect.started.items() if name in near}
    return effect.state, started, {name: hi for name, hi in effect.hastened.items() if name in near}


def by_machine(model: System, program: Program, state: State, action: int) -> Result:
    row = np.frombuffer(bytes(program.layout.pack(state)), np.uint8).copy()
    work = np.zeros(program.work_size, np.int64)
    options = np.array([s.value for s in model.settings] or [0], np.int64)
    program.fire(action, pointer(row), pointer(work), pointer(options))
    if work[0]:
        return program.error(int(work[0])).code
    words = work[1:].reshape(-1, 3)
    started = {t.name: (int(w[1]), int(w[2])) for t, w in zip(model.timers, words, strict=True) if w[0] == STARTED}
    hastened = {t.name: int(w[2]) for t, w in zip(model.timers, words, strict=True) if w[0] == HASTENED}
    return program.layout.unpack(row.tolist()), started, hastened


def by_python(model: System, state: State, action: int) -> Result:
    layout = layout_of(model)
    rules = python_rules(model, layout)
    row = layout.pack(state)
    started: dict[int, tuple[int, int]] = {}
    hastened: dict[int, int] = {}
    try:
        rules.fire(action, row, started, hastened, [s.value for s in model.settings])
    except HamodelError as error:
        return error.code
    near = {i: t.name for i, t in enumerate(model.timers) if not t.far}
    return (
        layout.unpack(row),
        {near[i]: bounds for i, bounds in started.items() if i in near},
        {near[i]: hi for i, hi in hastened.items() if i in near},
    )


def pairs(model: System, limit: int) -> list[tuple[State, int]]:
    """Reachable states and the actions they enable; every n-th where there are more than `limit` states."""
    found = ClassesEngine(pure=True).explore(model, mode="equality", limits=Limits(classes=400))
    states = list(dict.fromkeys(found.state(i) for i in range(found.classes)))
    chosen = states[:: -(-len(states) // limit)]
    return [(s, i) for s in chosen for i, a in enumerate(model.actions) if semantics.enabled(model, s, a)]


MODELS = [*TOYS.values(), *(watched(random_system(seed), seed) for seed in range(12))]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_machine_code_and_python_fire_like_the_reference(model: System) -> None:
    program = compile_system(model)

    for state, action in pairs(model, 60):
        expected = by_reference(model, state, action)
        assert by_machine(model, program, state, action) == expected
        assert by_python(model, state, action) == expected


def real_model() -> System:
    spec_module = pytest.importorskip("hamodel.config.spec")
    machines = pytest.importorskip("hamodel.machines")
    folder = Path(__file__).parents[2] / "specs" / "01-webdata"
    if not hasattr(machines, "compose_cluster") or not folder.exists():
        pytest.skip("no cluster to compose")
    composed = machines.compose_cluster(spec_module.read_spec(sorted(folder.iterdir())))
    assert isinstance(composed, System)
    return composed


def test_the_real_model_fires_like_the_reference() -> None:
    model = real_model()
    engine = ClassesEngine(pure=False)
    program = engine.program(model)
    assert program is not None
    found = engine.explore(model, engine.steady(model), limits=Limits(classes=20_000))
    states = [found.state(i) for i in np.random.default_rng(1).permutation(found.classes)[:60]]

    compared = 0
    for state in dict.fromkeys(states):
        for index, action in enumerate(model.actions):
            if semantics.enabled(model, state, action):
                compared += 1
                assert by_machine(model, program, state, index) == by_reference(model, state, index), action.name
    assert compared > 100


# -- errors inside a macro step


def failing(*body: Statement) -> System:
    """A system whose timer `a` does this after 3 ms."""
    model = system("failing", variables={"x": 3, "y": 9}, initial=[start("a", 3, 3)], ends={"a": body})
    return dataclasses.replace(model, settings=(Setting("five", 5), Setting("zero", 0)))


WRONG: dict[str, list[Statement]] = {
    "a value outside its domain": [Assign("x", Option("five"))],
    "a constant outside its domain": [put("x", 4)],
    "a sum outside its domain": [put("x", 3), add("x", 1)],
    "a negative value": [add("x", -1)],
    "a division by zero": [Assign("x", Binary(Op.DIV, Const(3), Option("zero")))],
    "a remainder by zero": [Assign("x", Binary(Op.MOD, Const(3), Read("y")))],
    "an empty interval": [Start("a", Option("five"), Const(1))],
    "a negative interval": [Start("a", Const(-1), Const(1))],
    "hastened to the past": [Hasten("a", Const(-1))],
    "an endless loop": [While(eq("x", 0), (put("y", 1),))],
}


@pytest.mark.parametrize("engine", [ClassesEngine(pure=True), ClassesEngine(pure=False)], ids=["pure", "compiled"])
@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_rule_that_does_what_no_rule_may_is_refused(engine: ClassesEngine, body: list[Statement]) -> None:
    with pytest.raises(ModelError) as raised:
        engine.explore(failing(*body))

    assert raised.value.seen == ("after a",)


def test_a_timer_longer_than_eleven_days_is_refused_by_machine_code() -> None:
    with pytest.raises(ModelError, match="no interval within"):
        ClassesEngine(pure=False).explore(failing(start("a", 0, 2_000_000_000)))


def test_arithmetic_floors_as_in_python() -> None:
    minus = Binary(Op.SUB, Option("zero"), Option("five"))
    model = failing(
        Bind("q", Binary(Op.DIV, minus, Const(3))),
        Bind("r", Binary(Op.MOD, minus, Const(3))),
        If(Binary(Op.EQ, Local("q"), Const(-2)), (put("x", 2),)),
        Assign("y", Local("r")),
    )

    found = ClassesEngine(pure=False).explore(model)

    assert found.state(1).variables == (2, 1)


def test_a_variable_that_does_not_fit_a_byte_is_refused() -> None:
    with pytest.raises(EngineLimit, match=r"0\.\.300"):
        layout_of(system("wide", variables={"x": 300}, initial=[]))


def test_a_row_gives_back_its_state() -> None:
    model = TOYS["mailbox"]
    state = State((27,), ((1, 3),), (True,))
    layout = layout_of(model)

    assert layout.unpack(layout.pack(state)) == state
    assert len(layout.pack(state)) % 8 == 0


# -- compiling and keeping


def test_option_values_do_not_change_the_fingerprint() -> None:
    model = TOYS["outage"]
    switch = model.measures[0].switch

    assert fingerprint(model) == fingerprint(model.with_settings(**{switch: 0}))


def test_one_changed_constant_changes_the_fingerprint() -> None:
    model = TOYS["race"]
    changed = {**model.procedures, "on_a": Procedure("on_a", (), (put("x", 0),))}

    assert fingerprint(model) != fingerprint(dataclasses.replace(model, procedures=changed))


def test_an_object_is_kept_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_CACHE", str(tmp_path / "kept"))
    compile_system(TOYS["race"])
    (file,) = (tmp_path / "kept").iterdir()
    monkeypatch.setattr(objects, "compile_text", None)

    again = compile_system(TOYS["race"])

    assert file.suffix == ".o"
    assert again.layout == layout_of(TOYS["race"])


def test_a_damaged_object_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_CACHE", str(tmp_path))
    compile_system(TOYS["race"])
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])

    compile_system(TOYS["race"])

    assert file.read_bytes() == whole


@pytest.mark.skipif(os.name != "posix", reason="/dev/null is a file that is no directory only there")
def test_a_cache_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_CACHE", "/dev/null/nowhere")

    assert compile_system(TOYS["nothing"]).layout.words >= 1


def test_forbidden_compilation_names_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_PURE", "1")

    with pytest.raises(EngineUnavailable, match="HAMODEL_PURE"):
        compile_system(TOYS["nothing"])


def test_the_kernel_language_refuses_what_it_does_not_know() -> None:
    with pytest.raises(SyntaxError, match="yield"):
        lower("def f(x: int) -> int:\n    y = (yield x)\n", {}, ())
