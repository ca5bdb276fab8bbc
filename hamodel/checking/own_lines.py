"""Own lines: what the model's nodes write along a recording, laid beside what the daemon's nodes wrote.

Both logs are cut into streams, one for each kind of process on each node, because lines of different processes within
one second come in any order; so do the first packets of different media, which different processes read. In a stream
numbers, process numbers and dates do not count; words and order do. The share produced is that of the recorded lines of
level info and above that the model writes too, in the same order, on the run that was led along them (see `led`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from hamodel.checking.along import trace_along
from hamodel.checking.led import Text
from hamodel.config.cluster import ConfigurationRefused
from hamodel.errors import ConfigurationError, RefusalGroup
from hamodel.ir.trace import Trace
from hamodel.logs.catalogue import CATALOGUE, Message
from hamodel.logs.formats import Entry, read
from hamodel.logs.host import Host
from hamodel.logs.journal import Said
from hamodel.renderers.halog import hosts_of, journals_of, node_logs
from hamodel.scenarios import testbed
from hamodel.scenarios.files import spec_of
from hamodel.scenarios.recording import Recording

YEAR = 2026
NEWLINE = "#012"
"""What syslog makes of a new line inside a text."""
_BELOW_INFO = frozenset({"debug", "DEBUG"})
_LOGGED = frozenset({"ERROR", "WARN", "notice", "info"})
"""What of a refusal goes to the log; the rest is on the terminal."""
_AGENTS = frozenset({"IPaddr", "IPaddr2", "Filesystem"})
_CHILDREN = frozenset({"hb-client-started", "hbr-local-done", "hbr-no-local-resources", "hbr-stonith-status"})
"""Lines of children of which each kind is a process of its own."""
_CHILD = re.compile("hbr-(gostandby|giveup|stonith)-|stonith-")
_OF_A_MEDIUM = frozenset(
    {"hb-link-status", "ipfail-link-status", "hb-node-status", "hb-node-dead"}
    | {"hb-late-heartbeat", "hb-late-heartbeat-deadtime"}
)
_PLACE = re.compile(r"(?<=Link )\S+(?= (?:up|dead|now)\b)|\d+\.\d+\.\d+\.\d+")
"""Node and medium of a link, or the address of a ping node."""
_NUMBER = re.compile(r"0x[0-9a-f]+|(?<!node)(?<!eth)\d+")
_HEXADECIMAL = re.compile(
    r"(?<=\[seq=)[^]]*|(?<=\[(?:hg|ts|ld|dt)=)[^]]*|(?<=auth=1 )\w+|(?<=ackseq=)\w+|(?<=uuid=)[^]]*"
    r"|(?<=authtoken=)\w+|(?<=authstr=)\w+|(?<=failed, s=).*"
)
"""Numbers in a packet that is printed field by field."""
_ACKNOWLEDGEMENT = re.compile(r"\[ackseq=([0-9a-f]+)\]")
_OF_THE_DAEMON = frozenset({"hbr-stonith-retry"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line without what differs from run to run: its message id, the process that writes it, level and text."""

    id: str
    stream: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Recorded lines, those of them the model writes too, those it does not, and what it writes beside; by id."""

    name: str
    recorded: int
    produced: int
    missing: Mapping[str, int]
    surplus: Mapping[str, int]

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.produced / self.recorded if self.recorded else 1.0


def compare_lines(recording: Recording) -> Compared:
    """The lines of a run along a recording. Raises NotModelled, and what the reading of its files raises."""
    recorded = recorded_lines(recording)
    try:
        found = _run(recording, recorded)
        written = [[], []] if found is None else [list(lines_of(log.lines)) for log in node_logs(*found)]
    except ConfigurationRefused as refused:
        written = [list(refusal_lines(refused, node)) for node in testbed.NODES]
    return compared(recording.name, recorded, written)


def run_along(recording: Recording) -> tuple[Trace, tuple[Host, Host]] | None:
    """A run along a recording and its nodes as their logs see them; none where Heartbeat refuses the files."""
    try:
        return _run(recording, recorded_lines(recording))
    except (ConfigurationError, RefusalGroup):
        return None


def _run(recording: Recording, recorded: Sequence[Sequence[Line]]) -> tuple[Trace, tuple[Host, Host]] | None:
    with spec_of(recording.texts, recording.bed, recording.demands) as spec:
        hosts = as_drawn(on_the_test_bed(hosts_of(spec.cluster)), recording)
        found = trace_along(recording, spec, journals_of(hosts), _text(recorded), _heard)
    if found is None:
        return None
    first, second = (replace(host, deaf=deaf) for host, deaf in zip(hosts, found[1].missed, strict=True))
    return found[0], (first, second)


def refusal_lines(refused: ConfigurationRefused, node: str) -> Iterator[Line]:
    """What a machine writes whose Heartbeat refuses its files: it boots, the files are checked, and that is all."""
    yield _line("kernel", "", testbed.BOOTS)
    for line in refused.transcripts.get(node, ()):
        if line.level.value in _LOGGED:
            yield _line("heartbeat", line.level.value, line.text)


def _text(recorded: Sequence[Sequence[Line]]) -> Text:
    streams: dict[tuple[int, str], list[object]] = {}
    for node, log in enumerate(recorded):
        for line in log:
            streams.setdefault((node, line.stream), []).append(line)
    return Text(streams)


def _heard(said: Said) -> tuple[str, object] | None:
    return next(((line.stream, line) for line in lines_of([said])), None)


def on_the_test_bed(hosts: tuple[Host, Host]) -> tuple[Host, Host]:
    """Its machines are new in every run. In its containers no process may lock its memory, their kernel says nothing of
    mounts, their watchdog is no device, and its service is a script of Heartbeat's own folder."""
    scripts = frozenset({testbed.SERVICE})
    first, second = (
        replace(host, fresh=True, locks_memory=False, logs_mounts=False, sets_watchdog=False, scripts=scripts)
        for host in hosts
    )
    return first, second


