"""An exhibit is a violation made to be looked at: scenes, logs, clocks, a safe run beside it, choices and questions.

Everything is a plain value, worked out before anybody draws; whoever shows it computes nothing about Heartbeat. Times
are whole ms since the run began, nodes are numbered as in the cluster, steps are counted from 1 and 0 is the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass

from hamodel.ir.report import StoryLine

BROKEN, GOOD, WAITING = 0, 1, 2
"""What a light says: the claim is broken here, it holds, or what it promises is still to come."""


@dataclass(frozen=True, slots=True)
class Item:
    """One resource: the word of haresources, a short name, and whether it is an address, a disk or a service."""

    text: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Light:
    """A property whose truth is shown at every step; `main` is the one the exhibit is about."""

    name: str
    doc: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How everything is in one state, in words."""

    machines: tuple[str, ...]
    """Of each node: dark, booting, idle, killed, waiting, active, paused, asleep."""
    views: tuple[str, ...]
    """What each node believes about its peer: none (its daemon does not run), unknown, up, active, dead."""
    resources: tuple[tuple[str, ...], ...]
    """Of each node, for each resource: stopped, starting, running, stopping."""
    media: tuple[tuple[str, ...], ...]
    """Of each medium, for each receiving node: beats, silent, cut, deaf."""
    notes: tuple[str, ...]
    """Whatever else is out of the ordinary: cables that are cut, watchdogs that count, ping nodes that are silent."""
    lights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Countdown:
    """A timer that runs: since when, and when it ends at the earliest and at the latest; None: nobody knows."""

    key: str
    text: str
    node: int | None
    since: int
    lo: int
    hi: int | None


@dataclass(frozen=True, slots=True)
class Scene:
    """What one step did, and how everything is after it."""

    at: int
    event: str
    kind: str
    """beginning, fault, repair, operator, timer or script."""
    title: str
    story: tuple[StoryLine, ...]
    look: Look
    countdowns: tuple[Countdown, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A message: from which node to which, sent and handled after which steps; None: it was never handled."""

    sender: int
    receiver: int
    sent: int
    handled: int | None
    text: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a log as it stands in the file, and the step it belongs to."""

    step: int
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One run as a row of scenes; with `loop` the scenes after that one repeat for ever."""

    nodes: tuple[str, ...]
    items: tuple[Item, ...]
    media: tuple[str, ...]
    lights: tuple[Light, ...]
    scenes: tuple[Scene, ...]
    arrows: tuple[Arrow, ...]
    logs: tuple[tuple[LogEntry, ...], ...]
    loop: int | None = None
    certified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contrast:
    """The nearest safe run, what is different in it, and from which step on the two runs part."""

    change: str
    strip: Strip
    same: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An event of the game: who brings it about (you, the world, a clock), and its sentence."""

    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One event from a position: which one, where it leads, when at the earliest and the latest, and what is told."""

    choice: int
    target: int
    lo: int
    hi: int | None
    story: int


@dataclass(frozen=True, slots=True)
class Position:
    """A class of the game: how it looks, whether the claim is broken there, whether what follows is in the page."""

    look: int
    broken: bool
    known: bool
    left: int
    """How many faults and commands are left."""
    edges: tuple[Edge, ...]
    never: bool = False
    """Of a promise: without a move of the player its goal may never come from here, though it is owed."""


@dataclass(frozen=True, slots=True)
class Game:
    """A part of the reachable graph, from the state after the first fault on; position 0 is where it begins."""

    after: str
    commands: int
    choices: tuple[Choice, ...]
    looks: tuple[Look, ...]
    stories: tuple[tuple[StoryLine, ...], ...]
    positions: tuple[Position, ...]
    complete: bool
    promise: bool = False
    """Whether it is about a goal that must come, and not about a state that must not."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of the quiz: would it have saved you, why, and how that was checked."""

    text: str
    saves: bool
    reason: str
    how: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """One turn of the plot, and the step of the run that takes it; 0: it takes it before its first step."""

    text: str
    step: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a spec teaches, in one language."""

    language: str
    title: str
    story: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One broken claim with all there is to see."""

    name: str
    doc: str
    faults: str
    length: str
    rests_on: tuple[str, ...]
    strip: Strip
    contrast: Contrast | None = None
    no_contrast: str = ""
    """Why there is no safe run beside it."""
    game: Game | None = None
    no_game: str = ""
    quiz: tuple[Option, ...] = ()
    no_quiz: str = ""
    plot: tuple[Milestone, ...] = ()
    """The course that the check asked for: only runs that take it were looked at."""


@dataclass(frozen=True, slots=True)
class Exhibition:
    """Everything on one page."""

    cluster: str
    heartbeat: str
    version: str
    lessons: tuple[Lesson, ...]
    exhibits: tuple[Exhibit, ...]
