"""rumur counts what our engine counts, and finds violations as deep."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.renderers.exports.murphi import render
from tests.renderers.exports.models import about, agree, ours, plain, slice_of
from tests.renderers.exports.peers import need, rumur


@pytest.mark.parametrize("name", ["nested", "random-6"])
def test_rumur_counts_the_same_states_and_steps_and_finds_a_violation_as_deep(name: str, tmp_path: Path) -> None:
    need("rumur", "gcc")
    toy, prop = plain(name)

    agree(toy, prop, rumur(render(toy, prop, about(name)), tmp_path))


def test_rumur_counts_the_same_in_a_real_cluster(tmp_path: Path) -> None:
    need("rumur", "gcc")
    cluster, prop = slice_of("01-webdata", "kill_ipfail")
    mine = ours(cluster, prop)

    counted = rumur(render(cluster, None, about("01-webdata")), tmp_path)

    assert (counted.states, counted.steps) == (mine.states, mine.steps)
    assert mine.states > 100


def test_the_text_says_what_it_is_and_how_to_run_it() -> None:
    toy, prop = plain("hastened")

    top = render(toy, prop, about("hastened"), file="post.m").split("type")[0]

    assert "a model of the tests" in top
    assert "property claim (always): A claim about a toy." in top
    assert "rumur --deadlock-detection off --threads 1 --output model.c post.m" in top
