"""What separates a recorded ending from predicted ones."""

from __future__ import annotations

from collections.abc import Sequence

from hamodel.ir.prediction import Ending, Observed
from hamodel.scenarios import testbed


def compare(endings: Sequence[Ending], seen: Observed) -> tuple[str, ...]:
    """What separates a recorded ending from the nearest predicted one; nothing where it is one of them."""
    if not endings:
        return ("the script never comes to its end",)
    return min((tuple(_apart(e, seen)) for e in endings), key=len)


def _apart(ending: Ending, seen: Observed) -> list[str]:
    if ending.refused or seen.refused:
        if ending.refused == seen.refused:
            return []
        return [f"Heartbeat {'refused' if seen.refused else 'accepted'} these files; predicted was the opposite"]
    found = []
    for name, owners in seen.final_owners.items():
        if name not in ending.final_owners:
            found.append(f"{name}: recorded, but no resource of these files")
            continue
        if set(owners) != set(ending.final_owners[name]):
            found.append(f"{name} at the end: {_who(owners)}, predicted {_who(ending.final_owners[name])}")
        for word, value, (lo, hi) in (
            ("overlap", seen.overlap_ms[name], ending.overlap_ms[name]),
            ("gap", seen.gap_ms[name], ending.gap_ms[name]),
        ):
            if not lo - testbed.TOLERANCE <= value <= hi + testbed.TOLERANCE:
                found.append(f"{name}, longest {word}: {value} ms, predicted {lo} to {hi} ms")
    for word in ("self_restarts", "resets", "stonith_requests"):
        was, said = getattr(seen, word), getattr(ending, word)
        if was is not None and set(was) != set(said):
            found.append(f"{word.replace('_', ' ')}: {_who(was)}, predicted {_who(said)}")
    return found


def _who(nodes: Sequence[str]) -> str:
    return " and ".join(nodes) or "nobody"