def as_drawn(hosts: tuple[Host, Host], recording: Recording) -> tuple[Host, Host]:
    """The hosts with what the daemons drew by lot: which of ten refused packets an acknowledgement is for."""
    found = [_ACKNOWLEDGEMENT.search(_syslog(recording, node)) for node in testbed.NODES]
    first, second = (
        host if drawn is None else replace(host, acknowledges=int(drawn[1], 16))
        for host, drawn in zip(hosts, found, strict=True)
    )
    return first, second


def recorded_lines(recording: Recording) -> list[list[Line]]:
    """What each node of the recording wrote, as its syslog has it."""
    return [list(lines_of(read(_syslog(recording, node).splitlines(), YEAR))) for node in testbed.NODES]


def _syslog(recording: Recording, node: str) -> str:
    path = recording.folder / node / "messages"
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return text.replace(NEWLINE, "")


# ---- two logs side by side -------------------------------------------------------------------------------------------


def compared(name: str, recorded: Sequence[Sequence[Line]], written: Sequence[Sequence[Line]]) -> Compared:
    """Node by node and stream by stream: the longest sequence that both have."""
    produced = 0
    missing: Counter[str] = Counter()
    surplus: Counter[str] = Counter()
    for real, ours in zip(recorded, written, strict=True):
        for stream in sorted({line.stream for line in (*real, *ours)}):
            a, b = ([line for line in log if line.stream == stream] for log in (real, ours))
            pairs = common(a, b)
            produced += len(pairs)
            missing += Counter(line.id for i, line in enumerate(a) if i not in {p for p, _ in pairs})
            surplus += Counter(line.id for i, line in enumerate(b) if i not in {q for _, q in pairs})
    return Compared(name, sum(map(len, recorded)), produced, missing, surplus)


def common(a: Sequence[object], b: Sequence[object]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence.

    >>> common("abcd", "xbyd")
    [(1, 1), (3, 3)]
    """
    rows = [[0] * (len(b) + 1)]
    for left in reversed(a):
        below, row = rows[-1], [0] * (len(b) + 1)
        for j in range(len(b) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if left == b[j] else max(below[j], row[j + 1])
        rows.append(row)
    rows.reverse()
    pairs, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif rows[i + 1][j] >= rows[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


# ---- lines -----------------------------------------------------------------------------------------------------------


def lines_of(log: Iterable[Entry | Said]) -> Iterator[Line]:
    """The lines at level info and above, without their numbers."""
    for entry in log:
        if entry.level not in _BELOW_INFO:
            yield _line(entry.tag, entry.level, entry.text)


@cache
def _line(tag: str, level: str, text: str) -> Line:
    component = re.sub(r"\(.*", "", tag).rsplit("/", 1)[-1]
    masked = _NUMBER.sub("#", _HEXADECIMAL.sub("#", text.replace("\n", "")))
    if component == "kernel" and text.startswith(testbed.BOOTS):
        return Line("kernel-boot", component, level, "boot")
    found = _message(component, level, text.replace("\n", ""))
    if found is None:
        words = re.match(r"[A-Za-z _]*", masked)
        return Line(f"{component}: {words[0] if words else ''}".rstrip(), component, level, masked)
    return Line(found.id, _stream(component, found.id, text), level, "boot" if found.id == "kernel-boot" else masked)


def _message(component: str, level: str, text: str) -> Message | None:
    """The message of the catalogue that this line is; a wrapper in resource.d bears the name of its agent."""
    own = (component, "resource-script") if component in _AGENTS else (component,)
    for message in CATALOGUE.values():
        if message.component in own and message.level == (level or "-") and message.matches(text) is not None:
            return message
    return None


def _stream(component: str, name: str, text: str) -> str:
    """The kind of process behind a line; what a link or a ping node does comes from a process for each medium."""
    place = _PLACE.search(text) if name in _OF_A_MEDIUM else None
    if place is not None:
        return f"{component} {place[0]}"
    if component in _AGENTS or component == "ResourceManager":
        return "resources"
    if component == "heartbeat" and name in _CHILDREN:
        return name
    if component == "heartbeat" and _CHILD.match(name) and name not in _OF_THE_DAEMON:
        return "children"
    return component
