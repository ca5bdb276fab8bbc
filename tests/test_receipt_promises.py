"""Receipts of promises: what comes in the end is proved level by level, and no forger proves what need not come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest

from hamodel.checking.proofs import claim_of
from hamodel.checking.receipts import claims, document
from hamodel.engines._lower import ranking
from hamodel.errors import EngineLimit, ModelError
from hamodel.ir.expr import TRUE
from hamodel.ir.fairness import strong, weak
from hamodel.ir.property import Property, PropertyKind
from hamodel.ir.system import System
from hamodel.ir.verdict import Outcome
from tests.conformance import promise_toys as exhibits
from tests.conformance import toys
from tests.conformance.promise_toys import done
from tests.conformance.test_promises import claim, mendable
from tests.conformance.toys import TOYS, eq
from tests.test_receipt import ENGINE, Content, claimed, leads_to, prover_of, receipt_of, refused, words

BROKEN_PART: dict[str, Any] = {
    "variables": {"done": 1}, "initial": [], "free": {"mend": (eq("done", 0), [toys.put("done", 1)])},
}  # fmt: skip
DOWN = leads_to(eq("down", 1), eq("down", 0))
TRIED = leads_to(eq("done", 0), eq("done", 1))
KEPT = {
    "it is mended or left": (exhibits.rooms(), done(*strong("mend", "skip"))),
    "two that part": (exhibits.parted_duties(), done(*weak("left", "right"))),
    "a counter": (exhibits.countdown(), done()),
    "ever earlier": (exhibits.narrowing(), done()),
    "an alarm runs on": (exhibits.busy(anew=False), done()),
    "an hour passes": (exhibits.hourly(), done()),
    "an alarm ends": (exhibits.spinning(1, 1, alarm=5), done()),
    "a rest beside a repair": (exhibits.mendable("b", **BROKEN_PART), done(*weak("mend"))),
}
BROKEN = {
    "weak is not strong": (exhibits.rooms(), done(*weak("mend"))),
    "a room never seen": (exhibits.rooms(), done(*strong("mend"))),
    "mended again and again": (exhibits.passage(), done(*strong("mend"))),
    "each circle does one": (exhibits.two_duties(), done(*strong("left", "right"))),
    "a tick is enough": (exhibits.spinning(0, 1), done()),
    "started anew": (exhibits.busy(anew=True), done()),
    "an alarm put off": (exhibits.spinning(1, 1, alarm=5, anew=True), done()),
    "nobody comes": (exhibits.token(), done()),
    "nobody repairs": (exhibits.mendable("b", **BROKEN_PART), done()),
    "it tries again": (toys.retries(), TRIED),
    "it waits for ever": (TOYS["endless_waits"], DOWN),
}


def wandering(seed: int) -> tuple[System, Property]:
    """A walk among five places: each way may be taken at any instant, or never, and some are not put off for ever."""
    random = Random(seed)
    ways = {f"way{k}": (random.randrange(5), random.randrange(5)) for k in range(random.randint(4, 9))}
    free = {name: (eq("at", here), [toys.put("at", there)]) for name, (here, there) in ways.items()}
    system = exhibits.mendable(
        f"wandering {seed}", variables={"at": 4}, initial=[toys.start("tick", 1, 1)],
        ends={"tick": [toys.start("tick", 1, 1)]}, free=free,
    )  # fmt: skip
    fair = tuple(f for name in ways if random.random() < 0.7 for f in random.choice((weak, strong, strong))(name))
    return system, Property("home", PropertyKind.LEADS_TO, TRUE, "", goal=eq("at", 4), fairness=fair)


def ranks_in(content: Content) -> Iterator[list[Any]]:
    """The ranks of every part."""
    for each in content["claims"]:
        for step in each["steps"]:
            for part in step.get("parts", ()):
                yield part["ranks"]


def levels(content: Content) -> Iterator[list[Any]]:
    """Every level of every rank; to be changed in place."""
    for ranks in ranks_in(content):
        for rank in ranks:
            yield from rank


def verdict_on(system: System, prop: Property) -> Content | None:
    """The receipt of the engine's verdict; None where the model stops the time, so that no run lasts."""
    try:
        return receipt_of(system, prop)
    except ModelError as stopped:
        assert "stops the time" in stopped.message
        return None


KNOWN = 15
"""So many of the walks are proved to come home."""


@cache
def _homecomings() -> list[Content]:
    found = (verdict_on(*wandering(seed)) for seed in range(160))
    return [content for content in found if content is not None and content["verdict"] == "holds"]


def homecoming(number: int) -> Content:
    """The receipt of a walk that comes home because some ways are not put off for ever; to be changed."""
    return deepcopy(_homecomings()[number])


