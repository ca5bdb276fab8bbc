"""The colours of a picture: light or dark as the reader's screen is, or fixed where a picture cannot ask."""

from __future__ import annotations

import re

LIGHT = {
    "paper": "#ffffff", "ink": "#1f2933", "soft": "#66737f", "grid": "#e3e8ed", "life": "#cfe3d4", "off": "#d5dae0",
    "address": "#4a90d9", "part": "#a9c9ec", "good": "#8fc9a0", "bad": "#d9534f", "glow": "#c0392b", "fault": "#c0392b",
}  # fmt: skip
DARK = {
    "paper": "#14181d", "ink": "#e6ebf0", "soft": "#93a1af", "grid": "#2a323b", "life": "#24462f", "off": "#3a434d",
    "address": "#4f94da", "part": "#2f567f", "good": "#3c7a50", "bad": "#c9504b", "glow": "#ff6b5b", "fault": "#ff7b6b",
}  # fmt: skip


def _variables(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


STYLE = f"""
  svg {{ {_variables(LIGHT)} }}
  @media (prefers-color-scheme: dark) {{ svg {{ {_variables(DARK)} }} }}
  .paper {{ fill: var(--paper); }}
  text {{ font-family: "Source Sans 3", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; font-size: 12px;
         fill: var(--ink); }}
  .title {{ font-size: 19px; font-weight: 600; }}
  .soft, .tick {{ fill: var(--soft); }}
  .tick, .number {{ text-anchor: middle; font-size: 11px; }}
  .node {{ font-size: 14px; font-weight: 600; }}
  .label {{ text-anchor: end; fill: var(--soft); }}
  .in {{ font-size: 11px; }}
  .bar {{ fill: var(--off); }}
  .bar.active, .bar.waiting {{ fill: var(--life); }}
  .bar.killed, .bar.dark, .bar.cut {{ fill: var(--bad); }}
  .in.killed, .in.dark, .in.cut, .in.twice {{ fill: #ffffff; }}
  .bar.beats {{ fill: var(--good); }}
  .bar.running {{ fill: var(--address); }}
  .bar.starting, .bar.stopping {{ fill: var(--part); }}
  .bar.twice {{ fill: var(--glow); stroke: var(--glow); stroke-width: 2; }}
  .grid {{ stroke: var(--grid); }}
  .mark {{ stroke: var(--soft); stroke-dasharray: 2 4; }}
  .mark.cause {{ stroke: var(--fault); stroke-dasharray: none; }}
  .told {{ text-anchor: middle; }}
  .lifeline {{ stroke: var(--soft); stroke-dasharray: 5 4; }}
  .note {{ fill: var(--paper); stroke: var(--grid); stroke-width: 1.4; }}
  .note.cause {{ stroke: var(--fault); }}
  .message {{ stroke: var(--address); stroke-width: 1.6; fill: none; }}
  .message.lost {{ stroke: var(--fault); stroke-dasharray: 5 4; }}
  .message.cross {{ stroke: var(--fault); stroke-width: 2; }}
  .head {{ fill: var(--address); }}
  .says {{ font-size: 11px; fill: var(--soft); paint-order: stroke; stroke: var(--paper); stroke-width: 4; }}
  .number.cause, .said.cause {{ fill: var(--fault); font-weight: 600; }}
"""


def fixed(svg: str, dark: bool = False) -> str:
    """The picture with its colours written in, for programs that know no variables."""
    colours = DARK if dark else LIGHT
    text = re.sub(r"svg \{ --[^}]*\}", "", svg)
    text = re.sub(r"@media \(prefers-color-scheme: dark\) \{\s*\}", "", text)
    return re.sub(r"var\(--(\w+)\)", lambda found: colours[found[1]], text)
