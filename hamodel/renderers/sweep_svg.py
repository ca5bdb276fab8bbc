"""A sweep as a picture: a square for each point, one panel for each property and each choice of the other options."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from xml.sax.saxutils import escape

from hamodel.ir.sweep import Mark, Sweep
from hamodel.renderers.issues import clean

COLOURS = {
    Mark.HOLDS: "#4daf7c", Mark.VIOLATED: "#d1495b", Mark.OPEN: "#edae49", Mark.VACUOUS: "#b8a1d1",
    Mark.REFUSED: "#c8ccd0", Mark.FAILED: "#222222", Mark.MISSING: "#ffffff",
}  # fmt: skip
CELL, GAP, LINE = 22, 26, 16


def render(sweep: Sweep) -> str:
    """One file that opens without a network."""
    order = sorted(range(len(sweep.axes)), key=lambda i: (-len(sweep.axes[i].values), i))
    across, up, rest = order[0], order[1] if len(order) > 1 else None, order[2:]
    columns = sweep.axes[across].values
    rows = sweep.axes[up].values[::-1] if up is not None else ("",)
    left = 8 * max([len(sweep.axes[up].name) if up is not None else 0, *map(len, rows)]) + 20
    panels = [(name, chosen) for name in sweep.properties for chosen in product(*(sweep.axes[i].values for i in rest))]
    below = 8 * max(map(len, columns)) + 8
    height = LINE * 2 + CELL * len(rows) + below + GAP
    width = max(left + CELL * len(columns) + 8 * len(sweep.axes[across].name) + 20, 560)
    size = f'width="{width}" height="{height * len(panels) + 2 * LINE}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">']
    parts.append('<rect width="100%" height="100%" fill="#ffffff"/>')
    at = {point.values: point for point in sweep.points}
    for number, (name, chosen) in enumerate(panels):
        top = number * height + LINE
        fixed = dict(zip(rest, chosen, strict=True))
        title = ", ".join([name, *(f"{sweep.axes[i].name} {value}" for i, value in fixed.items())])
        parts.append(_text(8, top, title, weight="bold"))
        if up is not None:
            parts.append(_text(8, top + LINE, sweep.axes[up].name))
        for y, row in enumerate(rows):
            parts.append(_text(left - 6, top + LINE * 2 + CELL * y + 4, row, anchor="end"))
            for x, column in enumerate(columns):
                here = {**fixed, across: column, **({up: row} if up is not None else {})}
                point = at.get(tuple(here[i] for i in range(len(sweep.axes))))
                mark = point.mark(name) if point is not None else Mark.MISSING
                words = ", ".join(f"{sweep.axes[i].name} {here[i]}" for i in range(len(sweep.axes)))
                parts.append(_cell(left + CELL * x, top + LINE + CELL * y + 4, mark, f"{words}: {mark.value}"))
        bottom = top + LINE + CELL * len(rows) + 10
        parts += [_text(left + CELL * x + 15, bottom, v, turned=True) for x, v in enumerate(columns)]
        parts.append(_text(left + CELL * len(columns) + 8, bottom + 4, sweep.axes[across].name))
    parts += list(_legend(sweep, height * len(panels) + LINE))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(sweep: Sweep, top: int) -> Iterator[str]:
    shown = set(sweep.marks())
    for number, mark in enumerate(mark for mark in Mark if mark in shown):
        yield _cell(8 + 110 * number, top - 11, mark, mark.value, size=13)
        yield _text(26 + 110 * number, top, mark.value)


def _cell(x: int, y: int, mark: Mark, words: str, size: int = CELL - 2) -> str:
    title = f"<title>{escape(clean(words))}</title>"
    return f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="{COLOURS[mark]}" stroke="#999">{title}</rect>'


def _text(x: int, y: int, text: str, *, anchor: str = "start", weight: str = "normal", turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x} {y})"' if turned else ""
    anchor = "end" if turned else anchor
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}"{turn}>{escape(clean(text))}</text>'
