"""Where every variable of an untimed system lies in its packed state, and how words are folded into one key.

A state is a few words of 63 bits; a variable has the bits its domain needs. Words are folded in pairs: a word, or a
pair of numbers, that was seen before has a number of 32 bits, until one pair of numbers is left, the key of the state.
What belongs together changes together: variables with the same first index (a node, mostly) share words, so that the
numbered parts are few and the keys of millions of states refer to thousands of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hamodel.errors import EngineLimit, ModelError
from hamodel.ir.state import State
from hamodel.ir.system import System

WORD = 63
"""Bits of a word: one is spared so that no word is all ones, and a word plus one is never 0."""
MOST_WORDS = 256


@dataclass(frozen=True, slots=True)
class Field:
    """`width` bits of word `word` from bit `shift` on hold the value less `lo`."""

    word: int
    shift: int
    width: int
    lo: int
    hi: int

    @property
    def mask(self) -> int:
        return (1 << self.width) - 1


@dataclass(frozen=True)
class Packing:
    """The packed form of one system's states."""

    fields: dict[str, Field]
    words: int
    pairs: tuple[tuple[int, int], ...]
    """Nodes `words`, `words` + 1 ..: each the pair of two earlier ones (words are 0 .. `words` - 1); the last is the
    key. Empty where one word is the key itself."""

    @property
    def bits(self) -> int:
        return sum(f.width for f in self.fields.values())

    @property
    def nodes(self) -> int:
        """Everything that is numbered: all nodes but the last pair, which is the key itself."""
        return self.words + max(0, len(self.pairs) - 1)

    def tree(self) -> tuple[list[int], list[int]]:
        """For each node its two parts and the end of its level, for the key its parts; and above each node its pair."""
        flat = [0] * (3 * (self.nodes + 1))
        above = [self.nodes] * (self.nodes + 1)
        for node, (left, right) in enumerate(self.pairs, self.words):
            flat[3 * node : 3 * node + 2] = left, right
            above[left] = above[right] = node
        first = self.words
        while first < self.nodes:
            last = first + 1
            while last < self.nodes and max(self.pairs[last - self.words]) < first:
                last += 1
            for node in range(first, last):
                flat[3 * node + 2] = last
            first = last
        return flat, above

    def pack(self, values: Sequence[int]) -> list[int]:
        """The words of a state, its values in the order of the system's variables."""
        words = [0] * self.words
        for value, field in zip(values, self.fields.values(), strict=True):
            words[field.word] |= (value - field.lo) << field.shift
        return words

    def unpack(self, words: Sequence[int]) -> tuple[int, ...]:
        """The values of a state."""
        return tuple(((int(words[f.word]) >> f.shift) & f.mask) + f.lo for f in self.fields.values())

    def state(self, words: Sequence[int]) -> State:
        return State(self.unpack(words), (), ())


def packing_of(system: System) -> Packing:
    """The packing of an untimed system. Raises ModelError for another one, EngineLimit for one that is too wide."""
    if system.timers or system.queues:
        raise ModelError("only untimed systems are packed")
    places: dict[str, tuple[int, int]] = {}
    spans: list[tuple[int, int]] = []
    word = 0
    sizes = {v.name: (v.hi - v.lo).bit_length() for v in system.variables}
    for members in _together(sizes):
        first, used = word, 0
        for name in members:
            if used + sizes[name] > WORD:
                word, used = word + 1, 0
            places[name] = (word, used)
            used += sizes[name]
        word += 1
        spans.append((first, word))
    if word > MOST_WORDS:
        raise EngineLimit(f"a state of {system.name} has {word} words; {MOST_WORDS} are possible")
    words = max(1, word)
    fields = {v.name: Field(*places[v.name], sizes[v.name], v.lo, v.hi) for v in system.variables}
    return Packing(fields, words, _pairs(spans, words))


def _together(sizes: Mapping[str, int]) -> list[list[str]]:
    """Names with the same first number in them, in their order; a small group joins the first one."""
    groups: dict[str, list[str]] = {}
    for name in sizes:
        number = re.search(r"\[(\d+)", name)
        groups.setdefault(number[1] if number else "0", []).append(name)
    if not groups:
        return []
    bits = {number: sum(sizes[name] for name in members) for number, members in groups.items()}
    large = [number for number in groups if 4 * bits[number] >= max(bits.values())]
    joined = {number: list(groups[number]) for number in large}
    for number, members in groups.items():
        if number not in joined:
            joined[large[0]] += members
    return list(joined.values())


def _pairs(spans: Sequence[tuple[int, int]], words: int) -> tuple[tuple[int, int], ...]:
    """Neighbours are joined level by level, first within each span, then the spans; lower levels come first."""
    made: list[tuple[int, tuple[int, int]]] = []

    def join(parts: list[int], heights: dict[int, int]) -> int:
        while len(parts) > 1:
            joined = []
            for left, right in zip(parts[::2], parts[1::2], strict=False):
                name = words + len(made)
                heights[name] = 1 + max(heights.get(left, 0), heights.get(right, 0))
                made.append((heights[name], (left, right)))
                joined.append(name)
            parts = joined + (parts[-1:] if len(parts) % 2 else [])
        return parts[0]

    heights: dict[int, int] = {}
    if spans:
        join([join(list(range(first, last)), heights) for first, last in spans], heights)
    order = sorted(range(len(made)), key=lambda i: (made[i][0], i))
    renamed = {words + old: words + new for new, old in enumerate(order)}
    return tuple((renamed.get(left, left), renamed.get(right, right)) for _, (left, right) in (made[i] for i in order))
