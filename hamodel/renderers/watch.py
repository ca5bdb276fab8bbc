"""An event of a watched log as one line: for people, and as JSON for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from hamodel.incident.changes import Event, Kind
from hamodel.incident.report import Proof
from hamodel.renderers.explain_json import iso
from hamodel.renderers.language import Say, english

HEAVY = {Kind.UNSAFE: "\x1b[1;31m", Kind.POSSIBLE: "\x1b[33m", Kind.SAFE: "\x1b[32m"}
END = "\x1b[0m"


def text(event: Event, *, colour: bool = False, say: Say = english) -> str:
    """`2007-11-26 07:52:49  node2  declares node1 dead  node2/ha-log:80`; the time is that of the node's own clock."""
    when = datetime.fromtimestamp(event.node_time // 1000, UTC)
    said = say(f"{event.text} ({event.cause})" if event.cause and event.kind is Kind.UNSAFE else event.text)
    if colour and event.kind in HEAVY:
        said = f"{HEAVY[event.kind]}{said}{END}"
    where = ", ".join(_short(proof) for proof in event.proofs[:2])
    return "  ".join(part for part in (f"{when:%Y-%m-%d %H:%M:%S}", event.node, said, where) if part)


def as_json(event: Event) -> str:
    """One object without a line break."""
    return json.dumps(data(event), ensure_ascii=False)


def data(event: Event) -> dict[str, Any]:
    """The same as plain values; `time` is that of the reference clock, `node_time` that of the node's own."""
    return {
        "time": iso(event.at),
        "event": event.kind.value,
        "node": event.node or None,
        "node_time": iso(event.node_time),
        "text": event.text,
        "resource": event.resource or None,
        "nodes": list(event.nodes),
        "cause": event.cause or None,
        "lines": [str(proof) for proof in event.proofs],
    }


def _short(proof: Proof) -> str:
    return f"{'/'.join(PurePath(proof.source).parts[-2:])}:{proof.number}"
