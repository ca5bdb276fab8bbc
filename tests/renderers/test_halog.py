"""The logs of both nodes: the right files, the right bytes, readable by the same program."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from hamodel.config.cluster import read_cluster
from hamodel.errors import ModelError
from hamodel.ir.trace import Step, Trace
from hamodel.logs.catalogue import VERSIONS
from hamodel.logs.formats import read
from hamodel.renderers.halog import hosts_of, render_logs
from tests.logs.samples import GROUPS, hosts, line, timed

GOLDEN = Path(__file__).parent / "golden_halog"


def killed_owner(version: str) -> Trace:
    """node1 boots and owns the group, its daemon is killed, node2 takes over: two owners."""
    first, second = GROUPS[version].split()[1:]
    takeover: list[tuple[int, str, dict[str, object]]] = [
        (34100, "mach-down-taking-group", {"group": 0}),
        (34150, "acquire-group", {"group": 0}),
        (34200, "resource-status-stopped", {"resource": first}),
        (34250, "resource-start", {"resource": first}),
        (35000, "resource-started", {"resource": first}),
        (35050, "resource-status-stopped", {"resource": second}),
        (35100, "resource-start", {"resource": second}),
        (35600, "resource-started", {"resource": second}),
        (35700, "mach-down-done", {"node": "node1"}),
        (35750, "hbr-machdown-complete", {}),
    ]
    return timed(
        (0, line(0, "boot")),
        (0, line(0, "daemon-start")),
        (0, line(0, "hb-local-status-set", status="up")),
        (0, line(1, "boot")),
        (0, line(1, "daemon-start")),
        (0, line(1, "hb-local-status-set", status="up")),
        (600, line(0, "hb-link-status", node="node2", link="eth1", status="up")),
        (600, line(0, "hb-node-status", node="node2", status="up")),
        (610, line(1, "hb-link-status", node="node1", link="eth1", status="up")),
        (610, line(1, "hb-node-status", node="node1", status="up")),
        (700, line(0, "comm-up")),
        (700, line(0, "client-start")),
        (710, line(1, "comm-up")),
        (710, line(1, "client-start")),
        (11200, line(0, "hb-local-transition")),
        (11200, line(0, "req-our-resources-begin")),
        (11300, line(0, "req-our-resources-status", resource=0, group=0)),
        (11400, line(0, "req-our-resources-end", count=1)),
        (11450, line(0, "harc-run", event="ip-request-resp")),
        (11450, line(0, "ip-request-resp-received", key=first)),
        (11500, line(0, "acquire-group", group=0)),
        (11600, line(0, "resource-status-stopped", resource=first)),
        (11650, line(0, "resource-start", resource=first)),
        (12400, line(0, "resource-started", resource=first)),
        (12450, line(0, "resource-status-stopped", resource=second)),
        (12500, line(0, "resource-start", resource=second)),
        (13000, line(0, "resource-started", resource=second)),
        (30000, line(0, "kill-9", what="mcp")),
        (34000, line(1, "hb-node-dead", node="node1")),
        (34000, line(1, "no-stonith")),
        (34000, line(1, "hbr-resources-acquired-from", node="node1")),
        (34000, line(1, "hb-link-status", node="node1", link="eth1", status="dead")),
        (34010, line(1, "harc-run", event="status")),
        (34010, line(1, "req-our-resources-begin")),
        (34060, line(1, "req-our-resources-end", count=0)),
        (34080, line(1, "mach-down-begin")),
        *((at, line(1, name, **fields)) for at, name, fields in takeover),
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_killed_owner_s_logs_are_these(version: str) -> None:
    files = render_logs(killed_owner(version), hosts(version, debugfile="/var/log/ha-debug"), skew_ms=(0, -70_000))
    assert sorted(files) == [f"node{n}/{name}" for n in (1, 2) for name in ("ha-debug", "ha-log", "messages")]
    for name, text in files.items():
        golden = GOLDEN / f"{version}-{name.replace('/', '-')}.txt"
        assert text == golden.read_text("utf-8"), golden.name


@pytest.mark.parametrize("version", VERSIONS)
def test_same_input_same_bytes(version: str) -> None:
    trace, pair = killed_owner(version), hosts(version)
    assert render_logs(trace, pair) == render_logs(trace, pair)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_line_has_a_header_that_can_be_read(version: str) -> None:
    for name, text in render_logs(killed_owner(version), hosts(version, debugfile="/var/log/ha-debug")).items():
        lines = text.splitlines()
        entries = read([text for text in lines if not text.startswith(("INFO:  ", "SIOCDELRT: "))], 2007)
        assert len(entries) == len(lines) - (0 if name.endswith(("ha-log", "messages")) else 2)
        assert all(entry.when.year == 2007 and entry.tag and not re.match(r"\[\d", entry.text) for entry in entries)
        assert all(entry.pid is not None or entry.tag == "kernel" for entry in entries)


def test_lines_go_where_ha_cf_sends_them() -> None:
    trace = killed_owner("2.0.8")

    def names(**changes: object) -> set[str]:
        found = render_logs(trace, hosts("2.0.8", **changes))
        return {name.split("/")[1] for name in found}

    assert names(logfile="/var/log/ha-log", facility=False) == {"ha-log", "messages"}
    files = render_logs(trace, hosts("2.0.8", logfile="/var/log/ha-log", facility=False))
    assert "heartbeat" not in files["node1/messages"] and "kjournald" in files["node1/messages"]
    assert "kernel:" not in files["node1/ha-log"]
    quiet = timed((0, line(0, "daemon-start")))
    assert set(render_logs(quiet, hosts("2.0.8", logfile="/var/log/ha-log", facility=False))) == {
        "node1/ha-log",
        "node2/ha-log",
    }
    assert set(render_logs(quiet, hosts("2.0.8", logfile="", facility=False))) == {
        "node1/ha-log", "node1/messages", "node2/ha-log", "node2/messages",
    }  # fmt: skip
    logd = hosts("2.0.8", use_logd=True, debugfile="/var/log/ha-debug")
    assert "node1/ha-debug" not in render_logs(quiet, logd)


def test_each_node_has_its_own_clock() -> None:
    trace = timed((1500, line(0, "hb-node-dead")), (1500, line(1, "hb-node-dead")))
    begin = (datetime(2007, 11, 26, 9, 4, 8), datetime(2007, 11, 26, 9, 2, 57))
    files = render_logs(trace, hosts("2.0.8"), begin=begin, skew_ms=(0, 600))
    assert files["node1/messages"].startswith("Nov 26 09:04:09 node1 heartbeat: [")
    assert files["node2/messages"].startswith("Nov 26 09:02:59 node2 heartbeat: [")


def test_a_trace_without_times_has_no_log() -> None:
    untimed = Trace(
        "sample", killed_owner("2.0.8").initial, (Step("kill(node1)", None, killed_owner("2.0.8").initial),)
    )
    with pytest.raises(ModelError, match="without times"):
        render_logs(untimed, hosts("2.0.8"))
    with pytest.raises(ModelError, match="only two"):
        render_logs(timed((0, line(2, "boot"))), hosts("2.0.8"))
    with pytest.raises(ModelError, match="two nodes"):
        hosts_of(hosts("2.0.8")[:1])


HA_CF = """\
logfacility local0
logfile /var/log/ha-log
keepalive 2
deadtime 20
warntime 7
initdead 120
bcast eth1
ping 192.168.60.1
ucast eth0 192.168.60.132
ucast eth0 192.168.60.133
auto_failback on
node node1 node2
respawn hacluster /usr/lib/heartbeat/ipfail
stonith_host * meatware node1 node2
"""


def test_a_cluster_read_from_files_is_enough(tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text(HA_CF, "utf-8")
    (tmp_path / "haresources").write_text(f"Node1 {' '.join(GROUPS['2.0.8'].split()[1:])}\n", "utf-8")
    (tmp_path / "authkeys").write_text("auth 1\n1 crc\n", "utf-8")
    (tmp_path / "authkeys").chmod(0o600)
    cluster = read_cluster([tmp_path])
    host, other = hosts_of(cluster)
    assert (host.name, host.peer, other.name, other.peer) == ("node1", "node2", "node2", "node1")
    assert [medium.kind for medium in host.media] == ["bcast", "ping", "ucast", "ucast"]
    assert host.groups == (GROUPS["2.0.8"],)
    assert (host.stonith, host.initdead, host.facility, host.logfile) == ("meatware", 120_000, True, "/var/log/ha-log")
    assert (host.warntime, host.deadtime, host.refuses) == (7_000, 20_000, False)
    trace = timed((0, line(0, "daemon-start")), (10, line(0, "acquire-group", group=GROUPS["2.0.8"])))
    text = render_logs(trace, cluster)["node1/ha-log"]
    assert text.count("Configuration validated. Starting heartbeat") == 1
    assert f"Acquiring resource group: {GROUPS['2.0.8']}\n" in text
    assert "glib: ucast: started on port 694 interface eth0 to 192.168.60.132\n" in text
