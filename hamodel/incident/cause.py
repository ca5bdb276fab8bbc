"""Why it came so far: the rule that the facts around the first damage fit, in one sentence, and what would have helped.

Where nothing was unsafe, it is why somebody had no owner, or what was done at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.incident.advice import ADVICE
from hamodel.incident.diary import Incident
from hamodel.incident.facts import SECOND
from hamodel.incident.kinds import ORDERS
from hamodel.incident.report import Advice, Cause, Certainty, Fault, Gap, Overlap, Owned
from hamodel.incident.rules import RULES, Damage, near, unknown

Answer = tuple[Cause, tuple[Advice, ...]]


def cause(
    incident: Incident,
    owned: Sequence[Owned],
    overlaps: Sequence[Overlap],
    gaps: Sequence[Gap],
    faults: Sequence[Fault],
) -> Answer | None:
    """The cause of the first damage; without damage, of the first time without an owner; without that, nothing."""
    first = _first(overlaps)
    if first is not None:
        damage = _damage(first, owned)
        for rule in RULES:
            found = rule(incident, damage, faults)
            if found is not None:
                return _answer(found, damage)
        return _answer(unknown(damage), damage)
    return _without(incident, gaps, faults)


def _first(overlaps: Sequence[Overlap]) -> Overlap | None:
    """The first certain one, a disk before an address of the same second; else the first possible one."""
    sure = [each for each in overlaps if each.sure_from is not None]
    return min(sure or overlaps, key=lambda each: (each.begin // 2000, not each.disk), default=None)


def _damage(overlap: Overlap, owned: Sequence[Owned]) -> Damage:
    """The later of the two spans that meet at its beginning is the taker's, by what is certain if both are."""
    sides = []
    for node in overlap.nodes:
        spans = [span for span in owned if span.node == node and span.resource == overlap.resource]
        near = [s for s in spans if s.begin <= overlap.begin + SECOND and (s.end is None or s.end >= overlap.begin)]
        sides.append(max(near or spans, key=lambda span: span.begin))
    sure = overlap.sure_from is not None
    holder, taker = sorted(sides, key=lambda span: ((sure and span.sure_from) or span.begin, span.begin))
    return Damage(overlap, holder.node, taker.node, overlap.begin, (holder, taker))


def _answer(found: tuple[str, str, Certainty, Sequence[Fault]], damage: Damage) -> Answer:
    text, rule, sure, faults = found
    if damage.overlap.sure_from is None:
        sure = Certainty.POSSIBLE
    proofs = tuple(proof for fault in faults for proof in fault.proofs) + damage.overlap.proofs
    return Cause(text, rule, sure, tuple(dict.fromkeys(proofs))), ADVICE.get(rule, ())


EMPTYING = ("script-failed", "fence-failed", "refused", "script-hung", "power-lost", "silent", "fenced", "killed",
            "paused", "partition", "cut")  # fmt: skip
"""Faults after which nobody may own a resource."""


def _without(incident: Incident, gaps: Sequence[Gap], faults: Sequence[Fault]) -> Answer | None:
    """Nobody had two; why somebody had none, or what happened at all."""
    real = [fault for fault in faults if fault.kind not in ORDERS]
    for gap in gaps:
        for fault in near(real, gap.begin, *EMPTYING):
            if fault.ended is None or fault.ended >= gap.begin - 30_000:
                until = "to the end" if gap.end is None else f"for {(gap.end - gap.begin) / 1000:.0f} s"
                text = f"nothing unsafe; nobody had {gap.resource} {until}, after {fault.text}"
                return Cause(text, f"gap-{fault.kind}", fault.certainty, fault.proofs), ADVICE.get(
                    f"gap-{fault.kind}", ()
                )
    for node, diary in incident.diaries.items():
        stuck = next(diary.of("hbr-starting-bad-state"), None)
        if stuck is not None:
            text = (
                f"nothing unsafe; {node} got its peer's start message at the wrong time, and neither acquires anything"
            )
            return Cause(text, "HZ-52", Certainty.LIKELY, (stuck.proof,)), ()
    if any(fault.kind == "refused" for fault in real):
        fault = next(fault for fault in real if fault.kind == "refused")
        text = f"{fault.text}; this node never joins, and a peer owns everything after its initdead"
        return Cause(text, "refused", Certainty.CERTAIN, fault.proofs), ()
    worst = min(real, key=lambda f: EMPTYING.index(f.kind) if f.kind in EMPTYING else len(EMPTYING), default=None)
    if worst is not None and worst.kind in ("fence-failed", "script-failed", "script-hung"):
        why = ADVICE.get(f"gap-{worst.kind}", ())
        return Cause(f"nothing unsafe: {worst.text}", worst.kind, worst.certainty, worst.proofs), why
    last = next((fault for fault in reversed(faults) if fault.kind in ("stopped", "standby", "takeover")), None)
    if last is not None:
        return Cause(f"nothing unsafe: {last.text}", "order", last.certainty, last.proofs), ()
    if worst is not None:
        return Cause(f"nothing unsafe: {worst.text}", worst.kind, worst.certainty, worst.proofs), ()
    return None
