"""Predictions as text for a terminal and as one JSON object: the same bytes for the same input, but for the seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from hamodel.ir.prediction import Bounds, Ending, Observed, Prediction
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import anew, folded
from hamodel.renderers.words import count

FORMAT = 1
"""Grows when a key changes its meaning; new keys may come at any time."""


def render_json(prediction: Prediction, not_modelled: str | None = None) -> str:
    """The prediction as JSON, two blanks to a level, with a line feed at its end."""
    data = {
        "format": FORMAT,
        "name": prediction.name,
        "outcomes": [_ending(e) for e in prediction.endings],
        "agrees": prediction.agrees,
        "sharp": prediction.sharp,
        "complete": prediction.complete and not_modelled is None,
        "stopped": prediction.stopped,
        "not_modelled": not_modelled,
        "recorded": None if prediction.observed is None else _observed(prediction.observed),
        "differences": list(prediction.differences),
        "uncertainty_ms": prediction.uncertainty_ms,
        "approximated": list(prediction.notes),
        "classes": prediction.classes,
        "seconds": prediction.seconds,
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _ending(ending: Ending) -> Mapping[str, object]:
    return {
        "final_owners": {name: list(nodes) for name, nodes in ending.final_owners.items()},
        "overlap_ms": {name: list(bounds) for name, bounds in ending.overlap_ms.items()},
        "gap_ms": {name: list(bounds) for name, bounds in ending.gap_ms.items()},
        "self_restarts": list(ending.self_restarts),
        "resets": list(ending.resets),
        "stonith_requests": list(ending.stonith_requests),
        "refused": ending.refused,
    }


def _observed(seen: Observed) -> Mapping[str, object]:
    return {
        "final_owners": {name: list(nodes) for name, nodes in seen.final_owners.items()},
        "overlap_ms": dict(seen.overlap_ms),
        "gap_ms": dict(seen.gap_ms),
        "self_restarts": list(seen.self_restarts),
        "resets": list(seen.resets),
        "stonith_requests": None if seen.stonith_requests is None else list(seen.stonith_requests),
        "refused": seen.refused,
    }


# ---- text ------------------------------------------------------------------------------------------------------------


def render_text(prediction: Prediction, width: int = 80, say: Say = english) -> str:
    """What can come of it, ending by ending; then the comparison, where there was one."""
    lines = [line for block in _blocks(prediction) for line in block]
    return "\n".join(part for line in lines for part in _wrapped(anew(line, say).replace("\t", ""), width)) + "\n"


def _wrapped(line: str, width: int) -> Sequence[str]:
    return folded(line, width, len(line) - len(line.lstrip()) + 2)


def _blocks(prediction: Prediction) -> Iterator[list[str]]:
    many = len(prediction.endings)
    yield [f"{prediction.name}: {many} ending{'s' if many != 1 else ''}{_exact(prediction)}"]
    for number, ending in enumerate(prediction.endings, 1):
        yield ["", f"ending {number}", *(f"  {line}" for line in _lines(ending))]
    if prediction.observed is not None:
        yield ["", *_comparison(prediction)]
    if not prediction.complete:
        yield ["", f"these can happen, others may: {prediction.stopped}"]
    yield ["", f"{count(prediction.classes)} classes, {prediction.seconds:.1f} s; " + "; ".join(prediction.notes)]


def _exact(prediction: Prediction) -> str:
    if not prediction.endings or not prediction.complete:
        return ""
    return ", a sharp prediction" if prediction.sharp else ", not a sharp prediction"


def _lines(ending: Ending) -> Iterator[str]:
    if ending.refused:
        yield "Heartbeat refuses these files and does not start"
        return
    wide = max((len(name) for name in ending.final_owners), default=0)
    for name, nodes in ending.final_owners.items():
        yield f"{name:<{wide}}  \tat the end: {_who(nodes)}"
        for word, what in (("both", ending.overlap_ms[name]), ("nobody", ending.gap_ms[name])):
            if what[1]:
                yield f"{'':<{wide}}  \t{word} for {_times(what)}"
    for word, chosen in (
        ("restarts itself", ending.self_restarts),
        ("is reset", ending.resets),
        ("asks for a reset of its peer", ending.stonith_requests),
    ):
        for node in chosen:
            yield f"{node} {word}"


def _times(bounds: Bounds) -> str:
    """An interval in words.

    >>> _times((0, 1500)), _times((200, 200))
    ('at most 1.50 s, or not at all', '0.20 s')
    """
    lo, hi = bounds
    if lo == hi:
        return f"{hi / 1000:.2f} s"
    if lo == 0:
        return f"at most {hi / 1000:.2f} s, or not at all"
    return f"{lo / 1000:.2f} to {hi / 1000:.2f} s"


def _who(nodes: Sequence[str]) -> str:
    return " and ".join(nodes) or "nobody"


def _comparison(prediction: Prediction) -> list[str]:
    if prediction.agrees:
        return ["the recorded ending is one of these"]
    if prediction.agrees is None:
        head = "the recorded ending is none of those found so far; against the nearest:"
        return [head, *(f"  {text}" for text in prediction.differences)]
    head = "the recorded ending is none of these; against the nearest:"
    return [head, *(f"  {text}" for text in prediction.differences)]
