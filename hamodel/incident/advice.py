"""What would have prevented the damage of each rule; the model checks these again where it can."""

from __future__ import annotations

from hamodel.incident.report import Advice

STONITH = Advice("stonith", "a STONITH device that works: takeover then waits until the peer has been reset")
MEDIUM = Advice("media", "one more, independent heartbeat medium: another card, cable and switch, or a serial line")
WATCHDOG = Advice("watchdog", "a watchdog: it resets a machine whose heartbeat died, within about the dead time")
DEADTIME = Advice("deadtime", "a longer deadtime, 1.5 to 2 times the longest gap that was measured")
EQUAL = Advice("deadtime", "the same, longer deadtime on both nodes")
FILES = Advice("haresources", "the same haresources on both nodes, changed only while heartbeat is stopped on both")
KEYS = Advice("authkeys", "the same authkeys on both nodes")
NO_FAILBACK = Advice("auto_failback", "auto_failback off: nothing moves back while a takeover still runs")
BY_HAND = Advice("procedure", "no standby while a start still runs; wait for the last resource's success")
AGENT = Advice("script", "a stop that fails when it could not stop, and a status that tells the truth")
REAL_FENCE = Advice("stonith", "a device that really cuts the power, and confirming by hand only a machine that is off")
TEST_FILES = Advice("procedure", "checking the files before a reload, for example with hamodel config")
OTHER_FENCE = Advice(
    "stonith", "a reset also of a node that gives up slowly, which Heartbeat does not do; shorter stops help"
)
CLEAN = Advice(
    "procedure", "before heartbeat is started again on a node where it was killed, a look at what still runs there"
)

ADVICE: dict[str, tuple[Advice, ...]] = {
    "HZ-01": (STONITH, MEDIUM),
    "HZ-02": (STONITH, MEDIUM),
    "HZ-03": (STONITH, WATCHDOG),
    "HZ-04": (STONITH,),
    "HZ-06": (STONITH, DEADTIME),
    "HZ-07": (EQUAL, STONITH),
    "HZ-08": (STONITH, MEDIUM),
    "HZ-09": (MEDIUM, OTHER_FENCE),
    "HZ-10": (MEDIUM, OTHER_FENCE),
    "HZ-12": (REAL_FENCE,),
    "HZ-13": (REAL_FENCE, MEDIUM),
    "HZ-16": (BY_HAND, NO_FAILBACK),
    "HZ-17": (AGENT,),
    "HZ-19a": (FILES,),
    "HZ-19d": (FILES,),
    "HZ-22": (KEYS,),
    "HZ-25": (STONITH, WATCHDOG, CLEAN),
    "HZ-26": (TEST_FILES, STONITH),
    "HZ-63": (DEADTIME, STONITH, MEDIUM),
    "gap-script-failed": (Advice("script", "a start script that works on every node, tried there by hand"),),
    "gap-fence-failed": (Advice("stonith", "a STONITH device that can be reached, tried with stonith -S"),),
    "gap-script-hung": (Advice("script", "a script with a timeout of its own: Heartbeat has none"),),
}
