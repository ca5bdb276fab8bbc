"""What somebody who walks sees at each point: what just happened, how everything is, and what can be next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from hamodel.ir.compose import BUDGET
from hamodel.ir.expr import Expr
from hamodel.ir.semantics import evaluate
from hamodel.ir.system import Kind
from hamodel.ir.trace import LogLine, Step, Trace
from hamodel.lifecycle import Control, Offer, Walk
from hamodel.lifecycle.wording import split
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import padded
from hamodel.renderers.story import Cast, tell
from hamodel.renderers.words import mode

if TYPE_CHECKING:
    from hamodel.ir.system import Action, System

REST = {
    "script": "none",
    "shutdown": "none",
    "stonith": "idle",
    "watchdog": "off",
    "ipfail": "content",
    "client": "none",
}
"""Modes in which a thing is not worth a row while it is so on both nodes."""
USUAL = {"cable": "plugged", "target": "answering"}
ROWS = {
    "node": "machine", "view": "sees the peer", "ping": "sees", "protocol": "resource state", "claims": "claims",
    "standby": "standby", "ipfail": "ipfail", "watchdog": "watchdog", "stonith": "fencing", "shutdown": "shutdown",
    "script": "script", "client": "client", "resource": "",
}  # fmt: skip
COLOURS = {Kind.FAULT: "red", Kind.REPAIR: "green", Kind.OPERATOR: "blue", Kind.TIMER: "", Kind.SCRIPT: ""}
WORDS = {Kind.FAULT: "fault", Kind.REPAIR: "repair", Kind.OPERATOR: "command", Kind.TIMER: "", Kind.SCRIPT: ""}
FIRST, COLUMN = 30, 22


@dataclass(frozen=True)
class View:
    """The names and questions of one cluster; every method is a screenful of lines."""

    system: System
    controls: Sequence[Control]
    nodes: tuple[str, str]
    cast: Cast
    lights: Sequence[tuple[str, Expr]] = ()
    width: int = 80
    logs: bool = False
    say: Say = english

    def step(self, walk: Walk) -> list[Text]:
        """The event that was taken last, its story, and with `logs` every line of it."""
        if not walk.names:
            return [Text(self.say("at the beginning"), style="bold")]
        name = walk.names[-1]
        action = self.system.actions[self.system.action_index[name]]
        when = span(*walk.now())
        head = Text(
            self.say(f"event {len(walk.names)}:") + f" {self.said(action)}",
            style=f"bold {COLOURS[action.kind]}".strip(),
        )
        head.append(f"   {self.say(f'at {when}')}", style="not bold dim")
        step = Step(name, None, walk.state, walk.logs)
        told = [t for t in tell(self.system, Trace(self.system.name, walk.state, (step,)), self.cast) if t.node]
        lines = [head, *(Text(f"  {t.node} {self.say(t.text)}") for t in told)]
        if self.logs:
            lines += [Text(f"  {self._log(line)}", style="dim") for line in walk.logs]
        return lines

    def _log(self, line: LogLine) -> str:
        fields = " ".join(f"{k}={v}" for k, v in line.fields)
        return f"{self.nodes[line.node] if line.node < len(self.nodes) else line.node}: {line.key} {fields}".rstrip()

    def how(self, walk: Walk, before: Walk | None = None) -> list[Text]:
        """Everything in its mode, what has just changed marked with a star."""
        old = self._modes(before) if before is not None else self._modes(walk)
        new = self._modes(walk)
        lines = [Text(" " * FIRST + "".join(f"{n:<{COLUMN}}" for n in self.nodes), style="dim")]
        rows: dict[tuple[str, str], dict[str, Control]] = {}
        for control in self.controls:
            node = next((n for n in self.nodes if n in control.labels), None)
            if node is not None:
                rest = " ".join(label for label in control.labels if label != node)
                rows.setdefault((control.kind, rest), {})[node] = control
        for (kind, rest), by_node in rows.items():
            names = [c.name for c in by_node.values()]
            if all(new[n] == old[n] == REST.get(kind) for n in names):
                continue
            row = _short(f"{self.say(ROWS.get(kind, kind))} {rest}".strip(), FIRST - 1)
            line = Text(padded(row, FIRST))
            for node in self.nodes:
                name = by_node[node].name if node in by_node else ""
                changed = name != "" and new[name] != old[name]
                word = ("*" if changed else "") + mode(new.get(name, ""), self.say)
                line.append(padded(word, COLUMN), style="bold" if changed else "")
            lines.append(line)
        lines += [
            Text(f"{self.say(c.title)}: {mode(new[c.name], self.say)}", style="bold")
            for c in self.controls
            if c.kind in USUAL and (new[c.name] != USUAL[c.kind] or new[c.name] != old[c.name])
        ]
        return [*lines, *self._lights(walk)]

    def _modes(self, walk: Walk) -> dict[str, str]:
        return {c.name: c.mode(self.system, walk.state) for c in self.controls}

    def _lights(self, walk: Walk) -> list[Text]:
        if not self.lights:
            return []
        broken = [name for name, formula in self.lights if not evaluate(self.system, walk.state, formula)]
        good = len(self.lights) - len(broken)
        line = Text(padded(self.say("properties"), FIRST) + self.say(f"{good} hold here"))
        return [line, *(Text(f"{'':<{FIRST}}{self.say(f'{name} is BROKEN')}", style="bold red") for name in broken)]

    def offers(self, walk: Walk, offers: Sequence[Offer]) -> list[Text]:
        """The numbered list of what can be next, and when, counted from the last event."""
        if not offers:
            return [Text(self.say("nothing can happen any more"))]
        lines = [Text(self.say("next") + self.say(self._left(walk)), style="dim")]
        for number, offer in enumerate(offers, 1):
            word = WORDS[offer.action.kind]
            when = span(offer.after, offer.within)
            if offer.action.timer is not None:
                when = self.say(f"in {when}")
            else:
                when = self.say("at any time" if offer.within is None else f"within {seconds(offer.within)}")
            said = f"{number:>3}  {self.say(word) + self.say(': ') if word else ''}{self.said(offer.action)}"
            room = self.width - cell_len(when) - 2
            line = Text(padded(_short(said, room), room), style=COLOURS[offer.action.kind])
            lines.append(line.append(f"  {when}", "dim"))
        return lines

    def _left(self, walk: Walk) -> str:
        if BUDGET not in self.system.variable_index:
            return ""
        left = walk.state.value(self.system, BUDGET)
        if left == 0:
            return " (no more faults or commands)"
        return f" (at most {left} more {'fault or command' if left == 1 else 'faults or commands'})"

    def waiting(self, walk: Walk, offers: Sequence[Offer]) -> list[Text]:
        """Clocks that run but cannot be the first to end."""
        known = {o.action.timer for o in offers}
        ends = {a.timer: a for a in self.system.actions if a.timer is not None}
        lines = []
        for timer, lo, hi in walk.clocks():
            if timer not in known and timer in ends:
                when = self.say(f"in {span(lo, hi) if hi is not None else 'an hour'}")
                room = self.width - cell_len(when) - 2
                what = _short(f"     {self.say('later: ')}{self.said(ends[timer])}", room)
                lines.append(Text(f"{padded(what, room)}  {when}", "dim"))
        return lines

    def said(self, action: Action) -> str:
        """An event as a person would say it: its own sentence, or its rule in words and where it happens."""
        if action.text:
            return self.say(action.text)
        base, places = split(action.name)
        on = f" ({', '.join(places)})" if places else ""
        return self.say(base.replace("_", " ")) + on


def seconds(ms: int) -> str:
    """A duration with all its milliseconds and no more.

    >>> seconds(28_250), seconds(0)
    ('28.25 s', '0 s')
    """
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".") + " s"


def span(lo: int, hi: int | None) -> str:
    """An interval of time.

    >>> span(2_000, 2_250), span(0, None), span(5, 5)
    ('2 .. 2.25 s', '0 s or later', '0.005 s')
    """
    if hi is None:
        return f"{seconds(lo)} or later"
    return seconds(lo) if lo == hi else f"{seconds(lo)[:-2]} .. {seconds(hi)}"


def _short(text: str, room: int) -> str:
    return text if cell_len(text) <= room else set_cell_size(text, max(1, room - 1)).rstrip() + "…"
