"""A setting sees one word at a time and takes it or refuses it; the last word wins.

Most settings are described by their row alone; the others have a setter of their own here, because the daemon does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hamodel.config.daemon import DaemonLine, Version, error, info, stderr, warn
from hamodel.config.directives import Directive, Takes
from hamodel.config.draft import MAX_NODES, Draft
from hamodel.config.lines import Word
from hamodel.config.parts import Failback, Valued
from hamodel.config.values import ascii_lower, parse_bool, parse_int, parse_time
from hamodel.config.wholelines import implied_clients
from hamodel.errors import BadValue, GivenTwice, TooMany


def set_option(draft: Draft, row: Directive, word: Word) -> None:
    """One word of a setting, as the daemon's setter for it takes or refuses it."""
    draft.note(row.name, word.text, word.span)
    _SETTERS.get(row.name, _plain)(draft, row, word)


def _refuse(draft: Draft, row: Directive, word: Word, *lines: DaemonLine, help: str = "", seen: str = "") -> None:
    draft.refused.add(row.name)
    draft.console.refuse(
        BadValue,
        f"{row.name} does not take `{word.text}`",
        *lines,
        span=word.span,
        label=f"not {row.takes.value}" if row.takes is not Takes.TEXT else "refused",
        help=help or f"write {row.name} {row.syntax or row.takes.value}{_range(row)}",
        seen=(seen,) if seen else (),
    )


def _range(row: Directive) -> str:
    if row.words and len(row.words) < 9:
        return f", one of: {' '.join(row.words)}"
    if row.takes is Takes.TIME:
        return f" {'above' if row.low else 'from'} 0: seconds, or a number with ms or us; s, m and h are not known"
    if row.low is not None:
        return f", {row.low} to {row.high}" if row.high is not None else f", at least {row.low}"
    return ""


def _plain(draft: Draft, row: Directive, word: Word) -> None:
    """The row says it all."""
    complaint = (error(row.complaint.format(value=word.text)),) if row.complaint else ()
    match row.takes:
        case Takes.TIME:
            value = parse_time(word.text)
            if value is None or value < (row.low or 0):
                _refuse(draft, row, word, *complaint)
            else:
                draft.times[row.name] = Valued(value, word.span)
        case Takes.BOOL:
            switch = parse_bool(word.text)
            if switch is None:
                _refuse(draft, row, word, *complaint)
            else:
                draft.switches[row.name] = Valued(switch, word.span)
        case Takes.NUMBER:
            number = parse_int(word.text)
            too_high = row.high is not None and number > row.high
            if too_high or (row.low is not None and number < row.low):
                _refuse(draft, row, word, *complaint)
        case Takes.WORD:
            text = ascii_lower(word.text) if row.any_case else word.text
            if text not in row.words:
                _refuse(draft, row, word, *complaint)
        case _:
            pass


def _node(draft: Draft, row: Directive, word: Word) -> None:
    name = ascii_lower(word.text).encode("utf-8", "replace")[:100].decode("utf-8", "ignore")
    if len(draft.table) >= MAX_NODES:
        draft.console.refuse(
            TooMany,
            f"node {name} is one too many",
            span=word.span,
            help="100 nodes and ping nodes together are the limit",
        )
        return
    draft.table.append(name)
    draft.nodes.append(Valued(name, word.span))


def _warntime(draft: Draft, row: Directive, word: Word) -> None:
    value = parse_time(word.text)
    if not value:
        _refuse(draft, row, word, stderr(f"Warn time [{word.text}] is invalid."))
        return
    draft.times[row.name] = Valued(value, word.span)


def _watchdog(draft: Draft, row: Directive, word: Word) -> None:
    if draft.watchdog is not None:
        draft.console.refuse(
            GivenTwice,
            "a second watchdog device",
            stderr("heartbeat: Watchdog device multiply specified."),
            span=word.span,
            seen=(f"watchdog {draft.watchdog.value} at {draft.watchdog.span}",),
            help="keep one watchdog line with one device",
        )
        return
    draft.watchdog = Valued(word.text, word.span)


def _baud(draft: Draft, row: Directive, word: Word) -> None:
    if draft.baud_set:
        line = stderr("heartbeat: Baudrate multiply specified.")
        draft.console.refuse(
            GivenTwice, "a second baud rate", line, span=word.span, help="keep one baud line with one rate"
        )
        return
    draft.baud_set = True
    if str(parse_int(word.text)) not in row.words:
        _refuse(draft, row, word, stderr(f"heartbeat: invalid baudrate [{word.text}] specified."))
        return
    remind_of_baud(draft)


def remind_of_baud(draft: Draft) -> None:
    """3.0.6 reminds of the order when any whole-line or media-line directive came first, even for the default rate."""
    if draft.version is Version.V3_0_6 and (draft.plugin_lines or draft.whole_lines):
        draft.console.say(stderr("heartbeat: baudrate setting must precede media statements"))


def _udpport(draft: Draft, row: Directive, word: Word) -> None:
    port = parse_int(word.text)
    if port <= 0:
        _refuse(draft, row, word, stderr(f"heartbeat: invalid port [{word.text}] specified."))
        return
    if draft.version is Version.V3_0_6:
        draft.console.say(stderr("heartbeat: udpport setting must precede media statements"))
    draft.port = Valued(port % 65536, word.span)
    draft.ports.append(draft.port)


def _logfacility(draft: Draft, row: Directive, word: Word) -> None:
    if word.text == "none" and draft.version is Version.V3_0_6:
        return
    _plain(draft, row, word)


