"""A lifecycle as a picture: rounded boxes in a row, what leads on above them, what leads back below.

One file that opens anywhere, light or dark as its reader likes; hovering over a line tells all of its events, how often
each was seen, and what it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from hamodel.ir.system import Kind
from hamodel.lifecycle.chart import Arrow, Chart
from hamodel.lifecycle.layout import BOX_HEIGHT, LETTER, LINE, MARGIN, Box, Drawing, Lane, arrange

TITLE, FOOT, ROUND = 62.0, 30.0, 9.0
STYLE = """
  svg { --paper: #ffffff; --ink: #1f2933; --soft: #66737f; --box: #f4f7fa; --rim: #9aa8b5; --first: #e3edf9;
        --timer: #52606d; --fault: #c0392b; --repair: #1e8449; --operator: #1f6fb2; --script: #7d5ba6; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14181d; --ink: #e6ebf0; --soft: #93a1af; --box: #222a33; --rim: #5b6a79; --first: #20374f;
          --timer: #a9b6c2; --fault: #ff7b6b; --repair: #5fd38d; --operator: #6cb8ff; --script: #c3a3ea; } }
  .paper { fill: var(--paper); }
  text { font-family: "Source Sans 3", "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: var(--ink); }
  .title { font-size: 19px; font-weight: 600; }
  .scope, .legend { font-size: 11.5px; fill: var(--soft); }
  .box { fill: var(--box); stroke: var(--rim); stroke-width: 1.4; }
  .first { fill: var(--first); }
  .mode { font-size: 14px; font-weight: 600; text-anchor: middle; }
  .label { font-size: 11px; text-anchor: middle; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
           stroke-linejoin: round; }
  .line { fill: none; stroke-width: 1.5; }
  .unseen { stroke-dasharray: 5 4; opacity: 0.75; }
""" + "".join(
    f"  .line.{k.value} {{ stroke: var(--{k.value}); }} .fill.{k.value}, .label.{k.value}, .legend.{k.value} "
    f"{{ fill: var(--{k.value}); }}\n"
    for k in Kind
)
WORDS = {
    Kind.TIMER: "by itself", Kind.FAULT: "a fault", Kind.REPAIR: "a repair", Kind.OPERATOR: "a command",
    Kind.SCRIPT: "a script",
}  # fmt: skip


def render(chart: Chart) -> str:
    """The SVG text of one lifecycle."""
    plan = arrange(chart, TITLE)
    width = max(plan.width, 2 * MARGIN + 9.6 * len(chart.control.title), 2 * MARGIN + 5.9 * len(chart.scope), 460.0)
    height = plan.height + FOOT
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label={quoteattr(chart.control.title)}>',
        f"<title>{escape(chart.control.title)}</title>",
        f"<style>{STYLE}</style>",
        *(_head(kind) for kind in Kind),
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" rx="12"/>',
        f'<text class="title" x="{MARGIN:.0f}" y="34">{escape(chart.control.title)}</text>',
    ]
    if chart.scope:
        body.append(f'<text class="scope" x="{MARGIN:.0f}" y="53">{escape(chart.scope)}</text>')
    body += [_line(lane, plan) for lane in plan.lanes]
    body += _beginning(plan)
    body += [_box(box, box.mode == chart.initial) for box in plan.boxes]
    body += [_label(lane) for lane in plan.lanes]
    body.append(_legend(chart.arrows, height))
    return "\n".join([*body, "</svg>"]) + "\n"


def _head(kind: Kind) -> str:
    return (
        f'<defs><marker id="head-{kind.value}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path class="fill {kind.value}" d="M 0 0.8 L 10 5 L 0 9.2 L 2.4 5 z"/></marker></defs>'
    )


def _beginning(plan: Drawing) -> list[str]:
    box = plan.boxes[0]
    y = box.y + BOX_HEIGHT / 2
    return [
        f'<circle class="fill timer" cx="{box.x - 26:.1f}" cy="{y:.1f}" r="4.5"/>',
        f'<path class="line timer" d="M {box.x - 21:.1f} {y:.1f} H {box.x - 1:.1f}" marker-end="url(#head-timer)"/>',
    ]


def _box(box: Box, first: bool) -> str:
    middle = box.y + BOX_HEIGHT / 2 + 5
    return (
        f'<rect class="box{" first" if first else ""}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{BOX_HEIGHT:.0f}" rx="12"/>'
        f'<text class="mode" x="{box.x + box.width / 2:.1f}" y="{middle:.1f}">{escape(box.mode)}</text>'
    )


def _line(lane: Lane, plan: Drawing) -> str:
    edge = plan.boxes[0].y + (0 if lane.above else BOX_HEIGHT)
    turn = ROUND if lane.above else -ROUND
    way = ROUND if lane.x2 > lane.x1 else -ROUND
    end = edge + (-1.5 if lane.above else 1.5)
    path = (
        f"M {lane.x1:.1f} {edge:.1f} V {lane.y + turn:.1f} "
        f"Q {lane.x1:.1f} {lane.y:.1f} {lane.x1 + way:.1f} {lane.y:.1f} "
        f"H {lane.x2 - way:.1f} Q {lane.x2:.1f} {lane.y:.1f} {lane.x2:.1f} {lane.y + turn:.1f} V {end:.1f}"
    )
    kind = _kind(lane.arrows)
    unseen = "" if any(a.count for a in lane.arrows) else " unseen"
    return (
        f'<path class="line {kind.value}{unseen}" d="{path}" marker-end="url(#head-{kind.value})">'
        f"<title>{escape(_all(lane.arrows))}</title></path>"
    )


def _label(lane: Lane) -> str:
    first = lane.y - 5 - LINE * (len(lane.text) - 1) if lane.above else lane.y + 12
    kinds = {a.action.split("[")[0].replace("_", " "): a.kind for a in lane.arrows}
    rows = []
    for number, text in enumerate(lane.text):
        fitting = [rule for rule in kinds if text.lstrip("(").startswith(rule)]
        kind = kinds[max(fitting, key=len)] if fitting else _kind(lane.arrows)
        y = first + LINE * number
        rows.append(f'<text class="label {kind.value}" x="{lane.label_x:.1f}" y="{y:.1f}">{escape(text)}</text>')
    return "".join(rows)


def _kind(arrows: Sequence[Arrow]) -> Kind:
    """The colour of a line: what happens by itself, where anything on it does."""
    kinds = [a.kind for a in arrows if a.count] or [a.kind for a in arrows]
    return Kind.TIMER if Kind.TIMER in kinds else kinds[0]


def _all(arrows: Sequence[Arrow]) -> str:
    told = []
    for arrow in arrows:
        often = f"seen {arrow.count} times" if arrow.count else "never seen, but the rules permit it"
        needs = "".join(f"\n    needs {c}" for c in arrow.conditions)
        told.append(f"{arrow.action}: {often}{needs}")
    return "\n".join(told)


def _legend(arrows: Sequence[Arrow], height: float) -> str:
    x, parts = MARGIN, []
    present = {a.kind for a in arrows}
    texts = [(WORDS[k], k.value) for k in Kind if k in present]
    if any(not a.count for a in arrows):
        texts.append(("(in brackets, dashed): permitted by the rules, never seen", ""))
    for text, name in texts:
        parts.append(f'<text class="legend {name}" x="{x:.0f}" y="{height - 16:.0f}">{escape(text)}</text>')
        x += LETTER * len(text) + 26
    return "".join(parts)
