"""A region as one JSON object: the same keys in the same order for the same input."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from hamodel.ir.linear import Term, condition
from hamodel.ir.region import Atlas, Margin, Piece, Region, Safety, Unknown

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def render(atlas: Atlas) -> str:
    """The answer, two blanks to a level, with a line feed at its end."""
    return json.dumps(as_object(atlas), indent=2, ensure_ascii=False) + "\n"


def as_object(atlas: Atlas) -> Mapping[str, object]:
    """What `render` writes."""
    names = [u.name for u in atlas.unknowns]
    return {
        "hamodel": atlas.version,
        "format": FORMAT,
        "cluster": {
            "name": atlas.cluster,
            "nodes": list(atlas.nodes),
            "heartbeat": atlas.heartbeat,
            "start": atlas.start,
        },
        "property": atlas.claim,
        "unknowns": [_unknown(u) for u in atlas.unknowns],
        "laws": [
            {"condition": condition(w.face, names), "why": w.why, "face": _face(w.face, names)} for w in atlas.laws
        ],
        "here": _word(atlas.safety({})),
        "margin": _margins(atlas.margin()),
        "regions": [_region(r) for r in atlas.regions],
        "interrupted": atlas.interrupted,
        "seconds": atlas.seconds,
    }


def _unknown(u: Unknown) -> Mapping[str, object]:
    follows = None
    if u.follows is not None:
        f = u.follows
        follows = {"source": f.source, "add_ms": f.add, "step_ms": f.step, "extra_ms": f.extra}
    return {
        "name": u.name,
        "settings": list(u.settings),
        "lo_ms": u.lo,
        "hi_ms": u.hi,
        "now_ms": u.value,
        "follows": follows,
    }


def _region(r: Region) -> Mapping[str, object]:
    return {
        "faults": list(r.kinds),
        "budget": r.budget,
        "here": _word(r.safety({})),
        "margin": _margins(r.margin()),
        "complete": r.complete,
        "pieces": [_piece(p, r.names) for p in r.pieces],
        "undecided": [_piece(p, r.names) for p in r.undecided],
        "reason": r.reason,
        "idle": list(r.idle),
        "classes": r.classes,
        "checked_points": r.checked,
        "seconds": r.seconds,
    }


def _piece(p: Piece, names: Sequence[str]) -> Mapping[str, object]:
    events = [{"name": s.action, "at_ms": s.at} for s in p.trace.steps] if p.trace is not None else []
    return {
        "conditions": list(p.conditions),
        "faces": [_face(f, names) for f in p.faces],
        "faults": dict(p.faults),
        "sample": dict(p.sample),
        "events": events,
        "story": [{"at_ms": s.at, "node": s.node, "text": s.text, "cause": s.cause} for s in p.story],
        "certified": list(p.certified),
    }


def _face(face: Term, names: Sequence[str]) -> Mapping[str, object]:
    """A sum that is to be at least 0."""
    return {"constant_ms": face[0], "coefficients": {n: c for n, c in zip(names, face[1:], strict=True) if c}}


def _word(safety: Safety | None) -> str | None:
    return None if safety is None else safety.value


def _margins(margins: Mapping[str, Margin]) -> Mapping[str, object]:
    return {name: {"below_ms": m.below, "above_ms": m.above} for name, m in margins.items()}
