"""Stage 3 makes every check and says the lines in its own order."""

from __future__ import annotations

import pytest

from hamodel.config.daemon import Stage
from tests.config.helpers import GOOD, V2, V3, said, start

CORES = [
    "WARN: Core dumps could be lost if multiple dumps occur.",
    "WARN: Consider setting non-default value in /proc/sys/kernel/core_pattern (or equivalent) "
    "for maximum supportability",
    "WARN: Consider setting /proc/sys/kernel/core_uses_pid (or equivalent) to 1 for maximum supportability",
    "info: Pacemaker support: false",
]
DISABLED = "WARN: Logging daemon is disabled --enabling logging daemon is recommended"
LOGD = [
    "info: Enabling logging daemon ",
    "info: logfile and debug file are those specified in logd config file (default /etc/logd.cf)",
]
STARS = "info: **************************"
VALID = "info: Configuration validated. Starting heartbeat 3.0.6"
CLOSING = "ERROR: Configuration error, heartbeat not started."


def test_an_empty_file_is_legal_syntax_and_fails_in_stage_3() -> None:
    reading = start("")

    assert reading.stage is Stage.CROSS_CHECKS
    assert said(reading) == [
        *CORES,
        "ERROR: No heartbeat media defined",
        "ERROR: no nodes defined",
        "WARN: Deprecated 'legacy' auto_failback option selected.",
        "WARN: Please convert to 'auto_failback on'.",
        "WARN: See documentation for conversion details.",
        "info: No log entry found in ha.cf -- use logd",
        *LOGD,
        CLOSING,
    ]


def test_a_good_file_ends_with_the_banner_of_its_version() -> None:
    assert said(start(GOOD)) == [*CORES, DISABLED, STARS, VALID]
    assert said(start(GOOD, version=V2))[-1] == "info: Configuration validated. Starting heartbeat 2.0.8"


def test_2_0_8_prints_other_lines_about_core_dumps_and_none_about_pacemaker() -> None:
    assert said(start(GOOD, version=V2))[:3] == [
        "WARN: Core dumps could be lost if multiple dumps occur",
        "WARN: Consider setting /proc/sys/kernel/core_uses_pid (or equivalent) to 1 for maximum supportability",
        DISABLED,
    ]


@pytest.mark.parametrize(("deadtime", "refused"), [("4", True), ("3.999", True), ("4001ms", False), ("4.001", False)])
def test_deadtime_has_to_be_more_than_twice_keepalive(deadtime: str, refused: bool) -> None:
    reading = start(GOOD + f"deadtime {deadtime}\n")

    assert ([error.code for error in reading.errors] == ["HA104"]) is refused


def test_the_refusal_of_a_small_deadtime_names_the_pair_and_the_repair() -> None:
    error = start(GOOD + "deadtime 4\n").errors[0]

    assert error.daemon == ("ERROR: Dead time [4000] is too small compared to keeplive [2000]",)
    assert error.seen == ("keepalive 2 s at ha.cf:2:11",)
    assert error.help == "raise deadtime above 4 s"


def test_initdead_below_deadtime_is_refused_and_below_ten_seconds_is_warned_about() -> None:
    refused = start(GOOD + "initdead 29\n")
    warned = start(GOOD + "deadtime 5\ninitdead 9\n")

    assert refused.errors[0].daemon == ("ERROR: Initial dead time [29000] is smaller than deadtime [30000]",)
    assert said(warned)[4:7] == [
        "WARN: Initial dead time [9000 ms] may be too small!",
        "info: Initial dead time accounts for slow network startup time",
        "info: It should be >= deadtime and >= 10 seconds",
    ]


def test_deadping_is_checked_only_where_it_is_given() -> None:
    given = start(GOOD + "deadping 4\n")

    assert given.errors[0].code == "HA106"
    assert given.errors[0].daemon == ("ERROR: Ping dead time [4000] is too small compared to keeplive [2000]",)
    assert start(GOOD).node.deadping.value == 30_000


@pytest.mark.parametrize(
    ("deadtime", "initdead"),
    [
        ("5", 12_000),
        ("5.999", 12_000),
        ("6", 12_000),
        ("8", 16_000),
        ("10", 20_000),
        ("10.001", 10_001),
        ("30", 30_000),
    ],
)
def test_an_initdead_that_is_not_given_follows_from_deadtime(deadtime: str, initdead: int) -> None:
    node = start(GOOD.replace("initdead 120\n", "") + f"deadtime {deadtime}\n").node

    assert node.initdead.value == initdead
    assert not node.initdead.given


