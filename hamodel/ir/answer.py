"""An answer is one sentence, what it rests on, and a command that looks at the same runs at length."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hamodel.ir.report import StoryLine


class News(Enum):
    """Whether one likes to hear it."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"
    """A limit was reached: nothing is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question about one cluster."""

    question: str
    query: str
    """The name of the query that was understood."""
    sentence: str
    news: News
    command: str
    """The same runs at length; after a what-if that command lets repairs come as well, which the answer does not."""
    evidence: tuple[str, ...] = ()
    story: tuple[StoryLine, ...] = ()
    cluster: str = ""
    version: str = ""
    interrupted: bool = False
