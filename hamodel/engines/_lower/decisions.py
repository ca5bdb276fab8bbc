"""Sets of states as binary decision diagrams, by oxidd or by CUDD: the same few operations of both.

Diagrams of one store are combined by `&`, `|`, `~` and compared by `==`. Bits are numbered from 0 in the order in which
the diagrams decide them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from hamodel.errors import EngineUnavailable

Set = Any
"""A diagram; the libraries have no common type."""
NODES, CACHE = 1 << 24, 1 << 20


class Store(Protocol):
    """What one library can do."""

    false: Set
    true: Set

    def bit(self, number: int) -> Set: ...
    def some(self, one: Set, bits: Sequence[int]) -> Set:
        """What is left where these bits do not matter any more."""
        ...

    def count(self, one: Set) -> int:
        """How many states are in the set, exactly."""
        ...

    def pick(self, one: Set) -> tuple[bool, ...]:
        """The state of the set whose bits are 0 as early as can be."""
        ...

    def size(self, one: Set) -> int: ...


class Oxidd:
    """Diagrams of oxidd."""

    def __init__(self, bits: int, nodes: int = NODES) -> None:
        try:
            from oxidd.bcdd import BCDDManager
        except ImportError as error:
            raise _unavailable("oxidd") from error
        self.bits = bits
        self.manager = BCDDManager(nodes, CACHE, 1)
        self.manager.add_vars(bits)
        self.false, self.true = self.manager.false(), self.manager.true()
        self._cubes: dict[tuple[int, ...], Set] = {}

    def bit(self, number: int) -> Set:
        return self.manager.var(number)

    def some(self, one: Set, bits: Sequence[int]) -> Set:
        key = tuple(bits)
        if not key:
            return one
        if key not in self._cubes:
            cube = self.true
            for number in sorted(key, reverse=True):
                cube = cube & self.bit(number)
            self._cubes[key] = cube
        return one.exists(self._cubes[key])

    def count(self, one: Set) -> int:
        return int(one.sat_count(self.bits))

    def pick(self, one: Set) -> tuple[bool, ...]:
        return tuple(bool(value) for value in one.pick_cube())

    def size(self, one: Set) -> int:
        return int(one.node_count())


class Cudd:
    """Diagrams of CUDD, as the package dd has them."""

    def __init__(self, bits: int, nodes: int = NODES) -> None:
        try:
            from dd import cudd
        except ImportError as error:
            raise _unavailable("dd.cudd") from error
        self.bits = bits
        self.manager = cudd.BDD(memory_estimate=nodes * BYTES)
        self.manager.configure(reordering=False)
        self.names = [f"b{i}" for i in range(bits)]
        self.manager.declare(*self.names)
        self.false, self.true = self.manager.false, self.manager.true

    def bit(self, number: int) -> Set:
        return self.manager.var(self.names[number])

    def some(self, one: Set, bits: Sequence[int]) -> Set:
        return self.manager.exist([self.names[i] for i in bits], one) if bits else one

    def count(self, one: Set) -> int:
        known: dict[int, int] = {}

        def below(node: Set, level: int) -> int:
            """States of the bits from this level on."""
            if node == self.false:
                return 0
            if node == self.true:
                return 1 << (self.bits - level)
            at = int(node.level)
            key = int(node)
            if key not in known:
                low, high = node.low, node.high
                if node.negated:
                    low, high = ~low, ~high
                known[key] = below(low, at + 1) + below(high, at + 1)
            return known[key] << (at - level)

        return below(one, 0)

    def pick(self, one: Set) -> tuple[bool, ...]:
        found = [False] * self.bits
        node = one
        while node != self.true:
            low, high, at = node.low, node.high, int(node.level)
            if node.negated:
                low, high = ~low, ~high
            found[at] = low == self.false
            node = high if found[at] else low
        return tuple(found)

    def size(self, one: Set) -> int:
        return len(one)


STORES: dict[str, Callable[[int, int], Store]] = {"oxidd": Oxidd, "cudd": Cudd}
BYTES = 40
"""What a node takes, with its share of the tables."""


def _unavailable(library: str) -> EngineUnavailable:
    return EngineUnavailable(
        f"{library} is not installed, so there are no sets of states", help='pip install "hamodel[symbolic]"'
    )


def store(bits: int, name: str = "", memory: int | None = None) -> Store:
    """A store of this library, or of the first one that is installed, in so many bytes.

    Where its tables are full the libraries raise MemoryError.
    """
    nodes = NODES if memory is None else max(1 << 16, min(NODES * 4, memory // BYTES))
    if name:
        return STORES[name](bits, nodes)
    try:
        return Oxidd(bits, nodes)
    except EngineUnavailable:
        return Cudd(bits, nodes)
