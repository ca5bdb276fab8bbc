"""Fencing: resets that worked, failed, or were reported though the machine went on."""

from __future__ import annotations

from collections.abc import Iterator

from hamodel.incident.diary import Incident
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.owners import contradicted, pretended
from hamodel.incident.report import Certainty, Fault


def find(incident: Incident) -> Iterator[Fault]:
    """All of them."""
    for peer in incident.diaries.values():
        failed: dict[str, int] = {}
        for fact in peer.of(
            "hbr-stonith-ok", "hbr-stonith-failed", "hbr-stonith-badhost", "hbr-stonith-not-operational"
        ):
            host = fact.get("node") or fact.get("host")
            if fact.key == "hbr-stonith-ok":
                failed.pop(host, None)
                yield _reset(incident, peer.node, fact)
            elif not failed.get(host):
                failed[host] = 1
                text = f"{peer.node} could not reset {host or 'its peer'}; it takes nothing over until it can"
                last = max((f.at for f in peer.of("hbr-stonith-failed")), default=fact.at)
                yield Fault(
                    "fence-failed",
                    peer.node,
                    host,
                    fact.at,
                    fact.at + SECOND,
                    last,
                    Certainty.CERTAIN,
                    text,
                    (),
                    (fact.proof,),
                )


def _reset(incident: Incident, by: str, reset: Fact) -> Fault:
    """A reset that the device reported."""
    host, at, proofs = reset.get("node"), reset.at, (reset.proof,)
    peer, target = incident.diaries[by], incident.diaries.get(host)
    slack = incident.slack(by, host) if target is not None else None
    hollow = pretended(peer, reset) or (target is not None and slack is not None and contradicted(target, at, slack))
    if hollow:
        text = f"{by} was told that {host} had been reset, but nothing proves it"
        return Fault("fence-hollow", host, by, at, at + SECOND, None, Certainty.LIKELY, text, ("fenced",), proofs)
    text = f"{by} had {host} reset"
    return Fault("fenced", host, by, at - SECOND, at + SECOND, None, Certainty.CERTAIN, text, (), proofs)
