"""The landmarks of a log: lines that a person reads a night by, and that the model writes as the daemon does.

Both sides are read by the same table: what the daemon wrote, and what a log statement of a rule expands to. A line that
is no landmark, or that no rule of this cluster can write, is not looked at. Marks of different processes, and of
different things one process speaks of, are in different streams: their order within a second means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from hamodel.checking.fits.result import LogLine
from hamodel.errors import ModelError
from hamodel.ir.fit import Mark
from hamodel.ir.statement import Log
from hamodel.ir.trace import LogLine as Written
from hamodel.logs.catalogue import CATALOGUE
from hamodel.logs.expand import expand
from hamodel.logs.host import Host
from hamodel.logs.journal import Journal

LANDMARKS: Mapping[str, tuple[str, str]] = {
    "hb-version": ("life", "starts"),
    "hb-local-status-set": ("life", "is {status}"),
    "hbr-shutdown-progress": ("life", "stops"),
    "hb-shutdown-complete": ("life", "has stopped"),
    "hb-restart-triggered": ("life", "restarts itself"),
    "hb-emergency-mcp-died": ("children", "miss their master"),
    "hbr-giveup-begin": ("give up", "begins"),
    "hbr-giveup-end": ("give up", "ends"),
    "hb-node-status": ("{node}", "is {status}"),
    "hb-node-dead": ("{node}", "is dead"),
    "hb-peer-restarted": ("restart of {node}", "seen"),
    "hb-partition-healed": ("partition from {node}", "healed"),
    "hb-link-status": ("link {node}:{link}", "is {status}"),
    "hbr-resources-acquired-from": ("take-over", "from {node}"),
    "hbr-takeover-cancelled": ("take-over", "cancelled"),
    "md-taking-over": ("mach_down", "takes {group}"),
    "md-complete": ("mach_down", "has done {node}"),
    "rm-running": ("script {script} {args}", "{op}"),
    "rm-giving-up": ("failures", "start of {resource}"),
    "rm-stop-failure": ("failures", "stop"),
    "hbr-wants-standby": ("standby", "{node} wants {rsc_type}"),
    "hbr-standby-acquire": ("standby", "acquire {rsc_type} from {node}"),
    "hbr-standby-local-done": ("standby", "{rsc_type} done here"),
    "hbr-standby-acq-done": ("standby", "acquired"),
    "hbr-standby-other-done": ("standby", "{rsc_type} done there"),
    "hbr-standby-busy": ("standby", "{node} asks too late"),
    "hbr-standby-other-flux": ("standby", "{node} asks too early"),
    "hbr-standby-local-flux": ("standby", "{node} asks too early"),
    "hb-standby-timeout": ("standby", "no reply"),
    "hbr-standby-cancelled": ("standby", "cancelled"),
    "hbr-shutdown-notice": ("notice", "of {node}"),
    "hbr-stonith-begin": ("reset of {node}", "begins"),
    "hbr-stonith-ok": ("reset of {node}", "done"),
    "hbr-stonith-failed": ("reset of {node}", "failed"),
    "hb-no-local-heartbeat": ("itself", "not heard"),
    "ipfail-giveup": ("ipfail", "gives up"),
}
"""By the name of the message: its stream, and what counts of its text."""

ONLY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hb-node-status": ("status", ("active",)),
}
"""Messages that are landmarks only where a field has one of these values."""
LASTING = ("hb-link-status",)
"""Messages that say what is: it may be said again, by the daemon or by the model."""
OF_NODES = ("hb-node-status", "hb-node-dead")
"""Messages that count for cluster nodes alone: a ping node that answers late is dead for a moment, its link is not."""


def mark_of(node: str, key: str, fields: Mapping[str, str], peers: tuple[str, ...]) -> Mark | None:
    """The mark of a message that `node` writes; None for one that is no landmark.

    Of a script its name counts: which directory had it depends on the machine, and the files do not say it.
    """
    found = LANDMARKS.get(key)
    if found is None:
        return None
    name, only = ONLY.get(key, ("", ()))
    if name and fields[name] not in only:
        return None
    if key in OF_NODES and fields["node"] not in peers:
        return None
    values = {k: v.strip() for k, v in fields.items()}
    if "script" in values:
        values["script"] = values["script"].rpartition("/")[2]
    stream, text = (part.format(**values) for part in found)
    return Mark(f"{node}: {stream}", text, key in LASTING)


@lru_cache(maxsize=1 << 16)
def read(node: str, text: str, level: str, peers: tuple[str, ...]) -> Mark | None:
    """The mark of a line with this text."""
    for key in LANDMARKS:
        message = CATALOGUE[key]
        if message.level.strip("-") == level:
            fields = message.matches(text)
            if fields is not None:
                return mark_of(node, key, fields, peers)
    return None


def marks_of(node: str, lines: Iterable[LogLine], peers: tuple[str, ...]) -> Iterator[tuple[LogLine, Mark]]:
    """The lines of one node that are marks.

    A node on its way out gives up a take-over at the death of a ping node too (it takes any death for the peer's);
    that is no mark, as the model does so for the peer alone.
    """
    dead = CATALOGUE["hb-node-dead"]
    pinged: datetime | None = None
    for line in lines:
        died = dead.matches(line.entry.text)
        if died is not None:
            pinged = line.entry.when if died["node"] not in peers else None
        mark = read(node, line.entry.text, line.entry.level, peers)
        if mark is not None and not (mark.text == "cancelled" and pinged == line.entry.when):
            yield line, mark


@dataclass(slots=True)
class Reader:
    """Finds the marks in what the rules of one cluster log, and how long after its event each is written."""

    hosts: tuple[Host, Host]
    delays: dict[Mark, int] = field(default_factory=dict)

    def __call__(self, log: Log, fields: Mapping[str, str]) -> tuple[Mark, ...]:
        host = self.hosts[log.node]
        names = (self.hosts[0].name, self.hosts[1].name)
        journal = Journal(host, log.node, names)
        try:
            expand(journal, 0, log.key, fields)
        except ModelError:
            return ()
        found = []
        for said in journal.lines:
            mark = read(host.name, said.text, said.level, names)
            if mark is not None:
                self.delays[mark] = said.at
                found.append(mark)
        return tuple(found)

    def marks(self, line: Written) -> tuple[Mark, ...]:
        """The marks of a line of a trace."""
        return self(Log(line.node, line.key), dict(line.fields))
