"""`hamodel course`: ten lessons, from one cable to fencing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hamodel.cli._language import chosen, language_option

if TYPE_CHECKING:
    from hamodel.scenarios.lessons import Lesson

EPILOG = """
\b
Examples:
  hamodel course
  hamodel course 1
  hamodel course 1 --answer
  hamodel course 8 --lang zh
"""
LABELS = {
    "en": ("lesson", "question", "type", "look", "try", "answer"),
    "zh": ("第", "问题", "输入", "观察", "试一试", "答案"),
}


@click.command(epilog=EPILOG)
@click.argument("number", type=click.IntRange(1), required=False)
@click.option("--answer", is_flag=True, help="Show the answer as well.")
@language_option
def command(number: int | None, answer: bool) -> None:
    """A course of ten lessons about split brain, each with a command to type and something to find out.

    Without NUMBER the lessons are listed.
    """
    from hamodel.scenarios.lessons import lessons

    course = lessons()
    if number is None:
        for lesson in course:
            click.echo(f"{lesson.number:>3}  {lesson.words(chosen()).title}  ({lesson.spec})")
        return
    if number > len(course):
        raise click.BadParameter(f"there are {len(course)} lessons", param_hint="NUMBER")
    _show(course[number - 1], answer)


def _show(lesson: Lesson, answer: bool) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from hamodel.cli._terminal import colour, width

    language = chosen()
    words, labels = lesson.words(language), LABELS[language]
    head = (
        f"{labels[0]} {lesson.number}: {words.title}" if language == "en" else f"第 {lesson.number} 课：{words.title}"
    )
    console = Console(width=width(), highlight=False, no_color=not colour(), force_terminal=colour())
    console.print(Text(head, style="bold"))
    texts = [words.question, lesson.command, words.look, words.ask, *([words.answer] if answer else [])]
    for label, text in zip(labels[1:], texts, strict=False):
        console.print(Text(f"\n{label}", style="dim"))
        style = "cyan" if text == lesson.command else ""
        console.print(Padding(Text(text, style=style, overflow="fold"), (0, 0, 0, 2)))
