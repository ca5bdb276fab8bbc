"""A run becomes a row of scenes: what each step did, how everything is after it, which clocks run, what is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hamodel.checking.examine import cast_of
from hamodel.checking.exhibits.follow import Followed, lights_along
from hamodel.checking.exhibits.look import Eye
from hamodel.checking.exhibits.messages import arrows
from hamodel.ir.constraints import Clock
from hamodel.ir.exhibit import Countdown, LogEntry, Scene, Strip
from hamodel.ir.report import StoryLine
from hamodel.ir.system import Action, Kind, System
from hamodel.ir.trace import Step, Trace
from hamodel.lifecycle.wording import split
from hamodel.logs.style import BEGIN
from hamodel.renderers.halog import NodeLog, hosts_of, lines_by_step
from hamodel.renderers.story import Cast, tell

CLOCKS = {
    "silence": "deadtime: until {0} declares {1} dead",
    "first_wait": "initdead: until {0} gives {1} up",
    "fires": "watchdog: until {0} is reset",
    "shot": "fencing: until {1} is reset",
    "miss": "fencing: until the attempt has failed",
    "retry": "fencing: until it is tried again",
    "deadline": "standby: until no answer comes",
    "hear": "heartbeat: until the next of {1} comes",
    "heal": "restart: until heartbeat restarts after the partition",
    "wake": "start: until heartbeat starts on {0}",
    "step_ends": "script: until the resource script on {0} ends",
    "last_phases": "stop: until the daemon of {0} has ended",
    "give_up_delay": "ipfail: until the resources are given up",
    "failback_retry": "failback: until it is tried again",
    "ping_silence": "deadping: until the ping node is declared dead",
    "link_silence": "link: until it is declared dead on {0}",
    "hour": "an hour: then it is tried again",
    "emergency": "an hour: then heartbeat is killed on {0}",
}
"""Timers worth watching: a short name and what ends; {0} is the node they belong to, {1} its peer."""
PEER_FIRST = ("ping_silence",)
"""Timers whose node is the second of their places."""
MOST_OF_A_KIND = 2


def strip(eye: Eye, followed: Followed) -> Strip:
    """The whole run, ready to be drawn."""
    system, trace = followed.system, followed.trace
    lights = lights_along(followed)
    clocks = list(_clocks(followed))
    cast = cast_of(eye.case)
    begin = Scene(
        0, "", "beginning", "the beginning", (), eye.look(system, trace.initial, lights[0]),
        _countdowns(eye, system, clocks[0], (0,)),
    )  # fmt: skip
    scenes = [begin]
    moments = [0]
    for number, step in enumerate(trace.steps, 1):
        moments.append(step.at or 0)
        action = system.actions[system.action_index[step.action]]
        scenes.append(
            Scene(
                step.at or 0, step.action, action.kind.value, title(action), told(system, step, cast),
                eye.look(system, step.state, lights[number]), _countdowns(eye, system, clocks[number], moments),
            )
        )  # fmt: skip
    return Strip(
        eye.nodes, eye.items, tuple(name for name, _ in eye.media), followed.seen.lights, tuple(scenes),
        arrows(system, trace, eye.nodes), _logs(eye, trace), trace.loop, followed.certified,
    )  # fmt: skip


def title(action: Action) -> str:
    """An event as a person would say it."""
    if action.text:
        return action.text
    base, places = split(action.name)
    return base.replace("_", " ") + (f" ({', '.join(places)})" if places else "")


def told(system: System, step: Step, cast: Cast) -> tuple[StoryLine, ...]:
    """The sentences of one step; where it has no others, that of its event."""
    found = tell(system, Trace(system.name, step.state, (replace(step, at=step.at or 0),)), cast)
    kept = tuple(line for line in found if line.node or line.cause)
    return tuple(StoryLine(step.at, line.node, line.text, line.cause) for line in kept)


def causes(system: System, names: Sequence[str]) -> list[int]:
    """Which of these events (from 0) do not come from a clock: faults, repairs, commands."""
    return [i for i, n in enumerate(names) if system.actions[system.action_index[n]].kind is not Kind.TIMER]


def _clocks(followed: Followed) -> Iterator[dict[str, Clock]]:
    """The clocks that run at the beginning and after each step."""
    run = followed.run
    yield {t: Clock(c.since, c.lo, list(c.deadlines)) for t, c in run.clocks.items()}
    for name in followed.trace.names():
        run.step(name)
        yield {t: Clock(c.since, c.lo, list(c.deadlines)) for t, c in run.clocks.items()}


def _countdowns(eye: Eye, system: System, clocks: dict[str, Clock], moments: Sequence[int]) -> tuple[Countdown, ...]:
    """The clocks worth watching, in the order of the list; of many of one kind on one node only the first few."""
    now = moments[-1]
    found: list[Countdown] = []
    for base, text in CLOCKS.items():
        counted: dict[int | None, int] = {}
        for timer, clock in clocks.items():
            name, places = _places(timer)
            if name != base:
                continue
            node = places[1 if base in PEER_FIRST else 0] if places else None
            counted[node] = counted.get(node, 0) + 1
            if counted[node] > MOST_OF_A_KIND:
                continue
            far = system.timers[system.timer_index[timer]].far
            since = moments[clock.since]
            hi = None if far or not clock.deadlines else min(moments[i] + most for i, most in clock.deadlines)
            names = ("", "") if node is None else (eye.nodes[node], eye.nodes[1 - node])
            found.append(Countdown(timer, text.format(*names), node, since, max(now, since + clock.lo), hi))
    return tuple(found)


def _places(timer: str) -> tuple[str, tuple[int, ...]]:
    base, places = split(timer)
    return base, tuple(int(p) for p in places) if all(p.isdecimal() for p in places) else ()


def _logs(eye: Eye, trace: Trace) -> tuple[tuple[LogEntry, ...], ...]:
    """ha-log of both nodes, as it stands in the file."""
    first, second = hosts_of([eye.spec.cluster.per_node[name] for name in eye.spec.pair])
    version = eye.spec.cluster.version.value
    hosts = (replace(first, version=version), replace(second, version=version))
    found = []
    for host, lines in zip(hosts, lines_by_step(trace, hosts), strict=True):
        texts = NodeLog(host, lines, BEGIN).texts()
        found.append(tuple(LogEntry(said.step, said.level, text) for said, text in zip(lines, texts, strict=True)))
    return tuple(found)
