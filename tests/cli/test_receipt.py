"""`hamodel check --receipt` and `hamodel receipt`, on the files of a pair whose owner was killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from hamodel.cli._codes import HOLDS, USAGE, VIOLATED

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "specs" / "01-webdata"
ASKED = ("--property", "orderly_stop_never_resets", "--property", "single_mount")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [str(w) for w in words])


@pytest.fixture(scope="module")
def receipts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The receipts of a small spec."""
    folder = tmp_path_factory.mktemp("receipts")
    said = run("check", SPEC, *ASKED, "--receipt", folder, "--no-evidence")
    assert f"receipts: {len(list(folder.iterdir()))} in {folder}" in said.stderr
    return folder


def test_every_receipt_is_verified_and_about_its_own_files(receipts: Path) -> None:
    files = sorted(receipts.iterdir())
    assert files
    for file in files:
        said = run("receipt", file)
        assert said.exit_code == HOLDS, said.output
        assert "verified" in said.stdout
        assert "the same system and claim as composed from the files in the receipt" in said.stdout


def test_a_receipt_is_about_one_configuration(receipts: Path, tmp_path: Path) -> None:
    file = sorted(receipts.iterdir())[0]
    assert run("receipt", file, "--against", SPEC).exit_code == HOLDS
    other = tmp_path / SPEC.name
    other.mkdir()
    for name in SPEC.iterdir():
        if name.is_file():
            text = name.read_text(encoding="utf-8")
            (other / name.name).write_text(text.replace("initdead", "# initdead"), encoding="utf-8")

    said = run("receipt", file, "--against", other)

    assert said.exit_code == VIOLATED
    assert "differs" in said.stdout
    assert "initdead" in said.stdout


def test_the_small_checker_runs_by_itself(receipts: Path) -> None:
    file = sorted(receipts.iterdir())[0]
    done = subprocess.run(
        [sys.executable, "-I", ROOT / "hamodel" / "receipt.py", file], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("verified: ")
    assert "not proved: that the system in the receipt is the right model" in done.stdout


def test_a_file_takes_one_verdict(tmp_path: Path) -> None:
    said = run("check", SPEC, "--receipt", tmp_path / "all.receipt", "--no-evidence")
    assert said.exit_code == USAGE
    assert "one --property" in said.stderr


def test_a_typed_formula_has_a_receipt_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_PURE", "1")
    file = tmp_path / "mine.receipt"
    twice = "up[node1,/dev/sdb5] and up[node2,/dev/sdb5]"
    said = run("check", SPEC, "--budget", "0", "--never", twice, "--receipt", file, "--no-evidence", "--quiet")
    assert said.exit_code == HOLDS
    assert said.stderr == ""

    said = run("receipt", file)

    assert said.exit_code == HOLDS, said.output
    assert "verified    never_1 holds" in said.stdout


def test_what_is_no_receipt_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_text("no", encoding="utf-8")
    for path in (file, tmp_path / "missing"):
        said = run("receipt", path)
        assert said.exit_code == USAGE
        assert len(said.stderr.splitlines()) == 1
