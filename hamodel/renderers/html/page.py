"""The parts of the page are joined; what a configuration says cannot leave the block of data it stands in."""

from __future__ import annotations

import html
import json
from dataclasses import fields, is_dataclass
from importlib.resources import files
from string import Template

from hamodel.ir.exhibit import Exhibition, Item, LogEntry
from hamodel.renderers.language import Say, language

SCRIPTS = ("words.js", "draw.js", "timeline.js", "moment.js", "beside.js", "game.js", "quiz.js", "main.js")
"""In this order; each is one idea and adds to the one name `ha`."""


SPOKEN = (
    "after", "certified", "change", "doc", "faults", "how", "no_contrast", "no_game", "no_quiz", "notes", "reason",
    "text", "title",
)  # fmt: skip
"""Fields that hold sentences; of log lines and resources the text is no sentence."""


def render(exhibition: Exhibition, begin: str = "en") -> str:
    """The page, in both languages; it opens in that of `begin`. Same exhibition, same bytes."""
    first = exhibition.exhibits[0].name if exhibition.exhibits else ""
    title = f"{first}: {exhibition.cluster}" if first else exhibition.cluster
    return Template(_part("page.html")).substitute(
        title=html.escape(_text(title)),
        style=_part("style.css"),
        data=_data(exhibition, begin),
        language=begin,
        script="\n".join(_part(name) for name in SCRIPTS),
    )


def as_json(value: object) -> str:
    """The value as JSON that is safe inside a script element, and that any reader of JSON reads back as it was.

    >>> as_json(("</script>",))
    '["\\\\u003c/script\\\\u003e"]'
    """
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _data(exhibition: Exhibition, begin: str) -> str:
    """The exhibition, and beside it what each of its sentences is in Chinese."""
    say, said = language("zh"), dict[str, str]()
    for one in exhibition.exhibits:
        _gather(one, say, said)
    plain = _plain(exhibition)
    assert isinstance(plain, dict)
    return as_json(plain | {"begin": begin, "spoken": SPOKEN, "said": said})


def _gather(value: object, say: Say, said: dict[str, str]) -> None:
    if isinstance(value, tuple):
        for each in value:
            _gather(each, say, said)
    if not is_dataclass(value) or isinstance(value, type | Item | LogEntry):
        return
    for field in fields(value):
        inner = getattr(value, field.name)
        for text in inner if isinstance(inner, tuple) else (inner,):
            if field.name in SPOKEN and isinstance(text, str) and say(text) != text:
                said[_text(text)] = say(text)
        _gather(inner, say, said)


def _plain(value: object) -> object:
    """Dataclasses become objects with their fields in order, tuples become lists, surrogates question marks."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return _text(value)
    return value


def _text(value: str) -> str:
    """The text as UTF-8 can have it."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
