"""The files as the lines of a log show them: one contradicted option is set to what was running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hamodel.checking.changes import MEDIA, word
from hamodel.checking.material import Material, with_directive, without_directive
from hamodel.incident.report import Difference
from hamodel.incident.resources import of_word

TIMES = ("deadtime", "initdead", "warntime", "keepalive", "deadping")


def as_shown(material: Material, each: Difference) -> Material | None:
    """The files with this option as the log has it; None where no file says it, or the log does not say enough."""
    if each.option == "haresources":
        return _haresources(material, each)
    return _in_hacf(material, each.node, lambda files: _option(files, each))


def _option(material: Material, each: Difference) -> Material | None:
    value = each.log_says
    match each.option:
        case name if name in TIMES:
            ms = each.middle
            return None if ms is None else with_directive(material, name, word(ms))
        case "auto_failback" | "watchdog" | "ping":
            return with_directive(material, each.option, value)
        case "respawn":
            return _more(material, f"respawn hacluster {value}")
        case "stonith" if value == "none":
            return without_directive(without_directive(material, "stonith"), "stonith_host")
        case "media":
            for name in MEDIA:
                material = without_directive(material, name)
            for medium in value.split(", "):
                material = _more(material, medium)
            return material
    return None


def _in_hacf(material: Material, node: str, change: Callable[[Material], Material | None]) -> Material | None:
    """The change in the ha.cf of this node, or in the one that all have."""
    own = {name for name in material.files if name.split("/")[-1] == "ha.cf"}
    mine = {name for name in own if name.split("/")[-2:-1] == [node]} or own
    changed = change(replace(material, files={name: material.files[name] for name in mine}))
    return None if changed is None else replace(material, files={**material.files, **changed.files})


def _more(material: Material, line: str) -> Material:
    """One line more at the end of each of these files."""
    return replace(material, files={name: f"{text.rstrip()}\n{line}\n" for name, text in material.files.items()})


def _haresources(material: Material, each: Difference) -> Material | None:
    """The line of the file becomes that of the log, in the file of this node or in the one that all have."""
    every = {name for name in material.files if name.split("/")[-1] == "haresources"}
    mine = {name for name in every if name.split("/")[-2:-1] == [each.node]} or every
    files, found = dict(material.files), False
    for name in mine:
        lines = files[name].splitlines()
        for place, line in enumerate(lines):
            if _words(line) == _words(each.file_says):
                lines[place], found = each.log_says, True
        files[name] = "\n".join(lines) + "\n"
    return replace(material, files=files) if found else None


def _words(line: str) -> list[str]:
    owner, *words = line.split("#", 1)[0].split() or [""]
    return [owner.lower(), *(f"{of_word(w).script} {w.removeprefix(f'{of_word(w).script}::')}" for w in words)]
