"""A fault tree: the violation above, below it the sets of faults of which any one is enough.

As text, in the languages of Mermaid and Graphviz, and as a picture. An AND gate stands above faults that have to come
together, an OR gate above those of which one is enough.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from rich.cells import cell_len

from hamodel.ir.causes import FaultTree, MinimalSet
from hamodel.ir.report import faults_in_words
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import folded
from hamodel.renderers.svg import STYLE

OR, AND = "OR", "AND"
WIDE, LETTER, LINE, GAP, DEEP = 30, 6.3, 15.0, 26.0, 62.0


@dataclass(frozen=True, slots=True)
class Gate:
    """A box of the tree; without parts it is a fault."""

    text: str
    gate: str = ""
    parts: tuple[Gate, ...] = ()


def gates(name: str, tree: FaultTree, say: Say = english) -> Gate:
    """The tree of gates."""
    return Gate(say(f"{name} is violated"), OR, tuple(_set(each, say) for each in tree.sets))


def _set(each: MinimalSet, say: Say) -> Gate:
    said = faults_in_words(each.faults)
    events = [tuple(Gate(say(event)) for event in line) for line in each.events]
    lines = [line[0] if len(line) == 1 else Gate(say("together"), AND, line) for line in events]
    if len(lines) == 1:
        return lines[0]
    return Gate(said, OR, tuple(lines)) if lines else Gate(said)


def scope(tree: FaultTree) -> str:
    """What the tree says about the sets that are not in it."""
    many = f"{tree.complete} fault{'s' if tree.complete != 1 else ''}"
    if tree.complete == tree.budget:
        return (
            f"all minimal sets of up to {many}: what has none in it was explored and is safe ({tree.searches} searches)"
        )
    so_far = f"all minimal sets of up to {many}" if tree.complete >= 0 else "no size is complete"
    return f"{so_far}; of larger ones some may be missing: {tree.reason}"


def render_text(name: str, tree: FaultTree, say: Say = english) -> str:
    """Lines of the tree, indented."""
    return "\n".join(text_lines(name, tree, say)) + "\n"


def text_lines(name: str, tree: FaultTree, say: Say = english) -> Iterator[str]:
    """The tree as lines; the last one says what it covers."""
    root = gates(name, tree, say)
    yield f"{root.text}  {say('any of:')}" if root.parts else root.text
    yield from _branches(root, "", say)


def _branches(gate: Gate, indent: str, say: Say) -> Iterator[str]:
    for number, part in enumerate(gate.parts, 1):
        last = number == len(gate.parts)
        what = {OR: f"  {say('any of:')}", AND: f"  {say('all of:')}"}.get(part.gate, "")
        yield f"{indent}{'└─ ' if last else '├─ '}{part.text}{what}"
        yield from _branches(part, indent + ("   " if last else "│  "), say)


def render_mermaid(name: str, tree: FaultTree, say: Say = english) -> str:
    """A flow chart from the top down."""
    out = ["flowchart TB", f"    %% {_plain(say(scope(tree)))}"]
    for number, (gate, above) in enumerate(_numbered(gates(name, tree, say))):
        words = _plain(gate.text) + (f"<br/><b>{gate.gate}</b>" if gate.gate else "")
        out.append(f'    n{number}["{words}"]' if gate.gate else f'    n{number}(["{words}"])')
        out += [f"    n{above} --> n{number}"] if above is not None else []
    return "\n".join(out) + "\n"


def render_dot(name: str, tree: FaultTree, say: Say = english) -> str:
    """A digraph for Graphviz."""
    out = [
        f"digraph {json.dumps(name)} {{",
        f"  label={json.dumps(say(scope(tree)), ensure_ascii=False)}; labelloc=b; fontname=Helvetica;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica];',
    ]
    for number, (gate, above) in enumerate(_numbered(gates(name, tree, say))):
        words = "\n".join([*folded(gate.text, WIDE, 0), *([gate.gate] if gate.gate else [])])
        out.append(f"  n{number} [label={json.dumps(words, ensure_ascii=False)}];")
        out += [f"  n{above} -> n{number};"] if above is not None else []
    return "\n".join([*out, "}"]) + "\n"


def _numbered(root: Gate) -> list[tuple[Gate, int | None]]:
    """Every gate with the number of the one above it, in one order."""
    found: list[tuple[Gate, int | None]] = []

    def add(gate: Gate, above: int | None) -> None:
        number = len(found)
        found.append((gate, above))
        for part in gate.parts:
            add(part, number)

    add(root, None)
    return found


def _plain(text: str) -> str:
    return re.sub(r'[;"#\n]', " ", text).replace("::", ":")


# ---- a picture -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Placed:
    """A box with its place; `middle` counts from the left, `row` from the top."""

    gate: Gate
    lines: list[str]
    middle: float
    row: int
    parts: list[Placed]

    @property
    def width(self) -> float:
        return max(map(cell_len, self.lines)) * LETTER + 22


def render_svg(name: str, tree: FaultTree, say: Say = english) -> str:
    """One file that opens anywhere: every gate in the middle above its parts."""
    said = say(scope(tree))
    root, wide, deep = _placed(gates(name, tree, say), 20.0, 0)
    width, height = max(wide + 20, 480.0, cell_len(said) * 6.0 + 40), deep * (DEEP + 44) + 130
    title = say(f"why {name} is violated")
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label={quoteattr(title)}>',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="12"/>',
        *_drawn(root),
        f'<text class="legend" x="20" y="{height - 14:.0f}">{escape(said)}</text>',
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def _placed(gate: Gate, left: float, row: int) -> tuple[Placed, float, int]:
    """The box, where its right neighbour may begin, and how many rows lie below it."""
    box = Placed(gate, folded(gate.text, WIDE, 0), 0.0, row, [])
    right, deep = left, row
    for part in gate.parts:
        placed, right, below = _placed(part, right, row + 1)
        box.parts.append(placed)
        deep = max(deep, below)
    own = left + box.width + GAP
    if not box.parts or own > right:
        shift = (own - right) / 2 if box.parts else 0.0
        for part_box in box.parts:
            _shift(part_box, shift)
        right = max(right, own)
    box.middle = (box.parts[0].middle + box.parts[-1].middle) / 2 if box.parts else left + box.width / 2
    return box, right, deep


def _shift(box: Placed, by: float) -> None:
    box.middle += by
    for part in box.parts:
        _shift(part, by)


def _drawn(box: Placed) -> Iterator[str]:
    top, height = 24 + box.row * (DEEP + 44), len(box.lines) * LINE + 18
    for part in box.parts:
        below = 24 + part.row * (DEEP + 44)
        turn = (top + height + below) / 2 + 6
        path = f"M {box.middle:.1f} {top + height:.1f} V {turn:.1f} H {part.middle:.1f} V {below}"
        yield f'<path class="line timer" d="{path}"/>'
    kind = "box" if box.gate.gate else "box first"
    yield (
        f'<rect class="{kind}" x="{box.middle - box.width / 2:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
        f'height="{height:.1f}" rx="9"/>'
    )
    for number, line in enumerate(box.lines):
        y = top + 9 + LINE * (number + 0.8)
        yield f'<text class="label" x="{box.middle:.1f}" y="{y:.1f}">{escape(line)}</text>'
    if box.parts:
        yield f'<text class="label fault" x="{box.middle + 18:.1f}" y="{top + height + 14:.1f}">{box.gate.gate}</text>'
    for part in box.parts:
        yield from _drawn(part)
