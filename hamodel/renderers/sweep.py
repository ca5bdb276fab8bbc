"""A sweep as one reads it in a terminal: a map for each property, and a table where it is not too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rich.cells import cell_len

from hamodel.ir.sweep import Axis, Mark, Point, Sweep
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import padded

SIGNS = {
    Mark.HOLDS: ".", Mark.VIOLATED: "#", Mark.OPEN: "?", Mark.VACUOUS: "~", Mark.REFUSED: "x", Mark.FAILED: "!",
    Mark.MISSING: " ",
}  # fmt: skip
LONGEST = 60
"""A longer table is left to --format csv."""


def render(sweep: Sweep, *, width: int = 80, say: Say = english) -> str:
    """The whole answer."""
    lines = [say(_head(sweep)), ""]
    for name in sweep.properties:
        lines += [name, *(f"  {line}" for line in _map(sweep, name, width - 2)), f"  {_counts(sweep, name, say)}", ""]
    lines += _table(sweep, say)
    lines += map(say, _foot(sweep))
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _head(sweep: Sweep) -> str:
    sizes = " x ".join(f"{len(axis.values)} {axis.name}" for axis in sweep.axes)
    chosen = ""
    if sweep.strength is not None:
        many = min(sweep.strength, len(sweep.axes))
        chosen = f", so that every combination of {many} values occurs"
        chosen += f" but {sweep.never} that are always refused" if sweep.never else ""
    return f"{sweep.cluster}: {len(sweep.points)} points of {sizes}{chosen}"


def _counts(sweep: Sweep, name: str, say: Say) -> str:
    found = [(SIGNS[mark], sweep.count(name, mark), say(mark.value)) for mark in Mark]
    return "   ".join(f"{sign} {many} {word}".strip() for sign, many, word in found if many)


def _foot(sweep: Sweep) -> list[str]:
    said = (
        [f"{sweep.earlier} of {len(sweep.points)} points from the journal of an earlier run"] if sweep.earlier else []
    )
    if sweep.interrupted:
        said.append("interrupted: the same command again goes on from here")
    return said


def _map(sweep: Sweep, name: str, width: int) -> Iterator[str]:
    """The longest axis to the right, the next one up; for each choice of all others a map of its own."""
    if sweep.strength is not None and len(sweep.axes) > 2:
        return
    at = {point.values: point for point in sweep.points}
    order = sorted(range(len(sweep.axes)), key=lambda i: (-len(sweep.axes[i].values), i))
    across, up, rest = order[0], order[1] if len(order) > 1 else None, order[2:]
    for chosen in product(*(sweep.axes[i].values for i in rest)):
        fixed = dict(zip(rest, chosen, strict=True))
        if fixed:
            yield ", ".join(f"{sweep.axes[i].name} {value}" for i, value in fixed.items())
        yield from _facet(sweep, name, at, fixed, across, up, width)


def _facet(
    sweep: Sweep,
    name: str,
    at: Mapping[tuple[str, ...], Point],
    fixed: Mapping[int, str],
    across: int,
    up: int | None,
    width: int,
) -> Iterator[str]:
    columns, rows = sweep.axes[across].values, sweep.axes[up].values[::-1] if up is not None else ("",)
    margin = max([len(sweep.axes[up].name) if up is not None else 0, *map(len, rows)])
    room = max(map(len, columns)) + 1
    room = room if margin + 3 + room * len(columns) <= width else 1
    if up is not None:
        yield f"{sweep.axes[up].name:>{margin}}"
    for row in rows:
        chosen = {**fixed, **({up: row} if up is not None else {})}
        signs = [_sign(at, name, {**chosen, across: value}, len(sweep.axes)) for value in columns]
        yield f"{row:>{margin}} |{''.join(f'{sign:>{room}}' for sign in signs)}"
    yield f"{'':>{margin}} +{'-' * (room * len(columns))}"
    yield f"{'':>{margin}}  {_scale(sweep.axes[across], room)}"


def _sign(at: Mapping[tuple[str, ...], Point], name: str, chosen: Mapping[int, str], axes: int) -> str:
    point = at.get(tuple(chosen[i] for i in range(axes)))
    return SIGNS[point.mark(name)] if point is not None else " "


def _scale(axis: Axis, room: int) -> str:
    if room > 1:
        return "".join(f"{value:>{room}}" for value in axis.values) + f"  {axis.name}"
    first, last = axis.values[0], axis.values[-1]
    return first + " " * max(1, len(axis.values) - len(first) - len(last)) + last + f"  {axis.name}"


def _table(sweep: Sweep, say: Say) -> list[str]:
    if len(sweep.points) > LONGEST:
        return [say(f"{len(sweep.points)} points are too many for a table here: --format csv"), ""]
    names = [axis.name for axis in sweep.axes]
    rows = [[*names, *sweep.properties]]
    rows += [[*point.values, *(say(says(point, name)) for name in sweep.properties)] for point in sweep.points]
    wide = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [*("  ".join(padded(cell, w) for cell, w in zip(row, wide, strict=True)) for row in rows), ""]


def says(point: Point, name: str) -> str:
    """What came of a point in a few words."""
    if point.refused:
        return "refused " + " ".join(dict.fromkeys(code for code, _ in point.refused))
    if point.failed:
        return f"failed: {point.failed}"
    told = point.of(name)
    if told is None:
        return Mark.MISSING.value
    return f"{told.outcome.value} by {' or '.join(told.by)}" if told.by else told.outcome.value


def values_of(axes: Sequence[Axis], point: Point) -> dict[str, str]:
    """The values of a point by their names."""
    return {axis.name: value for axis, value in zip(axes, point.values, strict=True)}
