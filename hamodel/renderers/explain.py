"""An incident's explanation as one reads it in a terminal: the verdict and its cause, who had what, the story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hamodel.incident.durations import in_units, spoken
from hamodel.incident.kinds import ORDERS
from hamodel.incident.report import Advice, Certainty, Explanation, Fault, Overlap, Proofs, Told, Verdict
from hamodel.renderers.explain_fit import answer
from hamodel.renderers.explain_json import iso
from hamodel.renderers.explain_said import said
from hamodel.renderers.explain_timeline import timeline
from hamodel.renderers.explain_times import Times
from hamodel.renderers.explain_times import where as place_of
from hamodel.renderers.language import Say, english
from hamodel.renderers.words import count, seconds

TIMELESS = "2000-01-01T00:00:00"
"""The moment that stands for a line without any time (`logs.years`)."""
QUIET = 60_000
"""ms without a sentence that the story passes over in one line."""
MOST = 6
"""Double ownerships that are told one by one, and ten times as many faults."""
LONGEST = 120
"""Sentences of a story; a longer one shows its turning points only."""
TURNS = 1000
"""Turning points that are shown; of more, half at the begin and half at the end."""


def render(report: Explanation, *, width: int = 80, colour: bool = False, say: Say = english) -> str:
    """The whole explanation; without colour it is plain text that any log can hold."""
    out = StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False
    )
    for part in _parts(said(report, say), width, say):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).rstrip("\n") + "\n"


def _parts(report: Explanation, width: int, say: Say) -> Iterator[RenderableType]:
    times = Times.of(report)
    yield from _section("", _head(report, say, times))
    yield Text()
    yield _verdict(report, say, times)
    if report.contradictions:
        yield from _section(say("lines that do not fit each other"), _contradictions(report, say))
    if report.owned:
        yield from _section(say("who had what"), timeline(report, width - 2, say))
    if report.faults:
        yield from _section(say("what befell the cluster"), _faults(report, say, times))
    if report.fit is not None:
        yield from _section(say("does the model write these lines?"), answer(report.fit, say, times))
    if report.differs:
        yield from _section(say("the files say otherwise"), _differs(report, say))
    if report.inferred:
        yield from _section(say("what was running, by the lines"), _inferred(report, say))
    if report.story:
        yield from _section(say("the story"), _story(report, say, times))
    if report.notes:
        yield from _section(say("notes"), Group(*(Text(f"- {note}") for note in report.notes)))


def _section(title: str, body: RenderableType) -> Iterator[RenderableType]:
    if title:
        yield Text()
        yield Text(title, style="bold")
    yield Padding(body, (0, 0, 0, 2 if title else 0))


def _pairs(rows: Iterator[tuple[str, RenderableType]]) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, what in rows:
        grid.add_row(name, what)
    return grid


def _head(report: Explanation, say: Say, times: Times) -> RenderableType:
    def rows() -> Iterator[tuple[str, RenderableType]]:
        yield say("nodes"), Text(say(" and ").join(report.nodes) or say("none named"))
        lines = report.lines
        told = f"{count(lines.total)} read, {count(lines.own)} of Heartbeat's, {count(lines.recognised)} understood"
        yield say("lines"), Text(say(told))
        if {(iso(moment) or "")[:19] for moment in (report.begin, report.end)} == {TIMELESS}:
            yield say("time"), Text(say("no line has a time"))
        elif report.begin:
            yield (
                say("time"),
                Text(f"{times.day(report.begin)} {_clock(report.begin)}{say(' to ')}{_until(report, times)}"),
            )
            if report.undated:
                yield say("year"), Text(say(_no_year(report)))
        for clock in report.clocks:
            since = "" if clock.since is None else f" from {times.at(clock.since)} on"
            yield say("clocks"), Text(say(f"{clock.node} is {ahead(clock.lo, clock.hi)} {report.clock}{since}"))
        for node in report.unrelated:
            yield say("clocks"), Text(say(f"nothing relates {node}'s clock to {report.clock}'s: taken as equal"))
        for silence in report.silences:
            quiet = spoken(silence.end - silence.begin)
            told = f"{silence.node} wrote nothing for {quiet} from {times.at(silence.begin)} on"
            told = f"{told}: its clock may have been set then"
            if silence.noticed:
                told = f"the clock of {silence.node} was set at {times.at(silence.end)}, and no line tells how far"
            side = "later" if silence.after else "earlier"
            yield say("clocks"), Text(say(f"{told}, and no {side} line ties it to that of {silence.other}"))

    return _pairs(rows())


def _until(report: Explanation, times: Times) -> str:
    same = _day(report.begin) == _day(report.end)
    return _clock(report.end) if same else f"{times.day(report.end)} {_clock(report.end)}"


def _no_year(report: Explanation) -> str:
    """What is known of the year where no line tells it."""
    if (iso(report.begin) or "")[:4] == TIMELESS[:4]:
        return "no line tells it (--year does)"
    return f"no line tells it; {(iso(report.end) or '')[:4]} by the time of the file (--year tells another)"


def ahead(lo: int, hi: int) -> str:
    """How far one clock is ahead of another.

    >>> ahead(-72000, -71000), ahead(-1000, 1000)
    ('71 s to 72 s behind', 'within 1 s of')
    >>> ahead(89_999_000, 90_001_000)
    '89999 s to 90001 s (1 d 1 h) ahead of'
    """
    if lo < 0 < hi:
        return f"within {seconds(max(-lo, hi))} of"
    if hi <= 0:
        return f"{seconds(-hi)} to {seconds(-lo)}{in_units((lo + hi) // 2)} behind"
    return f"{seconds(lo)} to {seconds(hi)}{in_units((lo + hi) // 2)} ahead of"


def _verdict(report: Explanation, say: Say, times: Times) -> RenderableType:
    parts: list[RenderableType] = []
    sure = [each for each in report.overlaps if each.sure_from is not None]
    if report.contradictions:
        parts += _doubtful(report, sure, say, times)
    elif sure:
        head = Text.assemble((say("UNSAFE"), "bold red"), say(f" from {times.at(report.unsafe_from or 0)} on"))
        parts.append(head)
        parts += _doubles(sure, say, times)
    elif report.overlaps:
        parts.append(Text.assemble((say("INCONCLUSIVE"), "bold yellow"), say(": it may have been unsafe")))
        parts += _doubles(report.overlaps, say, times)
    elif report.verdict is Verdict.NOTHING:
        parts.append(Text.assemble((say("NOTHING TO EXPLAIN"), "bold yellow"), _nothing(report, say)))
    elif report.verdict is Verdict.NOT_STARTED:
        parts.append(Text.assemble((say("NOT STARTED"), "bold yellow"), say(": heartbeat refused to start")))
    elif report.unseen:
        parts.append(Text.assemble((say("INCONCLUSIVE"), "bold yellow"), say(": these lines do not tell everything")))
        parts += _bullets([each.text for each in report.unseen[:MOST]])
    else:
        nothing = say(": nothing in these lines says that two nodes had the same")
        parts.append(Text.assemble((say("SAFE"), "bold green"), nothing))
    if any(each.disk for each in sure):
        lost = "Two nodes had one disk at once: its data is lost or damaged; check it, and restore what was written."
        parts.append(Padding(Text(say(lost), style="bold"), (0, 0, 0, 2)))
    if report.cause is not None:
        sure_cause = report.cause.certainty is Certainty.CERTAIN and report.contradictions
        word = {
            "certain": "probably because" if sure_cause else "because",
            "likely": "probably because",
            "possible": "perhaps because",
        }
        how = word[report.cause.certainty.value] if report.overlaps else "why"
        rows = [(say(how), Text(report.cause.text))]
        rows += [
            ("" if i else say("would have helped"), Text(_helped(a.text, a.checked, say)))
            for i, a in enumerate(_advised(report))
        ]
        parts += [Text(), _pairs(iter([(name, what) for name, what in rows]))]
    return Group(*parts)


def _nothing(report: Explanation, say: Say) -> str:
    if report.lines.own:
        return say(": no line here tells of an owner, a fault or the daemon's life")
    return say(": no line of Heartbeat's is here")


def _doubtful(report: Explanation, sure: Sequence[Overlap], say: Say, times: Times) -> list[RenderableType]:
    """The verdict where lines contradict each other: what they would say if nothing else were wrong with them."""
    why = say(": these logs contradict each other, or lines are missing; what they say is not certain")
    parts: list[RenderableType] = [Text.assemble((say("INCONCLUSIVE"), "bold yellow"), why)]
    if sure:
        parts += _bullets([say(f"as they stand: unsafe from {times.at(report.unsafe_from or 0)} on")])
        parts += _doubles(sure, say, times)
    elif report.overlaps:
        parts += _bullets([say("as they stand: it may have been unsafe")])
        parts += _doubles(report.overlaps, say, times)
    else:
        parts += _bullets([say("as they stand: nothing says that two nodes had the same")])
    return parts


def _bullets(texts: Sequence[str]) -> list[RenderableType]:
    return [Padding(Text(text), (0, 0, 0, 2)) for text in texts]


def _contradictions(report: Explanation, say: Say) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for each in report.contradictions[: 2 * MOST]:
        text = Text(each.text)
        text.append(f" ({each.rule})  {_where(each.proofs)}", style="dim")
        table.add_row(_clock(each.at), each.node, text)
    rest = len(report.contradictions) - 2 * MOST
    if rest > 0:
        table.add_row("", "", Text(say(f"and {count(rest)} more with --format json"), style="dim"))
    return table


def _advised(report: Explanation) -> Sequence[Advice]:
    return (report.fit.prevented_by if report.fit is not None else ()) or report.advice


def _helped(text: str, checked: bool | None, say: Say) -> str:
    return (
        text
        if checked is None
        else f"{text} ({say('no run of the model is unsafe then' if checked else 'not by itself')})"
    )


def _doubles(found: Sequence[Overlap], say: Say, times: Times) -> list[RenderableType]:
    """The first ones; a log of months may hold hundreds."""
    texts = [_double(each, say, times) for each in found[:MOST]]
    texts += [say(f"and {count(len(found) - MOST)} times more")] if len(found) > MOST else []
    return _bullets(texts)


def _double(each: Overlap, say: Say, times: Times) -> str:
    one, two = each.nodes
    what = f"{each.resource}: {one} and {two}"
    if each.sure_from is not None:
        last = "to the end" if each.end is None else f"until {times.at(each.end)} at most"
        known = 0 if each.sure_to is None else (each.sure_to - each.sure_from + 500) // 1000
        length = f", {seconds(known * 1000)} of it for certain" if known else ""
        return say(f"{what}, from {times.at(each.first)} {last}{length}")
    last = "on" if each.end is None else f"to {times.at(each.end)}"
    return say(f"{what}, perhaps from {times.at(each.begin)} {last} ({each.unless})")


def _faults(report: Explanation, say: Say, times: Times) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for fault in report.faults[: 10 * MOST]:
        table.add_row(_when(fault, times), fault.kind, _fault_text(fault, say, times))
    if len(report.faults) > 10 * MOST:
        table.add_row(
            "", "", Text(say(f"and {count(len(report.faults) - 10 * MOST)} more with --format json"), style="dim")
        )
    return table


def _when(fault: Fault, times: Times) -> str:
    brief = fault.latest - fault.earliest <= 2000
    return times.at(fault.latest) if brief else times.span(fault.earliest, fault.latest)


def _fault_text(fault: Fault, say: Say, times: Times) -> Text:
    text = Text(fault.text, style="" if fault.kind in ORDERS else "bold")
    if fault.certainty is not Certainty.CERTAIN:
        text.append(f" ({say(fault.certainty.value)})", style="dim")
    if fault.alternatives:
        text.append(f"{say('; or: ')}{', '.join(fault.alternatives)}", style="dim")
    if fault.ended is not None and fault.kind not in ("stopped",):
        text.append(say(f"; over at {times.at(fault.ended)}"), style="dim")
    text.append(f"  {_where(fault.proofs)}", style="dim")
    return text


def _where(proofs: Proofs, most: int = 2) -> str:
    names = [place_of(proof) for proof in proofs[:most]]
    return ", ".join(names) + (" ..." if len(proofs) > most else "")


def _differs(report: Explanation, say: Say) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")
    table.add_row(*(Text(say(word), style="dim") for word in ("", "node", "the file says", "the log says")))
    for each in report.differs:
        table.add_row(each.option, each.node, each.file_says, f"{each.log_says}  {_where(each.proofs, 1)}")
    return table


def _inferred(report: Explanation, say: Say) -> RenderableType:
    def rows() -> Iterator[tuple[str, RenderableType]]:
        options = dict.fromkeys(each.option for each in report.inferred)
        for option in options:
            same = [each for each in report.inferred if each.option == option]
            values = dict.fromkeys(each.value for each in same)
            for place, value in enumerate(values):
                nodes = [each.node for each in same if each.value == value]
                who = "" if len(nodes) == len(report.nodes) else f" ({', '.join(nodes)})"
                yield "" if place else say(option), Text(f"{value}{who}")

    return _pairs(rows())


def _story(report: Explanation, say: Say, times: Times) -> RenderableType:
    told = report.fit.story if report.fit is not None and report.fit.story else report.story
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    turns = [each for each in told if each.heavy] if len(told) > LONGEST else list(told)
    left_out = range(TURNS // 2, len(turns) - TURNS // 2)
    before: Told | None = None
    for place, each in enumerate(turns):
        if place in left_out:
            if place == left_out[0]:
                table.add_row("", "", Text("...", style="dim"))
            continue
        if before is not None and each.at - before.at >= QUIET:
            table.add_row("", "", Text(say(f"... quiet for {_length(each.at - before.at)} ..."), style="dim"))
        if before is not None and _day(before.at) != _day(each.at):
            table.add_row(times.day(each.at), "", "")
        node_time = f" [{_clock(each.node_time)}]" if abs(each.node_time - each.at) >= 2000 else ""
        same = before is not None and before.at // 1000 == each.at // 1000
        text = Text(each.text, style="bold" if each.heavy else "")
        text.append(f"  {_where(each.proofs, 1)}", style="dim")
        table.add_row("" if same else f"{_clock(each.at)}{node_time}", each.node, text)
        before = each
    rest = len(told) - len(turns) + len(left_out)
    if rest or len(told) > LONGEST:
        table.add_row("", "", Text(say(f"({rest} sentences more with --format json)"), style="dim"))
    return table


def _length(ms: int) -> str:
    minutes, hours = ms // 60_000, ms // 3_600_000
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _clock(ms: int) -> str:
    return (iso(ms) or "")[11:19]


def _day(ms: int) -> str:
    return (iso(ms) or "")[:10]
