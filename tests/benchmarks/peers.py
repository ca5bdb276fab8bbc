"""The same untimed model in Spin, in rumur and here: states, seconds, bytes for each state.

`python -m tests.benchmarks.peers [spec folder] [faults] [rounds] [engine,engine...]`, by default `specs/01-webdata
cut=1 3 spin,explicit,explicit2`; the other engines are `rumur`, `classes`, `numpy` and `numpy2` (nothing compiled),
and `remembering` (plain Python). In the place of folder and faults, `regular 10,2,3` is the regular pair of `proofs`,
made for counting: its dead time, groups and faults. In each round every engine runs once, in turn, so that a busy
machine is busy for all of them; the middle of the rounds is told, with the ratio to Spin in the same round, by CPU
time, along the longest path and by the clock.

The longest path is the CPU time of what must come one after the other: wherever threads work side by side, only the
one that worked longest counts. It is no time by the clock: it estimates what the clock would show if every thread had a
core to itself. On a busy machine it errs both ways: a thread that has its core takes over the work of one that waits,
so the path grows; and threads that seldom run at the same moment seldom compete for memory, so it shrinks.
All engines must count the same states and steps. Spin is given its fastest exact form: one process, one `d_step` an
action, bit fields, no property, no reduction (there is nothing to reduce), a hash table of the right size. To add an
engine, add a function to ENGINES that explores the model and says what it counted.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from hamodel.checking.export import untimed_material
from hamodel.checking.of_spec import case_of
from hamodel.config.spec import read_spec
from hamodel.engines._lower.numpy_search import NumpySearch
from hamodel.engines._lower.packed_program import compile_packed
from hamodel.engines._lower.packed_search import PackedSearch
from hamodel.engines.classes import ClassesEngine
from hamodel.engines.explicit import ExplicitEngine
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import load, select
from hamodel.renderers.exports import murphi, promela
from hamodel.renderers.exports.about import About

TIMES = ("cpu", "path", "wall")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """One exploration.

    `ready`: seconds from the text of the model to an engine that can begin; then the search, in CPU time and by the
    clock. Bytes for each state count the whole memory the engine says it used; not every engine says it.
    """

    states: int
    steps: int
    ready: float
    cpu: float
    wall: float
    bytes_each: float
    path: float
    """CPU seconds along the longest path; those of the search where only one thread works."""


def _spent() -> float:
    """CPU seconds of the programs that have been run, their own and the kernel's for them."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _timed(command: list[str], folder: Path) -> tuple[str, float, float]:
    began, before = time.perf_counter(), _spent()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout, _spent() - before, time.perf_counter() - began


