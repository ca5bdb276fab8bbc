"""What the reductions save: inclusion and merged zones side by side, for the faults of one budget.

`python -m tests.benchmarks.reductions [spec folder] [budget] [most classes] [text]`. One line a slice (see
`hamodel.checking.slices`) in which inclusion keeps more than a thousand classes, or only those whose name has `text`.
Both searches start from the steady state and must reach the same states; a `+` marks one that was cut off. Where the
merged one was, the last column says how many classes a search by hulls has at its end, however many these are.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from hamodel.checking.search import with_budget
from hamodel.checking.slices import Slice, slices_of
from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine, Exploration
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster

HEADER = ("slice", "states", "classes", "merged", "ratio", "seconds", "merged", "ratio", "hulls")


def main(folder: Path, budget: int, most: int, text: str) -> None:
    system = with_budget(compose_cluster(read_spec(sorted(folder.iterdir()))), budget)
    engine = ClassesEngine(pure=False)
    start = engine.steady(system)[0]
    print("{:28}{:>10}{:>11}{:>11}{:>7}{:>9}{:>9}{:>7}{:>11}".format(*HEADER))
    for slice in slices_of(system, start):
        if text in slice.text:
            compare(engine, slice, most)


def compare(engine: ClassesEngine, slice: Slice, most: int) -> None:
    plain, merged = (_explored(engine, slice, mode, most) for mode in ("inclusion", "merged"))
    if plain.classes <= 1_000:
        return
    if plain.complete and merged.complete and _distinct(plain) != _distinct(merged):
        raise SystemExit(f"{slice.text}: not the same states")
    hulls = "" if merged.complete else _counted(_explored(engine, slice, "hulls", Limits().classes))
    print(
        f"{slice.text:28}{_distinct(merged):10}{_counted(plain):>11}{_counted(merged):>11}"
        f"{plain.classes / merged.classes:7.1f}{plain.seconds:9.2f}{merged.seconds:9.2f}"
        f"{plain.seconds / max(merged.seconds, 1e-6):7.1f}{hulls:>11}",
        flush=True,
    )


def _explored(engine: ClassesEngine, slice: Slice, mode: str, most: int) -> Exploration:
    starts = None if slice.start is None else (slice.start,)
    return engine.explore(slice.system, starts, mode, limits=Limits(classes=most))


def _counted(found: Exploration) -> str:
    return f"{found.classes}{'' if found.complete else '+'}"


def _distinct(found: Exploration) -> int:
    if found.mode == "merged":
        return found.size
    rows = np.ascontiguousarray(found.states)
    return len(np.unique(rows.view([("", np.void, rows.shape[1])]).ravel()))


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0] if given else "specs/01-webdata"),
        int(given[1]) if len(given) > 1 else 2,
        int(given[2]) if len(given) > 2 else 3_000_000,
        given[3] if len(given) > 3 else "",
    )
