"""What a log adds to a review: measured lateness, scripts that lie, foreign packets, and another file that was running.

A log is evidence of one past, never of what cannot happen: nothing here takes a finding away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hamodel.config.cluster import Cluster
from hamodel.config.haresources import resource
from hamodel.config.node import NodeConfig
from hamodel.config.practice import practice
from hamodel.config.values import show_ms
from hamodel.errors import FileUnreadable
from hamodel.ir.review import Cost, Remark, Source
from hamodel.logs.signs import Sign, clocks_apart, signs

NAMES = ("ha-log", "ha-debug", "log.txt", "messages", "syslog")
LARGEST = 50_000_000
"""Bytes of one log; a longer one is refused, not read in part."""
EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Log:
    """One log: its path as a user writes it, and what stands in it."""

    path: str
    signs: tuple[Sign, ...]

    def of(self, *names: str) -> list[Sign]:
        """The signs of these names."""
        return [sign for sign in self.signs if sign.name in names]


def logs_in(paths: Sequence[Path]) -> list[Path]:
    """The logs beside the configuration: files with a usual name, or that end in .log."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            continue
        for folder in (path, *sorted(inside for inside in path.iterdir() if inside.is_dir())):
            for file in sorted(folder.iterdir()):
                if file.is_file() and (file.name in NAMES or file.suffix == ".log"):
                    found[file] = None
    return list(found)


def read_log(path: Path) -> Log:
    """One log. Raises FileUnreadable."""
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except (OSError, ValueError) as problem:
        said = getattr(problem, "strerror", None) or str(problem)
        raise FileUnreadable(f"{path} cannot be read: {said}", help="give a log file as text") from None
    if size > LARGEST:
        large = f"{path} has more than {LARGEST // 1_000_000} MB"
        raise FileUnreadable(large, help="cut out the days that matter, for instance with grep heartbeat")
    return Log(str(path), signs(content.decode("utf-8", "replace")))


def log_remarks(log: Log, cluster: Cluster | None) -> Iterator[Remark]:
    """The findings of one log, beside a configuration or alone."""
    nodes = list(cluster.per_node.values()) if cluster is not None else []
    yield from _another_file(log, nodes)
    yield from _lateness(log, nodes)
    yield from _partitions(log, nodes)
    yield from _scripts(log)
    yield from _strangers(log)
    yield from _one_sided(log, nodes)
    yield from _starts(log)
    yield from _clocks(log)
    yield from _wordings(log)


def _remark(
    log: Log, code: str, cost: Cost, message: str, said: Sequence[Sign], repair: str = "", *rules: str
) -> Remark:
    shown = [f"{Path(log.path).name}:{sign.line}: {sign.text}" for sign in said[:EVIDENCE]]
    if len(said) > EVIDENCE:
        shown.append(f"and {len(said) - EVIDENCE} more such lines")
    line = said[0].line if said else 0
    return Remark(code, cost, Source.LOG, message, log.path, line, tuple(shown), repair, practice(*rules))


def _lateness(log: Log, nodes: Sequence[NodeConfig]) -> Iterator[Remark]:
    members = {name for node in nodes for name in node.nodes}
    late = log.of("late")
    late = [sign for sign in late if sign.fields["node"].lower() in members] or late
    if not late:
        return
    worst = max(late, key=lambda sign: int(sign.fields["ms"]))
    gap = int(worst.fields["ms"])
    least, most = gap * 3 // 2, gap * 2
    advice = f"deadtime of {show_ms(least)} to {show_ms(most)}, warntime of two keepalives"
    deadtimes = {node.deadtime.value for node in nodes}
    if deadtimes and min(deadtimes) >= least:
        message = f"the longest late heartbeat was {show_ms(gap)}: deadtime {show_ms(min(deadtimes))} is long enough"
        yield _remark(log, "HA520", Cost.HYGIENE, message, [worst])
        return
    if deadtimes and min(deadtimes) <= gap:
        message = f"a heartbeat was {show_ms(gap)} late: with deadtime {show_ms(min(deadtimes))} that is a false death"
        yield _remark(log, "HA521", Cost.OUTAGE, message, [worst], f"measured advice: {advice}", "R4", "R7")
        return
    message = f"the longest late heartbeat was {show_ms(gap)}" + (
        f": deadtime {show_ms(min(deadtimes))} is less than 1.5 times of it" if deadtimes else ""
    )
    yield _remark(log, "HA521", Cost.SURPRISE, message, [worst], f"measured advice: {advice}", "R4", "R7")


def _partitions(log: Log, nodes: Sequence[NodeConfig]) -> Iterator[Remark]:
    split = log.of("partition", "both-own")
    if split:
        disk = any(node.has_disk for node in nodes)
        cost = Cost.DATA_LOSS if disk else Cost.OUTAGE
        message = "both nodes have owned everything at once: a partition, or a deadtime that was too short"
        repair = "find what kept the heartbeats away; check every disk that was mounted meanwhile"
        yield _remark(log, "HA522", cost, message, split, repair, "R24", *(("R25",) if _drbd(nodes) else ()))
    forced = log.of("no-local-heartbeat")
    if forced:
        message = "Heartbeat did not hear itself in time and restarted: the machine is too busy for this deadtime"
        yield _remark(log, "HA523", Cost.OUTAGE, message, forced, "measure under load and raise deadtime", "R4", "R7")


def _drbd(nodes: Sequence[NodeConfig]) -> bool:
    return any(r.is_drbd for node in nodes for group in node.groups for r in group.resources)


