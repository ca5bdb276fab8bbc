"""Lines of the programs that set a machine's clock, or that notice that somebody did."""

from __future__ import annotations

import re
from collections.abc import Mapping

SET = frozenset({"clock-reset-ntpd", "clock-reset-xntpd", "clock-set-ntpd", "clock-set-openntpd", "clock-step-ntpdate",
                 "clock-step-chronyd"})  # fmt: skip
"""Say by how much the clock was set at once; one that is slewed drifts, and no time is missing or comes twice."""
CHANGED = frozenset({"clock-ahead-chronyd", "clock-back-chronyd", "clock-changed-systemd", "clock-back-journald"})
"""Say that it was set, and not by how much."""
LEAST = 1000
"""ms below which a step is not told: a clock that is kept right is set by fractions of a second now and then."""
_SECONDS = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?")


def set_by(key: str, fields: Mapping[str, str]) -> int | None:
    """By how many ms a line says that the clock was set, back where negative; None for one that says no such thing."""
    said = fields.get("by", "")
    if key not in SET or not _SECONDS.fullmatch(said):
        return None
    by = round(float(said) * 1000)
    return by if abs(by) >= LEAST else None
