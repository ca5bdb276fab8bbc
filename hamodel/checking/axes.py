"""The values an option takes in a sweep: a list, or a range with a step.

A range of a directive of ha.cf may be given with units (`500ms..5s`) or as Heartbeat writes it (`2..60`, seconds); its
values are written as Heartbeat reads them. `-` stands for a directive that is taken out. In spec.toml `20s..60s` is an
interval, that is one value, unless a step follows it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from itertools import product
from math import prod

from hamodel.checking.material import Material, with_directive, without_directive
from hamodel.config.directives import directives
from hamodel.config.durations import parse_duration
from hamodel.config.spec import KEYS
from hamodel.errors import BadSweep
from hamodel.ir.sweep import Axis

MOST_POINTS = 100_000
ABOUT = 10
"""So many steps has a range for which nobody has said how long they are."""
ABSENT = "-"


def in_spec(name: str) -> bool:
    """Whether a name is a key of spec.toml and not a directive of ha.cf."""
    return "." in name or (name in KEYS and name not in ("watchdog", "stonith"))


def axis_of(text: str) -> Axis:
    """The axis `NAME=VALUE,VALUE` or `NAME=LEAST..GREATEST[:STEP]`. Raises BadSweep."""
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not values:
        raise BadSweep(f"{text} is no axis", help="write deadtime=2s..60s:2s, or auto_failback=on,off")
    if not in_spec(name) and name not in directives():
        near = difflib.get_close_matches(name, [*directives(), *KEYS], n=1)
        help = f"did you mean {near[0]}?" if near else "a key of spec.toml has a point: faults.budget"
        raise BadSweep(f"{name} is neither a directive of ha.cf nor a key of spec.toml", help=help)
    found = tuple(dict.fromkeys(v for part in _split(values) for v in _values(name, part)))
    return Axis(name, found)


def _split(text: str) -> list[str]:
    """Parts between commas, but for commas in brackets.

    >>> _split("[0, 10], 5")
    ['[0, 10]', '5']
    """
    return [part.strip() for part in re.split(r",(?![^\[]*\])", text) if part.strip()]


def _values(name: str, text: str) -> list[str]:
    low, dots, rest = text.partition("..")
    high, colon, step = rest.partition(":")
    if not dots or (in_spec(name) and not colon):
        return [text]
    plain = all(part.strip().isdecimal() for part in (low, high, *([step] if colon else [])))
    ends = [int(p) if plain else _time(p) for p in (low.strip(), high.strip())]
    by = (int(step) if plain else _time(step.strip())) if colon else None
    if None in ends or (colon and by is None):
        raise BadSweep(f"{name}={text} is no range", help=f"write {name}=2s..60s:2s with units, or whole numbers")
    least, most = (end or 0 for end in ends)
    if least > most or (colon and not by):
        raise BadSweep(f"{name}={text} has no values", help="the smaller end comes first; the step is above 0")
    numbers = list(range(least, most + 1, by or _nice(most - least)))
    numbers += [most] if numbers[-1] != most and not colon else []
    return [str(n) if plain else f"{n}ms" if in_spec(name) else _as_heartbeat_reads(n) for n in numbers]


def _time(text: str) -> int | None:
    return None if text.replace(".", "", 1).isdecimal() else parse_duration(text)


def _nice(width: int) -> int:
    """A step of 1, 2 or 5 times a power of ten, so that about ten of them make the width.

    >>> _nice(58_000), _nice(4), _nice(100)
    (10000, 1, 10)
    """
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * ABOUT >= width:
                return step
        size *= 10


def _as_heartbeat_reads(ms: int) -> str:
    return str(ms // 1000) if ms % 1000 == 0 else f"{ms}ms"


def axes_of(texts: Sequence[str]) -> tuple[Axis, ...]:
    """The axes in the order in which they were given. Raises BadSweep where one is given twice."""
    axes = tuple(map(axis_of, texts))
    names = [axis.name for axis in axes]
    for name in names:
        if names.count(name) > 1:
            raise BadSweep(f"{name} is varied twice", help="put all its values into one --vary")
    return axes


def all_of(axes: Sequence[Axis]) -> list[tuple[str, ...]]:
    """Every combination, the last axis fastest. Raises BadSweep where there are too many to list."""
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_POINTS:
        raise BadSweep(f"{count} points are more than {MOST_POINTS}", help="give a longer step, or --t-wise 2")
    return list(product(*(axis.values for axis in axes)))


def changed(
    material: Material, overrides: dict[str, object], axes: Sequence[Axis], values: Sequence[str]
) -> tuple[Material, dict[str, object]]:
    """The files and the keys of spec.toml at one point."""
    keys = dict(overrides)
    for axis, value in zip(axes, values, strict=True):
        if in_spec(axis.name):
            keys[axis.name] = toml_value(value)
        elif value == ABSENT:
            material = without_directive(material, axis.name)
        else:
            material = with_directive(material, axis.name, value)
    return material, keys


def toml_value(text: str) -> object:
    """A value as TOML reads it; what is none is a text.

    >>> toml_value("3"), toml_value("boot"), toml_value("[0, 10]")
    (3, 'boot', [0, 10])
    """
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
