"""`hamodel engines` tells who can answer what, and `--engine` knows the same names."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.cli.check import ENGINES
from hamodel.engines import catalogue
from hamodel.engines.catalogue import CATALOGUE


def run(*words: str) -> str:
    result = CliRunner().invoke(command, ["engines", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_every_engine_is_listed_with_what_it_answers() -> None:
    lines = run().splitlines()

    assert [line.split()[0] for line in lines if not line.startswith(" ")] == list(CATALOGUE)
    assert max(len(line) for line in lines) <= 80
    assert "untimed; always, sometimes" in run()


def test_programs_get_the_same() -> None:
    rows = json.loads(run("--format", "json"))["engines"]

    assert {row["engine"]: row["untimed"] for row in rows}["ic3"] is True
    assert {row["engine"]: row["answers"] for row in rows}["classes"] == ["always", "leads_to", "sometimes"]


def test_check_takes_the_same_names() -> None:
    assert set(ENGINES) == set(CATALOGUE)


def test_a_missing_library_is_said_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_there", lambda _package: False)

    assert "hamodel[symbolic]" in run()
    assert "llvmlite is not installed, so it is slow" in run()
    assert max(len(line) for line in run().splitlines()) <= 80
