"""Scripts: what really happens to the resources.

Children of the daemon run beside it and beside each other: one at a time from the queue, at once for standby, give-up
and the check of the own groups. Each goes through the resources one by one; what runs already is skipped, whoever
started it. Nothing else mounts. When the daemon is killed its shell scripts go on: they finish the group at hand
(mach_down: all groups). What mach_down says at its end a later daemon may hear (HZ-28); the others end unheard. What
can go wrong with a script is told in `script_faults`. Left out: a message that waits for the next daemon (it is read
before comm up, when nobody listens), the `done` of a standby child that outlives a master control process killed
alone; the latter removes behaviour. A status test and the start after it are one step; other children see the resource
started only at its end.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, every, formula, log, on, overflow, rule, start, timer, var
from hamodel.machines import (
    beyond,
    delay,
    edit,
    legacy,
    node,
    pause,
    phantom,
    resources,
    script_faults,
    service,
    shutdown,
    standby,
)
from hamodel.machines.world import (
    GIVE_UP,
    QUEUE,
    ROLES,
    STANDBY,
    Duty,
    Group,
    Node,
    Slot,
    Step,
    delays,
    edits,
    group_line,
    group_owner,
    group_steps,
    legacy_mode,
    more_nodes,
    node_name,
    other,
    owned_mask,
    release_order,
    role,
    script_hi,
    script_lo,
    services_die,
    some_legacy,
    some_phantoms,
    status_hi,
    status_lo,
    step_group,
    step_text,
    take_order,
)


class Job(IntEnum):
    """What the script in a slot does: start resources or stop them; ALONE when its daemon is gone."""

    NONE = 0
    TAKE = 1
    GIVE = 2
    TAKE_ALONE = 3
    GIVE_ALONE = 4


up = var(Node, Step)
"""Reality: the resource runs on the node (mounted, configured, started)."""
job = var(Node, Slot, values=Job)
groups = var(Node, Slot, values=256)
"""The groups the script goes through, as bits."""
place = var(Node, Slot, values=65)
"""How many resources, in the script's order, lie behind it; 0 before the first."""
now = var(Node, Slot, values=66)
"""The resource at hand, plus one; 0: nothing to do but to end."""
step_ends = timer(Node, Slot)

last_word = var(Node, Slot)
"""This script is a mach_down whose daemon is dead; its message goes to whichever daemon listens at its end (HZ-28)."""
down_queued = var(Node)
"""mach_down waits in the queue."""
take_queued = var(Node, Group)
"""ip-request-resp for this group waits in the queue."""
queue_job = var(Node, values=5)
"""What the queue runs: 1 mach_down, 2 takegroup, 3 mach_down for a node beyond the pair, 4 for a phantom."""
check_ends = timer(Node)
"""The child that tests the own groups (R13)."""


@formula
def busy(n: Node, c: Slot) -> bool:
    """A child of the present daemon runs here."""
    return job[n, c] == Job.TAKE or job[n, c] == Job.GIVE


@formula
def no_children(n: Node) -> bool:
    return (
        not on(check_ends[n])
        and all(not busy(n, c) for c in every(Slot))
        and (not some_legacy or not on(legacy.test_ends[n]))
    )


@formula
def listed(n: Node, g: Group) -> bool:
    """The haresources of `n` still has this line."""
    return not edit.removed[n, g] if edits else True


