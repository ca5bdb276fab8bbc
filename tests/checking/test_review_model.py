"""A broken claim comes with a repair that this configuration does not have already."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.review_model import model_remarks
from hamodel.config.spec import read_spec
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result, Way
from hamodel.ir.verdict import Outcome, Range
from hamodel.renderers.words import when
from tests.checking.reviews import CAREFUL, DISK, put

FENCE = "STONITH, so that a takeover waits for the reset"
PATH = "a second path on another card"
DOG = "a watchdog, which resets some seconds late"


@pytest.mark.parametrize(
    ("without", "kind", "hints"),
    [
        ((), "cut", []),
        (("stonith",), "cut", [FENCE]),
        (("eth2",), "cut", [PATH]),
        (("eth2", "stonith"), "cut", [PATH, FENCE]),
        (("watchdog", "stonith"), "kill", [DOG, FENCE]),
        (("watchdog",), "kill", [DOG]),
        (("stonith",), "kill", [FENCE]),
    ],
)
def test_what_is_there_is_not_advised(tmp_path: Path, without: tuple[str, ...], kind: str, hints: list[str]) -> None:
    lines = CAREFUL.replace(" eth2", "") if "eth2" in without else CAREFUL
    kept = [line for line in lines.splitlines() if not line.startswith(tuple(set(without) - {"eth2"} or {"-"}))]
    nodes = list(read_spec([put(tmp_path, "\n".join(kept) + "\n", DISK)]).cluster.per_node.values())
    broken = Result("single_mount", "No two.", PropertyKind.ALWAYS, Outcome.VIOLATED, ways=(Way(((kind, 1),)),))
    report = Report("x", ("node1", "node2"), "3.0.6", "steady", 1, ((kind, 1),), (broken,))

    (remark,) = model_remarks(report, "here", nodes)

    search = "`hamodel repair here --property single_mount` searches the smallest change"
    assert remark.repair == "; or ".join(filter(None, ["; ".join(hints), search]))


@pytest.mark.parametrize(
    ("earliest", "length", "said"),
    [
        (None, None, ""),
        (28_000, None, "soonest after 28 s"),
        (None, Range(5, None), "lasts for ever"),
        (28_000, Range(5, 1_000), "soonest after 28 s, lasts at most 1 s"),
    ],
)
def test_what_was_not_measured_is_not_mentioned(earliest: int | None, length: Range | None, said: str) -> None:
    assert when(Way((("cut", 1),), length, earliest)) == said
