"""What the machine refuses is said and is no fault of ours: a full disk, a file in the way, a narrow character set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _run(*args: str, stdout: int | str = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "hamodel.cli", *args]
    if isinstance(stdout, str):
        with Path(stdout).open("w") as sink:
            return subprocess.run(
                command, stdout=sink, stderr=subprocess.PIPE, text=True, env=environ, timeout=120, check=False
            )
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=environ, timeout=120, check=False
    )


def test_chinese_on_an_ascii_terminal() -> None:
    done = _run("course", "1", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "?" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    done = _run("faults", stdout="/dev/full")
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "our own fault" not in done.stderr


@pytest.mark.parametrize("words", [("rules",), ("ask", "--list"), ("config", "specs/01-webdata")])
def test_a_reader_that_goes_away_is_no_fault(words: tuple[str, ...]) -> None:
    inlet, outlet = os.pipe()
    os.close(inlet)
    try:
        done = _run(*words, stdout=outlet)
    finally:
        os.close(outlet)
    assert (done.returncode, done.stderr) == (141, "")


WRONG = (
    ["chek"],
    ["export", "specs/01-webdata", "--format", "smv"],
    ["check", "not-there"],
    ["--version"],
    ["check", "-h"],
)


@pytest.mark.parametrize("words", WRONG)
def test_an_error_that_nobody_reads_is_no_violation(words: list[str]) -> None:
    inlet, outlet = os.pipe()
    os.close(inlet)
    try:
        ended = subprocess.run([sys.executable, "-m", "hamodel.cli", *words], stdout=outlet, stderr=outlet, check=False)
    finally:
        os.close(outlet)
    assert ended.returncode == 141
