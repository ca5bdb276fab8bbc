"""Packets that arrive and are not taken: with another key, or with a generation that was over already (N8a).

They are no steps of the model, for nothing follows from them; but each is lines in the log, on every medium anew. So
the journal counts along what the peer sends: `init` and `up` as it begins, then a status every keepalive, its messages,
the answers to its own requests for a group, and every ten packets an acknowledgement of its own. What is refused for
its key is printed field by field (3.0.6; how 2.0.8 prints it was not seen). Left out: what the operator's commands
send, and cables cut where the keys differ; of loads and addresses only that they are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha1

from hamodel.logs.compounds import Fields, compound
from hamodel.logs.journal import Journal, Stranger, rsc_type

_ACKNOWLEDGED = 10
"""One of so many packets is acknowledged; which one is drawn by the node that answers (`Host.acknowledges`)."""
_BEGINNING = ("init", "up", "up", "up", "up")
"""Statuses of a young node: until its first death or join it sends two more than one each keepalive (recordings
hz22_authkeys_differ and hz49_generation_back: 21 packets in eight seconds of half a second each)."""
_UUID = 16
"""Bytes of a node's own number."""
_CAUTIOUS = "1770"
"""What a young daemon announces as its dead time, in hexadecimal."""
_AT_COMM_UP = 2
"""How often a node says that it is active after it has said that it starts."""
_TRIES = 1000
"""From one request for the list of nodes to the next, in ms."""
_SIGN_ON = 20
"""An ipfail signs on this long after its daemon has begun it, in ms."""

STARTING, MACH_DOWN, IPFAIL_JOIN, RESOURCE, ASK = 1, 3, 4, 32, 64
"""Codes of messages as the rules send them."""


@compound("packets-begin")
def packets_begin(j: Journal, at: int, f: Fields) -> None:
    """The peer begins to send, in a new life."""
    media = [medium for medium in j.host.media if not medium.kind.startswith("ping")]
    j.stranger = Stranger(j.host.refuses, len(media))


@compound("replays-reach", needs="copies")
def replays_reach(j: Journal, at: int, f: Fields) -> None:
    """On so many media packets come that are taken for a replay."""
    j.stranger.dropped, j.stranger.copies = True, int(f["copies"])


@compound("status-is-sent", needs="status")
def status_is_sent(j: Journal, at: int, f: Fields) -> None:
    """The peer sends a status that is news, and every keepalive from now on."""
    sender, active = j.stranger, f["status"] != "1"
    first = not sender.status
    sender.status, sender.since = "active" if active else "up", at
    if not sender.dropped:
        return
    if first:
        _begins(j, at)
    else:
        _status(j, at, sender.status)
    j.later(at + j.host.keepalive, lambda journal, then: _beats(journal, then, at))
    if first and not j.host.refuses:
        j.later(at + _TRIES, lambda journal, then: _asks_who_is_there(journal, then, at))


def listens(j: Journal, at: int) -> None:
    """This daemon begins while the peer sends already; of one that has just begun it hears the beginning too."""
    if not j.host.refuses:
        j.stranger.dropped = False
    elif j.stranger.since >= 0:
        since = j.stranger.since
        if at - since < j.host.keepalive and j.stranger.status == "up":
            j.later(at + 1, _begins)
        j.later(at + j.host.keepalive, lambda journal, then: _beats(journal, then, since))


def _begins(j: Journal, at: int) -> None:
    for status in _BEGINNING:
        _status(j, at, status)


def falls_silent(j: Journal) -> None:
    """Nothing of the peer comes any more."""
    j.stranger.since = -1


def _beats(j: Journal, at: int, since: int) -> None:
    if j.stranger.since == since:
        _status(j, at, j.stranger.status)
        j.later(at + j.host.keepalive, lambda journal, then: _beats(journal, then, since))


def _asks_who_is_there(j: Journal, at: int, since: int) -> None:
    """A joiner that hears this node asks it for the list of nodes until it gets an answer (S3)."""
    if j.stranger.since == since and j.stranger.status == "up":
        _packet(j, at, ["t=reqnodes"])
        j.later(at + _TRIES, lambda journal, then: _asks_who_is_there(journal, then, since))


