"""What real logs hold beyond the source of the two releases: seen in recorded runs and in logs that people published.

The same rows as in `texts_daemon`; no rule of the model writes them. Releases between the two have words of their own.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_BETWEEN = r"""
cfg-version-2-support | info | Version 2 support: {value} |
"""

SEEN_ROWS: tuple[Row, ...] = (*rows("heartbeat", _BETWEEN),)
