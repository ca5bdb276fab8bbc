"""`hamodel repair` and `hamodel why` as one types them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command

SPECS = Path(__file__).resolve().parents[2] / "specs"


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False)


@pytest.mark.parametrize("name", ["repair", "why"])
def test_help_has_examples_and_exit_codes(name: str) -> None:
    said = run(name, "--help").output

    assert "Examples:" in said
    assert "Exit codes:" in said


def test_what_cannot_be_meant_is_refused_before_anything_is_read() -> None:
    assert "--write takes one repair" in run("repair", "nowhere", "--write").output
    assert "draws one tree" in run("why", "nowhere", "--format", "svg").output


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair of one cable in which only that cable breaks."""
    folder = tmp_path_factory.mktemp("clusters") / "pair"
    shutil.copytree(SPECS / "05-one-cable", folder)
    (folder / "ha.cf").write_bytes((folder / "ha.cf").read_bytes().replace(b"\n", b"\r\n"))
    return folder


ASKED = ("--property", "single_mount", "--faults", "cut=1", "--quiet")


def test_a_repair_is_written_and_its_patch_is_the_same(pair: Path, tmp_path: Path) -> None:
    other = tmp_path / "pair"
    shutil.copytree(pair, other)
    before = (pair / "ha.cf").read_bytes()

    done = run("repair", str(other), *ASKED, "--alternatives", "1", "--changes", "1", "--format", "diff", "--write")

    assert done.exit_code == 0
    assert "written:" in done.stderr
    assert b"bcast eth0\r\n" in (other / "ha.cf").read_bytes()
    assert (other / "ha.cf.orig").read_bytes() == before
    if shutil.which("patch"):
        subprocess.run(["patch", "-p1", "--binary"], cwd=pair, input=done.stdout_bytes, check=True, capture_output=True)
        assert (pair / "ha.cf").read_bytes() == (other / "ha.cf").read_bytes()


def test_a_tree_is_drawn_and_its_faults_are_named() -> None:
    said = run("why", str(SPECS / "05-one-cable"), *ASKED, "--format", "mermaid")

    assert said.exit_code == 1
    assert "the cable eth1 is cut" in said.output