def _found(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found is not None, text
    return float(found[1])


class Spin:
    """Compiled once; `-w` fits the number of states, which the first run tells."""

    def __init__(self, system: System, folder: Path) -> None:
        (folder / "model.pml").write_text(promela.render(system, None, About("benchmark")))
        began = time.perf_counter()
        subprocess.run(["spin", "-o2", "-a", "model.pml"], cwd=folder, check=True, capture_output=True)
        switches = ["-O2", "-w", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=8000"]
        subprocess.run(["gcc", *switches, "-o", "pan", "pan.c"], cwd=folder, check=True)
        self.ready, self.folder, self.width, self.depth = time.perf_counter() - began, folder, 20, 100_000

    def __call__(self) -> Measured:
        said, cpu, wall = _timed(["./pan", f"-m{self.depth}", f"-w{self.width}"], self.folder)
        if "max search depth too small" in said:
            self.depth *= 10
            return self()
        states = int(_found(r"(\d+) states, stored", said))
        self.width = max(16, states.bit_length())
        memory = _found(r"([\d.]+)\s+total actual memory usage", said) * (1 << 20)
        steps = int(_found(r"(\d+) transitions", said)) - 1
        return Measured(states, steps, self.ready, cpu, wall, memory / states, cpu)


class Rumur:
    """One thread, as the others."""

    def __init__(self, system: System, folder: Path) -> None:
        (folder / "model.m").write_text(murphi.render(system, None, About("benchmark")))
        began = time.perf_counter()
        words = ["--deadlock-detection", "off", "--threads", "1", "--output", "model.c", "model.m"]
        subprocess.run(["rumur", *words], cwd=folder, check=True, capture_output=True)
        subprocess.run(["gcc", "-O3", "-w", "-mcx16", "-o", "model", "model.c", "-lpthread"], cwd=folder, check=True)
        self.ready, self.folder = time.perf_counter() - began, folder

    def __call__(self) -> Measured:
        said, cpu, wall = _timed(["./model"], self.folder)
        states, steps = int(_found(r"(\d+) states,", said)), int(_found(r", (\d+) rules fired", said))
        return Measured(states, steps, self.ready, cpu, wall, float("nan"), cpu)


class Classes:
    """The compiled engine on the untimed system, where every class is a state."""

    def __init__(self, system: System, _folder: Path) -> None:
        self.engine, self.system = ClassesEngine(), system
        began = time.perf_counter()
        self.engine.program(system)
        self.ready = time.perf_counter() - began

    def __call__(self) -> Measured:
        began, before = time.perf_counter(), time.process_time()
        found = self.engine.explore(self.system, mode="equality")
        cpu, wall = time.process_time() - before, time.perf_counter() - began
        return Measured(found.classes, found.edges, self.ready, cpu, wall, float("nan"), cpu)


@contextmanager
def _side_by_side() -> Iterator[list[float]]:
    """For each time threads worked together: the CPU seconds of all but the one that worked longest."""
    saved: list[float] = []
    packed, numpy = PackedSearch.together, NumpySearch.together

    def timed(run: Callable[..., object], took: list[float]) -> Callable[..., None]:
        def watched(*given: object) -> None:
            before = time.thread_time()
            run(*given)
            took.append(time.thread_time() - before)

        return watched

    def together(search: PackedSearch, run: Callable[[Any], object], parts: Iterable[Any]) -> None:
        took: list[float] = []
        packed(search, timed(run, took), parts)
        if search.team is not None:
            saved.append(sum(took) - max(took))

    def both(search: NumpySearch, *runs: Callable[[], None]) -> None:
        took: list[float] = []
        numpy(search, *(timed(run, took) for run in runs))
        saved.append(sum(took) - max(took))

    with patch.object(PackedSearch, "together", together), patch.object(NumpySearch, "together", both):
        yield saved


class Explicit:
    """The packed search in machine code, with so many threads; compiled anew, to tell how long that takes."""

    def __init__(self, system: System, _folder: Path, jobs: int = 1) -> None:
        self.engine, self.system, self.jobs = ExplicitEngine(how="compiled"), system, jobs
        began = time.perf_counter()
        compile_packed(system, (), cache=False)
        self.ready = time.perf_counter() - began
        compile_packed(system, ())

    def __call__(self) -> Measured:
        return _explored(self)


class Uncompiled:
    """What answers where there is no llvmlite: "numpy", and what answers where that cannot: "remembering"."""

    def __init__(self, system: System, how: str, jobs: int = 1) -> None:
        self.engine, self.system, self.ready, self.jobs = ExplicitEngine(how=how), system, 0.0, jobs

    def __call__(self) -> Measured:
        return _explored(self)


def _explored(by: Explicit | Uncompiled) -> Measured:
    began, before = time.perf_counter(), time.process_time()
    with _side_by_side() as saved:
        found = by.engine.explore(by.system, limits=Limits(classes=1 << 40, jobs=by.jobs))
    cpu, wall = time.process_time() - before, time.perf_counter() - began
    memory = found.search.memory()
    return Measured(found.states, found.edges, by.ready, cpu, wall, memory / found.states, cpu - sum(saved))


ENGINES: dict[str, Callable[[System, Path], Callable[[], Measured]]] = {
    "spin": Spin, "rumur": Rumur, "classes": Classes, "explicit": Explicit,
    "explicit2": lambda system, folder: Explicit(system, folder, jobs=2),
    "numpy": lambda system, _folder: Uncompiled(system, "numpy"),
    "numpy2": lambda system, _folder: Uncompiled(system, "numpy", jobs=2),
    "remembering": lambda system, _folder: Uncompiled(system, "remembering"),
}  # fmt: skip


def model(folder: Path, faults: str) -> System:
    """The slice that `single_mount` depends on, with these faults."""
    kinds = dict(part.split("=") for part in faults.split(","))
    overrides: dict[str, object] = {"faults.kinds": sorted(kinds), "faults.budget": sum(map(int, kinds.values()))}
    overrides |= {f"faults.{kind}": int(most) for kind, most in kinds.items()}
    case = case_of(read_spec([folder], None, overrides))
    question = select(load(), ["single_mount"])[0]
    return untimed_material(case, question, whole=False, progress=lambda _what, _count: None).system


def regular(sizes: str) -> System:
    """The model of `proofs`, with its sizes."""
    from tests.benchmarks.proofs import pair  # it takes Spin from here

    dead, groups, faults = map(int, sizes.split(","))
    return pair(dead, groups, faults)[0]


def main(folder: Path, faults: str, rounds: int, names: list[str]) -> None:
    system = regular(faults) if folder.name == "regular" else model(folder, faults)
    print(f"{folder.name} {faults}: {len(system.variables)} variables, {len(system.actions)} actions")
    with tempfile.TemporaryDirectory() as place:
        engines = {name: ENGINES[name](system, Path(place)) for name in names}
        found: dict[str, list[Measured]] = {name: [] for name in names}
        for _ in range(rounds):
            for name, engine in engines.items():
                found[name].append(engine())
    counted = {(m.states, m.steps) for each in found.values() for m in each}
    assert len(counted) == 1, f"they do not count the same: {counted}"
    print("{} states, {} steps".format(*next(iter(counted))))
    print(
        f"{'engine':<11} {'ready s':>8} {'cpu s':>8} {'path s':>8} {'clock s':>8} {'states/s':>10} {'B/state':>8}"
        f" {'cpu':>7} {'path':>7} {'clock':>7} to spin"
    )
    for name, each in found.items():
        cpu, path, wall = (median(getattr(m, what) for m in each) for what in TIMES)
        pairs = list(zip(found.get("spin", each), each, strict=True))
        ratios = [median(getattr(s, what) / getattr(m, what) for s, m in pairs) for what in TIMES]
        last = each[-1]
        numbers = f"{last.ready:8.2f} {cpu:8.2f} {path:8.2f} {wall:8.2f} {last.states / cpu:10.0f}"
        print(f"{name:<11} {numbers} {last.bytes_each:8.1f} " + " ".join(f"{r:7.2f}" for r in ratios))


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]) if given else ROOT / "specs" / "01-webdata",
        given[1] if len(given) > 1 else "cut=1",
        int(given[2]) if len(given) > 2 else 3,
        (given[3] if len(given) > 3 else "spin,explicit,explicit2").split(","),
    )
