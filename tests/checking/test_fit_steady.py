"""What a clock gained or lost by being set is taken out of every line behind the step, and of no other."""

from __future__ import annotations

from datetime import datetime

from hamodel.checking.fits.steady import steadied
from hamodel.incident.facts import moment
from hamodel.incident.report import Proof, Step
from hamodel.logs.formats import Entry, Writer
from hamodel.logs.reading import Line


def lines(node: str, *times: str) -> list[Line]:
    found = []
    for number, time in enumerate(times, 1):
        entry = Entry(datetime.fromisoformat(f"2026-03-04T{time}"), node, "heartbeat", 7, "info", "x", Writer.DAEMON)
        found.append(Line("log", number, node, entry, "", {}, True))
    return found


def step(by: int, shown: str, first: int) -> Step:
    at = moment(datetime.fromisoformat(f"2026-03-04T{shown}"))
    return Step("a", 0, by * 1000, at - by * 1000, at, (Proof("log", first - 1), Proof("log", first)))


def told(*given: Line, steps: tuple[Step, ...]) -> list[str]:
    return [f"{line.entry.when:%H:%M:%S}" for line in steadied(given, steps)]


def test_a_step_ahead_is_taken_out_of_the_lines_behind_it() -> None:
    log = lines("a", "10:00:00", "10:00:05", "12:00:09", "12:00:10", "12:01:00")

    assert told(*log, steps=(step(7200, "12:00:10", 4),)) == [
        "10:00:00",
        "10:00:05",
        "10:00:09",
        "10:00:10",
        "10:01:00",
    ]


def test_a_step_back_is_put_back_and_what_comes_twice_is_told_apart_by_its_place() -> None:
    log = lines("a", "09:30:00", "10:00:00", "10:00:05", "09:00:04", "09:00:06", "09:30:00", "10:00:00")
    times = told(*log, steps=(step(-3600, "09:00:06", 5),))

    assert times == ["09:30:00", "10:00:00", "10:00:05", "10:00:04", "10:00:06", "10:30:00", "11:00:00"]


def test_after_two_steps_both_are_taken_out_and_the_other_node_stays() -> None:
    log = lines("a", "10:00:00", "12:00:10", "11:00:20")
    steps = (step(7200, "12:00:10", 2), step(-3600, "11:00:20", 3))

    assert told(*log, steps=steps) == ["10:00:00", "10:00:10", "10:00:20"]
    assert told(*lines("b", "10:00:00", "12:00:10", "13:00:20"), steps=steps) == ["10:00:00", "12:00:10", "13:00:20"]


def test_a_step_that_begins_behind_a_long_silence_is_found_by_its_first_line() -> None:
    log = lines("a", "10:00:00", "09:30:00", "09:40:00")

    assert told(*log, steps=(step(-7200, "09:30:00", 2),)) == ["10:00:00", "11:30:00", "11:40:00"]
