"""The rules of the system, as the kernel calls them; they are lowered from the system itself (see `rules`)."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Bytes, Words


def ready(s: Bytes, w: Words, c: Words, allowed: Bytes, near: int, todo: Words) -> int:
    raise NotImplementedError


def fire(a: int, s: Bytes, w: Words, c: Words) -> int:
    raise NotImplementedError
