"""The rules of an untimed system, as the packed search calls them; they are lowered by `packed_rules`."""

from __future__ import annotations

from hamodel.engines._lower.kernel_words import Words


def ready_left(s: Words, todo: Words) -> int:
    """The actions the first half decides on that may happen, in order; how many."""
    raise NotImplementedError


def ready_right(s: Words, todo: Words) -> int:
    """The same for the second half."""
    raise NotImplementedError


def ready_wide(s: Words, todo: Words) -> int:
    """The same for actions that both decide on."""
    raise NotImplementedError


def fire(a: int, t: Words, w: Words) -> int:
    """The macro step of an action that may happen, in place; an error goes to `w`."""
    raise NotImplementedError


def judge(s: Words) -> int:
    """A bit for each formula that holds."""
    raise NotImplementedError


def home(a: int) -> int:
    """The half an action concerns alone, WIDE, or TELLS plus the half that decides on it."""
    raise NotImplementedError


def told(i: int) -> int:
    """A word of the bits that actions tell the other half, HALF words an action."""
    raise NotImplementedError
