"""A silence may hide a step of a clock only where nothing else tells how long it was, and only where that matters."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.facts import Fact
from hamodel.incident.report import Proof
from hamodel.incident.silences import Log, Span, hiding

HOUR = 3_600_000
TIED = (1000, 60_000)
"""The messages of both nodes lie in the first minute, or in `LATER` in the last."""
LATER = (2 * HOUR, 2 * HOUR + 60_000)


def log(node: str, span: Span, quiet: Sequence[Span] = (), *facts: tuple[int, str, str]) -> Log:
    told = [Fact(node, at, at, key, {"interval_ms": ms}, Proof(node, number)) for number, (at, key, ms) in
            enumerate(facts)]  # fmt: skip
    return Log(span, told, quiet)


def found(a: Log, b: Log, tied: Span = TIED) -> list[tuple[str, bool]]:
    return [(each.node, each.after) for each in hiding("a", "b", {"a": a, "b": b}, tied)]


QUIET = log("a", (0, HOUR), [(70_000, HOUR - 1000)])


def test_a_silence_after_the_last_message_hides_a_step_where_the_other_node_writes_meanwhile() -> None:
    assert found(QUIET, log("b", (0, HOUR // 2))) == [("a", True)]


def test_a_silence_before_the_first_message_hides_one_as_well() -> None:
    early = log("a", (0, LATER[1]), [(70_000, LATER[0] - 10_000)])

    assert found(early, log("b", (HOUR, LATER[1])), LATER) == [("a", False)]


def test_between_two_messages_no_step_can_hide() -> None:
    assert found(QUIET, log("b", (0, HOUR // 2)), (1000, HOUR + 1000)) == []


def test_a_node_that_wrote_nothing_later_leaves_nothing_to_be_put_in_order() -> None:
    assert found(QUIET, log("b", (0, 60_000))) == []


def test_two_nodes_that_are_silent_and_speak_again_at_once_were_just_silent() -> None:
    assert found(QUIET, log("b", (0, HOUR), [(65_000, HOUR + 9000)])) == []
    assert found(QUIET, log("b", (0, 2 * HOUR), [(65_000, HOUR + 90_000)])) != []
    assert found(QUIET, log("b", (0, HOUR), [(HOUR - 80_000, HOUR - 2000)])) == [("a", True)]


def test_a_daemon_that_itself_tells_of_so_long_a_pause_was_silent_so_long() -> None:
    late = log("a", (0, HOUR), [(70_000, HOUR - 1000)], (HOUR - 1000, "hb-late-heartbeat", str(HOUR - 72_000)))
    soon = log("a", (0, HOUR), [(70_000, HOUR - 1000)], (HOUR - 1000, "hb-late-heartbeat", "9000"))

    assert found(late, log("b", (0, HOUR // 2))) == []
    assert found(soon, log("b", (0, HOUR // 2))) == [("a", True)]
