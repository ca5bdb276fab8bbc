"""One node starts: its files are read through the four stages, and every problem of every stage is kept.

The console stops where the daemon stops. Problems of later stages are collected all the same, unless an earlier refusal
explains them, because an administrator would like to repair a file once.
"""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.config.authkeys import CLOSING_AUTHKEYS, AuthKeys, read_authkeys
from hamodel.config.crosschecks import close, cross_checks
from hamodel.config.daemon import CLOSING, Stage, Version
from hamodel.config.draft import Draft
from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.hacf import CLOSING_HA_CF, apply_defaults, read_hacf
from hamodel.config.haresources import check_owners, read_groups
from hamodel.config.inputs import FileSet
from hamodel.config.node import NodeConfig, finish
from hamodel.config.review_effects import review_effects
from hamodel.config.review_modes import review_modes
from hamodel.config.review_paths import review_paths
from hamodel.config.review_practice import review_practice
from hamodel.config.review_resources import review_resources
from hamodel.config.review_times import review_times
from hamodel.errors import (
    BadMedium,
    BadOwner,
    DaemonCrashes,
    DeadpingTooSmall,
    DeadtimeTooSmall,
    FileUnreadable,
    HamodelError,
    IllegalDirective,
    InitdeadTooSmall,
    LocalNodeMissing,
    NoLogging,
    NoMedia,
    NoNodes,
)

LATER = "heartbeat does not come to this check before the others are repaired"

# An earlier refusal of the left class may be the reason for a later one of the right classes.
_EXPLAINS: tuple[tuple[type[HamodelError], tuple[type[HamodelError], ...]], ...] = (
    (FileUnreadable, (NoMedia, NoNodes, LocalNodeMissing, BadOwner, NoLogging)),
    (IllegalDirective, (NoMedia, NoNodes, LocalNodeMissing, BadOwner, DeadtimeTooSmall, InitdeadTooSmall)),
    (BadMedium, (NoMedia,)),
    (DaemonCrashes, (NoMedia,)),
    (NoNodes, (BadOwner,)),
)
_TIMES = (DeadtimeTooSmall, InitdeadTooSmall, DeadpingTooSmall)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one start: the configuration, or the refusals with the stage at which the daemon gave up."""

    node: NodeConfig
    draft: Draft
    errors: tuple[HamodelError, ...]
    stage: Stage | None
    findings: tuple[Finding, ...]


def read_node(files: FileSet, version: Version, name: str, *, local_node: str | None, live: bool) -> Reading:
    """The start of the node `name` with these files; `local_node` is what uname -n says, where somebody knows."""
    draft = read_hacf(files.hacf, version, name, haresources_there=files.haresources is not None)
    console = draft.console
    if console.refused(Stage.HA_CF):
        console.end(CLOSING_HA_CF, CLOSING)
    keys: AuthKeys | None = None
    if files.authkeys is not None:
        keys = read_authkeys(console, files.authkeys, check_mode=live)
        if console.refused(Stage.AUTHKEYS):
            console.end(CLOSING_AUTHKEYS, CLOSING)
    apply_defaults(draft)
    cross_checks(draft, local_node=local_node)
    close(draft)
    if files.haresources is not None and not draft.crm_is_on:
        check_owners(console, files.haresources, draft.table)
    groups = read_groups(files.haresources) if files.haresources is not None and not draft.crm_is_on else ()
    node = finish(draft, name, groups, keys)
    errors, stage = _sorted(draft)
    return Reading(node, draft, errors, stage, tuple(_review(node, files, version, live)))


def _sorted(draft: Draft) -> tuple[tuple[HamodelError, ...], Stage | None]:
    """The refusals in the order of the stages, without those an earlier one explains."""
    pairs = draft.console.errors
    if not pairs:
        return (), None
    first = min((stage for stage, _ in pairs), key=lambda stage: stage.value)
    kept: list[HamodelError] = []
    for stage, problem in pairs:
        if stage is not first:
            if _explained(problem, [other for where, other in pairs if where.value < stage.value], draft):
                continue
            problem.seen = (*problem.seen, LATER)
        kept.append(problem)
    return tuple(kept), first


def _explained(problem: HamodelError, earlier: list[HamodelError], draft: Draft) -> bool:
    for cause, effects in _EXPLAINS:
        if isinstance(problem, effects) and any(type(other) is cause for other in earlier):
            return True
    return isinstance(problem, _TIMES) and bool(draft.refused & {"keepalive", "deadtime", "initdead", "deadping"})


def _review(node: NodeConfig, files: FileSet, version: Version, live: bool) -> list[Finding]:
    found = [*review_times(node), *review_paths(node), *review_modes(node)]
    found += review_resources(node, files.haresources, version)
    found += [*review_practice(node, files.hacf, live=live), *review_effects(node)]
    found += _absent(node, files, version, live)
    return found


def _absent(node: NodeConfig, files: FileSet, version: Version, live: bool) -> list[Finding]:
    found = []
    directory = "/etc/ha.d/" if version is Version.V3_0_6 else "/etc/ha.d"
    if files.haresources is None and not node.crm:
        said = (f"ERROR: Cannot open resources file [{directory}/haresources]",)
        message = "no haresources here: without one Heartbeat refuses to start, and no groups are known"
        help = "add haresources; an empty file will do"
        found.append(Finding(Severity.WARNING, Topic.HARESOURCES_ABSENT, message, None, help, said))
    if files.authkeys is None:
        message = "no authkeys here: both nodes are taken to have the same working keys"
        found.append(finding(Severity.NOTE, Topic.AUTHKEYS_ABSENT, message))
    elif files.authkeys.mode & 0o044 and not live:
        said = (f"ERROR: Bad permissions on keyfile [{directory}/authkeys], 600 recommended.",)
        message = f"authkeys has mode {files.authkeys.mode:04o} here; Heartbeat reads it only if nobody else can"
        found.append(Finding(Severity.NOTE, Topic.AUTHKEYS_MODE, message, None, "install it with mode 600", said))
    unknown = unchecked(node)
    if unknown:
        message = f"not checked here: {unknown}"
        found.append(finding(Severity.NOTE, Topic.NOT_CHECKED_HERE, message))
    return found


def unchecked(node: NodeConfig) -> str:
    """The facts of the machine that the daemon would check and this reader cannot."""
    parts = []
    cards = sorted({medium.device for medium in node.media})
    if cards:
        parts.append(f"that {', '.join(cards)} exist" if len(cards) > 1 else f"that {cards[0]} exists")
    users = sorted({client.user for client in node.clients})
    if users:
        programs = sorted({client.command.split()[0] for client in node.clients})
        parts.append(f"the users {', '.join(users)} and the programs {', '.join(programs)}")
    kinds = sorted({line.type for line in node.fence_lines if line.type})
    if kinds:
        parts.append(f"the stonith plugins {', '.join(kinds)} and their parameters")
    hosts = sorted({m.detail for m in node.media if m.kind == "ucast" and not m.detail[:1].isdigit()})
    if hosts:
        parts.append(f"that {', '.join(hosts)} can be resolved")
    return "; ".join(parts)
