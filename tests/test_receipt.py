"""Receipts: what an engine says is verified by the small checker, and nothing that is not so ever is."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hamodel import receipt
from hamodel.checking.proofs import Prover, claim_of, invariant_part
from hamodel.checking.receipts import claims, document, packed
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Reference
from hamodel.errors import ModelError
from hamodel.ir.expr import Binary, Const, Expr, Not, Op, Read, Running
from hamodel.ir.observe import Deadline, observe, switch_of
from hamodel.ir.portable import fingerprint
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.semantics import evaluate
from hamodel.ir.statement import Assign
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.bind import deadline_of
from hamodel.receipt import Refuted, judge
from tests.conformance import toys
from tests.conformance.random_systems import random_formula, random_system
from tests.conformance.toys import TOYS, eq, more

Content = dict[str, Any]
ENGINE = ClassesEngine(pure=True)


def always(formula: Expr, witness: Expr | None = None) -> Property:
    return Property("claim", PropertyKind.ALWAYS, formula, "", witness=witness)


def sometimes(formula: Expr) -> Property:
    return Property("wish", PropertyKind.SOMETIMES, formula, "")


def leads_to(formula: Expr, goal: Expr, release: Expr | None = None) -> Property:
    return Property("promise", PropertyKind.LEADS_TO, formula, "", goal=goal, release=release)


def prover_of(system: System) -> Prover:
    return Prover(ENGINE, system, system, "boot", Limits(), lambda *_: None)


def words(system: System, prop: Property, outcome: Outcome) -> Content:
    return {"property": prop.name, "kind": prop.kind.value, "verdict": outcome.value, "cluster": system.name}


def receipt_of(system: System, prop: Property) -> Content:
    """The receipt of the engine's verdict, as it is read back from its file."""
    verdict = ENGINE.check(system, prop)
    prover = prover_of(system)
    found = claims(prover, [prop], verdict.outcome, verdict.trace)
    content: Content = json.loads(json.dumps(document(prover, words(system, prop, verdict.outcome), found)))
    return content


def claimed(system: System, prop: Property, outcome: Outcome, part: Content) -> Content:
    """A receipt with any part as the proof about all runs."""
    claim = {**claim_of(prop, outcome, system), "observe": [], "steps": [{"budget": 0, "boot": None, "parts": [part]}]}
    return document(prover_of(system), words(system, prop, outcome), [claim])


def refused(content: Content) -> str:
    """Why it is refused: by the checker, or because it makes no sense; empty where it is accepted."""
    try:
        judge(json.loads(json.dumps(content)))
    except Refuted as problem:
        return str(problem)
    except Exception as problem:
        return f"unreadable: {type(problem).__name__}"
    return ""


# -- the checker stands alone


def test_the_checker_is_small_and_knows_only_the_standard_library() -> None:
    text = Path(receipt.__file__).read_text(encoding="utf-8")
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = {a.name for n in imports if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module or "." for n in imports if isinstance(n, ast.ImportFrom)}

    assert len(text.splitlines()) < 400
    assert {m.split(".")[0] for m in modules} <= sys.stdlib_module_names


# -- what is so is verified


@pytest.mark.parametrize("toy", [name for name, toy in TOYS.items() if toy.variables])
def test_every_verdict_on_a_toy_has_a_receipt_that_is_verified(toy: str) -> None:
    system = TOYS[toy]
    first = eq(system.variables[0].name, 0)
    for prop in (always(first), sometimes(Not(first)), leads_to(first, Not(first)), leads_to(Not(first), first)):
        assert refused(receipt_of(system, prop)) == ""


@pytest.mark.parametrize("seed", range(24))
def test_verdicts_on_random_systems_are_verified(seed: int) -> None:
    system, formula = random_system(seed), random_formula(seed)
    for prop in (always(Not(formula)), sometimes(formula), leads_to(eq("x", seed % 2), eq("y", seed % 3))):
        try:
            content = receipt_of(system, prop)
        except ModelError as error:  # a timer of length 0 that starts itself again: no real system has one
            assert "stops the time" in error.message
            continue

        assert refused(content) == ""


