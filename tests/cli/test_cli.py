"""The command line: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.cli import command
from hamodel.cli._codes import (
    BUG,
    DISAGREE,
    HOLDS,
    INCONCLUSIVE,
    INTERRUPTED,
    USAGE,
    VACUOUS,
    VIOLATED,
    code_for,
    code_of,
)
from hamodel.cli._limits import limits_of
from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree, HamodelError, ModelError, PropertyError
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report
from hamodel.ir.report import Result as Found
from hamodel.ir.verdict import Limits, Outcome

HACF = """\
logfile /var/log/ha-log
keepalive 500ms
deadtime 4
initdead 8
bcast eth1
auto_failback on
watchdog /dev/watchdog
node node1 node2
stonith_host node1 external/ipmi node2 10.0.0.9 admin top-secret
"""
GROUP = "node1 IPaddr::192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
KILL = ("--engine", "reference", "--faults", "kill=1,start=0", "--quiet")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pair with a watchdog and without fencing, in the current directory."""
    home = tmp_path / "pair"
    home.mkdir()
    (home / "ha.cf").write_text("".join(line for line in HACF.splitlines(True) if "stonith" not in line))
    (home / "haresources").write_text(GROUP)
    (home / "authkeys").write_text("auth 1\n1 sha1 nobody-must-know\n")
    monkeypatch.chdir(tmp_path)
    return home


def _run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def test_a_violation_exits_with_1_and_shows_the_faults_the_story_and_the_window(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "single_mount", "--no-evidence")

    assert result.exit_code == VIOLATED
    assert "single_mount  violated  by 1 kill" in result.output
    assert "heartbeat is killed on node1" in result.output
    assert "1 kill   4.2 s                     800 ms" in result.output
    assert "ha.cf:3        deadtime 4" in result.output
    assert max(len(line) for line in result.output.split("\n")) <= 80


def test_what_holds_exits_with_0(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "watchdog_reboots_after_kill")

    assert result.exit_code == HOLDS
    assert "holds  in 5 s at most" in " ".join(result.output.split("  ")).replace("   ", "  ")


def test_evidence_replays_from_its_own_file_and_holds_no_secret(folder: Path) -> None:
    checked = _run("check", "pair", *KILL, "--property", "single_mount", "--out", "kept")
    trace = Path("kept/pair--single_mount/trace.json")
    logs = {p.name for p in Path("kept/pair--single_mount/node2").iterdir()}
    for file in folder.iterdir():
        file.unlink()

    again = _run("replay", str(trace))

    assert "kept/pair--single_mount/trace.json" in checked.output
    assert "ha-log" in logs
    assert again.exit_code == 0, again.output
    assert "times confirmed by z3" in again.output
    assert "nobody-must-know" not in trace.read_text()


def test_a_trace_that_cannot_happen_is_refused_with_5(folder: Path) -> None:
    _run("check", "pair", *KILL, "--property", "single_mount", "--out", "kept")
    trace = Path("kept/pair--single_mount/trace.json")
    data = json.loads(trace.read_text())
    data["events"][-1]["at_ms"] -= 1
    trace.write_text(json.dumps(data))

    result = _run("replay", str(trace))

    assert result.exit_code == DISAGREE
    assert "1 ms too early" in result.output


def test_json_is_one_object_and_nothing_else_on_standard_output(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "single_mount", "--no-evidence", "--format", "json")

    data = json.loads(result.stdout)
    (found,) = data["properties"]
    assert found["outcome"] == "violated"
    assert found["faults_used"] == {"kill": 1}
    assert found["overlap_ms"]["most"] == 800


def test_a_value_may_be_set_for_one_check_and_the_files_stay_as_they_are(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "single_mount", "--no-evidence", "--set", "deadtime=5")

    assert "ha.cf:3        deadtime 5" in result.output
    assert "deadtime 4" in (folder / "ha.cf").read_text()


