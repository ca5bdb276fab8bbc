"""Formulas typed on the command line."""

from __future__ import annotations

import pytest

from hamodel.errors import BadExpression, HamodelError, UnknownObservable
from hamodel.ir.expr import Binary, Const, Op, Read
from hamodel.properties import Cluster, Formula, at_most_one, implies, true
from hamodel.properties.expression import parse
from tests.disk_toy import toy, toy_layout

SYSTEM = toy()
CLUSTER = Cluster(toy_layout(), SYSTEM.observables, SYSTEM.setting_value)
UP1, UP2 = CLUSTER.observe("up", 0, 0), CLUSTER.observe("up", 1, 0)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("up[node1,/dev/sdb5]", UP1),
        ("up[0,0]", UP1),
        ("not (up[node1,/dev/sdb5] and up[node2,/dev/sdb5])", ~(UP1 & UP2)),
        ("up[node1, sdb5] or up[node2 , sdb5]", UP1 | UP2),
        ("implies(up[0,0], not up[1,0])", implies(UP1, ~UP2)),
        ("at_most_one(up[0,0], up[1,0])", at_most_one([UP1, UP2])),
        ("  healthy ", CLUSTER.healthy),
        ("plugged[eth0]", CLUSTER.observe("plugged", 0)),
        ("True", true()),
        ("healthy == 0", Formula(Binary(Op.EQ, CLUSTER.healthy.expr, Const(0)))),
    ],
)
def test_an_expression_means_what_python_would_make_of_it(text: str, formula: Formula) -> None:
    assert parse(text, CLUSTER) == formula


@pytest.mark.parametrize(
    ("text", "column", "length"),
    [
        ("healthy and __import__('os')", 13, 16),
        ("up[node1,/dev/sdb5] + 1", 1, 23),
        ("healthy and 3", 13, 1),
        ("(lambda: 1)()", 1, 13),
        ("healthy and up[node1,/dev/sdc1]", 13, 19),
        ("implies(healthy)", 1, 16),
        ("healthy.quiet", 1, 13),
    ],
)
def test_what_is_outside_the_grammar_is_refused_with_a_caret_under_it(text: str, column: int, length: int) -> None:
    with pytest.raises(BadExpression) as caught:
        parse(text, CLUSTER, "--never")

    span = caught.value.span
    assert span is not None
    assert (span.file, span.column, span.length) == ("--never", column, length)


@pytest.mark.parametrize("text", ["", "   ", "healthy and", "(healthy", "up[node1", "\0", "if", "a b"])
def test_what_is_no_expression_at_all_is_refused_without_a_traceback(text: str) -> None:
    with pytest.raises(HamodelError):
        parse(text, CLUSTER)


def test_an_unknown_name_suggests_the_nearest_one() -> None:
    with pytest.raises(UnknownObservable, match="did you mean `healthy`") as caught:
        parse("not helthy", CLUSTER)
    assert caught.value.span is not None
    assert caught.value.span.column == 5


def test_a_text_that_fits_two_resources_is_refused_and_both_are_named() -> None:
    with pytest.raises(BadExpression, match="more than one node"):
        parse("active[node]", CLUSTER)


def test_a_formula_reads_variables_and_computes_nothing() -> None:
    assert Read("up[0]") in _leaves(parse("up[node1,sdb5]", CLUSTER).expr)


def _leaves(expr: object) -> list[object]:
    inner = [getattr(expr, name) for name in ("args", "arg", "left", "right") if hasattr(expr, name)]
    parts = [p for i in inner for p in (i if isinstance(i, tuple) else (i,))]
    return [expr, *(leaf for part in parts for leaf in _leaves(part))]
