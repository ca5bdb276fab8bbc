"""Everything a repair may change: numbers, words, directives and hardware, each as edits of the files as they stand.

A change that takes a number has a ladder of values to look at first; what lies between is found by bisection. No line
is added where the reader would refuse it: such a variant is tried like any other and comes back refused.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from hamodel.checking.bench import Bench
from hamodel.checking.edits import Edit, after, at, last_line, without
from hamodel.config.cluster import NodeConfig
from hamodel.config.faults import StonithOutcome
from hamodel.config.parts import Failback, Resource, Valued
from hamodel.config.values import show_ms
from hamodel.ir.repairs import Changed, Sort

TIMES = {"keepalive": 50, "deadtime": 200, "initdead": 1000, "deadping": 500}
"""The times a repair may change, and the least it will try."""
LONGEST = 600_000
FACTORS = (0.1, 0.2, 1 / 3, 0.5, 2 / 3, 0.8, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)
WAITS = (1_000, 2_000, 3_000, 5_000, 8_000, 15_000, 30_000, 60_000)
IPFAIL = "respawn hacluster /usr/lib/heartbeat/ipfail"
MEDIA = ("bcast", "udp", "ucast", "ucast6", "mcast", "mcast6", "serial")
DOCUMENTATION = "192.0.2.1"
"""An address that belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that may be changed. Two changes with one key exclude each other."""

    key: str
    sort: Sort
    says: Callable[[int], str]
    edits: Callable[[int], tuple[Edit, ...]]
    now: int = 0
    values: tuple[int, ...] = ()
    """For a number: what to look at first, nearest first."""
    note: str = ""
    step: int = 1
    """Numbers are written in multiples of this."""
    was: str = ""
    """How things are now."""

    @property
    def cost(self) -> int:
        return self.sort.value

    def told(self, value: int, border: str = "") -> Changed:
        """As it appears in a report."""
        return Changed(self.sort, self.says(value), self.note, border)


def changes(bench: Bench) -> tuple[Change, ...]:
    """Every change on the list for this cluster, the cheapest first."""
    ground = Ground(bench)
    found = [*_times(ground), *_words(ground), *_watchdog(ground), *_media(ground), *_ipfail(ground)]
    found += [*_waits(ground), *_fences(ground)]
    return tuple(sorted(found, key=lambda c: c.sort.value))


class Ground:
    """The files of a cluster and who reads them."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.spec, self.material = bench, bench.spec, bench.material
        self.configs = [self.spec.cluster.per_node[name] for name in self.spec.cluster.nodes]
        self.readers: dict[str, list[NodeConfig]] = {}
        for config in self.configs:
            spans = (v.span for values in config.options.values() for v in values)
            place = next((span for span in spans if span is not None), None)
            if place is not None:
                self.readers.setdefault(bench.key_of(place), []).append(config)

    def add(self, text: str, near: Sequence[str], file: str | None = None) -> tuple[Edit, ...]:
        """A line for every ha.cf, after the last one with one of these directives."""
        files = self.readers if file is None else (file,)
        return tuple(after(self.material, f, last_line(self.material, f, near), text) for f in files)

    def given(self, value: Valued[object] | None, directive: str, word: str) -> Edit | None:
        """The word of a directive becomes another, where the directive is written down."""
        if value is None or value.span is None:
            return None
        file = self.bench.key_of(value.span)
        first = re.split("[, \t]+", value.span.text.strip())[0]
        if first == directive:
            return at(self.material, value.span, file, word)
        return Edit(file, value.span.line, f"{directive} {word}", instead=True)

    def set(self, directive: str, word: str, near: Sequence[str]) -> tuple[Edit, ...]:
        """The directive has this word in every ha.cf."""
        found: dict[Edit, None] = {}
        for file, configs in self.readers.items():
            edit = self.given(getattr(configs[0], directive), directive, word)
            found |= dict.fromkeys((edit,) if edit is not None else self.add(f"{directive} {word}", near, file))
        return tuple(found)


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _times(ground: Ground) -> Iterator[Change]:
    first = ground.configs[0]
    for name, least in TIMES.items():
        if name == "deadping" and not any(c.pings for c in ground.configs):
            continue
        now = getattr(first, name).value
        values = ladder(now, least, LONGEST, whole=name == "deadtime")
        says = partial(_time_says, name, getattr(first, name))
        was = f"{name} {show_ms(now)}{'' if getattr(first, name).given else ' by default'}"
        yield Change(name, Sort.NUMBER, says, partial(_time_edits, ground, name), now, values, was=was)


def _time_says(name: str, now: Valued[int], value: int) -> str:
    was = show_ms(now.value) if now.given else f"{show_ms(now.value)} by default"
    return f"{name} {show_ms(value)} (was {was})"


def _time_edits(ground: Ground, name: str, value: int) -> tuple[Edit, ...]:
    return ground.set(name, word(value), ("deadtime", "keepalive", "initdead", "warntime"))


