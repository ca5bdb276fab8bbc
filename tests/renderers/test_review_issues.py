"""A review as SARIF and as annotations."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from hamodel.cli import command

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8"))


def reviewed(folder: str, *words: str) -> tuple[str, int]:
    done = CliRunner().invoke(command, ["review", folder, "--fast", "--quiet", *words])
    return done.stdout, done.exit_code


@pytest.fixture
def refused(tmp_path: Path) -> str:
    for name in ("ha.cf", "haresources"):
        text = (ROOT / "specs" / "01-webdata" / name).read_text().replace("deadtime 30", "deadtime 3")
        (tmp_path / name).write_text(text)
    return str(tmp_path)


def test_a_review_is_valid_sarif_and_ranks_as_the_review_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    text, code = reviewed("specs/01-webdata", "--format", "sarif", "--severity", "surprise")

    tree = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA).validate(tree)
    (run,) = tree["runs"]
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("HA174", "error")
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "specs/01-webdata/haresources"
    assert {result["level"] for result in run["results"]} == {"error", "warning"}
    assert run["invocations"][0]["exitCode"] == code


def test_a_refusal_is_an_annotation_in_its_place(refused: str) -> None:
    text, code = reviewed(refused, "--format", "github")

    (line,) = [line for line in text.splitlines() if "HA104" in line]
    assert line.startswith("::error file=") and "ha.cf,line=5," in line and code == 2
