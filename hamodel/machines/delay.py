"""Delays: the start alone, or the stop alone, of one resource takes longer or never ends.

A stop script is run for every resource of a group, whether it runs or not; what takes no time otherwise takes its
delay here, and so does a stop that fails for what does not run: eleven tries, and `Machine reboot narrowly avoided`.
Seen on the daemon: a slow stop leaves the next start as quick as ever. Only in scenarios that name the kind `delay`;
how long is told for each node. Left out: delays of different length on one node, which removes behaviour.
"""

from __future__ import annotations

from enum import IntEnum

from hamodel.ir.words import fault, formula, repair, var
from hamodel.machines import script_faults
from hamodel.machines.world import Node, Step


class Delay(IntEnum):
    """How much longer than usual."""

    NONE = 0
    LATE = 1
    FOR_EVER = 2


of_start = var(Node, Step, values=Delay)
of_stop = var(Node, Step, values=Delay)


@formula
def is_tried(n: Node, s: Step) -> bool:
    """Its stop takes time even where it does not run."""
    return of_stop[n, s] != Delay.NONE or script_faults.trouble[n, s] == script_faults.Trouble.STOP_FAILS


@formula
def starts_on_time(n: Node, s: Step) -> bool:
    return of_start[n, s] == Delay.NONE


@formula
def stops_on_time(n: Node, s: Step) -> bool:
    return of_stop[n, s] == Delay.NONE


@formula
def starts_late(n: Node, s: Step) -> bool:
    return of_start[n, s] != Delay.NONE


@formula
def stops_late(n: Node, s: Step) -> bool:
    return of_stop[n, s] != Delay.NONE


@fault("delay", "HZ-15", "HZ-16", guard=starts_on_time, text="on {} the start of {} takes long from now on")
def delay_start(n: Node, s: Step) -> None:
    """A file system check."""
    of_start[n, s] = Delay.LATE


@fault("delay", "HZ-09", "HZ-10", guard=stops_on_time, text="on {} the stop of {} takes long from now on")
def delay_stop(n: Node, s: Step) -> None:
    """A database that writes its buffers back."""
    of_stop[n, s] = Delay.LATE


@fault("delay", "HZ-48", guard=starts_on_time, text="on {} the next start of {} never ends")
def hang_start(n: Node, s: Step) -> None:
    """A question to a person who is not there."""
    of_start[n, s] = Delay.FOR_EVER


@fault("delay", "HZ-46", guard=stops_on_time, text="on {} the next stop of {} never ends")
def hang_stop(n: Node, s: Step) -> None:
    """A dead NFS server."""
    of_stop[n, s] = Delay.FOR_EVER


@repair("start_on_time", "4.5", guard=starts_late, text="on {} the start of {} takes no longer than usual")
def start_on_time(n: Node, s: Step) -> None:
    """What is at it already goes on as it began."""
    of_start[n, s] = Delay.NONE


@repair("stop_on_time", "4.5", guard=stops_late, text="on {} the stop of {} takes no longer than usual")
def stop_on_time(n: Node, s: Step) -> None:
    """What is at it already goes on as it began."""
    of_stop[n, s] = Delay.NONE
