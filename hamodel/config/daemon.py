"""Heartbeat speaks in lines, and a refusal is known by its lines: what was said, in which order, and by which stage.

A part of a text that only the machine can fill in stays in braces, as in `{strerror}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from hamodel.errors import ConfigurationError, HamodelError
from hamodel.source import Span


class Version(Enum):
    """The two releases whose behaviour is known exactly."""

    V2_0_8 = "2.0.8"
    V3_0_6 = "3.0.6"


BOTH = frozenset(Version)
ONLY_3 = frozenset({Version.V3_0_6})
NEITHER: frozenset[Version] = frozenset()


class Level(Enum):
    """How the daemon marks a line; STDERR lines never reach a log, CRASH is the end of the process."""

    ERROR = "ERROR"
    WARN = "WARN"
    NOTICE = "notice"
    INFO = "info"
    STDERR = "stderr"
    CRASH = "crash"


class Stage(Enum):
    """How far a start came before it was refused."""

    HA_CF = 1
    AUTHKEYS = 2
    CROSS_CHECKS = 3
    HARESOURCES = 4


@dataclass(frozen=True, slots=True)
class DaemonLine:
    """One line of the daemon, without its time stamp and process id."""

    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.level.value}: {self.text}"


def error(text: str) -> DaemonLine:
    """An ERROR line."""
    return DaemonLine(Level.ERROR, text)


def warn(text: str) -> DaemonLine:
    """A WARN line."""
    return DaemonLine(Level.WARN, text)


def info(text: str) -> DaemonLine:
    """An info line."""
    return DaemonLine(Level.INFO, text)


def stderr(text: str) -> DaemonLine:
    """A text the daemon prints on its standard error only."""
    return DaemonLine(Level.STDERR, text)


SILENT = "heartbeat itself prints nothing about this line, only the closing lines of the refusal"

HA_DIR = {Version.V2_0_8: "/etc/ha.d", Version.V3_0_6: "/etc/ha.d/"}
CLOSING = error("Configuration error, heartbeat not started.")


@dataclass(slots=True)
class Console:
    """What one start of the daemon prints, and the refusals found on the way.

    A crash ends the printing, not the finding.
    """

    version: Version
    lines: list[DaemonLine] = field(default_factory=list)
    errors: list[tuple[Stage, HamodelError]] = field(default_factory=list)
    stage: Stage = Stage.HA_CF
    ended: bool = False

    @property
    def directory(self) -> str:
        """The directory as this version's messages print it, before the slash and the file name."""
        return HA_DIR[self.version]

    def say(self, *lines: DaemonLine) -> None:
        """The daemon prints these lines, unless it has ended before."""
        if not self.ended:
            self.lines.extend(lines)

    def end(self, *lines: DaemonLine) -> None:
        """The last lines of this start."""
        self.say(*lines)
        self.ended = True

    def refuse(
        self,
        kind: type[ConfigurationError],
        message: str,
        *lines: DaemonLine,
        span: Span | None = None,
        label: str = "",
        seen: Sequence[str] = (),
        help: str = "",
    ) -> None:
        """The daemon refuses for this reason, saying `lines`.

        Without lines it refuses silently, and the error says so.
        """
        self.say(*lines)
        heard = tuple(str(line) for line in lines)
        silent = () if lines else (SILENT,)
        self.errors.append(
            (self.stage, kind(message, span=span, label=label, seen=(*seen, *silent), daemon=heard, help=help))
        )

    def refused(self, stage: Stage) -> bool:
        """Whether something was refused in this very stage."""
        return any(where is stage for where, _ in self.errors)
