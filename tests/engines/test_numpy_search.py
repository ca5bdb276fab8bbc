"""The search by numpy: the numbers of the plainest search, whatever the size of its tables and the parts it uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from hamodel.engines._lower import numpy_search, numpy_states, pairs, roads
from hamodel.engines._lower.appended import Append, Queues
from hamodel.engines._lower.keyed import ABSENT, Firsts, Keyed, KeySet, Numbers, order_of
from hamodel.engines._lower.layout import layout_of
from hamodel.engines._lower.numpy_search import NumpySearch
from hamodel.engines._lower.pairs import Pairs
from hamodel.engines._lower.parts import groups_of
from hamodel.engines._lower.python import python_rules
from hamodel.engines._lower.roads import Roads, Steps
from hamodel.engines._lower.untimed_search import PlainSearch
from hamodel.engines._lower.watched import Image, Move, Notes, Watched, Watcher
from hamodel.engines.explicit import ExplicitEngine
from hamodel.errors import EngineLimit
from hamodel.ir.expr import TRUE, Binary, Const, Expr, Length, Local, Not, Op, Read
from hamodel.ir.semantics import fire, initial_state
from hamodel.ir.statement import Assign, Clear, Procedure, Push, Statement, Take
from hamodel.ir.system import Action, Kind, System
from hamodel.ir.untimed import untimed
from hamodel.ir.verdict import Limits
from tests.conformance import toys
from tests.conformance.toys import add, eq, more
from tests.engines.test_explicit import disks, facts, pair, random

NUMPY, PLAIN = ExplicitEngine(how="numpy"), ExplicitEngine(how="plain")


@pytest.fixture(params=[1, 2])
def jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many threads; two share even small layers."""
    monkeypatch.setattr(numpy_search, "CHUNK", 16)
    found: int = request.param
    return found


def test_limits_and_early_ends_are_those_of_the_reference_rules(jobs: int) -> None:
    same = Limits(jobs=jobs)
    for limits, until in ((same, []), (replace(same, depth=0), []), (replace(same, depth=3), []), (same, [0])):
        found, expected = (e.explore(*disks(), limits, until=until) for e in (NUMPY, PLAIN))

        assert facts(found) == facts(expected)
        assert found.stopped == expected.stopped
        for formula in range(3):
            assert found.search.where(formula, 50) == expected.search.where(formula, 50)


@pytest.mark.parametrize(("chunk", "few"), [(1, 32), (7, 2), (100, 0)])
def test_how_many_states_and_steps_go_side_by_side_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, chunk: int, few: int, jobs: int
) -> None:
    monkeypatch.setattr(numpy_search, "CHUNK", chunk)
    monkeypatch.setattr(roads, "FEW", few)
    monkeypatch.setattr(numpy_states, "FIRST", 4)
    for system, formulas in (disks(), random(1), (pair(), [eq("switch", 0)])):
        assert facts(NUMPY.explore(system, formulas, Limits(jobs=jobs))) == facts(PLAIN.explore(system, formulas))


def mail() -> System:
    """Two nodes that send each other numbers through queues, and answer what they get."""
    free: dict[str, tuple[Expr, list[Statement]]] = {}
    for i, other in ((0, 1), (1, 0)):
        next_ = Binary(Op.ADD, Read(f"n[{i}]"), Const(1))
        free[f"send[{i}]"] = (Not(eq(f"n[{i}]", 3)), [Push(f"box[{other}]", next_), add(f"n[{i}]", 1)])
        free[f"get[{i}]"] = (TRUE, [Take("it", f"box[{i}]"), Assign(f"last[{i}]", Local("it"))])
    variables = {f"{name}[{i}]": 3 for i in (0, 1) for name in ("n", "last")}
    return untimed(toys.system("mail", variables=variables, initial=[], free=free, queues={"box[0]": 3, "box[1]": 3}))


def test_queues_are_parts_of_their_own() -> None:
    system = mail()
    names = [{system.variables[v].name for v in part} for part in groups_of(system)[0]]

    assert any({"length[box[0]]", "message[box[0],0]"} <= part and "n[0]" not in part for part in names)
    assert facts(NUMPY.explore(system, [eq("last[0]", 2)])) == facts(PLAIN.explore(system, [eq("last[0]", 2)]))


