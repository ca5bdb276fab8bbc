"""A review in the reader's language: its prose is said anew, its codes, costs and sources stay the keys they are."""

from __future__ import annotations

from dataclasses import replace

from hamodel.ir.review import Fact, Practice, Remark, Review
from hamodel.renderers.language import Say, english

DAEMON = "heartbeat says: "
"""What stands before a line of the daemon, which nobody translates."""


def said(review: Review, say: Say) -> Review:
    """The same review, spoken by `say`; every format prints what it is given."""
    if say is english:
        return review
    return replace(
        review,
        remarks=tuple(_remark(remark, say) for remark in review.remarks),
        facts=tuple(_fact(fact, say) for fact in review.facts),
        refused=say(review.refused),
        checked=say(review.checked),
        unchecked=say(review.unchecked),
    )


def _remark(remark: Remark, say: Say) -> Remark:
    return replace(
        remark,
        message=say(remark.message),
        evidence=tuple(_evidence(text, remark, say) for text in remark.evidence),
        repair=say(remark.repair),
        rules=tuple(_rule(rule, say) for rule in remark.rules),
        story=tuple(replace(line, text=say(line.text)) for line in remark.story),
    )


def _evidence(text: str, remark: Remark, say: Say) -> str:
    """Lines of files, of logs and of the daemon are quoted as they are."""
    if text.startswith(DAEMON):
        return f"{say('heartbeat says')}: {text.removeprefix(DAEMON)}"
    return say(text) if remark.ways or text.startswith("and ") or not remark.file else text


def _rule(rule: Practice, say: Say) -> Practice:
    return replace(rule, rule=say(rule.rule), reason=say(rule.reason))


def _fact(fact: Fact, say: Say) -> Fact:
    return replace(fact, value=say(fact.value), origin=say(fact.origin))
