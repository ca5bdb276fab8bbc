"""The rules whose loss no world notices, and why each is kept."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {
    "node.rested": "does nothing: it only marks the moment from which a stopped heartbeat may be started",
    "lateness.silence_is_over": "needs a cut and a pause: too many classes for a golden world",
    "pause.path_is_lost": "needs a cut and a pause: too many classes for a golden world",
    "pause.postpone_link": "needs a cut and a pause: too many classes for a golden world",
}
