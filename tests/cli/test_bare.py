"""Installed without extras: what compiles, proves and draws is missing; a command answers or says what to add."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTRAS = ("llvmlite", "scipy", "oxidd", "dd", "pysat", "textual", "ray", "cairosvg", "selenium")
BARE = """
import sys
for name in {extras}:
    sys.modules[name] = None
sys.argv = ["hamodel", *{words}]
from hamodel.cli import main
main()
"""


def bare(*words: str) -> subprocess.CompletedProcess[str]:
    """The program in a process in which no extra can be imported."""
    text = BARE.format(extras=EXTRAS, words=words)
    command = [sys.executable, "-c", text]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_a_check_is_answered_by_plain_python() -> None:
    done = bare("check", "specs/01-webdata", "--property", "single_mount", "--faults", "kill=1", "--no-evidence")

    assert done.returncode == 1, done.stderr
    assert "single_mount  violated" in done.stdout
    assert "plain Python" in done.stdout


def test_the_untimed_question_is_answered_by_numpy() -> None:
    words = ("check", "specs/01-webdata", "--property", "single_mount", "--faults", "kill=1", "--engine", "explicit")
    done = bare(*words, "--no-evidence")

    assert done.returncode == 3, done.stderr
    assert "with other delays it comes about (kill" in done.stdout


@pytest.mark.parametrize(("engine", "extra"), [("symbolic", "symbolic"), ("ic3", "proofs")])
def test_an_engine_that_is_missing_names_its_extra(engine: str, extra: str) -> None:
    done = bare("check", "specs/01-webdata", "--property", "single_mount", "--engine", engine, "--no-evidence")

    assert done.returncode == 2, done.stdout
    assert f"hamodel[{extra}]" in done.stderr
    assert "our own fault" not in done.stderr
