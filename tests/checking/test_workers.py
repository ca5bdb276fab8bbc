"""Every task has one answer, whatever happens to those who work."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from hamodel.checking.workers import Crew, Lost, work
from hamodel.errors import EngineUnavailable, NoWorkers

TWO = Crew(jobs=2)


def square(number: int) -> int:
    return number * number


def dies_once(task: tuple[int, str]) -> int:
    """Kills its own worker the first time it is asked about 3."""
    number, mark = task
    if number == 3 and not Path(mark).exists():
        Path(mark).write_text("gone")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def deadly(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def slow(number: int) -> int:
    time.sleep(0 if number == 0 else 60)
    return number


def test_every_task_is_answered_once_with_its_number() -> None:
    answers = list(work(TWO, square, range(20)))

    assert sorted(answers) == [(n, n * n) for n in range(20)]


def test_what_was_lost_with_a_worker_is_done_again(tmp_path: Path) -> None:
    tasks = [(n, str(tmp_path / "mark")) for n in range(8)]

    answers = list(work(TWO, dies_once, tasks))

    assert (tmp_path / "mark").exists()
    assert sorted(answers) == [(n, n * n) for n in range(8)]


def test_a_task_that_takes_every_worker_with_it_is_lost_and_costs_the_others_nothing() -> None:
    answers = dict(work(TWO, deadly, range(6)))

    lost = answers.pop(3)
    assert isinstance(lost, Lost) and "died" in lost.reason
    assert answers == {n: n * n for n in range(6) if n != 3}


# A thread of joblib may look for work that the interrupt has taken away; it ends with that, and nobody waits for it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_interrupt_ends_the_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = work(TWO, slow, range(6))
    assert next(answers) == (0, 0)
    began = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        answers.throw(KeyboardInterrupt)  # type: ignore[attr-defined]  # it is a generator

    assert time.monotonic() - began < 20


def test_a_scheduler_that_does_not_answer_is_named() -> None:
    pytest.importorskip("distributed")

    with pytest.raises(NoWorkers, match="no Dask scheduler answers at tcp"):
        list(work(Crew("dask", "tcp://127.0.0.1:9"), square, [1]))


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)

    with pytest.raises(EngineUnavailable, match="hamodel\\[cluster\\]"):
        list(work(Crew("dask", "tcp://127.0.0.1:9"), square, [1]))
