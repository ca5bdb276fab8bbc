"""Who said what to whom, drawn: a line a node, time running downwards, a slanted arrow for each message on its way.

What a node did or noticed stands in a box on its line; a message that nobody handled ends in a cross. The same chart as
text for a forge is `picture.messages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from rich.cells import cell_len

from hamodel.ir.exhibit import Arrow, Scene, Strip
from hamodel.renderers.language import Say, english
from hamodel.renderers.picture.sheet import WIDTH, sheet
from hamodel.renderers.plain import folded
from hamodel.renderers.words import seconds

TOP, LEFT, LINE, STEP, PAD = 84, 110, 15, 22, 8
LETTER, BOLD = 6.6, 7.6
"""How wide a letter is, at most."""
LOST = 0.6
"""How far a message that is never handled comes."""


def render(strip: Strip, title: str, subtitle: str = "", say: Say = english) -> str:
    """The SVG text of one run."""
    plan = _Plan(strip, say)
    plan.lay()
    return sheet(title, subtitle, plan.y + 24, [*plan.lifelines(), *plan.arrows(), *plan.drawn])


@dataclass
class _Plan:
    """Where everything stands: a column a node, and for each message where it leaves and where it comes in."""

    strip: Strip
    say: Say
    y: float = TOP + 34
    drawn: list[str] = field(default_factory=list)
    leaves: dict[int, float] = field(default_factory=dict)
    comes: dict[int, float] = field(default_factory=dict)

    @property
    def room(self) -> float:
        return (WIDTH - LEFT) / len(self.strip.nodes)

    def x(self, node: int) -> float:
        return LEFT + self.room * (node + 0.5)

    def lay(self) -> None:
        """Scene by scene: what comes in, what is told, what is sent."""
        shown = None
        for number, scene in enumerate(self.strip.scenes):
            messages = list(enumerate(self.strip.arrows))
            arriving = [i for i, a in messages if a.handled == number != a.sent]
            leaving = [i for i, a in messages if a.sent == number]
            if not (arriving or leaving or scene.story):
                continue
            if scene.at != shown:
                self.y += 6
                text = seconds(scene.at)
                self.drawn.append(f'<text class="label" x="{LEFT - 28}" y="{self.y + 14:.0f}">{text}</text>')
                shown = scene.at
            for i in arriving:
                self.y += STEP
                self.comes[i] = self.y
            self._told(scene)
            for i in leaving:
                self.y += STEP
                self.leaves[i] = self.y
                if self.strip.arrows[i].handled == number:
                    self.comes[i] = self.y
            self.y += 10

    def _told(self, scene: Scene) -> None:
        for line in scene.story:
            known = line.node in self.strip.nodes
            middle = self.x(self.strip.nodes.index(line.node)) if known else (LEFT + WIDTH) / 2
            rows = folded(self.say(line.text), int((self.room if known else WIDTH - LEFT) / LETTER) - 6, 0)
            letter, cause = (BOLD, " cause") if line.cause else (LETTER, "")
            wide, high = max(map(cell_len, rows)) * letter + 2 * PAD, len(rows) * LINE + PAD
            self.y += 5
            place = f'x="{middle - wide / 2:.1f}" y="{self.y:.1f}" width="{wide:.1f}" height="{high}" rx="5"'
            self.drawn.append(f'<rect class="note{cause}" {place}/>')
            for row, text in enumerate(rows):
                y = self.y + LINE * (row + 1)
                self.drawn.append(f'<text class="told said{cause}" x="{middle:.1f}" y="{y:.1f}">{escape(text)}</text>')
            self.y += high

    def lifelines(self) -> Iterator[str]:
        for number, node in enumerate(self.strip.nodes):
            x = self.x(number)
            yield f'<text class="node told" x="{x:.1f}" y="{TOP + 12}">{escape(node)}</text>'
            yield f'<line class="lifeline" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP + 22}" y2="{self.y:.1f}"/>'

    def arrows(self) -> Iterator[str]:
        for number, arrow in enumerate(self.strip.arrows):
            if number in self.leaves:
                yield from self._arrow(arrow, self.leaves[number], self.comes.get(number))

    def _arrow(self, arrow: Arrow, begin: float, end: float | None) -> Iterator[str]:
        x, target = self.x(arrow.sender), self.x(arrow.receiver)
        lost, side = end is None, 1 if target > x else -1
        if end is None:
            target, end = x + (target - x) * LOST, begin + 8
        tip = target - side * (0 if lost else 2)
        kind = " lost" if lost else ""
        yield f'<line class="message{kind}" x1="{x:.1f}" y1="{begin:.1f}" x2="{tip:.1f}" y2="{end:.1f}"/>'
        if lost:
            yield f'<path class="message cross" d="M{tip - 5:.1f} {end - 5:.1f} l10 10 m0 -10 l-10 10"/>'
        else:
            yield f'<path class="head" d="M{tip:.1f} {end:.1f} l{-9 * side} -4 l0 8 z"/>'
        anchor = "start" if side > 0 else "end"
        place = f'x="{x + 10 * side:.1f}" y="{begin - 5:.1f}" text-anchor="{anchor}"'
        yield f'<text class="says" {place}>{escape(self.say(arrow.text))}</text>'
