"""The house is in order: formatted, linted, typed, and imports point one way. One command tests all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


@pytest.mark.parametrize("check", [("format", "--check"), ("check",)], ids=["formatted", "linted"])
def test_the_text_is_in_order(check: tuple[str, ...]) -> None:
    run(sys.executable, "-m", "ruff", *check, "hamodel", "properties", "tests")


def test_everything_is_typed() -> None:
    run(sys.executable, "-m", "mypy")


def test_imports_point_one_way() -> None:
    run(str(Path(sys.executable).with_name("lint-imports")))


def test_no_module_grows_beyond_reading() -> None:
    sizes = {p: len(p.read_text().splitlines()) for p in (ROOT / "hamodel").rglob("*.py")}

    assert {str(p.relative_to(ROOT)): n for p, n in sizes.items() if n > 600} == {}
