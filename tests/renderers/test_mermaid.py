"""Mermaid text keeps to a small grammar, so that every viewer draws it."""

from __future__ import annotations

import json
import re

from hamodel.ir.expr import TRUE
from hamodel.ir.system import Kind
from hamodel.lifecycle import Arrow, Chart, Control, Mode, chart, of_variable
from hamodel.renderers import mermaid
from tests.disk_toy import toy

LINES = (
    r"    %% [^\n]+",
    r'    state "[^"\n]+" as m\d+',
    r"    \[\*\] --> m\d+",
    r"    m\d+ --> m\d+: [^;#\"\n]+",
)


def well_formed(text: str) -> bool:
    """The grammar: a title in front matter, the kind of diagram, then declarations and moves between declared modes."""
    head = re.match(r"---\ntitle: (\"[^\n]*\")\n---\nstateDiagram-v2\n", text)
    if head is None or not json.loads(head[1]):
        return False
    body = text[head.end() :].splitlines()
    declared = set(re.findall(r'" as (m\d+)', text))
    used = set(re.findall(r"\b(m\d+)\b(?= -->|:|$)", "\n".join(body), re.MULTILINE))
    return all(any(re.fullmatch(line, b) for line in LINES) for b in body) and used <= declared


def test_a_diagram_parses() -> None:
    system = toy()

    assert well_formed(mermaid.render(chart(system, of_variable(system, "up[0]"), scope='read; from "the" rules')))


def test_the_grammar_of_this_test_refuses_what_mermaid_would() -> None:
    good = mermaid.render(chart(toy(), of_variable(toy(), "up[0]")))

    assert not well_formed(good.replace("m0 --> m1:", "m0 --> m7:"))
    assert not well_formed(good.replace("stateDiagram-v2", "stateDiagram"))


def test_names_with_blanks_and_signs_become_labels() -> None:
    control = Control("x", "x", 'a "quoted" title', (Mode("waiting to release", TRUE), Mode("a;b", TRUE)))
    arrows = (Arrow("waiting to release", "cut[node1:eth0]", "a;b", Kind.FAULT, "cut node1:eth0", 1),)

    text = mermaid.render(Chart(control, "waiting to release", arrows))

    assert well_formed(text)
    assert 'state "waiting to release" as m0' in text
    assert "m0 --> m1: cut node1:eth0" in text


def test_what_was_never_seen_stands_in_brackets() -> None:
    system = toy()
    found = chart(system, of_variable(system, "up[0]"), {("0", "mounted[node1]", "1"): 1})

    text = mermaid.render(found)

    assert "m0 --> m1: mounted node1\n" in text
    assert "m1 --> m0: (unmounted node1)" in text
