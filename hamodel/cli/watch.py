"""`hamodel watch`: what happens, by the logs, while it happens."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._language import language_option, speak, speaker
from hamodel.cli.explain import _pairs as pairs

if TYPE_CHECKING:
    from hamodel.cli._hook import Hook
    from hamodel.config.cluster import Cluster
    from hamodel.incident.changes import Event
    from hamodel.incident.facts import Book
    from hamodel.incident.watching import Watching
    from hamodel.logs.following import Follower

EPILOG = """
\b
Examples:
  hamodel watch /var/log/node1/ha-log /var/log/node2/ha-log
  hamodel watch /var/log/messages --config /etc/ha.d --format json
  hamodel watch a.log b.log --node web1=a.log --node web2=b.log
  hamodel watch /var/log/ha-log --exec '/usr/local/bin/page-me --high'
  hamodel watch /var/log/ha-log --exec "sh -c 'mail -s \\"$HAMODEL_TEXT\\" root'"
  hamodel watch node1/ha-log node2/ha-log --until unsafe || halt-the-storage
  hamodel watch node1 node2 --once

\b
What is told:
  One line for each change of what is known: its time by the clock of the node
  that wrote of it, the node, and the lines it rests on. What lies before the
  start is summed up as who has what; with --all it is told as well.
  Give the logs of all nodes: one node alone does not know what another has.

\b
Files may be rotated (renamed or cut), appear later, or end in half a line.
They are asked twice a second. Lines of one node may come 10 s late; danger is
told once it has lasted --settle seconds, because the lines of two nodes do
not arrive together.

\b
--exec CMD is split like a shell's words and run without a shell, once for
each event, one after the other, for at most 60 s. It gets the event as JSON
on its standard input and in HAMODEL_EVENT (told, owner, possible, unsafe,
safe), _TIME, _NODE, _NODES, _RESOURCE, _TEXT, _CAUSE and _LINES.

\b
Exit codes:
  0    --once: nothing unsafe now
  1    --until or --once: unsafe, two nodes certainly have the same resource
  2    usage, or something that cannot be read
  3    --until possible or --once: two nodes may have the same resource; --once:
       lines contradict each other, or a node's log is not here or too short
  70   our own fault, please report
  130  interrupted: how a watch without --until and --once ends
