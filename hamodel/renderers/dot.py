"""A lifecycle in the language of Graphviz, for those who have it and want their own layout."""

from __future__ import annotations

import json

from hamodel.lifecycle.chart import Chart
from hamodel.lifecycle.wording import lines

MOST_LINES = 6


def render(chart: Chart) -> str:
    """One digraph; dashed is what the rules permit and nobody has seen."""
    names = {mode: f"m{number}" for number, mode in enumerate(chart.modes)}
    out = [
        f"digraph {_quoted(chart.control.name)} {{",
        f"  label={_quoted(chart.control.title)}; labelloc=t; fontname=Helvetica;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=Helvetica];',
        "  edge [fontname=Helvetica, fontsize=10];",
        "  begin [shape=point];",
    ]
    out += [f"  {name} [label={_quoted(mode)}];" for mode, name in names.items()]
    out.append(f"  begin -> {names[chart.initial]};")
    for source, dest, arrows in chart.edges():
        style = "" if any(a.count for a in arrows) else ", style=dashed"
        label = _quoted("\n".join(lines(arrows, MOST_LINES)))
        out.append(f"  {names[source]} -> {names[dest]} [label={label}{style}];")
    return "\n".join([*out, "}"]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
