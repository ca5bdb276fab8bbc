"""The sheet every picture stands on: title, colours, and a height that is known when all is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from hamodel.renderers.picture.theme import STYLE

WIDTH = 1000


def sheet(title: str, subtitle: str, height: float, body: Iterable[str]) -> str:
    """The SVG text of a picture of this height."""
    size = f'viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(title)}>',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height:.0f}" rx="12"/>',
            f'<text class="title" x="24" y="34">{escape(title)}</text>',
            f'<text class="soft" x="24" y="54">{escape(subtitle)}</text>',
            *body,
            "</svg>\n",
        ]
    )
