"""Every event of the model becomes lines that the catalogue knows, under numbers that make sense."""

from __future__ import annotations

import pytest

from hamodel.errors import ModelError
from hamodel.logs.catalogue import CATALOGUE, VERSIONS
from hamodel.logs.expand import COMPOUNDS, expand, known
from hamodel.logs.host import Medium, resource
from hamodel.logs.journal import Journal, Said
from hamodel.logs.mistakes import MISTAKEN
from tests.logs.samples import DISK, FIELDS, GROUPS, PLAIN, hosts, line, logs

SILENT = {
    "boot",
    "power-off",
    "reset-by-peer",
    "mach-down-begin",
    "req-our-resources-begin",
    "kill-9",
    "client-signed-on",
    "initial-foreign-done",
    "initial-local-done",
    "daemon-goes-on",
    "claims-come",
    "claims-overtake",
    "daemon-pauses",
    "done-comes",
    "message-is-sent",
    "packets-begin",
    "peer-shoots-nobody",
    "replays-reach",
    "status-is-sent",
    "status-is-handled",
    "status-is-lost",
    "status-travels",
}


def said_by(version: str, name: str, /, **fields: object) -> tuple[Said, ...]:
    return logs(version, (0, line(0, name, **fields)), watchdog="/dev/watchdog")[0].lines


