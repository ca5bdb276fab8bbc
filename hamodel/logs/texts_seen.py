"""What real logs hold beyond the source of the two releases: seen in recorded runs and in logs that people published.

The same rows as in `texts_daemon`; no rule of the model writes them. Libraries below the daemon dump a damaged message
field by field; releases between the two have words of their own.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_DUMPED = r"""
msg-dump | ERROR | MSG: Dumping message with {count} fields |
msg-dump-field | ERROR | MSG[{n}] : [{field}] |
msg-netstring-refused | ERROR | netstring authentication failed, s={packet} |
msg-token-differs | ERROR | authtoken does not match, authtoken={token}, authstr={expected} |
"""

_BETWEEN = r"""
cfg-version-2-support | info | Version 2 support: {value} |
"""

SEEN_ROWS: tuple[Row, ...] = (
    *rows("any-daemon", _DUMPED),
    *rows("heartbeat", _BETWEEN),
)
