"""What the programs that set a machine's clock say of it: ntpd, ntpdate, chronyd, OpenNTPD, and who notices afterwards.

No part of Heartbeat, but real evidence of when a clock was set and by how much: ahead where the number is positive.
The same rows as in `texts_daemon`; no rule of the model writes them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_NTPD = r"""
clock-reset-ntpd | - | time reset {by} s |
clock-reset-xntpd | - | time reset (step) {by} s |
clock-set-ntpd | - | ntpd: time set {by} s |
clock-slewed-ntpd | - | time slew {by} s |
clock-set-openntpd | - | set local clock to {when} (offset {by}s) |
clock-slewed-openntpd | - | adjusting local clock by {by}s |
"""

_NTPDATE = r"""
clock-step-ntpdate | - | step time server {server} offset {by} sec |
clock-step-ntpdate-v1 | - | step time server {server} offset {by} |
clock-slewed-ntpdate | - | adjust time server {server} offset {by} sec |
clock-slewed-ntpdate-v1 | - | adjust time server {server} offset {by} |
"""

_CHRONYD = r"""
clock-step-chronyd | - | System clock was stepped by {by} seconds |
clock-wrong-chronyd | - | System clock wrong by {by} seconds |
clock-wrong-chronyd-v1 | - | System clock wrong by {by} seconds, adjustment started |
clock-ahead-chronyd | - | Forward time jump detected! |
clock-back-chronyd | - | Backward time jump detected! |
"""

CLOCKS_ROWS: tuple[Row, ...] = (
    *rows("ntpd", _NTPD),
    *rows("ntpdate", _NTPDATE),
    *rows("chronyd", _CHRONYD),
    *rows("systemd", "clock-changed-systemd | - | Time has been changed |"),
    *rows("systemd-journald", "clock-back-journald | - | Time jumped backwards, rotating. |"),
)
