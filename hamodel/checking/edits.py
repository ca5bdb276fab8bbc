"""Small changes to the files of a cluster; comments, blanks and line ends stay as their author wrote them.

An edit is a place and a text. All edits of one change are made at once, in the text as it was read, so they may be
worked out from one reading; two that touch the same place do not go together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.material import Material
from hamodel.source import Span

CONTEXT = 3
NO_END = "\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Edit:
    """In `file` (a key of the material): the characters `start` to `end` of a line become `text`.

    Without `start` whole lines: `text` comes after the line (0: before the first), or takes its place with `instead`;
    None: nothing does.
    """

    file: str
    line: int
    text: str | None
    start: int | None = None
    end: int = 0
    instead: bool = False

    def clashes(self, other: Edit) -> bool:
        """Whether both change the same characters."""
        if self.file != other.file or self.line != other.line or self.start is None or other.start is None:
            return self.instead and other.instead and (self.file, self.line) == (other.file, other.line)
        return self.start < other.end and other.start < self.end


def edited(material: Material, edits: Iterable[Edit]) -> Material:
    """The files with all these edits; a file that is not there yet begins empty."""
    files = dict(material.files)
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    for name, own in by_file.items():
        files[name] = _edited(files.get(name, ""), own)
    return replace(material, files=files)


def _edited(text: str, edits: Sequence[Edit]) -> str:
    lines = _lines(text)
    gone = {e.line for e in edits if e.instead}
    for edit in sorted((e for e in edits if e.start is not None), key=lambda e: -(e.start or 0)):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + (edit.text or "") + line[edit.end :]
    added: dict[int, list[str]] = {}
    for edit in edits:
        if edit.start is None and edit.text is not None:
            added.setdefault(edit.line, []).append(edit.text)
    out: list[str] = []
    for number in range(len(lines) + 1):
        line = lines[number - 1] if number else ""
        if number and number not in gone:
            out.append(line)
        end = _line_end(line if line.endswith("\n") else lines[0] if lines else "")
        for new in added.get(number, ()):
            if out and not out[-1].endswith("\n"):
                out[-1] += end
            out.append(new.replace("\n", end) + end)
    return "".join(out)


def _lines(text: str) -> list[str]:
    """Lines as Heartbeat counts them: only a line feed ends one.

    >>> _lines("a\\r\\nb")
    ['a\\r\\n', 'b']
    """
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _line_end(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


def at(material: Material, span: Span, file: str, text: str) -> Edit:
    """The word at a place becomes `text`.

    Bytes that are no UTF-8 may stand before it and have moved it: then the word is looked for.
    """
    line = _lines(material.files[file])[span.line - 1]
    word = span.text[span.column - 1 : span.column - 1 + span.length]
    start = span.column - 1
    if line[start : start + len(word)] != word:
        start = line.index(word)
    return Edit(file, span.line, text, start, start + len(word))


def after(material: Material, file: str, number: int, text: str) -> Edit:
    """A new line after a line, with as much white space before it."""
    lines = _lines(material.files.get(file, ""))
    near = lines[number - 1] if 0 < number <= len(lines) else ""
    blanks = near[: len(near) - len(near.lstrip(" \t"))] if near.strip() else ""
    return Edit(file, number, blanks + text)


def without(file: str, number: int) -> Edit:
    """A line that is taken out."""
    return Edit(file, number, None, instead=True)


def last_line(material: Material, file: str, directives: Sequence[str]) -> int:
    """The last line with one of these directives, else the last line with anything on it; 0 in an empty file."""
    found = last = 0
    for number, line in enumerate(_lines(material.files.get(file, "")), 1):
        words = line.split("#", 1)[0].split()
        last = number if line.strip() else last
        if words and re.split("[, ]", words[0])[0] in directives:
            found = number
    return found or last


# ---- what a reviewer reads -------------------------------------------------------------------------------------------


def unified(before: Material, after: Material) -> str:
    """The difference as `patch -p1` takes it, in the folder of the paths that were given.

    Names are relative to the only path, or to the folder around several.
    """
    out: list[str] = []
    for name in sorted({*before.files, *after.files}):
        old, new = before.files.get(name), after.files.get(name)
        if old == new:
            continue
        shown = shown_name(before, name)
        out += _difference(shown, old, new or "")
    return "".join(out)


def shown_name(material: Material, name: str) -> str:
    """A file relative to where the patch is applied.

    >>> shown_name(Material(("pair",), {}, {}), "pair/node1/ha.cf")
    'node1/ha.cf'
    """
    if len(material.paths) == 1 and name.startswith(f"{material.paths[0]}/"):
        return name.removeprefix(f"{material.paths[0]}/")
    return name.split("/", 1)[1] if all("/" in path for path in material.paths) and "/" in name else name


def _difference(name: str, old: str | None, new: str) -> list[str]:
    found = list(
        difflib.unified_diff(
            _lines(old or ""), _lines(new), f"a/{name}" if old is not None else "/dev/null", f"b/{name}", n=CONTEXT
        )
    )
    return [line if line.endswith("\n") else f"{line}\n{NO_END}\n" for line in found]


def homes(before: Material, after: Material) -> Mapping[str, str]:
    """The files that differ, and the path at which each lies or is to lie."""
    found = {}
    for name, text in after.files.items():
        if before.files.get(name) != text:
            beside = next((h for n, h in before.homes.items() if n.rsplit("/", 1)[0] == name.rsplit("/", 1)[0]), "")
            found[name] = before.homes.get(name) or beside.rsplit("/", 1)[0] + "/" + name.rsplit("/", 1)[1]
    return found
