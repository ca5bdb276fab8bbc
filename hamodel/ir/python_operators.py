"""How Python writes the operators of terms: the rules and the kernels are both read from its syntax tree."""

from __future__ import annotations

import ast

from hamodel.ir.expr import Op

OPERATORS: dict[type[ast.AST], Op] = {
    ast.Add: Op.ADD,
    ast.Sub: Op.SUB,
    ast.Mult: Op.MUL,
    ast.FloorDiv: Op.DIV,
    ast.Mod: Op.MOD,
    ast.BitAnd: Op.BITAND,
    ast.BitOr: Op.BITOR,
    ast.Eq: Op.EQ,
    ast.NotEq: Op.NE,
    ast.Lt: Op.LT,
    ast.LtE: Op.LE,
    ast.Gt: Op.GT,
    ast.GtE: Op.GE,
}
