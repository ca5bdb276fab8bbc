"""What is accepted passes until its day; what is worse than what was accepted, or expired, counts again.

An entry that nothing needs any more is told, so that the list only holds what is true. Which day it is comes from the
caller: no clock reaches a verdict.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hamodel.config.baseline import Accepted, Baseline
from hamodel.ir.answers import ERROR, NOTE, WARNING, Answers, Checked, Said
from hamodel.ir.report import Result, faults_in_words
from hamodel.ir.verdict import Outcome

EXPIRED, OUTGROWN, NEEDLESS, UNKNOWN = "expired", "outgrown", "not-needed", "unknown-property"
"""The codes of what is said about the entries of a list."""


@dataclass(slots=True)
class Judge:
    """Goes through answers with a list of what is accepted; remembers which entries were needed."""

    baseline: Baseline
    today: datetime.date
    needed: set[int] = field(default_factory=set)
    remarks: list[Said] = field(default_factory=list)

    def judged(self, answers: Answers, known: Sequence[str] = ()) -> Answers:
        """The answers with what is accepted marked, and with what has to be said of the list itself."""
        checked = tuple(self.one(each) for each in answers.checked)
        names = {self.baseline.name_of(each.path): each for each in checked}
        for number, entry in enumerate(self.baseline.entries):
            if number in self.needed:
                continue
            if known and not entry.is_code and entry.what not in known:
                self._say(UNKNOWN, WARNING, entry, f"there is no property {entry.what}")
            elif any(entry.covers(name) and _could_tell(each, entry) for name, each in names.items()):
                self._say(NEEDLESS, NOTE, entry, f"{entry.what} of {entry.cluster} is not needed any more: take it out")
        return replace(answers, checked=checked, remarks=tuple(self.remarks))

    def one(self, each: Checked) -> Checked:
        """One configuration with what is accepted marked."""
        said = tuple(replace(s, accepted=self._of_said(each.path, s)) for s in each.said)
        if each.report is None:
            return replace(each, said=said)
        results = tuple(replace(r, accepted=self._of_result(each.path, r)) for r in each.report.results)
        return replace(each, said=said, report=replace(each.report, results=results))

    def _of_said(self, path: str, said: Said) -> str:
        for number, entry in self._entries(path, said.code, is_code=True):
            self.needed.add(number)
            if self._still(entry, path):
                return _because(entry)
        return ""

    def _of_result(self, path: str, result: Result) -> str:
        if result.outcome is Outcome.HOLDS:
            return ""
        for number, entry in self._entries(path, result.name, is_code=False):
            if entry.outcome != result.outcome.value:
                continue
            self.needed.add(number)
            if not self._still(entry, path):
                continue
            more = [way for way in ways_of(result) if way not in entry.by] if entry.by else []
            if more:
                text = f"{entry.what} of {path} is broken by {' or '.join(more)}; accepted was {' or '.join(entry.by)}"
                self._say(OUTGROWN, ERROR, entry, text)
                continue
            return _because(entry)
        return ""

    def _entries(self, path: str, what: str, *, is_code: bool) -> Iterator[tuple[int, Accepted]]:
        name = self.baseline.name_of(path)
        for number, entry in enumerate(self.baseline.entries):
            if (entry.what, entry.is_code) == (what, is_code) and entry.covers(name):
                yield number, entry

    def _still(self, entry: Accepted, path: str) -> bool:
        if self.today <= entry.until:
            return True
        self._say(EXPIRED, ERROR, entry, f"{entry.what} of {path} was accepted until {entry.until} and counts again")
        return False

    def _say(self, code: str, level: str, entry: Accepted, message: str) -> None:
        said = Said(code, level, message, entry.span)
        if said not in self.remarks:
            self.remarks.append(said)


def ways_of(result: Result) -> tuple[str, ...]:
    """The smallest sets of faults that break a claim, in words."""
    return tuple(faults_in_words(way.faults) for way in result.ways)


def _because(entry: Accepted) -> str:
    return f"until {entry.until}: {entry.reason}"


def _could_tell(each: Checked, entry: Accepted) -> bool:
    """Whether this answer shows that an entry about it is not needed: it was asked, to the end, and nothing came."""
    if each.interrupted:
        return False
    if entry.is_code:
        return True
    if each.report is None or each.report.interrupted:
        return False
    return entry.what in {r.name for r in each.results} | {s.name for s in each.report.skipped}
