"""Questions side by side end together when somebody presses Ctrl-C, and fail with the first that fails."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from hamodel.checking.side_by_side import SideBySide

SCRIPT = """
import signal, sys, time, z3
from hamodel.checking.side_by_side import SideBySide

signal.signal(signal.SIGINT, signal.default_int_handler)
x = z3.Int("x")
solver = z3.Solver()
solver.add(x * x > 7, x < 10_000)
solver.check()  # z3 leaves a handler behind that does not end a wait
side = SideBySide(2, lambda what, count: None)

def ask(number):
    time.sleep(0.5)  # by now the main thread waits
    if number:
        print("ready", flush=True)
    while True:
        side.progress("", 0)
        time.sleep(0.02)

try:
    side.map(ask, range(2))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def silent(_what: str, _classes: int) -> None:
    """Nobody looks."""


def test_an_interrupt_ends_all_of_them_even_after_z3_has_run() -> None:
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

        process.send_signal(signal.SIGINT)
        try:
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()

    assert said == "interrupted\n"


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert SideBySide(3, silent).map(lambda n: n * n, range(10)) == [n * n for n in range(10)]


def test_the_first_question_that_fails_raises_its_error() -> None:
    def ask(number: int) -> int:
        if number % 2:
            raise ValueError(number)
        return number

    with pytest.raises(ValueError, match="1"):
        SideBySide(2, silent).map(ask, range(6))
