"""Traces told in sentences."""

from __future__ import annotations

from hamodel.ir import schedule
from hamodel.ir.trace import LogLine, Step, Trace
from hamodel.renderers.story import SENTENCES, Cast, tell
from tests.disk_toy import DISK, toy

CAST = Cast(("node1", "node2"), ((f"node1 {DISK}", (DISK,)),))


def _told(*lines: LogLine, cast: Cast = CAST) -> list[str]:
    system = toy()
    plain = schedule.timed(system, ["mounted[node1]"])
    step = Step("mounted[node1]", 300, plain.steps[0].state, lines)
    story = tell(system, Trace(system.name, plain.initial, (step,)), cast)
    return [f"{s.node} {s.text}".strip() for s in story]


def test_a_line_is_said_by_the_node_that_writes_it_about_the_one_it_names() -> None:
    assert _told(LogLine(1, "hb-node-dead", (("node", "0"),))) == ["node2 declares node1 dead"]
    assert _told(LogLine(1, "hb-node-dead", (("node", "router"),))) == ["node2 declares router dead"]


def test_a_missing_node_is_the_peer() -> None:
    assert _told(LogLine(0, "stonith-begin")) == ["node1 begins to reset node2"]


def test_resources_are_told_by_what_they_are() -> None:
    def up(resource: str) -> str:
        return _told(LogLine(0, "resource-started", (("resource", resource),)))[0]

    assert up(DISK) == "node1 has mounted /dev/sdb5"
    assert up("IPaddr::10.0.0.1/24/eth0") == "node1 has the address 10.0.0.1"
    assert up("10.0.0.1") == "node1 has the address 10.0.0.1"
    assert up("drbddisk::r0") == "node1 has made r0 primary"
    assert up("httpd") == "node1 runs httpd"


def test_a_resource_may_be_given_by_its_place_in_a_group() -> None:
    line = LogLine(0, "resource-stopped", (("group", "0"), ("resource", "0")))

    assert _told(line) == ["node1 has unmounted /dev/sdb5"]


def test_a_group_is_told_by_its_owner_and_by_its_first_resource_where_that_is_needed() -> None:
    line = LogLine(1, "acquire-group", (("group", f"node1 {DISK}"),))
    two = Cast(("node1", "node2"), (*CAST.groups, ("node1 10.0.0.1", ("10.0.0.1",))))

    assert _told(line) == ["node2 begins to acquire node1's group"]
    assert _told(line, cast=two) == [f"node2 begins to acquire node1's group {DISK}"]


def test_lines_that_carry_no_story_are_left_out_and_names_of_actions_step_in_for_silence() -> None:
    assert _told(LogLine(0, "no-such-key"), LogLine(0, "boot")) == ["node1 boots"]
    assert _told() == ["mounted[node1]"]


def test_time_counts_from_the_first_fault() -> None:
    system = toy()
    trace = schedule.timed(system, ["mounted[node1]", "kill[node1]", "silent[node2]"])

    story = tell(system, trace, CAST, "the end")

    assert [(s.at, s.text) for s in story] == [
        (0, "has mounted /dev/sdb5"),
        (0, "heartbeat is killed on node1 (kill -9)"),
        (3500, "declares node1 dead"),
        (3500, "the end"),
    ]
    assert [s.cause for s in story] == [False, True, False, False]


def test_a_lasso_says_where_it_begins_again() -> None:
    system = toy()
    trace = schedule.timed(system, ["cut[eth0]", "plug[eth0]"])

    story = tell(system, Trace(trace.system, trace.initial, trace.steps, (), 0), CAST)

    assert story[-1].text == "and so on for ever, again from: cut[eth0]"


def test_every_sentence_reads_on_from_the_name_of_a_node() -> None:
    assert [text for text in SENTENCES.values() if text[0].isupper() or text.endswith(".")] == []
