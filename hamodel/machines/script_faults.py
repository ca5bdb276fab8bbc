"""Script faults: resources whose start or stop fails, lies, drags on or never ends.

A failed start gives the whole group up again, keeps the claim, and half a minute later asks for standby of the foreign
groups, whoever the group belongs to. A stop is tried eleven times; if the resource still runs, heartbeat is killed and
the machine rebooted without a sync. Nothing ever asks a script how long it wants to take. A script has one fault at a
time, and the repair is free. Left out: a failing stop of what does not run (ten seconds; `delay` has it), an agent that
prints no word of its status (HZ-17c), a second standby of the same group within the half minute, the death of a single
agent; these remove behaviour. A start that fails has left nothing behind.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import cancel, every, fault, formula, invariant, log, on, repair, rule, start, timer, var
from hamodel.machines import delay, legacy, node, scripts, stall, standby
from hamodel.machines.world import (
    QUEUE,
    Group,
    Node,
    Slot,
    Step,
    delays,
    group_line,
    group_steps,
    late_start_hi,
    late_start_lo,
    late_stop_hi,
    late_stop_lo,
    reboot_works,
    role,
    script_hi,
    slow_hi,
    slow_lo,
    some_legacy,
    stalls,
    start_hi,
    start_lo,
    status_hi,
    status_lo,
    step_group,
    step_text,
    stop_hi,
    stop_lo,
    take_end,
)

MOST_TRIES = 11
"""A stop and its ten repetitions (HA_STOPRETRYMAX)."""


class Trouble(IntEnum):
    """What is wrong with the script of a resource on a node."""

    NONE = 0
    START_FAILS = 1
    STOP_FAILS = 2
    STOP_LIES = 3
    SLOW = 4
    HANGS = 5


trouble = var(Node, Step, values=Trouble)
tries = var(Node, Slot, values=MOST_TRIES + 1)
"""How often the stop at hand has failed already."""
giving_up = var(Node, Slot, values=9)
"""The group whose start has failed and which the script now releases, plus one."""
standby_later = timer(Node, Group)
"""The `sleep 30` in the background; it outlives the daemon, not the machine."""


@formula
def is_well(n: Node, s: Step) -> bool:
    return trouble[n, s] == Trouble.NONE


@formula
def is_prompt(n: Node, s: Step) -> bool:
    """Neither its start nor its stop is delayed."""
    return not delay.starts_late(n, s) and not delay.stops_late(n, s) if delays else True


@formula
def is_troubled(n: Node, s: Step) -> bool:
    return trouble[n, s] != Trouble.NONE


@formula
def some_script_runs(n: Node) -> bool:
    """A script has something at hand, whether its daemon lives or not, and no process waits for its disk."""
    return (
        any(scripts.job[n, c] != scripts.Job.NONE and scripts.now[n, c] != 0 for c in every(Slot))
        or (some_legacy and on(legacy.test_ends[n]))
    ) and not (stalls and stall.stalled[n])


@invariant("only a script that takes groups gives one up")
def takers_give_up(n: Node, c: Slot) -> bool:
    return giving_up[n, c] == 0 or scripts.job[n, c] == scripts.Job.TAKE or scripts.job[n, c] == scripts.Job.TAKE_ALONE


@invariant("a stop is tried again only while it is at hand")
def tries_are_at_hand(n: Node, c: Slot) -> bool:
    return tries[n, c] == 0 or scripts.now[n, c] != 0


# ---- faults and repair ---------------------------------------------------------------------------------------------


@fault("start_fails", "4.5", "HZ-40", guard=is_well, text="on {} the start of {} fails from now on")
def start_fails(n: Node, s: Step) -> None:
    """A wrong path, a full disk, a missing library."""
    trouble[n, s] = Trouble.START_FAILS


@fault("stop_fails", "4.5", "HZ-17", guard=is_well, text="on {} the stop of {} fails from now on")
def stop_fails(n: Node, s: Step) -> None:
    """Somebody's shell stands in the mounted directory."""
    trouble[n, s] = Trouble.STOP_FAILS


@fault("stop_lies", "HZ-17", guard=is_well, text="on {} the stop of {} reports success and stops nothing")
def stop_lies(n: Node, s: Step) -> None:
    """The script looks at the wrong pid file."""
    trouble[n, s] = Trouble.STOP_LIES


