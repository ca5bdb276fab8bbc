"""What other tools read of this repository: the action for GitHub, and the hooks for pre-commit."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / ".github" / "actions" / "hamodel"
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")

HAMODEL = """\
#!/bin/sh
echo "$*" >>calls
exit 1
"""


def called(folder: Path, **inputs: str) -> tuple[int, list[str], str]:
    """What the action's script calls when `hamodel` finds a violation, and what it hands on."""
    fake = folder / "bin" / "hamodel"
    fake.parent.mkdir()
    fake.write_text(HAMODEL)
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    environment = {"PATH": f"{fake.parent}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(folder / "output"), **inputs}
    done = subprocess.run(["bash", str(ACTION / "check.sh")], cwd=folder, env=environment, check=False)
    return done.returncode, (folder / "calls").read_text().splitlines(), (folder / "output").read_text()


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs in bash")


@needs_bash
def test_the_action_checks_the_pattern_and_fails_with_the_code_of_the_check(tmp_path: Path) -> None:
    code, calls, output = called(tmp_path, HAMODEL_PATHS="fleet/*", HAMODEL_BASELINE="a b.toml")

    assert (code, output) == (1, "exit-code=1\n")
    assert calls == ["check fleet/* --baseline a b.toml --format github --quiet"]


@needs_bash
def test_the_action_writes_the_files_it_is_asked_for(tmp_path: Path) -> None:
    inputs = {"HAMODEL_PATHS": "a\nb\n", "HAMODEL_ARGUMENTS": "--each\n--timeout\n9min"}
    _, calls, _ = called(tmp_path, **inputs, HAMODEL_SARIF="out.sarif", HAMODEL_JUNIT="out.xml")

    words = "check a b --each --timeout 9min"
    assert calls == [
        f"{words} --format github --quiet",
        f"{words} --format sarif --quiet --no-evidence",
        f"{words} --format junit --quiet --no-evidence",
    ]
    assert (tmp_path / "out.sarif").exists() and (tmp_path / "out.xml").exists()


def test_no_input_of_the_action_is_pasted_into_a_script() -> None:
    text = (ACTION / "action.yml").read_text(encoding="utf-8")

    for run in re.findall(r"^ +run: (.*)$", text, re.MULTILINE):
        assert "${{" not in run


def test_every_word_that_the_action_and_the_hooks_use_exists() -> None:
    script = (ACTION / "check.sh").read_text(encoding="utf-8")
    help = CliRunner().invoke(command, ["check", "--help"]).output

    for option in {*re.findall(r"--[a-z-]+", script), *re.findall(r"--[a-z-]+", HOOKS)}:
        assert option in help, option


@pytest.mark.parametrize("entry", re.findall(r"entry: hamodel (\w+)", HOOKS))
def test_the_commands_of_the_hooks_exist(entry: str) -> None:
    assert CliRunner().invoke(command, [entry, "--help"]).exit_code == 0


@pytest.mark.parametrize("name", ["fleet/web/ha.cf", "haresources", "a/spec.toml", "x/authkeys"])
def test_the_hooks_run_when_a_file_of_a_cluster_changes(name: str) -> None:
    (pattern,) = set(re.findall(r"files: (.*)$", HOOKS, re.MULTILINE))

    assert re.search(pattern, name) and not re.search(pattern, name + ".orig")
