"""Signs are found in every layout, in wrapped lines too, and clocks are compared by what both machines wrote."""

from __future__ import annotations

import pytest

from hamodel.logs.signs import clocks_apart, signs
from tests.shared import SHARED, needs_shared

LATE = "WARN: Late heartbeat: Node n2: interval 5510 ms"


@pytest.mark.parametrize(
    "line",
    [
        f"heartbeat[5816]: 2006/10/25_11:49:58 {LATE}",
        f"Oct 25 11:49:58 n1 heartbeat: [5816]: {LATE}",
        "Oct 25 11:49:58 n1 heartbeat: [5816]: WARN:\nLate heartbeat: Node n2:\ninterval 5510 ms",
        LATE,
    ],
)
def test_a_sign_is_found_in_every_layout(line: str) -> None:
    found = signs(f"something before\n{line}\nOct 25 11:50:00 n1 kernel: something else\n")

    assert [(sign.name, dict(sign.fields)) for sign in found] == [("late", {"node": "n2", "ms": "5510"})]
    assert found[0].line == 2


def test_a_log_without_signs_and_one_that_is_no_log_say_nothing() -> None:
    assert signs("") == ()
    assert signs("\x00\xff binary\n\n\n") == ()


def test_a_date_that_does_not_exist_is_no_time() -> None:
    found = signs("Feb 31 11:49:58 n1 heartbeat: [1]: info: n1 wants to go standby [all]\n")

    assert found[0].when is None
    assert clocks_apart(found) is None


def test_one_machine_alone_says_nothing_about_clocks() -> None:
    line = "Nov 26 09:04:20 n1 heartbeat: [1]: info: n1 wants to go standby [all]\n"

    assert clocks_apart(signs(line * 2)) is None
    assert clocks_apart(signs(line + line.replace(" n1 heart", " n2 heart").replace("04:20", "04:25"))) == (
        "n1",
        "n2",
        5,
    )


@needs_shared
def test_every_log_of_the_samples_is_read() -> None:
    found = {log.parent.name: {s.name for s in signs(log.read_text(errors="replace"))}
             for log in (SHARED / "samples").glob("*/log.txt")}  # fmt: skip

    assert {"wants-standby", "we-are-dead", "shutdown-notice"} <= found["seed-article-node1-node2"]
    assert "not-lsb" in found["stop-failed-not-lsb"]
    assert {"shutdown-notice", "dead"} <= found["xen-reboot-takeover"]
    assert "late" in found["one-line-per-event"]
    assert "refused" in found["nginx-start-errors"]
