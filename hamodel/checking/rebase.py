"""A list of accepted findings is brought up to date; comments, reasons and dates of what is still true stay.

What was found and is in no entry gets one; what nothing needs any more goes; what had expired gets a new day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from hamodel.checking.accepted import EXPIRED, NEEDLESS, OUTGROWN, ways_of
from hamodel.config.baseline import Baseline, read_baseline
from hamodel.ir.answers import Answers
from hamodel.ir.report import Result
from hamodel.source import Span

DAYS = 90
"""So long is accepted what nobody gave a day."""
HEAD = "What we live with, why, and until when: `hamodel check --baseline` lets it pass."


def empty(path: Path) -> Baseline:
    """A list without entries, or the one that is there."""
    return read_baseline(path) if path.exists() else Baseline(path, ())


def written(baseline: Baseline, answers: Answers, today: datetime.date) -> str:
    """The list with everything in these answers that does not pass; they have been judged by the list as it is."""
    text = baseline.path.read_text(encoding="utf-8") if baseline.path.exists() else f"# {HEAD}\n\n"
    document = tomlkit.parse(text)
    tables: Any = document.get("accepted")
    if tables is None:
        tables = tomlkit.aot()
        document["accepted"] = tables
    until = today + datetime.timedelta(days=DAYS)
    remarks: dict[Span | None, set[str]] = {}
    for said in answers.remarks:
        remarks.setdefault(said.span, set()).add(said.code)
    open_results = list(_results(baseline, answers))
    for entry, table in zip(baseline.entries, list(tables), strict=True):
        told = remarks.get(entry.span, set())
        if EXPIRED in told:
            table["until"] = until
        if OUTGROWN in told:
            ways = [w for name, r in open_results if entry.covers(name) and r.name == entry.what for w in ways_of(r)]
            table["by"] = sorted({*entry.by, *ways})
    for number in reversed([n for n, e in enumerate(baseline.entries) if NEEDLESS in remarks.get(e.span, set())]):
        del tables[number]
    covered = [e for e in baseline.entries if NEEDLESS not in remarks.get(e.span, set())]
    for name, result in open_results:
        same = [e for e in covered if not e.is_code and e.what == result.name and e.covers(name)]
        if not any(e.outcome == result.outcome.value for e in same):
            tables.append(_table(name, "property", result.name, until, today, result.outcome.value, ways_of(result)))
    for name, code in dict.fromkeys(_refusals(baseline, answers)):
        if not any(e.is_code and e.what == code and e.covers(name) for e in covered):
            tables.append(_table(name, "code", code, until, today))
    return tomlkit.dumps(document)


def _results(baseline: Baseline, answers: Answers) -> Iterator[tuple[str, Result]]:
    for each in answers.checked:
        if not each.interrupted and each.report is not None and not each.report.interrupted:
            yield from ((baseline.name_of(each.path), r) for r in each.results if not answers.passes(r))


def _refusals(baseline: Baseline, answers: Answers) -> Iterator[tuple[str, str]]:
    for each in answers.checked:
        yield from ((baseline.name_of(each.path), said.code) for said in each.refusals if not said.accepted)


def _table(
    cluster: str,
    key: str,
    what: str,
    until: datetime.date,
    today: datetime.date,
    outcome: str = "violated",
    by: Sequence[str] = (),
) -> Any:  # noqa: ANN401  # a table of tomlkit, which types it as Any itself
    table = tomlkit.table()
    table["cluster"] = cluster
    table[key] = what
    if outcome != "violated":
        table["outcome"] = outcome
    if by:
        table["by"] = list(by)
    table["reason"] = f"found when this list was written on {today}"
    table["until"] = until
    table.add(tomlkit.nl())
    return table