def word(value: int) -> str:
    """A time as ha.cf writes it.

    >>> word(30000), word(29990)
    ('30', '29990ms')
    """
    return f"{value}ms" if value % 1000 else str(value // 1000)


def ladder(now: int, least: int, most: int, *, whole: bool = False) -> tuple[int, ...]:
    """Values to look at first, the nearest first.

    With `whole` also those that stay just below a whole second: a watchdog runs whole seconds, and little longer.

    >>> ladder(2000, 50, 600000)[:4]
    (1600, 2500, 3000, 1333)
    """
    found = {round(now * factor) for factor in FACTORS}
    if whole:
        found |= {(value // 1000) * 1000 - 10 for value in (*found, now, now + 1000)}
    return tuple(sorted({v for v in found if least <= v <= most and v != now}, key=lambda v: (distance(now, v), v)))


def distance(now: int, value: int) -> float:
    """How far a value is from another, as the larger of their ratios."""
    if not now or not value:
        return float(max(now, value))
    return max(now / value, value / now)


# ---- words and directives --------------------------------------------------------------------------------------------


def _words(ground: Ground) -> Iterator[Change]:
    now = ground.configs[0].auto_failback
    for mode in Failback:
        if mode is not now.value:
            was = f"was {now.value.value}{'' if now.given else ' by default'}"
            yield Change(
                "auto_failback", Sort.WORD, _always(f"auto_failback {mode.value} ({was})"),
                _once(ground.set("auto_failback", mode.value, ("initdead", "deadtime", "keepalive"))),
                was=f"auto_failback {now.value.value}",
            )  # fmt: skip


def _watchdog(ground: Ground) -> Iterator[Change]:
    given = [c.watchdog.span for c in ground.configs if c.watchdog is not None and c.watchdog.span is not None]
    if given:
        gone = {without(ground.bench.key_of(span), span.line) for span in given}
        edits = tuple(sorted(gone, key=str))
        yield Change("watchdog", Sort.DIRECTIVE, _always("without the watchdog"), _once(edits), was="a watchdog")
        return
    edits = ground.add("watchdog /dev/watchdog", ("auto_failback", "initdead", "deadtime", "keepalive"))
    note = "the softdog module, or a watchdog of the board"
    yield Change(
        "watchdog", Sort.DIRECTIVE, _always("watchdog /dev/watchdog"), _once(edits), note=note, was="no watchdog"
    )


def _media(ground: Ground) -> Iterator[Change]:
    topology = ground.spec.topology
    used = {topology.card(medium) for config in ground.configs for medium in config.media}
    for card in topology.cards:
        if card not in used and not card.startswith("/"):
            text = f"heartbeats on {card} as well (bcast {card})"
            edits, was = ground.add(f"bcast {card}", MEDIA), f"no heartbeats on {card}"
            yield Change(f"bcast {card}", Sort.DIRECTIVE, _always(text), _once(edits), was=was)
    fresh = next(f"eth{n}" for n in range(100) if f"eth{n}" not in topology.cards)
    yield Change(
        "cable", Sort.HARDWARE, _always(f"one more cable for heartbeats, on {fresh} (bcast {fresh})"),
        _once(ground.add(f"bcast {fresh}", MEDIA)),
        note=f"a free card {fresh} in both machines, and a cable of its own",
        was=f"heartbeats on {' and '.join(sorted(used)) or 'nothing'}",
    )  # fmt: skip


def _ipfail(ground: Ground) -> Iterator[Change]:
    lines = [c.span for config in ground.configs for c in config.clients if c.program == "ipfail" and c.span]
    pings = any(config.pings for config in ground.configs)
    if lines:
        gone = {without(ground.bench.key_of(span), span.line) for span in lines}
        yield Change(
            "ipfail", Sort.DIRECTIVE, _always("without ipfail"), _once(tuple(sorted(gone, key=str))), was="ipfail"
        )
    if lines and pings:
        return
    router = _router(ground)
    ping = f"ping {router}"
    edits = () if pings else ground.add(ping, ("ping", "ping_group", *MEDIA))
    edits += () if lines else ground.add(IPFAIL, ("respawn", "node"))
    parts = [*([] if pings else [ping]), *([] if lines else ["respawn ipfail"])]
    note = "" if pings else f"{router}: put the address of a router that both machines can reach"
    yield Change(
        "ipfail", Sort.DIRECTIVE, _always(" and ".join(parts)), _once(edits), note=note, was="no ipfail at work"
    )


def _router(ground: Ground) -> str:
    """The first address of the network of the service, which is a router more often than not."""
    addresses = (a for config in ground.configs for a in config.addresses)
    return next((found for a in addresses if (found := _first_host(a))), DOCUMENTATION)


def _first_host(address: Resource) -> str:
    try:
        network = ipaddress.ip_network(f"{address.address}/{address.bits or 24}", strict=False)
        first = str(network.network_address + 1)
        return first if first != address.address and network.version == 4 else ""
    except ValueError:
        return ""


# ---- the order of the scripts ----------------------------------------------------------------------------------------


def _waits(ground: Ground) -> Iterator[Change]:
    """A Delay script before the first disk of a group: the resource that only waits."""
    groups = [
        g for config in ground.configs for g in config.groups if any(r.is_block_mount or r.is_drbd for r in g.resources)
    ]
    places = {(ground.bench.key_of(g.resources[0].span), g.resources[0].span) for g in groups if g.resources[0].span}
    waits = any(r.type == "Delay" for config in ground.configs for g in config.groups for r in g.resources)
    if not places or waits or "Delay" in _toml(ground).get("durations", {}):
        return

    def edits(value: int) -> tuple[Edit, ...]:
        found = []
        for file, span in sorted(places, key=str):
            start = at(ground.material, span, file, "").start
            found.append(Edit(file, span.line, f"Delay::{value // 1000}::0 ", start, start or 0))
        name = ground.bench.spec_file
        text = ground.material.files.get(name, "")
        lines = ["[durations.Delay]", f"start = [{value}, {value + 400}]", "stop = [0, 400]"]
        end = text.count("\n") + (not text.endswith("\n") if text else 0)
        return (*found, Edit(name, end, "\n".join(["", *lines] if text else lines)))

    def says(value: int) -> str:
        return f"wait {value // 1000} s before the first resource (Delay::{value // 1000}::0)"

    note = "the script Delay of Heartbeat's resource.d; it makes every take-over longer"
    was = "no wait before the first resource"
    yield Change("delay", Sort.DIRECTIVE, says, edits, 0, WAITS, note, 1000, was)


# ---- hardware --------------------------------------------------------------------------------------------------------


def _fences(ground: Ground) -> Iterator[Change]:
    """A device for every node, or one that works in place of one that does not."""
    spec = ground.spec
    names = spec.cluster.nodes
    lines = {
        (f, d.span.line) for f, cs in ground.readers.items() for c in cs for d in c.fence_lines if d.span is not None
    }
    if lines and "nodes" not in _toml(ground).get("stonith", {}):
        gone = tuple(without(file, line) for file, line in sorted(lines))
        yield Change(
            "fence", Sort.DIRECTIVE, _always("without the fencing device"), _once(gone), was="a fencing device"
        )
    fine = spec.stonith.outcome is StonithOutcome.WORKS
    if len(names) != 2 or (fine and set(spec.stonith.nodes) >= set(names)):
        return
    edits: list[Edit] = []
    for file, configs in ground.readers.items():
        if not fine:
            spans = {d.span for c in configs for d in c.fence_lines if d.span is not None}
            edits += [without(file, span.line) for span in sorted(spans)]
        for config in configs:
            if fine and config.name in spec.stonith.nodes:
                continue
            peer = names[1 - names.index(config.name)]
            line = f"stonith_host {config.name} external/ipmi {peer} ADDRESS-OF-{peer} USER PASSWORD lan"
            edits += ground.add(line, ("stonith", "stonith_host", "watchdog", "auto_failback", "node"), file)
    edits += _fence_words(ground)
    what = "a fencing device for both machines" if not spec.stonith.nodes else "a fencing device that works"
    how = f"a reset that works within {show_ms(spec.stonith.latency.lo)} to {show_ms(spec.stonith.latency.hi)}"
    was = "no fencing device" if not spec.stonith.nodes else f"a fencing device that {spec.stonith.outcome.value}"
    note = f"{how}; put address, user and password of each management card"
    yield Change("fence", Sort.HARDWARE, _always(f"{what} (stonith_host)"), _once(tuple(edits)), note=note, was=was)


def _fence_words(ground: Ground) -> list[Edit]:
    """What spec.toml says of the old device is said of the new one."""
    name = ground.bench.spec_file
    said = _toml(ground).get("stonith", {})
    wanted = {
        "outcome": '"works"',
        "nodes": f"[{', '.join(f'{chr(34)}{n}{chr(34)}' for n in ground.spec.cluster.nodes)}]",
    }
    found = []
    for number, line in enumerate(ground.material.files.get(name, "").split("\n"), 1):
        for key, value in wanted.items():
            match = re.search(rf"(?<![\w.]){key}\s*=\s*(\"[^\"]*\"|\[[^\]]*\])", line)
            if match and key in said and line.split("=")[0].strip() in (key, f"stonith.{key}", "stonith"):
                found.append(Edit(name, number, value, match.start(1), match.end(1)))
    return found


def _toml(ground: Ground) -> dict[str, dict[str, object]]:
    try:
        data = tomllib.loads(ground.material.files.get(ground.bench.spec_file, "").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return {}
    return {key: value for key, value in data.items() if isinstance(value, dict)}


def _always(text: str) -> Callable[[int], str]:
    return lambda _value: text


def _once(edits: tuple[Edit, ...]) -> Callable[[int], tuple[Edit, ...]]:
    return lambda _value: edits