@pytest.mark.parametrize("seed", range(40))
def test_no_receipt_of_a_false_claim_is_verified(seed: int) -> None:
    """The claim is turned round; and its proof is mended as well as a forger can who does not know the model."""
    system, formula, random = random_system(seed), random_formula(seed), Random(seed)
    happens = ENGINE.check(system, sometimes(formula)).outcome is Outcome.HOLDS
    found = ENGINE.explore(system, zones=True)
    part = prover_of(system).part(found)
    false = always(Not(formula)) if happens else sometimes(formula)
    if happens:
        content = claimed(system, false, Outcome.HOLDS, part)
        classes = [c for i, c in enumerate(part["classes"]) if not evaluate(system, found.state(i), formula)]
        shorter = claimed(system, false, Outcome.HOLDS, {**part, "classes": _rooted(found, classes, part)})
        assert refused(content)
        assert refused(shorter)
    else:
        deepest = [[name, None] for name in found.names_to(found.classes - 1)]
        step = {"budget": 0, "boot": None, "events": [[n, random.randrange(9)] for n, _ in deepest], "loop": None}
        claim = {**claim_of(false, Outcome.HOLDS, system), "observe": [], "steps": [step]}
        assert refused(document(prover_of(system), words(system, false, Outcome.HOLDS), [claim]))


def _rooted(found: Any, classes: list[Any], part: Content) -> list[Any]:  # noqa: ANN401
    """The same classes, each written out in full."""
    rows = found.states[:, : found.layout.width]
    kept = [i for i, c in enumerate(part["classes"]) if c in classes]
    columns = prover_columns(found)
    return [
        [-1, [x for at, c in enumerate(columns) for x in (at, int(rows[i][c]))], part["classes"][i][2]] for i in kept
    ]


def prover_columns(found: Any) -> list[int]:  # noqa: ANN401
    """The columns of the cells in a row of a search."""
    columns: list[int] = prover_of(found.system)._columns(found)
    return columns


def test_both_searches_give_the_same_zones() -> None:
    pytest.importorskip("llvmlite")
    parts = []
    for engine in (ENGINE, ClassesEngine(pure=False)):
        prover = Prover(engine, CLOSED, CLOSED, "boot", Limits(), lambda *_: None)
        parts.append(prover.part(engine.explore(CLOSED, zones=True)))

    assert parts[0] == parts[1]
    assert ENGINE.explore(CLOSED).zone is None


# -- exact to the millisecond


def outage_within(within: int) -> tuple[System, Property]:
    """Noticed within [4, 6], healed within [1, 10] more: 16 ms at most."""
    plain = TOYS["outage"]
    prop = Property("p", PropertyKind.LEADS_TO, eq("down", 1), "", goal=eq("down", 0), within=within, measure="outage")
    watch = Deadline(deadline_of("p"), within, eq("down", 1), eq("down", 0))
    return observe(plain, [watch]), prop


def within_receipt(within: int, outcome: Outcome) -> Content:
    system, prop = outage_within(within)
    trace = None
    if outcome is Outcome.VIOLATED:
        on = system.with_settings(**{switch_of(deadline_of("p")): 1})
        trace = ENGINE.check(on, always(eq(f"late[{deadline_of('p')}]", 0))).trace
    found = claims(prover_of(system), [prop], outcome, trace)
    return document(prover_of(system), words(system, prop, outcome), found)


def test_a_deadline_is_proved_to_the_millisecond() -> None:
    assert refused(within_receipt(16, Outcome.HOLDS)) == ""
    assert "not as claimed" in refused(within_receipt(15, Outcome.HOLDS))
    assert refused(within_receipt(15, Outcome.VIOLATED)) == ""


