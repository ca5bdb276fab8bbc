"""Ownership drawn over time: one bar per resource and node, two bars above each other where two nodes had the same."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from hamodel.incident.report import Explanation, Overlap, Owned
from hamodel.renderers.explain_json import iso
from hamodel.renderers.language import Say, english

SURE, MAYBE, NONE, BOTH, PERHAPS = "█", "▒", "·", "^", "?"
DAY = 86_400_000
"""ms from which on the axis shows days and hours."""


def timeline(report: Explanation, width: int, say: Say = english) -> RenderableType:
    """The bars, the moments below them, and what the signs mean."""
    nodes = tuple(dict.fromkeys([*report.nodes, *(span.node for span in report.owned)]))
    label = max(len(node) for node in nodes) + 2
    columns = max(20, width - label - 1)
    first = min((span.begin for span in report.owned), default=report.begin)
    begin = max(report.begin, first - (report.end - first) // 20)
    scale = _Scale(begin, max(report.end, begin + 1000), columns)
    rows: list[RenderableType] = []
    for name in dict.fromkeys(span.resource for span in report.owned):
        rows.append(Text(name, style="bold"))
        for node in nodes:
            spans = [span for span in report.owned if span.resource == name and span.node == node]
            rows.append(Text.assemble(f"  {node}".ljust(label + 1), *_bar(spans, scale)))
        marks = _marks([each for each in report.overlaps if each.resource == name], scale)
        if marks.strip():
            rows.append(Text.assemble(" " * (label + 1), (marks, "bold red")))
    rows.append(Text(" " * (label + 1) + scale.axis(), style="dim"))
    signs = f"{SURE} has it  {MAYBE} perhaps  {BOTH} two have it  {PERHAPS} perhaps two"
    rows.append(Text(" " * (label + 1) + say(signs), style="dim"))
    return Group(*rows)


class _Scale:
    """Moments to columns."""

    def __init__(self, begin: int, end: int, columns: int) -> None:
        self.begin, self.end, self.columns = begin, end, columns

    def column(self, at: int | None) -> int:
        at = self.end if at is None else min(max(at, self.begin), self.end)
        return min(self.columns - 1, (at - self.begin) * self.columns // (self.end - self.begin))

    def axis(self) -> str:
        """As many clock times as fit without touching, a quarter apart at most."""
        line = [" "] * self.columns
        parts = 4 if self.columns >= 50 else 2
        for part in range(parts + 1):
            at = self.begin + (self.end - self.begin) * part // parts
            text = (iso(at) or "")[11:19] if self.end - self.begin < DAY else (iso(at) or "")[5:13].replace("T", " ")
            place = (self.columns - 8) * part // parts
            line[place : place + 8] = text
        return "".join(line).rstrip()


def _bar(spans: Sequence[Owned], scale: _Scale) -> list[tuple[str, str]]:
    cells = [NONE] * scale.columns
    for span in spans:
        for place in range(scale.column(span.begin), scale.column(span.end) + 1):
            cells[place] = MAYBE if cells[place] != SURE else SURE
        if span.sure_from is not None:
            last = span.end if span.lasting and span.end is None else span.sure_to
            last = scale.end if span.lasting and last is None else last
            for place in range(scale.column(span.sure_from), scale.column(last) + 1):
                cells[place] = SURE
    styles = {SURE: "green", MAYBE: "yellow", NONE: "dim"}
    found: list[tuple[str, str]] = []
    for cell in cells:
        if found and found[-1][1] == styles[cell]:
            found[-1] = (found[-1][0] + cell, styles[cell])
        else:
            found.append((cell, styles[cell]))
    return found


def _marks(overlaps: Sequence[Overlap], scale: _Scale) -> str:
    cells = [" "] * scale.columns
    for each in overlaps:
        for place in range(scale.column(each.begin), scale.column(each.end) + 1):
            cells[place] = PERHAPS if cells[place] == " " else cells[place]
        if each.sure_from is not None:
            for place in range(scale.column(each.sure_from), scale.column(each.sure_to) + 1):
                cells[place] = BOTH
    return "".join(cells)
