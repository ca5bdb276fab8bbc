"""`hamodel region` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command

SPEC = str(Path(__file__).resolve().parents[2] / "specs" / "02-webdata-watchdog")


def region(*words: str) -> Result:
    return CliRunner().invoke(command, ["region", SPEC, "--quiet", *words])


def test_the_answer_names_the_condition_the_story_and_the_evidence(tmp_path: Path) -> None:
    picture = tmp_path / "map.svg"

    done = region("--vary", "watchdog=20s..40s", "--faults", "kill", "--points", "4", "--svg", str(picture))

    assert done.exit_code == 1, done.output
    assert "kill  unsafe where watchdog >= 28.7 s" in done.output
    assert "safe with watchdog 28.699 s (2.301 s less)" in done.output
    assert "heartbeat is killed on node1" in done.output
    assert "4 points at the borders agree" in done.output
    assert picture.read_text().startswith("<svg")


def test_the_json_says_the_same(tmp_path: Path) -> None:
    done = region("--vary", "watchdog=20s..40s", "--faults", "kill", "--points", "0", "--format", "json")

    data = json.loads(done.output)
    (found,) = data["regions"]
    assert found["pieces"][0]["conditions"] == ["watchdog >= 28.7 s"]
    assert found["pieces"][0]["faces"] == [{"constant_ms": -28_700, "coefficients": {"watchdog": 1}}]
    assert found["margin"] == {"watchdog": {"below_ms": 28_699, "above_ms": None}}
    assert found["pieces"][0]["events"][0]["name"] == "kill[node1]"


def test_a_limit_is_inconclusive() -> None:
    done = region("--vary", "watchdog=20s..28s", "--faults", "kill", "--classes", "5", "--points", "0")

    assert done.exit_code == 3
    assert "kill  not decided whatever they are: the boot: the limit of 5 classes was" in done.output
    assert "every run was explored" not in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--vary", "deadtime=10..20"], "with units"),
        (["--vary", "deadtime", "--vary", "deadtime"], "given twice"),
        (["--vary", "latency"], "least and a greatest"),
        (["--property", "nothing_like_it"], "there is no property"),
        (["--timeout", "soon"], "write something like 90s"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(words: list[str], said: str) -> None:
    done = region(*words)

    assert done.exit_code == 2
    assert said in done.output
