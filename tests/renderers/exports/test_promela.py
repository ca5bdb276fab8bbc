"""Spin counts what our engine counts, in the language of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.errors import NotExportable
from hamodel.ir.expr import Binary, Const, Op, Read
from hamodel.ir.property import PropertyKind
from hamodel.ir.statement import Assign
from hamodel.ir.untimed import untimed
from hamodel.renderers.exports import promela
from hamodel.renderers.exports.promela import Style, render
from tests.conformance.toys import add, system
from tests.renderers.exports.models import about, agree, plain, slice_of
from tests.renderers.exports.peers import need, run, spin


@pytest.mark.parametrize("name", ["emptied", "random-11"])
def test_spin_counts_the_same_states_and_steps_and_finds_the_same_violations(name: str, tmp_path: Path) -> None:
    need("spin", "gcc")
    toy, prop = plain(name)

    agree(toy, prop, spin(render(toy, prop, about(name)), tmp_path))


def test_spin_counts_the_same_in_a_real_cluster(tmp_path: Path) -> None:
    need("spin", "gcc")
    cluster, prop = slice_of("01-webdata", "kill")

    text = render(cluster, prop, about("01-webdata"))

    counted = spin(text, tmp_path)
    assert counted.states == 13
    agree(cluster, prop, counted)


def test_a_local_name_is_no_part_of_the_state(tmp_path: Path) -> None:
    """In plain Promela names are hidden, which Spin allows only depth first."""
    need("spin", "gcc")
    toy, prop = plain("random-6")
    text = render(toy, prop, about("random-6"), style=Style.PLAIN)
    assert "hidden int" in text
    (tmp_path / "model.pml").write_text(text)

    run(["spin", "-o2", "-DCOUNT", "-a", "model.pml"], tmp_path)
    run(["gcc", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], tmp_path)
    said = run(["./pan", "-w16"], tmp_path)

    assert "      135 states, stored" in said
    assert "      422 transitions" in said


def test_what_is_asked_for_is_found_where_it_is(tmp_path: Path) -> None:
    """A question for some state is answered by a violated assertion, its witness."""
    toy, prop = plain("hastened")
    text = render(toy, replace(prop, kind=PropertyKind.SOMETIMES, formula=Read("here")), about("hastened"))

    assert "{ here; /* claim is what was asked for */" in text


def test_the_text_says_what_it_is_and_how_to_run_it() -> None:
    toy, prop = plain("hastened")

    top = render(toy, prop, about("hastened"), file="post.pml").split("*/")[0]

    assert "a model of the tests" in top
    assert "property claim (always): A claim about a toy." in top
    assert "spin -o2 -a post.pml && gcc" in top
    assert "`limit` is 1" in top


def test_no_action_is_too_long_for_spin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it would be, procedures become C; who insists is told so."""
    toy, prop = plain("hastened")
    assert "c_code" not in render(toy, prop, about("hastened"))
    monkeypatch.setattr(promela, "LONGEST_STEP", 3)

    assert "c_code" in render(toy, prop, about("hastened"))
    with pytest.raises(NotExportable, match="takes 3 in one step"):
        render(toy, prop, about("hastened"), style=Style.PLAIN)


def test_division_floors_as_in_the_rules(tmp_path: Path) -> None:
    """In C it cuts towards 0: -1 % 3 would be -1."""
    need("spin", "gcc")
    below = Binary(Op.SUB, Read("x"), Const(2))
    toy = system(
        "floors",
        variables={"x": 9, "m": 9, "d": 9},
        initial=[],
        free={
            "go": (
                Binary(Op.LT, Read("x"), Const(5)),
                [
                    Assign("m", Binary(Op.MOD, below, Const(3))),
                    Assign("d", Binary(Op.ADD, Binary(Op.DIV, below, Const(3)), Const(1))),
                    add("x", 1),
                ],
            )
        },
    )
    _, prop = plain("hastened")
    bare = untimed(toy)
    claim = replace(prop, formula=Binary(Op.NE, Read("d"), Const(0)))

    agree(bare, claim, spin(render(bare, claim, about("floors")), tmp_path))
