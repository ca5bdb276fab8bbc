"""What is refused says where the mistake is, and its exit code says whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command as hamodel
from tests.exhibits import SPECS

PAIR = str(SPECS / "01-webdata")


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[]", b'{"format": 0}'])
def test_a_file_that_is_no_trace_is_no_disagreement_of_engines(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    file.write_bytes(content)

    result = CliRunner().invoke(hamodel, ["replay", str(file)])

    assert result.exit_code == 2, result.output
    assert "HA411" in result.output


@pytest.mark.parametrize("command", ["check", "region"])
def test_a_wrong_kind_on_the_command_line_is_not_blamed_on_the_spec(command: str) -> None:
    result = CliRunner().invoke(hamodel, [command, PAIR, "--faults", "kil=1"])

    assert result.exit_code == 2
    assert "--faults: there is no kind kil; nearest: kill" in result.output
    assert "spec.toml" not in result.output


def test_a_kind_near_to_nothing_is_answered_with_the_list() -> None:
    result = CliRunner().invoke(hamodel, ["check", PAIR, "--faults", "zzz"])

    assert "`hamodel faults` tells all" in result.output