@fault("slow", "HZ-09", "HZ-15", "HZ-16", guard=is_well, text="on {} start and stop of {} take long from now on")
def slow(n: Node, s: Step) -> None:
    """A file system check, a database that writes its buffers back."""
    trouble[n, s] = Trouble.SLOW


@fault("hang", "HZ-46", "HZ-48", guard=is_well, text="on {} the next start or stop of {} never ends")
def hang(n: Node, s: Step) -> None:
    """A dead NFS server, a question to a person who is not there."""
    trouble[n, s] = Trouble.HANGS


@repair("script_works", "4.5", guard=is_troubled, text="on {} the script of {} works again")
def script_works(n: Node, s: Step) -> None:
    """What hung goes on; what is slow already stays slow to its end."""
    trouble[n, s] = Trouble.NONE
    for c in every(Slot):
        if scripts.now[n, c] == s + 1 and not on(scripts.step_ends[n, c]) and not (stalls and stall.frozen[n, c]):
            if starts(n, c):
                start_works(n, c, s)
            else:
                stop_works(n, c, s)


@fault("kill_scripts", "1.2", "HZ-48", guard=some_script_runs, text="the resource scripts on {} are killed")
def kill_scripts(n: Node) -> None:
    """The children and their shells die, and no message comes of them; an agent at hand goes on to its end, alone.

    Scripts that have outlived their daemon die like the others.
    """
    scripts_die(n, 0)


@fault("kill_scripts", "1.2", "HZ-48", guard=some_script_runs, text="scripts and agents on {} are killed")
def kill_scripts_and_agents(n: Node) -> None:
    """The agents die with their scripts."""
    scripts_die(n, 1)


@rule("1.2", "HZ-48")
def scripts_die(n: Node, with_agents: int) -> None:
    """All at once; only an agent that is spared goes on alone."""
    for c in every(Slot):
        if scripts.job[n, c] != scripts.Job.NONE:
            unqueue(n, c)
            if with_agents or scripts.now[n, c] == 0:
                scripts.vanish(n, c)
            else:
                scripts.leave_agent(n, c)
    if some_legacy:
        legacy.script_dies(n)
    scripts.settle(n)


@rule("1.2")
def unqueue(n: Node, c: Slot) -> None:
    """The queue takes the death of its child for its end; mach_down's message never comes."""
    if role(c) == QUEUE and scripts.busy(n, c):
        scripts.queue_job[n] = 0


# ---- how long a script runs ----------------------------------------------------------------------------------------


@formula
def starts(n: Node, c: Slot) -> bool:
    """The resource at hand is being started, not stopped."""
    taking = scripts.job[n, c]
    return (taking == scripts.Job.TAKE or taking == scripts.Job.TAKE_ALONE) and giving_up[n, c] == 0


@rule("4.5")
def start_works(n: Node, c: Slot, s: Step) -> None:
    """The status test and the start begin."""
    if delays and delay.of_start[n, s] != delay.Delay.NONE:
        if delay.of_start[n, s] == delay.Delay.LATE:
            start(
                scripts.step_ends[n, c],
                status_lo[s] + start_lo[s] + late_start_lo[n],
                status_hi[s] + start_hi[s] + late_start_hi[n],
            )
    elif trouble[n, s] == Trouble.SLOW:
        start(scripts.step_ends[n, c], status_lo[s] + start_lo[s] + slow_lo, status_hi[s] + start_hi[s] + slow_hi)
    elif trouble[n, s] != Trouble.HANGS:
        start(scripts.step_ends[n, c], status_lo[s] + start_lo[s], status_hi[s] + start_hi[s])


@rule("4.5")
def stop_works(n: Node, c: Slot, s: Step) -> None:
    """The stop begins."""
    if delays and delay.of_stop[n, s] != delay.Delay.NONE:
        if delay.of_stop[n, s] == delay.Delay.LATE:
            start(scripts.step_ends[n, c], stop_lo[s] + late_stop_lo[n], stop_hi[s] + late_stop_hi[n])
    elif trouble[n, s] == Trouble.SLOW:
        start(scripts.step_ends[n, c], stop_lo[s] + slow_lo, stop_hi[s] + slow_hi)
    elif trouble[n, s] != Trouble.HANGS:
        start(scripts.step_ends[n, c], stop_lo[s], stop_hi[s])