@pytest.mark.parametrize(("word", "parts"), [(10, 2), (12, 3), (14, 4), (20, 4)])
def test_numbers_that_need_more_bits_get_them_or_coarser_parts(
    monkeypatch: pytest.MonkeyPatch, word: int, parts: int, jobs: int
) -> None:
    """Four parts need 14 bits here, three 12, and two 10."""
    monkeypatch.setattr(numpy_search, "WORD", word)

    found = NUMPY.explore(mail(), [], Limits(jobs=jobs))

    assert isinstance(found.search, NumpySearch)
    assert len(found.search.roads.parts) == parts
    assert facts(found) == facts(PLAIN.explore(mail()))


def test_coarser_parts_keep_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the states in hand are expanded a second time: once for each of the two coarser divisions."""
    monkeypatch.setattr(numpy_search, "WORD", 10)
    monkeypatch.setattr(numpy_search, "CHUNK", 16)
    expanded: list[int] = []
    steps = Roads.steps

    def noted(roads: Roads, ids: Sequence[Numbers], before: int | None = None) -> list[Steps]:
        expanded.append(len(ids[0]))
        return steps(roads, ids, before)

    monkeypatch.setattr(Roads, "steps", noted)
    found = NUMPY.explore(mail())

    assert isinstance(found.search, NumpySearch) and len(found.search.roads.parts) == 2
    assert found.states < sum(expanded) <= found.states + 2 * 16


def test_numbers_that_need_more_bits_than_there_are_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_search, "WORD", 9)

    with pytest.raises(EngineLimit, match="more than 9 bits"):
        NUMPY.explore(mail())


def test_a_step_that_cannot_be_done_ends_the_search_where_it_ends_by_the_reference_rules(jobs: int) -> None:
    """Many states of the eighth layer have a step that divides by zero."""
    free: dict[str, tuple[Expr, list[Statement]]] = {
        f"up[{i}]": (Not(eq(f"n[{i}]", 6)), [add(f"n[{i}]", 1)]) for i in range(3)
    }
    all_three = Binary(Op.ADD, Read("n[0]"), Binary(Op.ADD, Read("n[1]"), Read("n[2]")))
    part = Binary(Op.DIV, Const(6), Binary(Op.SUB, all_three, Const(8)))
    free["share"] = (more("n[0]", 1), [Assign("q", Binary(Op.MOD, part, Const(7)))])
    system = untimed(
        toys.system("parts", variables={"q": 6, **{f"n[{i}]": 6 for i in range(3)}}, initial=[], free=free)
    )
    asked = [eq("n[1]", 3)]
    plain = PLAIN.explore(system, asked)

    found = NUMPY.explore(system, asked, Limits(jobs=jobs))

    assert isinstance(plain.search, PlainSearch) and isinstance(found.search, NumpySearch)
    assert found.search.error is not None and found.stopped == plain.stopped == "a division by zero"
    assert (found.search.failed[0], system.actions[found.search.failed[1]].name) == (plain.search.expanded, "share")
    assert facts(found) == facts(plain)


def test_a_system_without_variables_has_one_state() -> None:
    system = replace(untimed(toys.system("bare", variables={}, initial=[], free={})), variables=())
    idle = Procedure("idle", (), ())
    system = replace(
        system, actions=(Action("idle", Kind.OPERATOR, "idle"),), procedures={**system.procedures, "idle": idle}
    )

    found = NUMPY.explore(system, [TRUE])

    assert (found.states, found.edges, found.hits) == (1, 1, [1])
    assert facts(found) == facts(PLAIN.explore(system, [TRUE]))


def test_two_threads_work_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """While states are numbered others are expanded, also those of the next layer."""
    monkeypatch.setattr(numpy_search, "CHUNK", 16)
    ahead: list[tuple[int, int]] = []
    look = NumpySearch._look_ahead

    def noted(search: NumpySearch, first: int, end: int) -> None:
        look(search, first, end)
        if search.ahead is not None:
            ahead.append((first, search.layers[-1]))

    monkeypatch.setattr(NumpySearch, "_look_ahead", noted)
    NUMPY.explore(counters(), [], Limits(jobs=2))

    assert any(first < layer for first, layer in ahead) and any(first >= layer for first, layer in ahead)


def counters() -> System:
    free: dict[str, tuple[Expr, list[Statement]]] = {
        f"up[{i}]": (Not(eq(f"n[{i}]", 15)), [add(f"n[{i}]", 1)]) for i in range(4)
    }
    return untimed(toys.system("counters", variables={f"n[{i}]": 15 for i in range(4)}, initial=[], free=free))


def test_a_memory_limit_ends_the_search_before_it_is_exceeded(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(numpy_search, "CHUNK", 256)
    for most in (1_000_000, 1_500_000, 2_000_000):
        found = NUMPY.explore(counters(), [], Limits(memory=most, jobs=jobs))

        assert (found.complete, found.stopped) == (False, f"the limit of {most} bytes of memory was reached")
    whole = NUMPY.explore(counters())
    assert (whole.states, whole.complete) == (16**4, True)


def test_a_search_that_is_interrupted_says_what_it_found(jobs: int) -> None:
    def tell(states: int, _edges: int, _seconds: float) -> None:
        if states > 1000:
            raise KeyboardInterrupt

    found = NUMPY.explore(counters(), [], Limits(jobs=jobs), tell=tell)

    assert found.stopped == "interrupted"
    assert 1000 < found.states < 16**4
    assert len(found.names_to(found.states - 1)) == found.depth


def test_sets_of_keys_answer_as_sets_do() -> None:
    """Small tables, so that most keys find their place taken, and keys that are given more than once."""
    random_keys = np.random.default_rng(1).integers(1, 4000, 6000).astype(np.uint64)
    keys, numbered, known, firsts = KeySet(4), Keyed(4), dict[int, int](), Firsts()
    for piece in np.split(random_keys, 20):
        absent, places = keys.absent(piece)
        assert sorted(absent.tolist()) == [i for i, key in enumerate(piece.tolist()) if key not in known]
        once = firsts.of(piece.take(absent))
        new = piece.take(absent.take(once))
        keys.add(new, keys.first_places(new) if keys.reserve(len(new)) else places.take(once))
        numbered.put(new, np.arange(len(known), len(known) + len(new)))
        known |= {key: len(known) + n for n, key in enumerate(new.tolist())}
        asked = np.arange(1, 4000, dtype=np.uint64)
        assert numbered.find(asked).tolist() == [known.get(key, ABSENT) for key in range(1, 4000)]


@pytest.mark.parametrize("most", [1, 50, 1 << 20, 1 << 62])
def test_of_equal_keys_the_first_is_found(most: int) -> None:
    """Many keys at one place of the table, from one key again and again to keys that are all different."""
    firsts, rng = Firsts(), np.random.default_rng(most % 7)
    for size in (1, 0, 300, 30_000, 300):
        keys = rng.integers(0, most, size).astype(np.uint64)

        seen: dict[int, int] = {}
        for place, key in enumerate(keys.tolist()):
            seen.setdefault(key, place)
        assert firsts.of(keys).tolist() == list(seen.values())


@pytest.mark.parametrize("widest", [1 << 20, 1 << 62])
def test_numbers_are_put_in_order_however_large_they_are(widest: int) -> None:
    numbers = np.unique(np.random.default_rng(3).integers(-widest, widest, 5000))
    shuffled = np.random.default_rng(4).permutation(numbers)

    assert shuffled[order_of(shuffled)].tolist() == numbers.tolist()
    assert order_of(shuffled[:0]).tolist() == []


@pytest.mark.parametrize("most", [1 << 10, 1 << 13, 1 << 18])
def test_pairs_answer_as_a_dictionary_does(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """As keys almost from the beginning, in pages first and then as keys, and in pages to the end."""
    monkeypatch.setattr(pairs, "MOST", most)
    rng, table, known = np.random.default_rng(2), Pairs(), dict[tuple[int, int], int]()
    tables = []
    for size in range(100, 3000, 100):
        first, second = rng.integers(0, size // 20, 300), rng.integers(0, size, 300)
        asked = list(zip(first.tolist(), second.tolist(), strict=True))

        found = table.find(first, second, (size // 20, size))
        assert found.tolist() == [known.get(pair, ABSENT) for pair in asked]
        new = {pair: n for n, pair in enumerate(asked) if pair not in known}
        places = np.array(list(new.values()))
        numbers = np.where(places % 2, places, -2 - places)
        table.put(first[places], second[places], numbers)
        known |= dict(zip(new, numbers.tolist(), strict=True))
        tables.append(table.keyed is None)
    assert tables[9] == (most > 1 << 10) and tables[-1] == (most > 1 << 13)


def test_pairs_side_by_side_share_a_row_and_a_page() -> None:
    """However many of them are put at once, in whatever order."""
    table = Pairs()
    first, second = np.array([7, 3, 7, 3, 7]), np.array([5, 1, 2, 40, 15])
    table.find(first, second, (8, 64))
    table.put(first, second, np.arange(5))

    assert (table.rows, table.used) == (1 + 2, pairs.PAGE * (1 + 3))
    assert table.find(first, second, (8, 64)).tolist() == [0, 1, 2, 3, 4]


CLAIMS: dict[str, Callable[[Any, Any], Any]] = {
    "x == 3": lambda x, _: x == 3,
    "2 - x < 1": lambda x, _: 2 - x < 1,
    "3 <= x <= y": lambda x, y: 3 <= x <= y,
    "x + y == 5": lambda x, y: x + y == 5,
    "a bit of x": lambda x, _: (x // 2) % 2 == 1,
    "6 // (x + 1) > y": lambda x, y: 6 // (x + 1) > y,
    "20 % (x + 1) > 1": lambda x, _: 20 % (x + 1) > 1,
    "x and y > 2": lambda x, y: x and y > 2,
    "3 & x | y": lambda x, y: 3 & x | y,
    "a truth value and a number": lambda x, y: (y == 2) < x,
    "x * y != 6": lambda x, y: x * y != 6,
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_values_that_are_said_to_decide_alike_do(claim: Callable[[Any, Any], Any]) -> None:
    kept: dict[tuple[int, ...], Image] = {}
    image = kept.setdefault(tuple(range(8)), Image(tuple(range(8)), kept))
    pairs = list(product(range(8), repeat=2))
    for x, y in pairs:
        notes = Notes()
        answer = bool(claim(Watched(x, 0, image, notes), Watched(y, 1, image, notes)))

        alike = [(p, q) for p, q in pairs if notes.alike(0) >> p & 1 and notes.alike(1) >> q & 1]
        assert (x, y) in alike
        assert {bool(claim(p, q)) for p, q in alike} == {answer} == {bool(claim(x, y))}


def post() -> System:
    """What can be done with a queue: two messages at once, too many, and looking at it at once in several ways."""
    free: dict[str, tuple[Expr, list[Statement]]] = {
        "twice": (TRUE, [Push("box", Read("n")), Push("box", Const(2))]),
        "count": (TRUE, [Push("box", Const(1)), Assign("n", Length("box"))]),
        "back": (TRUE, [Push("box", Const(3)), Take("it", "box"), Assign("n", Local("it"))]),
        "anew": (TRUE, [Push("box", Const(1)), Clear("box"), Push("box", Const(2))]),
        "get": (more("n", 0), [Take("it", "box"), Push("box", Const(1)), Assign("last", Local("it"))]),
        "none": (TRUE, [Take("it", "box"), Assign("n", Const(1))]),
    }
    return untimed(toys.system("post", variables={"n": 3, "last": 3}, initial=[], free=free, queues={"box": 3}))


def test_messages_are_put_into_queues_whatever_is_done_with_them_then() -> None:
    assert facts(NUMPY.explore(post(), [eq("last", 2)])) == facts(PLAIN.explore(post(), [eq("last", 2)]))


def test_one_run_speaks_for_all_lengths_of_a_queue_that_nobody_looks_at() -> None:
    system = post()
    layout, together = layout_of(system), [frozenset(range(len(system.variables)))]
    queues = Queues(system, layout, together)
    watcher = Watcher(python_rules(system, layout, queues.first), layout, together, queues.all)
    first, length = initial_state(system)[0].variables, system.variable_index["length[box]"]
    asked = {a.name: watcher.path(n, first).conditions.get(length) for n, a in enumerate(system.actions)}

    assert asked["twice"] == 0b0011, "there is room for two"
    assert asked["count"] == 0b0001, "the length itself"


@pytest.mark.parametrize("system", [disks()[0], mail(), post()], ids=lambda s: s.name)
def test_one_run_speaks_for_all_states_that_agree_with_its_conditions(system: System) -> None:
    found = PLAIN.explore(system)
    states = [found.state(i) for i in range(0, found.states, found.states // 60 + 1)]
    layout, together = layout_of(system), [frozenset(range(len(system.variables)))]
    queues = Queues(system, layout, together)
    watcher = Watcher(python_rules(system, layout, queues.first), layout, together, queues.all)
    spoken_for = 0
    for (number, action), state in product(enumerate(system.actions), states):
        path = watcher.path(number, state.variables)
        for other in states:
            values = other.variables
            if all(alike >> values[v] - system.variables[v].lo & 1 for v, alike in path.conditions.items()):
                effect, after = fire(system, other, action), list(values)
                for v, what in (path.writes or {}).items():
                    if isinstance(what, Append):
                        for place, message in enumerate(what.messages, values[v]):
                            after[what.queue.places[place]] = message
                        after[v] += len(what.messages)
                    elif isinstance(what, Move):
                        after[v] = what.image.values[values[what.source] - system.variables[what.source].lo]
                    else:
                        after[v] = what
                assert (effect is None) == (path.writes is None)
                assert effect is None or effect.state.variables == tuple(after)
                spoken_for += other is not state
    assert spoken_for > 1000
