"""GitHub's own words: annotations on the lines of a pull request, and a summary of the job in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hamodel.ir.answers import ERROR, NOTE, WARNING, Answers, Checked
from hamodel.ir.report import Result
from hamodel.renderers.issues import Issue, clean, issues, relative, sentence, told

WORDS = {ERROR: "error", WARNING: "warning", NOTE: "notice"}


def render(answers: Answers, root: Path = Path()) -> str:
    """One line an annotation; what is accepted, and what is only worth a note, is left to the summary."""
    return marked(issues(answers), root)


def marked(found: Iterable[Issue], root: Path) -> str:
    """One line an issue."""
    lines = [_annotation(issue, root) for issue in found if not issue.accepted and issue.level != NOTE]
    return "".join(f"{line}\n" for line in lines)


def _annotation(issue: Issue, root: Path) -> str:
    """`::error file=,line=::text`, as the runner reads it."""
    places = {"file": relative(issue.file, root)} if issue.file else {}
    if issue.line:
        places["line"] = str(issue.line)
    if issue.column:
        places |= {"col": str(issue.column), "endColumn": str(issue.column + issue.length)}
    places["title"] = f"{issue.cluster}: {issue.rule}" if issue.cluster else issue.rule
    given = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in places.items())
    text = "\n".join([issue.message, *([issue.about] if issue.about else []), *map(told, issue.story)])
    text += "".join(f"\nheartbeat says: {line}" for line in issue.daemon)
    text += f"\nhelp: {issue.help}" if issue.help else ""
    return f"::{WORDS[issue.level]} {given}::{_escaped(text)}"


def _escaped(text: str, also: str = "") -> str:
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return clean(text)


def summary(answers: Answers) -> str:
    """The summary of a job: a table of configurations, then the story of everything that does not pass."""
    lines = ["## hamodel", "", "| configuration | verdict | to look at |", "|---|---|---|"]
    lines += [_row(each, answers) for each in answers.checked]
    for each in answers.checked:
        for said in each.refusals:
            place = f"`{_code(str(said.span))}`: " if said.span is not None else ""
            lines += ["", f"**{_text(each.path)}** {place}{_text(said.message)} ({said.code})"]
            lines += ["", f"> {_text(said.help)}"] if said.help else []
        lines += [line for r in each.results if not answers.passes(r) for line in _story(each, r)]
    if answers.remarks:
        lines += ["", "### Accepted findings", ""]
        lines += [
            f"- {_text(said.message)}" + (f" (`{_code(str(said.span))}`)" if said.span else "")
            for said in answers.remarks
        ]
    return "\n".join(lines) + "\n\n"


def _row(each: Checked, answers: Answers) -> str:
    if each.report is None:
        word = "interrupted" if each.interrupted else "refused"
        codes = ", ".join(dict.fromkeys(said.code for said in each.refusals))
        accepted = " (accepted)" if each.refusals and all(said.accepted for said in each.refusals) else ""
        return f"| {_text(each.path)} | :no_entry: {word}{accepted} | {codes} |"
    bad = [r for r in each.results if not answers.passes(r)]
    lived_with = sum(bool(r.accepted) for r in each.results)
    verdict = f":x: {len(bad)} of {len(each.results)}" if bad else f":white_check_mark: {len(each.results)} pass"
    notes = [", ".join(_text(r.name) for r in bad)] if bad else []
    notes += [f"{lived_with} accepted"] if lived_with else []
    notes += ["kept from an earlier check"] if each.report.cached else []
    return f"| {_text(each.path)} | {verdict} | {'; '.join(notes)} |"


def _story(each: Checked, result: Result) -> list[str]:
    lines = [
        "",
        f"<details><summary>{_text(each.path)}: {_text(sentence(result))}</summary>",
        "",
        _text(result.doc),
        "",
    ]
    if result.story:
        lines += ["```", *(clean(told(line)).replace("```", "'''") for line in result.story), "```", ""]
    lines += [f"- `{_code(c.file)}:{c.line}` `{_code(c.text)}`" for c in result.rests_on if c.line]
    return [*lines, "", "</details>"]


def _text(text: str) -> str:
    """Text that means nothing in Markdown or HTML."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")
    return "".join(f"\\{c}" if c in "*_`[]" else c for c in text)


def _code(text: str) -> str:
    return clean(text).replace("`", "'").replace("|", "\\|").replace("\n", " ")