@compound("message-is-sent", needs="code")
def message_is_sent(j: Journal, at: int, f: Fields) -> None:
    """The peer sends a message."""
    code = int(f["code"])
    if code == STARTING:
        _packet(j, at, ["t=starting"])
        for _ in range(_AT_COMM_UP):
            _status(j, at, "active")
    elif code == MACH_DOWN:
        _packet(j, at, ["t=resource", "rsc_hold=foreign", "info=mach_down"])
    elif code == IPFAIL_JOIN:
        j.later(at + _SIGN_ON, _joins)
    elif RESOURCE <= code < ASK:
        hold, stable, info = (code - RESOURCE) % 4, (code - RESOURCE) // 4 % 2, (code - RESOURCE) // 8
        if info and stable:
            _answers_for_its_groups(j, at)
        told = [f"info={'req_our_resources()' if stable else 'shutdown'}"] if info else []
        _packet(j, at, ["t=resource", f"rsc_hold={rsc_type(str(hold))}", "rtype=full", f"isstable={stable}", *told])
    else:
        _packet(j, at, ["t=message"])


def _answers_for_its_groups(j: Journal, at: int) -> None:
    """The child that asks for the node's own groups answers itself that it may take each of them (R13)."""
    for owner, key, *_ in (group.split() for group in j.host.groups):
        if owner == j.host.peer:
            _packet(j, at, ["t=ip-request-resp", f"dest={owner}", f"ipaddr={key}", "weown=yes", "ok=OK", _known(j)])


def _joins(j: Journal, at: int) -> None:
    words = ["t=hbapi-clstat", "st=join", "from_id=ipfail", "to_id=ipfail"]
    _packet(j, at, words, ["info=signon", "client_gen=0"])


@compound("peer-shoots-nobody")
def peer_shoots_nobody(j: Journal, at: int, f: Fields) -> None:
    """The peer takes this node for dead and has no device: it tells itself so."""
    _packet(j, at, ["t=stonith", f"node={j.host.name}", "result=n_stnth"])


def _status(j: Journal, at: int, status: str) -> None:
    _packet(j, at, ["t=status", f"st={status}", f"dt={_CAUTIOUS}", "protocol=1"])


def _packet(j: Journal, at: int, words: Sequence[str], more: Sequence[str] = ()) -> None:
    """One packet with its number, and before it the acknowledgement that it is due."""
    sender = j.stranger
    if not sender.dropped or not j.mcp:
        return
    sender.sequence += 1
    own = f"(1)srcuuid=0x{_digits(j, 0)[:12]}({2 * _UUID + 4} {_UUID + 11})"
    when = [f"hg={j.generation:x}", f"ts={at // 1000:x}"]
    if sender.sequence % _ACKNOWLEDGED == j.host.acknowledges % _ACKNOWLEDGED:
        head = ["t=NS_ackmsg", f"dest={j.host.peer}", f"ackseq={sender.sequence:x}", _known(j)]
        _dropped(j, at, [*head, f"src={j.host.peer}", own, *when, "ttl=4"])
    tail = [own, f"seq={sender.sequence:x}", *when, "ld=0.00 0.00 0.00 1/100 1", "ttl=4"]
    _dropped(j, at, [*words, f"src={j.host.peer}", *more, *tail])


def _known(j: Journal) -> str:
    """For whom a packet is, as a number that the sender knows."""
    return f"(1)destuuid=0x{_digits(j, 1)[:12]}({2 * _UUID + 5} {_UUID + 12})"


def _dropped(j: Journal, at: int, fields: Sequence[str]) -> None:
    """A copy of the packet on each medium that brings it."""
    if not j.host.refuses and fields[0] == "t=NS_ackmsg":
        return
    for copy in range(j.stranger.copies):
        if j.host.refuses:
            _printed(j, at, [*fields, f"auth=1 {_digits(j, 2)}"], copy)
        else:
            generations = {"gen": j.generation - 1, "curgen": j.generation}
            j.mcp_says("hb-drop-replay", at, node=j.host.peer, **generations)


def _printed(j: Journal, at: int, fields: Sequence[str], copy: int) -> None:
    j.mcp_says("msg-token-differs", at, token=_digits(j, 3 + copy), expected=_digits(j, 9 + copy))
    packet = "".join(f"{len(field) + 4}:(0){field}," for field in fields)
    j.mcp_says("msg-netstring-refused", at, packet=f"####0121{packet}")
    j.mcp_says("msg-dump", at, count=len(fields))
    for number, field in enumerate(fields):
        j.mcp_says("msg-dump-field", at, n=number, field=field)


def _digits(j: Journal, what: int) -> str:
    """Forty hexadecimal digits that mean nothing and are the same in every run."""
    return sha1(f"{j.host.peer} {j.stranger.sequence} {what}".encode(), usedforsecurity=False).hexdigest()
