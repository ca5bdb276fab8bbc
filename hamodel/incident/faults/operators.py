"""What people asked of the nodes: standby and takeover, told apart from ipfail, failback and failed starts."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Diary, Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Certainty, Fault

AT_ONCE = 5000
UNSEEN = 20_000
"""ms after the loss of all ping nodes within which a request is ipfail's, though its own line is missing."""
JOINED = 45_000
"""ms after a peer's return within which a request for foreign resources is failback."""
GAVE_UP = 60_000
"""ms after a failed start within which the request is Heartbeat's own."""


def find(incident: Incident) -> Iterator[Fault]:
    """All of them."""
    for diary in incident.diaries.values():
        for fact in diary.of("hbr-wants-standby"):
            if fact.get("node") != diary.node:
                continue
            taken = _taken(diary, fact)
            if taken is not None:
                text = f"somebody had the resources of {diary.node} taken over (hb_takeover)"
                yield _order("takeover", diary, taken, text)
            elif why(incident, diary, fact) == "operator":
                kind = fact.get("rsc_type")
                yield _order(
                    "standby",
                    diary,
                    fact,
                    f"somebody asked {diary.node} to give up {'all its' if kind == 'all' else 'its ' + kind} resources",
                )


def _order(kind: str, diary: Diary, fact: Fact, text: str) -> Fault:
    what = fact.get("rsc_type")
    return Fault(
        kind, diary.node, what, fact.at - SECOND, fact.at + SECOND, None, Certainty.LIKELY, text, (), (fact.proof,)
    )


def _taken(diary: Diary, asked: Fact) -> Fact | None:
    return next(
        (
            fact
            for fact in diary.within(asked.at - AT_ONCE, asked.at + SECOND, "harc-running")
            if fact.get("event").endswith("hb_takeover")
        ),
        None,
    )


def why(incident: Incident, diary: Diary, asked: Fact) -> str:
    """Who asked for a standby: `ipfail`, ipfail because all is `balanced`, `failback`, `start failed` or `operator`."""

    def given_up() -> bool:
        return before("ipfail-giveup", AT_ONCE)

    def before(key: str, ms: int) -> bool:
        return any(True for _ in diary.within(asked.at - ms, asked.at, key))

    if before("ipfail-giving-up-foreign", 4 * AT_ONCE) or (asked.get("rsc_type") == "foreign" and given_up()):
        return "balanced"
    if before("ipfail-giveup", AT_ONCE) or before("ipfail-giving-up-told", 3 * AT_ONCE):
        return "ipfail"
    if before("ipfail-ns-dead", UNSEEN) or before("ipfail-link-dead", UNSEEN):
        return "ipfail"
    if before("rm-giving-up", GAVE_UP):
        return "start failed"
    foreign = asked.get("rsc_type") == "foreign"
    return "failback" if foreign and (_joined(diary, asked) or _owes_failback(diary, asked)) else "operator"


def _owes_failback(diary: Diary, asked: Fact) -> bool:
    """Whether a take-over has ended since the node last asked: that sets `rsc_needs_failback` once more (R10, R11)."""
    near = diary.within(asked.at - JOINED, asked.at, "hbr-machdown-complete", "hbr-wants-standby")
    own = [f for f in near if f is not asked and (f.key != "hbr-wants-standby" or f.get("node") == diary.node)]
    return bool(own) and own[-1].key == "hbr-machdown-complete"


def _joined(diary: Diary, asked: Fact) -> bool:
    """Whether a peer has come back shortly before, and nobody asked for anything since: a join has one failback."""
    near = diary.within(asked.at - JOINED, asked.at, "hb-node-status", "hbr-wants-standby")
    last = next((fact for fact in reversed(list(near)) if fact is not asked and _counts(diary, fact)), None)
    return last is not None and last.key == "hb-node-status"


def _counts(diary: Diary, fact: Fact) -> bool:
    """A request, or a peer that runs again."""
    running = fact.get("status") in ("active", "up") and fact.get("node") != diary.node
    return fact.key == "hbr-wants-standby" or running
