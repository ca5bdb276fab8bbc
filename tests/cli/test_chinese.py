"""`--lang zh`: every command, on a spec or a recording, writes Chinese or what is no language, line by line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.config.faults import FAULT_KINDS
from tests.shared import TRACES

ROOT = Path(__file__).resolve().parents[2]
NO_WORDS = {"completion", "draw", "engines", "export", "rules"}
"""Commands that write for programs, or pictures and tables of the model itself."""
CJK = re.compile(r"[\u4e00-\u9fff]")
QUOTED = re.compile(
    r"`[^`]*`|hamodel (?:check|review|ask|explain)\b.*|--[\w-]+|\S*[/_\[\]=|.\\]\S*|[\w-]+::\S*|“[^”]*”"
    r"|ERROR: .*|heartbeat 的输出.*"
)
"""Commands to type, options, paths, names with signs in them, quotations."""
WORD = re.compile(r"\b(?:the|is|are|was|has|not|and|or|it|its|to|at|of|by|no|nothing|nobody|without|which|that|with)\b")
PROSE = re.compile(r"\b[a-z]{2,},? [a-z]{2,}\b")
FAULT = re.compile(rf"\b\d+ [a-z_]+(?: [+] \d+ [a-z_]+)*|\b(?:{'|'.join(FAULT_KINDS)})(?:,|$)")


def foreign(shown: str, *known: str) -> list[str]:
    """The lines with something English in them; patches are lines of files. `known`: words of the files."""
    found, patch = [], False
    for line in shown.splitlines():
        patch = line.startswith("--- ") or (patch and line.strip() != "")
        rest = FAULT.sub("", QUOTED.sub("", line))
        for word in known:
            rest = rest.replace(word, "")
        if not patch and (WORD.search(rest) or (PROSE.search(rest) and not CJK.search(rest))):
            found.append(line)
    return found


def run(*words: str | Path, typed: str = "") -> str:
    done = CliRunner().invoke(command, [*map(str, words), "--lang", "zh"], input=typed)

    assert not done.exception or isinstance(done.exception, SystemExit), done.output
    assert CJK.search(done.output), done.output
    return done.output


HACF = "use_logd on\nkeepalive 2\ndeadtime 10\ninitdead 20\nbcast eth1\nauto_failback off\nnode node1 node2\n"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A pair with one cable, and one with two and another deadtime."""
    root = tmp_path_factory.mktemp("fleet")
    for name, text in (("a", HACF), ("b", HACF.replace("eth1", "eth1 eth2").replace("deadtime 10", "deadtime 8"))):
        (root / name).mkdir()
        (root / name / "ha.cf").write_text(text)
        (root / name / "haresources").write_text("node1 10.0.0.1/24/eth9 Filesystem::/dev/sdb5::/webdata::ext3\n")
    return root / "a", root / "b"