def test_a_typed_formula_is_checked_alone(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--no-evidence", "--never", "reset[node2]")

    assert "never_1" in result.output
    assert "single_mount" not in result.output


def test_a_misspelt_formula_is_refused_with_2_and_a_caret(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--always", "helthy and quiet")

    assert result.exit_code == USAGE
    assert "error[HA302]" in result.output
    assert "did you mean `healthy`?" in result.output
    assert "^^^^^^" in result.output


def test_a_property_that_says_nothing_here_exits_with_4_when_it_was_asked_for(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "owner_stays")

    assert result.exit_code == VACUOUS
    assert "owner_stays  vacuous  auto_failback is on" in result.output


def test_a_timeout_exits_with_3_and_says_how_far_it_came(folder: Path) -> None:
    result = _run("check", "pair", *KILL, "--property", "single_mount", "--timeout", "0s")

    assert result.exit_code == INCONCLUSIVE
    assert "bounded" in result.output


def test_a_missing_directory_is_refused_with_2_and_no_traceback(folder: Path) -> None:
    result = _run("check", "nowhere")

    assert result.exit_code == USAGE
    assert "error[HA101]" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ["check", "pair", "--faults", "kill=x"],
        ["check", "pair", "--set", "deadtime"],
        ["check", "pair", "--timeout", "soon"],
        ["check", "pair", "--memory", "4X"],
        ["check", "pair", "--faults", "flood=1"],
        ["check", "pair", "--property", "single_mout"],
        ["check", "pair", "--properties", "nowhere"],
        ["nonsense"],
        ["replay", "nowhere.json"],
    ],
)
def test_a_wrong_command_line_never_ends_in_a_traceback(folder: Path, words: list[str]) -> None:
    result = _run(*words)

    assert result.exit_code in (USAGE, DISAGREE)
    assert "HA900" not in result.output
    assert "Traceback" not in result.output


def test_warnings_of_the_reader_are_counted_and_quiet_hides_them(folder: Path) -> None:
    loud = _run("check", "pair", *KILL[:-1], "--property", "somebody_serves")
    quiet = _run("check", "pair", *KILL, "--property", "somebody_serves")

    assert "warning[HA151]" in loud.stderr
    assert "see `hamodel config`" in loud.stderr
    assert quiet.stderr == ""


def test_expectations_decide_the_exit_code_only_where_that_is_asked(folder: Path) -> None:
    (folder / "spec.toml").write_text('[expect]\nsingle_mount = "violated"\n')

    plain = _run("check", "pair", *KILL, "--no-evidence", "--property", "single_mount")
    compared = _run("check", "pair", *KILL, "--no-evidence", "--property", "single_mount", "--expect")

    assert (plain.exit_code, compared.exit_code) == (VIOLATED, HOLDS)


def test_config_prints_values_defaults_and_findings(folder: Path) -> None:
    result = _run("config", "pair")

    assert result.exit_code == HOLDS
    assert "deadping       4 s   (not given)" in result.output
    assert "watchdog       /dev/watchdog, asked for 5 s" in result.output
    assert "warning[HA151]" in result.output


def test_rules_are_all_listed_and_the_missing_ones_say_why() -> None:
    result = _run("rules", "--missing")

    assert result.exit_code == HOLDS
    assert "not modelled: " in result.output
    assert max(len(line) for line in result.output.split("\n")) <= 80


def test_the_rules_end_with_which_way_the_model_errs() -> None:
    lines = _run("rules").output.split("\n")

    summary = next(i for i, line in enumerate(lines) if re.match(r"\d+ rules, \d+ modelled, \d+ not:", line))
    numbers = [int(n) for n in re.findall(r"\d+", lines[summary])]
    each = [int(line.split()[0]) for line in lines[summary:] if re.match(r"  \d+ (remove|add|change)", line)]
    assert numbers[0] == numbers[1] + numbers[2]
    assert sum(each) == numbers[2]


def test_the_rules_are_given_to_programs_too() -> None:
    found = json.loads(_run("rules", "--missing", "--format", "json").output)

    assert found["format"] == 1
    assert found["count"] - found["modelled"] == len(found["rules"])
    assert not any(rule["modelled"] for rule in found["rules"])
    assert {rule["errs"] for rule in found["rules"]} == {"adds", "removes", "nothing"}


