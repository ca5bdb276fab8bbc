"""The rules whose loss no world notices, and why each is kept."""

from __future__ import annotations

SURVIVORS: dict[str, str] = {}
