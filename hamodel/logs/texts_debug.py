"""Lines of level debug that are written whatever the debug level is. The same rows as in `texts_daemon`."""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_HEARTBEAT = r"""
hbr-dbg-notify-sigchld | debug | notify_world: setting SIGCHLD Handler to SIG_DFL |
"""
_IPFAIL = r"""
ipfail-dbg-pid | debug | PID={pid} |
ipfail-dbg-signin | debug | Signing in with heartbeat |
ipfail-dbg-we-are | debug | [We are {node}] |
ipfail-dbg-failback | debug | auto_failback -> {auto_failback_int} ({value}) |
ipfail-dbg-filter | debug | Setting message filter mode |
ipfail-dbg-walk | debug | Starting node walk |
ipfail-dbg-they-are | debug | [They are {node}] |
ipfail-dbg-signal | debug | Setting message signal |
ipfail-dbg-waiting | debug | Waiting for messages... |
ipfail-dbg-ask-sent | debug | Message [ask_resources] sent. |
ipfail-dbg-timer-gone | debug | giveup timeout has been destroyed. |
ipfail-dbg-abort-sent | debug | Abort message sent. |
ipfail-dbg-count-sent | debug | Message [num_ping] sent. |
ipfail-dbg-asked | debug | Got asked for num_ping. |
ipfail-dbg-dead-sending | debug | Sending you_are_dead. |
ipfail-dbg-dead-sent | debug | Message [you_are_dead] sent. |
"""

DEBUG_ROWS: tuple[Row, ...] = (*rows("heartbeat", _HEARTBEAT), *rows("ipfail", _IPFAIL))
