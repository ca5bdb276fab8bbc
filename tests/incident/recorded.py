"""The recorded runs, each explained once, and what was measured while they ran."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation
from tests.shared import TRACES

NAMES = tuple(sorted(path.name for path in TRACES.iterdir() if path.is_dir())) if TRACES.is_dir() else ()
WORDS = {"vip": "192.168.60.200", "mount": "/dev/sdb5", "webd": "webd"}
"""What the ledger calls a resource, and what its lines are about."""


@cache
def explanation(name: str) -> Explanation:
    """The explanation of a recorded run's folder."""
    return explained([TRACES / name])


@cache
def measured(name: str, file: str) -> tuple[dict[str, Any], ...]:
    """The rows of a recording's `.jsonl` file."""
    lines = (TRACES / name / file).read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


@cache
def verdicts() -> dict[str, Any]:
    """What was found after each run."""
    found: dict[str, Any] = json.loads((TRACES / "verdicts.json").read_text("utf-8"))
    return found


@cache
def measured_owners(name: str) -> tuple[dict[str, Any], ...]:
    """Owners, overlaps and gaps of each resource, in seconds of the recording."""
    resources: dict[str, dict[str, Any]] = json.loads((TRACES / name / "summary.json").read_text("utf-8"))["resources"]
    return tuple(resources.values())


@cache
def zone(name: str) -> int:
    """ms from the ledger's clock to that of the log lines, which tell the local time: whole half hours."""
    first = measured(name, "events.jsonl")[0]
    away = explanation(name).begin - float(first["wall"]) * 1000
    return round(away / 1_800_000) * 1_800_000


def moment(name: str, t: float) -> int:
    """A time of the recording as cluster time in ms."""
    first = measured(name, "events.jsonl")[0]
    return round((float(first["wall"]) - float(first["t"]) + t) * 1000) + zone(name)
