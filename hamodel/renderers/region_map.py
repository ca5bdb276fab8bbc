"""A region as a map: the first two open options as its axes, the configuration as a point.

On the terminal one character is one sample; the picture is exact, polygon by polygon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import atan2
from xml.sax.saxutils import escape

from hamodel.ir.linear import Term
from hamodel.ir.polytope import Polytope
from hamodel.ir.region import Atlas, Piece, Region, Safety, Unknown
from hamodel.renderers.language import Say, english
from hamodel.renderers.words import seconds

MARKS = {Safety.SAFE: ".", Safety.UNSAFE: "#", Safety.UNDECIDED: "?", None: " "}
ROWS, LEGEND = 14, "# unsafe   . safe   ? not decided   blank: not allowed   @ your configuration"


def terminal_map(atlas: Atlas, width: int = 80, say: Say = english) -> list[str]:
    """The map in characters; nothing where the first option does not move."""
    across, up = axes(atlas)
    if across.lo == across.hi:
        return []
    moving = up is not None and up.lo < up.hi
    heights = _steps(up, ROWS)[::-1] if up is not None and moving else [None]
    labels = ["" if h is None else seconds(h) for h in heights]
    margin = max(map(len, labels))
    columns = _steps(across, width - margin - 4)
    here = atlas.configuration
    shown = [" " * margin + f"  {up.name}"] if up is not None and moving else []
    for height, label in zip(heights, labels, strict=True):
        values = here if up is None or height is None else {**here, up.name: height}
        marks = [MARKS[atlas.safety({**values, across.name: x})] for x in columns]
        row = up is None or height is None or height == _nearest([h for h in heights if h is not None], up.value)
        if row and atlas.safety(here) is not None:
            marks[columns.index(_nearest(columns, across.value))] = "@"
        shown.append(f"{label:>{margin}} |{''.join(marks)}")
    left, right = seconds(across.lo), seconds(across.hi)
    shown.append(" " * margin + " +" + "-" * len(columns))
    room = len(columns) - len(left) - len(right)
    shown.append(" " * (margin + 2) + left + across.name.center(room)[:room] + right)
    return [*shown, say(LEGEND)]


def axes(atlas: Atlas) -> tuple[Unknown, Unknown | None]:
    """What goes to the right, and what goes up."""
    first, *rest = atlas.varied
    return first, rest[0] if rest else None


def _steps(u: Unknown, many: int) -> list[int]:
    """At most so many values, evenly from the least to the greatest."""
    return list(dict.fromkeys(u.lo + (u.hi - u.lo) * i // max(1, many - 1) for i in range(many)))


def _nearest(values: Sequence[int], wanted: int) -> int:
    return min(values, key=lambda v: abs(v - wanted))


# ---- the picture -----------------------------------------------------------------------------------------------------

WIDE, HIGH, LEFT, TOP, FOOT = 620.0, 380.0, 86.0, 76.0, 92.0
STYLE = """
  svg { --paper: #ffffff; --ink: #1f2933; --soft: #66737f; --safe: #dff0e4; --unsafe: #d9534f; --open: #e8a838; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181d; --ink: #e6ebf0; --soft: #93a1af; --safe: #1d3a2a; --unsafe: #b8433f; --open: #b07d22; } }
  .paper { fill: var(--paper); }
  text { font-family: "Source Sans 3", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: var(--ink);
         font-size: 12px; }
  .title { font-size: 18px; font-weight: 600; }
  .soft { fill: var(--soft); }
  .safe { fill: var(--safe); }
  .unsafe { fill: var(--unsafe); }
  .area.unsafe { fill-opacity: 0.55; }
  .open { fill: var(--open); }
  .area { shape-rendering: crispEdges; }
  .axis { stroke: var(--soft); fill: none; }
  .move { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
  .dot { fill: var(--ink); stroke: var(--paper); stroke-width: 2; }
"""


def render(atlas: Atlas, say: Say = english) -> str:
    """The SVG text."""
    view = _View(atlas, say)
    width, height = LEFT + WIDE + 40, TOP + HIGH + FOOT
    kinds = ", ".join(dict.fromkeys(" and ".join(r.kinds) for r in atlas.regions))
    title = f"{atlas.claim}: {atlas.cluster}"
    about = say(f"when there comes: {kinds}" if kinds else "when nothing comes")
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="12"/>',
        f'<text class="title" x="24" y="34">{escape(title)}</text>',
        f'<text class="soft" x="24" y="54">{escape(_short(about))}</text>',
        *view.areas(),
        *view.frame(),
        *view.moves(),
        *_key(height, say),
    ]
    return "\n".join([*body, "</svg>"]) + "\n"


class _View:
    """From values to places on the paper."""

    def __init__(self, atlas: Atlas, say: Say) -> None:
        self.atlas, self.say = atlas, say
        self.across, self.up = axes(atlas)

    def x(self, value: float) -> float:
        u = self.across
        return LEFT + WIDE * (value - u.lo) / max(1, u.hi - u.lo)

    def y(self, value: float) -> float:
        if self.up is None:
            return TOP + HIGH * (1 - value)
        return TOP + HIGH * (1 - (value - self.up.lo) / max(1, self.up.hi - self.up.lo))

    def areas(self) -> Iterator[str]:
        """What is allowed, then what is unsafe or open, each piece with its conditions to hover over."""
        for region in self.atlas.regions[:1]:
            yield from self.piece(region, Piece((), ()), "safe", self.say("safe"))
        for region in self.atlas.regions:
            who = " and ".join(region.kinds)
            for piece in region.undecided:
                yield from self.piece(region, piece, "open", self.say(f"{who}: not decided: {region.reason}"))
            for piece in region.pieces:
                conditions = " and ".join(piece.conditions) or self.say("always")
                yield from self.piece(region, piece, "unsafe", f"{who}: {conditions}")

    def piece(self, region: Region, piece: Piece, name: str, text: str) -> Iterator[str]:
        paths = [self.path(part) for part in self.parts(region, [*piece.faces, *(w.face for w in region.laws)])]
        if paths:
            yield f'<path class="area {name}" d="{" ".join(paths)}"><title>{escape(text)}</title></path>'

    def parts(self, region: Region, faces: Sequence[Term]) -> Iterator[Polytope]:
        """The polygons of a piece: one for each pair of stretches on which nothing that follows an axis changes."""
        for a, b in _stretches(region, self.across):
            for c, d in _stretches(region, self.up) if self.up is not None else [(0, 1)]:
                values = {**self.atlas.configuration, self.across.name: a}
                if self.up is not None:
                    values[self.up.name] = c
                part: Polytope | None = Polytope.box([(a, b), (c, d)])
                for face in faces:
                    part = part.cut(self.flat(region, face, values)) if part is not None else None
                if part is not None:
                    yield part

    def flat(self, region: Region, face: Term, values: Mapping[str, int]) -> Term:
        """A face over the two axes, everything else at its value."""
        constant, slopes = face[0], [0, 0]
        for name, c, v in zip(region.names, face[1:], region.point(values), strict=True):
            if name == self.across.name:
                slopes[0] += c
            elif self.up is not None and name == self.up.name:
                slopes[1] += c
            else:
                constant += c * v
        return (constant, *slopes)

    def path(self, part: Polytope) -> str:
        points = [(p[1] / p[0], p[2] / p[0]) for p, _ in part.corners]
        places = [(self.x(x), self.y(y)) for x, y in points]
        mx, my = (sum(p[i] for p in places) / len(places) for i in (0, 1))
        places.sort(key=lambda p: (atan2(p[1] - my, p[0] - mx), p))
        return "M " + " L ".join(f"{x:.2f} {y:.2f}" for x, y in places) + " Z"

    def frame(self) -> Iterator[str]:
        yield f'<rect class="axis" x="{LEFT:.1f}" y="{TOP:.1f}" width="{WIDE:.1f}" height="{HIGH:.1f}"/>'
        for value in _ticks(self.across):
            yield _label(self.x(value), TOP + HIGH + 18, seconds(value), "middle", "soft")
        yield (
            f'<text x="{LEFT + WIDE / 2:.1f}" y="{TOP + HIGH + 38:.1f}" text-anchor="middle">'
            f"{escape(self.across.name)}</text>"
        )
        if self.up is None:
            return
        for value in _ticks(self.up):
            yield _label(LEFT - 8, self.y(value) + 4, seconds(value), "end", "soft")
        yield (
            f'<text transform="translate(18 {TOP + HIGH / 2:.1f}) rotate(-90)" text-anchor="middle">'
            f"{escape(self.up.name)}</text>"
        )

    def moves(self) -> Iterator[str]:
        """The configuration, and how far it is to another answer along each axis."""
        here = self.atlas.configuration
        if self.atlas.safety(here) is None:
            return
        x, y = self.x(self.across.value), self.y(self.up.value if self.up is not None else 0.5)
        for name, margin in self.atlas.margin().items():
            for value in (margin.below, margin.above):
                if value is None or name not in (self.across.name, self.up.name if self.up is not None else ""):
                    continue
                to = (self.x(value), y) if name == self.across.name else (x, self.y(value))
                yield f'<path class="move" d="M {x:.1f} {y:.1f} L {to[0]:.1f} {to[1]:.1f}"/>'
                words = seconds(abs(value - here[name]))
                yield f'<text x="{(x + to[0]) / 2 + 5:.1f}" y="{(y + to[1]) / 2 - 6:.1f}">{words}</text>'
        now = ", ".join(f"{n} {seconds(v)}" for n, v in here.items())
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="6"><title>{escape(now)}</title></circle>'


def _stretches(region: Region, axis: Unknown) -> list[tuple[int, int]]:
    """Where nothing that follows this axis changes."""
    cuts = {axis.lo}
    for u in region.unknowns:
        if u.follows is not None and u.follows.source == axis.name:
            cuts |= set(u.follows.changes(axis.lo, axis.hi))
    marks = [*sorted(cuts), axis.hi + 1]
    return [(a, b - 1) for a, b in pairwise(marks)]


def _label(x: float, y: float, text: str, anchor: str, name: str) -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _ticks(u: Unknown) -> list[int]:
    return list(dict.fromkeys(u.lo + (u.hi - u.lo) * i // 4 for i in range(5)))


def _short(text: str) -> str:
    return text if len(text) <= 104 else text[:101] + "..."


def _key(height: float, say: Say) -> Iterator[str]:
    for i, (name, text) in enumerate((("unsafe", "unsafe"), ("safe", "safe"), ("open", "not decided"))):
        x = LEFT + i * 110
        yield f'<rect class="{name}" x="{x:.1f}" y="{height - 34:.1f}" width="14" height="14" rx="3"/>'
        yield f'<text x="{x + 20:.1f}" y="{height - 22:.1f}">{say(text)}</text>'
    x = LEFT + 350
    yield f'<circle class="dot" cx="{x:.1f}" cy="{height - 27:.1f}" r="6"/>'
    yield f'<text x="{x + 13:.1f}" y="{height - 22:.1f}">{say("your configuration")}</text>'