def test_help_names_every_command_and_every_exit_code() -> None:
    result = _run("--help")
    check = _run("check", "--help")

    assert all(f"\n  {name} " in result.output for name in ("check", "config", "replay", "rules"))
    assert all(f"\n    {code} " in check.output for code in (0, 1, 2, 3, 4, 5, 70, 130))


def test_the_version_is_told_even_by_a_checkout() -> None:
    result = _run("--version")

    assert result.exit_code == HOLDS
    assert result.output.startswith("hamodel ")


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from click.testing import CliRunner; from hamodel.cli import command; "
        "CliRunner().invoke(command, ['--help']); "
        "print([m for m in ('numpy', 'z3', 'llvmlite', 'rich', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_program_itself_exits_as_its_commands_do(folder: Path) -> None:
    words = [sys.executable, "-m", "hamodel.cli", "check", str(folder), *KILL, "--property", "single_mount"]
    root = Path(__file__).resolve().parents[2]

    done = subprocess.run(
        [*words, "--no-evidence"], capture_output=True, text=True, env={"PYTHONPATH": str(root)}, check=False
    )

    assert done.returncode == VIOLATED
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PropertyError("x"), USAGE),
        (EngineLimit("x"), INCONCLUSIVE),
        (EnginesDisagree("x"), DISAGREE),
        (CannotReplay("x"), DISAGREE),
        (ModelError("x"), BUG),
        (HamodelError("x"), BUG),
    ],
)
def test_every_kind_of_error_has_its_exit_code(error: HamodelError, code: int) -> None:
    assert code_of(error) == code


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], HOLDS),
        (["holds", "holds"], HOLDS),
        (["holds", "vacuous"], VACUOUS),
        (["vacuous", "bounded"], INCONCLUSIVE),
        (["unknown"], INCONCLUSIVE),
        (["bounded", "violated", "vacuous"], VIOLATED),
    ],
)
def test_the_worst_verdict_decides_the_exit_code(outcomes: list[str], code: int) -> None:
    results = tuple(Found(str(i), "", PropertyKind.ALWAYS, Outcome(o)) for i, o in enumerate(outcomes))
    report = Report("c", ("a", "b"), "3.0.6", "steady", 1, (), results)

    assert code_for(report) == code


def test_an_interrupt_decides_before_every_verdict() -> None:
    report = Report("c", ("a", "b"), "3.0.6", "steady", 1, (), (), interrupted=True)

    assert code_for(report) == INTERRUPTED


def test_every_kind_of_fault_is_named_and_told() -> None:
    from hamodel.config.faults import FAULT_KINDS, ON_DEMAND

    text = CliRunner().invoke(command, ["faults"]).output
    told = json.loads(CliRunner().invoke(command, ["faults", "--format", "json"]).output)["faults"]

    assert {row["kind"] for row in told} == set(FAULT_KINDS)
    assert {row["kind"] for row in told if row["only_named"]} == ON_DEMAND
    assert all(re.search(rf"^  {kind}\*? ", text, re.MULTILINE) for kind in FAULT_KINDS)
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_spec_with_a_plot_is_asked_for_what_it_promises() -> None:
    plot = str(Path(__file__).resolve().parents[2] / "specs" / "56-hz18-emergency")
    kept = CliRunner().invoke(command, ["check", plot, "--expect", "--no-evidence", "--quiet", "--format", "json"])

    assert kept.exit_code == HOLDS, kept.output
    assert [p["name"] for p in json.loads(kept.output)["properties"]] == ["single_mount"]


def test_who_says_how_much_memory_there_is_wants_it_used() -> None:
    usual, given = limits_of(None), limits_of(None, "4G")

    assert usual.classes == Limits().classes
    assert given.classes > 10 * usual.classes
    assert given.memory == 4 << 30


def test_the_package_itself_is_the_command() -> None:
    """As with pip and pytest: the scripts of an environment need not be on the path."""
    said = subprocess.run([sys.executable, "-m", "hamodel", "--version"], capture_output=True, text=True, check=True)

    assert said.stdout.startswith("hamodel ")