@formula
def present(n: Node, wanted: int) -> int:
    """Of these groups those whose line is there when a script reads the file."""
    return sum((wanted // (1 << g) % 2) * (1 << g) * listed(n, g) for g in every(Group))


# ---- beginning -----------------------------------------------------------------------------------------------------


@rule("4.5")
def begin_take(n: Node, c: Slot, wanted: int) -> None:
    """takegroup for each of these groups."""
    if job[n, c] == Job.NONE:
        job[n, c] = Job.TAKE
        groups[n, c] = present(n, wanted) if edits else wanted
        place[n, c] = 0
        next_start(n, c)
    elif c < ROLES:
        begin_take(n, Slot(c + ROLES), wanted)
    else:
        overflow("more scripts of one kind at once than the model has places for")


@rule("4.5")
def begin_give(n: Node, c: Slot, wanted: int) -> None:
    """givegroup for each of these groups."""
    if job[n, c] == Job.NONE:
        job[n, c] = Job.GIVE
        groups[n, c] = present(n, wanted) if edits else wanted
        place[n, c] = 0
        next_stop(n, c)
    elif c < ROLES:
        begin_give(n, Slot(c + ROLES), wanted)
    else:
        overflow("more scripts of one kind at once than the model has places for")


@formula
def wants(n: Node, c: Slot, g: Group) -> bool:
    return groups[n, c] // (1 << g) % 2


@rule("4.5")
def next_start(n: Node, c: Slot) -> None:
    """The next resource that does not run; its status test comes first."""
    now[n, c] = 0
    for i in range(len(take_order[n])):
        s = Step(take_order[n][i])
        if now[n, c] == 0 and place[n, c] <= i and wants(n, c, step_group[n][s]):
            if s == group_steps[n][step_group[n][s]][0]:
                log(n, "acquire-group", group=group_line[n][step_group[n][s]])
            if up[n, s]:
                log(n, "resource-status-running", resource=step_text[s], group=group_line[n][step_group[n][s]])
            else:
                place[n, c] = i + 1
                now[n, c] = s + 1
                log(n, "resource-status-stopped", resource=step_text[s], group=group_line[n][step_group[n][s]])
                log(n, "resource-start", resource=step_text[s], group=group_line[n][step_group[n][s]])
                script_faults.start_works(n, c, s)
    if now[n, c] == 0:
        start(step_ends[n, c], script_lo, script_hi)


@formula
def is_stopped_by(n: Node, s: Step) -> bool:
    """A release spends time on this resource: it runs, or its stop script drags on all the same."""
    return up[n, s] or (delay.is_tried(n, s) if delays else False)


@rule("4.5")
def next_stop(n: Node, c: Slot) -> None:
    """The next resource that runs, from right to left within its group."""
    now[n, c] = 0
    for i in range(len(release_order[n])):
        s = Step(release_order[n][i])
        if now[n, c] == 0 and place[n, c] <= i and wants(n, c, step_group[n][s]):
            if s == group_steps[n][step_group[n][s]][-1]:
                log(n, "release-group", group=group_line[n][step_group[n][s]])
            if is_stopped_by(n, s):
                place[n, c] = i + 1
                now[n, c] = s + 1
                log(n, "resource-stop", resource=step_text[s], group=group_line[n][step_group[n][s]])
                script_faults.stop_works(n, c, s)
            else:
                log(n, "resource-stop-idle", resource=step_text[s], group=group_line[n][step_group[n][s]])
    if now[n, c] == 0:
        start(step_ends[n, c], script_lo, script_hi)


# ---- one resource after the other ----------------------------------------------------------------------------------


@rule("4.5", when=step_ends)
def script_step_ends(n: Node, c: Slot) -> None:
    """The agent has done its work; the script goes on, or it is at its end."""
    if now[n, c] == 0:
        script_ends(n, c)
    else:
        for s in every(Step):
            if now[n, c] == s + 1:
                if script_faults.starts(n, c):
                    start_ends(n, c, s)
                else:
                    stop_ends(n, c, s)
        if job[n, c] != Job.NONE and script_faults.tries[n, c] == 0:
            go_on(n, c)


@rule("4.5")
def start_ends(n: Node, c: Slot, s: Step) -> None:
    """The resource runs, or its group is given up."""
    if script_faults.trouble[n, s] == script_faults.Trouble.START_FAILS:
        if groups[n, c] != 0:
            script_faults.start_failed(n, c, s)
    else:
        up[n, s] = 1
        if services_die:
            service.is_started(n, s)
        log(n, "resource-started", resource=step_text[s], group=group_line[n][step_group[n][s]])


@rule("4.5")
def stop_ends(n: Node, c: Slot, s: Step) -> None:
    """The resource is stopped, or said to be, or the stop is tried again."""
    if script_faults.trouble[n, s] == script_faults.Trouble.STOP_FAILS:
        if groups[n, c] != 0:
            script_faults.stop_failed(n, c, s)
    else:
        script_faults.tries[n, c] = 0
        if script_faults.trouble[n, s] != script_faults.Trouble.STOP_LIES:
            up[n, s] = 0
        log(n, "resource-stopped", resource=step_text[s], group=group_line[n][step_group[n][s]])


@rule("4.5")
def go_on(n: Node, c: Slot) -> None:
    """What remains, or the end at once when nothing does."""
    if script_faults.giving_up[n, c]:
        script_faults.give_up_next(n, c)
    if not script_faults.giving_up[n, c]:
        if job[n, c] == Job.TAKE or job[n, c] == Job.TAKE_ALONE:
            next_start(n, c)
        else:
            next_stop(n, c)
    if now[n, c] == 0:
        cancel(step_ends[n, c])
        script_ends(n, c)


@rule("4.5", "B6", "B9", "X5", "R10", "HZ-28")
def script_ends(n: Node, c: Slot) -> None:
    """The child is gone; if its daemon is still the same one, the child's last message is handled.

    A paused daemon handles it when it resumes: a child of whom no step runs.
    """
    if pause.paused[n] and busy(n, c):
        return
    alone = job[n, c] == Job.TAKE_ALONE or job[n, c] == Job.GIVE_ALONE
    heard_late = last_word[n, c] + 0
    last_word[n, c] = 0
    if services_die and (job[n, c] == Job.GIVE or job[n, c] == Job.GIVE_ALONE):
        service.are_released(n, groups[n, c])
    job[n, c] = Job.NONE
    groups[n, c] = 0
    place[n, c] = 0
    now[n, c] = 0
    script_faults.forget(n, c)
    if not alone:
        if role(c) == QUEUE:
            finished = queue_job[n] + 0
            queue_job[n] = 0
            if some_legacy:
                legacy.released(n)
            if finished == 1:
                log(n, "mach-down-done", node=node_name[other(n)])
                resources.mach_down_done(n)
            if finished == 2 and legacy_mode[n]:
                log(n, "initial-local-done", reason="ip-request-resp")
                log(n, "initial-foreign-done", reason="ip-request-resp")
            if more_nodes and finished == 3:
                resources.mach_down_done(n)
            if some_phantoms and finished == 4:
                phantom.mach_down_ends(n)
        elif role(c) == STANDBY:
            standby.child_done(n)
        elif role(c) == GIVE_UP:
            shutdown.released(n)
        settle(n)
    elif heard_late and node.alive(n):
        log(n, "mach-down-done", node=node_name[other(n)])
        resources.mach_down_done(n)
        settle(n)


# ---- the queue -----------------------------------------------------------------------------------------------------


@rule("4.5")
def settle(n: Node) -> None:
    """After every message and every child: the queue goes on, and a delayed shutdown is tried again."""
    run_queue(n)
    shutdown.retry(n)


@rule("4.5", "R14")
def run_queue(n: Node) -> None:
    """The oldest request runs when no child does: mach_down before what it made this node ask for."""
    if node.beats(n) and no_children(n):
        if some_legacy:
            legacy.answer_next(n)
        if some_legacy and legacy.answering[n]:
            pass
        elif more_nodes and beyond.waits(n):
            beyond.mach_down_begins(n)
        elif down_queued[n]:
            down_queued[n] = 0
            queue_job[n] = 1
            if some_legacy:
                legacy.mach_down_begins(n)
            log(n, "harc-run", event="status")
            log(n, "mach-down-begin")
            if owned_mask(other(n), group_owner[n]) != 0:
                for g in every(Group):
                    if group_owner[n][g] == other(n) and listed(n, g):
                        log(n, "mach-down-taking-group", group=group_line[n][g])
            begin_take(n, Slot(QUEUE), owned_mask(other(n), group_owner[n]))
        elif some_phantoms and phantom.queued[n]:
            queue_job[n] = 4
            phantom.mach_down_begins(n)
            begin_take(n, Slot(QUEUE), 0)
        else:
            for g in every(Group):
                if group_owner[n][g] == n and take_queued[n, g] and queue_job[n] == 0:
                    take_queued[n, g] = 0
                    if not shutdown.in_progress[n]:
                        queue_job[n] = 2
                        log(n, "harc-run", event="ip-request-resp")
                        log(n, "ip-request-resp-received", key=step_text[group_steps[n][g][0]])
                        begin_take(n, Slot(QUEUE), 1 << g)


@rule("R12")
def begin_check(n: Node) -> None:
    """req_our_resources: a status test of the first resource of each own group."""
    if not on(check_ends[n]):
        if legacy_mode[n]:
            legacy.check_begins(n)
        log(n, "req-our-resources-begin")
        start(check_ends[n], check_least(n), check_most(n))


@formula
def check_least(n: Node) -> int:
    """How long the status tests of the own groups take at least, one after the other."""
    return (
        script_lo
        if owned_mask(n, group_owner[n]) == 0
        else sum(status_lo[group_steps[n][g][0]] for g in every(Group) if group_owner[n][g] == n)
    )


@formula
def check_most(n: Node) -> int:
    """And at most."""
    return (
        script_hi
        if owned_mask(n, group_owner[n]) == 0
        else sum(status_hi[group_steps[n][g][0]] for g in every(Group) if group_owner[n][g] == n)
    )


@rule("R13", when=check_ends)
def own_groups_checked(n: Node) -> None:
    """What does not run is asked for; then the present claims are sent."""
    if pause.paused[n]:
        pause.postpone(n, Duty.CHECK)
        return
    if node.daemon[n] == node.Daemon.ACTIVE:
        for g in every(Group):
            if group_owner[n][g] == n and listed(n, g):
                if not up[n, group_steps[n][g][0]]:
                    log(n, "req-our-resources-status", resource=step_text[group_steps[n][g][0]], running=0)
                    if legacy_mode[n]:
                        legacy.ask_for(n, g)
                    else:
                        take_queued[n, g] = 1
                else:
                    log(n, "req-our-resources-status", resource=step_text[group_steps[n][g][0]], running=1)
        log(n, "req-our-resources-end", count=sum(1 for g in every(Group) if group_owner[n][g] == n))
        resources.tell_claims(n, 1, 1)
    if legacy_mode[n]:
        if not legacy.asks[n] or all(group_owner[n][g] != n for g in every(Group)):
            log(n, "initial-local-done", reason="req_our_resources")
            log(n, "initial-foreign-done", reason="req_our_resources")
        legacy.asks[n] = 0
    settle(n)


# ---- the daemon goes away ------------------------------------------------------------------------------------------


@rule("1.2")
def orphan(n: Node, c: Slot) -> None:
    """Its daemon is dead: the agent at hand goes on, and so does the shell script around it."""
    if busy(n, c):
        if role(c) == QUEUE and queue_job[n] == 1 and now[n, c] != 0:
            last_word[n, c] = 1
        if job[n, c] == Job.TAKE:
            job[n, c] = Job.TAKE_ALONE
        else:
            job[n, c] = Job.GIVE_ALONE
        if role(c) != QUEUE:
            for s in every(Step):
                if now[n, c] == s + 1:
                    groups[n, c] = 1 << step_group[n][s]
        if now[n, c] == 0:
            vanish(n, c)


@rule("1.2")
def leave_agent(n: Node, c: Slot) -> None:
    """The script is dead, its agent goes on; nothing comes after it, nobody asks how it ended (no groups)."""
    if (job[n, c] == Job.TAKE or job[n, c] == Job.TAKE_ALONE) and not script_faults.giving_up[n, c]:
        job[n, c] = Job.TAKE_ALONE
    else:
        job[n, c] = Job.GIVE_ALONE
    groups[n, c] = 0
    last_word[n, c] = 0
    script_faults.forget(n, c)


@rule("1.2")
def check_dies(n: Node) -> None:
    """The forked check and the queue die with the daemon."""
    cancel(check_ends[n])
    down_queued[n] = 0
    queue_job[n] = 0
    for g in every(Group):
        take_queued[n, g] = 0
    if some_legacy:
        legacy.child_dies(n)
    if some_phantoms:
        phantom.queue_dies(n)


@rule("6.1", "X9")
def children_killed(n: Node, c: Slot) -> None:
    """The stopping daemon kills the children it still has; their agents end with them."""
    if busy(n, c):
        vanish(n, c)


@rule("1.2")
def vanish(n: Node, c: Slot) -> None:
    """The script is gone, wherever it was."""
    cancel(step_ends[n, c])
    job[n, c] = Job.NONE
    groups[n, c] = 0
    place[n, c] = 0
    now[n, c] = 0
    last_word[n, c] = 0
    script_faults.forget(n, c)
