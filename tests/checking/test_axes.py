"""Axes of a sweep: lists, ranges, and what is no axis."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking.axes import all_of, axes_of, axis_of, changed
from hamodel.checking.material import gather
from hamodel.config.values import parse_time
from hamodel.errors import BadSweep
from hamodel.ir.sweep import Axis


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("auto_failback=on,off", ("on", "off")),
        ("deadtime=2s..10s:4s", ("2", "6", "10")),
        ("deadtime=2s..9s:4s", ("2", "6")),
        ("deadtime=2..4:1", ("2", "3", "4")),
        ("keepalive=500ms..2s:500ms", ("500ms", "1", "1500ms", "2")),
        ("deadtime=10,20..30:10,10", ("10", "20", "30")),
        ("deadtime=0s..4s", ("0", *(f"{n}00ms" if n % 10 else str(n // 10) for n in range(5, 41, 5)))),
        ("latency=[0, 10],[0, 500]", ("[0, 10]", "[0, 500]")),
        ("boot=20s..60s,5s", ("20s..60s", "5s")),
        ("faults.budget=1..3:1", ("1", "2", "3")),
        ("stonith.latency=1s..3s:1s", ("1000ms", "2000ms", "3000ms")),
        ("watchdog=/dev/watchdog,-", ("/dev/watchdog", "-")),
    ],
)
def test_an_axis_has_its_values(text: str, values: tuple[str, ...]) -> None:
    assert axis_of(text).values == values


def test_values_of_a_directive_are_times_for_heartbeat() -> None:
    assert [parse_time(value) for value in axis_of("deadtime=500ms..2s:750ms").values] == [500, 1250, 2000]


def test_a_range_without_a_step_has_about_ten_values_with_both_ends() -> None:
    values = axis_of("deadtime=2s..60s").values

    assert 6 <= len(values) <= 12 and (values[0], values[-1]) == ("2", "60")


@pytest.mark.parametrize(
    "text",
    ["deadtime", "deadtime=", "dedtime=3", "deadtime=9s..2s", "deadtime=2s..9s:0s", "deadtime=2..9s", "deadtime=..:"],
)
def test_what_is_no_axis_is_refused_with_a_repair(text: str) -> None:
    with pytest.raises(BadSweep) as caught:
        axis_of(text)

    assert caught.value.code == "HA135" and caught.value.help


def test_an_axis_is_given_once() -> None:
    with pytest.raises(BadSweep, match="twice"):
        axes_of(["deadtime=2", "deadtime=3"])


def test_too_many_points_are_refused() -> None:
    axis = tuple(map(str, range(400)))

    with pytest.raises(BadSweep, match="160000 points"):
        all_of([Axis("deadtime", axis), Axis("keepalive", axis)])


def test_a_point_changes_files_and_keys(tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text("deadtime 30\nwatchdog /dev/watchdog\nkeepalive 2\n")
    axes = axes_of(["deadtime=10", "watchdog=-", "auto_failback=off", "faults.budget=2"])

    material, keys = changed(gather([tmp_path]), {"start_from": "boot"}, axes, ("10", "-", "off", "2"))

    (text,) = material.files.values()
    assert text == "deadtime 10\nkeepalive 2\nauto_failback off\n"
    assert keys == {"start_from": "boot", "faults.budget": 2}
