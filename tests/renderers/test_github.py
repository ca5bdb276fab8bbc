"""GitHub: annotations the runner can read, and a summary that is Markdown whatever the files say."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hamodel.ir.answers import NOTE, REFUSED, Answers, Checked, Said
from hamodel.renderers.github import render, summary
from hamodel.source import Span

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^::(error|warning|notice) (\w+=[^,:]*(?:,\w+=[^,:]*)*)::(.+)$")


def parts(answers: Answers) -> list[tuple[str, dict[str, str], str]]:
    found = [LINE.match(line) for line in render(answers, ROOT).splitlines()]
    assert all(found)
    return [(m[1], dict(p.split("=", 1) for p in m[2].split(",")), m[3]) for m in found if m]


def test_a_violation_is_an_error_on_the_line_it_rests_on(answers: Answers) -> None:
    (level, place, text) = next(p for p in parts(answers) if p[1]["title"].endswith("single_mount"))

    assert (level, place["file"], place["line"]) == ("error", "specs/01-webdata/ha.cf", "4")
    assert "%0A28.000 s  node2 declares node1 dead" in text


def test_a_refusal_points_at_its_word(answers: Answers) -> None:
    (_, place, text) = next(p for p in parts(answers) if "HA104" in p[1]["title"])

    assert (place["line"], place["col"], place["endColumn"]) == ("5", "10", "11")
    assert text.endswith("help: raise deadtime above 4 s")


def test_notes_and_what_is_accepted_make_no_annotation() -> None:
    said = (Said("HA141", NOTE, "a note"), Said("HA104", REFUSED, "known", accepted="until 2027-01-31: so"))

    assert render(Answers((Checked("web", "web/ha.cf", said=said),))) == ""


def test_nothing_in_a_file_can_forge_a_command() -> None:
    said = Said("HA102", REFUSED, "x\n::error::y", Span("a,b:c.cf", 1, 1, 1))

    (line,) = render(Answers((Checked("web::x", "h", said=(said,)),))).splitlines()

    assert line.startswith(
        "::error file=a%2Cb%3Ac.cf,line=1,col=1,endColumn=2,title=web%3A%3Ax%3A HA102::x%0A::error::y"
    )


def test_the_summary_is_a_table_and_a_story_for_each_violation(answers: Answers) -> None:
    text = summary(answers)

    assert "| specs/01-webdata | :x: 8 of 15 | " in text
    assert "| fleet/bad | :no_entry: refused | HA104 |" in text
    assert text.count("<details>") == text.count("</details>") == 8
    assert "28.000 s  node2 declares node1 dead" in text


def test_the_summary_tells_what_was_kept_and_what_is_accepted(answers: Answers) -> None:
    good = answers.checked[0]
    assert good.report is not None
    results = tuple(replace(r, accepted="until 2027-01-31: so") for r in good.report.results)
    text = summary(Answers((replace(good, report=replace(good.report, results=results, cached=True)),)))

    assert "| specs/01-webdata | :white_check_mark: 15 pass | 15 accepted; kept from an earlier check |" in text


def test_names_cannot_break_out_of_the_summary() -> None:
    said = Said("HA102", REFUSED, "<script>|`*", Span("`|`", 1))

    text = summary(Answers((Checked("a|b<i>", "h", said=(said,)),)))

    assert "<script>" not in text and "<i>" not in text
    assert "a\\|b&lt;i>" in text
