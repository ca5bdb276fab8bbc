"""A walk becomes a spec: the configuration it was taken with, and its events as the plot that a check then follows.

The plot (`through`) names the faults, commands and repairs of the walk, but not what the cluster does by itself: the
check explores all runs that take them in this order, at whatever times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import tomlkit

from hamodel.checking.material import Material, without_secrets
from hamodel.errors import FileUnreadable
from hamodel.ir.system import Kind, System


def write_spec(folder: Path, material: Material, system: System, names: Sequence[str], about: str) -> tuple[Path, ...]:
    """Write `folder` with the files of `material` and a spec.toml whose plot are the chosen ones of `names`.

    Raises `FileUnreadable` where the folder exists and is not empty: a spec is never overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileUnreadable(f"{folder} exists and is not empty", help="give a new folder for the spec")
    files = dict(_flat(without_secrets(material)))
    files["spec.toml"] = _plotted(files.get("spec.toml", ""), system, chosen(system, names), about)
    for name, text in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return tuple(folder / name for name in sorted(files))


def _flat(material: Material) -> Mapping[str, str]:
    """The files as they lie in a spec's folder: those of a single directory without its name."""
    if len(material.paths) > 1:
        return material.files
    prefix = f"{material.paths[0]}/" if material.paths else ""
    return {name.removeprefix(prefix): text for name, text in material.files.items()}


def _plotted(text: str, system: System, names: Sequence[str], about: str) -> str:
    """The spec's own text with another plot, a budget that pays for it, and no promises: they were for other runs."""
    document = tomlkit.parse(text)
    for key in ("through", "expect", "about", "zh", "title", "story"):
        document.pop(key, None)
    head = tomlkit.document()
    head["title"] = about
    through = tomlkit.array()
    through.extend(names)
    head["through"] = through.multiline(True)
    paid = Counter(a.fault for n in names if (a := system.actions[system.action_index[n]]).fault)
    faults = tomlkit.table()
    faults["budget"] = sum(paid.values())
    if paid:
        faults["kinds"] = sorted(paid)
    for kind, number in sorted(paid.items()):
        if number > 1:
            faults[kind] = number
    old = document.pop("faults", {})
    for key in ("slow_by", "reboot_works"):
        if key in old:
            faults[key] = old[key]
    document["faults"] = faults
    return tomlkit.dumps(head) + tomlkit.dumps(document).lstrip("\n")


def chosen(system: System, names: Sequence[str]) -> tuple[str, ...]:
    """The events of a walk that are somebody's choice, not the cluster's: faults, repairs and commands."""
    kinds = (Kind.FAULT, Kind.REPAIR, Kind.OPERATOR)
    return tuple(n for n in names if system.actions[system.action_index[n]].kind in kinds)
