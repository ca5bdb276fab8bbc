"""SMV and TLA+ say the same as the rules: their text is read back and explored."""

from __future__ import annotations

import pytest

from hamodel.errors import NotExportable
from hamodel.renderers.exports import smv, tla
from hamodel.renderers.exports.names import Names
from tests.renderers.exports import formulas
from tests.renderers.exports.models import about, ours, plain

MODELS = ["emptied", "nested", "budget", "interrupted", "far", "mailbox", *(f"random-{n}" for n in (1, 6, 8, 11, 14))]


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("language", ["smv", "tla"])
def test_the_text_has_the_same_states_steps_and_violations(language: str, name: str) -> None:
    toy, prop = plain(name)
    if language == "smv":
        first, steps, claim = formulas.smv(smv.render(toy, prop, about(name)))
    else:
        first, steps, claim = formulas.tla(tla.render(toy, prop, about(name)))

    states, count, found = formulas.explored(first, steps)

    mine = ours(toy, prop)
    assert (states, count) == (mine.states, mine.steps)
    assert sum(not eval(claim, dict(state)) for state in found) == mine.broken


def test_a_module_is_named_like_its_file() -> None:
    toy, prop = plain("nested")

    assert "---- MODULE Pair_1 ----" in tla.render(toy, prop, about("nested"), file="Pair_1.tla")
    with pytest.raises(NotExportable, match=r"my-pair\.tla is no such name"):
        tla.render(toy, prop, about("nested"), file="my-pair.tla")


def test_identifiers_lead_back_to_names() -> None:
    names = Names(["running[arrival[0]]", "running[arrival,0]", "end", "9 lives"], ["end"])

    assert [names[n] for n in names] == ["running_arrival_0", "running_arrival_0_2", "end_2", "n_9_lives"]
    assert [names.original(names[n]) for n in names] == list(names)
