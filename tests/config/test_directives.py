"""Every row of the table is accepted with a good value and refused with a bad one, in the daemon's words."""

from __future__ import annotations

import csv

import pytest

from hamodel.config.daemon import Version
from hamodel.config.directives import Kind, Modelled, Times, directives
from tests.config.helpers import GOOD, V2, V3, own_lines, said, shared, start

ILLEGAL = "ERROR: Illegal directive [{0}] in /etc/ha.d//ha.cf"
BAD_BOOL = "ERROR: ha_config_check_boolean:Invalid directive value {0}"
LOOSE = frozenset({V2, V3})
NICE = "ERROR: nice_failback flag is obsolete.. Use auto_failback {on, off, legacy} instead."
DOC = "ERROR: See documentation for details."
SYNTAX = [
    "info: Syntax: apiauth client [uid=uidlist] [gid=gidlist]",
    "info: Where uidlist is a comma-separated list of uids,",
    "info: and gidlist is a comma-separated list of gids",
    "info: One or the other must be specified.",
]

# directive, words that are accepted, words that are refused (None: never), what the daemon then says (3.0.6)
ROWS: list[tuple[str, list[str], str | None, list[str]]] = [
    ("cluster", ["one", "a b"], None, []),
    ("node", ["n3", "n3,n4", ""], " ".join(f"n{i}" for i in range(101)), []),
    ("hopfudge", ["0", "255", "abc"], "256", []),
    ("keepalive", ["2", "500ms", "1,5", ""], "0", []),
    ("deadtime", ["31", "8.5"], "30s", []),
    ("warntime", ["5", "99"], "0", ["stderr: Warn time [0] is invalid."]),
    ("initdead", ["60", "300000ms"], "2min", []),
    ("deadping", ["5", "4001ms"], "-5", []),
    ("watchdog", ["/dev/watchdog"], "/dev/a /dev/b", ["stderr: heartbeat: Watchdog device multiply specified."]),
    ("baud", ["9600", "460800"], "1200", ["stderr: heartbeat: invalid baudrate [1200] specified."]),
    ("udpport", ["694", "70000"], "0", ["stderr: heartbeat: invalid port [0] specified."]),
    ("logfacility", ["local7", "none", "kern"], "LOCAL0", ["ERROR: Log facility(LOCAL0) not valid"]),
    ("logfile", ["/var/log/ha-log", "a b"], None, []),
    ("debugfile", ["/var/log/ha-debug"], None, []),
    ("nice_failback", ["on", "no"], "legacy", [NICE, DOC]),
    ("auto_failback", ["on", "OFF", "Legacy"], "maybe", []),
    ("rtprio", ["1", "99"], "100", ["ERROR: Illegal realtime priority [100]"]),
    ("realtime", ["on", "N"], "perhaps", []),
    ("hbgenmethod", ["file", "time"], "Time", ["ERROR: Illegal hb generation method [Time]"]),
    ("debug", ["0", "255", "abc"], "-1", []),
    ("normalpoll", [], "on", [ILLEGAL.format("normalpoll")]),
    ("msgfmt", ["classic", "netstring"], "Classic", []),
    ("use_logd", ["on", "off"], "maybe", []),
    ("conn_logd_time", ["60", "1ms"], "0", []),
    ("use_apphbd", ["yes", "no"], "x", []),
    ("log_badpack", ["y", "n"], "x", []),
    ("syslogmsgfmt", ["true", "false"], "x", []),
    ("coredumps", ["true", "false"], "x", []),
    (
        "coreroot",
        ["/var/cores"],
        "cores",
        [
            "ERROR: Invalid dir in cl_set_corerootdir() [cores]: {strerror}",
            "ERROR: Invalid core directory [cores]: {strerror}",
        ],
    ),
    ("crm", ["on", "off", "manual", "respawn"], "perhaps", ["info: Pacemaker support: perhaps"]),
    ("pacemaker", ["on", "off", "valgrind", "ccm-only"], "perhaps", ["info: Pacemaker support: perhaps"]),
    ("crm_daemon_dir", [], "/usr/lib", []),
    ("crmd_spawns_pengine", ["on", "off"], "x", [BAD_BOOL.format("x")]),
    ("autojoin", ["none", "NONE"], "all", ["ERROR: Invalid autojoin directive [all]"]),
    ("uuidfrom", ["file", "nodename"], "File", ["ERROR: Invalid uuidfrom directive [File]"]),
    ("compression", ["zlib", "bz2"], "lzma", ["ERROR: Compression module(lzma) not found"]),
    (
        "compression_threshold",
        ["1", "64"],
        "0",
        ["ERROR: set_compression_threshold: compress_threshhold(0) invalid"],
    ),
    (
        "traditional_compression",
        ["on", "off"],
        "x",
        ["ERROR: set_traditional_compression:Invalid directive value x"],
    ),
    ("env", ["A=1", "A="], "=x", ["ERROR: set_env: invalid nvpair(=x)"]),
    ("max_rexmit_delay", ["1", "250"], "0", ["ERROR: Invalid max_rexmit_delay time(0)"]),
    ("record_config_changes", ["on", "off"], "x", [BAD_BOOL.format("x")]),
    ("record_pengine_inputs", ["on", "off"], "x", [BAD_BOOL.format("x")]),
    ("enable_config_writes", ["on", "off"], "x", [BAD_BOOL.format("x")]),
    ("memreserve", ["1", "6500"], "0", []),
    ("quorum_server", ["host"], None, []),
    ("stonith", ["suicide /etc/ha.d/s.cf"], "", ["ERROR: No Stonith type given"]),
    ("stonith_host", ["* null a b", "other"], "", ["ERROR: No Stonith hostname argument given"]),
    (
        "respawn",
        ["hacluster /usr/lib/heartbeat/ipfail -v"],
        "hacluster ipfail -v",
        ["ERROR: Client child command [ipfail -v] is not full pathname"],
    ),
    (
        "failfast",
        ["root /bin/true"],
        "0 /bin/true",
        ["ERROR: Invalid uid [0] specified for client child"],
    ),
    (
        "apiauth",
        ["x uid=root", "x gid=a,b uid=c"],
        "x root",
        ["ERROR: Missing uid or gid in apiauth", "ERROR: Invalid apiauth directive [x root]", *SYNTAX],
    ),
    ("bcast", ["eth0", "eth0 eth1", "eth0,eth1"], " ".join(f"e{i}" for i in range(63)), [
        "ERROR: Too many media specified (> 64)",
        "info: Offending command: bcast e62",
    ]),
    ("udp", ["eth0"], " ".join(f"e{i}" for i in range(63)), [
        "WARN: WARNING: directive 'udp' replaced by 'bcast'",
        "ERROR: Too many media specified (> 64)",
        "info: Offending command: bcast e62",
    ]),
    ("mcast", ["eth0 225.0.0.1 694 1 0"], "eth0 225.0.0.1 694 1", ["ERROR: glib: mcast [eth0] missing loop"]),
    ("mcast6", ["eth0 ff02::1 694 1 0"], "eth0 fe80::1 694 1 0", ["ERROR: glib:  mcast6 [eth0] bad addr [fe80::1]"]),
    ("ucast", ["eth0 10.0.0.2", "eth0 peer"], "eth0", [
        "ERROR: glib: ucast: [eth0] missing target IP address/hostname",
    ]),
    ("ucast6", ["eth0 fe80::2"], "eth0 10.0.0.2", ["ERROR: glib: ucast6 [eth0] bad addr [10.0.0.2]"]),
    ("serial", ["/dev/ttyS0"], "ttyS0", [
        "ERROR: glib: Serial port not full pathname [ttyS0] in config file",
        "ERROR: Illegal serial [serial ring] in config file [ttyS0]",
    ]),
    ("ping", ["10.0.0.254", "router"], "10.0.0", [
        "ERROR: glib: unknown host: 10.0.0: {strerror}",
        "ERROR: Illegal ping [ping membership] in config file [10.0.0]",
    ]),
    ("ping6", ["fe80::1"], "router", ["ERROR: Illegal ping6 [ping6 membership] in config file [router]"]),
    ("ping_group", ["g 10.0.0.1 10.0.0.2"], "g", []),
    ("hbaping", [], "a", [ILLEGAL.format("hbaping")]),
    ("tipc", [], "1 2 3", [ILLEGAL.format("tipc")]),
    ("openais", [], "x", [ILLEGAL.format("openais")]),
    ("rds", [], "eth0 h", [ILLEGAL.format("rds")]),
    ("ppp-udp", [], "ppp0", [ILLEGAL.format("ppp-udp")]),
]  # fmt: skip

