"""An incident's explanation in the reader's language: its prose is said anew; kinds, options and log lines stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.incident.report import Advice, Cause, Explanation, Fit, Told
from hamodel.renderers.language import Say, english


def said(report: Explanation, say: Say) -> Explanation:
    """The same explanation, spoken by `say`; every format prints what it is given."""
    if say is english:
        return report
    return replace(
        report,
        owned=tuple(replace(each, open_because=say(each.open_because)) for each in report.owned),
        overlaps=tuple(replace(each, unless=_unless(each.unless, say)) for each in report.overlaps),
        faults=tuple(replace(each, text=say(each.text)) for each in report.faults),
        cause=_cause(report.cause, say),
        advice=_advice(report.advice, say),
        inferred=tuple(replace(each, value=say(each.value)) for each in report.inferred),
        differs=tuple(
            replace(each, file_says=say(each.file_says), log_says=say(each.log_says)) for each in report.differs
        ),
        contradictions=tuple(replace(each, text=say(each.text)) for each in report.contradictions),
        unseen=tuple(replace(each, text=say(each.text)) for each in report.unseen),
        story=_story(report.story, say),
        notes=tuple(map(say, report.notes)),
        fit=_fit(report.fit, say),
    )


def _unless(text: str, say: Say) -> str:
    """The reason may stand after the name of a node."""
    node, colon, why = text.partition(": ")
    return f"{node}{say(colon)}{say(why)}" if colon else say(text)


def _cause(cause: Cause | None, say: Say) -> Cause | None:
    return None if cause is None else replace(cause, text=say(cause.text))


def _advice(advice: Sequence[Advice], say: Say) -> tuple[Advice, ...]:
    return tuple(replace(each, text=say(each.text)) for each in advice)


def _story(story: Sequence[Told], say: Say) -> tuple[Told, ...]:
    return tuple(replace(each, text=say(each.text)) for each in story)


def _fit(fit: Fit | None, say: Say) -> Fit | None:
    if fit is None:
        return None
    return replace(
        fit,
        reason=say(fit.reason),
        story=_story(fit.story, say),
        faults=tuple(map(say, fit.faults)),
        prevented_by=_advice(fit.prevented_by, say),
    )
