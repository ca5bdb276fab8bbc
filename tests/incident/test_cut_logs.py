"""Logs that end before their node did, begin after it, or were left by a second start: nothing is concluded from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Certainty, Explanation, Verdict
from tests.incident.altered import NODES, syslog, written
from tests.shared import needs_shared

pytestmark = needs_shared


def cut(run: str, root: Path, node: str, at: str, *, head: bool) -> Explanation:
    """A recording of which one node's syslog begins, or ends, in this second."""
    logs = {name: list(syslog(run, name)) for name in NODES}
    logs[node] = [line for line in logs[node] if (line[7:15] >= at if head else line[7:15] <= at)]
    return explained(written(root, logs), year=2026)


@pytest.mark.parametrize(
    ("run", "node", "at"),
    [
        ("hz60_ping_loss_skewed", "node2", "10:40:33"),
        ("hz61_ping_flaps", "node2", "10:43:58"),
        ("stonith_repaired_late", "node2", "09:18:16"),
    ],
)
def test_a_log_that_ends_before_the_handover_is_no_second_owner(run: str, node: str, at: str, tmp_path: Path) -> None:
    report = cut(run, tmp_path, node, at, head=False)

    assert report.unsafe is not Certainty.CERTAIN
    assert report.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("second", range(55, 60))
def test_a_log_that_ends_in_the_second_of_a_message_wrote_it_perhaps(second: int, tmp_path: Path) -> None:
    report = cut("hz06_owner_shoots_on_resume", tmp_path, "node1", f"10:45:{second}", head=False)

    assert report.contradictions == ()


@pytest.mark.parametrize("run", ["hz22_authkeys_differ", "hz05_restart_afb_off"])
def test_a_log_that_begins_after_its_node_was_heard_does_not_tell_everything(run: str, tmp_path: Path) -> None:
    at = syslog(run, "node1")[-40][7:15]
    report = cut(run, tmp_path, "node1", at, head=True)

    assert report.verdict is not Verdict.SAFE
