"""Every message that a Heartbeat installation can write, by its stable name: what reading a log back goes by.

The writing catalogue holds what rules of the model say. A real log holds much more: refusals, exotic media, debug
lines, texts of agents the model has no rule for, and texts of other releases. All of them have a name here.
"""

from __future__ import annotations

from dataclasses import replace

from hamodel.logs.catalogue import CATALOGUE, VERSIONS, Message
from hamodel.logs.texts_clients import CLIENTS_ROWS
from hamodel.logs.texts_clocks import CLOCKS_ROWS
from hamodel.logs.texts_daemon import Row
from hamodel.logs.texts_daemon_config import DAEMON_CONFIG_ROWS
from hamodel.logs.texts_daemon_debug import DAEMON_DEBUG_ROWS
from hamodel.logs.texts_daemon_life import DAEMON_LIFE_ROWS
from hamodel.logs.texts_daemon_messages import DAEMON_MESSAGES_ROWS
from hamodel.logs.texts_library import LIBRARY_ROWS
from hamodel.logs.texts_media import MEDIA_ROWS
from hamodel.logs.texts_recorded import RECORDED_ROWS
from hamodel.logs.texts_scripts_rest import SCRIPTS_REST_ROWS
from hamodel.logs.texts_seen import SEEN_ROWS

READ_ROWS: tuple[Row, ...] = (
    *DAEMON_LIFE_ROWS,
    *DAEMON_CONFIG_ROWS,
    *DAEMON_MESSAGES_ROWS,
    *DAEMON_DEBUG_ROWS,
    *MEDIA_ROWS,
    *CLIENTS_ROWS,
    *LIBRARY_ROWS,
    *SCRIPTS_REST_ROWS,
    *SEEN_ROWS,
    *RECORDED_ROWS,
    *CLOCKS_ROWS,
)
"""What no rule writes."""

OF_LIBRARY = frozenset(
    {
        "gs-signal-added-v2",
        "gs-trigger-added-v2",
        "pt-exit-ok-v2",
        "pt-exit-ok-v3",
        "pt-exit-warn-v2",
        "pt-exit-warn-v3",
    }
    | {"pt-killed-v2", "pt-killed-v3", "core-lost-v2", "core-lost-v3", "core-set-pattern", "core-set-uses-pid"}
    | {"pt-exit-warn-v3", "reboot-now", "rt-lock-limits", "gs-dispatch-delayed", "gs-started-at"}
    | {"msg-dump", "msg-dump-field", "msg-netstring-refused", "msg-token-differs"}
)
"""Texts of libraries that the model lets only the daemon say; a real log has them from every process."""

KNOWN: dict[str, Message] = {
    name: replace(text, component="any-daemon") if name in OF_LIBRARY else text for name, text in CATALOGUE.items()
} | {
    name: Message(name, component, level, form, (version,) if version else VERSIONS)
    for name, component, level, form, version in READ_ROWS
}
