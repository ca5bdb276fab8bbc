"""Nothing breaks by itself in the model: what may befall a cluster is bought from a budget, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from hamodel.config.durations import Interval

FAULT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "kill": "kill -9 of all Heartbeat processes of a node",
        "kill_mcp": "kill -9 of the master control process alone",
        "kill_child": "kill -9 of a write or read process of a node; Heartbeat starts it again, or restarts itself",
        "kill_ipfail": "kill -9 of ipfail on a node; Heartbeat starts it again",
        "kill_client": "kill -9 of a client on a node; only where the spec names it",
        "client_fails": "the program of a client fails as soon as it is started; only where the spec names it",
        "power": "a node loses power; power on is a free repair",
        "cut": "the cable of a node's card is pulled; plugging it is a free repair",
        "deaf": "a node hears nothing more on one card, while its own packets still go out; the repair is free",
        "device": "the STONITH device of a node fails and says so; the repair is free",
        "pause": "the master control process is paused (SIGSTOP, a stall); resuming is free",
        "ping": "a ping node dies; its return is free",
        "generation": "the generation number of a node goes back while its Heartbeat is down: a clock set back with "
        "`hbgenmethod time`, or in 2.0.8 a lost file",
        "stop": "the operator stops Heartbeat on a node",
        "start": "the operator starts Heartbeat again where it was killed; after a clean stop a start is a free repair",
        "standby": "the operator calls hb_standby",
        "takeover": "the operator calls hb_takeover",
        "start_fails": "the start script of one resource fails on one node; its repair is free",
        "stop_fails": "the stop script of one resource fails on one node, eleven times, then the machine reboots",
        "stop_lies": "the stop script of one resource says it has stopped and has not",
        "slow": "start and stop of one resource take longer on one node, by `faults.slow_by` (12 s to 60 s)",
        "hang": "start and stop of one resource do not end on one node before they are repaired",
        "kill_scripts": "kill -9 of the resource scripts that run on a node, with or without their agents",
        "restore": "an old generation file is put back while Heartbeat is down, but `hbgenmethod time` does not read "
        "it; only where the spec names it",
        "reorder": "a message between the nodes is lost and sent again after later ones; only where the spec names it",
        "loss": "a node loses packets now and then, on all its cards; the end is free; only where the spec names it",
        "starve": "the master control process stops in the middle of a turn, before it looks at its clocks; resuming "
        "is free; only where the spec names it",
        "stuck": "the write process of one medium is stuck; going on is free; only where the spec names it",
        "service_dies": "a resource dies by itself, and Heartbeat does not notice; only where the spec names it",
        "stall": "the disks of a machine stall: all but its kernel waits; only where the spec names it",
        "switch": "a switch loses power, and with it all its cables, on both nodes; only where the spec names it",
        "reload": "the operator makes Heartbeat read a changed ha.cf (heartbeat -r); only where the spec names it",
        "mistake": "the ha.cf of a node gets a line Heartbeat refuses; repair is free; only where the spec names it",
        "edit": "a line is taken out of one node's haresources while it is in use; only where the spec names it",
        "delay": "start or stop alone of one resource takes longer or never ends; only where the spec names it",
        "portion": "hb_standby or hb_takeover for the local or the foreign groups; only where the spec names it",
    }
)
SLOW_BY = Interval(12_000, 60_000)
"""How much longer a slow start or stop takes."""
ON_DEMAND = frozenset(
    {
        *("reload", "mistake", "edit", "kill_client", "client_fails"),
        *("restore", "reorder", "loss", "starve", "stuck", "service_dies", "stall", "switch", "delay"),
        "portion",
    }
)
OPERATOR_KINDS = frozenset({"stop", "start", "standby", "takeover", "reload", "edit", "portion"})
"""Kinds that happen only where a spec names them."""
USUAL_KINDS = tuple(kind for kind in FAULT_KINDS if kind not in ON_DEMAND)


@dataclass(frozen=True, slots=True)
class FaultLimits:
    """One budget for all kinds together, and a limit for each kind."""

    budget: int = 1
    limits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType(dict.fromkeys(USUAL_KINDS, 1)))
    slow_by: Interval = SLOW_BY
    reboot_works: bool = True
    """Whether `reboot -nf` after a failed stop reboots; otherwise only heartbeat is killed."""

    def of(self, kind: str) -> int:
        """How often this kind may happen at most, paid from the budget."""
        return min(self.budget, self.limits.get(kind, 0))

    def may(self, kind: str) -> bool:
        """Whether this kind can happen at all."""
        return self.of(kind) > 0

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that can happen, in the order of `FAULT_KINDS`."""
        return tuple(kind for kind in FAULT_KINDS if self.may(kind))


class WatchdogDriver(Enum):
    """How the kernel's driver behaves; they differ when the device is closed without a goodbye, as after kill -9."""

    SOFTDOG = "softdog"
    NO_REARM = "no_rearm"
    REFUSES_SETTIMEOUT = "refuses_settimeout"


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The driver decides how late a reset comes.

    SOFTDOG starts its whole time again at an unclean close, NO_REARM does not, REFUSES_SETTIMEOUT keeps its own time.
    """

    driver: WatchdogDriver = WatchdogDriver.SOFTDOG
    nowayout: bool = False
    default_timeout: int = 60_000

    def period(self, asked: int) -> int:
        """The time the driver really runs when Heartbeat asks for `asked` ms."""
        return self.default_timeout if self.driver is WatchdogDriver.REFUSES_SETTIMEOUT else asked


class StonithOutcome(Enum):
    """A reset works, or fails and is tried again, or may do either, or reports success and resets nothing (LIES)."""

    WORKS = "works"
    FAILS = "fails"
    MAY_FAIL = "may_fail"
    LIES = "lies"


@dataclass(frozen=True, slots=True)
class Stonith:
    """How resets go, and which nodes can order one; no node, no device."""

    nodes: tuple[str, ...] = ()
    latency: Interval = field(default_factory=lambda: Interval(500, 2000))
    outcome: StonithOutcome = StonithOutcome.WORKS

    @property
    def one_sided(self) -> bool:
        """Whether one node can reset the other and the other cannot."""
        return len(self.nodes) == 1


@dataclass(frozen=True, slots=True)
class Clients:
    """Whose lives a spec wants played: of the clients of ha.cf those with these names, on these nodes; None: all."""

    played: bool = False
    names: tuple[str, ...] | None = None
    nodes: tuple[str, ...] | None = None
    start: Interval = field(default_factory=lambda: Interval(20, 1000))
    """From its start to its request to sign on."""
    exit: Interval = field(default_factory=lambda: Interval(0, 500))
    """From a refusal to its end."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a spec promises about one property; numbers that are not given are not compared."""

    outcome: str
    faults_used: int | None = None
    length: int | None = None
    states: int | None = None
    engine: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a spec is there for; nothing of it changes a verdict."""

    hazards: tuple[str, ...] = ()
    """The hazards of the reference it shows (HZ-15) or, as a twin, prevents."""
    stories: tuple[str, ...] = ()
    """The users' questions it answers (S12)."""
    recordings: tuple[str, ...] = ()
    """Recorded runs of the daemon in which it happened."""
    prevented_by: str = ""
    """The spec with the configuration that prevents it, by the name of its folder."""
    finding: str = ""
    """What the daemon says, where the reference and the model were of two minds."""
    title_zh: str = ""
    story_zh: str = ""