"""


@click.command(epilog=EPILOG)
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--config", "config", type=click.Path(path_type=Path), metavar="DIR",
              help="Where ha.cf and haresources are.")  # fmt: skip
@click.option("--node", "names", multiple=True, metavar="NAME=FILE", help="Whose log a file is, where it does not say.")
@click.option("--year", type=click.IntRange(1970, 9999), help="The year of the first line, if it is not the last one.")
@click.option("--exec", "hook", metavar="CMD", help="Run this for each event that --on names.")
@click.option("--on", type=click.Choice(["unsafe", "possible", "change"]), default="unsafe", show_default=True,
              help="Events for --exec: certain danger, possible too with its end, or all.")  # fmt: skip
@click.option("--until", type=click.Choice(["unsafe", "possible"]), help="End when it becomes so.")
@click.option("--once", is_flag=True, help="Say what is known now and end.")
@click.option("--all", "everything", is_flag=True, help="Tell what happened before the start, too.")
@click.option("--settle", type=click.FloatRange(0, 3600), default=5, show_default=True, metavar="SECONDS",
              help="How long danger must last before it is told.")  # fmt: skip
@click.option("--interval", type=click.FloatRange(0.05, 60), default=0.5, show_default=True, metavar="SECONDS",
              help="How often the files are asked.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@language_option
def command(
    logs: tuple[Path, ...],
    config: Path | None,
    names: tuple[str, ...],
    year: int | None,
    hook: str | None,
    on: str,
    until: str | None,
    once: bool,
    everything: bool,
    settle: float,
    interval: float,
    form: str,
) -> None:
    """Watch the logs of a cluster: one line for each change of what is known.

    A node that falls silent, a medium that is dead, a takeover, who has what, and when two nodes may have, or certainly
    have, the same resource.
    """
    from hamodel.cli._hook import Hook
    from hamodel.incident.watching import Watching
    from hamodel.logs.following import Follower

    if Path("-") in logs:
        raise click.UsageError("watch follows files; `hamodel explain -` reads standard input")
    called = Hook(hook) if hook is not None else None
    given = pairs(names)
    follower = Follower(
        [*logs, *(path for path in given if path not in logs)], {str(path): n for path, n in given.items()}, year=year
    )
    watching = Watching(_configuration(logs, config), settle=round(settle * 1000))
    try:
        code = None
        for events in _rounds(follower, watching, interval=interval, once=once, everything=everything):
            for event in events:
                _tell(event, form)
                _call(called, on, event)
                code = code or _ends(until, event)
            if code:
                break
    finally:
        follower.close()
    click.get_current_context().exit(code or _code(watching))


def _rounds(
    follower: Follower, watching: Watching, *, interval: float, once: bool, everything: bool
) -> Iterator[list[Event]]:
    """The events of each look at the files; the first look takes in all that is there."""
    from hamodel.errors import UnreadableLog

    pull(follower, watching, last=once)
    pull(follower, watching, last=once)
    if once and follower.troubles:
        name, why = next(iter(follower.troubles.items()))
        raise UnreadableLog(f"cannot read {name}: {why}")
    yield watching.look(_now(), past=not everything, at_once=once)
    told: dict[str, str] = {}
    while not once:
        told = _troubles(follower.troubles, told)
        time.sleep(interval)
        pull(follower, watching)
        yield watching.look(_now())


def pull(follower: Follower, watching: Watching, *, last: bool = False) -> None:
    """All new lines, from the files to the watch."""
    begun = follower.begun
    for each in follower.lines(last=last):
        if follower.begun != begun:
            begun = follower.begun
            watching.begin_again()
        watching.add([each])


def _now() -> int:
    return round(time.monotonic() * 1000)


def _troubles(found: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    for name, why in found.items():
        if before.get(name) != why:
            speak(f"waiting for {name}: {why}", err=True)
    for name in before.keys() - found.keys():
        speak(f"following {name}", err=True)
    return found


def _configuration(logs: tuple[Path, ...], config: Path | None) -> Callable[[Book], Cluster | None]:
    """The cluster, read anew only when another release writes the lines."""
    from hamodel.incident.case import configuration

    known: dict[str, Cluster | None] = {}

    def cluster(book: Book) -> Cluster | None:
        said = [fact.get("version") for node in book.nodes for fact in book.facts(node) if fact.key == "hb-version"]
        version = said[-1] if said else ""
        if version not in known:
            known[version], notes = configuration(logs, config, book)
            for note in notes:
                speak(note, err=True)
        return known[version]

    return cluster


def _tell(event: Event, form: str) -> None:
    from hamodel.cli._terminal import colour
    from hamodel.renderers.watch import as_json, text

    click.echo(as_json(event) if form == "json" else text(event, colour=colour(), say=speaker()))
    sys.stdout.flush()


def _call(hook: Hook | None, on: str, event: Event) -> None:
    kinds = {"unsafe": ("unsafe",), "possible": ("unsafe", "possible", "safe")}
    if hook is not None and (on == "change" or event.kind.value in kinds[on]):
        hook.call(event)


def _ends(until: str | None, event: Event) -> int | None:
    from hamodel.cli._codes import INCONCLUSIVE, VIOLATED

    if until is not None and event.kind.value == "unsafe":
        return VIOLATED
    return INCONCLUSIVE if until == "possible" and event.kind.value == "possible" else None


def _code(watching: Watching) -> int:
    """What --once found."""
    from hamodel.cli._codes import HOLDS, INCONCLUSIVE, VIOLATED
    from hamodel.incident.report import Certainty

    report = watching.report
    if report is None or not watching.size or report.contradictions or (watching.level is None and report.unseen):
        return INCONCLUSIVE
    return {None: HOLDS, Certainty.CERTAIN: VIOLATED}.get(watching.level, INCONCLUSIVE)
