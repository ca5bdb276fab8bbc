"""Messages as arrows: what was put into an inbox, and when it was handled there. Beats are no messages (membership)."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.ir.exhibit import Arrow
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.machines import messages

SETS, WORDS = ("own", "foreign", "all"), ("me", "other", "done")
NAMED = {
    messages.STATUS: "status",
    messages.STARTING: "I am starting",
    messages.SHUTDONE: "I have shut down",
    messages.MACH_DOWN: "I have taken over",
    messages.IPFAIL_JOIN: "ipfail: joined",
    messages.ABORT_GIVEUP: "ipfail: do not give up",
    messages.YOU_ARE_DEAD: "ipfail: you see less than I",
}


def text_of(code: int) -> str:
    """A message by its number in the inbox.

    >>> text_of(37), text_of(64), text_of(12)
    ('I hold: local (stable)', 'standby own: me', 'ipfail: I see 2 ping nodes')
    """
    if code in NAMED:
        return NAMED[code]
    if code >= messages.ANSWER:
        return "ip-request-resp"
    if code >= messages.REQUEST:
        return "ip-request"
    if code >= messages.ASK:
        which, word = divmod(code - messages.ASK, 3)
        return f"standby {SETS[which % 3]}: {WORDS[word]}"
    if code >= messages.RESOURCE:
        bits = code - messages.RESOURCE
        held = " and ".join(w for w, bit in (("local", 1), ("foreign", 2)) if bits & bit) or "nothing"
        return f"I hold: {held} ({'stable' if bits & 4 else 'not stable'})"
    seen = code - messages.PING_COUNT
    return f"ipfail: I see {seen} ping node{'' if seen == 1 else 's'}"


def arrows(system: System, trace: Trace, nodes: Sequence[str]) -> tuple[Arrow, ...]:
    """Every message of a run, in the order in which they were sent, and each status that ends a silence."""
    found: list[list[object]] = []
    waiting: dict[int, list[int]] = {n: [] for n in range(len(nodes))}
    before = trace.initial
    for n in waiting:
        for code in _inbox(system, before.queues, n):
            waiting[n].append(len(found))
            found.append([1 - n, n, 0, None, text_of(code)])
    for number, step in enumerate(trace.steps, 1):
        for n, node in enumerate(nodes):
            old, new = _inbox(system, before.queues, n), _inbox(system, step.state.queues, n)
            taken = step.action == f"message_arrives[{node}]" and bool(old)
            if taken:
                found[waiting[n].pop(0)][3] = number
                old = old[1:]
            if step.action == f"status_arrives[{node}]":
                found.append([1 - n, n, number, number, "status"])
            if new[: len(old)] != old:
                waiting[n], old = [], ()
            for code in new[len(old) :]:
                waiting[n].append(len(found))
                found.append([1 - n, n, number, None, text_of(code)])
        before = step.state
    return tuple(Arrow(*arrow) for arrow in found)  # type: ignore[arg-type]


def _inbox(system: System, queues: tuple[tuple[int, ...], ...], n: int) -> tuple[int, ...]:
    index = system.queue_index.get(f"inbox[{n}]")
    return () if index is None else queues[index]
