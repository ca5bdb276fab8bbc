"""Four directives own the rest of their line: how to fence, what to start, and who may connect.

Users, programs and plugins are facts of the machine and are not checked here; the shape of the line is.
"""

from __future__ import annotations

from hamodel.config.daemon import DaemonLine, Version, error, info
from hamodel.config.directives import Directive
from hamodel.config.draft import Draft
from hamodel.config.lines import Line, Word
from hamodel.config.parts import Client, StonithDevice
from hamodel.config.values import ascii_lower
from hamodel.errors import BadApiAuth, BadClient, BadStonith
from hamodel.source import Span

# What `crm on` implies. A line of the file for one of these clients clashes with it.
IMPLIED = {
    Version.V2_0_8: ("cib", "stonithd", "attrd", "crmd", "mgmtd", "pingd"),
    Version.V3_0_6: ("cib", "crmd", "stonithd", "stonith-ng", "attrd", "pingd"),
}


def whole_line(draft: Draft, row: Directive, line: Line, start: int, place: Span) -> None:
    """One of the directives whose words are its own business."""
    words = tuple(line.words(start))
    rest = line.text[start:].lstrip(" \t\n\r\f,")
    draft.whole_lines += 1
    draft.note(row.name, rest.rstrip(), words[0].span if words else place)
    match row.name:
        case "stonith":
            _stonith(draft, words, place)
        case "stonith_host":
            _stonith_host(draft, words, place)
        case "respawn" | "failfast":
            _client(draft, row.name, words, rest, place)
        case _:
            _apiauth(draft, words, rest, place)


def _stonith(draft: Draft, words: tuple[Word, ...], place: Span) -> None:
    if not words:
        line = error("No Stonith type given")
        draft.console.refuse(BadStonith, "stonith names no type", line, span=place, help="write stonith TYPE FILE")
        return
    if len(words) == 1:
        lines = (error("glib: Cannot open "), error("Invalid Stonith config file []"))
        message = f"stonith {words[0].text} names no file"
        draft.console.refuse(
            BadStonith, message, *lines, span=place, help="write stonith TYPE FILE, or use stonith_host"
        )
        return
    params = tuple(word.text for word in words[1:])
    draft.stonith.append(StonithDevice(words[0].text, params, words[0].span))


def _stonith_host(draft: Draft, words: tuple[Word, ...], place: Span) -> None:
    form = "write stonith_host HOST TYPE PARAMETER..., where HOST is the node that may use the device, or *"
    if not words:
        line = error("No Stonith hostname argument given")
        draft.console.refuse(BadStonith, "stonith_host names no host", line, span=place, help=form)
        return
    host = words[0].text
    if len(host) >= 100:
        line = error("Stonith hostname too long")
        draft.console.refuse(BadStonith, "the host of stonith_host is too long", line, span=words[0].span, help=form)
        return
    device = StonithDevice(
        words[1].text if len(words) > 1 else "",
        tuple(word.text for word in words[2:]),
        words[0].span,
        ascii_lower(host),
    )
    if host != "*" and ascii_lower(host) != draft.host:
        draft.foreign_stonith.append(device)
        return
    if len(words) < 2:
        line = error("No Stonith type given")
        draft.console.refuse(BadStonith, f"stonith_host {host} names no type", line, span=place, help=form)
        return
    if device.type == "meatware":
        draft.console.say(info(f"glib: parse config info info={' '.join(device.params)}"))
    draft.stonith.append(device)


def _client(draft: Draft, name: str, words: tuple[Word, ...], rest: str, place: Span) -> None:
    user = words[0].text if words else ""
    command = rest[len(user) :].strip()
    form = f"write {name} USER /absolute/command"
    if len(user) > 63:
        line = error("UID specified for client child is too long")
        draft.console.refuse(BadClient, f"the user of {name} is too long", line, span=place, help=form)
    elif not user or user.isdecimal():
        line = error(f"Invalid uid [{user}] specified for client child")
        message = f"{name} takes a login name, not `{user}`" if user else f"{name} names no user"
        draft.console.refuse(BadClient, message, line, span=words[0].span if words else place, help=form)
    elif not command.startswith("/"):
        line = error(f"Client child command [{command}] is not full pathname")
        message = f"{name} needs the full path of the command" if command else f"{name} names no command"
        draft.console.refuse(BadClient, message, line, span=words[1].span if command else place, help=form)
    else:
        draft.clients.append(Client(user, command, name == "respawn", words[0].span))


def _apiauth(draft: Draft, words: tuple[Word, ...], rest: str, place: Span) -> None:
    directive = rest.rstrip("\n")
    client = words[0].text if words else ""
    fault = _apiauth_fault(draft, words, directive)
    if fault is None:
        draft.authorised[client] = words[0].span
        return
    message, first, help = fault
    draft.console.refuse(BadApiAuth, message, *first, *_syntax(directive), span=place, help=help)


def _apiauth_fault(
    draft: Draft, words: tuple[Word, ...], directive: str
) -> tuple[str, tuple[DaemonLine, ...], str] | None:
    form = "write apiauth CLIENT uid=LIST gid=LIST, lists without blanks"
    client = words[0].text if words else ""
    if len(client) > 31:
        return "the client of apiauth is too long", (error(f"client name [{directive}] too long"),), form
    if len(words) < 2:
        return "apiauth says nobody may connect", (), form
    lists: set[str] = set()
    for word in words[1:]:
        kind = word.text[:4]
        if kind not in ("uid=", "gid="):
            return f"apiauth does not know `{word.text}`", (error("Missing uid or gid in apiauth"),), form
        if kind in lists:
            return f"apiauth has two {kind[:3]} lists", (error(f"Duplicate {kind[:3]} list in apiauth"),), form
        lists.add(kind)
    if client in draft.authorised or (draft.crm_is_on and client in IMPLIED[draft.version]):
        before = draft.authorised.get(client)
        where = f" after {before}" if before else ", which crm implies"
        line = error(f"Duplicate apiauth directive for API client {client}: [{directive}]")
        return f"a second apiauth line for {client}{where}", (line,), "keep one line for each client"
    return None


def implied_clients(draft: Draft, place: Span) -> None:
    """`crm on` authorises clients of its own.

    A line that was there before clashes, fatally in 3.0.6 and harmlessly in 2.0.8.
    """
    for client in IMPLIED[draft.version]:
        if client not in draft.authorised:
            continue
        clash = error(f"Duplicate apiauth directive for API client {client}: [{{directive}}]")
        lines = (clash, *_syntax("{directive}"))
        if draft.version is Version.V2_0_8:
            draft.console.say(*lines, error("Directive apiauth {value} failed"))
            continue
        message = f"the cluster resource manager authorises {client} itself"
        seen = (f"apiauth {client} at {draft.authorised[client]}",)
        help = f"remove the apiauth line for {client}"
        last = error("failed: apiauth {apiauth}")
        draft.console.refuse(BadApiAuth, message, *lines, last, span=place, seen=seen, help=help)


def _syntax(directive: str) -> tuple[DaemonLine, ...]:
    return (
        error(f"Invalid apiauth directive [{directive}]"),
        info("Syntax: apiauth client [uid=uidlist] [gid=gidlist]"),
        info("Where uidlist is a comma-separated list of uids,"),
        info("and gidlist is a comma-separated list of gids"),
        info("One or the other must be specified."),
    )
