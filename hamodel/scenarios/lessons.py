"""The course: ten lessons, each a spec, a question, what to look at, something to try, and its answer.

A lesson is a table of `lessons.toml`; `claim` is what its command finds, which a test checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Words:
    """What a lesson says, in one language."""

    title: str
    question: str
    look: str
    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson: `command` is typed in a checkout; `claim` maps properties to the outcomes it shows."""

    number: int
    spec: str
    command: str
    claim: Mapping[str, str]
    en: Words
    zh: Words

    def words(self, language: str) -> Words:
        """The lesson in a language, English where it has no other."""
        return self.zh if language == "zh" else self.en


@cache
def lessons() -> tuple[Lesson, ...]:
    """The course in its order."""
    text = (files("hamodel.scenarios") / "lessons.toml").read_text("utf-8")
    return tuple(_lesson(number, table) for number, table in enumerate(tomllib.loads(text)["lesson"], 1))


def _lesson(number: int, table: Mapping[str, object]) -> Lesson:
    keys = Words.__dataclass_fields__
    zh = table["zh"]
    assert isinstance(zh, Mapping)
    claim = table["claim"]
    assert isinstance(claim, Mapping)
    english = Words(**{key: str(table[key]) for key in keys})
    chinese = Words(**{key: str(zh[key]) for key in keys})
    return Lesson(number, str(table["spec"]), str(table["command"]), dict(claim), english, chinese)
