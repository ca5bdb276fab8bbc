"""A log that was altered is not taken for the one it was: a warning names the line, or the answer is another.

Each mutation is made to recordings of real runs, to all files of a node at once, where a second file would otherwise
tell what the first one lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Explanation
from tests.incident.recorded import NAMES, explanation
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

Lines = list[str]


def mutated(run: str, root: Path, node: str, change: Callable[[Lines], Lines]) -> Explanation:
    """The syslog of both nodes, one of them altered."""
    paths = []
    for name in ("node1", "node2"):
        lines = (TRACES / run / name / "messages").read_text().splitlines()
        path = root / f"{name}.messages"
        path.write_text("".join(f"{line}\n" for line in (change(lines) if name == node else lines)))
        paths.append(path)
    return explained(paths)


def unchanged(lines: Lines) -> Lines:
    return lines


def answer(report: Explanation) -> tuple[object, ...]:
    """What a person would act on."""
    owned = [(o.resource, o.node, o.begin, o.sure_from, o.end, o.open_because) for o in report.owned]
    both = [(o.resource, o.begin, o.end, o.certainty) for o in report.overlaps]
    faults = [(f.kind, f.node, f.what, f.earliest, f.latest, f.certainty) for f in report.faults]
    return owned, both, faults, [told.text for told in report.story if told.heavy]


def noticed(report: Explanation) -> list[str]:
    """What is said of lines that do not fit, with the lines."""
    return [f"{each.text}  {', '.join(map(str, each.proofs))}" for each in report.contradictions]


@pytest.mark.parametrize("run", NAMES)
def test_nothing_that_a_real_daemon_wrote_is_a_contradiction(run: str) -> None:
    assert noticed(explanation(run)) == []


LANDMARKS = {
    "takeover": ("seed4_cut_all", "node2", "Resources being acquired from node1"),
    "death": ("seed4_cut_all", "node2", "node node1: is dead"),
    "end": ("seed1_stop_start", "node1", "Heartbeat shutdown complete"),
    "notice": ("seed1_stop_start", "node2", "Received shutdown notice from"),
    "release": ("seed1_stop_start", "node1", "Giving up all HA resources"),
    "link": ("seed4_cut_all", "node2", "Link node1:eth1 dead"),
}


def without(pattern: str, lines: Sequence[str]) -> Lines:
    """The lines but for the first that matches."""
    place = next(i for i, line in enumerate(lines) if re.search(pattern, line))
    return [*lines[:place], *lines[place + 1 :]]


@pytest.mark.parametrize("mark", LANDMARKS)
def test_a_landmark_that_was_dropped_is_missed(mark: str, tmp_path: Path) -> None:
    run, node, pattern = LANDMARKS[mark]
    whole = mutated(run, tmp_path, node, unchanged)
    report = mutated(run, tmp_path, node, lambda lines: without(pattern, lines))

    assert noticed(report) or answer(report) != answer(whole)


SCRIPTS = {
    "start": ("seed4_cut_all", "node2", r"Running .*/Filesystem .* start", r"Filesystem.* Running start for"),
    "stop": (
        "seed1_stop_start",
        "node1",
        r"Running .*/Filesystem .* stop",
        r"Filesystem.* (Running stop for|unmounted )",
    ),
}
"""What ResourceManager and the agent both say of one call."""


@pytest.mark.parametrize("call", SCRIPTS)
def test_a_call_that_its_agent_tells_too_is_the_same_story(call: str, tmp_path: Path) -> None:
    run, node, pattern, _ = SCRIPTS[call]

    assert answer(mutated(run, tmp_path, node, lambda lines: without(pattern, lines))) == answer(
        mutated(run, tmp_path, node, unchanged)
    )


@pytest.mark.parametrize("call", SCRIPTS)
def test_a_call_that_nobody_tells_is_missed(call: str, tmp_path: Path) -> None:
    run, node, called, told = SCRIPTS[call]

    def silent(lines: Lines) -> Lines:
        return [line for line in without(called, lines) if not re.search(told, line)]

    report = mutated(run, tmp_path, node, silent)

    assert noticed(report) or answer(report) != answer(mutated(run, tmp_path, node, unchanged))


@pytest.mark.parametrize("run", ["seed1_stop_start", "seed4_cut_all"])
def test_a_time_that_goes_back_is_told_with_its_line(run: str, tmp_path: Path) -> None:
    def back(lines: Lines) -> Lines:
        middle = len(lines) // 2
        return [*lines[middle:], *lines[:middle]]

    report = mutated(run, tmp_path, "node1", back)

    assert any("the time goes back by" in note and "node1.messages:" in note for note in noticed(report))


@pytest.mark.parametrize("run", ["seed1_stop_start", "seed4_cut_all", "seed2_unplug_public"])
def test_a_daemon_of_another_cluster_is_told_from_this_one(run: str, tmp_path: Path) -> None:
    """Another machine of the same name: its master process has another number."""
    other = (TRACES / "hz13_null_partition" / "node1" / "messages").read_text().splitlines()

    def mixed(lines: Lines) -> Lines:
        stamps = [line[:15] for line in lines]
        foreign = [re.sub(r"heartbeat: \[(\d+)\]", r"heartbeat: [9\1]", line[15:]) for line in other]
        words = ("now has status", "Link ", "is dead")
        some = [line for line in foreign if "heartbeat: [" in line and any(word in line for word in words)]
        middle = len(lines) // 2
        return [*lines[:middle], *(stamps[middle] + line for line in some), *lines[middle:]]

    report = mutated(run, tmp_path, "node1", mixed)

    assert any("the master process has number" in note for note in noticed(report))


@pytest.mark.parametrize("run", ["seed1_stop_start", "seed4_cut_all"])
def test_a_node_whose_name_was_changed_is_another_node(run: str, tmp_path: Path) -> None:
    whole = mutated(run, tmp_path, "node1", unchanged)
    report = mutated(run, tmp_path, "node1", lambda lines: [line.replace("node1", "node9") for line in lines])

    assert report.nodes == ("node2", "node9")
    assert answer(report) != answer(whole)


@pytest.mark.parametrize("run", ["seed1_stop_start", "seed4_cut_all", "seed2_unplug_public"])
def test_a_file_that_was_cut_tells_another_story(run: str, tmp_path: Path) -> None:
    whole = mutated(run, tmp_path, "node1", unchanged)
    report = mutated(run, tmp_path, "node1", lambda lines: lines[: len(lines) // 2])

    assert answer(report) != answer(whole)


@pytest.mark.parametrize("run", ["seed1_stop_start", "hz13_null_partition"])
def test_a_release_that_ends_before_it_begins_is_told(run: str, tmp_path: Path) -> None:
    begin, end = "Giving up all HA resources", "All HA resources relinquished"

    def swapped(lines: Lines) -> Lines:
        one = next(i for i, line in enumerate(lines) if begin in line)
        two = next(i for i, line in enumerate(lines) if end in line)
        lines = list(lines)
        lines[one], lines[two] = lines[one][:15] + lines[two][15:], lines[two][:15] + lines[one][15:]
        return lines

    node = next(name for name in ("node1", "node2") if begin in (TRACES / run / name / "messages").read_text())
    report = mutated(run, tmp_path, node, swapped)

    assert any(
        "heartbeat begins to release all resources after it has released all" in note for note in noticed(report)
    )


def test_a_boot_in_the_second_of_the_start_is_before_it(tmp_path: Path) -> None:
    """The kernel's lines lie in another file; within a second nothing else says which came first."""
    path = tmp_path / "node1.messages"
    lines = (TRACES / "seed1_stop_start" / "node1" / "messages").read_text().splitlines()
    place = next(i for i, line in enumerate(lines) if "Configuration validated" in line)
    boot = f"{lines[place][:15]} node1 kernel: Linux version 2.6.18"
    path.write_text("".join(f"{line}\n" for line in [*lines[: place + 1], boot, *lines[place + 1 : place + 40]]))

    assert "silent" not in {fault.kind for fault in explained([path]).faults}
