"""A sweep for other programs: a row a point and property, as CSV or JSON."""

from __future__ import annotations

import csv
import json
from io import StringIO

from hamodel.ir.sweep import Point, Sweep
from hamodel.renderers.sweep import values_of

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def as_csv(sweep: Sweep) -> str:
    """The values, the property, what came of it, the faults that break it, the codes of a refusal."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(axis.name for axis in sweep.axes), "property", "result", "by", "refused", "reason"])
    for point in sweep.points:
        for name in sweep.properties:
            told = point.of(name)
            by = " or ".join(told.by) if told is not None else ""
            codes = " ".join(dict.fromkeys(code for code, _ in point.refused))
            reason = point.failed or (told.reason if told is not None else "")
            writer.writerow([*point.values, name, point.mark(name).value, by, codes, reason])
    return out.getvalue()


def as_json(sweep: Sweep) -> str:
    """Everything, the same keys in the same order for the same input."""
    tree = {
        "format": FORMAT,
        "cluster": sweep.cluster,
        "axes": {axis.name: list(axis.values) for axis in sweep.axes},
        "properties": list(sweep.properties),
        "t_wise": sweep.strength,
        "combinations_always_refused": sweep.never,
        "interrupted": sweep.interrupted,
        "points": [_point(sweep, point) for point in sweep.points],
    }
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _point(sweep: Sweep, point: Point) -> dict[str, object]:
    return {
        "values": values_of(sweep.axes, point),
        "refused": [{"code": code, "message": message} for code, message in point.refused],
        "failed": point.failed,
        "properties": {
            name: {
                "result": point.mark(name).value,
                "outcome": told.outcome.value if (told := point.of(name)) is not None else None,
                "by": list(told.by) if told is not None else [],
                "reason": told.reason if told is not None else "",
                "states": told.states if told is not None else 0,
            }
            for name in sweep.properties
        },
    }
