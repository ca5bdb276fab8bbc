"""Watchdog: a machine whose daemon stops writing is reset, after the peer may have taken over.

While the daemon lives every own status tickles the timer, so it is not a step; it runs only from an unclean close or a
pause on.
The period is the dead time rounded up to the next whole second and then some: later than the peer's take-over by
design (section 9). A process that 3.0.6 starts again writes the goodbye of the whole daemon, and until the next tickle
a death counts as an orderly end (HZ-24). Left out: tickles out of turn (a status that changes is sent at once), which
adds some behaviour: the hole lasts up to a keepalive.
"""

from __future__ import annotations

from hamodel.ir.words import cancel, log, on, rule, start, timer, var
from hamodel.machines import node
from hamodel.machines.world import Node, keepalive, watchdog, watchdog_nowayout, watchdog_rearms

is_open = var(Node)
goodbye = var(Node)
"""`V` was written and no tickle came since: the next close counts as clean."""
tickle = timer(Node)
"""Until the next own status; runs only after a goodbye that was none."""
fires = timer(Node)
bitten = var(Node)
"""The machine was reset by its watchdog and its daemon has not started again."""
orderly = var(Node)
"""The running timer was left by an orderly close (nowayout)."""


@rule("9", "S1")
def opened(n: Node) -> None:
    """The daemon opens and tickles the device."""
    bitten[n] = 0
    if watchdog[n]:
        is_open[n] = 1
        orderly[n] = 0
        cancel(fires[n])


@rule("9", "X4")
def closed_with_v(n: Node) -> None:
    """An orderly close stops the timer, unless the driver has nowayout."""
    tickled(n)
    if is_open[n]:
        is_open[n] = 0
        cancel(fires[n])
        if watchdog_nowayout:
            orderly[n] = 1
            start(fires[n], watchdog[n], watchdog[n])


@rule("9", "HZ-04")
def closed_without_v(n: Node) -> None:
    """The daemon died: the driver goes on, with the whole period anew or with what the last tickle left."""
    if is_open[n] and goodbye[n]:
        closed_with_v(n)
    elif is_open[n]:
        is_open[n] = 0
        log(n, "watchdog-unclean-close")
        if watchdog_rearms:
            start(fires[n], watchdog[n], watchdog[n])
        elif not on(fires[n]):
            start(fires[n], watchdog[n] - keepalive[n], watchdog[n])


@rule("9", "HZ-24")
def child_says_goodbye(n: Node) -> None:
    """The process that is started again closes its copy with `V`; the driver knows only one daemon."""
    if is_open[n] and not watchdog_nowayout:
        goodbye[n] = 1
        start(tickle[n], 0, keepalive[n])


@rule("9", when=tickle)
def tickled(n: Node) -> None:
    """The next own status takes the goodbye back."""
    goodbye[n] = 0
    cancel(tickle[n])


@rule("9", "HZ-06")
def stands_still(n: Node) -> None:
    """The daemon is paused: nothing takes a goodbye back."""
    cancel(tickle[n])


@rule("9", "HZ-06")
def not_tickled(n: Node) -> None:
    """The daemon is paused: the last tickle was a keepalive ago."""
    if is_open[n]:
        start(fires[n], watchdog[n] - keepalive[n], watchdog[n] - keepalive[n])


@rule("9")
def goes_on(n: Node) -> None:
    """The daemon goes on before the time is over, and tickles."""
    tickled(n)
    if is_open[n]:
        cancel(fires[n])


@rule("9", when=fires)
def bites(n: Node) -> None:
    """The machine is reset without a sync."""
    log(n, "watchdog-reset")
    node.reset(n)
    bitten[n] = 1


@rule("9")
def machine_gone(n: Node) -> None:
    tickled(n)
    is_open[n] = 0
    orderly[n] = 0
    bitten[n] = 0
    cancel(fires[n])
