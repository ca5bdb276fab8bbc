"""A file of good lines can still be a bad file: stage 3 looks at all of them together, and makes every check."""

from __future__ import annotations

from hamodel.config.daemon import CLOSING, DaemonLine, Level, Stage, Version, error, info, warn
from hamodel.config.draft import Draft
from hamodel.config.parts import Failback, Valued
from hamodel.config.values import parse_bool, show_ms
from hamodel.errors import (
    AutojoinConflict,
    DeadpingTooSmall,
    DeadtimeTooSmall,
    InitdeadTooSmall,
    LocalNodeMissing,
    NoLogging,
    NoMedia,
    NoNodes,
)

KEEPALIVE, DEADTIME = 1000, 30_000

_SEE_ALSO = {
    Version.V2_0_8: "http://linux-ha.org/ha.cf/NodeDirective",
    Version.V3_0_6: "http://linux-ha.org/wiki/Ha.cf#node_directive",
}


def derived_times(draft: Draft) -> dict[str, Valued[int]]:
    """Keepalive, deadtime, warntime, initdead and deadping in ms, with the daemon's rules for those not given.

    Without an initdead it is the deadtime above 10 s, 12 s for a deadtime below 6 s, and twice the deadtime between.
    """
    keepalive = draft.times.get("keepalive", Valued(KEEPALIVE))
    deadtime = draft.times.get("deadtime", Valued(DEADTIME))
    dead = deadtime.value
    initdead = dead if dead > 10_000 else 12_000 if dead < 6_000 else 2 * dead
    return {
        "keepalive": keepalive,
        "deadtime": deadtime,
        "warntime": draft.times.get("warntime", Valued(dead // 2)),
        "initdead": draft.times.get("initdead", Valued(initdead)),
        "deadping": draft.times.get("deadping", Valued(dead)),
    }


def cross_checks(draft: Draft, *, local_node: str | None = None) -> None:
    """Stage 3 in the order of the messages; `local_node` is the answer of `uname -n` where somebody knows it."""
    draft.console.stage = Stage.CROSS_CHECKS
    _media(draft)
    _nodes(draft)
    if local_node is not None:
        _local_node(draft, local_node)
    _deadtime(draft)
    _initdead(draft)
    _deadping(draft)
    _legacy(draft)
    _logging(draft)
    _autojoin(draft)


def close(draft: Draft) -> None:
    """The last line of stage 3: the banner of a good file, or the refusal."""
    if draft.console.refused(Stage.CROSS_CHECKS):
        draft.console.end(CLOSING)
        return
    release = draft.version.value
    draft.console.say(info("*" * 26), info(f"Configuration validated. Starting heartbeat {release}"))


def _autojoin_word(draft: Draft) -> str:
    value = draft.last("autojoin")
    return value.value.lower() if value else "none"


def _media(draft: Draft) -> None:
    if not draft.media_count():
        help = "add a line such as bcast eth1, best two of them on different cards"
        draft.console.refuse(NoMedia, "nothing to send heartbeats on", error("No heartbeat media defined"), help=help)


def _nodes(draft: Draft) -> None:
    if not draft.table and _autojoin_word(draft) != "any":
        help = "add one node line for each member, named as uname -n prints it"
        draft.console.refuse(NoNodes, "no node is named", error("no nodes defined"), help=help)


def _local_node(draft: Draft, name: str) -> None:
    if name in draft.table:
        return
    if _autojoin_word(draft) == "any":
        draft.console.say(DaemonLine(Level.NOTICE, f"Current node [{name}] added to configuration."))
        return
    hint = (
        "By default, cluster nodes are named by `uname -n` "
        "and must be declared with a 'node' directive in the ha.cf file."
    )
    draft.console.refuse(
        LocalNodeMissing,
        f"the node {name} reads a file that does not name it",
        error(f"Current node [{name}] not in configuration!"),
        info(hint),
        info(f"See also: {_SEE_ALSO[draft.version]}"),
        seen=[f"node {node.value} at {node.span}" for node in draft.nodes[:4]],
        help=f"add node {name}, or rename the machine",
    )


def _deadtime(draft: Draft) -> None:
    times = derived_times(draft)
    keepalive, deadtime = times["keepalive"], times["deadtime"]
    if deadtime.value > 2 * keepalive.value:
        return
    draft.console.refuse(
        DeadtimeTooSmall,
        f"deadtime {show_ms(deadtime.value)} must be more than twice keepalive {show_ms(keepalive.value)}",
        error(f"Dead time [{deadtime.value}] is too small compared to keeplive [{keepalive.value}]"),
        span=deadtime.span or keepalive.span,
        label="Heartbeat refuses to start with this pair",
        seen=[_seen("keepalive", keepalive)],
        help=f"raise deadtime above {show_ms(2 * keepalive.value)}",
    )


def _initdead(draft: Draft) -> None:
    times = derived_times(draft)
    initdead, deadtime = times["initdead"], times["deadtime"]
    if initdead.value < deadtime.value:
        draft.console.refuse(
            InitdeadTooSmall,
            f"initdead {show_ms(initdead.value)} is smaller than deadtime {show_ms(deadtime.value)}",
            error(f"Initial dead time [{initdead.value}] is smaller than deadtime [{deadtime.value}]"),
            span=initdead.span or deadtime.span,
            label="Heartbeat refuses to start with this pair",
            seen=[_seen("deadtime", deadtime)],
            help=f"raise initdead to {show_ms(2 * deadtime.value)}, twice the deadtime",
        )
    elif initdead.value < 10_000:
        draft.console.say(*initdead_warning(initdead.value))


def initdead_warning(value: int) -> tuple[DaemonLine, ...]:
    """The three lines about an initdead below 10 s."""
    return (
        warn(f"Initial dead time [{value} ms] may be too small!"),
        info("Initial dead time accounts for slow network startup time"),
        info("It should be >= deadtime and >= 10 seconds"),
    )


def _deadping(draft: Draft) -> None:
    times = derived_times(draft)
    keepalive, deadping = times["keepalive"], times["deadping"]
    if deadping.given and deadping.value <= 2 * keepalive.value:
        draft.console.refuse(
            DeadpingTooSmall,
            f"deadping {show_ms(deadping.value)} must be more than twice keepalive {show_ms(keepalive.value)}",
            error(f"Ping dead time [{deadping.value}] is too small compared to keeplive [{keepalive.value}]"),
            span=deadping.span,
            label="Heartbeat refuses to start with this pair",
            seen=[_seen("keepalive", keepalive)],
            help=f"raise deadping above {show_ms(2 * keepalive.value)}, or leave it out",
        )


def _seen(name: str, value: Valued[int]) -> str:
    return f"{name} {show_ms(value.value)} {f'at {value.span}' if value.span else '(the default)'}"


LEGACY_LINES = (
    warn("Deprecated 'legacy' auto_failback option selected."),
    warn("Please convert to 'auto_failback on'."),
    warn("See documentation for conversion details."),
)


def _legacy(draft: Draft) -> None:
    failback = draft.failback.value if draft.failback else Failback.LEGACY
    if failback is Failback.LEGACY and not draft.crm_is_on:
        draft.console.say(*LEGACY_LINES)


def log_targets(draft: Draft) -> tuple[str, ...]:
    """The log directives that count; facility kern is number 0 and counts as none."""
    facility = draft.last("logfacility")
    there = [name for name in ("logfile", "debugfile") if draft.last(name)]
    if facility and facility.value not in ("kern", "none"):
        there.append("logfacility")
    return tuple(there)


def _logging(draft: Draft) -> None:
    targets, logd = log_targets(draft), draft.last("use_logd")
    on = parse_bool(logd.value) if logd else None
    disabled = warn("Logging daemon is disabled --enabling logging daemon is recommended")
    if targets:
        if not on:
            draft.console.say(disabled)
            return
        facility = "/logfacility" if "logfacility" in targets else ""
        draft.console.say(warn(f"logd is enabled but logfile/debugfile{facility} is still configured in ha.cf"))
    elif logd is None:
        draft.console.say(info("No log entry found in ha.cf -- use logd"))
        draft.logd_on()
    elif on is False:
        line = error("No log entry found in ha.cf and use_logd is set to off")
        help = "add a logfile or logfacility line, or remove use_logd off"
        draft.console.refuse(NoLogging, "nothing is logged anywhere", line, span=logd.span, help=help)


def _autojoin(draft: Draft) -> None:
    word = draft.last("autojoin")
    if word is not None and _autojoin_word(draft) in ("other", "any") and not draft.crm_is_on:
        draft.console.refuse(
            AutojoinConflict,
            f"autojoin {word.value} does not go with haresources",
            error("R1 style resource management conflicts with  autojoin set"),
            error("You need either unset autojoin or enable crm"),
            span=word.span,
            help="remove the autojoin line",
        )
