"""The rules whose loss no world notices, and why each is kept."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {
    "clients.nobody_asks": "writes log lines and nothing else",
    "medium.replays_reach": "writes log lines and nothing else; tests/logs/test_own_lines.py misses it",
    "respawn.leaves": "needs ipfail in legacy mode, which no world has; tests/machines/test_clients.py misses it",
    "legacy.ipfail_leaves": "writes log lines and nothing else",
    "node.rested": "does nothing: it only marks the moment from which a stopped heartbeat may be started",
    "lateness.silence_is_over": "needs a cut and a pause: too many classes for a golden world",
    "pause.path_is_lost": "needs a cut and a pause: too many classes for a golden world",
    "pause.postpone_link": "needs a cut and a pause: too many classes for a golden world",
    "scripts.children_killed": (
        "X9 kills the children that remain; X3 waits until there are none and a node that stops begins none, "
        "so no world has one here. Kept because the daemon does it, and because slow scripts will need it"
    ),
    "loss.dead_time_is_over": "does nothing: it only marks the moment from which the peer may be found dead",
    "loss.dead_time_of_ping_is_over": "does nothing: as dead_time_is_over",
    "membership.grows_up": "does nothing but end; only predictions give a daemon its first five seconds",
}