def _scripts(log: Log) -> Iterator[Remark]:
    reboot = log.of("stop-failure")
    if reboot:
        message = "a stop failed while the resource ran on: Heartbeat reboots the machine to be sure"
        yield _remark(log, "HA524", Cost.OUTAGE, message, reboot, "repair the stop of that script", "R17")
    for name in dict.fromkeys(sign.fields["resource"] for sign in log.of("not-lsb")):
        said = [sign for sign in log.of("not-lsb") if sign.fields["resource"] == name]
        message = f"the stop of {name} failed although it was stopped: not LSB-compliant, a reboot was narrowly avoided"
        yield _remark(
            log, "HA525", Cost.SURPRISE, message, said, f"let {name} stop succeed when it is stopped already", "R17"
        )
    for name in dict.fromkeys(sign.fields["resource"] for sign in log.of("active-already")):
        said = [sign for sign in log.of("active-already") if sign.fields["resource"] == name]
        message = f"{name} ran before Heartbeat started it: something else starts it at boot"
        yield _remark(log, "HA526", Cost.OUTAGE, message, said, "take it out of the boot scripts and fstab", "R17")


def _strangers(log: Log) -> Iterator[Remark]:
    said = log.of("foreign-packet")
    if said:
        message = "packets with another key arrive: a second cluster on this segment, or two different authkeys"
        repair = "give each cluster a port or group of its own, and compare authkeys on both nodes"
        yield _remark(log, "HA527", Cost.SURPRISE, message, said, repair, "R21", "R18")


def _one_sided(log: Log, nodes: Sequence[NodeConfig]) -> Iterator[Remark]:
    """Links of one node only, and the other declared dead."""
    members = {name for node in nodes for name in node.nodes} or {s.fields["node"].lower() for s in log.of("dead")}
    up = {sign.fields["node"].lower() for sign in log.of("link-up")} & (members or set())
    dead = [sign for sign in log.of("dead") if sign.fields["node"].lower() in members]
    hosts = {sign.host for sign in log.signs if sign.host}
    missing = [sign for sign in dead if sign.fields["node"].lower() not in up]
    if missing and up and len(hosts) <= 1:
        node = missing[0].fields["node"]
        message = f"only links of {', '.join(sorted(up))} ever come up: {node} was never heard"
        repair = "open UDP 694, or the port of ha.cf, in both directions; check the address and the keys"
        yield _remark(log, "HA528", Cost.OUTAGE, message, missing, repair, "R22", "R24")


_CAUSES = {
    "program": ("the program {} is not there or may not run", "correct the path of the respawn line"),
    "mode": ("others may read authkeys", "chmod 600 authkeys"),
    "name": ("the machine calls itself {}, which ha.cf does not name", "write the name that uname -n prints"),
}


def _starts(log: Log) -> Iterator[Remark]:
    causes = [sign for sign in log.of("refused") if "other" not in sign.fields]
    for sign in causes:
        key = next(key for key in _CAUSES if key in sign.fields)
        what, repair = _CAUSES[key]
        message = (
            f"Heartbeat refused to start: {what.format(sign.fields[key])}; its peer owns everything after initdead"
        )
        yield _remark(log, "HA529", Cost.OUTAGE, message, [sign], repair, "R9")
    if not causes and log.of("refused"):
        message = "Heartbeat refused to start: its peer owns everything after initdead"
        yield _remark(log, "HA529", Cost.OUTAGE, message, log.of("refused"), "read the ERROR lines above it", "R9")


def _clocks(log: Log) -> Iterator[Remark]:
    apart = clocks_apart(log.signs)
    if apart is not None and abs(apart[2]) > 1:
        one, two, by = apart
        way = "ahead of" if by > 0 else "behind"
        message = f"the clock of {two} is {abs(by)} s {way} that of {one}: times of two nodes are not compared here"
        said = [s for s in log.of("wants-standby") if s.host in (one, two)][:2]
        yield _remark(log, "HA530", Cost.HYGIENE, message, said, "run ntpd on both nodes")


def _wordings(log: Log) -> Iterator[Remark]:
    said = log.of("we-are-dead")
    if said:
        message = "`We are dead. :<` means that ipfail sees no ping node, and nothing more: look at the ping target"
        yield _remark(log, "HA531", Cost.HYGIENE, message, said, "", "R11")


def _another_file(log: Log, nodes: Sequence[NodeConfig]) -> Iterator[Remark]:
    """Media and groups in the log that these files do not have: then the log is no evidence about them."""
    if not nodes:
        return
    configured = {medium.kind for node in nodes for medium in node.media}
    kinds = ("bcast", "mcast", "ucast", "serial")
    other = [s for s in log.of("medium") if not {k for k in kinds if k in s.fields} & configured]
    known = {_plain(r.text) for node in nodes for group in node.groups for r in group.resources}
    strange = [s for s in log.of("group") if not {_plain(word) for word in s.fields["resources"].split()} & known]
    strange = strange if known else []
    if not (other or strange):
        return
    parts = []
    if other:
        kind = next(k for k in kinds if k in other[0].fields)
        parts.append(f"heartbeats by {kind}, which these files do not have")
    if strange:
        parts.append(f"the resources `{strange[0].fields['resources']}`, which these files do not name so")
    message = f"another configuration was running when this log was written: {'; '.join(parts)}"
    yield _remark(
        log, "HA532", Cost.SURPRISE, message, [*other[:1], *strange[:1]],
        "review the files that were in use; this log proves nothing about these",
    )  # fmt: skip


def _plain(word: str) -> str:
    """A resource without the short form."""
    return "::".join((resource(word).type, *resource(word).args))
