"""An answer as text for a terminal, and as one JSON object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from hamodel.ir.answer import Answer, News
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import Line, padded, printed
from hamodel.renderers.review_json import story_object
from hamodel.renderers.text import render_story
from hamodel.renderers.words import whose

PLACE = re.compile(r"\S+:\d+: ")
"""Where a line of a file is quoted from."""
FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""
STYLES = {News.GOOD: "bold green", News.BAD: "bold red", News.OPEN: "bold yellow"}


def render(answer: Answer, *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """The sentence first, then what it rests on, then a command that looks further."""
    return printed(_lines(answer, width, say), width, colour)


def _lines(answer: Answer, width: int, say: Say) -> Iterator[Line]:
    def row(name: str, what: str) -> Line:
        return Line(Text.assemble((padded(say(name), 10), "dim"), what), hang=10)

    yield Line(Text(say(answer.sentence), style=STYLES[answer.news]))
    yield Line()
    yield row("cluster", whose(answer.cluster, say))
    yield row("query", answer.query)
    for index, text in enumerate(answer.evidence):
        place = PLACE.match(text)
        line = place[0] if place is not None else ""
        yield row("evidence" if index == 0 else "", line + say(text.removeprefix(line)))
    if answer.story:
        yield Line(Text(say("story"), style="dim"))
        for line in render_story(answer.story, width=width - 2, say=say).splitlines():
            yield Line(Text(f"  {line}"), wrapped=True)
    yield row("go on", answer.command)


def render_json(answer: Answer) -> str:
    """The answer, two blanks to a level, with a line feed at its end."""
    return json.dumps(as_object(answer), indent=2, ensure_ascii=False) + "\n"


def as_object(answer: Answer) -> Mapping[str, object]:
    """What `render_json` writes."""
    return {
        "hamodel": answer.version,
        "format": FORMAT,
        "cluster": answer.cluster,
        "question": answer.question,
        "query": answer.query,
        "answer": answer.sentence,
        "news": answer.news.value,
        "evidence": list(answer.evidence),
        "story": [story_object(line) for line in answer.story],
        "command": answer.command,
        "interrupted": answer.interrupted,
    }


def render_list(
    queries: Sequence[tuple[str, str, str, Sequence[str]]],
    faults: Sequence[tuple[str, str]],
    *,
    width: int = 80,
    colour: bool = False,
    say: Say = english,
) -> str:
    """Every query: its name, what it says, an example and its forms; then the words for faults."""

    def lines() -> Iterator[Line]:
        for name, says, example, forms in queries:
            yield Line(Text.assemble((name, "bold"), f"  {say(says)}"), hang=2)
            yield Line(Text(f'  hamodel ask "{example}"'), hang=4)
            for form in forms:
                yield Line(Text(f"  {form}", style="dim"), hang=4)
            yield Line()
        yield Line(Text(say("{fault} is one of"), style="bold"))
        for name, says in faults:
            yield Line(Text.assemble((f"  {name:<9}", "dim"), says), hang=11)
        part = "a part of a line of haresources, or `everything`"
        parts = "a node, `both nodes`, a card (`eth0`, `eth0 on node1`), `all cables`, a ping node, `ipfail on node1`"
        yield Line(Text.assemble((say("{parts} is one or several of"), "bold"), f" {say(parts)}"), hang=2)
        yield Line(Text.assemble((say("{group} is"), "bold"), f" {say(part)}"), hang=2)

    return printed(lines(), width, colour)
