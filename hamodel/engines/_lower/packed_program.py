"""An untimed system as machine code: its rules on packed words and the search around them, compiled and kept."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from hamodel import kept
from hamodel.engines._lower import object as objects
from hamodel.engines._lower.faults import Errors, raised
from hamodel.engines._lower.fingerprint import fingerprint, formulas_print
from hamodel.engines._lower.footprint import WIDE
from hamodel.engines._lower.packed_rules import SUPPORT, TELLS, PackedRules
from hamodel.engines._lower.packing import Packing, packing_of
from hamodel.engines._lower.program import SUPPORT as ERRORS
from hamodel.engines._lower.subset import lower
from hamodel.errors import EngineLimit, HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.system import System

(
    EDGES, DEADLOCKS, BAD, AT_PARENT, AT_ACTION, NEXT_ID, LAST_ID, NEXT_ENTRY, LAST_ENTRY, REST, REST_END, ANSWERS,
    HITS,
) = range(13)  # fmt: skip
"""Words of a thread; from HITS on two a formula: in how many states it holds, and the first."""
MOST_FORMULAS, MOST_ACTIONS = 60, 65_000
IDS, ENTRIES, CURSOR, SHARED = 0, 8, 16, 24
"""Words all threads share, a cache line each: the first number, entry and state nobody has taken; how many words."""
BLOCK = 256
BATCH = 64
"""Steps that are taken side by side."""
AHEAD = 24
"""Steps between asking for a place in the set of states and looking there."""
MEMORY = 1 << 14
"""Keys that a thread sent last, of which it sends none again: 128 KB, near the processor."""
LINE, QUESTION, MOST_SIGNALS = 8, 40, 1 << 13
"""Answers that lie side by side; bits of a question; signals, of which a question names one."""
NEVER = 1 << 62
NO_ACTION = 65_535
"""In the claim of a state to begin with, and behind the last action of a half."""
LEVEL = 1

_KERNEL = (
    "packed_words",
    "packed_rules_words",
    "packed_halves",
    "packed_answers",
    "packed_follow",
    "packed_states",
    "packed_batch",
    "packed_kernel",
)
_PARTS = (
    "llvm",
    "ranges",
    "rules",
    "subset",
    "packing",
    "footprint",
    "influence",
    "packed_rules",
    *_KERNEL,
    "packed_program",
    "faults",
)
SHAPES = {
    "expand": "iip" + "pipi" + "ppippi" + "iipip" + 5 * "p",
    "begin": "pipip" + "ipip" + 3 * "p",
    "read": "iippp",
    "judged": "iipppp",
    "enter": "iipipppip",
    "merge": "ippp",
    "enlarge": "pipi",
    "enlarge_parts": "pipi",
    "enlarge_answers": "piipi",
}


@dataclass(frozen=True, slots=True)
class PackedProgram:
    """Machine code for one untimed system and the formulas that are asked of its states."""

    packing: Packing
    errors: list[tuple[str, str]]
    loaded: objects.Loaded
    formulas: int
    actions: int
    call: dict[str, Any]

    @property
    def own_words(self) -> int:
        """Words a thread counts in."""
        return HITS + 2 * self.formulas

    def error(self, number: int) -> HamodelError:
        return raised(*self.errors[number - 1])


def compile_packed(
    system: System, formulas: Sequence[Expr], *, cache: bool = True, level: int = LEVEL
) -> PackedProgram:
    """The program of an untimed system: from the cache, else compiled.

    Raises EngineUnavailable without llvmlite, EngineLimit for what is too wide.
    """
    if len(formulas) > MOST_FORMULAS or len(system.actions) > MOST_ACTIONS:
        raise EngineLimit(f"{len(formulas)} formulas and {len(system.actions)} actions are too many")
    key = kept.key_of(
        fingerprint(system), formulas_print(formulas), lowering_digest(), objects.platform_key(), f"packed O{level}"
    )
    compiled = objects.cached(key) if cache else None
    written = kept.recall(f"{key}.packing") if compiled is not None else None
    packing = packing_of(system) if written is None else Packing.from_written(written)
    if compiled is None:
        errors = Errors()
        text = module_text(system, packing, errors, formulas)
        compiled = objects.Compiled(objects.compile_text(text, level), errors.table)
        if cache:
            objects.keep(key, compiled)
            kept.keep(f"{key}.packing", packing.written())
    loaded = objects.load(compiled.code)
    call = {name: loaded.function(name, shape) for name, shape in SHAPES.items()}
    return PackedProgram(packing, compiled.errors, loaded, len(formulas), len(system.actions), call)


PARTS = (
    "MANY",
    "ASKED",
    "UNSURE",
    "TODO",
    "WORK",
    "DRAFT",
    "HALVES",
    "CLAIMS",
    "QUESTIONS",
    "UNKNOWN",
    "CHANGES",
    "HASHES",
    "RECENT",
)
"""What a thread notes for the steps of a batch."""


def places(half: int, actions: int) -> list[int]:
    """Where each of the PARTS begins in the scratch words of a thread; how many these are."""
    steps = BATCH + actions + 1
    sizes = (1, 1, 1, actions + 1, 1, half, 2 * steps, steps, 2 * steps, 2 * steps, 2 * steps, 2 * steps, MEMORY)
    return list(accumulate(sizes, initial=0))


def room_of(actions: int) -> int:
    """The entries a thread takes at a time."""
    return max(4096, 2 * actions + 2)


def module_text(system: System, packing: Packing, errors: Errors, formulas: Sequence[Expr]) -> str:
    """Rules and search as one module of LLVM text."""
    rules = PackedRules(system, packing, errors, formulas)
    constants = {
        "STATE": 2 * packing.half,
        "HALF": packing.half,
        "ACTIONS": len(system.actions),
        "FORMULAS": len(formulas),
        "FIRSTS": HITS + len(formulas),
        "HITS": HITS,
        "EDGES": EDGES,
        "DEADLOCKS": DEADLOCKS,
        "BAD": BAD,
        "AT_PARENT": AT_PARENT,
        "AT_ACTION": AT_ACTION,
        "NEXT_ID": NEXT_ID,
        "LAST_ID": LAST_ID,
        "IDS": IDS,
        "ENTRIES": ENTRIES,
        "NEXT_ENTRY": NEXT_ENTRY,
        "LAST_ENTRY": LAST_ENTRY,
        "ROOM": room_of(len(system.actions)),
        "COMMON": packing.common,
        "WHOLE_STATES": int(WIDE in rules.guarded or bool(formulas)),
        "REST": REST,
        "REST_END": REST_END,
        "CURSOR": CURSOR,
        "ANSWERS": ANSWERS,
        "LINE": LINE,
        "MOST_SIGNALS": MOST_SIGNALS,
        "TRIES": 64,
        "QUESTION_BITS": QUESTION,
        "QUESTION": 1 << QUESTION,
        "ASKABLE": (1 << QUESTION) // MOST_SIGNALS,
        "SIGNAL": 1 << 48,
        "ACTION": NO_ACTION,
        "BEYOND": NO_ACTION << 32,
        "NO_CLAIM": NEVER,
        "AHEAD": AHEAD,
        "MEMORY": MEMORY,
        "TELLS": TELLS,
        **dict(zip(PARTS, places(packing.half, len(system.actions)), strict=False)),
        "BLOCK": BLOCK,
        "BATCH": BATCH,
        "WHOLE": 1 << 32,
        "BUSY": (1 << 32) - 1,
        "TAG": -1 << 32,
    }
    here = Path(__file__).parent
    source = "\n".join((here / f"{part}.py").read_text(encoding="utf-8") for part in _KERNEL)
    kernel = lower(source, constants, tuple(SHAPES))
    return "\n".join([ERRORS, SUPPORT, rules.text(), kernel])


@functools.cache
def lowering_digest() -> bytes:
    """A change of the lowering itself makes every kept object stale."""
    digest = hashlib.sha256()
    for part in _PARTS:
        digest.update((Path(__file__).parent / f"{part}.py").read_bytes())
    return digest.digest()