def test_a_deadline_that_nobody_observes_is_not_proved() -> None:
    content = within_receipt(16, Outcome.HOLDS)
    content["claims"][0]["observe"] = []

    assert refused(content)


# -- mutations that are always refused

CLOSED = toys.system(
    "closed",
    variables={"x": 20},
    initial=[toys.start("a", 2, 8), toys.start("b", 4, 6)],
    ends={
        "a": [toys.add("x", 1)],
        "b": [Assign("x", Binary(Op.MUL, Binary(Op.ADD, Read("x"), Const(1)), Const(4))), toys.start("c", 1, 3)],
        "c": [toys.put("x", 0)],
    },
    free={"kick": (eq("x", 8), [toys.put("x", 9)])},
)
"""Every class is needed, and every bound of them: no state is reached on two ways with different times."""


def closed_receipt() -> Content:
    return receipt_of(CLOSED, always(Not(eq("x", 19))))


def test_a_set_from_which_any_class_is_missing_is_not_closed() -> None:
    content = closed_receipt()
    found = ENGINE.explore(CLOSED, zones=True)
    part = content["claims"][0]["steps"][0]["parts"][0]
    full = _rooted(found, part["classes"], part)
    assert refused(claimed(CLOSED, always(Not(eq("x", 19))), Outcome.HOLDS, {"classes": full})) == ""

    for i in range(len(full)):
        why = refused(claimed(CLOSED, always(Not(eq("x", 19))), Outcome.HOLDS, {"classes": full[:i] + full[i + 1 :]}))
        assert "not in the set" in why or "start" in why


def test_a_bound_that_is_one_millisecond_too_tight_is_found() -> None:
    content = closed_receipt()
    classes = content["claims"][0]["steps"][0]["parts"][0]["classes"]
    for _, _, zone in classes:
        size = int(len(zone) ** 0.5)
        for at in range(len(zone)):
            if at % (size + 1):
                zone[at] -= 1
                assert refused(content), (zone, at)
                zone[at] += 1
    assert refused(content) == ""


def test_a_system_that_was_changed_has_another_fingerprint() -> None:
    content = closed_receipt()
    content["system"]["actions"].pop()
    assert "fingerprint" in refused(content)

    content["fingerprint"] = fingerprint(content["system"])
    assert refused(content) == ""  # the forger knows SHA-256: now it is about another system, which `compare` tells

    content = closed_receipt()
    content["system"]["actions"].pop(0)  # a timer without an action
    content["fingerprint"] = fingerprint(content["system"])
    assert "no action" in refused(content)


