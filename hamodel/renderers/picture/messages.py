"""Who said what to whom: a message sequence chart in Mermaid, which every forge draws.

Time runs downwards; an arrow that nobody handled ends in a cross, and what happened to the cluster is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hamodel.ir.exhibit import Strip
from hamodel.renderers.language import Say, english
from hamodel.renderers.words import seconds


def render(strip: Strip, title: str, say: Say = english) -> str:
    """The Mermaid text of one run."""
    return "\n".join(_lines(strip, title, say)) + "\n"


def _lines(strip: Strip, title: str, say: Say) -> Iterator[str]:
    yield "sequenceDiagram"
    yield f"  title {_safe(title)}"
    for number, node in enumerate(strip.nodes):
        yield f"  participant n{number} as {_safe(node)}"
    for number, scene in enumerate(strip.scenes):
        for arrow in (a for a in strip.arrows if a.handled == number):
            yield f"  n{arrow.sender}->>n{arrow.receiver}: {_safe(say(arrow.text))}"
        for line in scene.story:
            where = f"n{strip.nodes.index(line.node)}" if line.node in strip.nodes else _all(strip)
            yield f"  Note over {where}: {seconds(scene.at)} {_safe(say(line.text))}"
        for arrow in (a for a in strip.arrows if a.sent == number and a.handled is None):
            yield f"  n{arrow.sender}-xn{arrow.receiver}: {_safe(say(arrow.text))}"


def _all(strip: Strip) -> str:
    return "n0" if len(strip.nodes) == 1 else f"n0,n{len(strip.nodes) - 1}"


def _safe(text: str) -> str:
    """Text that Mermaid takes as text: no line ends, no semicolons, no hashes."""
    told = re.sub("[#;]", lambda found: f"#{ord(found[0])};", text)
    return re.sub(r"\s+", " ", told).strip() or " "
