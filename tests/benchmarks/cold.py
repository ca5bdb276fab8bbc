"""From nothing to the answer: `hamodel check` on a machine that has never run it, against Spin on the same question.

`python -m tests.benchmarks.cold [spec folder] [faults] [rounds]`, by default `specs/01-webdata cut=1 3`. In each round
three commands run in turn, so that a busy machine is busy for all of them; the middle of the rounds is told, by the
clock, with the ratio to Spin in the same round:

- `spin`: `spin -a`, `gcc -O2` and `pan` on the exported untimed model of `single_mount` with these faults;
- `check`: the whole `hamodel check` of that one question in exact time, a new process with an empty cache;
- `check all`: every property with one fault of every kind, the same way; `warm`: once more, with its cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from hamodel.renderers.exports import promela
from hamodel.renderers.exports.about import About
from tests.benchmarks.peers import ROOT, model

SWITCHES = ["-O2", "-w", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=8000"]


def spin(text: str) -> float:
    """Seconds from the text of the model to Spin's last state; no state may be left out."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "model.pml").write_text(text)
        began = time.perf_counter()
        subprocess.run(["spin", "-o2", "-a", "model.pml"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["gcc", *SWITCHES, "-o", "pan", "pan.c"], cwd=folder, check=True)
        done = subprocess.run(["./pan", "-m1000000", "-w21"], cwd=folder, check=True, capture_output=True, text=True)
        assert "max search depth too small" not in done.stdout
        return time.perf_counter() - began


def check(folder: Path, cache: str, *words: str) -> float:
    """Seconds of one `hamodel check` in a process of its own; the verdict itself does not matter here."""
    command = [sys.executable, "-m", "hamodel.cli", "check", str(folder), "--no-evidence", "--quiet", *words]
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return time.perf_counter() - began


def main(folder: Path, faults: str, rounds: int) -> None:
    text = promela.render(model(folder, faults), None, About("benchmark"))
    found: dict[str, list[float]] = {name: [] for name in ("spin", "check", "check all", "warm")}
    for _ in range(rounds):
        found["spin"].append(spin(text))
        with tempfile.TemporaryDirectory() as cache:
            found["check"].append(check(folder, cache, "--property", "single_mount", "--faults", faults))
        with tempfile.TemporaryDirectory() as cache:
            found["check all"].append(check(folder, cache))
            found["warm"].append(check(folder, cache))
    print(f"{folder.name} {faults}, {rounds} rounds\n{'':<10} {'clock s':>8} {'ratio':>7} to spin")
    for name, each in found.items():
        ratio = median(s / m for s, m in zip(found["spin"], each, strict=True))
        print(f"{name:<10} {median(each):8.2f} {ratio:7.2f}")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        Path(given[0]) if given else ROOT / "specs" / "01-webdata",
        given[1] if len(given) > 1 else "cut=1",
        int(given[2]) if len(given) > 2 else 3,
    )
