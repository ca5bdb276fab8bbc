"""`hamodel walk`: a cluster step by step, by hand."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, Read, change_options, paths_argument, spec_of
from hamodel.cli._language import language_option, speak, speaker
from hamodel.errors import CannotReplay, EngineLimit, EngineUnavailable, FileUnreadable

if TYPE_CHECKING:
    from rich.text import Text

    from hamodel.checking.case import Case
    from hamodel.cli._walkview import View
    from hamodel.ir.expr import Expr
    from hamodel.ir.state import State
    from hamodel.lifecycle import Walk

EPILOG = """
\b
While walking:
  NUMBER or NAME   take that event; `3 @ 210` takes it 210 s after the beginning
  u                undo            r   take any of them
  s FILE           save            p DIR   save as a spec
  ?                this list       q   quit

\b
Examples:
  hamodel walk specs/01-webdata
  hamodel walk specs/01-webdata --events "kill[node1],peer_fell_silent[node2]"
  hamodel walk /etc/ha.d --random 50 --seed 7 --save walk.json
"""
LONGEST_START = 2_000


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--from", "begin", type=click.Choice(["steady", "boot"]), help="Where to begin (default: as the spec).")
@click.option("--events", metavar="A,B,...", help="Take these events and stop; NAME@SECONDS sets a time.")
@click.option("--random", "steps", type=click.IntRange(0), metavar="N", help="Then take N events by chance and stop.")
@click.option("--seed", type=int, default=0, show_default=True, help="For --random and `r`: same seed, same walk.")
@click.option("--save", type=click.Path(path_type=Path, dir_okay=False), help="Write the walk here at the end.")
@click.option("--logs", is_flag=True, help="Show the log lines of each step.")
@click.option(
    "--ui/--plain", "ui", default=None, help="A full-screen program, or line by line (default: what there is)."
)
@click.option("--brief", is_flag=True, help="Of the events given or drawn show only what happens.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    begin: str | None,
    events: str | None,
    steps: int | None,
    seed: int,
    save: Path | None,
    logs: bool,
    ui: bool | None,
    brief: bool,
) -> None:
    """Walk through a cluster by hand: only what can really happen next is offered, and when.

    Times stay open: each event may have come at any moment that the walk leaves possible. A saved walk is a trace that
    `hamodel replay` goes through again. On a terminal it is a full-screen program (extra `tui`), with keys for back,
    forward and saving the walk as a spec; `--plain` goes line by line.
    """
    from hamodel.checking.of_spec import case_of

    with spec_of(paths, changes) as read:
        case = case_of(read.spec)
    start = begin or case.start
    session = Session(case, read, start, seed, logs)
    if events is not None or steps is not None:
        for text in _listed(events or ""):
            session.take(text)
            session.show(short=brief)
        for _ in range(steps or 0):
            if not session.by_chance():
                break
            session.show(short=brief)
        if not session.walk.names or brief:
            session.show()
    elif _full_screen(ui):
        from hamodel.cli._walkui import Walking

        Walking(session).run()
    else:
        session.show()
        for line in _typed():
            if not session.obey(line):
                break
    if save is not None:
        session.save(save)


def _full_screen(wanted: bool | None) -> bool:
    """Whether the full-screen program runs: where it was asked for, or where there are a terminal and its library."""
    from importlib.util import find_spec

    there = find_spec("textual") is not None
    if wanted and not there:
        help = 'pip install "hamodel[tui]", or go line by line with --plain'
        raise EngineUnavailable("textual, which draws the full-screen walk, is not installed", help=help)
    return there and sys.stdin.isatty() and sys.stdout.isatty() if wanted is None else wanted


def _listed(events: str) -> list[str]:
    """Names separated by commas; those inside brackets belong to the name."""
    return [e.strip() for e in re.split(r",(?![^\[]*\])", events) if e.strip()]


def _typed() -> Iterator[str]:
    """Commands from a terminal with a prompt, or from a pipe without."""
    while True:
        if sys.stdin.isatty():
            click.echo("> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


class Session:
    """A walk and the one who walks."""

    def __init__(self, case: Case, read: Read, start: str, seed: int, logs: bool) -> None:
        from rich.console import Console

        from hamodel.cli._terminal import colour, width
        from hamodel.lifecycle import Walk

        self.case, self.read, self.start = case, read, start
        self.system = case.system
        self.chance = random.Random(seed)
        self.walk: Walk = Walk(self.system, steady(case) if start == "steady" else None)
        self.view = _view(case, width(), logs)
        self.console = Console(
            file=sys.stdout, width=width(), highlight=False, markup=False, soft_wrap=False, force_terminal=colour(),
            color_system="standard" if colour() else None,
        )  # fmt: skip

    def show(self, short: bool = False) -> None:
        """Where the walk stands."""
        self._print(self.view.step(self.walk))
        if short:
            return
        offers = self.walk.offers()
        self._print(self.view.how(self.walk, self.walk.before()))
        self._print(self.view.offers(self.walk, offers))
        self._print(self.view.waiting(self.walk, offers))
        self.console.print()

    def _print(self, lines: list[Text]) -> None:
        for line in lines:
            self.console.print(line, overflow="fold")

    def obey(self, line: str) -> bool:
        """One command; False when it was the last."""
        word, _, rest = line.partition(" ")
        if word in ("q", "quit", "exit"):
            return False
        try:
            if word in ("u", "undo"):
                if not self.walk.undo():
                    speak("this is the beginning")
                    return True
            elif word in ("r", "random"):
                self.by_chance()
            elif word in ("s", "save"):
                self.save(Path(rest.strip() or "walk.json"))
                return True
            elif word in ("p", "spec"):
                click.echo(self.save_spec(Path(rest.strip() or "my-spec")))
                return True
            elif word in ("?", "h", "help"):
                click.echo(EPILOG.replace("\b\n", "").split("Examples")[0].strip())
                return True
            else:
                self.take(line)
        except (CannotReplay, FileUnreadable) as error:
            speak(error.message)
            return True
        self.show()
        return True

    def take(self, text: str) -> None:
        """An event by its number or name, with `@ SECONDS` at that time."""
        match = re.fullmatch(r"(.+?)\s*(?:@\s*(\d+(?:\.\d{1,3})?)\s*s?)?", text)
        assert match is not None
        name = match[1]
        at = None if match[2] is None else round(float(match[2]) * 1000)
        if name.isdecimal():
            offers = self.walk.offers()
            if not 1 <= int(name) <= len(offers):
                raise CannotReplay(f"there is no event {name} in the list")
            name = offers[int(name) - 1].action.name
        self.take_named(name, at)

    def take_named(self, name: str, at: int | None = None) -> None:
        """In a steady state nothing measures the time, so it begins with the first event."""
        if at is None and self.start == "steady" and not self.walk.names:
            at = 0
        self.walk.take(name, at)

    def by_chance(self) -> bool:
        offers = self.walk.offers()
        if offers:
            self.take_named(self.chance.choice(offers).action.name)
        return bool(offers)

    def save(self, target: Path) -> None:
        """Write the trace and say so."""
        click.echo(self.save_trace(target))

    def save_spec(self, folder: Path) -> str:
        """Write the walk as a spec; what was written, in words."""
        from hamodel.checking.as_spec import write_spec

        about = f"A walk through {self.read.spec.title or self.read.spec.name}"
        write_spec(folder, self.read.material, self.system, self.walk.names, about)
        return f"{folder}: hamodel check {folder}"

    def save_trace(self, target: Path) -> str:
        """Write the walk in the form of a kept trace; what was written, in words."""
        from hamodel.checking.kept import FORMAT
        from hamodel.checking.material import without_secrets

        shown = without_secrets(self.read.material)
        record = {
            "format": FORMAT, "property": "", "claim": "a walk by hand", "heartbeat": self.case.heartbeat,
            "start": self.start, "faults": {}, "story": [],
            "events": [{"at_ms": step.at, "name": step.action} for step in self.walk.trace().steps],
            "loop": None, "overrides": self.read.overrides, "paths": list(shown.paths),
            "files": dict(sorted(shown.files.items())),
        }  # fmt: skip
        target.write_text(json.dumps(record, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
        return speaker()(f"{len(self.walk.names)} events in {target}")


def steady(case: Case) -> State:
    """The state in which the cluster comes to rest after an undisturbed start, every event as early as can be."""
    from hamodel.lifecycle import Walk

    walk = Walk(case.system.with_enabled(frozenset()))
    for _ in range(LONGEST_START):
        offers = walk.offers()
        if not offers:
            return walk.state
        walk.take(min(offers, key=lambda o: o.earliest).action.name)
    raise EngineLimit("the cluster does not come to rest after its start", help="walk `--from boot`")


def _view(case: Case, width: int, logs: bool) -> View:
    from hamodel.checking.examine import cast_of
    from hamodel.cli._charts import controls_of
    from hamodel.cli._walkview import View

    cast = cast_of(case)
    return View(
        case.system, controls_of(case), (cast.nodes[0], cast.nodes[1]), cast, _lights(case), width, logs, speaker()
    )


def _lights(case: Case) -> list[tuple[str, Expr]]:
    """The shipped properties that a single state can break."""
    from hamodel.ir.property import PropertyKind
    from hamodel.properties.bind import bind
    from hamodel.properties.loader import load

    bounds = [bind(d, case.system, case.layout) for d in load() if d.kind is PropertyKind.ALWAYS]
    return [(b.name, p.formula) for b in bounds if not b.skipped and not b.memories for p in b.properties]
