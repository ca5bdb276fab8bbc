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
from hamodel.engines._lower.packed_own import Own
from hamodel.engines._lower.packed_rules import SUPPORT, TELLS, PackedRules
from hamodel.engines._lower.packing import Packing, packing_of
from hamodel.engines._lower.program import SUPPORT as ERRORS
from hamodel.engines._lower.subset import lower
from hamodel.errors import EngineLimit, HamodelError
from hamodel.ir.expr import Expr
from hamodel.ir.system import System

MOST_FORMULAS, MOST_ACTIONS = 60, 65_000
IDS, ENTRIES, CURSOR, SHARED = 0, 8, 16, 24
"""Words all threads share, a cache line each: the first number, entry and state nobody has taken; how many words."""
BLOCK = 256
BATCH = 64
"""Steps that are taken side by side; a power of two."""
WINDOW = 32
"""States whose lists are made together; a power of two."""
AHEAD = 24
"""Steps between asking for a place in the set of states and looking there."""
MEMORY = 1 << 14
"""Keys that a thread sent last, of which it sends none again: 128 KB, near the processor."""
LINE, QUESTION, MOST_SIGNALS = 8, 40, 1 << 13
"""Answers that lie side by side; bits of a question; signals, of which a question names one."""
FACTOR = 7046029254386353131
"""By what keys are multiplied to scramble them; it is odd, so that there is a way back."""
NEVER = 1 << 62
NO_ACTION = 65_535
"""In the claim of a state to begin with, and behind the last action of a half."""

_KERNEL = (
    "packed_words",
    "packed_rules_words",
    "packed_halves",
    "packed_answers",
    "packed_follow",
    "packed_known",
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
    "packed_own",
    "packed_rules",
    *_KERNEL,
    "packed_program",
    "faults",
)
SHAPES = {
    "expand": "iip",
    "begin": "ip",
    "read": "iipp",
    "judged": "iipp",
    "enter": "p",
    "merge": "iippp",
    "enlarge": "piipip",
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
        return Own.HITS + 2 * self.formulas

    def error(self, number: int) -> HamodelError:
        return raised(*self.errors[number - 1])


def compile_packed(system: System, formulas: Sequence[Expr], *, cache: bool = True) -> PackedProgram:
    """The program of an untimed system: from the cache, else compiled.

    Raises EngineUnavailable without llvmlite, EngineLimit for what is too wide.
    """
    if len(formulas) > MOST_FORMULAS or len(system.actions) > MOST_ACTIONS:
        raise EngineLimit(f"{len(formulas)} formulas and {len(system.actions)} actions are too many")
    key = kept.key_of(
        fingerprint(system), formulas_print(formulas), lowering_digest(), objects.platform_key(), "packed, unrolled"
    )
    compiled = objects.cached(key) if cache else None
    written = kept.recall(f"{key}.packing") if compiled is not None else None
    packing = packing_of(system) if written is None else Packing.from_written(written)
    if compiled is None:
        errors = Errors()
        text = module_text(system, packing, errors, formulas)
        compiled = objects.Compiled(objects.compile_text(text, unroll=True), errors.table)
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
    "TRIED",
    "PENDING",
    "SEEN",
    "HEADS",
)
"""What a thread notes for the steps of a batch."""


def places(half: int, actions: int, jobs: int = 1) -> list[int]:
    """Where each of the PARTS begins in the scratch words of one of `jobs` threads; how many these are."""
    steps = steps_of(actions)
    batch = (1, 1, 1, actions + 1, 1, half, 2 * steps, steps, 2 * steps, 2 * steps, 2 * steps, 2 * steps)
    sizes = (*batch, MEMORY, steps, 8 * WINDOW, 2 * WINDOW, jobs)
    return list(accumulate(sizes, initial=0))


def room_of(actions: int) -> int:
    """The entries a thread takes at a time: enough for the lists it makes before it looks whether there is room."""
    return max(4096, steps_of(actions) + 2 * WINDOW)


def steps_of(actions: int) -> int:
    """The most steps that come together in a batch, or are tried together."""
    return BATCH + actions + 1


def _back(factor: int) -> int:
    """What undoes a multiplication by an odd number, as a word with its sign."""
    found = pow(factor, -1, 1 << 64)
    return found - (found >> 63 << 64)


def module_text(system: System, packing: Packing, errors: Errors, formulas: Sequence[Expr]) -> str:
    """Rules and search as one module of LLVM text."""
    rules = PackedRules(system, packing, errors, formulas)
    constants = {
        "STATE": 2 * packing.half,
        "HALF": packing.half,
        "ACTIONS": len(system.actions),
        "FORMULAS": len(formulas),
        "FIRSTS": Own.HITS + len(formulas),
        "IDS": IDS,
        "ENTRIES": ENTRIES,
        "ROOM": room_of(len(system.actions)),
        "COMMON": packing.common,
        "WHOLE_STATES": int(WIDE in rules.guarded or bool(formulas)),
        "CURSOR": CURSOR,
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
        "WINDOW": WINDOW,
        "STEPS": steps_of(len(system.actions)),
        "TELLS": TELLS,
        **{word.name: int(word) for word in Own},
        **dict(zip(PARTS, places(packing.half, len(system.actions)), strict=False)),
        "FACTOR": FACTOR,
        "FACTOR_BACK": _back(FACTOR),
        "BLOCK": BLOCK,
        "BATCH": BATCH,
        "BATCH_BITS": BATCH.bit_length() - 1,
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
