"""`hamodel report` as one types it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hamodel.checking.again import again
from hamodel.cli import command
from tests.exhibits import CABLE, KILLALL, SPECS

QUICK = ("--quick", "--positions", "0")


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["report", *words], catch_exceptions=False)


def test_help_has_examples_and_exit_codes() -> None:
    said = run("--help").output

    assert "Examples:" in said
    assert "Exit codes:" in said


def test_without_a_property_the_worst_is_shown(tmp_path: Path) -> None:
    out = tmp_path / "page.html"

    result = run(str(SPECS / KILLALL), "--html", str(out), *QUICK)

    assert result.exit_code == 0
    assert "single_mount" in result.output and "single_owner" not in result.output
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_disk_on_both_nodes_is_worse_than_any_other_violation(tmp_path: Path) -> None:
    asked = ("--property", "served_again", "--property", "no_flapping", "--property", "single_mount")

    result = run(str(SPECS / "02-webdata-watchdog"), *asked, "--html", str(tmp_path / "page.html"), *QUICK)

    assert "(single_mount, " in result.output


def test_all_that_is_violated_comes_on_one_page(tmp_path: Path) -> None:
    out = tmp_path / "page.html"

    result = run(str(SPECS / KILLALL), "--all", "--html", str(out), *QUICK)

    assert "(single_mount, single_owner)" in result.output


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.html", tmp_path / "other.html"

    for out in (one, other):
        run(str(SPECS / KILLALL), "--html", str(out), "--quick", "--positions", "60", "--quiet")

    assert one.read_bytes() == other.read_bytes()


def test_where_nothing_is_violated_there_is_no_page(tmp_path: Path) -> None:
    out = tmp_path / "page.html"

    result = run(str(SPECS / "10-article-1-stop"), "--html", str(out), *QUICK)

    assert result.exit_code == 1
    assert "nothing is violated" in result.output
    assert not out.exists()


def test_a_limit_that_ends_the_check_is_no_answer(tmp_path: Path) -> None:
    out = tmp_path / "page.html"

    asked = (str(SPECS / CABLE), "--property", "orderly_stop_ends", "--timeout", "0")
    result = run(*asked, "--html", str(out), *QUICK)

    assert result.exit_code == 3
    assert not out.exists()


@pytest.mark.parametrize(
    "words", [("--property", "single_mount"), ("--all",), ("--faults", "cut=1"), ("--budget", "1")]
)
def test_a_kept_trace_takes_no_other_question(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run("trace.json", *words, "--html", str(tmp_path / "page.html"))

    assert result.exit_code == 2
    assert "kept trace" in result.output


def test_a_file_that_is_no_trace_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "trace.json"
    file.write_text("[]")

    result = run(str(file), "--html", str(tmp_path / "page.html"))

    assert result.exit_code == 2
    assert "no kept trace" in result.output


def test_a_page_that_cannot_be_written_is_a_usage_error(tmp_path: Path) -> None:
    result = run(str(SPECS / KILLALL), "--html", str(tmp_path / "nowhere" / "page.html"), *QUICK)

    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_a_kept_trace_that_missed_its_deadline_is_replayed_and_shown(tmp_path: Path) -> None:
    asked = ("check", str(SPECS / CABLE), "--property", "served_again", "--out", str(tmp_path), "--quiet")
    CliRunner().invoke(command, list(asked), catch_exceptions=False)
    (file,) = tmp_path.glob("*/trace.json")
    out = tmp_path / "page.html"

    replayed = CliRunner().invoke(command, ["replay", str(file)], catch_exceptions=False)
    result = run(str(file), "--html", str(out), *QUICK)

    assert replayed.exit_code == 0 and "the time allowed is over" in replayed.output
    assert result.exit_code == 0
    assert '"name":"served_again"' in out.read_text(encoding="utf-8")


def kept_formula(folder: Path) -> Path:
    """The trace of a formula that was typed."""
    typed = ("--never", "up[node1,/dev/sdb5] and up[node2,/dev/sdb5]")
    asked = ("check", str(SPECS / CABLE), *typed, "--out", str(folder), "--quiet")
    CliRunner().invoke(command, list(asked), catch_exceptions=False)
    (file,) = folder.glob("*/trace.json")
    return file


def test_the_kept_trace_of_a_typed_formula_is_shown_and_still_breaks_it(tmp_path: Path) -> None:
    file = kept_formula(tmp_path)
    out = tmp_path / "page.html"

    result = run(str(file), "--html", str(out), "--quick", "--positions", "60")

    assert result.exit_code == 0, result.output
    page = out.read_text(encoding="utf-8")
    assert '"name":"never_1","doc":"Never: up[node1,/dev/sdb5] and up[node2,/dev/sdb5]"' in page
    assert '"game":{"after"' in page
    assert again(file).breaks


def test_the_kept_trace_of_a_formula_that_names_nothing_known_is_refused(tmp_path: Path) -> None:
    file = kept_formula(tmp_path)
    file.write_text(file.read_text().replace("Never: up[node1,", "Never: upp[node1,"))

    result = CliRunner().invoke(command, ["report", str(file), "--html", str(tmp_path / "page.html"), *QUICK])

    assert result.exit_code in (2, 3, 5)
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("words", [("--property", "single_mount"), ("--faults", "cut=1"), ("--set", "deadtime=10")])
def test_a_picture_of_a_kept_trace_takes_no_other_question_either(words: tuple[str, ...], tmp_path: Path) -> None:
    asked = ["picture", "trace.json", *words, "--out", str(tmp_path / "night.svg")]

    result = CliRunner().invoke(command, asked, catch_exceptions=False)

    assert result.exit_code == 2
    assert "kept trace" in result.output


def test_the_plot_of_a_spec_is_told_with_the_steps_that_take_it(tmp_path: Path) -> None:
    spec = SPECS / "86-an-outdated-replica-stays-down"
    out = tmp_path / "page.html"

    run(str(spec), "--property", "survivor_runs_all", "--html", str(out), *QUICK)
    through = tomllib.loads((spec / "spec.toml").read_text(encoding="utf-8"))["through"]
    page = out.read_text(encoding="utf-8")
    start = page.index('"plot":') + len('"plot":')
    plot, _ = json.JSONDecoder().raw_decode(page[start:])
    assert [turn["text"] for turn in plot] == through
    assert [turn["step"] for turn in plot] == sorted(turn["step"] for turn in plot)
    assert all(turn["step"] > 0 for turn in plot)


def test_a_deadline_that_counts_from_a_plot_is_shown_with_its_plot(tmp_path: Path) -> None:
    asked = (str(SPECS / "86-an-outdated-replica-stays-down"), "--property", "survivor_runs_all")

    assert run(*asked, "--html", str(tmp_path / "page.html"), *QUICK).exit_code == 0