def recognised(said: Said, version: str) -> bool:
    return any(
        version in text.versions and text.level.replace("-", "") == said.level and text.matches(said.text) is not None
        for text in CATALOGUE.values()
        if text.format.strip() != "{line}" or not said.text
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", sorted(COMPOUNDS))
def test_an_event_becomes_known_lines(name: str, version: str) -> None:
    event = COMPOUNDS[name]
    samples: list[dict[str, object]] = [{**FIELDS.get(name, {})}]
    if "resource" in event.needs:
        words = GROUPS[version].split()[1:]
        samples = [
            {"resource": word, "group": GROUPS[version]} for word in (*words, "httpd", "IPaddr2::10.0.0.9/8/eth2")
        ]
    for fields in samples:
        lines = said_by(version, name, **fields)
        assert lines or name in SILENT or "resource" in event.needs
        assert all(recognised(said, version) for said in lines), lines
    assert event.about.endswith(".")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", sorted(name for name, event in COMPOUNDS.items() if event.needs))
def test_a_missing_field_is_refused(name: str, version: str) -> None:
    with pytest.raises(ModelError, match=name):
        expand(Journal(hosts(version)[0], 0, ("node1", "node2")), 0, name, {})


@pytest.mark.parametrize("version", VERSIONS)
def test_every_line_of_daemon_and_ipfail_can_be_logged_alone(version: str) -> None:
    for text in CATALOGUE.values():
        if text.component in ("heartbeat", "ipfail") and version in text.versions and text.level != "debug":
            fields: dict[str, object] = {name: f"/{name}" for name in text.placeholders}
            key = text.id.removesuffix("-v2").removesuffix("-v3")
            lines = said_by(version, key, **fields)
            said, *told = reversed(lines) if key in MISTAKEN else lines
            assert key in MISTAKEN or all(more.tag == "ipfail" for more in told)
            assert text.matches(said.text) is not None
    assert known("hb-partition-url", version) and known("boot", version) and not known("nonsense", version)


def test_a_script_line_alone_is_refused() -> None:
    with pytest.raises(ModelError, match="inside a script"):
        said_by("2.0.8", "rm-acquiring", node="node1", resources="x")
    with pytest.raises(ModelError, match="no log line is called nonsense"):
        said_by("2.0.8", "nonsense")


def test_what_the_rule_leaves_out_comes_from_the_configuration() -> None:
    assert said_by("3.0.6", "ipfail-delayed-giveup")[0].text == "Delayed giveup in 1 seconds."
    assert said_by("3.0.6", "hbr-resources-acquired-from")[0].text == "Resources being acquired from node2."
    assert said_by("3.0.6", "hbr-can-take", node=1, rsc_type=3)[0].text == "standby: node2 can take our all resources"
    assert said_by("3.0.6", "hb-node-status", node="node2", status="ACTIVE")[0].text.endswith("status active")
    text = said_by("3.0.6", "stonith-begin", node="node2")[0].text
    assert text == "Resetting node node2 with [hbtest STONITH device\n]"


def test_numbers_are_kept_for_a_life_and_rise() -> None:
    lines = logs(
        "2.0.8",
        (0, line(0, "daemon-start")),
        (0, line(0, "hb-local-status-set", status="up")),
        (9, line(0, "client-start")),
        (10, line(0, "harc-run", event="status")),
        (20, line(0, "mach-down-begin")),
        (21, line(0, "acquire-group", group=0)),
        (22, line(0, "resource-start", resource=0, group=0)),
        (30, line(0, "resource-started", resource=0, group=0)),
        (40, line(0, "mach-down-done")),
        (50, line(0, "ipfail-balanced")),
        (60, line(0, "hbr-shutdown-progress")),
    )[0].lines
    pid = {(said.tag, said.text): said.pid for said in lines}
    mcp = pid["heartbeat", "heartbeat: version 2.0.8"]
    assert pid["heartbeat", "Configuration validated. Starting heartbeat 2.0.8"] == 3688
    assert mcp == 3689
    assert pid["heartbeat", f"Heartbeat shutdown in progress. ({mcp})"] == mcp
    ipfail = pid["ipfail", "Ping node count is balanced."]
    assert pid["heartbeat", f'Starting "/usr/lib/heartbeat/ipfail" as uid 694  gid 694 (pid {ipfail})'] == ipfail
    order = [
        mcp,
        ipfail,
        pid["harc", "Running /etc/ha.d/rc.d/status status"],
        pid["mach_down", "mach_down takeover complete for node node2."],
        pid["ResourceManager", f"Acquiring resource group: {GROUPS['2.0.8']}"],
        pid["IPaddr", " Success"],
        pid["IPaddr", "eval /sbin/ifconfig eth0:0 192.168.60.200 netmask 255.255.255.0 broadcast 192.168.60.255"],
    ]
    assert all(number is not None for number in order)
    assert order == sorted(set(order), key=lambda number: number or 0)


def test_a_reset_takes_what_was_not_yet_written() -> None:
    lines = logs(
        "3.0.6",
        (0, line(0, "daemon-start")),
        (90, line(0, "acquire-group", group=0)),
        (100, line(0, "resource-start", resource=0, group=0)),
        (110, line(0, "watchdog-reset")),
        (110, line(0, "boot")),
        (3000, line(0, "daemon-start")),
    )[0].lines
    texts = [said.text for said in lines]
    assert not any(text.startswith("Using calculated netmask") for text in texts)
    assert texts.count("heartbeat: version 3.0.6") == 2
    assert [text for text in texts if "generation" in text] == ["Heartbeat generation: 3", "Heartbeat generation: 4"]


def test_a_restart_checks_its_files_under_the_old_number() -> None:
    lines = logs(
        "3.0.6",
        (0, line(0, "daemon-start")),
        (10, line(0, "shutdown-complete", restart=1)),
        (5000, line(0, "daemon-start")),
    )[0].lines
    checked = [said.pid for said in lines if said.text.startswith("Configuration validated")]
    version = [said.pid for said in lines if said.text.startswith("heartbeat: version")]
    assert checked[1] == version[0]
    assert version[1] not in (None, version[0])


def test_orphaned_scripts_go_on_under_their_own_numbers() -> None:
    lines = logs(
        "3.0.6",
        (0, line(0, "daemon-start")),
        (10, line(0, "acquire-group", group=0)),
        (20, line(0, "resource-start", resource=1, group=0)),
        (30, line(0, "kill-9", what="all")),
        (900, line(0, "resource-started", resource=1, group=0)),
    )[0].lines
    assert lines[-1].text == " Success"
    assert lines[-1].tag == "/usr/lib/ocf/resource.d//heartbeat/Filesystem(Filesystem_/dev/sdb5)"


def test_neighbours_in_one_event_are_written_one_after_the_other() -> None:
    words = f"httpd {DISK} mysql"
    lines = logs(
        "2.0.8",
        (0, line(0, "acquire-group", group=f"node1 {words}")),
        (10, line(0, "resource-start", resource=words)),
        (900, line(0, "resource-started", resource=words)),
        (2000, line(0, "release-group", group=f"node1 {words}")),
        (2010, line(0, "resource-stop", resource=words)),
        (2900, line(0, "resource-stopped", resource=words)),
    )[0].lines
    disk = "/etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3"
    assert [(said.at, said.text) for said in lines if said.text.startswith("Running /")] == [
        (50, "Running /etc/init.d/httpd  start"),
        (900, f"Running {disk} start"),
        (920, "Running /etc/init.d/mysql  start"),
        (2050, "Running /etc/init.d/mysql  stop"),
        (2900, f"Running {disk} stop"),
        (2960, "Running /etc/init.d/httpd  stop"),
    ]


def test_addresses_get_alias_numbers_and_give_them_back() -> None:
    journal = Journal(hosts("2.0.8")[0], 0, ("node1", "node2"))
    for text in ("10.0.0.1/8/eth0", "10.0.0.2/8/eth0", "10.0.0.3/8/eth1"):
        expand(journal, 0, "resource-started", {"resource": text})
    assert [journal.alias(ip, "") for ip in ("10.0.0.1", "10.0.0.2", "10.0.0.3")] == [0, 1, 0]
    expand(journal, 0, "resource-stopped", {"resource": "10.0.0.1/8/eth0"})
    expand(journal, 0, "resource-started", {"resource": "10.0.0.4/8/eth0"})
    assert journal.alias("10.0.0.4", "") == 0


def test_resources_are_taken_apart_as_the_scripts_do() -> None:
    bare, named, disk, other = map(resource, (PLAIN, f"IPaddr::{PLAIN}", DISK, "httpd"))
    assert bare.name == named.name == "IPaddr" and bare.args == named.args
    assert (bare.address.netmask, bare.address.nic, bare.address.broadcast) == (
        "255.255.255.0",
        "eth0",
        "192.168.60.255",
    )
    assert disk.instance == "Filesystem_/dev/sdb5" and disk.script == "/etc/ha.d/resource.d/Filesystem"
    assert other.script == "/etc/init.d/httpd" and not other.wrapped
    odd = resource("IPaddr::10.1.2.3/16/eth1:7/10.1.9.9").address
    assert (odd.netmask, odd.nic, odd.broadcast, odd.broadcast_given) == ("255.255.0.0", "eth1", "10.1.9.9", True)
    assert resource("IPaddr::no-address").address.netmask == "24"


@pytest.mark.parametrize("version", VERSIONS)
def test_all_kinds_of_media_say_that_they_are_open(version: str) -> None:
    media = (
        Medium("mcast", "eth0", ("225.0.0.1", "694", "1", "0")),
        Medium("ucast", "eth1", ("10.0.0.2",), "694"),
        Medium("serial", "/dev/ttyS0"),
        Medium("ping_group", "routers"),
    )
    texts = [said.text for said in logs(version, (0, line(0, "daemon-start")), media=media)[0].lines]
    mcast = "glib: UDP multicast heartbeat started for group 225.0.0.1 port 694 interface eth0 (ttl=1 loop=0)"
    assert mcast in texts
    assert "glib: ucast: started on port 694 interface eth1 to 10.0.0.2" in texts
    assert "glib: Starting serial heartbeat on tty /dev/ttyS0 (19200 baud)" in texts
    assert "glib: ping group heartbeat started." in texts
