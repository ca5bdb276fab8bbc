"""The parts of the page are joined; what a configuration says cannot leave the block of data it stands in."""

from __future__ import annotations

import html
import json
from dataclasses import fields, is_dataclass
from importlib.resources import files
from string import Template

from hamodel.ir.exhibit import Exhibition

SCRIPTS = ("words.js", "draw.js", "timeline.js", "moment.js", "beside.js", "game.js", "quiz.js", "main.js")
"""In this order; each is one idea and adds to the one name `ha`."""


def render(exhibition: Exhibition) -> str:
    """The page. Same exhibition, same bytes."""
    first = exhibition.exhibits[0].name if exhibition.exhibits else ""
    title = f"{first}: {exhibition.cluster}" if first else exhibition.cluster
    return Template(_part("page.html")).substitute(
        title=html.escape(title),
        style=_part("style.css"),
        data=as_json(exhibition),
        script="\n".join(_part(name) for name in SCRIPTS),
    )


def as_json(value: object) -> str:
    """The value as JSON that is safe inside a script element, and that any reader of JSON reads back as it was.

    >>> as_json(("</script>",))
    '["\\\\u003c/script\\\\u003e"]'
    """
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain(value: object) -> object:
    """Dataclasses become objects with their fields in order, tuples become lists, surrogates question marks."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