@rule("4.5", "HZ-06")
def goes_on(n: Node, c: Slot) -> None:
    """The step at hand stood still for a while: at most all of it is left."""
    if scripts.now[n, c] == 0:
        start(scripts.step_ends[n, c], 0, script_hi)
    for s in every(Step):
        if scripts.now[n, c] == s + 1:
            if starts(n, c):
                if trouble[n, s] == Trouble.SLOW:
                    start(scripts.step_ends[n, c], 0, status_hi[s] + start_hi[s] + slow_hi)
                else:
                    start(scripts.step_ends[n, c], 0, status_hi[s] + start_hi[s])
            elif trouble[n, s] == Trouble.SLOW:
                start(scripts.step_ends[n, c], 0, stop_hi[s] + slow_hi)
            else:
                start(scripts.step_ends[n, c], 0, 1000 + stop_hi[s])


# ---- a start fails -------------------------------------------------------------------------------------------------


@rule("4.5")
def start_failed(n: Node, c: Slot, s: Step) -> None:
    """The group is released from right to left; the claim stays."""
    log(n, "resource-start-failed", resource=step_text[s], group=group_line[n][step_group[n][s]])
    log(n, "group-giving-up", resource=step_text[s], group=group_line[n][step_group[n][s]])
    giving_up[n, c] = step_group[n][s] + 1
    scripts.place[n, c] = take_end[n][step_group[n][s]]


@rule("4.5")
def give_up_next(n: Node, c: Slot) -> None:
    """The next resource of the failed group that runs; at the end of the group the `sleep 30` begins."""
    scripts.now[n, c] = 0
    for g in every(Group):
        if giving_up[n, c] == g + 1:
            for i in backwards(len(group_steps[n][g])):
                s = Step(group_steps[n][g][i])
                at = take_end[n][g] - len(group_steps[n][g]) + i
                if scripts.now[n, c] == 0 and at < scripts.place[n, c]:
                    if i == len(group_steps[n][g]) - 1:
                        log(n, "release-group", group=group_line[n][g])
                    if scripts.is_stopped_by(n, s):
                        scripts.place[n, c] = at
                        scripts.now[n, c] = s + 1
                        log(n, "resource-stop", resource=step_text[s], group=group_line[n][g])
                        stop_works(n, c, s)
                    else:
                        log(n, "resource-stop-idle", resource=step_text[s], group=group_line[n][g])
            if scripts.now[n, c] == 0:
                giving_up[n, c] = 0
                scripts.place[n, c] = take_end[n][g]
                if not on(standby_later[n, g]):
                    start(standby_later[n, g], 30000, 30000 + script_hi)


def backwards(count: int) -> tuple[int, ...]:
    """The positions in a line, from right to left."""
    return tuple(reversed(range(count)))


@rule("4.5", "HZ-40", when=standby_later)
def standby_after_failed_start(n: Node, g: Group) -> None:
    """Always `foreign`: of a node's own group nobody takes anything."""
    log(n, "start-failure-standby", rsc_type="foreign")
    if node.daemon[n] == node.Daemon.ACTIVE:
        standby.ask(n, standby.FOREIGN)
        scripts.settle(n)


# ---- a stop fails --------------------------------------------------------------------------------------------------


@rule("4.5", "HZ-17")
def stop_failed(n: Node, c: Slot, s: Step) -> None:
    """Again in a second; after the last try the machine pays."""
    tries[n, c] += 1
    log(n, "resource-stop-failed", resource=step_text[s], group=group_line[n][step_group[n][s]])
    if tries[n, c] < MOST_TRIES:
        log(n, "resource-stop-retry", resource=step_text[s], group=group_line[n][step_group[n][s]])
        start(scripts.step_ends[n, c], 1000 + stop_lo[s], 1000 + stop_hi[s])
    else:
        tries[n, c] = 0
        if not scripts.up[n, s]:
            log(n, "stop-failure-avoided", resource=step_text[s], group=group_line[n][step_group[n][s]])
            return
        log(n, "stop-failure-reboot", resource=step_text[s], group=group_line[n][step_group[n][s]])
        if reboot_works:
            node.reset(n)
        elif node.alive(n):
            node.dies(n)


# ---- the machine goes away -----------------------------------------------------------------------------------------


@rule("1.2")
def forget(n: Node, c: Slot) -> None:
    """The script is gone."""
    tries[n, c] = 0
    giving_up[n, c] = 0


@rule("section 16")
def machine_gone(n: Node) -> None:
    for g in every(Group):
        cancel(standby_later[n, g])
