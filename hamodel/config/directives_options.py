"""The settings of ha.cf: one word, then values between blanks or commas, each of which the setter sees in turn."""

from __future__ import annotations

from hamodel.config.daemon import NEITHER, ONLY_3
from hamodel.config.directives import Directive, Kind, Modelled, Takes, Times

_ON = ("true", "on", "yes", "y", "1", "false", "off", "no", "n", "0")
_BAD_BOOL = "ha_config_check_boolean:Invalid directive value {value}"
_NO_PACKETS = "packets are abstract in the model: they arrive within the latency, or not at all"
_LOGS = "logging changes no behaviour; the synthetic logs use it"
_CRM = "only the cluster resource manager reads it, and that mode is outside the model"
_HOST = "it concerns the machine, not the protocol"

FACILITIES = (
    *("auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "security", "syslog", "user", "uucp"),
    *(f"local{n}" for n in range(8)),
)
PACEMAKER_WORDS = (*_ON, "minimal", "manual", "respawn", "valgrind", "ccm-only")
RATES = ("9600", "19200", "38400", "57600", "115200", "230400", "460800")

O, YES, CHECKED, NO = Kind.OPTION, Modelled.YES, Modelled.CHECKED, Modelled.NO  # noqa: E741 - a column of a table
TEXT, TIME, BOOL, NUMBER, WORD = Takes.TEXT, Takes.TIME, Takes.BOOL, Takes.NUMBER, Takes.WORD


def _time(name: str, meaning: str, why: str, default: str, low: int, modelled: Modelled = YES) -> Directive:
    return Directive(name, O, TIME, meaning, modelled, why, default, "TIME", low=low)


def _switch(
    name: str,
    meaning: str,
    why: str,
    default: str,
    complaint: str = "",
    modelled: Modelled = NO,
) -> Directive:
    return Directive(name, O, BOOL, meaning, modelled, why, default, "on | off", complaint=complaint)


OPTIONS: tuple[Directive, ...] = (
    Directive("cluster", O, TEXT, "name of the cluster", NO, "only clients are told", "linux-ha", "NAME"),
    Directive(
        "node",
        O,
        TEXT,
        "members of the cluster, as `uname -n` prints them",
        YES,
        "each node becomes a cast of machines; the order fills the node table",
        syntax="NAME [NAME ...]",
        times=Times.ADDS_UP,
    ),
    Directive("hopfudge", O, NUMBER, "extra hops on a serial ring", NO, _NO_PACKETS, "1", "N", low=0, high=255),
    _time("keepalive", "interval of heartbeats and pings", "period of the status timer", "1000 ms", 1),
    _time("deadtime", "silence after which a node is dead", "announced to the peer; bounds its timer", "30000 ms", 0),
    _time(
        "warntime",
        "silence after which a beat is reported as late",
        "it only writes a line",
        "deadtime / 2",
        1,
        CHECKED,
    ),
    _time(
        "initdead", "dead time from the start until a node was heard", "bounds the wait at start", "from deadtime", 0
    ),
    _time("deadping", "dead time of ping nodes", "bounds the ping timer", "deadtime", 0),
    Directive(
        "watchdog",
        O,
        TEXT,
        "device that resets the machine when Heartbeat stops writing",
        YES,
        "the timer runs deadtime + 10 ms rounded up to seconds",
        "none",
        "DEVICE",
        times=Times.ONCE,
    ),
    Directive(
        "baud", O, WORD, "speed of serial media", NO, _NO_PACKETS, "19200", "RATE", words=RATES, times=Times.ONCE
    ),
    Directive(
        "udpport",
        O,
        NUMBER,
        "UDP port of the bcast and ucast lines that follow",
        CHECKED,
        "media with different ports do not meet; reviewed, not modelled",
        "694",
        "PORT",
        low=1,
    ),
    Directive(
        "logfacility",
        O,
        WORD,
        "syslog facility",
        NO,
        _LOGS,
        "none",
        "FACILITY",
        words=FACILITIES,
        complaint="Log facility({value}) not valid",
    ),
    Directive("logfile", O, TEXT, "file for all lines but debug", NO, _LOGS, "none", "PATH"),
    Directive("debugfile", O, TEXT, "file for all lines", NO, _LOGS, "none", "PATH"),
    _switch(
        "nice_failback", "obsolete since 1.2: always ends as legacy or off", "sets auto_failback", "none", modelled=YES
    ),
    Directive(
        "auto_failback",
        O,
        WORD,
        "whether a group returns to its preferred node",
        YES,
        "chooses the resource protocol and the failback rule",
        "legacy",
        "on | off | legacy",
        words=(*_ON, "legacy"),
        any_case=True,
    ),
    Directive(
        "rtprio",
        O,
        NUMBER,
        "scheduling priority",
        NO,
        _HOST,
        "1",
        "N",
        low=1,
        high=99,
        complaint="Illegal realtime priority [{value}]",
    ),
    _switch("realtime", "real-time scheduling and locked memory", _HOST, "true"),
    Directive(
        "hbgenmethod",
        O,
        WORD,
        "where the generation number comes from",
        CHECKED,
        "generations only ever grow in the model",
        "file",
        "file | time",
        words=("file", "time"),
        complaint="Illegal hb generation method [{value}]",
    ),
    Directive("debug", O, NUMBER, "amount of debug lines", NO, _LOGS, "0", "N", low=0, high=255),
    Directive(
        "normalpoll",
        O,
        BOOL,
        "use the system's poll",
        NO,
        _HOST,
        "true",
        "on | off",
        versions=NEITHER,
        missing="it is compiled in only with ALLOWPOLLCHOICE",
    ),
    Directive("msgfmt", O, WORD, "encoding of packets", NO, _NO_PACKETS, "classic", words=("classic", "netstring")),
    _switch("use_logd", "hand log lines to the logging daemon", _LOGS, "unset"),
    _time("conn_logd_time", "pause between attempts to reach the logging daemon", _LOGS, "60 s", 1, NO),
    _switch("use_apphbd", "register with the application heartbeat daemon", _HOST, "false"),
    _switch("log_badpack", "complain about malformed packets", _LOGS, "true"),
    Directive("syslogmsgfmt", O, BOOL, "files in syslog layout", NO, _LOGS, "true", "on | off", versions=ONLY_3),
    _switch("coredumps", "leave core dumps", _HOST, "true"),
    Directive("coreroot", O, TEXT, "directory for core dumps", NO, _HOST, "compiled in", "PATH"),
    Directive(
        "crm",
        O,
        WORD,
        "cluster resource manager instead of haresources",
        CHECKED,
        _CRM,
        "false",
        "on | off | manual; 3.0.6: as pacemaker",
        words=(*_ON, "manual"),
        any_case=True,
    ),
    Directive(
        "pacemaker",
        O,
        WORD,
        "cluster resource manager instead of haresources",
        CHECKED,
        _CRM,
        "false",
        "on | off | minimal | manual | respawn | valgrind | ccm-only",
        words=PACEMAKER_WORDS,
        any_case=True,
        times=Times.ONCE,
        versions=ONLY_3,
    ),
    Directive("crm_daemon_dir", O, TEXT, "unusable: its test is inverted", NO, _CRM, syntax="PATH", versions=ONLY_3),
    Directive(
        "crmd_spawns_pengine",
        O,
        BOOL,
        "whether crmd starts the policy engine",
        NO,
        _CRM,
        "true",
        "on | off",
        complaint=_BAD_BOOL,
        versions=ONLY_3,
    ),
    Directive(
        "autojoin",
        O,
        WORD,
        "let unknown nodes join",
        CHECKED,
        "refused together with haresources",
        "none",
        "none | other | any",
        words=("none", "other", "any"),
        any_case=True,
        complaint="Invalid autojoin directive [{value}]",
    ),
    Directive(
        "uuidfrom",
        O,
        WORD,
        "where the node's identity comes from",
        NO,
        "nodes are their names in the model",
        "file",
        "file | nodename",
        words=("file", "nodename"),
        complaint="Invalid uuidfrom directive [{value}]",
    ),
    Directive(
        "compression",
        O,
        WORD,
        "compression of large packets",
        NO,
        _NO_PACKETS,
        "zlib",
        "zlib | bz2",
        words=("zlib", "bz2"),
        complaint="Compression module({value}) not found",
    ),
    Directive(
        "compression_threshold",
        O,
        NUMBER,
        "packets above this size (KB) are compressed",
        NO,
        _NO_PACKETS,
        "2",
        "KB",
        low=1,
        complaint="set_compression_threshold: compress_threshhold({value}) invalid",
    ),
    _switch(
        "traditional_compression",
        "compress whole packets",
        _NO_PACKETS,
        "no",
        "set_traditional_compression:Invalid directive value {value}",
    ),
    Directive(
        "env", O, TEXT, "variable HA_NAME for clients and scripts", NO, _HOST, syntax="NAME=VALUE", times=Times.ADDS_UP
    ),
    Directive(
        "max_rexmit_delay",
        O,
        NUMBER,
        "longest pause (ms) before a lost packet is asked for again",
        NO,
        _NO_PACKETS,
        "250",
        "MS",
        low=1,
        complaint="Invalid max_rexmit_delay time({value})",
    ),
    _switch("record_config_changes", "history of the information base", _CRM, "on", _BAD_BOOL),
    _switch("record_pengine_inputs", "keep inputs of the policy engine", _CRM, "on", _BAD_BOOL),
    _switch("enable_config_writes", "write the information base to disk", _CRM, "on", _BAD_BOOL),
    Directive("memreserve", O, NUMBER, "memory (KB) taken in advance", NO, _HOST, "6500", "KB", low=1),
    Directive("quorum_server", O, TEXT, "host asked for quorum; overwrites `cluster`", NO, _CRM, syntax="HOST"),
)
