"""The lives of a node's daemon: when each began and ended, and in which of the ways a daemon ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from hamodel.incident.facts import SECOND, Fact
from hamodel.incident.report import Proof


class Ending(Enum):
    """How a daemon's life ended."""

    OPEN = "still there at the end of the log"
    ORDERLY = "stopped in order"
    RESTART = "restarted itself"
    RELOAD = "did not come back from a reload"
    MASTER = "its master process died, the rest ended itself"
    STOP_FAILURE = "rebooted the machine because a stop failed"
    WATCHDOG = "the watchdog rebooted the machine"
    SILENT = "fell silent"


@dataclass(slots=True)
class Life:
    """One life. `begin` None: from before the log. `last` is its last line, `end` the line that ends it.

    `machine` is the last line of any process until the next life: scripts go on when their daemon is killed.
    `boot` is the line that shows that the machine was started between the life before and this one; `reused` that the
    numbers of processes began again, which a reboot does and little else.
    """

    node: str
    begin: int | None
    first: int
    last: int
    version: str = ""
    generation: int | None = None
    pid: int | None = None
    machine: int = 0
    top: int = 0
    ending: Ending = Ending.OPEN
    end: int | None = None
    stopping: int | None = None
    delayed: bool = False
    active: int | None = None
    boot: Proof | None = None
    booted_at: int | None = None
    reused: bool = False
    cut_short: int | None = None
    proofs: list[Proof] = field(default_factory=list)

    @property
    def booted(self) -> bool:
        """Whether the machine was started anew before this life."""
        return self.boot is not None or self.reused

    @property
    def silent(self) -> bool:
        """Whether it ended without a word of its own."""
        return self.ending in (Ending.SILENT, Ending.WATCHDOG)


RESTARTS = 10_000
"""ms after a healed partition within which a stop is the daemon's own."""


class Lives:
    """Reads the facts of a node in order."""

    def __init__(self, node: str) -> None:
        self.node, self.lives, self.refusals = node, list[Life](), list[Fact]()
        self._boot: Fact | None = None
        self._healed: int | None = None
        self._highest = 0

    def read(self, facts: Sequence[Fact]) -> list[Life]:
        """All lives, in order."""
        for fact in facts:
            self._one(fact)
            self._highest = max(self._highest, fact.pid or 0)
        return self.lives

    @property
    def _now(self) -> Life | None:
        return self.lives[-1] if self.lives and self.lives[-1].ending is Ending.OPEN else None

    def _one(self, fact: Fact) -> None:
        match fact.key:
            case "node-boot" | "kernel-boot":
                if self._now is not None and self._now.begin == fact.at:
                    self._now.boot, self._now.booted_at = self._now.boot or fact.proof, fact.at
                    return
                self._silent()
                self._boot = fact
                return
            case "kernel-softdog" | "kernel-softdog-v26":
                if self._now is not None:
                    self._now.cut_short = fact.at
                return
            case "kernel-softdog-fire":
                self._close(Ending.WATCHDOG, fact)
                return
            case "cfg-validated" | "hb-version":
                self._start(fact)
            case "hb-generation" if self._now is not None and fact.number("generation"):
                self._now.generation = fact.number("generation")
            case "hb-local-status-set" if self._now is not None and fact.get("status") == "active":
                self._now.active = fact.at
            case "hb-partition-healed":
                self._healed = fact.at
            case "hbr-shutdown-progress" | "hbr-shutdown-delayed" if not self._own_wish(fact):
                self._touch(fact)
                if self._now is not None:
                    self._now.stopping = self._now.stopping or fact.at
                    self._now.delayed = self._now.delayed or fact.key == "hbr-shutdown-delayed"
            case "hb-shutdown-complete":
                self._close(Ending.ORDERLY, fact)
            case "hb-restart-exec" | "hb-restart-triggered":
                if self.lives and self.lives[-1].ending is Ending.ORDERLY:
                    self.lives[-1].ending = Ending.RESTART
                self._close(Ending.RESTART, fact)
            case "hb-emergency-mcp-died" | "hb-emergency-self":
                self._close(Ending.MASTER, fact)
            case "reboot-now" | "rm-killing-hb":
                self._close(Ending.STOP_FAILURE, fact)
            case "hb-config-error-restart" | "hb-config-error-exit" | "cfg-parse-failed":
                self.refusals.append(fact)
                if self.lives and self.lives[-1].ending is Ending.RESTART:
                    self.lives[-1].ending = Ending.RELOAD
            case key if key.startswith(("cfg-", "auth-bad", "auth-missing", "auth-cannot")) and key not in NO_REFUSAL:
                self.refusals.append(fact)
        self._touch(fact)

    def _own_wish(self, fact: Fact) -> bool:
        """Whether the daemon itself wants to stop, to start again after a partition."""
        return self._healed is not None and fact.at - self._healed <= RESTARTS

    def _start(self, fact: Fact) -> None:
        now = self._now
        if now is not None and now.begin is not None and not now.version and fact.key == "hb-version":
            now.version, now.pid = fact.get("version"), fact.pid
            now.reused = now.reused or self._numbers_again(fact)
            return
        self._silent()
        before = self.lives[-1] if self.lives else None
        life = Life(self.node, fact.at, fact.at, fact.at, proofs=[fact.proof])
        if fact.key == "hb-version":
            life.version, life.pid = fact.get("version"), fact.pid
        if self._boot is not None:
            life.boot, life.booted_at = self._boot.proof, self._boot.at
        if before is None:
            life.reused = fact.pid is not None and 0 < fact.pid < self._highest
        elif before.ending not in (Ending.ORDERLY, Ending.RESTART, Ending.RELOAD):
            life.reused = fact.pid is not None and 0 < fact.pid < before.top
        self._boot = None
        self.lives.append(life)

    def _numbers_again(self, fact: Fact) -> bool:
        before = self.lives[-2] if len(self.lives) > 1 else None
        if before is None or before.ending in (Ending.ORDERLY, Ending.RESTART, Ending.RELOAD):
            return False
        return fact.pid is not None and fact.pid < before.top

    def _silent(self) -> None:
        now = self._now
        if now is not None:
            now.ending = Ending.SILENT

    def _close(self, ending: Ending, fact: Fact) -> None:
        now = self._now
        if now is None and not self.lives:
            now = Life(self.node, None, fact.at, fact.at)
            self.lives.append(now)
        if now is None:
            return
        now.ending, now.end = ending, fact.at + SECOND
        if ending is not Ending.WATCHDOG:
            now.last = max(now.last, fact.at)
        now.proofs.append(fact.proof)

    def _touch(self, fact: Fact) -> None:
        """A line of the daemon proves that it lives; those of the next one's begin and of scripts do not."""
        now = self._now
        daemon = fact.tag.partition("(")[0] in ("heartbeat", "ipfail", "ccm")
        first = fact.key == "auth-failed" or not fact.key.startswith(("cfg-", "auth-", "hb-config"))
        if now is None and not self.lives and daemon and first:
            now = Life(self.node, None, fact.at, fact.at, proofs=[fact.proof])
            self.lives.append(now)
        if self.lives and self._boot is None and not fact.key.startswith(("cfg-", "auth-")):
            self.lives[-1].machine = max(self.lives[-1].machine, fact.until if fact.times > 1 else fact.at)
        if now is not None and daemon and not fact.key.startswith(("cfg-", "auth-")):
            now.last = max(now.last, fact.until if fact.times > 1 else fact.at)
            now.top = max(now.top, fact.pid or 0)


NO_REFUSAL = frozenset({"cfg-validated", "cfg-initdead-warn", "cfg-legacy-failback"})
