"""Threads that wait for parts of a work do each once, and say when one failed."""

from __future__ import annotations

import threading

import pytest

from hamodel.engines._lower.team import Team


def test_every_part_is_run_once_and_side_by_side() -> None:
    team = Team(2)
    meet = threading.Barrier(3, timeout=20)
    done: list[int] = []

    def run(part: int) -> None:
        meet.wait()
        done.append(part)

    for _ in range(3):
        team.run(run, range(3))
    team.close()

    assert sorted(done) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_the_error_of_a_part_is_raised_when_all_are_done() -> None:
    team = Team(2)
    done: list[int] = []

    def run(part: int) -> None:
        if part == 1:
            raise MemoryError("no room")
        done.append(part)

    with pytest.raises(MemoryError, match="no room"):
        team.run(run, range(3))
    assert sorted(done) == [0, 2]
    team.run(done.append, [7])
    team.close()
    assert done[-1] == 7


def test_an_error_of_the_part_that_is_run_here_waits_for_the_others_too() -> None:
    team = Team(1)
    go_on = threading.Event()
    done: list[int] = []

    def run(part: int) -> None:
        if part == 0:
            go_on.set()
            raise KeyboardInterrupt
        go_on.wait(20)
        done.append(part)

    with pytest.raises(KeyboardInterrupt):
        team.run(run, range(2))
    assert done == [1]
    assert team.done.empty(), "nothing is left that the next work could take for its own"
    team.close()


def test_the_threads_end_with_the_team() -> None:
    team = Team(3)

    team.close()

    assert not any(thread.is_alive() for thread in team.threads)
