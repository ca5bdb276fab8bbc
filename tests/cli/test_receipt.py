"""`hamodel check --receipt` and `hamodel receipt`, on the files of a pair whose owner was killed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamodel import receipt
from hamodel.checking.issue import differences
from hamodel.cli import command
from hamodel.cli._codes import HOLDS, USAGE, VIOLATED
from hamodel.errors import HamodelError

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
    file = next(f for f in receipts.iterdir() if "single" in f.name)
    assert run("receipt", file, "--against", SPEC).exit_code == HOLDS
    other = tmp_path / SPEC.name
    other.mkdir()
    for name in SPEC.iterdir():
        if name.is_file():
            text = name.read_text(encoding="utf-8")
            (other / name.name).write_text(text.replace("initdead", "# initdead"), encoding="utf-8")

    released = run("receipt", file, "--against", SPEC, "--heartbeat", "3.0.6")
    assert released.exit_code == VIOLATED
    assert "in the receipt, 3.0.6 here" in released.stdout
    said = run("receipt", file, "--against", other)

    assert said.exit_code == VIOLATED
    assert "differs" in said.stdout
    assert "initdead" in said.stdout


def test_the_small_checker_runs_by_itself(receipts: Path) -> None:
    file = next(f for f in receipts.iterdir() if "single" in f.name)
    done = subprocess.run(
        [sys.executable, "-I", ROOT / "hamodel" / "receipt.py", file], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("verified: ")
    assert "not proved: that the system in the receipt is the right model" in done.stdout


Change = Callable[[dict[str, Any]], object]
LABELS: dict[str, Change] = {
    "every number of faults": lambda c: c.update(ladder=None),
    "says something else": lambda c: c.update(text="All is well."),
    "the claims are not those": lambda c: c["claims"][0].update(observe=["observe[x]"]),
    "is not known here": lambda c: c.update(property="all_is_well"),
    "was changed": lambda c: c["files"][0].__setitem__(2, c["files"][0][2] + "\n# harmless\n"),
    "outside its folder": lambda c: c["files"].append(["../../x", hashlib.sha256(b"").hexdigest(), ""]),
    "no cluster that could be composed": lambda c: c.pop("overrides"),
}


@pytest.mark.parametrize("what", LABELS)
def test_what_is_said_beside_the_proof_is_compared(what: str, receipts: Path) -> None:
    file = next(f for f in receipts.iterdir() if "orderly" in f.name)
    content = receipt.read(str(file))
    LABELS[what](content)

    try:
        found = differences(content, None)
    except HamodelError as problem:
        found = [problem.message]

    assert any(what in each for each in found), found


def test_a_typed_formula_does_not_pass_for_a_property_of_ours(receipts: Path) -> None:
    content = receipt.read(str(next(f for f in receipts.iterdir() if "orderly" in f.name)))
    content["typed"] = ["always", "not up[node1,/dev/sdb5] or up[node1,/dev/sdb5]"]

    assert any("is not known here" in each for each in differences(content, None))


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
    assert run("receipt", tmp_path).stderr.strip() == f"{tmp_path} cannot be read: Is a directory"


def test_a_promise_under_fairness_has_a_receipt_that_names_what_it_assumes(tmp_path: Path) -> None:
    """Without its assumption the proof is refused; with another one it is about another claim."""
    file = tmp_path / "fair.receipt"
    promise = "not plugged[eth1] ~> plugged[eth1] given weak(plug)"
    said = run("check", SPEC, "--leads-to", promise, "--faults", "cut=1", "--receipt", file, "--no-evidence")
    assert said.exit_code == HOLDS, said.output

    told = run("receipt", file)
    content = receipt.read(str(file))
    claim = content["claims"][0]

    assert told.exit_code == HOLDS, told.output
    assert "provided    weak fairness of plug[eth1]" in told.stdout
    assert ["weak", "plug[eth1]"] in claim["given"]
    claim["given"].remove(["weak", "plug[eth1]"])
    assert any("the claims are not those" in each for each in differences(content, None))
    with pytest.raises(receipt.Refuted):
        receipt.judge(content)
