"""Where every variable of an untimed system lies in its packed state.

A state is two halves of a few words each; a variable has the bits its domain needs. A half that was seen before has a
number, so that a state is stored as two numbers. What belongs together changes together: the first guess is that
variables with the same first index (a node, mostly) do; then it is seen which variables the actions touch together. So
millions of states are made of some hundred thousand halves, and most actions concern one half alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from hamodel.engines._lower.footprint import LEFT, RIGHT, Division, division, footprints
from hamodel.errors import EngineLimit, ModelError
from hamodel.ir.state import State
from hamodel.ir.system import System

WORD = 63
"""Bits of a word: one is spared, so that Python and machine code mean the same number."""
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
    half: int
    """Words of a half: words 0 .. `half` - 1 are the first, the others the second."""
    common: int
    """The bits of the first word of each half that hold the common variables, in both alike."""
    division: Division

    @property
    def bits(self) -> int:
        return sum(f.width for f in self.fields.values())

    def pack(self, values: Sequence[int]) -> list[int]:
        """The words of a state, its values in the order of the system's variables."""
        words = [0] * (2 * self.half)
        for value, field in zip(values, self.fields.values(), strict=True):
            words[field.word] |= (value - field.lo) << field.shift
        words[self.half] |= words[0] & self.common
        return words

    def unpack(self, words: Sequence[int]) -> tuple[int, ...]:
        """The values of a state."""
        return tuple(((int(words[f.word]) >> f.shift) & f.mask) + f.lo for f in self.fields.values())

    def state(self, words: Sequence[int]) -> State:
        return State(self.unpack(words), (), ())

    def written(self) -> bytes:
        """To be kept beside the machine code made for it."""
        fields = [(name, f.word, f.shift, f.width, f.lo, f.hi) for name, f in self.fields.items()]
        return json.dumps((fields, self.half, self.common, self.division.common, self.division.halves)).encode()

    @classmethod
    def from_written(cls, text: bytes) -> Packing:
        fields, half, common, shared, (one, other) = json.loads(text)
        by_name = {name: Field(*numbers) for name, *numbers in fields}
        return cls(by_name, half, common, Division(tuple(shared), (tuple(one), tuple(other))))


def packing_of(system: System) -> Packing:
    """The packing of an untimed system. Raises ModelError for another one, EngineLimit for one that is too wide."""
    if system.timers or system.queues:
        raise ModelError("only untimed systems are packed")
    sizes = {v.name: (v.hi - v.lo).bit_length() for v in system.variables}
    parts = division(sizes, _halves(sizes), list(footprints(system).values()), WORD)
    if any(8 * sum(sizes[n] for n in one) < sum(sizes[n] for n in other) for one, other in permutations(parts.halves)):
        parts = Division((), _halves(sizes))
    halves = [list(_placed([*parts.common, *names], sizes)) for names in parts.halves]
    half = max(word + 1 for placed in halves for _, word, _ in [*placed, ("", 0, 0)])
    if half > MOST_WORDS:
        raise EngineLimit(f"half a state of {system.name} has {half} words; {MOST_WORDS} are possible")
    places = {name: (side * half + word, bit) for side in (RIGHT, LEFT) for name, word, bit in halves[side]}
    fields = {v.name: Field(*places[v.name], sizes[v.name], v.lo, v.hi) for v in system.variables}
    return Packing(fields, half, (1 << sum(sizes[n] for n in parts.common)) - 1, parts)


def _placed(names: Sequence[str], sizes: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """Each name with its word and its lowest bit there."""
    word = used = 0
    for name in names:
        if used + sizes[name] > WORD:
            word, used = word + 1, 0
        yield name, word, used
        used += sizes[name]


def _halves(sizes: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All names in two lists of about equal width; names with the same first number stay together if that is fair."""
    groups: dict[str, list[str]] = {}
    for name in sizes:
        index = re.search(r"\[(\d+)", name)
        groups.setdefault(index[1] if index else "", []).append(name)
    widths = {number: sum(sizes[name] for name in members) for number, members in groups.items()}
    halves: tuple[list[str], list[str]] = ([], [])
    filled = [0, 0]
    for number in sorted(groups, key=lambda n: -widths[n]):
        side = int(filled[1] < filled[0])
        halves[side].extend(groups[number])
        filled[side] += widths[number]
    if 4 * min(filled) >= max(filled):
        return tuple(halves[0]), tuple(halves[1])
    names, before = tuple(sizes), 0
    for at, name in enumerate(names):
        before += sizes[name]
        if 2 * before >= sum(sizes.values()):
            return names[: at + 1], names[at + 1 :]
    return names, ()
