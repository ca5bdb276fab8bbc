"""Heartbeats travel on media, and every plugin reads its own words.

Whether a card or a host exists is a fact of the machine and is not checked here; everything else a plugin refuses is.
A ping line counts as a medium, which is why a file without any path between the nodes can pass the daemon's check.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from hamodel.config.daemon import DaemonLine, Level, error, info
from hamodel.config.directives import Directive, Kind
from hamodel.config.draft import MAX_MEDIA, MAX_NODES, Draft
from hamodel.config.lines import Line, Word
from hamodel.config.parts import Medium, Ping
from hamodel.config.values import ascii_lower, parse_int
from hamodel.errors import BadMedium, DaemonCrashes, TooMany
from hamodel.source import Span

_DOTTED = re.compile(r"[0-9.]+\Z")
_PORTS = frozenset({"bcast", "ucast", "ucast6"})
PING_KINDS = frozenset({"ping", "ping6", "ping_group"})


def add_media(draft: Draft, row: Directive, line: Line, start: int, place: Span) -> None:
    """A line of media: each word is one for `bcast` and its like, the whole line is one for `mcast` and its like."""
    if row.kind is Kind.MEDIA_ARG:
        for word in line.words(start, " \t\n\r\f,"):
            draft.note(row.name, word.text, word.span)
            _one_word(draft, row, word)
        return
    words = tuple(line.words(start))
    draft.plugin_lines += 1
    draft.note(row.name, " ".join(word.text for word in words), words[0].span if words else place)
    match row.name:
        case "mcast" | "mcast6":
            _mcast(draft, row.name, words, place)
        case "ucast":
            _ucast(draft, words, place)
        case "ucast6":
            _ucast6(draft, words, place)
        case _:
            _ping_group(draft, words, place)


def is_ipv4(text: str) -> bool:
    """Whether it is a dotted quad."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _ipv6(text: str) -> ipaddress.IPv6Address | None:
    try:
        return ipaddress.IPv6Address(text) if "%" not in text else None
    except ValueError:
        return None


def _no_address(text: str) -> bool:
    """Whether it can be neither an address nor a name: digits and dots that are no dotted quad."""
    return bool(_DOTTED.match(text)) and not is_ipv4(text)


def _add(draft: Draft, medium: Medium | Ping) -> None:
    if draft.media_count() >= MAX_MEDIA:
        _too_many(draft, medium.kind, medium.name, medium.span)
    elif isinstance(medium, Medium):
        draft.media.append(medium)
    elif len(draft.table) >= MAX_NODES:
        help = "100 nodes and ping nodes together are the limit"
        draft.console.refuse(TooMany, f"ping node {medium.name} is one too many", span=medium.span, help=help)
    else:
        draft.table.append(ascii_lower(medium.name)[:100])
        draft.pings.append(medium)


def _too_many(draft: Draft, kind: str, value: str, span: Span | None) -> None:
    draft.console.refuse(
        TooMany,
        f"{kind} {value} is one medium too many",
        error("Too many media specified (> 64)"),
        info(f"Offending command: {kind} {value}"),
        span=span,
        help="64 media are the limit",
    )


def _one_word(draft: Draft, row: Directive, word: Word) -> None:
    kind, text, span = row.alias_of or row.name, word.text, word.span
    if draft.media_count() >= MAX_MEDIA:
        _too_many(draft, kind, text, span)
        return
    match kind:
        case "serial" if not text.startswith("/"):
            lines = (
                error(f"glib: Serial port not full pathname [{text}] in config file"),
                error(f"Illegal serial [serial ring] in config file [{text}]"),
            )
            _refuse(draft, f"serial port {text} is no full path", lines, span, "write /dev/ttyS0 or the like")
        case "serial" | "bcast":
            _add(draft, Medium(kind, text, "", span, _port(draft, kind)))
        case "ping6" if _ipv6(text) is None:
            line = error(f"Illegal ping6 [ping6 membership] in config file [{text}]")
            _refuse(draft, f"ping6 takes IPv6 addresses, not `{text}`", (line,), span, "write an address, no name")
        case "ping" if _no_address(text):
            lines = (
                error(f"glib: unknown host: {text}: {{strerror}}"),
                error(f"Illegal ping [ping membership] in config file [{text}]"),
            )
            _refuse(draft, f"ping host {text} is no address", lines, span, "write an IPv4 address")
        case _:
            _add(draft, Ping(text, (text,), kind, span))


def _port(draft: Draft, kind: str) -> int | None:
    return draft.port.value if kind in _PORTS else None


def _refuse(draft: Draft, message: str, lines: Sequence[DaemonLine], span: Span, help: str) -> None:
    draft.console.refuse(BadMedium, message, *lines, span=span, help=help)


