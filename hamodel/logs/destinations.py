"""Where a line goes is what ha.cf says: `logfacility` to messages, `logfile` and `debugfile` to the files they name.

A user finds a file by the last part of its path; two files of one name get their whole paths. What ha.cf does not ask
for is not there, as on the node. Lines of the kernel and of other programs are only in messages.

* The logfile holds everything but debug lines, the debugfile everything and what the scripts print.
* If both are one file, the daemon writes each line into it twice and scripts write theirs once.
* messages holds level info and above, as the usual line `*.info` of syslog.conf has it; debug lines only on request.
* The logging daemon (`use_logd`, or no directive at all) is taken to write ha-log and messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from hamodel.logs.formats import Entry, Writer, debugfile, logfile, syslog
from hamodel.logs.host import Host

HA_LOG, MESSAGES = "ha-log", "messages"
_DEBUG = frozenset({"debug", "DEBUG"})


def written(host: Host, entries: Sequence[Entry], debug_lines: bool = False) -> dict[str, str]:
    """The text of every file of one node, by its name; `debug_lines` is a syslog daemon that keeps debug lines too."""
    log, debug = (f"/var/log/{HA_LOG}", "") if _by_logd(host) else (host.logfile, host.debugfile)
    found = {MESSAGES: [syslog(e, host.version) for e in entries if goes_to_syslog(e, host, debug_lines)]}
    names = _names(log, debug)
    for path, name in names.items():
        found[name] = [line for e in entries for line in _lines(e, host, path == log, path == debug)]
    texts = {name: "".join(f"{line}\n" for line in lines) for name, lines in sorted(found.items())}
    return {name: text for name, text in texts.items() if text or name != MESSAGES or _syslogs(host)}


def _syslogs(host: Host) -> bool:
    return host.facility or _by_logd(host)


def _by_logd(host: Host) -> bool:
    return host.use_logd or not (host.logfile or host.debugfile or host.facility)


def _names(log: str, debug: str) -> dict[str, str]:
    paths = [path for path in dict.fromkeys((log, debug)) if path]
    names = {path: PurePosixPath(path).name or MESSAGES for path in paths}
    doubtful = MESSAGES in names.values() or len(set(names.values())) < len(names)
    return {path: str(PurePosixPath("/", path)).lstrip("/") for path in paths} if doubtful else names


def is_debug(entry: Entry, version: str) -> bool:
    """Whether the line is one of level debug; 2.0.8 treats those of the agents like any other line."""
    return entry.level == "debug" or (entry.level in _DEBUG and version != "2.0.8")


def goes_to_syslog(entry: Entry, host: Host, debug_lines: bool = False) -> bool:
    """Whether the line is in the node's messages."""
    match entry.writer:
        case Writer.SYSTEM:
            return True
        case Writer.OUTPUT:
            return False
        case Writer.DAEMON | Writer.SCRIPT:
            return _syslogs(host) and (debug_lines or not is_debug(entry, host.version))


def _lines(entry: Entry, host: Host, in_log: bool, in_debug: bool) -> list[str]:
    """How often and in which layout a line is in one file."""
    style, version = host.syslog_style, host.version
    is_log = in_log and not is_debug(entry, version)
    match entry.writer:
        case Writer.SYSTEM:
            return []
        case Writer.OUTPUT:
            return [entry.text] if in_debug else []
        case Writer.DAEMON:
            return [logfile(entry, version, style)] * (is_log + in_debug)
        case Writer.SCRIPT:
            lines = [logfile(entry, version, style)] if is_log else []
            return lines or ([debugfile(entry, version, style)] if in_debug else [])
