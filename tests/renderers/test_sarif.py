"""SARIF: valid by the schema of its committee, and everything in its place.

The schema is that of the MIT-licensed package sarif-om 1.0.4.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hamodel.ir.answers import Answers, Checked, Said
from hamodel.renderers.sarif import render
from hamodel.source import Span

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8"))


Tree = Any


def read(answers: Answers) -> Tree:
    tree = json.loads(render(answers, ROOT, version="1.2.3", exit_code=2))
    jsonschema.Draft4Validator(SCHEMA).validate(tree)
    return tree["runs"][0]


def result(run: Tree, rule: str) -> Tree:
    (found,) = [r for r in run["results"] if r["ruleId"] == rule]
    return found


def test_the_whole_is_valid_and_tells_of_the_run(answers: Answers) -> None:
    run = read(answers)

    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 2}]


def test_the_schema_is_not_blind(answers: Answers) -> None:
    tree = json.loads(render(answers, ROOT))
    tree["runs"][0]["results"][0]["level"] = "fatal"

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(tree)


def test_a_violation_stands_on_its_lines_from_the_root_of_the_repository(answers: Answers) -> None:
    found = result(read(answers), "single_mount")

    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "specs/01-webdata/ha.cf", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4}
    assert found["relatedLocations"][0]["message"]["text"] == "deadtime 30"


def test_the_story_is_a_code_flow(answers: Answers) -> None:
    (flow,) = result(read(answers), "single_mount")["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]

    assert steps[1]["location"]["message"]["text"] == "28.000 s  node2 declares node1 dead"
    assert [step["executionOrder"] for step in steps] == list(range(1, len(steps) + 1))


def test_a_refusal_points_at_its_word(answers: Answers) -> None:
    found = result(read(answers), "HA104")

    region = found["locations"][0]["physicalLocation"]["region"]
    assert (region, found["level"]) == ({"startLine": 5, "startColumn": 10, "endColumn": 11}, "error")


def test_what_holds_is_no_result_and_every_rule_has_its_number(answers: Answers) -> None:
    run = read(answers)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert "leaves_once" not in rules
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in run["results"])


def test_what_is_accepted_is_suppressed_with_its_reason(answers: Answers) -> None:
    good = answers.checked[0]
    assert good.report is not None
    results = tuple(replace(r, accepted="until 2027-01-31: because") for r in good.report.results)
    run = read(replace(answers, checked=(replace(good, report=replace(good.report, results=results)),)))

    (suppression,) = result(run, "single_mount")["suppressions"]
    assert suppression == {"kind": "external", "justification": "accepted until 2027-01-31: because"}


def test_fingerprints_stay_when_lines_move_and_differ_between_clusters(answers: Answers) -> None:
    def fingerprints(given: Answers) -> list[str]:
        return [r["partialFingerprints"]["hamodel/v1"] for r in read(given)["results"]]

    moved = replace(answers, checked=tuple(_moved(each) for each in answers.checked))
    renamed = replace(answers, checked=tuple(replace(each, path="other") for each in answers.checked))

    assert fingerprints(moved) == fingerprints(answers)
    assert not set(fingerprints(renamed)) & set(fingerprints(answers))


def _moved(each: Checked) -> Checked:
    return replace(
        each, said=tuple(replace(s, span=s.span and replace(s.span, line=s.span.line + 7)) for s in each.said)
    )


def test_a_file_with_blanks_and_bytes_has_a_uri(tmp_path: Path) -> None:
    said = Said("HA101", "refused", "no\x00", Span(f"{ROOT}/a b/\udcff%.cf", 1))

    (found,) = read(Answers((Checked("a b", "", said=(said,)),)))["results"]

    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b/%3F%25.cf"
