"""`hamodel export`, as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.cli.export import TIMED, UNTIMED

SPEC = Path(__file__).parents[2] / "specs" / "01-webdata"


def call(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, ["export", str(SPEC), "--quiet", *words])
    return done.exit_code, done.output


@pytest.mark.parametrize("target", ["uppaal"])
def test_a_file_says_where_it_comes_from(target: str, tmp_path: Path) -> None:
    out = tmp_path / f"pair.{(UNTIMED | TIMED)[target]}"

    code, said = call("--to", target, "--property", "single_mount", "--faults", "kill=1", "--out", str(out))

    assert (code, said) == (0, "")
    text = out.read_text()
    for words in ("at most 1 in all", "kill 1", "from the steady state", "property single_mount (always)", out.name):
        assert words in text


def test_one_question_an_export() -> None:
    code, said = call("--to", "promela", "--property", "single_mount", "--never", "up[node1,/dev/sdb5]")

    assert code == 2
    assert "one question an export" in said


def test_a_promise_needs_time() -> None:
    code, said = call("--to", "promela", "--property", "failback_converges", "--faults", "kill=1")

    assert code == 2
    assert "HA430" in said
    assert "--to uppaal" in said


def test_a_file_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    nowhere = tmp_path / "no" / "pair.m"

    code, said = call("--to", "murphi", "--faults", "kill=1", "--out", str(nowhere))

    assert code == 2
    assert "No such file or directory" in said


def test_a_style_is_for_promela() -> None:
    code, said = call("--to", "smv", "--style", "plain")

    assert code == 2
    assert "--style is a matter of promela" in said


def test_help_has_examples() -> None:
    code, said = call("--help")

    assert code == 0
    for target in (*UNTIMED, *TIMED):
        assert target in said
    assert "hamodel export . --to uppaal" in said
