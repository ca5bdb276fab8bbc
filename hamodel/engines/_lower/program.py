"""A system as machine code: rules and kernel lowered together, compiled once per machine and content."""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hamodel import kept
from hamodel.engines._lower import object as objects
from hamodel.engines._lower.faults import Errors, raised
from hamodel.engines._lower.fingerprint import fingerprint
from hamodel.engines._lower.layout import FAR, STOPWATCH, Layout, layout_of
from hamodel.engines._lower.rules import ATTRIBUTES, HASTENED, STARTED, RulesText
from hamodel.engines._lower.subset import lower
from hamodel.errors import HamodelError
from hamodel.ir.system import STOPWATCH_MS, System

HEAD, TAIL, EDGES, MOST, ERROR, AT_ACTION = range(6)
DONE, PAUSED, GROW, FAILED = range(4)
STATES, CLASSES, CELLS, EVENTS, QUEUED, MERGED, BLOCKS, ZONES, KEPT, LOOSE = range(8, 18)
"""Counts of a merged search, behind those of both."""
COUNTS = 18
MASK, BLOCK_MASK, ZONE_MASK = range(3)
"""Where a merged search has room for as many as it counts: the masks of its tables, in front of what is counted."""
BLOCK = 4
"""Words of the blocks in which a merged search keeps its rows."""
IDLE, NOW, NEXT, DEAD = range(4)
NO_EDGES = 1 << 62

_PARTS = ("layout", "llvm", "ranges", "rules", "subset", "program", "faults")
_KERNEL = ("kernel_calls", "kernel_zones", "kernel_meters", "kernel_store", "kernel_rules", "kernel")
_MERGING = (
    "kernel_zones",
    "kernel_meters",
    "kernel_store",
    "kernel_shared",
    "kernel_hulls",
    "kernel_join",
    "kernel_forget",
    "kernel_rules",
    "kernel_merge",
)
_EXPORTED = ("explore", "rehash", "digest")
_ONE_AT_A_TIME = threading.Lock()
SUPPORT = f"""
declare void @llvm.memcpy.p0.p0.i64(ptr noalias nocapture writeonly, ptr noalias nocapture readonly, i64, i1 immarg)

define internal void @fail(ptr %w, i64 %error) {ATTRIBUTES} cold noinline {{
  %old = load i64, ptr %w
  %none = icmp eq i64 %old, 0
  %new = select i1 %none, i64 %error, i64 %old
  store i64 %new, ptr %w
  ret void
}}
"""


@dataclass(frozen=True, slots=True)
class Program:
    """Machine code of one system for any option values and any choice of actions."""

    layout: Layout
    errors: list[tuple[str, str]]
    loaded: objects.Loaded
    begin: Any
    ready: Any
    fire: Any
    explore: Any
    rehash: Any
    digest: Any
    code: bytes = field(repr=False)
    debug: bool = False
    more: dict[str, Any] = field(default_factory=dict, repr=False)
    """What is compiled only where it is needed."""

    @property
    def work_size(self) -> int:
        """Words of the work area that procedures get."""
        return 1 + 3 * len(self.layout.timers)

    def error(self, number: int) -> HamodelError:
        return raised(*self.errors[number - 1])


def largest_zone(system: System) -> int:
    """Cells of a zone in which every timer runs."""
    return (sum(not t.far for t in system.timers) + 1) ** 2


