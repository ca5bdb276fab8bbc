"""A place is shown with its caret, however long the line is."""

from __future__ import annotations

import pytest

from hamodel.source import SHOWN, Span, clipped


@pytest.mark.parametrize("before", [0, 3, 50, 200, 5_000])
@pytest.mark.parametrize("behind", [0, 3, 50, 200, 5_000])
def test_the_caret_stands_under_the_piece(before: int, behind: int) -> None:
    span = Span("ha.cf", 7, before + 1, 5, "a" * before + "PIECE" + "z" * behind)

    _, _, shown, caret, _ = span.pointer().splitlines()

    assert shown[caret.index("^") : caret.rindex("^") + 1] == "PIECE"
    assert len(shown) <= SHOWN + len("7 | ... " + " ...")


def test_a_short_line_is_shown_as_it_is() -> None:
    assert Span("ha.cf", 7, 3, 1, "a b").pointer("here").splitlines() == [
        " --> ha.cf:7:3", "  |", "7 | a b", "  |   ^ here", "  |",
    ]  # fmt: skip


def test_a_long_text_says_how_long_it_is() -> None:
    assert clipped("a" * 10, 10) == "a" * 10
    assert clipped("a" * 11, 10) == "a" * 10 + "... (11 characters)"
