"""A lifecycle as a Mermaid state diagram, which many a viewer of text files draws by itself."""

from __future__ import annotations

import json
import re

from hamodel.lifecycle.chart import Chart
from hamodel.lifecycle.wording import lines

MOST_LINES = 4


def render(chart: Chart) -> str:
    """The text of one diagram; what was never seen is marked so.

    Mermaid ends a label at a semicolon and knows no quotes inside it, so both are said otherwise.
    """
    names = {mode: f"m{number}" for number, mode in enumerate(chart.modes)}
    out = ["---", f"title: {json.dumps(chart.control.title, ensure_ascii=False)}", "---", "stateDiagram-v2"]
    if chart.scope:
        out.append(f"    %% {_plain(chart.scope)}")
    out += [f'    state "{_plain(mode)}" as {name}' for mode, name in names.items()]
    out.append(f"    [*] --> {names[chart.initial]}")
    for source, dest, arrows in chart.edges():
        label = "<br/>".join(_plain(line) for line in lines(arrows, MOST_LINES))
        out.append(f"    {names[source]} --> {names[dest]}: {label}")
    return "\n".join(out) + "\n"


def _plain(text: str) -> str:
    return re.sub(r"[;\"#\n]", " ", text).replace("::", ":")
