"""What a report says, in the reader's language: sentences are recognised by their form and said anew, as log lines are.

Everything upstream speaks English. A catalogue is a folder of TOML files beside this one: English forms and what they
become. The holes of a form are `{}` or `{name}`, those of the other language `{0}`, `{1}` ... in the order of the
English ones, or the same names. A hole's own text is said anew as well. What no form knows stays English: nothing is
lost, and a test names every sentence that would.

A catalogue's table `[says]` is asked by weight, its table `[lists]` before that and in its order: what joins several
sentences must be taken apart first, or a sentence would begin in one of them and end in another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

Say = Callable[[str], str]
"""A sentence in, the same sentence in the reader's language out."""

LANGUAGES = ("en", "zh")
_HOLE = re.compile(r"\{(\w*)\}")
_DEEP = 12
_JOINT = 6
"""So few letters only join what stands beside them, such as ` and `: a sentence that nobody knows is not cut there."""
_PROSE = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")


def english(text: str) -> str:
    """Everything is English already."""
    return text


@cache
def language(name: str) -> Say:
    """How to speak `name`, one of LANGUAGES; other names raise KeyError."""
    if name not in LANGUAGES:
        raise KeyError(name)
    return english if name == "en" else Catalogue(tuple(_table(name, "says")), tuple(_table(name, "lists")))


def entries(name: str) -> Iterator[tuple[str, str]]:
    """Every form of the language with its translation."""
    yield from _table(name, "lists")
    yield from _table(name, "says")


def _table(name: str, table: str) -> Iterator[tuple[str, str]]:
    home = files("hamodel.renderers") / name
    for file in sorted(home.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield from tomllib.loads(file.read_text("utf-8")).get(table, {}).items()


@dataclass(frozen=True, slots=True)
class _Form:
    """An English sentence with holes, and the other language's with places for their texts."""

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    says: str
    literal: str
    """The longest of its fixed parts: most texts lack it, which is found out faster than that the pattern fails."""
    weight: int
    """How many letters are literal: of two forms that fit, the one with more of them is meant."""


class Catalogue:
    """Callable: the sentence in the other language, or the sentence itself where no form fits."""

    def __init__(self, pairs: tuple[tuple[str, str], ...], lists: tuple[tuple[str, str], ...] = ()) -> None:
        self._exact = {form: says for form, says in pairs if not _HOLE.search(form)}
        self._forms = sorted((_form(*pair) for pair in pairs if _HOLE.search(pair[0])), key=lambda f: -f.weight)
        self._forms = [_form(*pair) for pair in lists] + self._forms
        self._said = lru_cache(maxsize=4096)(self._say)

    def __call__(self, text: str) -> str:
        return self._said(text, 0)

    def _say(self, text: str, depth: int) -> str:
        exact = self._exact.get(text)
        if exact is not None or depth > _DEEP or not text:
            return text if exact is None else exact
        for form in self._forms:
            found = form.pattern.fullmatch(text) if form.literal in text else None
            if found:
                inner = [self._said(part, depth + 1) for part in found.groups()]
                if form.weight <= _JOINT and any(
                    s == t and _PROSE.search(t) for s, t in zip(inner, found.groups(), strict=True)
                ):
                    continue
                named = {**dict(zip(form.names, inner, strict=True)), **{str(i): t for i, t in enumerate(inner)}}
                return _HOLE.sub(lambda hole, named=named: named[hole[1]], form.says)  # type: ignore[misc]
        return text


def _form(english_form: str, says: str) -> _Form:
    parts, last = [], 0
    for hole in _HOLE.finditer(english_form):
        parts += [re.escape(english_form[last : hole.start()]), "(.+?)"]
        last = hole.end()
    parts.append(re.escape(english_form[last:]))
    literal = max(re.split(r"\{\w*\}", english_form), key=len)
    names = tuple(hole[1] or str(i) for i, hole in enumerate(_HOLE.finditer(english_form)))
    return _Form(re.compile("".join(parts), re.DOTALL), names, says, literal, len(_HOLE.sub("", english_form)))
