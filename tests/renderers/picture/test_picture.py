"""Pictures say what the run says: a bar for each span, red where two owners are, and every sentence once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.ir.exhibit import Arrow, Item, Look, Scene, Strip
from hamodel.ir.report import StoryLine
from hamodel.renderers.picture import messages, png, sequence, spans, timeline
from hamodel.renderers.picture.theme import fixed

ROOT = Path(__file__).resolve().parents[3]


def look(one: str, other: str, medium: str = "beats") -> Look:
    return Look(("active", "active"), ("active", "active"), ((one,), (other,)), ((medium, medium),), (), ())


def scene(at: int, said: str, look: Look, node: str = "node2") -> Scene:
    return Scene(at, said, "timer", said, (StoryLine(at, node, said, cause=not node),), look, ())


def strip(node: str = "node1") -> Strip:
    """The other node starts at 10 s and runs from 12 s; the first lets go at 15 s."""
    scenes = (
        replace(scene(0, "begin", look("running", "stopped")), story=()),
        scene(1_000, "the cable eth1 is cut", look("running", "stopped", "cut"), ""),
        scene(10_000, "begins to mount", look("running", "starting", "cut")),
        scene(12_000, "has mounted /dev/sdb5", look("running", "running", "cut")),
        scene(15_000, "lets go", look("stopped", "running", "cut"), node),
    )
    arrows = (Arrow(0, 1, 1, 2, "status; #1"), Arrow(1, 0, 2, None, "lost"))
    return Strip(
        (node, "node2"), (Item("Filesystem::/dev/sdb5", "/dev/sdb5", "disk"),), ("eth1",), (), scenes, arrows, ()
    )


def test_a_resource_is_there_from_the_begin_of_its_start_to_the_end_of_its_stop() -> None:
    other = spans.resource(strip(), 1, 0)

    assert [(span.begin, span.end, span.what) for span in other] == [
        (10_000, 12_000, "starting"),
        (12_000, spans.end_of(strip()), "running"),
    ]


def test_two_owners_are_one_span_as_long_as_both_run() -> None:
    assert [(span.begin, span.end) for span in spans.twice(strip(), 0)] == [(12_000, 15_000)]


def test_a_medium_breaks_when_it_is_cut() -> None:
    assert next((span.what, span.end) for span in spans.medium(strip(), 0)) == ("beats", 1_000)
    assert spans.medium(strip(), 0)[-1].what == "cut"


def test_the_timeline_is_xml_with_the_overlap_as_a_bar_of_its_own() -> None:
    root = ElementTree.fromstring(timeline.render(strip(), "single_mount"))

    bars = [e for e in root.iter("{http://www.w3.org/2000/svg}rect") if "twice" in e.get("class", "")]
    wide = float(bars[0].get("width", "0"))
    whole = spans.end_of(strip()) - spans.begin_of(strip())
    assert len(bars) == 1
    assert wide == pytest.approx(timeline.PLOT * 3_000 / whole, abs=0.2)


def test_every_sentence_stands_in_the_legend_once() -> None:
    svg = timeline.render(strip(), "x")

    for sentence in ("the cable eth1 is cut", "node2 has mounted /dev/sdb5", "node1 lets go"):
        assert svg.count(f">{sentence}<") == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'a"b', "]]>", "&amp;", "节点"])
def test_strange_names_do_no_harm(name: str) -> None:
    root = ElementTree.fromstring(timeline.render(strip(name), name))

    assert name in [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_the_same_run_gives_the_same_bytes() -> None:
    assert timeline.render(strip(), "x") == timeline.render(strip(), "x")


@pytest.mark.parametrize("dark", [False, True])
def test_fixed_colours_leave_no_variable_behind(dark: bool) -> None:
    text = fixed(timeline.render(strip(), "x"), dark)

    assert "var(" not in text
    assert "--" not in text.split("</style>")[0]
    assert "prefers-color-scheme" not in text


def test_a_message_is_an_arrow_when_it_is_handled_and_a_cross_when_never() -> None:
    lines = messages.render(strip(), "x").splitlines()

    assert "  n0->>n1: status#59; #35;1" in lines
    assert "  n1-xn0: lost" in lines
    assert "  Note over n0,n1: 1 s the cable eth1 is cut" in lines
    assert lines.index("  n0->>n1: status#59; #35;1") < lines.index("  Note over n1: 10 s begins to mount")


def test_a_slide_has_pixels() -> None:
    pytest.importorskip("resvg_py", reason="the extra `png` is not installed")

    assert png.render(timeline.render(strip(), "x")).startswith(b"\x89PNG")


@pytest.mark.parametrize("ending", ["svg", "mmd", "md"])
def test_the_command_draws_the_run_of_a_spec(ending: str, tmp_path: Path) -> None:
    out = tmp_path / f"night.{ending}"
    spec = str(ROOT / "specs" / "14-article-5-killall")

    done = CliRunner().invoke(command, ["picture", spec, "--property", "single_mount", "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert re.search(r"has mounted /dev/sdb5", out.read_text())


def test_an_ending_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["picture", str(ROOT), "--out", str(tmp_path / "night.doc")])

    assert done.exit_code == 2
    assert "ends in none of .svg, .png, .mmd, .md" in done.output


SVG = "{http://www.w3.org/2000/svg}"


def test_a_message_goes_from_line_to_line_and_never_up() -> None:
    root = ElementTree.fromstring(sequence.render(strip(), "who said what"))
    lines = {e.get("x1") for e in root.iter(f"{SVG}line") if e.get("class") == "lifeline"}
    (sent,) = [e for e in root.iter(f"{SVG}line") if e.get("class") == "message"]

    assert len(lines) == 2
    assert sent.get("x1") in lines
    assert min(abs(float(sent.get("x2", "0")) - float(x or 0)) for x in lines) <= 2
    assert float(sent.get("y2", "0")) > float(sent.get("y1", "0"))


def test_a_message_that_nobody_handled_ends_in_a_cross() -> None:
    root = ElementTree.fromstring(sequence.render(strip(), "x"))
    lost = [e for e in root.iter(f"{SVG}line") if e.get("class") == "message lost"]

    assert len(lost) == len([e for e in root.iter(f"{SVG}path") if "cross" in e.get("class", "")]) == 1


def test_every_sentence_and_every_message_is_drawn_and_a_cause_is_red() -> None:
    root = ElementTree.fromstring(sequence.render(strip(), "x"))
    said = {e.text: e.get("class", "") for e in root.iter(f"{SVG}text")}

    assert {"begins to mount", "has mounted /dev/sdb5", "lets go", "status; #1", "lost"} <= said.keys()
    assert "cause" in said["the cable eth1 is cut"]
    assert "cause" not in said["lets go"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'a"b', "]]>", "&amp;", "节点"])
def test_names_stay_names_in_a_sequence(name: str) -> None:
    root = ElementTree.fromstring(sequence.render(strip(name), name))
    assert name in {e.text for e in root.iter(f"{SVG}text")}


def test_a_timeline_is_no_mermaid(tmp_path: Path) -> None:
    out = tmp_path / "x.md"
    done = CliRunner().invoke(command, ["picture", "specs/01-webdata", "--kind", "timeline", "--out", str(out)])
    assert done.exit_code == 2
    assert "a timeline is drawn as .svg or .png" in done.output
