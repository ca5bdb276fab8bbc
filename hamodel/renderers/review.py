"""A review as one reads it in a terminal: what it can cost is the heading, and the dearest comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from rich.text import Text

from hamodel.ir.report import faults_in_words
from hamodel.ir.review import Cost, Practice, Remark, Review, Source
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import Line, padded, printed
from hamodel.renderers.review_said import said
from hamodel.renderers.text import render_story
from hamodel.renderers.words import when
from hamodel.source import clipped

STYLES = {
    Cost.DATA_LOSS: "bold red",
    Cost.OUTAGE: "red",
    Cost.SURPRISE: "yellow",
    Cost.HYGIENE: "dim",
}
FIRST, ALL, NONE = "first", "all", "none"
"""Which runs are told in full: the dearest of each heading, all, or none."""


def render(
    review: Review,
    *,
    width: int = 80,
    colour: bool = False,
    least: Cost = Cost.HYGIENE,
    stories: str = FIRST,
    say: Say = english,
) -> str:
    """The whole review; findings below `least` are counted and not told."""
    return printed(_lines(said(review, say), width, least, stories, say), width, colour)


def _lines(review: Review, width: int, least: Cost, stories: str, say: Say) -> Iterator[Line]:
    yield from _head(review, say)
    shown = review.at_or_above(least)
    number = 0
    for cost in Cost:
        here = [remark for remark in shown if remark.cost is cost]
        if not here:
            continue
        yield Line()
        yield Line(Text(say(cost.value.upper()), style=STYLES[cost]))
        told = False
        for remark in here:
            number += 1
            full = stories == ALL or (stories == FIRST and not told and bool(remark.story))
            told = told or full
            if cost is not Cost.HYGIENE:
                yield Line()
            yield from _remark(remark, number, width, say, full=full, brief=cost is Cost.HYGIENE)
    yield from _cited(shown, say)
    yield Line()
    yield _summary(review, len(review.remarks) - len(shown), say)
    if stories == FIRST and sum(1 for remark in shown if remark.story) > 1:
        yield Line(Text(say("the first run of each cost is told: --stories all tells every one"), style="dim"))


def _head(review: Review, say: Say) -> Iterator[Line]:
    yield Line(Text(f"hamodel {review.version}".rstrip(), style="bold"))
    nodes = say(" and ").join(review.nodes) or say("no node")
    yield _row(say("cluster"), f"{review.cluster}{say(': ')}{nodes}, Heartbeat {review.heartbeat}")
    if review.refused:
        yield _row(say("starts"), Text(f"{say('no')}: {review.refused}", style="bold red"))
    if review.checked:
        yield _row(say("checked"), f"{review.checked}, {review.seconds:.1f} s")
    if review.unchecked:
        yield _row(say("not checked" if not review.checked else "open"), review.unchecked)
    if review.logs:
        yield _row(say("logs"), ", ".join(review.logs))
    for fact in review.facts:
        if fact.name in ("paths", "noted only"):
            origin = f" ({fact.origin})" if fact.origin and fact.value != say("nothing") else ""
            yield _row(say(fact.name), f"{fact.value}{origin}")
        else:
            name, on, node = fact.name.partition(" on ")
            yield _row(say(name) + on + node, f"{padded(fact.value, 22)} {fact.origin}".rstrip())


def _row(name: str, what: str | Text) -> Line:
    text = Text.assemble((f"{padded(name, 13)} ", "dim"), what)
    return Line(text, hang=14)


def _place(remark: Remark) -> str:
    if not remark.file:
        return ""
    name = PurePath(remark.file).name
    return f"{name}:{remark.line}" if remark.line else name


def _remark(remark: Remark, number: int, width: int, say: Say, *, full: bool, brief: bool) -> Iterator[Line]:
    label = f"{number:>3}  "
    rules = " ".join(rule.id for rule in remark.rules)
    title = Text.assemble(label, (remark.code, "bold"))
    for part in (_place(remark), rules):
        if part:
            title.append(f"  {part}", style="dim")
    if brief:
        title.append(f"  {remark.message}")
        yield Line(title, hang=5)
        if remark.repair:
            yield Line(Text(f"     {padded(say('repair'), 9)} {remark.repair}", style="dim"), hang=15)
        return
    if remark.source is not Source.READ:
        title.append(f"  ({say(remark.source.value)})", style="dim")
    yield Line(title, hang=5)
    yield Line(Text(f"     {clipped(remark.message)}"), hang=5)
    if remark.ways:
        yield from _ways(remark, say)
    elif remark.evidence:
        yield from _named(say("seen"), [clipped(seen) for seen in remark.evidence])
    if remark.story and full:
        yield Line(Text(f"     {say('story')}", style="dim"))
        for line in render_story(remark.story, width=width - 7, say=say).splitlines():
            yield Line(Text(f"       {line}"), hang=7, wrapped=True)
    if remark.rests_on and full:
        named = [f"{PurePath(c.file).name}{f':{c.line}' if c.line else ''}  {say(c.text)}" for c in remark.rests_on]
        yield from _named(say("rests on"), named)
    if remark.repair:
        yield from _named(say("repair"), (remark.repair,))


def _ways(remark: Remark, say: Say) -> Iterator[Line]:
    if all(way.length is None and way.earliest is None for way in remark.ways):
        yield from _named(say("enough"), (say("; or ".join(faults_in_words(way.faults) for way in remark.ways)),))
        return
    names = [faults_in_words(way.faults) for way in remark.ways]
    wide = max(map(len, names))
    rows = [f"{name:<{wide}}  {say(when(way))}".rstrip() for name, way in zip(names, remark.ways, strict=True)]
    yield from _named(say("enough"), rows)


def _named(name: str, rows: Sequence[str]) -> Iterator[Line]:
    for index, row in enumerate(rows):
        label = name if index == 0 else ""
        yield Line(Text.assemble((f"     {padded(label, 9)} ", "dim"), row), hang=15)


def _cited(remarks: Sequence[Remark], say: Say) -> Iterator[Line]:
    """Each rule once, with its reason and its source."""
    rules: dict[str, Practice] = {rule.id: rule for remark in remarks for rule in remark.rules}
    if not rules:
        return
    yield Line()
    yield Line(Text(say("rules of practice"), style="bold"))
    for key in sorted(rules, key=lambda name: int(name[1:])):
        rule = rules[key]
        text = Text.assemble(
            (f"  {rule.id:<4}", "bold"), f"{rule.rule}{say(': ')}{rule.reason} ", (f"[{rule.source}]", "dim")
        )
        yield Line(text, hang=6)


def _summary(review: Review, hidden: int, say: Say) -> Line:
    counts = [(cost, sum(1 for r in review.remarks if r.cost is cost)) for cost in Cost]
    text = Text(", ".join(say(f"{count} {cost.value}") for cost, count in counts if count) or say("nothing to say"))
    if hidden:
        text.append(say(f" ({hidden} not shown)"), style="dim")
    return Line(text)
