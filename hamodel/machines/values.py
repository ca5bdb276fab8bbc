"""The options: every number and switch that a configuration gives to the rules, durations in ms."""

from __future__ import annotations

from hamodel.config.durations import Interval
from hamodel.config.parts import Failback
from hamodel.config.spec import Spec, StonithOutcome, WatchdogDriver
from hamodel.ir.compose import BUDGET_TOTAL, limit
from hamodel.machines.groups import Grouping, grouping

POLL = 250
SHUTDOWN = Interval(2000, 3500)
"""From `shutdone` to the end: a second, ipfail's tick of up to a second, another second (X6 to X10)."""
CLIENT = 0
"""Clients answer at once. The real ipfail looks at its messages once a second: its give-up comes up to 2 s later."""
SCRIPT = Interval(50, 400)
"""A script that finds nothing to do, with its shells."""


def options(spec: Spec) -> dict[str, int]:
    """The value of every run-time option, by its name in the system; durations in ms."""
    stonith = spec.stonith.outcome
    values = {
        "poll": POLL,
        "latency_lo": spec.latency.lo,
        "latency_hi": spec.latency.hi,
        "late_is_dead": int(spec.cluster.version.value.startswith("3")),
        "children_respawned": int(spec.cluster.version.value.startswith("3")),
        "generation_restarts": int(not spec.cluster.version.value.startswith("3")),
        "exec_says_goodbye": int(spec.cluster.version.value.startswith("3")),
        "watchdog_rearms": int(spec.watchdog.driver is not WatchdogDriver.NO_REARM),
        "watchdog_nowayout": int(spec.watchdog.nowayout),
        "stonith_works": int(stonith is not StonithOutcome.FAILS),
        "stonith_fails": int(stonith in (StonithOutcome.FAILS, StonithOutcome.MAY_FAIL)),
        "stonith_powers_on": 0,
        "stonith_lies": int(stonith is StonithOutcome.LIES),
        "stonith_lo": spec.stonith.latency.lo,
        "stonith_hi": spec.stonith.latency.hi,
        "boot_lo": spec.boot.lo,
        "boot_hi": spec.boot.hi,
        "autostart": int(spec.autostart),
        "started": 1,
        "shutdown_lo": SHUTDOWN.lo,
        "shutdown_hi": SHUTDOWN.hi,
        "reaction": spec.reaction.lo,
        "script_lo": SCRIPT.lo,
        "script_hi": SCRIPT.hi,
        "client_hi": CLIENT,
        "client_sleep": 0,
        "scan_may_win": 1,
        "turn": 0,
        "youth": 0,
        "client_start_lo": spec.clients.start.lo,
        "client_start_hi": spec.clients.start.hi,
        "client_exit_lo": spec.clients.exit.lo,
        "client_exit_hi": spec.clients.exit.hi,
        "slow_lo": spec.faults.slow_by.lo,
        "slow_hi": spec.faults.slow_by.hi,
        "reboot_works": int(spec.faults.reboot_works),
        BUDGET_TOTAL: spec.faults.budget,
    }
    for t, name in enumerate(spec.thirds):
        config = spec.cluster.per_node[name]
        values |= {f"deadtime_beyond[{t}]": config.deadtime.value, f"keepalive_beyond[{t}]": config.keepalive.value}
    for n, name in enumerate(spec.pair):
        config = spec.cluster.per_node[name]
        period = spec.watchdog.period(config.watchdog_period) if config.watchdog is not None else 0
        values |= {
            f"keepalive[{n}]": config.keepalive.value,
            f"deadtime[{n}]": config.deadtime.value,
            f"initdead[{n}]": config.initdead.value,
            f"deadping[{n}]": config.deadping.value,
            f"auto_failback[{n}]": int(config.auto_failback.value is not Failback.OFF),
            f"watchdog[{n}]": period,
            f"generation_by_clock[{n}]": int(config.hbgenmethod == "time"),
            f"stonith[{n}]": int(name in spec.stonith.nodes),
            f"late_start_lo[{n}]": spec.faults.slow_by.lo,
            f"late_start_hi[{n}]": spec.faults.slow_by.hi,
            f"late_stop_lo[{n}]": spec.faults.slow_by.lo,
            f"late_stop_hi[{n}]": spec.faults.slow_by.hi,
            f"restart_sleep[{n}]": -(-config.deadtime.value // 1000) * 1000 + 1000,
        }
    found: Grouping = grouping(spec)
    for s, members in enumerate(found.members):
        times = [spec.durations.of(r) for r in members]
        for what in ("start", "stop", "status"):
            values[f"{what}_lo[{s}]"] = sum(getattr(t, what).lo for t in times)
            values[f"{what}_hi[{s}]"] = sum(getattr(t, what).hi for t in times)
    for kind in spec.faults.limits:
        if spec.faults.of(kind) < spec.faults.budget:
            values[limit(kind)] = spec.faults.of(kind)
    return values
