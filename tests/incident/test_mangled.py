"""Posted logs cut, merged, shuffled and full of noise: whatever comes, an explanation or a refusal, never a crash."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from hamodel.errors import HamodelError
from hamodel.incident.case import explained
from hamodel.renderers.explain import render
from hamodel.renderers.explain_json import as_data
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

LOGS = sorted(SHARED.glob("samples/*/log.txt"))
Lines = list[bytes]


def _noise(lines: Lines, chance: random.Random) -> Lines:
    place = chance.randrange(len(lines))
    return [*lines[:place], chance.randbytes(chance.randrange(200)), *lines[place:]]


def _merged(lines: Lines, chance: random.Random) -> Lines:
    place = chance.randrange(len(lines))
    return [*lines[:place], *chance.choice(LOGS).read_bytes().splitlines(), *lines[place:]]


def _repeated(lines: Lines, chance: random.Random) -> Lines:
    place = chance.randrange(len(lines))
    return [*lines[:place], lines[place] * chance.randint(2, 30), *lines[place + 1 :]]


WAYS: tuple[Callable[[Lines, random.Random], Lines], ...] = (
    lambda lines, chance: lines[chance.randrange(len(lines)) :],
    lambda lines, chance: lines[: chance.randrange(len(lines)) + 1],
    lambda lines, chance: chance.sample(lines, len(lines)),
    lambda lines, chance: [line[: chance.randrange(len(line) + 1)] for line in lines],
    lambda lines, chance: [b" ".join(lines)],
    lambda lines, chance: lines[::-1],
    _noise,
    _merged,
    _repeated,
)


@pytest.mark.parametrize("seed", range(120))
def test_a_mangled_log_never_crashes_the_explanation(seed: int, tmp_path: Path) -> None:
    chance = random.Random(f"mangled {seed}")
    lines = chance.choice(LOGS).read_bytes().splitlines()
    for way in chance.choices(WAYS, k=chance.randint(1, 4)):
        lines = way(lines, chance)
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(lines))

    try:
        report = explained([log])
    except HamodelError as refused:
        assert refused.code
        return

    assert render(report)
    assert as_data(report)
