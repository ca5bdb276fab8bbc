"""LLVM text to machine code: compiled by llvmlite, kept in the user's cache directory, loaded through ctypes.

The only module that imports llvmlite, and only inside its functions. The code is made for the baseline processor of the
platform: it is as fast here, and a home directory shared by different machines stays safe.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from dataclasses import dataclass, field
from typing import Any

from hamodel import kept
from hamodel.errors import EngineUnavailable

LEVEL = 1
"""O1: O2 gains 5 % speed for 30 % more compile time."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Machine code and the table of the errors it can report."""

    code: bytes
    errors: list[tuple[str, str]]


@dataclass(slots=True)
class Loaded:
    """Machine code that can be called; it lives as long as this object."""

    engine: Any
    parts: tuple[Any, ...] = field(repr=False)

    def function(self, name: str, shape: str) -> Any:  # noqa: ANN401 (a ctypes function has no better type)
        """The exported function `name`; `shape` has a p for each pointer and an i for each number."""
        kinds = [ctypes.c_void_p if letter == "p" else ctypes.c_int64 for letter in shape]
        return ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)(self.engine.get_function_address(name))


def llvmlite_binding() -> Any:  # noqa: ANN401
    """`llvmlite.binding`, ready for this machine."""
    if os.environ.get("HAMODEL_PURE") == "1":
        raise EngineUnavailable("HAMODEL_PURE=1 forbids compiled code", help="unset HAMODEL_PURE")
    try:
        import llvmlite.binding as binding
    except ImportError as cause:
        raise EngineUnavailable(
            "the compiled engine needs llvmlite", help="install the extra `fast`: pip install 'hamodel[fast]'"
        ) from cause
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding


def platform_key() -> str:
    """What a cached object depends on besides its text."""
    triple = llvmlite_binding().get_process_triple()
    import llvmlite

    return f"{triple} llvmlite {llvmlite.__version__} O{LEVEL} {sys.byteorder}"


def compile_text(text: str, *, unroll: bool = False) -> bytes:
    """The object file of a module; `unroll` the loops of few words, which are most of the loops of some."""
    binding = llvmlite_binding()
    module = binding.parse_assembly(text)
    module.triple = binding.get_process_triple()
    machine = binding.Target.from_triple(module.triple).create_target_machine(
        cpu="", features="", opt=LEVEL, reloc="pic", codemodel="small"
    )
    module.data_layout = str(machine.target_data)
    options = binding.create_pipeline_tuning_options(speed_level=LEVEL)
    options.loop_vectorization = options.slp_vectorization = False
    options.loop_unrolling = unroll
    builder = binding.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def load(*codes: bytes) -> Loaded:
    """Machine code into this process; the parts may call each other."""
    binding = llvmlite_binding()
    machine = binding.Target.from_default_triple().create_target_machine(codemodel="small", reloc="pic")
    empty = binding.parse_assembly("")
    engine = binding.create_mcjit_compiler(empty, machine)
    parts = [binding.ObjectFileRef.from_data(code) for code in codes]
    for part in parts:
        engine.add_object_file(part)
    engine.finalize_object()
    return Loaded(engine, (machine, empty, *parts))


def cached(key: str) -> Compiled | None:
    """What was stored under `key`, if it is there and whole."""
    stored = kept.recall(f"{key}.o")
    if stored is None:
        return None
    table, _, code = stored.partition(b"\n")
    return Compiled(code, [(code_, message) for code_, message in json.loads(table)])


def keep(key: str, compiled: Compiled) -> None:
    """Store for later runs."""
    kept.keep(f"{key}.o", json.dumps(compiled.errors).encode() + b"\n" + compiled.code)
