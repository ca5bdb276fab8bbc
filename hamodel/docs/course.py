"""The pages of the course, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from hamodel.docs.markdown import block, page, plain
from hamodel.scenarios.lessons import Lesson, lessons

_WORDS = {
    "en": ("Course", "Ten lessons, each a command to type.", "Question", "Look", "Try", "Answer", "All its files"),
    "zh": ("课程", "十课，每课都有一条可以输入的命令。", "问题", "观察", "试一试", "答案", "全部文件"),
}


def course() -> Mapping[str, str]:
    """File name and text of every page."""
    pages = {}
    for language, (title, said, *_) in _WORDS.items():
        listed = "\n".join(f"{x.number}. [{plain(x.words(language).title)}]({_name(x)})" for x in lessons())
        pages[f"course/{language}/index.md"] = page(title, said, listed)
        pages |= {f"course/{language}/{_name(x)}": _page(x, language) for x in lessons()}
    return pages


def _name(lesson: Lesson) -> str:
    return f"{lesson.number:02d}.md"


def _page(lesson: Lesson, language: str) -> str:
    words, (_, _, question, look, ask, answer, all_files) = lesson.words(language), _WORDS[language]
    return page(
        f"{lesson.number}. {plain(words.title)}",
        f"**{question}.** {plain(words.question)}",
        block(lesson.command, "sh"),
        block(f"hamodel report specs/{lesson.spec} --html lesson.html"),
        f"**{look}.** {plain(words.look)}",
        f"**{ask}.** {plain(words.ask)}",
        f"<details markdown><summary>{answer}</summary>\n\n{plain(words.answer)}\n\n</details>",
        f"[{all_files}](../../gallery/{lesson.spec}.md)",
    )