@pytest.mark.parametrize(
    ("deadtime", "period"), [("30", 31_000), ("4.5", 5000), ("9990ms", 10_000), ("9991ms", 11_000)]
)
def test_the_watchdog_period_is_deadtime_and_ten_milliseconds_rounded_up(deadtime: str, period: int) -> None:
    assert start(GOOD + f"deadtime {deadtime}\n").node.watchdog_period == period


def test_warntime_is_half_of_deadtime_where_it_is_not_given() -> None:
    assert start(GOOD.replace("warntime 4\n", "") + "deadtime 5\n").node.warntime.value == 2500


def test_the_local_node_has_to_be_named() -> None:
    hint = (
        "info: By default, cluster nodes are named by `uname -n` and must be declared with a 'node' directive "
        "in the ha.cf file."
    )
    three, two = start(GOOD, local_node="other"), start(GOOD, local_node="other", version=V2)

    assert three.errors[0].daemon == (
        "ERROR: Current node [other] not in configuration!",
        hint,
        "info: See also: http://linux-ha.org/wiki/Ha.cf#node_directive",
    )
    assert two.errors[0].daemon[-1] == "info: See also: http://linux-ha.org/ha.cf/NodeDirective"
    assert start(GOOD, local_node="node2").errors == ()


def test_with_autojoin_any_a_stranger_is_added_and_haresources_is_refused() -> None:
    reading = start(GOOD + "autojoin any\n", local_node="other")

    assert "notice: Current node [other] added to configuration." in said(reading)
    assert reading.errors[0].daemon == (
        "ERROR: R1 style resource management conflicts with  autojoin set",
        "ERROR: You need either unset autojoin or enable crm",
    )
    assert start(GOOD + "autojoin any\npacemaker on\n", local_node="other").errors == ()


@pytest.mark.parametrize(
    ("log", "lines"),
    [
        ("", ["info: No log entry found in ha.cf -- use logd", *LOGD]),
        ("logfacility kern\n", ["info: No log entry found in ha.cf -- use logd", *LOGD]),
        ("logfile /x\n", [DISABLED]),
        ("logfile /x\nuse_logd off\n", [DISABLED]),
        ("logfile /x\nuse_logd on\n", ["WARN: logd is enabled but logfile/debugfile is still configured in ha.cf"]),
        (
            "logfacility local0\nuse_logd on\n",
            ["WARN: logd is enabled but logfile/debugfile/logfacility is still configured in ha.cf"],
        ),
        ("use_logd on\n", []),
    ],
)
def test_the_log_settings_are_audited(log: str, lines: list[str]) -> None:
    reading = start(GOOD.replace("logfacility local0\n", log))
    heard = said(reading)

    after = heard[heard.index(CORES[-1]) + 1 :]
    assert after == [*lines, STARS, VALID]


def test_logging_nowhere_is_refused() -> None:
    reading = start(GOOD.replace("logfacility local0\n", "use_logd off\n"))

    assert reading.errors[0].code == "HA115"
    assert said(reading)[-2:] == ["ERROR: No log entry found in ha.cf and use_logd is set to off", CLOSING]


def test_faults_of_later_stages_are_found_too_and_marked_as_not_reached() -> None:
    reading = start(GOOD + "rtprio 0\ndeadtime 4\n", authkeys="", haresources="lisa 10.0.0.1\n")

    assert [error.code for error in reading.errors] == ["HA103", "HA122", "HA104", "HA125"]
    assert "does not come to this check" in reading.errors[2].seen[-1]
    assert said(reading)[-2:] == ["ERROR: Heartbeat not started: configuration error.", CLOSING]


def test_what_an_earlier_fault_explains_is_not_reported_again() -> None:
    reading = start("bcsat eth1\nnod node1\n")

    assert [error.code for error in reading.errors] == ["HA102", "HA102"]


def test_crm_ignores_haresources_and_says_so_in_its_own_name() -> None:
    three, two = start(GOOD + "pacemaker on\n"), start(GOOD + "crm on\n", version=V2)

    assert said(three)[:3] == [
        "info: Pacemaker support: on",
        "WARN: File /etc/ha.d//haresources exists.",
        "WARN: This file is not used because pacemaker is enabled",
    ]
    assert said(two)[:2] == [
        "WARN: File /etc/ha.d/haresources exists.",
        "WARN: This file is not used because crm is enabled",
    ]
    assert start(GOOD + "crm on\n", haresources="junk\n", version=V3).errors == ()