GOOD_CASES = [(name, text) for name, good, _, _ in ROWS for text in good]
BAD_CASES = [(name, bad, lines) for name, _, bad, lines in ROWS if bad is not None]
NEVER = {name for name, _, bad, _ in ROWS if bad is None}


def test_the_cases_cover_every_row_of_the_table() -> None:
    assert [name for name, *_ in ROWS] == list(dict.fromkeys(name for name, *_ in ROWS))
    assert {name for name, *_ in ROWS} == set(directives())
    assert {"cluster", "logfile", "debugfile", "quorum_server"} == NEVER


def _with(name: str, text: str) -> str:
    """The good file with one more line, at its end, and without the directives that would be given twice."""
    return f"{GOOD}{name} {text}\n"


@pytest.mark.parametrize(("name", "text"), GOOD_CASES, ids=[f"{n}-{t}" for n, t in GOOD_CASES])
def test_a_good_value_is_accepted(name: str, text: str) -> None:
    reading = start(_with(name, text))

    assert reading.errors == ()
    assert "info: Configuration validated. Starting heartbeat 3.0.6" in said(reading)
    assert name in reading.node.options


@pytest.mark.parametrize(("name", "text", "lines"), BAD_CASES, ids=[case[0] for case in BAD_CASES])
def test_a_bad_value_is_refused_in_the_daemons_words(name: str, text: str, lines: list[str]) -> None:
    reading = start(_with(name, text))

    assert own_lines(reading) == lines
    assert reading.errors
    assert all(error.span is not None and error.span.file == "ha.cf" for error in reading.errors)
    assert reading.errors[0].span is not None
    assert reading.errors[0].span.line == GOOD.count("\n") + 1


