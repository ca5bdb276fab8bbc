"""Running other checkers on a model, and what they count."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 120


@dataclass(frozen=True, slots=True)
class Counted:
    """What a checker says: states, steps, in how many states a claim is broken, and the events of the shortest run."""

    states: int
    steps: int
    broken: int | None
    """None: it does not say."""
    story: tuple[str, ...] | None = None


def need(*programs: str) -> None:
    """Skip where a program is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def run(command: Sequence[str], folder: Path) -> str:
    """What a program prints; its exit code is not asked."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.stdout + done.stderr


def spin(text: str, folder: Path) -> Counted:
    """Spin's exhaustive search of a Promela model, breadth first: once to the end and once to the first violation.

    A violation is one more step, which changes nothing; the step that creates the first state counts as one, too.
    """
    (folder / "model.pml").write_text(text)
    said = run(["spin", "-o2", "-DSTORY", "-a", "model.pml"], folder)
    assert (folder / "pan.c").is_file(), said
    assert "Error" not in said, said
    said = run(["gcc", "-O0", "-w", "-DSAFETY", "-DNOREDUCE", "-DBFS", "-o", "pan", "pan.c"], folder)
    assert (folder / "pan").is_file(), said
    said = run(["./pan", "-w16", "-c0"], folder)
    assert "invalid end state (" not in said, said
    assert "Search not completed" not in said, said
    broken = number(r"errors: (\d+)", said)
    steps = number(r"(\d+) transitions", said) - 1 - broken
    story = None
    if broken:
        run(["./pan", "-w16"], folder)
        story = tuple(re.findall(r"event (.*)", run(["./pan", "-r"], folder)))
    return Counted(number(r"(\d+) states, stored", said), steps, broken, story)


def rumur(text: str, folder: Path) -> Counted:
    """rumur's exhaustive search of a Murphi model: once without its claim, once to the first violation."""
    states = steps = 0
    story: tuple[str, ...] | None = None
    bare = re.sub(r'^invariant "(.|\n)*?;$', "", text, flags=re.MULTILINE)
    for model in dict.fromkeys((bare, text)):
        (folder / "model.m").write_text(model)
        said = run(["rumur", "--deadlock-detection", "off", "--threads", "1", "--output", "model.c", "model.m"], folder)
        assert (folder / "model.c").is_file(), said
        said = run(["gcc", "-O0", "-w", "-mcx16", "-o", "model", "model.c", "-lpthread"], folder)
        assert (folder / "model").is_file(), said
        said = run(["./model"], folder)
        if "No error found" in said:
            if model == bare:
                states, steps = number(r"(\d+) states", said), number(r"(\d+) rules fired", said)
            else:
                assert states == number(r"(\d+) states", said)
        else:
            assert model != bare, said
            story = tuple(re.findall(r'Rule "(.*)" fired', said))
    return Counted(states, steps, None, story)


def tchecker(text: str) -> tuple[bool, int, set[str]]:
    """TChecker's search of the zone graph: is `found` reachable, how many symbolic states, which values occur."""
    reach = pytest.importorskip("tcheckerpy.tools.tck_reach", reason="tcheckerpy is not installed")
    try:
        said, stats, _ = reach.reach(text, reach.Algorithm.REACH, labels=["found"])
        _, _, graph = reach.reach(text, reach.Algorithm.REACH, certificate=reach.Certificate.GRAPH)
    except RuntimeError as error:
        if "GLIBC" in str(error):
            pytest.skip("the library of tcheckerpy needs a newer C library than this machine has")
        raise
    states = {m[1] for m in re.finditer(r'intval="([^"]*)", labels="[^"]*", vloc="<idle>"', graph)}
    return said, number(r"VISITED_STATES (\d+)", stats), states


def number(pattern: str, text: str) -> int:
    """The number a pattern finds in what a program said."""
    found = re.search(pattern, text)
    assert found is not None, text
    return int(found[1])
