"""A run as bars: for how long something was as it was, and where two bars should not be at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from hamodel.ir.exhibit import Strip
from hamodel.renderers.language import Say, english

RUNS = frozenset({"starting", "running", "stopping"})
"""A resource is on a machine from the begin of its start to the end of its stop."""
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another, in ms since the run began."""

    begin: int
    end: int
    what: str


def end_of(strip: Strip) -> int:
    """The moment at which the picture ends: a little after the last scene, so that one sees how it is then."""
    last = strip.scenes[-1].at
    return last + max(1_000, last // 20)


def begin_of(strip: Strip) -> int:
    """The moment at which the picture begins: a little before the first event, so that one sees how it was."""
    first = min((scene.at for scene in strip.scenes[1:]), default=0)
    return first - max(500, (end_of(strip) - first) // 16)


def spans(strip: Strip, look: Callable[[int], str]) -> tuple[Span, ...]:
    """What `look` says of each scene, as the spans in which it stays the same; empty text is no span."""
    found: list[Span] = []
    ends = [scene.at for scene in strip.scenes[1:]] + [end_of(strip)]
    for number, (scene, end) in enumerate(zip(strip.scenes, ends, strict=True)):
        what = look(number)
        since = scene.at if number else begin_of(strip)
        if found and found[-1].what == what and found[-1].end == scene.at:
            found[-1] = Span(found[-1].begin, end, what)
        elif end > since:
            found.append(Span(since, end, what))
    return tuple(span for span in found if span.what)


def resource(strip: Strip, node: int, item: int) -> tuple[Span, ...]:
    """How a resource is on a node; nothing while it is stopped there."""
    return spans(strip, lambda n: _there(strip.scenes[n].look.resources[node][item]))


def _there(word: str) -> str:
    return word if word in RUNS else ""


def twice(strip: Strip, item: int) -> tuple[Span, ...]:
    """When the resource was running on more than one node."""

    def look(number: int) -> str:
        nodes = [words[item] for words in strip.scenes[number].look.resources]
        return "twice" if nodes.count("running") > 1 else ""

    return spans(strip, look)


def machine(strip: Strip, node: int) -> tuple[Span, ...]:
    """The life of a machine and its daemon."""
    return spans(strip, lambda n: strip.scenes[n].look.machines[node])


def medium(strip: Strip, number: int) -> tuple[Span, ...]:
    """A heartbeat medium: the worst that either end hears of it."""

    def look(scene: int) -> str:
        words = strip.scenes[scene].look.media[number]
        return next((word for word in ("cut", "deaf", "silent") if word in words), "beats")

    return spans(strip, look)


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered moment with its sentence; a cause is what happened to the cluster, not what it did."""

    number: int
    at: int
    text: str
    cause: bool


def marks(strip: Strip, say: Say = english) -> Iterator[Mark]:
    """Every sentence of the story with its number."""
    number = 0
    for scene in strip.scenes[1:]:
        for line in scene.story:
            number += 1
            yield Mark(number, scene.at, f"{line.node} {say(line.text)}".strip(), line.cause)
