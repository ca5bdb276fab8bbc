"""Many configurations as one reads them in a terminal: a table, and below it what has to be looked at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hamodel.ir.answers import REFUSED, WARNING, Answers, Checked, Said
from hamodel.ir.report import Result
from hamodel.ir.verdict import Outcome
from hamodel.renderers.issues import clean
from hamodel.renderers.json import FORMAT
from hamodel.renderers.json import as_object as report_as_object
from hamodel.renderers.language import Say, english
from hamodel.renderers.text import STYLES
from hamodel.renderers.words import because


def render(answers: Answers, *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """The whole answer; without colour it is plain text that any log can hold."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    console.print(_table(answers, say))
    for each in answers.checked:
        lines = list(_details(each, answers, say))
        if lines:
            console.print(Text.assemble("\n", (clean(each.path), "bold")))
            for line in lines:
                console.print(line, soft_wrap=True)
    if answers.remarks:
        console.print(Text(f"\n{say('accepted findings')}", style="bold"))
        for said in answers.remarks:
            console.print(Text(f"  {_placed(said, say)}"), soft_wrap=True)
    console.print(Text(f"\n{_total(answers, say)}"))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


def _table(answers: Answers, say: Say) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(say("configuration"), overflow="fold")
    table.add_column(say("verdict"), no_wrap=True)
    for name in ("warnings", "seconds"):
        table.add_column(say(name), justify="right", no_wrap=True)
    for each in answers.checked:
        report = each.report
        warnings = sum(1 for said in each.findings if said.level == WARNING and not said.accepted)
        time = "" if report is None else say("kept") if report.cached else f"{report.seconds:.1f}"
        table.add_row(Text(clean(each.path)), _verdict(each, answers, say), str(warnings or ""), time)
    return table


def _verdict(each: Checked, answers: Answers, say: Say) -> Text:
    if each.report is None:
        if each.interrupted:
            return Text(say("interrupted"), style="yellow")
        if each.refusals and all(said.accepted for said in each.refusals):
            return Text(say("refused (accepted)"))
        return Text(say("refused"), style="bold red")
    counts = Counter(r.outcome for r in each.results)
    found = Text(", ").join(Text(f"{counts[o]} {say(o.value)}", style=STYLES[o]) for o in Outcome if counts[o])
    accepted = sum(1 for r in each.results if r.accepted)
    wrong = sum(1 for r in each.results if not r.as_expected)
    if accepted:
        found.append(say(f" ({accepted} accepted)"))
    if answers.expectations:
        words = f" ({wrong} not as expected)" if wrong else " (as expected)"
        found.append(say(words), style="bold red" if wrong else "")
    if each.report.interrupted:
        found.append(say("; interrupted"), style="yellow")
    return found


def _details(each: Checked, answers: Answers, say: Say) -> Iterator[Text]:
    for said in each.refusals:
        if not said.accepted:
            yield Text.assemble("  ", (say("refused"), "bold red"), f"  {clean(_placed(said, say))}")
    for result in each.results:
        if not answers.passes(result):
            yield _line(result, say)


def _line(result: Result, say: Say) -> Text:
    said = Text.assemble(
        "  ", (say(result.outcome.value), STYLES[result.outcome]), f"  {result.name}  {say(because(result))}"
    )
    if result.expected is not None and not result.as_expected:
        said.append(say(f" (expected: {result.expected.value})"), style="bold red")
    if result.evidence:
        said.append(f"  {result.evidence[0]}", style="dim")
    return said


def _placed(said: Said, say: Say) -> str:
    where = f"{said.span.file}:{said.span.line}: " if said.span is not None else ""
    return f"{where}{say(said.message)} [{said.code}]"


def _total(answers: Answers, say: Say) -> str:
    kept = sum(1 for c in answers.checked if c.report is not None and c.report.cached)
    refused = sum(1 for c in answers.checked if c.report is None and not c.interrupted)
    open_ = sum(1 for c in answers.checked if c.interrupted)
    bad = sum(1 for c in answers.checked if any(not answers.passes(r) for r in c.results))
    words = [
        f"{len(answers.checked)} configurations: {len(answers.checked) - bad - refused - open_} pass, {bad} do not"
    ]
    words += [f"{refused} refused"] if refused else []
    words += [f"{open_} not checked, because you pressed Ctrl-C"] if open_ else []
    words += [f"{kept} kept from earlier checks"] if kept else []
    return say(", ").join(map(say, words))


def as_json(answers: Answers, version: str) -> str:
    """All configurations as one JSON object: the same keys in the same order for the same input."""
    return json.dumps(as_object(answers, version), indent=2, ensure_ascii=False) + "\n"


def as_object(answers: Answers, version: str) -> Mapping[str, object]:
    """What `as_json` writes."""
    return {
        "hamodel": version,
        "format": FORMAT,
        "interrupted": answers.interrupted,
        "configurations": [configuration(each) for each in answers.checked],
        "remarks": [_said(said) for said in answers.remarks],
    }


def configuration(each: Checked) -> Mapping[str, object]:
    """One of them: its report, or why there is none."""
    return {
        "path": each.path,
        "interrupted": each.interrupted or (each.report is not None and each.report.interrupted),
        "refused": [_said(said) for said in each.said if said.level == REFUSED],
        "findings": [_said(said) for said in each.findings],
        "report": None if each.report is None else report_as_object(each.report),
    }


def _said(said: Said) -> Mapping[str, object]:
    return {
        "code": said.code,
        "level": said.level,
        "message": said.message,
        "file": said.span.file if said.span is not None else None,
        "line": said.span.line if said.span is not None else None,
        "column": said.span.column if said.span is not None else None,
        "help": said.help,
        "heartbeat_says": list(said.daemon),
        "accepted": said.accepted,
    }
