"""Comments start anywhere, a carriage return ends a line, and a long line is two."""

from __future__ import annotations

import pytest

from tests.config.helpers import GOOD, own_lines, start


def test_a_comment_starts_anywhere_even_inside_a_word() -> None:
    reading = start(GOOD + "keepalive 3#5\n#keepalive 4\n  # x\n")

    assert reading.node.keepalive.value == 3000


def test_files_with_carriage_returns_are_fine() -> None:
    reading = start(GOOD.replace("\n", "\r\n"))

    assert reading.errors == ()
    assert reading.node.nodes == ("node1", "node2")


def test_a_carriage_return_ends_the_line() -> None:
    assert start(GOOD + "keepalive 3\rnonsense\n").node.keepalive.value == 3000


def test_leading_white_space_is_skipped_and_a_backslash_is_an_ordinary_character() -> None:
    reading = start(" \t\f" + GOOD + "keepalive 3 \\\n4\n")

    assert own_lines(reading) == ["ERROR: Illegal directive [4] in /etc/ha.d//ha.cf"]
    assert [error.message for error in reading.errors] == [
        "keepalive does not take `\\`",
        "4 is no directive of Heartbeat 3.0.6",
    ]


@pytest.mark.parametrize(
    ("line", "word", "help"),
    [
        ("KEEPALIVE 3", "KEEPALIVE", "write keepalive: case matters"),
        ("keepalive=2", "keepalive=2", "put a blank after keepalive"),
        ("keepalive,2", "keepalive,2", "put a blank after keepalive"),
        ("keepalvie 2", "keepalvie", "did you mean keepalive?"),
    ],
)
def test_only_white_space_ends_a_directive_and_case_matters(line: str, word: str, help: str) -> None:
    reading = start(GOOD + line + "\n")

    assert own_lines(reading) == [f"ERROR: Illegal directive [{word}] in /etc/ha.d//ha.cf"]
    assert reading.errors[0].help == help


def test_what_follows_5119_characters_is_a_new_line() -> None:
    reading = start("logfile " + "x" * (5119 - len("logfile ")) + "junk 1\n" + GOOD)

    assert own_lines(reading) == ["ERROR: Illegal directive [junk] in /etc/ha.d//ha.cf"]
    assert reading.errors[0].span is not None
    assert reading.errors[0].span.line == 1


def test_a_nul_ends_what_the_daemon_sees_of_a_line() -> None:
    assert start(GOOD.encode() + b"keepalive 3\0nonsense\n\0nonsense\n").node.keepalive.value == 3000


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    reading = start(GOOD.encode() + b"\xff\xfe 1\n")

    assert own_lines(reading) == ["ERROR: Illegal directive [\\xff\\xfe] in /etc/ha.d//ha.cf"]


def test_all_faults_of_a_file_are_reported_each_in_its_place() -> None:
    reading = start("junk\n" + GOOD + "keepalive 2s\nrtprio 0\n")

    assert [(error.code, str(error.span)) for error in reading.errors] == [
        ("HA102", "ha.cf:1:1"),
        ("HA103", "ha.cf:10:11"),
        ("HA103", "ha.cf:11:8"),
    ]


def test_an_error_shows_code_place_caret_the_daemons_words_and_a_repair() -> None:
    reading = start(GOOD + "rtprio 0\n")

    assert reading.errors[0].render() == (
        "error[HA103]: rtprio does not take `0`\n"
        " --> ha.cf:9:8\n"
        "  |\n"
        "9 | rtprio 0\n"
        "  |        ^ not a number\n"
        "  |\n"
        "  = heartbeat says: ERROR: Illegal realtime priority [0]\n"
        "  = help: write rtprio N, 1 to 99"
    )
