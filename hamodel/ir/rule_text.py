"""What a machine file declares and which rules it has, and for which sizes they are composed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from hamodel.errors import ModelError
from hamodel.ir.words import Declaration, Index, RuleInfo
from hamodel.source import Span


@dataclass(frozen=True)
class Shape:
    """The sizes and structure the rules are composed for: index sets, their labels, constant tables."""

    sizes: Mapping[str, int]
    labels: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Any]

    def positions(self, kind: type[Index]) -> tuple[Index, ...]:
        return tuple(kind(i) for i in range(self.sizes[kind.__name__]))

    def label(self, kind: type[Index], position: int) -> str:
        names = self.labels.get(kind.__name__, ())
        return names[position] if position < len(names) else str(position)


@dataclass(frozen=True)
class RuleText:
    """One function of a machine file: its syntax tree, what the decorator said, and where it stands."""

    name: str
    module: ModuleType
    tree: ast.FunctionDef
    info: RuleInfo
    statics: tuple[type[Index] | None, ...]
    """For each parameter the index class it ranges over, or None for a run-time number."""

    @property
    def params(self) -> tuple[str, ...]:
        return tuple(a.arg for a in self.tree.args.args)

    def span(self, node: ast.AST | None = None) -> Span:
        at = node if node is not None and hasattr(node, "lineno") else self.tree
        return Span(str(self.module.__file__), at.lineno, at.col_offset + 1)  # type: ignore[attr-defined]


def rules_of(module: ModuleType) -> list[RuleText]:
    """The decorated functions of a machine file, in the order of the text."""
    found = []
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        info = getattr(getattr(module, node.name), "__rule__", None)
        if info is None:
            continue
        statics = tuple(_index_class(module, a.annotation) for a in node.args.args)
        found.append(RuleText(node.name, module, node, info, statics))
    return found


def _index_class(module: ModuleType, annotation: ast.expr | None) -> type[Index] | None:
    if annotation is None:
        return None
    known = eval(compile(ast.Expression(annotation), "annotation", "eval"), vars(module))
    return known if isinstance(known, type) and issubclass(known, Index) else None


def declarations_of(module: ModuleType) -> list[Declaration]:
    """The variables, timers, queues, options and tables a machine file declares; gives them name and owner."""
    own = []
    for name, value in vars(module).items():
        if isinstance(value, Declaration) and (not value.owner or value.owner == module.__name__):
            value.name, value.owner = name, module.__name__
            own.append(value)
    return own


def instance(declaration: Declaration, positions: Sequence[int], shape: Shape) -> str:
    """The name of a declared thing at these positions: `view[0]`, `up[0,2]`, `overlap`."""
    if len(positions) != len(declaration.index):
        raise ModelError(f"`{declaration.name}` has {len(declaration.index)} indices, not {len(positions)}")
    for kind, position in zip(declaration.index, positions, strict=True):
        if not 0 <= int(position) < shape.sizes[kind.__name__]:
            raise ModelError(f"`{declaration.name}` has no position {int(position)} in {kind.__name__}")
    if not positions:
        return declaration.name
    return f"{declaration.name}[{','.join(str(int(p)) for p in positions)}]"
