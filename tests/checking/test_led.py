"""How alike two streams are is reckoned once, and rightly."""

from __future__ import annotations

import numpy as np

from hamodel.checking.led import COST, Likeness, Text


def test_a_line_that_both_have_counts_one_and_one_that_only_one_has_costs_a_part_of_it() -> None:
    stream = (0, "heartbeat")
    text = Text({stream: ["a", "b", "c"]})
    likeness = text.begin(stream)
    values = []
    for line in "axc":
        likeness = likeness.with_line(text.same(stream, line))
        values.append(likeness.value)

    assert values == [1.0, 1.0 - COST, 2.0 - 2 * COST]


def test_the_score_of_a_stream_is_not_reckoned_anew_each_time_it_is_asked() -> None:
    likeness = Likeness(np.arange(400, dtype=np.int32), 400)

    assert likeness.value is likeness.value