QUESTIONS = (
    "can the disk be mounted twice?", "is split brain possible?", "how long is the worst failover?",
    "how long is the longest overlap?", "which options are unsafe?", "which options have no effect?",
    "does it survive 1 fault?", "what if eth1 is cut?", "what if node1 loses power?", "what moves when node1 is killed",
    "who owns 10.0.0.1 after node1 is stopped?", "is fencing needed?", "what if nothing is cut?", "is it raining?",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_answered_in_chinese(question: str, pairs: tuple[Path, Path]) -> None:
    shown = run("ask", question, pairs[0], "--quiet")

    assert foreign(shown, *(q.rstrip("?") for q in QUESTIONS)) == []


def test_the_list_of_questions_explains_them_in_chinese() -> None:
    shown = run("ask", "--list")
    explained = [line for line in shown.splitlines() if line and not line.startswith(" ") and "{" not in line]

    assert len(explained) > 10
    assert [line for line in explained if not CJK.search(line)] == []


ONE = ("--property", "single_mount", "--faults", "cut=1", "--quiet")
TYPED = "1\nu\nu\n99\nr\nq\n"
COMMANDS: dict[str, Callable[[Path, Path], tuple[str | Path, ...]]] = {
    "diff": lambda a, b: ("diff", a, b, "--faults", "cut=1", "--quiet"),
    "diff --fast": lambda a, b: ("diff", b, a, "--fast"),
    "why": lambda a, _: ("why", a, *ONE),
    "repair": lambda a, _: ("repair", a, *ONE, "--changes", "1"),
    "region": lambda a, _: ("region", a, "--vary", "deadtime", "--faults", "cut,kill", "--quiet"),
    "sweep": lambda a, _: ("sweep", a, "--vary", "deadtime=4s..12s:4s", "--faults", "cut=1", "--journal", a / "j"),
    "fleet": lambda a, b: ("check", a, b, "--each", "--faults", "cut=1", "--no-evidence", "--quiet", "--no-cache"),
    "check": lambda a, _: ("check", a, *ONE, "--no-evidence", "--no-cache"),
    "check --delays": lambda a, _: ("check", a, *ONE, "--no-evidence", "--no-cache", "--delays"),
    "limit": lambda a, _: ("check", a, "--timeout", "300ms", "--no-evidence", "--no-cache", "--quiet"),
    "limit of the boot": lambda a, _: ("check", a, "--timeout", "1ms", "--no-evidence", "--no-cache", "--quiet"),
    "walk": lambda a, _: ("walk", a, "--plain", "--random", "6", "--seed", "3"),
    "graph": lambda a, _: ("graph", a, "--faults", "cut=1"),
    "faults": lambda _a, _b: ("faults",),
    "missing": lambda a, _: ("why", a / "nowhere"),
    "no trace": lambda a, _: ("replay", a / "nowhere.json"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_writes_nothing_english(name: str, pairs: tuple[Path, Path]) -> None:
    assert foreign(run(*COMMANDS[name](*pairs))) == []


def test_a_walk_by_hand_is_in_chinese(pairs: tuple[Path, Path]) -> None:
    assert foreign(run("walk", pairs[0], "--plain", typed=TYPED)) == []


def test_a_receipt_a_page_and_a_picture_are_told_in_chinese(pairs: tuple[Path, Path], tmp_path: Path) -> None:
    receipt = tmp_path / "mount.json"
    shown = run("check", pairs[0], *ONE, "--no-evidence", "--no-cache", "--receipt", receipt)
    shown += run("receipt", receipt)
    shown += run("picture", pairs[0], "--out", tmp_path / "a.svg", *ONE[:-1])
    shown += run("report", pairs[0], "--html", tmp_path / "a.html", *ONE[:-1], "--positions", "0", "--quick")

    drawn = "\n".join(re.findall(r">([^<>{}]+)</(?:text|title)>", (tmp_path / "a.svg").read_text("utf-8")))
    assert foreign(shown) == []
    assert foreign(drawn) == []
    assert '<html lang="zh"' in (tmp_path / "a.html").read_text("utf-8")


@pytest.mark.parametrize("trace", sorted(TRACES.glob("*/"))[::25] if TRACES.is_dir() else [], ids=lambda p: p.name)
@pytest.mark.parametrize("words", [("watch", "--once", "--all"), ("predict", "--recording")], ids=["watch", "predict"])
def test_a_recording_is_told_in_chinese(words: tuple[str, ...], trace: Path, tmp_path: Path) -> None:
    shutil.copytree(trace, tmp_path / "r", ignore_dangling_symlinks=True)

    assert foreign(run(*words, tmp_path / "r")) == []


def test_the_environment_is_enough_where_a_command_has_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMODEL_LANG", "zh")

    said = CliRunner().invoke(command, ["export", "--no-such-option"]).output
    refused = CliRunner().invoke(command, ["draw", "nowhere"]).output

    assert "Usage" in said
    assert CJK.search(refused)


def test_every_command_that_tells_people_something_has_the_option() -> None:
    with click.Context(command) as context:
        found = {name: command.get_command(context, name) for name in command.list_commands(context)}
    silent = {name for name, each in found.items() if each and "lang" not in {p.name for p in each.params}}

    assert silent == NO_WORDS
