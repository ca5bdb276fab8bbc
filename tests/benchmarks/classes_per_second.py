"""How many classes a second: the reference, plain Python and machine code side by side.

`python -m tests.benchmarks.classes_per_second [spec folder] [classes]`. The search starts from the steady state;
where it is complete every engine must have found the same classes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from hamodel.config.spec import read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.reference import Reference
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster


def main(folder: Path, most: int) -> None:
    began = time.perf_counter()
    system = compose_cluster(read_spec(sorted(folder.iterdir())))
    size = f"{len(system.procedures)} procedures, {len(system.actions)} actions, {len(system.timers)} timers"
    print(f"{folder.name}: {size}, composed in {time.perf_counter() - began:.2f} s")
    fast, slow = ClassesEngine(pure=False), ClassesEngine(pure=True)
    began = time.perf_counter()
    starts = fast.steady(system)
    print(f"machine code ready and steady state found after {time.perf_counter() - began:.2f} s")
    for mode in ("equality", "inclusion"):
        reference = Reference().explore(system, mode, Limits(classes=min(most, 200), seconds=30), start=starts[0])
        base = reference.classes / reference.seconds
        print(f"{mode:9} {'reference':22} {reference.classes:9} classes {base:12.0f} /s")
        for engine, limit in ((slow, min(most, 3_000)), (fast, most)):
            found = engine.explore(system, starts, mode, limits=Limits(classes=limit, seconds=60))
            rate = found.classes / found.seconds
            print(f"{mode:9} {found.engine:22} {found.classes:9} classes {rate:12.0f} /s {rate / base:9.0f} x")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]) if given else Path(__file__).parents[2] / "specs" / "01-webdata",
        int(given[1]) if len(given) > 1 else 200_000,
    )