def _crash(draft: Draft, kind: str, place: Span) -> None:
    draft.console.refuse(
        DaemonCrashes,
        f"{kind} without arguments crashes Heartbeat",
        DaemonLine(Level.CRASH, "Segmentation fault"),
        span=place,
        label="the plugin reads past the end of the line",
        help="complete the line or remove it",
    )
    draft.console.ended = True


def _mcast(draft: Draft, kind: str, words: Sequence[Word], place: Span) -> None:
    """Five words, read and judged one after the other."""
    if not words:
        if kind == "mcast":
            _crash(draft, kind, place)
        else:
            line = error("glib: mcast6 statement without device")
            _refuse(draft, "mcast6 names no card", (line,), place, "write mcast6 IFACE GROUP6 PORT HOPS LOOP")
        return
    device = words[0].text
    six = kind == "mcast6"
    names = ("mcast6 address" if six else "mcast address", "port", "hops" if six else "ttl", "loop")
    form = f"write {kind} IFACE GROUP PORT {'HOPS' if six else 'TTL'} LOOP, for example 694 1 0 at the end"
    for position, name in enumerate(names, start=1):
        if len(words) <= position:
            line = error(f"glib: {kind} [{device}] missing {name}")
            _refuse(draft, f"{kind} on {device} has no {name}", (line,), place, form)
            return
        complaint = _mcast_fault(kind, position, words[position].text)
        if complaint:
            line = error(f"glib: {complaint[0]}{kind} [{device}] bad {complaint[1]}")
            _refuse(draft, f"{kind} on {device}: bad {complaint[1]}", (line,), words[position].span, form)
            return
    port = parse_int(words[2].text) % 65536
    detail = " ".join(word.text for word in words[1:5])
    _add(draft, Medium(kind, device, detail, words[0].span, port))


def _mcast_fault(kind: str, position: int, text: str) -> tuple[str, str] | None:
    """What is wrong with the word at this place: the blank some messages have, and the rest of the message."""
    six = kind == "mcast6"
    match position:
        case 1 if six:
            address = _ipv6(text)
            return None if address is not None and address.is_multicast else (" ", f"addr [{text}]")
        case 1:
            return None if is_ipv4(text) and ipaddress.IPv4Address(text).is_multicast else ("", f"addr [{text}]")
        case 2:
            return None if six or parse_int(text) % 65536 else (" ", f"port [{parse_int(text) % 65536}]")
        case 3:
            return None if 0 <= parse_int(text) <= 4 else (" ", f"{'hops' if six else 'ttl'} [{parse_int(text)}]")
        case _:
            return None if 0 <= parse_int(text) <= 1 else (" ", f"loop [{parse_int(text)}]")


def _ucast(draft: Draft, words: Sequence[Word], place: Span) -> None:
    if not words:
        _crash(draft, "ucast", place)
        return
    device = words[0].text
    form = "write ucast IFACE HOST"
    if len(words) == 1:
        line = error(f"glib: ucast: [{device}] missing target IP address/hostname")
        _refuse(draft, f"ucast on {device} names no host", (line,), words[0].span, form)
    elif _no_address(words[1].text):
        lines = (
            error("glib: ucast: cannot resolve hostname"),
            error(f"glib: ucast: interface [{device}] does not exist"),
        )
        _refuse(draft, f"ucast host {words[1].text} is no address", lines, words[1].span, form)
    else:
        _add(draft, Medium("ucast", device, words[1].text, words[0].span, draft.port.value))


def _ucast6(draft: Draft, words: Sequence[Word], place: Span) -> None:
    form = "write ucast6 IFACE ADDR6"
    if not words:
        _refuse(draft, "ucast6 names no card", (error("glib: ucast6 statement without device"),), place, form)
        return
    device = words[0].text
    if len(words) == 1:
        line = error(f"glib: ucast6 [{device}] missing ucast6 address")
        _refuse(draft, f"ucast6 on {device} names no address", (line,), words[0].span, form)
        return
    address = _ipv6(words[1].text)
    if address is None or address.is_multicast:
        line = error(f"glib: ucast6 [{device}] bad addr [{words[1].text}]")
        _refuse(draft, f"ucast6 address {words[1].text} is no IPv6 unicast address", (line,), words[1].span, form)
        return
    _add(draft, Medium("ucast6", device, words[1].text, words[0].span, draft.port.value))


def _ping_group(draft: Draft, words: Sequence[Word], place: Span) -> None:
    if len(words) < 2:
        _refuse(
            draft, "ping_group needs a name and at least one host", (), place, "write ping_group NAME HOST [HOST ...]"
        )
        return
    hosts = []
    for word in words[1:]:
        if _no_address(word.text):
            draft.console.say(error(f"glib: unknown host: {word.text}: {{strerror}}"))
        else:
            hosts.append(word.text)
    _add(draft, Ping(words[0].text, tuple(hosts), "ping_group", words[0].span))