def _nice_failback(draft: Draft, row: Directive, word: Word) -> None:
    before = draft.failback is not None and draft.failback.value in (Failback.ON, Failback.OFF)
    first = error("nice_failback flag is obsolete.. Use auto_failback {on, off, legacy} instead.")
    last = error("See documentation for details.")
    if parse_bool(word.text) is None:
        _refuse(draft, row, word, first, last, help="replace the line by auto_failback on or auto_failback off")
        return
    if before:
        middle = [error(f"'nice_failback {word.text}' has been changed to 'auto_failback off'")]
    else:
        middle = [
            error(f"nice_failback {word.text} has been strictly interpreted as 'auto_failback legacy'"),
            error("Consider converting to 'auto_failback on'."),
            error("When you do, then you can use ipfail, and hb_standby"),
        ]
    draft.console.say(first, *middle, last)
    draft.failback = Valued(Failback.OFF if before else Failback.LEGACY, word.span)


def _auto_failback(draft: Draft, row: Directive, word: Word) -> None:
    switch = parse_bool(word.text)
    if switch is None and ascii_lower(word.text) != "legacy":
        _refuse(draft, row, word, help="write auto_failback on, off or legacy")
        return
    value = Failback.LEGACY if switch is None else Failback.ON if switch else Failback.OFF
    draft.failback = Valued(value, word.span)


def _use_logd(draft: Draft, row: Directive, word: Word) -> None:
    value = parse_bool(word.text)
    if value is None:
        chance = "before it refuses, the daemon prints the lines of `on` or of `off`: it looks at an unset variable"
        _refuse(draft, row, word, seen=chance)
        return
    draft.switches[row.name] = Valued(value, word.span)
    if value:
        draft.logd_on()
    else:
        draft.console.say(warn("Logging daemon is disabled --enabling logging daemon is recommended"))


def _coredumps(draft: Draft, row: Directive, word: Word) -> None:
    _plain(draft, row, word)
    if parse_bool(word.text):
        draft.cores_on()


def _coreroot(draft: Draft, row: Directive, word: Word) -> None:
    if not word.text.startswith("/"):
        texts = ("Invalid dir in cl_set_corerootdir()", "Invalid core directory")
        lines = [error(f"{text} [{word.text}]: {{strerror}}") for text in texts]
        _refuse(draft, row, word, *lines, help="write an absolute path")


def _crm(draft: Draft, row: Directive, word: Word) -> None:
    if draft.version is Version.V3_0_6:
        _pacemaker(draft, row, word)
        return
    value = parse_bool(word.text)
    if value is None and ascii_lower(word.text) != "manual":
        _refuse(draft, row, word, help="write crm on, off or manual")
        return
    draft.crm, draft.crm_is_on = Valued(word.text, word.span), value is not False
    if draft.crm_is_on:
        _haresources_ignored(draft, "crm")
        implied_clients(draft, word.span)


def _pacemaker(draft: Draft, row: Directive, word: Word) -> None:
    draft.console.say(info(f"Pacemaker support: {word.text}"))
    if draft.crm is not None:
        draft.console.refuse(
            GivenTwice,
            f"{row.name} after {draft.crm.span}",
            error("pacemaker/crm directive used multiple times!"),
            span=word.span,
            help="keep one line; crm and pacemaker are the same directive",
        )
        return
    draft.crm = Valued(word.text, word.span)
    value = ascii_lower(word.text)
    switch = parse_bool(value)
    if switch is None and value not in ("minimal", "manual", "respawn", "valgrind", "ccm-only"):
        draft.console.refuse(
            BadValue,
            f"{row.name} does not take `{word.text}`",
            span=word.span,
            help="write on, off or one of the modes",
        )
        return
    draft.crm_is_on = switch is not False
    if not draft.crm_is_on:
        return
    if value == "valgrind":
        draft.console.say(info("Enabling Valgrind on selected components"))
    _haresources_ignored(draft, "pacemaker")
    implied_clients(draft, word.span)


def _haresources_ignored(draft: Draft, name: str) -> None:
    if draft.haresources_there:
        draft.console.say(
            warn(f"File {draft.console.directory}/haresources exists."),
            warn(f"This file is not used because {name} is enabled"),
        )


def _crm_daemon_dir(draft: Draft, row: Directive, word: Word) -> None:
    if draft.crm is None:
        _refuse(draft, row, word, help="remove the line: before pacemaker it is refused, after it it has no effect")
        return
    draft.console.say(error(f"If you specify {word.text}, it must come before the pacemaker directive\n"))


def _crmd_spawns_pengine(draft: Draft, row: Directive, word: Word) -> None:
    if draft.crm is not None:
        line = error(f"If you specify {word.text}, it must come before the pacemaker directive\n")
        _refuse(draft, row, word, line, help="move the line above the pacemaker or crm line")
        return
    _plain(draft, row, word)


def _env(draft: Draft, row: Directive, word: Word) -> None:
    if word.text.startswith("="):
        _refuse(draft, row, word, error(f"set_env: invalid nvpair({word.text})"))


_SETTERS: Mapping[str, Callable[[Draft, Directive, Word], None]] = MappingProxyType(
    {
        "node": _node,
        "warntime": _warntime,
        "watchdog": _watchdog,
        "baud": _baud,
        "udpport": _udpport,
        "logfacility": _logfacility,
        "nice_failback": _nice_failback,
        "auto_failback": _auto_failback,
        "use_logd": _use_logd,
        "coredumps": _coredumps,
        "coreroot": _coreroot,
        "crm": _crm,
        "pacemaker": _pacemaker,
        "crm_daemon_dir": _crm_daemon_dir,
        "crmd_spawns_pengine": _crmd_spawns_pengine,
        "env": _env,
    }
)
