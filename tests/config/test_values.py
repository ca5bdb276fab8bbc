"""The daemon's C decides what a word is worth."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamodel.config import values
from hamodel.config.values import ascii_lower, parse_bool, parse_int, parse_time


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2000),
        ("1.5", 1500),
        (".5", 500),
        ("500ms", 500),
        ("500MSEC", 500),
        ("500mshello", 500),
        ("500us", 1),
        ("100us", 0),
        ("1.2.3", 1200),
        ("..", 0),
        ("0", 0),
    ],
)
def test_times_are_read_as_the_daemon_reads_them(text: str, value: int) -> None:
    assert parse_time(text) == value


@pytest.mark.parametrize("text", ["2s", "1m", "-1", '"2"', "abc", "ms", "1h", "1e3", "2,", "9" * 400])
def test_these_are_no_times(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("text", ["true", "on", "yes", "y", "1", "TRUE", "On"])
def test_these_words_mean_on(text: str) -> None:
    assert parse_bool(text) is True


@pytest.mark.parametrize("text", ["false", "off", "no", "n", "0", "FALSE", "oFf"])
def test_these_words_mean_off(text: str) -> None:
    assert parse_bool(text) is False


@pytest.mark.parametrize("text", ["", "onn", "2", "legacy", "t"])
def test_these_words_are_no_switch(text: str) -> None:
    assert parse_bool(text) is None


@pytest.mark.parametrize(("text", "value"), [("12abc", 12), ("abc", 0), ("-3x", -3), ("", 0), ("007", 7), ("+5", 5)])
def test_numbers_are_read_with_atoi(text: str, value: int) -> None:
    assert parse_int(text) == value


@given(st.text(), st.text(alphabet="0123456789.-+msuMSU "))
def test_no_text_crashes_the_readers_of_values(anything: str, nearly: str) -> None:
    for text in (anything, nearly):
        time = parse_time(text)
        assert time is None or time >= 0
        assert parse_bool(text) in (None, True, False)
        assert -(2**31) <= parse_int(text) < 2**31


@given(st.integers(min_value=-(2**31), max_value=2**31 - 1))
def test_every_32_bit_number_survives_the_way_through_text(number: int) -> None:
    assert parse_int(str(number)) == number


def test_only_the_letters_of_the_c_locale_are_lowered() -> None:
    assert ascii_lower("NODE-Ä") == "node-Ä"


def test_the_examples_in_the_docstrings_are_true() -> None:
    result = doctest.testmod(values)

    assert result.attempted >= 3
    assert result.failed == 0
