"""ha.cf is read line by line, and never only up to the first fault.

The first word of a line decides who reads the rest. Comments start anywhere, there is no quoting and no continuation,
and the order of the lines matters only to the setters that look back.
"""

from __future__ import annotations

import difflib

from hamodel.config.daemon import Console, Stage, Version, error, info, warn
from hamodel.config.directives import Directive, Kind, directives
from hamodel.config.draft import Draft
from hamodel.config.lines import DELIMITERS, WHITE, Line, Source
from hamodel.config.media import add_media
from hamodel.config.options import remind_of_baud, set_option
from hamodel.config.wholelines import whole_line
from hamodel.errors import FileUnreadable, IllegalDirective
from hamodel.source import Span

CLOSING_HA_CF = error("Heartbeat not started: configuration error.")


def read_hacf(source: Source, version: Version, host: str = "", *, haresources_there: bool = True) -> Draft:
    """Stage 1: what the node `host` understands of this ha.cf, with every refusal on the draft's console."""
    draft = Draft(Console(version), host, haresources_there)
    if source.content is None:
        cannot_open(draft.console, source, "config", "ha.cf")
    else:
        for line in source.lines():
            read_line(draft, line)
    return draft


def cannot_open(console: Console, source: Source, what: str, name: str) -> None:
    """The three lines about a file that is not there."""
    path = f"{console.directory}/{name}"
    console.refuse(
        FileUnreadable,
        f"{source.file} cannot be read: {source.problem}",
        error(f"Cannot open {what} file [{path}]"),
        info(f"An annotated sample {path} file is provided in the documentation."),
        info(f"Please copy it to {path}, read it, customize it, and try again."),
        help=f"put {name} there",
    )


def read_line(draft: Draft, line: Line) -> None:
    """One line: nothing, or a directive and its values."""
    text = line.text.split("#", 1)[0]
    start = len(text) - len(text.lstrip(WHITE))
    text = text[:start] + text[start:].split("\r", 1)[0]
    if not text[start:]:
        return
    end = start
    while end < len(text) and text[end] not in WHITE:
        end += 1
    name, place = text[start:end], line.span(start, end - start)
    visible = Line(line.file, line.number, text, line.raw)
    row = directives().get(name)
    if row is None or not row.known_to(draft.version):
        _illegal(draft, name, row, place)
        return
    if row.alias_of:
        draft.console.say(warn(f"WARNING: directive '{name}' replaced by '{row.alias_of}'"))
    match row.kind:
        case Kind.OPTION:
            for word in visible.words(end, DELIMITERS):
                set_option(draft, row, word)
            draft.seen.setdefault(name, [])
        case Kind.WHOLE_LINE:
            whole_line(draft, row, visible, end, place)
        case _:
            add_media(draft, row, visible, end, place)


def _illegal(draft: Draft, name: str, row: Directive | None, place: Span) -> None:
    known = [row.name for row in directives().values() if row.known_to(draft.version)]
    near = difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)
    word = name.replace("=", " ").replace(",", " ").split(" ")[0]
    if row is not None and row.missing:
        help = f"remove the line: {row.missing}"
    elif row is not None:
        help = f"remove the line: only {' and '.join(v.value for v in row.versions)} knows it"
    elif name.startswith("\ufeff"):
        help = "save the file without a byte order mark: three invisible bytes stand before the first word"
    elif word in known and word != name:
        help = f"put a blank after {word}"
    elif name.lower() in known:
        help = f"write {name.lower()}: case matters"
    else:
        help = f"did you mean {near[0]}?" if near else "remove the line"
    draft.console.refuse(
        IllegalDirective,
        f"{name} is no directive of Heartbeat {draft.version.value}",
        error(f"Illegal directive [{name}] in {draft.console.directory}/ha.cf"),
        span=place,
        help=help,
    )


def apply_defaults(draft: Draft) -> None:
    """The defaults go through the same setters, which is why some of them talk: stage 3 begins here."""
    draft.console.stage = Stage.CROSS_CHECKS
    if not draft.baud_set:
        remind_of_baud(draft)
    if not draft.seen.get("coredumps"):
        draft.cores_on()
    if draft.version is Version.V3_0_6 and draft.crm is None:
        draft.console.say(info("Pacemaker support: false"))
