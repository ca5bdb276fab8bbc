"""Time grows with the lines, however many nodes a hostile log names."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from hamodel.incident.case import explained
from hamodel.renderers.explain import TURNS, render

if TYPE_CHECKING:
    from _typeshed import TraceFunction

BEGIN = datetime(2009, 11, 1)


def deaths(root: Path, count: int, names: int = 9999) -> Path:
    """A log that declares so many nodes dead in turn, ten a second."""
    lines = (
        f"{BEGIN + timedelta(seconds=i // 10):%b %d %H:%M:%S} n1 heartbeat: [3689]: WARN: node x{i % names}: is dead\n"
        for i in range(count)
    )
    path = root / f"{count}-{names}.log"
    path.write_text("".join(lines))
    return path


def steps(paths: list[Path]) -> int:
    """The lines of Python that an explanation runs through: the same number on every machine, unlike a time."""
    count = 0

    def count_line(_frame: FrameType, event: str, _arg: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return count_line

    traced = sys.gettrace()
    sys.settrace(count_line)
    try:
        explained(paths)
    finally:
        sys.settrace(traced)
    return count


def test_deaths_of_ever_new_nodes_take_no_more_steps_than_those_of_a_few(tmp_path: Path) -> None:
    explained([deaths(tmp_path, 20, 3)])

    assert steps([deaths(tmp_path, 4000, 9999)]) < 1.2 * steps([deaths(tmp_path, 4000, 3)])


def test_a_story_of_too_many_turns_is_cut_in_its_middle(tmp_path: Path) -> None:
    text = render(explained([deaths(tmp_path, TURNS + 200)]))

    assert text.count("declares x") == TURNS
    assert "declares x0 dead" in text
    assert f"declares x{TURNS + 199} dead" in text
    assert "(200 sentences more with --format json)" in text
