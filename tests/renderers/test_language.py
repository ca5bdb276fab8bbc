"""Everything a report can say is in the catalogue of the other language, and said with all its facts."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from hamodel.checking.examine import examine
from hamodel.cli import command
from hamodel.properties.loader import load
from hamodel.renderers import text
from hamodel.renderers.language import Catalogue, entries, language
from hamodel.renderers.story import SENTENCES
from tests.disk_toy import toy_case

ROOT = Path(__file__).resolve().parents[2]
HOLE = re.compile(r"\{[^}]*\}")


def constants(node: ast.AST) -> list[str]:
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def keyword(call: ast.Call, name: str) -> str:
    return next((c for k in call.keywords if k.arg == name for c in constants(k.value)), "")


def texts_of_the_rules() -> set[str]:
    """What the rules call their faults, repairs and commands."""
    files = (ROOT / "hamodel" / "machines").glob("*.py")
    calls = (n for f in files for n in ast.walk(ast.parse(f.read_text())) if isinstance(n, ast.Call))
    return {t for call in calls if (t := keyword(call, "text"))}


def skips() -> set[str]:
    """Why a shipped property may have nothing to say."""
    files = (ROOT / "properties").glob("*.py")
    calls = (n for f in files for n in ast.walk(ast.parse(f.read_text())) if isinstance(n, ast.Call))
    return {t for c in calls if isinstance(c.func, ast.Name) and c.func.id == "Skip" for t in constants(c)}


FILLED = {"{+resource}": "has mounted /dev/sdb5", "{-resource}": "has unmounted /dev/sdb5"}
SAID = {
    *(HOLE.sub(lambda hole: FILLED.get(hole[0], "x"), form) for form in SENTENCES.values()),
    *(text.replace("{}", "x") for text in texts_of_the_rules()),
    *skips(),
    *(d.doc for d in load()),
}


@pytest.mark.parametrize("sentence", sorted(SAID))
def test_every_sentence_of_a_story_and_every_promise_is_said_in_chinese(sentence: str) -> None:
    said = language("zh")(sentence)

    assert said != sentence
    assert re.search(r"[\u4e00-\u9fff]", said)


@pytest.mark.parametrize(("form", "says"), sorted(entries("zh")))
def test_a_translation_has_all_holes_of_its_form(form: str, says: str) -> None:
    there = [hole[1:-1] or str(i) for i, hole in enumerate(HOLE.findall(form))]
    named = {hole[1:-1] for hole in HOLE.findall(says)}

    assert named <= {*there, *(str(i) for i in range(len(there)))}
    assert len(named) == len(there), "a fact of the English sentence is lost"


def test_no_form_stands_twice_in_the_catalogue() -> None:
    forms = [form for form, _ in entries("zh")]

    assert sorted(forms) == sorted(set(forms))


def test_a_whole_report_in_chinese_has_no_english_label() -> None:
    report = examine(toy_case(), load(), engine="reference")

    shown = text.render(replace(report, version=""), say=language("zh"))

    words = {"property", "verdict", "states", "story", "enough", "lasts at most", "checked", "never come", "holds"}
    assert not [word for word in words if re.search(rf"\b{word}\b", shown)]


def test_what_no_form_knows_stays_as_it_is() -> None:
    assert language("zh")("a sentence nobody has written") == "a sentence nobody has written"


def test_the_form_with_more_letters_wins_and_holes_are_said_anew() -> None:
    say = Catalogue((("{} dies", "{0} 死"), ("the node {} dies", "节点 {0} 死"), ("a", "甲")))

    assert say("the node a dies") == "节点 甲 死"
    assert say("a dies") == "甲 死"


@given(st.text(max_size=200))
def test_no_text_is_too_strange(anything: str) -> None:
    assert isinstance(language("zh")(anything), str)


@pytest.mark.parametrize("flag", [["--lang", "zh"], []])
def test_the_command_speaks_it(flag: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not flag:
        monkeypatch.setenv("HAMODEL_LANG", "zh")
    spec = str(ROOT / "specs" / "14-article-5-killall")

    done = CliRunner().invoke(command, ["check", spec, "--property", "single_mount", "--no-evidence", *flag])

    assert "node2 判定 node1 死亡" in done.output
    assert "原文测试五" in done.output
