"""The rules whose loss no world notices, and why each is kept."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {
    "node.rested": "does nothing: it only marks the moment from which a stopped heartbeat may be started",
}
