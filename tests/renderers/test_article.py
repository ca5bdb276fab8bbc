"""What the article's two nodes wrote, our nodes write in the model's runs of the same five tests, line for line."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hamodel.checking.of_spec import case_of
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.logs.formats import Entry, read
from hamodel.renderers.halog import render_logs
from tests.logs.test_recordings import article
from tests.shared import needs_shared

HERE = Path(__file__).parent
SPECS = HERE.parents[1] / "specs"
RUNS = tomllib.loads((HERE / "article.toml").read_text("utf-8"))["run"]

Shape = tuple[str, str, str, str]
"""Node, tag, level and text, numbers apart."""

NOT_OURS = {
    "G_CH_dispatch_int: Dispatch function for read child took too long to execute: # ms (> # ms) (GSource: #x#f#)": 1,
}
"""How slow a machine is, is not modelled; and the last entries of the article are those of another machine (2.0.7)."""


def shape(entry: Entry) -> Shape:
    return entry.host, entry.tag, entry.level, re.sub(r"\d+", "#", entry.text.split("\nSoftdog")[0])


@cache
def messages(name: str) -> tuple[Entry, ...]:
    """What both nodes have in their messages after this run, each with its own clock."""
    run: dict[str, Any] = next(run for run in RUNS if run["name"] == name)
    spec = read_spec([SPECS / run["spec"]], None, {"start_from": run["start"]})
    system = case_of(spec).system.with_settings(budget_total=len(run["events"]))
    start = ClassesEngine().steady(system)[0] if run["start"] == "steady" else None
    logs = render_logs(schedule.timed(system, run["events"], start), spec.cluster)
    return tuple(e for node in ("node1", "node2") for e in read(logs[f"{node}/messages"].splitlines(), 2007))


@needs_shared
def test_all_lines_of_the_article_are_written_in_its_five_tests() -> None:
    ours = {shape(entry) for run in RUNS for entry in messages(run["name"])}
    missing = Counter(shape(entry)[3] for entry in article() if entry.host and shape(entry) not in ours)
    assert missing == NOT_OURS


@needs_shared
@pytest.mark.parametrize("node", ["node1", "node2"])
def test_the_handover_of_the_second_test_is_the_article_s_in_its_order(node: str) -> None:
    """From the wish to go standby to the last line that the article has."""
    real = [shape(e) for e in article() if e.host == node and e.when.hour == 9 and e.when.minute < 10]
    ours = [shape(e) for e in messages("public-cable") if e.host == node]
    wish = (node, "heartbeat", "info", "node# wants to go standby [all]")
    real, ours = real[real.index(wish) :], ours[ours.index(wish) :]
    assert ours[: len(real)] == real
    assert len(real) > 12
