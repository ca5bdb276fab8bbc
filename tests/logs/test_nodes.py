"""Whose log it is where the lines do not say: 2.0.8 writes no host into its own files."""

from __future__ import annotations

from pathlib import Path

from hamodel.logs.reading import read_logs

UP = "heartbeat[{pid}]: 2009/06/30_13:46:1{second} info: {text}\n"


def old(*texts: str, pid: int = 3689) -> str:
    return "".join(UP.format(pid=pid, second=second, text=text) for second, text in enumerate(texts))


def nodes(*paths: Path) -> set[str]:
    return {line.node for line in read_logs(paths)}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_host_of_the_line_comes_first(tmp_path: Path) -> None:
    text = "Jun 30 13:46:12 node7 heartbeat: [1]: info: Link node2:eth1 up.\n"
    assert nodes(write(tmp_path / "node1/ha-log", text)) == {"node7"}


def test_script_lines_without_a_host_belong_to_the_host_of_the_others(tmp_path: Path) -> None:
    daemon = "Nov 22 08:52:12 node2 heartbeat: [1]: info: Link node1:eth1 up.\n"
    script = "2026/11/22_08:52:13  harc(default)[144]:    info: Running /etc/ha.d//rc.d/status status\n"
    assert nodes(write(tmp_path / "ha-log", script + daemon)) == {"node2"}


def test_logs_of_two_nodes_pasted_into_one_file_stay_apart(tmp_path: Path) -> None:
    text = ""
    for node in ("node1", "node2"):
        text += f"Nov 22 08:52:12 {node} heartbeat: [1]: info: Link x:eth1 up.\n"
        text += "harc(default)[14]:\t2026/11/22_08:52:13 info: Running /etc/ha.d//rc.d/status status\n"
    lines = list(read_logs([write(tmp_path / "both", text)]))
    assert [line.node for line in lines if line.key == "harc-running"] == ["node1", "node2"]


def test_the_node_that_names_itself(tmp_path: Path) -> None:
    assert nodes(write(tmp_path / "log", old("node1 Heartbeat shutdown complete."))) == {"node1"}


def test_of_the_nodes_with_links_the_one_that_is_not_the_peer(tmp_path: Path) -> None:
    text = old(
        "Link 10.0.0.1:10.0.0.1 up.",
        "Status update for node 10.0.0.1: status ping",
        "Link node1:eth1 up.",
        "Link node2:eth1 up.",
        "Received shutdown notice from 'node2'.",
    )
    assert nodes(write(tmp_path / "log", text)) == {"node1"}


def test_a_dead_ping_node_is_no_peer(tmp_path: Path) -> None:
    text = old("Link node1:eth1 up.", "node 10.0.0.1: is dead", "Link 10.0.0.1:10.0.0.1 dead.")
    assert nodes(write(tmp_path / "log", text)) == {""}


def test_each_node_is_the_one_that_is_not_the_others_peer(tmp_path: Path) -> None:
    left = write(tmp_path / "left/ha-log", old("Resources being acquired from beta."))
    right = write(tmp_path / "right/ha-log", old("Resources being acquired from alpha.", pid=99))
    found = {line.source: line.node for line in read_logs([left, right])}
    assert found == {str(left): "alpha", str(right): "beta"}


def test_contradictions_name_nobody(tmp_path: Path) -> None:
    text = old(
        "Received shutdown notice from 'node1'.", "Received shutdown notice from 'node2'.", "Link node1:eth1 up."
    )
    assert nodes(write(tmp_path / "log", text)) == {""}


def test_the_same_processes_in_the_syslog_name_the_node(tmp_path: Path) -> None:
    write(tmp_path / "ha-log", old("Local status now set to: 'up'"))
    central = "".join(
        f"Jun 30 13:46:10 {node} heartbeat: [{pid}]: info: Local status now set to: 'up'\n"
        for node, pid in (("node1", 3689), ("node2", 2110))
    )
    write(tmp_path / "messages", central)
    lines = list(read_logs([tmp_path]))
    assert sorted((line.node, line.entry.pid) for line in lines) == [("node1", 3689), ("node2", 2110)]


def test_a_folder_for_each_node_names_it(tmp_path: Path) -> None:
    for name in ("db1", "db2"):
        write(tmp_path / name / "ha-log", old("Local status now set to: 'up'"))
    assert nodes(tmp_path) == {"db1", "db2"}


def test_a_folder_of_logs_is_no_node(tmp_path: Path) -> None:
    assert nodes(write(tmp_path / "log" / "ha-log", old("Local status now set to: 'up'")).parent) == {""}


def test_the_short_name_in_the_syslog_is_the_full_name_in_the_texts(tmp_path: Path) -> None:
    write(tmp_path / "a/messages", "Jun 30 13:46:10 ha1 heartbeat: [1]: info: Link ha2.example.net:eth0 up.\n")
    write(tmp_path / "b/messages", "Jun 30 13:46:10 ha2 heartbeat: [2]: info: Link ha1.example.net:eth0 up.\n")
    assert nodes(tmp_path) == {"ha1.example.net", "ha2.example.net"}


def test_capitals_in_the_host_name_make_no_other_node(tmp_path: Path) -> None:
    write(tmp_path / "messages", "Jun 30 13:46:10 HA1 heartbeat: [1]: info: ha1 wants to go standby [all]\n")
    write(tmp_path / "other", "Jun 30 13:46:10 ha2 heartbeat: [1]: info: standby: acquire [all] resources from ha1\n")
    assert nodes(tmp_path) == {"ha1", "ha2"}
