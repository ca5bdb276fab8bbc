"""Scenario files: what their words mean, and what is said of those without a meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.predict import predict_file
from hamodel.errors import FileUnreadable, NotModelled, SpecError
from hamodel.ir.script import Event, Wait
from hamodel.ir.system import System
from hamodel.machines import compose_cluster
from hamodel.scenarios import testbed
from hamodel.scenarios.actions import MEANINGS, actions_of, deed, on_the_test_bed
from hamodel.scenarios.demands import ON_DEMAND, Demands
from hamodel.scenarios.files import Bed, bed_of, spec_of, texts_of
from hamodel.scenarios.scenario import condition_of, conditions, read_scenario, script_of
from tests.scenarios.small import CUT

STEPS = [("IPaddr", "IPaddr::192.168.60.200/24/eth0"), ("Filesystem", "Filesystem::/dev/sdb5::/webdata::ext3")]
NOT_YET = {"the service dies"}
"""Words with a line in the table for which no machine has the action; one that has learned its action leaves this. The
scenario of this test has no service that could die."""


@pytest.fixture(scope="module")
def system() -> System:
    """With all machines that are composed on demand."""
    demands = Demands({f"faults.{kind}": 1 for kind in ON_DEMAND.values()})
    with spec_of(texts_of({}), Bed(), demands) as spec:
        return on_the_test_bed(compose_cluster(spec), testbed.NODES)


def _of(system: System, **line: object) -> list[str]:
    return actions_of(deed(line, "do"), system, STEPS)


def test_a_card_that_carries_clients_is_cut_on_its_node_and_one_that_does_not_is_one_cable(system: System) -> None:
    found = _of(system, do="unplug", node="node1", iface=["eth0", "eth1"])

    assert found == ["cut[node1:eth0]", "cut[eth1]"]


def test_a_partition_leaves_the_ping_node_to_both(system: System) -> None:
    assert _of(system, do="partition") == ["cut[eth0 between node1 and node2]", "cut[eth1]"]


def test_both_nodes_are_two_events(system: System) -> None:
    assert _of(system, do="kill_all", node="both") == ["kill[node1]", "kill[node2]"]


def test_what_the_cluster_did_by_itself_is_not_taken_as_given(system: System) -> None:
    assert _of(system, do="node_reset", node="node1", cause="watchdog") == []


@pytest.mark.parametrize(
    "line",
    [
        {"do": "loss", "node": "node1", "iface": "eth0", "percent": 60},
        {"do": "loss", "node": "node1", "iface": "eth0", "percent": 100},
        {"do": "run", "node": "node1", "cmd": "reboot"},
        {"do": "delay", "node": "node1", "res": "IPaddr", "op": "status", "seconds": 3},
        {"do": "kill_all", "node": "node1", "signal": 15},
        {"do": "fail", "node": "node1", "res": "IPaddr", "op": "start", "rc": 0},
    ],
)
def test_a_word_without_a_meaning_is_named(system: System, line: dict[str, object]) -> None:
    with pytest.raises(NotModelled, match=f"not modelled yet: {line['do']}"):
        _of(system, **line)


@pytest.mark.parametrize("word", MEANINGS)
def test_every_word_of_the_table_is_an_action_or_known_to_be_missing(system: System, word: str) -> None:
    filled = {"node": "node1", "card": "eth0", "step": STEPS[1][1], "ping": testbed.PING}
    names = [[name.format(**filled) for name in names] for names in MEANINGS[word].actions]

    there = all(any(name in system.action_index for name in alternatives) for alternatives in names)

    assert there != (word in NOT_YET)


def test_the_init_script_takes_its_time_and_a_stop_is_waited_for(tmp_path: Path, system: System) -> None:
    file = tmp_path / "s.toml"
    file.write_text(
        'event = [{ do = "stop", node = "node1" }, { after = 2, do = "start", node = "node1" }]\nsettle = 9\n'
    )

    script, settle = script_of(read_scenario(file), system, STEPS)

    lo, hi = testbed.PROMPT
    assert script == [
        Event("stop_heartbeat[node1]", 0, 0),
        Wait("down:node1", testbed.STOP_PATIENCE),
        Event("starts_soon[node1]", 2000 + lo, 2000 + hi),
    ]
    assert settle == (9000 + testbed.START[0], 9000 + testbed.START[1])


def test_a_moment_after_a_wait_counts_from_its_earliest_and_its_latest_end(tmp_path: Path, system: System) -> None:
    file = tmp_path / "s.toml"
    file.write_text(
        'event = [{ do = "wait", until = "owner:none", timeout = 7 }, { at = 10, do = "ping_drop" }]\nsettle = 0\n'
    )

    events, _ = script_of(read_scenario(file), system, STEPS)

    assert events == [Wait("owner:none", 7000), Event("ping_dies[192.168.60.1]", 3000, 10_000)]


def test_every_condition_but_log_lines_can_be_waited_for(system: System) -> None:
    known = conditions(system, testbed.NODES, ("vip", "mount"))

    asked = ["owner:node1", "owner:none", "has:node2", "hasnot:node1", "both:", "both:mount", "up:node1", "down:node2",
             "client:node2", "log:node1:Initial resource acquisition complete"]  # fmt: skip

    assert {condition_of(c) for c in asked} <= set(known)
    with pytest.raises(NotModelled, match="log line"):
        condition_of("log:node1:wants to go standby")


def test_a_scenario_is_played_from_its_waits_alone(tmp_path: Path) -> None:
    file = tmp_path / "cut.toml"
    file.write_text(CUT)

    prediction = predict_file(file)

    (ending,) = prediction.endings
    lo, hi = ending.overlap_ms["vip"]
    assert ending.final_owners == {"vip": ("node1", "node2"), "mount": ("node1", "node2")}
    assert 20_000 - 4_500 - 2_000 < lo <= hi < 20_000 - 3_500 + 300
    assert prediction.complete
    assert prediction.sharp


def test_files_that_heartbeat_refuses_end_before_they_begin(tmp_path: Path) -> None:
    file = tmp_path / "refused.toml"
    file.write_text('event = [{ do = "start", node = "both" }]\n[ha_cf]\nkeepalive = "2"\n')

    (ending,) = predict_file(file).endings

    assert ending.refused


def test_files_that_only_one_node_refuses_are_not_modelled_yet(tmp_path: Path) -> None:
    file = tmp_path / "refused.toml"
    file.write_text('event = [{ do = "start", node = "both" }]\n[ha_cf.node2]\nkeepalive = "2"\n')

    with pytest.raises(NotModelled, match="node2 only"):
        predict_file(file)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("event = 3", SpecError),
        ("event = [{ node = 'node1' }]", SpecError),
        ("boot_delay = 'soon'", SpecError),
        ("not toml", SpecError),
        ("event = [{ do = 'wait', until = 'up:node1', timeout = 'x' }]", SpecError),
        ("event = [{ do = 'note', after = 'x' }]", SpecError),
        ("event = [{ do = 'wait', until = 'moon:full' }]", NotModelled),
        ("stonith_reply_delay = 3", NotModelled),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    file = tmp_path / "s.toml"
    file.write_text(text)

    with pytest.raises(error):
        predict_file(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        predict_file(tmp_path / "none.toml")


def test_the_head_of_a_scenario_has_the_defaults_of_the_test_bed() -> None:
    assert bed_of({}) == Bed()
