"""Who owned what when: one lane a node, a bar for each resource, media that break, and where two bars must not be.

The picture is SVG that opens anywhere, light or dark as its reader likes; `picture.png` makes slides of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from rich.cells import cell_len, set_cell_size

from hamodel.ir.exhibit import Strip
from hamodel.renderers.language import Say, english
from hamodel.renderers.picture import spans as s
from hamodel.renderers.picture.sheet import WIDTH, sheet
from hamodel.renderers.words import mode, seconds

LEFT, RIGHT, TOP = 190, 24, 92
ROW, GAP, LINE = 26, 16, 19
PLOT = WIDTH - LEFT - RIGHT
NEAR = 16
"""Marks that would be closer than so many units share one number."""
TICKS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000)


def render(strip: Strip, title: str, subtitle: str = "", say: Say = english) -> str:
    """The SVG text of one run."""
    return _Plan(strip, say).svg(title, subtitle)


class _Plan:
    """Where everything stands: x by time, y row by row."""

    def __init__(self, strip: Strip, say: Say) -> None:
        self.strip, self.begin, self.end = strip, s.begin_of(strip), s.end_of(strip)
        self.y, self.say = float(TOP), say

    def x(self, at: int) -> float:
        return LEFT + PLOT * max(0, at - self.begin) / max(1, self.end - self.begin)

    def svg(self, title: str, subtitle: str) -> str:
        rows = list(self._rows())
        bottom = self.y
        marked = list(s.marks(self.strip, self.say))
        body = [*self._axis(bottom), *rows, *self._marks(marked, bottom), *self._legend(marked)]
        return sheet(title, subtitle, self.y + 20, body)

    def _rows(self) -> Iterator[str]:
        strip = self.strip
        for number, node in enumerate(strip.nodes):
            yield f'<text class="node" x="24" y="{self.y + 17:.0f}">{escape(node)}</text>'
            yield from self._bars("", (("life", span) for span in s.machine(strip, number)), told=True)
            for item, thing in enumerate(strip.items):
                yield from self._bars(thing.label, ((span.what, span) for span in s.resource(strip, number, item)))
            self.y += GAP
        for item, thing in enumerate(strip.items):
            both = s.twice(strip, item)
            if both:
                yield from self._bars(self.say(f"{thing.label} twice"), (("twice", span) for span in both), length=True)
        for number, name in enumerate(strip.media):
            spans = s.medium(strip, number)
            yield from self._bars(self.say(f"heartbeats {name}"), ((span.what, span) for span in spans), told=True)
        self.y += GAP

    def _bars(
        self, label: str, bars: Iterable[tuple[str, s.Span]], told: bool = False, length: bool = False
    ) -> Iterator[str]:
        """One row: its name, and a bar for each span in the class of what it is."""
        if label:
            yield f'<text class="label" x="{LEFT - 12}" y="{self.y + 17:.0f}">{escape(_short(label, 26))}</text>'
        for kind, span in bars:
            x, wide = self.x(span.begin), self.x(span.end) - self.x(span.begin)
            if wide <= 0:
                continue
            what = f"{label} {mode(span.what, self.say)}".strip()
            about = f"{what}{self.say(', ')}{self.say(f'{seconds(span.begin)} to {seconds(span.end)}')}"
            yield (
                f'<rect class="bar {kind} {span.what}" x="{x:.1f}" y="{self.y + 3:.0f}" width="{max(1.5, wide):.1f}" '
                f'height="{ROW - 7}" rx="3"><title>{escape(about)}</title></rect>'
            )
            text = seconds(span.end - span.begin) if length else mode(span.what, self.say) if told else ""
            if text and wide > 7 * cell_len(text) + 8:
                yield f'<text class="in {kind} {span.what}" x="{x + 6:.1f}" y="{self.y + 17:.0f}">{escape(text)}</text>'
        self.y += ROW

    def _axis(self, bottom: float) -> Iterator[str]:
        whole = self.end - self.begin
        step = next((tick for tick in TICKS if whole / tick <= 12), TICKS[-1])
        for at in range(-(-self.begin // step) * step, self.end + 1, step):
            x = self.x(at)
            yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom - 8:.0f}"/>'
            yield f'<text class="tick" x="{x:.1f}" y="{bottom + 6:.0f}">{seconds(at)}</text>'
        self.y = bottom + 30

    def _marks(self, marked: list[s.Mark], bottom: float) -> Iterator[str]:
        """Numbers at the top; those too close to be told apart share a place."""
        places: list[list[s.Mark]] = []
        for mark in marked:
            if places and self.x(mark.at) - self.x(places[-1][0].at) < NEAR:
                places[-1].append(mark)
            else:
                places.append([mark])
        for number, place in enumerate(places):
            x = self.x(place[0].at)
            cause = " cause" if any(mark.cause for mark in place) else ""
            y = 70 + 13 * (number % 2) if len(places) > 1 and _crowded(places, number, self) else 76
            first, last = place[0].number, place[-1].number
            text = str(first) if first == last else f"{first}-{last}"
            yield f'<line class="mark{cause}" x1="{x:.1f}" x2="{x:.1f}" y1="{y + 4}" y2="{bottom - 8:.0f}"/>'
            yield f'<text class="number{cause}" x="{x:.1f}" y="{y}">{text}</text>'

    def _legend(self, marked: list[s.Mark]) -> Iterator[str]:
        half = -(-len(marked) // 2) if len(marked) > 8 else len(marked)
        top = self.y
        for index, mark in enumerate(marked):
            column, row = divmod(index, half) if half else (0, 0)
            x, y = column * (WIDTH - 24) / 2, top + LINE * row + 12
            style = "said cause" if mark.cause else "said"
            cells = (
                (28, "end", str(mark.number)),
                (98, "end", seconds(mark.at)),
                (110, "start", _short(mark.text, 110 if half == len(marked) else 58)),
            )
            for offset, anchor, text in cells:
                place = f'x="{x + offset:.0f}" y="{y:.0f}" text-anchor="{anchor}"'
                yield f'<text class="{style}" {place}>{escape(text)}</text>'
        self.y = top + LINE * half


def _crowded(places: list[list[s.Mark]], number: int, plan: _Plan) -> bool:
    """Whether the number beside it would touch this one."""
    x = [plan.x(place[0].at) for place in places]
    around = [abs(x[number] - x[other]) for other in (number - 1, number + 1) if 0 <= other < len(x)]
    return min(around, default=100.0) < 2.2 * NEAR


def _short(text: str, room: int) -> str:
    return text if cell_len(text) <= room else set_cell_size(text, room - 1).rstrip() + "…"