@pytest.mark.parametrize("name", sorted(directives()))
def test_a_word_is_illegal_in_every_version_that_does_not_know_it(name: str) -> None:
    for version in Version:
        directory = "/etc/ha.d" if version is V2 else "/etc/ha.d/"
        lines = said(start(_with(name, "x y"), version=version))
        illegal = f"ERROR: Illegal directive [{name}] in {directory}/ha.cf" in lines
        assert illegal is not directives()[name].known_to(version)


def test_the_table_agrees_with_the_reference_on_names_kinds_and_versions() -> None:
    with (shared("reference") / "directives.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    assert {row["name"] for row in rows} == set(directives())
    for row in rows:
        entry = directives()[row["name"]]
        assert row["kind"] in (entry.kind.value, "alias")
        if row["versions"].startswith("both") and "if built" not in row["versions"]:
            assert entry.versions == LOOSE, row["name"]
        elif row["versions"].startswith("3.0.6") and "if built" not in row["versions"]:
            assert entry.versions == {V3}, row["name"]
        else:
            assert not entry.versions, row["name"]


def test_every_row_says_what_it_means_and_whether_the_model_acts_on_it() -> None:
    for row in directives().values():
        assert row.meaning
        assert row.why
        assert row.syntax or row.takes
        assert row.modelled in Modelled


def test_every_silent_refusal_is_explained_all_the_same() -> None:
    reading = start(_with("keepalive", "2s"))

    assert own_lines(reading) == []
    assert "heartbeat itself prints nothing about this line" in reading.errors[0].seen[0]
    assert "s, m and h are not known" in reading.errors[0].help


def test_the_last_value_wins_for_every_setting_that_may_be_repeated() -> None:
    reading = start(GOOD + "keepalive 1,5\nkeepalive 3\nlogfile a b\n")

    assert reading.node.keepalive.value == 3000
    assert reading.node.logfile == "b"


def test_a_time_with_a_blank_before_its_unit_is_refused_by_the_unit() -> None:
    reading = start(GOOD + "keepalive 500 ms\n")

    assert reading.errors[0].span is not None
    assert reading.errors[0].span.column == 15


def test_only_the_rows_that_may_be_given_once_complain_about_a_second_time() -> None:
    once = {row.name for row in directives().values() if row.times is Times.ONCE and row.kind is Kind.OPTION}

    assert once == {"watchdog", "baud", "pacemaker"}


@pytest.mark.parametrize("text", ["pacemaker off\ncrm off\n", "crm off\npacemaker off\n", "crm off\ncrm off\n"])
def test_crm_and_pacemaker_are_one_directive_that_may_be_given_once(text: str) -> None:
    reading = start(GOOD + text)

    assert own_lines(reading) == [
        "info: Pacemaker support: off",
        "info: Pacemaker support: off",
        "ERROR: pacemaker/crm directive used multiple times!",
    ]


def test_in_2_0_8_crm_may_be_repeated_and_knows_no_pacemaker_words() -> None:
    assert start(GOOD + "crm off\ncrm on\n", version=V2).node.crm
    assert start(GOOD + "crm respawn\n", version=V2).errors[0].code == "HA103"


def test_crmd_spawns_pengine_has_to_come_before_pacemaker() -> None:
    reading = start(GOOD + "pacemaker off\ncrmd_spawns_pengine on\n")

    assert own_lines(reading)[-1] == "ERROR: If you specify on, it must come before the pacemaker directive\n"


def test_crm_daemon_dir_is_accepted_only_where_it_has_no_effect() -> None:
    reading = start(GOOD + "pacemaker off\ncrm_daemon_dir /usr/lib\n")

    assert reading.errors == ()
    assert "ERROR: If you specify /usr/lib, it must come before the pacemaker directive\n" in said(reading)


def test_nice_failback_means_legacy_alone_and_off_after_auto_failback() -> None:
    alone = start(GOOD.replace("auto_failback off\n", "") + "nice_failback on\n")
    after = start(GOOD + "nice_failback on\n")

    assert alone.node.auto_failback.value.value == "legacy"
    assert said(alone)[:5] == [
        NICE,
        "ERROR: nice_failback on has been strictly interpreted as 'auto_failback legacy'",
        "ERROR: Consider converting to 'auto_failback on'.",
        "ERROR: When you do, then you can use ipfail, and hb_standby",
        DOC,
    ]
    assert after.node.auto_failback.value.value == "off"
    assert said(after)[:3] == [NICE, "ERROR: 'nice_failback on' has been changed to 'auto_failback off'", DOC]


def test_the_facility_none_is_new_in_3_0_6() -> None:
    assert start(GOOD + "logfacility none\n").errors == ()
    assert own_lines(start(GOOD + "logfacility none\n", version=V2)) == ["ERROR: Log facility(none) not valid"]


def test_the_reminders_of_order_are_on_stderr_only_and_only_in_3_0_6() -> None:
    text = "respawn root /bin/true\nudpport 694\n" + GOOD
    reminders = [
        "stderr: heartbeat: udpport setting must precede media statements",
        "stderr: heartbeat: baudrate setting must precede media statements",
    ]

    assert [line for line in said(start(text)) if line.startswith("stderr")] == reminders
    assert [line for line in said(start(text, version=V2)) if line.startswith("stderr")] == []


def test_the_second_baud_rate_is_refused() -> None:
    reading = start(GOOD + "baud 9600\nbaud 9600\n")

    assert own_lines(reading) == ["stderr: heartbeat: Baudrate multiply specified."]
