"""`hamodel explain --fit`: the answer of the model beside what the lines prove."""

from __future__ import annotations

import json

from click.testing import CliRunner

from hamodel.cli.explain import command
from tests.shared import TRACES, needs_shared


@needs_shared
def test_the_model_answers_beside_the_lines() -> None:
    done = CliRunner().invoke(command, [str(TRACES / "both_start"), "--fit", "--quiet", "--format", "json"])

    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["fits"] is True


@needs_shared
def test_without_files_there_is_no_model_to_ask() -> None:
    done = CliRunner().invoke(command, [str(TRACES / "both_start" / "node1" / "ha-log"), "--fit", "--quiet"])

    assert done.exit_code == 2
    assert "--config" in done.output