def parts_of(layout: Layout) -> int:
    """Of how many blocks a row consists; the last may be longer than the row and is filled up with zeros."""
    return -(-layout.words // BLOCK)


def module_text(system: System, layout: Layout, errors: Errors, *, debug: bool = False) -> str:
    """All of the system and the search as one module of LLVM text."""
    support = _support(errors)
    kernel = lower(_source(_KERNEL), _constants(system, layout), _EXPORTED, _sizes(system, layout) if debug else None)
    return "\n".join([support, RulesText(system, layout, errors, debug=debug).text(), kernel])


def merging_text(system: System, layout: Layout, *, debug: bool = False) -> str:
    """The merged search alone; it calls the rules of the system's own module."""
    rules = "declare i64 @ready(ptr, ptr, ptr, ptr, i64, ptr)\ndeclare i64 @fire(i64, ptr, ptr, ptr)\n"
    sizes = _sizes(system, layout) if debug else None
    kernel = lower(
        _source(_MERGING), _constants(system, layout), ("spread", "pack", "state_of", "zone_of", "squeeze"), sizes
    )
    return "\n".join([_support(Errors()), rules, kernel])


def _source(parts: Sequence[str]) -> str:
    """Kernel files as one text."""
    return "\n".join((Path(__file__).parent / f"{part}.py").read_text(encoding="utf-8") for part in parts)


def _constants(system: System, layout: Layout) -> dict[str, int]:
    """What the names in capitals mean."""
    cells = largest_zone(system)
    timers = len(system.timers)
    return {
        "WORDS": layout.words,
        "WIDTH": layout.width,
        "RUNNING": layout.running,
        "TIMERS": timers,
        "ACTIONS": len(system.actions),
        "MAXCELLS": cells,
        "HEAD": HEAD,
        "TAIL": TAIL,
        "EDGES": EDGES,
        "MOST": MOST,
        "ERROR": ERROR,
        "AT_ACTION": AT_ACTION,
        "DONE": DONE,
        "PAUSED": PAUSED,
        "GROW": GROW,
        "FAILED": FAILED,
        "STATES": STATES,
        "CLASSES": CLASSES,
        "CELLS": CELLS,
        "EVENTS": EVENTS,
        "QUEUED": QUEUED,
        "MERGED": MERGED,
        "BLOCKS": BLOCKS,
        "ZONES": ZONES,
        "KEPT": KEPT,
        "LOOSE": LOOSE,
        "MASK": MASK,
        "BLOCK_MASK": BLOCK_MASK,
        "ZONE_MASK": ZONE_MASK,
        "BLOCK": BLOCK,
        "PARTS": parts_of(layout),
        "IDLE": IDLE,
        "NOW": NOW,
        "NEXT": NEXT,
        "DEAD": DEAD,
        "FAR": FAR,
        "STOPWATCH": STOPWATCH,
        "STOPWATCH_MS": STOPWATCH_MS,
        "STARTED": STARTED,
        "HASTENED": HASTENED,
        "NO_EDGES": NO_EDGES,
    }


def _sizes(system: System, layout: Layout) -> dict[str, int | str]:
    """How many elements the arrays of these names have."""
    cells, timers = largest_zone(system), len(system.timers)
    return {
        "s": layout.width,
        "s2": layout.width,
        "w": 1 + 3 * timers,
        "tl": timers + 1,
        "tl2": timers + 1,
        "low": timers + 1,
        "old": timers + 1,
        "todo": len(system.actions),
        "timer": len(system.actions),
        "kinds": layout.width,
        "m": cells,
        "z": cells,
        "S": f"rows * {layout.width}",
        "parts": f"states * {parts_of(layout)}",
        "zone": "classes",
        "owner": "classes",
        "flag": "classes",
        "D": "cells",
        "parent": "rows",
        "via": "rows",
    }


def _support(errors: Errors) -> str:
    """What the kernel needs besides itself; its own error is the first of the table in every module."""
    out = errors.wrong("the engine reached outside an array")
    return (
        SUPPORT
        + f"""
define internal void @outside(ptr %w, i1 %good) {ATTRIBUTES} {{
  br i1 %good, label %fine, label %bad
bad:
  call void @fail(ptr %w, i64 {out})
  br label %fine
fine:
  ret void
}}
"""
    )


def compile_system(system: System, *, debug: bool = False, cache: bool = True) -> Program:
    """The program of `system`: from the cache in milliseconds, else compiled in about a second."""
    layout = layout_of(system)
    key = kept.key_of(fingerprint(system), lowering_digest(), objects.platform_key(), str(debug))
    compiled = objects.cached(key) if cache else None
    if compiled is None:
        errors = Errors()
        text = module_text(system, layout, errors, debug=debug)
        compiled = objects.Compiled(objects.compile_text(text), errors.table)
        if cache:
            objects.keep(key, compiled)
    loaded = objects.load(compiled.code)
    return Program(
        layout,
        compiled.errors,
        loaded,
        begin=loaded.function("begin", "ppp"),
        ready=loaded.function("ready", "ppppip"),
        fire=loaded.function("fire", "ippp"),
        explore=loaded.function("explore", "p" * 22 + "i" * 9),
        rehash=loaded.function("rehash", "pipip"),
        digest=loaded.function("digest", "ippip"),
        code=compiled.code,
        debug=debug,
    )


@dataclass(frozen=True, slots=True)
class Merging:
    """Machine code of the merged search."""

    spread: Any
    pack: Any
    state_of: Any
    zone_of: Any
    squeeze: Any


def merging(system: System, program: Program) -> Merging:
    """The merged search of a program; compiled, in a quarter of a second, by the first search that asks for it."""
    with _ONE_AT_A_TIME:
        if "spread" not in program.more:
            text = merging_text(system, program.layout, debug=program.debug)
            key = kept.key_of(hashlib.sha256(text.encode()).digest(), objects.platform_key())
            compiled = objects.cached(key)
            if compiled is None:
                compiled = objects.Compiled(objects.compile_text(text), [])
                objects.keep(key, compiled)
            loaded = objects.load(program.code, compiled.code)
            program.more["merging"] = loaded
            program.more["spread"] = Merging(
                spread=loaded.function("spread", "p" * 33 + "i" * 3),
                pack=loaded.function("pack", "p" * 8 + "i"),
                state_of=loaded.function("state_of", "ippippi"),
                zone_of=loaded.function("zone_of", "pippppp" + "i"),
                squeeze=loaded.function("squeeze", "pipppp"),
            )
        found: Merging = program.more["spread"]
        return found


@functools.cache
def lowering_digest() -> bytes:
    """A change of the lowering itself makes every cached object stale."""
    digest = hashlib.sha256()
    for part in (*_PARTS, *_KERNEL):
        digest.update((Path(__file__).parent / f"{part}.py").read_bytes())
    return digest.digest()
