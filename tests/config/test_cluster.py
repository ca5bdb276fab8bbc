"""Each node reads its own files, wherever they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.cluster import ConfigurationRefused, Failback, Severity, Stage, Topic, Version, read_cluster
from hamodel.errors import ConfigurationError, WrongInputs
from tests.config.helpers import GOOD, GROUP, write


def test_one_directory_serves_both_nodes(tmp_path: Path) -> None:
    cluster = read_cluster([write(tmp_path / "web")])

    assert cluster.name == "web"
    assert cluster.nodes == ("node1", "node2")
    assert cluster.keepalive == 2000
    assert cluster.auto_failback is Failback.OFF
    assert cluster.equal_on_both("groups")
    assert cluster.groups[0].owner == "node1"
    assert cluster.keys_agree
    assert cluster.outside_the_model == ()


def test_three_files_may_be_given_in_any_order_by_their_names(tmp_path: Path) -> None:
    folder = write(tmp_path)

    cluster = read_cluster([folder / "authkeys", folder / "haresources", folder / "ha.cf"])

    assert cluster.first.authkeys is not None
    assert cluster.groups[0].key == GROUP.split()[1]


def test_files_with_other_names_are_taken_in_order(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for name in ("ha.cf", "haresources"):
        (folder / name).rename(folder / f"{name}.txt")

    cluster = read_cluster([folder / "ha.cf.txt", folder / "haresources.txt"])

    assert len(cluster.groups) == 1


def test_two_directories_are_assigned_by_position_or_by_name(tmp_path: Path) -> None:
    slow = GOOD + "deadtime 40\n"
    by_position = [write(tmp_path / "left", hacf=slow), write(tmp_path / "right")]
    by_name = [write(tmp_path / "node2", hacf=slow), write(tmp_path / "node1")]

    positions = read_cluster(by_position)
    names = read_cluster(by_name)

    assert positions.per_node["node1"].deadtime.value == 40_000
    assert names.per_node["node2"].deadtime.value == 40_000
    assert names.per_node["node1"].deadtime.value == 30_000


def test_a_subfolder_named_by_a_node_takes_the_place_of_the_shared_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "web")
    (folder / "node2").mkdir()
    (folder / "node2" / "haresources").write_text(GROUP.replace("node1", "node2"))

    cluster = read_cluster([folder])

    assert cluster.per_node["node1"].local_groups != ()
    assert cluster.per_node["node2"].local_groups != ()
    assert not cluster.equal_on_both("groups")
    assert cluster.findings[0].topic is Topic.NODES_DIFFER
    assert cluster.findings[0].severity is Severity.ERROR
    with pytest.raises(ConfigurationError, match="groups is not the same"):
        _ = cluster.groups


def test_a_directory_named_by_a_node_that_its_file_forgets_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "node1")
    two = write(tmp_path / "node2", hacf=GOOD.replace("node node1 node2", "node node1 node3"))

    with pytest.raises(ConfigurationRefused) as refused:
        read_cluster([one, two])

    assert [error.code for error in refused.value.errors] == ["HA109"]
    assert list(refused.value.transcripts) == ["node2"]


def test_the_local_node_is_checked_when_somebody_says_who_it_is(tmp_path: Path) -> None:
    folder = write(tmp_path)

    with pytest.raises(ConfigurationRefused, match="does not start"):
        read_cluster([folder], local_node="www")
    assert read_cluster([folder], local_node="Node1").nodes == ("node1", "node2")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("deadtime 40\n", "deadtime differs: 30 s on node1, 40 s on node2"),
        ("auto_failback on\n", "auto_failback differs: off on node1, on on node2"),
        ("msgfmt netstring\n", "msgfmt differs: the nodes may not understand each other"),
        ("watchdog /dev/watchdog\n", "node2 has watchdog, node1 has not"),
        ("bcast eth5\n", "the media differ: what one node sends, the other may not hear"),
        ("node node3\n", "node1 knows node1, node2; node2 knows node1, node2, node3"),
    ],
)
def test_a_difference_between_the_nodes_is_named(tmp_path: Path, change: str, message: str) -> None:
    cluster = read_cluster([write(tmp_path / "node1"), write(tmp_path / "node2", hacf=GOOD + change)])

    assert message in {said.message for said in cluster.findings if said.topic is Topic.NODES_DIFFER}


def test_different_ports_and_different_keys_are_errors(tmp_path: Path) -> None:
    one = write(tmp_path / "node1")
    two = write(tmp_path / "node2", hacf="udpport 700\n" + GOOD, authkeys="auth 1\n1 sha1 other\n")

    cluster = read_cluster([one, two])

    assert not cluster.keys_agree
    messages = {said.message for said in cluster.findings if said.severity is Severity.ERROR}
    assert messages == {
        "the UDP ports differ: the nodes do not hear each other",
        "the keys differ: each node drops the other's packets, and both take everything",
    }


def test_a_live_directory_is_held_to_its_permissions(tmp_path: Path) -> None:
    folder = write(tmp_path / "ha.d")
    (folder / "authkeys").chmod(0o644)

    with pytest.raises(ConfigurationRefused) as refused:
        read_cluster([folder])
    assert refused.value.stage is Stage.AUTHKEYS
    assert read_cluster([folder], live=False).nodes == ("node1", "node2")


def test_a_refusal_carries_all_errors_the_findings_the_stage_and_the_transcript(tmp_path: Path) -> None:
    folder = write(tmp_path, hacf=GOOD + "rtprio 0\ndebug 3\ndebug 999\n")

    with pytest.raises(ConfigurationRefused) as refused:
        read_cluster([folder])

    problem = refused.value
    assert [error.code for error in problem.errors] == ["HA103", "HA103"]
    assert problem.stage is Stage.HA_CF
    assert [str(line) for line in problem.transcript] == [
        "ERROR: Illegal realtime priority [0]",
        "ERROR: Heartbeat not started: configuration error.",
        "ERROR: Configuration error, heartbeat not started.",
    ]
    assert Topic.DEBUG_HIGH in {said.topic for said in problem.findings}
    assert str(problem).endswith("Heartbeat does not start on node1 and node2: 2 problems")


def test_a_missing_ha_cf_is_refused_in_the_daemons_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        read_cluster([tmp_path], Version.V2_0_8)

    assert [str(line) for line in refused.value.transcript] == [
        "ERROR: Cannot open config file [/etc/ha.d/ha.cf]",
        "info: An annotated sample /etc/ha.d/ha.cf file is provided in the documentation.",
        "info: Please copy it to /etc/ha.d/ha.cf, read it, customize it, and try again.",
        "ERROR: Heartbeat not started: configuration error.",
        "ERROR: Configuration error, heartbeat not started.",
    ]
    assert [error.code for error in refused.value.errors] == ["HA101"]


def test_an_explicit_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)

    with pytest.raises(ConfigurationRefused) as refused:
        read_cluster([folder / "ha.cf", folder / "no" / "haresources"])
    assert refused.value.stage is Stage.HARESOURCES


def test_wrong_numbers_of_paths_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for paths in ([], [folder] * 3, [folder / "ha.cf"] * 4, [folder, folder / "ha.cf"]):
        with pytest.raises(WrongInputs):
            read_cluster(paths)


@pytest.mark.parametrize("name", ["ha.cf", "haresources", "authkeys"])
def test_a_directory_or_a_loop_in_the_place_of_a_file_is_a_refusal_and_no_crash(tmp_path: Path, name: str) -> None:
    for kind in ("folder", "loop"):
        folder = write(tmp_path / kind)
        (folder / name).unlink()
        if kind == "folder":
            (folder / name).mkdir()
        else:
            (folder / name).symlink_to(folder / name)

        with pytest.raises(ConfigurationRefused) as refused:
            read_cluster([folder])
        assert refused.value.errors[0].code == "HA101"


def test_two_clusters_that_say_the_same_are_equal_wherever_they_are_kept(tmp_path: Path) -> None:
    one, two = read_cluster([write(tmp_path / "a")]), read_cluster([write(tmp_path / "b", hacf="\n\n" + GOOD)])

    assert one.media == two.media
    assert one.groups == two.groups
    assert one.first.media[0].span != two.first.media[0].span
