"""Time grows with the lines, however many nodes a hostile log names."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

from hamodel.incident.case import explained
from hamodel.renderers.explain import TURNS, render

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


def test_deaths_of_ever_new_nodes_take_no_longer_than_those_of_a_few(tmp_path: Path) -> None:
    spent = []
    for names in (3, 9999):
        path = deaths(tmp_path, 20_000, names)
        begin = time.process_time()
        explained([path])
        spent.append(time.process_time() - begin)

    assert spent[1] < 1.4 * spent[0]


def test_a_story_of_too_many_turns_is_cut_in_its_middle(tmp_path: Path) -> None:
    text = render(explained([deaths(tmp_path, TURNS + 200)]))

    assert text.count("declares x") == TURNS
    assert "declares x0 dead" in text
    assert f"declares x{TURNS + 199} dead" in text
    assert "(200 sentences more with --format json)" in text
