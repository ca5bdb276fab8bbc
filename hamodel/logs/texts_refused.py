"""What the daemon prints of a packet that is signed with another key; seen in a recorded run of 3.0.6.

The same rows as in `texts_daemon`; a library below the daemon prints them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_DUMPED = r"""
msg-dump | ERROR | MSG: Dumping message with {count} fields |
msg-dump-field | ERROR | MSG[{n}] : [{field}] |
msg-netstring-refused | ERROR | netstring authentication failed, s={packet} |
msg-token-differs | ERROR | authtoken does not match, authtoken={token}, authstr={expected} |
"""

REFUSED_ROWS: tuple[Row, ...] = rows("heartbeat", _DUMPED)