def forged(system: System, prop: Property, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A proof that a promise is kept by somebody who names duties that are done as left undone."""
    with monkeypatch.context() as lying:
        lying.setattr(ranking, "does", lambda part, duty: False)
        found = claims(prover_of(system), [prop], Outcome.HOLDS, None)
    content: Content = json.loads(json.dumps(document(prover_of(system), words(system, prop, Outcome.HOLDS), found)))
    return content


# -- what is so is verified


@pytest.mark.parametrize("name", [*KEPT, *BROKEN])
def test_what_an_engine_says_of_a_promise_is_verified(name: str) -> None:
    content = verdict_on(*(KEPT | BROKEN)[name])

    assert content is not None
    assert content["verdict"] == ("holds" if name in KEPT else "violated")
    assert refused(content) == ""


@pytest.mark.parametrize("seed", range(60))
def test_promises_of_random_systems_are_verified(seed: int) -> None:
    content = verdict_on(mendable(seed), claim(seed))

    assert content is None or refused(content) == ""


@pytest.mark.parametrize("seed", range(60))
def test_a_fair_walk_comes_home_or_the_run_that_does_not_is_shown(seed: int) -> None:
    content = verdict_on(*wandering(seed))

    assert content is not None
    assert refused(content) == ""


def test_the_walks_need_both_kinds_of_fairness_and_levels_inside_levels() -> None:
    found = [homecoming(number) for number in range(KNOWN)]

    assert {level[1] for content in found for level in levels(content) if len(level) > 1} >= {"weak", "strong"}
    assert max(len(rank) for content in found for ranks in ranks_in(content) for rank in ranks) > 1


# -- what is not so is never verified


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_promise_is_not_proved_by_duties_that_are_done(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    system, prop = BROKEN[name]
    try:
        content = forged(system, prop, monkeypatch)
    except EngineLimit:
        content = forged_by_numbers(system, prop)

    assert refused(content)


@pytest.mark.parametrize("seed", range(60))
def test_a_walk_that_need_not_come_home_is_not_proved_to(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    system, prop = wandering(seed)
    honest, random = verdict_on(system, prop), Random(seed)
    assert honest is not None
    if honest["verdict"] == "holds":
        return
    try:
        content = forged(system, prop, monkeypatch)
    except EngineLimit:
        content = forged_by_numbers(system, prop)
    assert refused(content)
    for _ in range(20):
        for level in levels(content):
            level[0] = random.randrange(6)
            level[1:] = random.choice(([], *claim_of(prop, Outcome.HOLDS, system)["given"], ["time"], level[1:]))
        assert refused(content)


def forged_by_numbers(system: System, prop: Property) -> Content:
    """Ranks by the number of each class, without any duty."""
    found = ENGINE.explore(system, mode="equality", edges=True, zones=True)
    part = prover_of(system).part(found, [[[i]] for i in range(found.classes)][::-1])
    content: Content = json.loads(json.dumps(claimed(system, prop, Outcome.HOLDS, part)))
    return content


# -- each field counts


CHANGES: dict[str, Callable[[list[Any]], object]] = {
    "no duty": lambda level: level.__delitem__(slice(1, None)),
    "another kind": lambda level: level.__setitem__(1, "strong" if level[1] == "weak" else "weak"),
    "a kind that is none": lambda level: level.__setitem__(1, "sometimes"),
    "another name": lambda level: level.__setitem__(-1, "nobody"),
    "time": lambda level: level.__setitem__(slice(1, None), ["time"]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("number", range(KNOWN))
def test_a_level_that_says_something_else_is_refused(number: int, change: str) -> None:
    """One level of one rank; each class that has a duty needs it."""
    content = homecoming(number)
    for at, level in enumerate(levels(content)):
        if len(level) > 1:
            changed = deepcopy(content)
            CHANGES[change](list(levels(changed))[at])
            assert refused(changed), (at, level)


@pytest.mark.parametrize("number", range(KNOWN))
def test_a_rank_without_its_last_level_is_refused(number: int) -> None:
    content = homecoming(number)
    for rank in (rank for ranks in ranks_in(content) for rank in ranks if rank):
        last = rank.pop()
        assert refused(content)
        rank.append(last)
    assert refused(content) == ""


@pytest.mark.parametrize("number", range(KNOWN))
def test_an_assumption_that_is_taken_away_or_changed_is_missed(number: int) -> None:
    content = homecoming(number)
    used = {tuple(level[1:]) for level in levels(content) if len(level) > 1}
    assert used
    given = content["claims"][0]["given"]
    for each in list(given):
        if tuple(each) in used:
            given.remove(each)
            assert refused(content)
            given.append([{"weak": "strong", "strong": "weak"}[each[0]], each[1]])
            assert refused(content)
            given[-1] = each
    assert refused(content) == ""


def test_a_run_that_puts_off_what_is_owed_is_no_violation() -> None:
    """Walking between two rooms for ever, where a way out is always open: violated, unless it is not put off."""
    for strength, name, fair in (("weak", "hop", True), ("strong", "skip", False), ("weak", "skip", True)):
        content = receipt_of(exhibits.rooms(), done())
        content["claims"][0]["given"] = [[strength, name]]
        assert (refused(content) == "") is fair, (strength, name)


def test_a_strength_that_is_none_is_refused() -> None:
    content = receipt_of(exhibits.rooms(), done())
    for given in ([["never", "mend"]], [["weak", 3]], [["weak", None]]):
        content["claims"][0]["given"] = given
        assert "assumption" in refused(content)


def test_a_rest_beside_what_is_owed_is_no_violation() -> None:
    content = verdict_on(*BROKEN["nobody repairs"])
    assert content is not None
    for strength in ("weak", "strong"):
        content["claims"][0]["given"] = [[strength, "mend"]]
        assert "put off for ever" in refused(content)
