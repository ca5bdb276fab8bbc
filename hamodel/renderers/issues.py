"""What somebody has to look at, one thing each, with its place: for formats that know nothing of properties."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from hamodel.ir.answers import ERROR, NOTE, REFUSED, WARNING, Answers, Checked, Said
from hamodel.ir.report import ConfigLine, Result, StoryLine
from hamodel.ir.verdict import Outcome
from hamodel.renderers.words import because

LEVELS = {Outcome.BOUNDED: WARNING, Outcome.UNKNOWN: WARNING, Outcome.VACUOUS: NOTE}
"""How bad an outcome is that is no violation and does not pass."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to look at."""

    cluster: str
    rule: str
    """A property, or the code of a refusal or of a finding."""
    about: str
    """What the rule demands, for all issues of this rule; empty where nothing general is known."""
    level: str
    message: str
    file: str
    line: int = 0
    """0: the whole file."""
    column: int = 0
    length: int = 0
    also: tuple[ConfigLine, ...] = ()
    """Other lines it rests on."""
    story: tuple[StoryLine, ...] = ()
    help: str = ""
    daemon: tuple[str, ...] = ()
    accepted: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same issue of another day, wherever its lines have gone."""
        return hashlib.sha256(repr((self.cluster, self.rule, self.message)).encode("utf-8", "replace")).hexdigest()[:32]


def issues(answers: Answers) -> Iterator[Issue]:
    """Everything that does not pass and all findings, configuration by configuration."""
    for each in answers.checked:
        for said in each.said:
            yield _of_said(each.path, said, each.home)
        yield from (_of_result(each, r, answers) for r in each.results if not answers.passes(r) or r.accepted)
    for remark in answers.remarks:
        yield _of_said("", remark, remark.span.file if remark.span is not None else "")


def _of_said(cluster: str, said: Said, home: str) -> Issue:
    level = ERROR if said.level == REFUSED else said.level
    span = said.span
    if span is None:
        return Issue(
            cluster, said.code, "", level, said.message, home,
            help=said.help, daemon=said.daemon, accepted=said.accepted,
        )  # fmt: skip
    return Issue(
        cluster, said.code, "", level, said.message, span.file, span.line, span.column, max(1, span.length),
        help=said.help, daemon=said.daemon, accepted=said.accepted,
    )  # fmt: skip


def _of_result(each: Checked, result: Result, answers: Answers) -> Issue:
    lines = [line for line in result.rests_on if line.line]
    first = lines[0] if lines else ConfigLine(each.home, 0, "")
    level = ERROR if answers.expectations else LEVELS.get(result.outcome, ERROR)
    return Issue(
        each.path, result.name, result.doc, level, sentence(result), first.file, first.line,
        also=tuple(lines[1:]), story=result.story, accepted=result.accepted,
    )  # fmt: skip


def sentence(result: Result) -> str:
    """A verdict in one sentence."""
    words = [result.name, "is" if result.outcome is not Outcome.HOLDS else "", result.outcome.value, because(result)]
    said = " ".join(word for word in words if word)
    if result.expected is not None and not result.as_expected:
        faults = f" by {result.expected_faults} faults" if result.other_number else ""
        said += f" (expected: {result.expected.value}{faults})"
    return said


def told(line: StoryLine) -> str:
    """One line of a story."""
    at = "" if line.at is None else f"{line.at / 1000:.3f} s  "
    return f"{at}{line.node} {line.text}" if line.node else f"{at}{line.text}"


def relative(file: str, root: Path) -> str:
    """A file as seen from the root of the repository, with slashes; one that lies elsewhere stays as it is."""
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(root):
        path = path.relative_to(root)
    return PurePath(path).as_posix()


def clean(text: str) -> str:
    """The text without what no document can hold: control characters, and bytes that were no UTF-8.

    >>> clean("a\\x00b\\udcffc\\td")
    'a?b?c\\td'
    """
    return "".join(c if c in "\t\n" or (c.isprintable() and not "\ud800" <= c <= "\udfff") else "?" for c in text)
