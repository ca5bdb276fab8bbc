"""Every lesson is true: its command finds what the lesson says, in both languages."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.scenarios.lessons import Lesson, lessons

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.spec)
def test_the_command_of_a_lesson_finds_what_it_says(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    words = [*shlex.split(lesson.command)[1:], "--no-evidence", "--quiet", "--format", "json"]

    done = CliRunner().invoke(command, words)

    outcomes = {result["name"]: result["outcome"] for result in json.loads(done.output)["properties"]}
    assert {name: outcomes.get(name) for name in lesson.claim} == dict(lesson.claim)


def test_there_are_ten_lessons_and_each_has_its_spec() -> None:
    assert len(lessons()) == 10
    assert all((ROOT / "specs" / lesson.spec / "spec.toml").exists() for lesson in lessons())


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.spec)
def test_a_lesson_says_the_same_in_both_languages(lesson: Lesson) -> None:
    for name in ("title", "question", "look", "ask", "answer"):
        english, chinese = getattr(lesson.en, name), getattr(lesson.zh, name)
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert not re.search(r"[\u4e00-\u9fff]", english)
        assert set(re.findall(r"specs/[\w-]+", english)) == set(re.findall(r"specs/[\w-]+", chinese))


def test_the_course_is_listed_and_shown() -> None:
    listed = CliRunner().invoke(command, ["course"]).output
    shown = CliRunner().invoke(command, ["course", "8", "--answer"]).output
    chinese = CliRunner().invoke(command, ["course", "8", "--lang", "zh"]).output

    assert len(listed.splitlines()) == 10
    assert "hamodel check specs/02-webdata-watchdog" in shown
    assert "Only keepalive" in shown
    assert "第 8 课" in chinese
    assert "答案" not in chinese
    assert max(map(len, shown.splitlines())) <= 80


def test_a_lesson_that_is_not_there_is_refused() -> None:
    done = CliRunner().invoke(command, ["course", "11"])

    assert done.exit_code == 2
    assert "there are 10 lessons" in done.output