Change = Callable[[Content], object]
CHANGES: dict[str, Change] = {
    "another verdict": lambda c: c.update(verdict="violated"),
    "another claim": lambda c: c["claims"][0].update(always=["ne", ["get", "x"], 5]),
    "no claim": lambda c: c.update(claims=[]),
    "two claims in one": lambda c: c["claims"][0].update(sometimes=1),
    "a claim without its formula": lambda c: c["claims"][0].pop("always"),
    "an unknown cell": lambda c: c["claims"][0].update(always=["get", "nothing"]),
    "an option changed": lambda c: c["claims"][0].update(observe=["deadtime"]),
    "an assumption": lambda c: c["claims"][0].update(given=[["weak", "kick"]]),
    "another start": lambda c: c.update(start="steady"),
    "no step": lambda c: c["claims"][0].update(steps=[]),
    "no part": lambda c: c["claims"][0]["steps"][0].update(parts=[]),
    "an empty set": lambda c: c["claims"][0]["steps"][0]["parts"][0].update(classes=[]),
    "another budget": lambda c: c["claims"][0]["steps"][0].update(budget=1),
    "a budget that is none": lambda c: c["claims"][0]["steps"][0].update(budget=-1),
    "a negative cell": lambda c: c["claims"][0]["steps"][0]["parts"][0]["classes"][0][1].extend([-1, 1]),
    "a value too large": lambda c: c["claims"][0]["steps"][0]["parts"][0]["classes"][0][1].extend([0, 999]),
    "a zone of texts": lambda c: c["claims"][0]["steps"][0]["parts"][0]["classes"][0].__setitem__(2, ["0"] * 9),
    "a zone too small": lambda c: c["claims"][0]["steps"][0]["parts"][0]["classes"][0].__setitem__(2, [0]),
    "no system": lambda c: c.pop("system"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_receipt_is_refused(change: str) -> None:
    content = closed_receipt()
    CHANGES[change](content)

    assert refused(content)


def test_a_trace_with_another_time_or_order_is_refused() -> None:
    content = receipt_of(toys.interrupted(), sometimes(eq("done", 1)))
    events = content["claims"][0]["steps"][0]["events"]
    assert events == [["job", 5]]
    for forged in (
        [["job", 4]],
        [["job", 6]],
        [],
        [["job", -5]],
        [["repair", 5]],
        [["job", 5], ["job", 5]],
        [["x", 1]],
    ):
        content["claims"][0]["steps"][0]["events"] = forged
        assert refused(content), forged


def test_times_that_fit_one_by_one_must_fit_together() -> None:
    """`restarted`: the long timer is started anew at 4 ms, so it ends at 14 and not at 10."""
    content = receipt_of(toys.restarted(), sometimes(eq("x", 1)))
    step = content["claims"][0]["steps"][0]
    assert step["events"] == [["short", 4], ["long", 14]]
    for forged in ([["short", 4], ["long", 10]], [["short", 3], ["long", 13]], [["short", 4], ["long", 15]]):
        step["events"] = forged
        assert refused(content), forged


# -- what comes, and what never comes


def test_a_rank_that_does_not_fall_is_refused() -> None:
    content = receipt_of(CLOSED, leads_to(Running("c"), Not(Running("c"))))
    part = content["claims"][0]["steps"][0]["parts"][0]
    assert refused(content) == ""
    assert max(part["ranks"])[0][0] > 0
    for i, rank in enumerate(part["ranks"]):
        if rank:
            for forged in ([], [[rank[0][0] + 99]]):
                part["ranks"][i] = forged
                assert refused(content) or forged, i
            part["ranks"][i] = rank
    part["ranks"] = [[[0]] if rank else rank for rank in part["ranks"]]

    assert "rank" in refused(content)


def test_what_may_wait_for_ever_has_no_ranks() -> None:
    """A circle (`retries`) and a state of rest (`endless_waits`), with every rank a forger could think of."""
    for system, prop in (
        (toys.retries(), leads_to(eq("done", 0), eq("done", 1))),
        (TOYS["endless_waits"], leads_to(eq("down", 1), eq("down", 0))),
    ):
        found = ENGINE.explore(system, mode="equality", edges=True, zones=True)
        for start in range(4):
            ranks = [[[start + i]] for i in range(found.classes)][::-1]
            part = prover_of(system).part(found, ranks)
            assert refused(claimed(system, prop, Outcome.HOLDS, part))


def test_a_loop_must_close_take_time_and_never_meet_the_goal() -> None:
    content = receipt_of(toys.retries(), leads_to(eq("done", 0), eq("done", 1)))
    step = content["claims"][0]["steps"][0]
    assert refused(content) == ""
    assert step["loop"] is not None
    events = step["events"]
    for loop in (len(events), -1, -2, 99):
        step["loop"] = loop
        assert refused(content), loop
    step["loop"] = None
    assert "will happen" in refused(content)
    step["loop"], step["events"] = 0, [*events, ["answer", events[-1][1]]]
    assert refused(content)


def test_a_circle_on_which_no_time_passes_is_no_run() -> None:
    """A cable that is pulled and plugged by chance while a timer waits: it goes round only so long."""
    flips = {"pull": (eq("out", 0), [toys.put("out", 1)]), "plug": (eq("out", 1), [toys.put("out", 0)])}
    system = toys.system(
        "flapping", variables={"out": 1, "done": 1}, initial=[toys.start("t", 5, 9)], ends={"t": [toys.put("done", 1)]},
        free=flips,
    )  # fmt: skip
    step = {"budget": 0, "boot": None, "events": [["pull", 1], ["plug", 2]], "loop": 0}
    prop = leads_to(eq("done", 0), eq("done", 1))
    claim = {**claim_of(prop, Outcome.VIOLATED, system), "observe": [], "steps": [step]}

    assert refused(document(prover_of(system), words(system, prop, Outcome.VIOLATED), [claim]))


# -- invariants

PAID = [[("left", "<=", 2)]]


def invariant(system: System, prop: Property, clauses: list[list[tuple[str, str, int]]]) -> str:
    return refused(claimed(system, prop, Outcome.HOLDS, invariant_part(system, clauses)))


def test_an_inductive_invariant_proves_the_claim_whatever_the_delays() -> None:
    assert invariant(toys.budget(2), always(Not(more("left", 2))), PAID) == ""
    letters = always(Not(more("seen", 30)))
    assert invariant(toys.emptied(), always(Not(more("total", 8))), [[("total", "==", 0), ("clock", "==", 0)]])
    assert invariant(
        toys.mailbox(), letters, [[("seen", "<=", 30)]]
    )  # true, but not inductive: not in the queue's words
    once = [[("x", "==", 0), ("a", "==", 0)], [("y", "==", 0), ("b", "==", 0)]]
    assert invariant(toys.race(), always(Not(more("x", 1))), once) == ""


def test_clauses_that_do_not_suffice_are_refused() -> None:
    claim = always(Not(more("left", 2)))
    assert "start" in invariant(toys.budget(2), claim, [[("left", "<=", 1)]])
    assert "None" in invariant(toys.budget(2), claim, [[("left", "<=", 3)]])
    assert "None" in invariant(toys.budget(2), claim, [])
    assert "start" in invariant(toys.budget(2), claim, [[]])
    assert "break" in invariant(toys.budget(2), always(eq("dark", 0)), [[("dark", "==", 0)]])
    assert "unreadable" in invariant(toys.budget(2), leads_to(eq("dark", 0), eq("dark", 1)), PAID)


@pytest.mark.parametrize("seed", range(12))
def test_no_clauses_prove_what_is_false(seed: int) -> None:
    """Random clauses over variables, timers and the queue; and the best there are: the values that occur."""
    system, random = random_system(seed), Random(seed)
    states = Reference().explore(system, "inclusion").states
    domains = {v.name: v.hi for v in system.variables if v.name != "left"}
    best = [[(n, "<=", max(s.value(system, n) for s in states))] for n in domains]
    drawn = [
        [(n, random.choice(["==", "!=", "<="]), random.randint(0, domains[n])) for n in random.sample([*domains], 2)]
    ]
    messages = [[(f"box place {i}", "<=", 3)] for i in range(2)]
    for clauses in (best + messages, drawn + messages, best + drawn + messages):
        for name, hi in domains.items():
            value = random.randint(0, hi)
            why = invariant(system, always(Not(eq(name, value))), clauses)
            assert why or all(s.value(system, name) != value for s in states)


# -- files


def file_of(content: Content, tmp_path: Path, body: bytes | None = None) -> Path:
    """A receipt with whatever body, and the right digest for it."""
    body = json.dumps(content).encode() if body is None else body
    path = tmp_path / "forged.receipt"
    path.write_bytes(f"{receipt.FORMAT} sha256 {hashlib.sha256(body).hexdigest()}\n".encode() + body)
    return path


def test_a_file_is_verified_refuted_or_unreadable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = closed_receipt()
    good = tmp_path / "good.receipt"
    good.write_bytes(packed(content))
    assert packed(content) == packed(deepcopy(content))
    assert receipt.main([str(good)]) == 0
    assert "closed; the claim holds in each" in capsys.readouterr().out
    content["claims"][0]["always"] = 0
    assert receipt.main([str(file_of(content, tmp_path))]) == 1
    assert "class 0 is not as claimed" in capsys.readouterr().out


DEEP = b"[" * 100_000
BODIES = {
    "nothing": b"",
    "a list": b"[]",
    "a number": b"1",
    "not a number": b'{"claims": NaN}',
    "no end": b'{"claims": Infinity}',
    "a fraction": b'{"claims": 1.5}',
    "huge": b'{"claims": ' + b"9" * 5000 + b"}",
    "deep": DEEP,
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("body", BODIES)
def test_what_is_no_receipt_is_unreadable(body: str, tmp_path: Path) -> None:
    assert receipt.main([str(file_of({}, tmp_path, BODIES[body]))]) == 2


def test_damage_bombs_and_missing_files_are_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipt, "MOST_BYTES", 1 << 20)
    data = packed(closed_receipt())
    damaged = tmp_path / "damaged"
    for forged in (data[:-20], data[:40], data[:60] + b"x" + data[61:], b"", gzip.compress(b"0" * (1 << 24), 9)):
        damaged.write_bytes(forged)
        assert receipt.main([str(damaged)]) == 2
    assert receipt.main([str(tmp_path / "missing")]) == 2
    assert receipt.main([str(tmp_path)]) == 2
    assert receipt.main([]) == 2


def test_a_system_that_does_not_end_or_grows_for_ever_is_refused() -> None:
    forged = {
        "a loop": [["while", 1, [["let", "i", 1]]]],
        "itself": [["call", "begin"]],
        "a huge number": [["let", "n", 9], ["while", 1, [["let", "n", ["mul", ["local", "n"], ["local", "n"]]]]]],
        "deep": [["set", "x", deep(5000)]],
        "a wrong start": [["start", "a runs", 5, 2]],
        "a timer that is set": [["set", "a runs", 1]],
        "a variable that is started": [["start", "x", 1, 2]],
        "a variable with messages": [["push", "x", 1]],
        "messages of a variable": [["let", "n", ["take", "x"]]],
        "a negative start": [["start", "a runs", -5, 2]],
        "no such verb": [["jump", "x"]],
        "an unset name": [["set", "x", ["local", "n"]]],
    }
    for name, body in forged.items():
        content = closed_receipt()
        content["system"]["procedures"]["begin"][1] = body
        try:
            content["fingerprint"] = fingerprint(content["system"])
            assert refused(content), name
        except RecursionError:
            assert name == "deep"


def deep(depth: int) -> Any:  # noqa: ANN401
    found: Any = 0
    for _ in range(depth):
        found = ["not", found]
    return found


@pytest.mark.parametrize(
    "cell",
    [["x", "variable", 6, 9, 5], ["x", "variable", 0, 20, 30], ["a runs", "near", 0, 2, 0], ["q", "queue", 0, 2, 0]],
)
def test_a_cell_with_another_range_than_its_values_is_refused(cell: list[Any]) -> None:
    """An invariant speaks of all values in the ranges; so nothing may ever be outside."""
    content = claimed(CLOSED, always(Not(eq("x", 19))), Outcome.HOLDS, invariant_part(CLOSED, [[("x", "!=", 19)]]))
    cells = content["system"]["cells"]
    content["system"]["cells"] = [cell if c[0] == cell[0] else c for c in cells]
    content["system"]["cells"] += [cell] * (cell[0] == "q")
    content["fingerprint"] = fingerprint(content["system"])

    assert "wrong range" in refused(content)


def test_a_guard_with_an_effect_is_refused() -> None:
    content = closed_receipt()
    content["system"]["procedures"]["sly"] = [[], [["set", "x", 3], ["return", 0]]]
    content["system"]["actions"][-1][3] = ["call", "sly"]
    content["fingerprint"] = fingerprint(content["system"])

    assert refused(content)
