"""The picture of a lifecycle is well-formed, tells everything its chart tells, and is the same each time."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hamodel.ir.system import Kind
from hamodel.lifecycle import Arrow, Chart, chart, of_variable, seen
from hamodel.renderers import dot, svg
from tests.disk_toy import toy

SVG = "{http://www.w3.org/2000/svg}"


def disk(possible: bool = False) -> Chart:
    """The disk of node1, of which one mount was seen."""
    system = toy()
    up = of_variable(system, "up[0]")
    found = chart(system, up, {("0", "mounted[node1]", "1"): 3}, scope="one mount & nothing <else>")
    return found if possible else found.taken()


def tree(found: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg.render(found))


def test_the_picture_is_well_formed_and_has_a_box_a_mode_and_a_line_a_move() -> None:
    picture = tree(disk(possible=True))

    boxes = [r for r in picture.iter(f"{SVG}rect") if "box" in r.get("class", "").split()]
    lines = [p for p in picture.iter(f"{SVG}path") if p.find(f"{SVG}title") is not None]

    assert [t.text for t in picture.iter(f"{SVG}text") if t.get("class") == "mode"] == ["0", "1"]
    assert len(boxes) == 2
    assert len(lines) == len(disk(possible=True).edges()) == 2
    assert all(line.get("marker-end", "").startswith("url(#head-") for line in lines)


def test_everything_lies_inside_the_picture() -> None:
    picture = tree(disk(possible=True))
    _, _, width, height = (float(n) for n in picture.get("viewBox", "").split())

    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x", "-1")) <= width
        assert 0 <= float(text.get("y", "-1")) <= height


def test_a_line_tells_how_often_it_was_taken_and_that_another_never_was() -> None:
    told = [t.text or "" for t in tree(disk(possible=True)).iter(f"{SVG}title")]

    assert any("mounted[node1]: seen 3 times" in t for t in told)
    assert any("unmounted[node1]: never seen, but the rules permit it" in t for t in told)


def test_what_was_never_seen_is_dashed_and_left_out_where_only_the_seen_is_wanted() -> None:
    assert "line timer unseen" in svg.render(disk(possible=True))
    assert "line timer unseen" not in svg.render(disk())


def test_words_with_markup_in_them_do_no_harm() -> None:
    texts = [t.text for t in tree(disk()).iter(f"{SVG}text")]

    assert "one mount & nothing <else>" in texts


def test_the_picture_is_dark_where_its_reader_is() -> None:
    assert "prefers-color-scheme: dark" in svg.render(disk())


def test_a_power_cut_and_its_repair_have_their_own_colours() -> None:
    lamp = of_variable(toy(), "plugged[0]")
    arrows = (
        Arrow("1", "power_off[n]", "0", Kind.FAULT, "power off", 1),
        Arrow("1", "power_on[n]", "0", Kind.REPAIR, "power on", 1),
    )
    labels = {
        t.text: t.get("class")
        for t in tree(Chart(lamp, "1", arrows)).iter(f"{SVG}text")
        if t.get("class", "").startswith("label")
    }

    assert labels == {"power off": "label fault", "power on": "label repair"}


def test_same_chart_same_bytes() -> None:
    assert svg.render(disk()) == svg.render(disk())
    moves = seen(toy(), [of_variable(toy(), "up[0]")], [])
    assert moves[0] == {}


def test_graphviz_gets_every_mode_and_every_move() -> None:
    text = dot.render(disk(possible=True))

    assert len(re.findall(r"^  m\d \[label=", text, re.MULTILINE)) == 2
    assert len(re.findall(r"^  m\d -> m\d \[label=", text, re.MULTILINE)) == 2
    assert text.count("style=dashed") == 1
    assert text.count("{") == text.count("}")
