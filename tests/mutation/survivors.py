"""The rules whose loss no world notices, and why each is kept."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {
    "legacy.ipfail_leaves": "writes log lines and nothing else",
    "node.rested": "does nothing: it only marks the moment from which a stopped heartbeat may be started",
}
