"""What happened, sentence by sentence, in cluster time; what several lines say together is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.incident.clock_lines import CHANGED, set_by
from hamodel.incident.diary import Diary, Incident
from hamodel.incident.durations import spoken
from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.faults.operators import why
from hamodel.incident.kinds import ORDERS
from hamodel.incident.report import Fault, Overlap, Proofs, Step, Told
from hamodel.incident.steps import BACK

ASKED = {
    "ipfail": " (ipfail sees fewer ping nodes)",
    "balanced": " (ipfail: ping nodes are balanced again, auto_failback)",
    "failback": " (its peer is back: auto_failback)",
    "start failed": " (a start failed)",
    "operator": " (somebody asked)",
}
BOOTS = "the machine boots"
"""Told first within its second: the kernel's lines lie in another file than the daemon's."""
OF_FACTS = frozenset({"killed", "watchdog", "fenced", "refused", "bad-reload", "child-killed", "client-killed",
                      "script-failed", "wrong-keys", "replay", "packet-loss", "not-released"})  # fmt: skip
"""Faults that the story tells at their moment; the others show by the lines they leave."""


def story(incident: Incident, faults: Sequence[Fault], overlaps: Sequence[Overlap]) -> tuple[Told, ...]:
    """All sentences in order."""
    found = [told for diary in incident.diaries.values() for told in _diary(incident, diary)]
    found += [
        _told(incident, fault.node, fault.latest - SECOND, fault.text, fault.kind not in ORDERS, fault.proofs)
        for fault in faults
        if fault.kind in OF_FACTS
    ]
    for overlap in overlaps:
        if overlap.sure_from is not None:
            text = f"{' and '.join(overlap.nodes)} both have {overlap.resource}"
            found.append(_told(incident, "", overlap.first, text, True, overlap.proofs))
    found.sort(key=lambda told: (told.at, told.text != BOOTS))
    return tuple(_once(_together(found)))


def _together(found: Sequence[Told]) -> list[Told]:
    """What a node says of several media in one second, in one sentence."""
    joined: list[Told] = []
    for told in found:
        head, over, rest = told.text.partition(" over ")
        place = next(
            (
                i
                for i, each in enumerate(joined[-8:], max(0, len(joined) - 8))
                if over
                and each.node == told.node
                and each.at == told.at
                and each.text.startswith(head + over)
                and each.text.endswith(" any more") == rest.endswith(" any more")
            ),
            None,
        )
        if place is None:
            joined.append(told)
            continue
        before = joined[place]
        links = before.text.partition(over)[2].removesuffix(" any more"), rest.removesuffix(" any more")
        end = " any more" if rest.endswith(" any more") else ""
        text = f"{head}{over}{', '.join(links)}{end}"
        joined[place] = Told(before.at, before.node, before.node_time, text, before.heavy, before.proofs + told.proofs)
    return joined


def _once(found: Sequence[Told]) -> Iterator[Told]:
    """The same sentence within five seconds is said once, and media of one second in one sentence."""
    said: dict[tuple[str, str], int] = {}
    for told in found:
        name = told.node, told.text
        if name in said and told.at - said[name] <= 5 * SECOND:
            continue
        said[name] = told.at
        yield told


def _told(incident: Incident, node: str, at: int, text: str, heavy: bool = False, proofs: Proofs = ()) -> Told:
    joined = incident.clocks
    return Told(at, node, joined.shown(node, at + joined.ahead(node, at)), text, heavy, proofs)


def _diary(incident: Incident, diary: Diary) -> Iterator[Told]:
    for step in incident.clocks.steps[diary.node]:
        yield Told(
            incident.clocks.shift(diary.node, step.at), diary.node, step.shown, set_text(step), True, step.proofs
        )
    near = [step.at for step in incident.clocks.steps[diary.node]]
    for fact in diary.facts:
        if fact.key in CHANGED and any(abs(at - fact.clock) <= BACK for at in near):
            continue
        said = _fact(incident, diary, fact)
        if said is not None:
            text, heavy = said
            yield Told(fact.at, diary.node, incident.clocks.shown(diary.node, fact.clock), text, heavy, (fact.proof,))
    for run in diary.runs:
        if run.op == "status":
            continue
        verb = {"start": "starts", "stop": "stops"}.get(run.op, run.op)
        yield _told(incident, diary.node, run.begin, f"{verb} {run.resource.name}", False, tuple(run.proofs[:1]))
        if run.end is not None and run.end - run.begin > 4 * SECOND and run.ok:
            word = "has started" if run.op == "start" else "has stopped"
            yield _told(
                incident, diary.node, run.end - SECOND, f"{word} {run.resource.name}", False, tuple(run.proofs[-1:])
            )


def set_text(step: Step) -> str:
    """A step of a clock in words."""
    by = spoken(step.by)
    if step.said:
        return f"{step.said} sets its clock {'back' if step.by < 0 else 'ahead'} by {by}"
    if step.peer:
        return f"its clock is set ahead by {by}, or that of {step.peer} back"
    return f"its clock is set back by {by}{' or more' if step.least else ''}"


def _fact(incident: Incident, diary: Diary, fact: Fact) -> tuple[str, bool] | None:
    node, link, status = fact.get("node"), fact.get("link"), fact.get("status")
    match fact.key:
        case "hb-version":
            return f"heartbeat {fact.get('version')} starts", False
        case "hb-local-status-set" if status == "active":
            return "is active", False
        case "hb-link-status" if node == diary.node:
            return None
        case "hb-link-status" if node == link:
            return (
                (f"does not reach ping node {node} any more", False)
                if status == "dead"
                else (f"reaches ping node {node}", False)
            )
        case "hb-link-status":
            return (
                (f"does not hear {node} over {link} any more", True)
                if status == "dead"
                else (f"hears {node} over {link}", False)
            )
        case "hb-node-dead" if node != "" and not _is_ping(diary, node):
            return f"declares {node} dead", True
        case "hb-peer-restarted":
            return f"sees that heartbeat on {node} was started anew", False
        case "hb-partition-healed":
            return (
                f"hears {node} again, which it had thought dead: the partition has healed, heartbeat will restart",
                True,
            )
        case "hb-late-heartbeat" | "hb-late-heartbeat-deadtime" if not _is_ping(diary, node):
            times = f" ({fact.times} such lines)" if fact.times > 1 else ""
            return f"heard nothing of {node} for {fact.number('interval_ms') / 1000:g} s{times}", True
        case "gs-dispatch-delayed" if fact.number("ms") >= SECOND:
            return "finds its own work late: it did not run meanwhile", True
        case "hbr-shutdown-notice":
            return f"is told that heartbeat on {node} stops in order", False
        case "hbr-resources-acquired-from":
            return f"takes the resources of {node}", True
        case "hbr-no-stonith":
            return "has no STONITH device, so shared disks are not protected", False
        case "hbr-stonith-begin":
            return f"asks for a reset of {node or fact.get('host')}", True
        case "stonith-meat-operator":
            return f"waits until somebody has power-cycled {fact.get('host')} and says so with meatclient", True
        case "uuid-name-changed":
            new, known = fact.get("new_node"), fact.get("known_node")
            return f"gets packets of {new} under the uuid of {known}: hb_uuid was copied", True
        case "hbr-stonith-failed":
            return f"could not have {node or fact.get('host')} reset", True
        case "hbr-dead-gave-up":
            return f"counts {node} as dead; it had given up its resources", False
        case "hbr-audit-both-local" | "hbr-audit-both-foreign":
            return "sees that both machines claim the same resources", True
        case "hbr-audit-none-local" | "hbr-audit-none-foreign":
            return "sees that nobody claims some resources", True
        case "hbr-wants-standby" if node == diary.node:
            return f"wants to give up {_kind(fact)} resources{ASKED[why(incident, diary, fact)]}", False
        case "hbr-standby-acquire":
            return f"takes {_given(fact)} resources that {node} gave up", False
        case "hbr-standby-ignored" | "hbr-standby-busy" | "hbr-standby-local-flux" | "hbr-standby-other-flux":
            return "ignores a message about a standby: it came at the wrong time", False
        case "hbr-standby-cancelled":
            return "cancels the standby that was under way", True
        case "hbr-takeover-cancelled":
            return "does not take over: it is shutting down", False
        case "hbr-shutdown-delayed":
            return "is told to stop, and waits for resource activity to end", False
        case "hbr-shutdown-progress":
            return "heartbeat stops", False
        case "hb-shutdown-complete":
            return "heartbeat has stopped", False
        case "hb-restart-exec":
            return "heartbeat restarts itself", True
        case "hb-emergency-mcp-died":
            return "heartbeat's master process has died; the rest ends itself and leaves all resources", True
        case "ra-running":
            return "finds what it would start running already: nothing is started twice", False
        case "rm-no-script":
            return f"has no script {fact.get('script')}: nothing of that name is in resource.d or init.d", True
        case "rm-reboot-avoided":
            return "a stop failed, but the resource was down: a reboot was narrowly avoided", True
        case "rm-stop-failure":
            return "a stop failed for good: the machine is to reboot", True
        case "ipfail-ns-dead" | "ipfail-link-dead":
            return "ipfail sees no ping node (its `We are dead` means no more than that)", False
        case "ipfail-telling":
            return "ipfail tells the peer that it sees more ping nodes", False
        case key if key in CHANGED:
            return f"{fact.tag} sees that its clock was set", True
        case key if (by := set_by(key, fact.fields)) is not None and -BACK <= by < 0:
            return f"{fact.tag} sets its clock back by {spoken(by)}", True
        case "node-boot" | "kernel-boot":
            return BOOTS, False
    return None


def _kind(fact: Fact) -> str:
    kind = fact.get("rsc_type")
    return "all its" if kind == "all" else f"its {kind}"


def _given(fact: Fact) -> str:
    kind = fact.get("rsc_type")
    return "all" if kind == "all" else f"the {kind}"


def _is_ping(diary: Diary, name: str) -> bool:
    return name in diary.links
