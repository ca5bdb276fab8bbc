"""The states a search by numpy has found: their keys in the order in which they were found, and from where each was.

Of the states that steps lead to, those that are new get their numbers in the order of the claims on them, whatever
the order in which they come. So nothing depends on how many states are expanded at a time.
"""

from __future__ import annotations

import numpy as np

from hamodel.engines._lower.keyed import Firsts, Keys, KeySet, Numbers, order_of
from hamodel.engines._lower.layers import slices
from hamodel.engines._lower.rooms import larger
from hamodel.engines._lower.search import Stop

FIRST = 1 << 12
"""States that there is room for at first."""
PIECE = 1 << 16
"""Keys that are entered at a time when all have changed."""


class FoundStates:
    """Only the first `used` keys and claims are there."""

    def __init__(self, first: Keys) -> None:
        """`first`: the key of the state in which all begins."""
        self.keys, self.claims = np.zeros(FIRST, np.uint64), np.zeros(FIRST, np.int64)
        """For each state the one it was first reached from and by which action, as one number."""
        self.known, self.firsts = KeySet(FIRST), Firsts()
        self.keys[0], self.used = first[0], 1
        self._know(first)

    @property
    def nbytes(self) -> int:
        return self.known.nbytes + self.firsts.nbytes + self.keys.nbytes + self.claims.nbytes

    def change(self, keys: Keys) -> None:
        """Other keys for the same states."""
        self.keys[: self.used] = keys
        self.known = KeySet(len(self.known.keys))
        for first, end in slices(0, self.used, PIECE):
            self._know(self.keys[first:end])

    def _know(self, keys: Keys) -> None:
        self.known.reserve(len(keys))
        self.known.add(keys, self.known.first_places(keys))

    def number(self, keys: Keys, claims: Numbers, stop: Stop, beside: int) -> str:
        """Add the new ones among these states, in the order of their claims; why they must not be added, or nothing.

        `beside`: bytes that the search needs for other things.
        """
        absent, places = self.known.absent(keys)
        claims = claims.take(absent)
        order = order_of(claims)
        absent = absent.take(order)
        new = self.firsts.of(keys.take(absent))
        order, keys = order.take(new), keys.take(absent.take(new))
        if refused := self._room(len(keys), stop, beside):
            return refused
        places = self.known.first_places(keys) if self.known.reserve(len(keys)) else places.take(order)
        self.known.add(keys, places)
        end = self.used + len(keys)
        if end > len(self.keys):
            size = max(2 * len(self.keys), end)
            self.keys, self.claims = larger(self.keys, size, self.used), larger(self.claims, size, self.used)
        self.keys[self.used : end] = keys
        self.claims[self.used : end] = claims.take(order)
        self.used = end
        return ""

    def _room(self, more: int, stop: Stop, beside: int) -> str:
        """Why the tables must not grow so that so many more states have room, or nothing."""
        size = self.known.size_for(more)
        wanted = 2 * (self.keys.nbytes + self.claims.nbytes) if self.used + more > len(self.keys) else 0
        if size > len(self.known.keys):
            wanted += self.known.nbytes * size // len(self.known.keys)
        return stop.room((self.nbytes + beside + wanted) // 2) if wanted else ""
