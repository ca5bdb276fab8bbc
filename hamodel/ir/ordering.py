"""Terms whose calls are done before them: statements in the order of evaluation, then a term without effects.

What a term reads before a call keeps its value through it, and `and` and `or` evaluate only as far as needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hamodel.errors import ModelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.plain import simplified
from hamodel.ir.system import System


class Ordering:
    """Takes terms apart; `asked` says what becomes of a call."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.here = ""
        """The procedure that is being read."""
        self._count = 0

    def fresh(self, name: str) -> str:
        """A local name nobody has."""
        self._count += 1
        return f"{name}.{self._count}"

    def asked(self, procedure: str, args: Sequence[e.Expr], out: list[s.Statement]) -> e.Expr:
        """A term for the result of a call; what has to be done for it is appended to `out`."""
        raise NotImplementedError

    def term(self, expr: e.Expr, names: Mapping[str, e.Expr], out: list[s.Statement]) -> e.Expr:
        """The term without calls; what has to be done before it is appended to `out`."""
        return simplified(self._term(expr, names, out), self.system)

    def _term(self, expr: e.Expr, names: Mapping[str, e.Expr], out: list[s.Statement]) -> e.Expr:
        match expr:
            case e.Local(name):
                if name not in names:
                    raise ModelError(f"the local name {name} has no value in {self.here}")
                return names[name]
            case e.Not(arg):
                return e.not_(self._term(arg, names, out))
            case e.Binary(op, left, right):
                first, second = self.ordered((left, right), names, out)
                return e.binary(op, first, second)
            case e.And(args):
                return self.chain(args, names, out, stop=False)
            case e.Or(args):
                return self.chain(args, names, out, stop=True)
            case e.Value(procedure, args):
                return self.asked(procedure, self.ordered(args, names, out), out)
            case _:
                return expr

    def ordered(self, exprs: Sequence[e.Expr], names: Mapping[str, e.Expr], out: list[s.Statement]) -> list[e.Expr]:
        """Terms evaluated one after the other: what is read before a call keeps its value through it."""
        found: list[e.Expr] = []
        for expr in exprs:
            before: list[s.Statement] = []
            value = self._term(expr, names, before)
            if before:
                for number, earlier in enumerate(found):
                    if not isinstance(earlier, e.Const):
                        kept = self.fresh("kept")
                        out.append(s.Bind(kept, earlier))
                        found[number] = e.Local(kept)
            out += before
            found.append(value)
        return found

    def chain(
        self, args: Sequence[e.Expr], names: Mapping[str, e.Expr], out: list[s.Statement], *, stop: bool
    ) -> e.Expr:
        """`and` / `or`: a part that does something is reached only where the parts before it have not decided."""
        join = e.or_ if stop else e.and_
        first: list[e.Expr] = []
        for number, arg in enumerate(args):
            before: list[s.Statement] = []
            value = self._term(arg, names, before)
            if not before:
                first.append(value)
                continue
            known = self.fresh("so_far")
            out.append(s.Bind(known, join(*first)))
            goes_on = e.not_(e.Local(known)) if stop else e.Local(known)
            later: list[s.Statement] = []
            rest = self.chain(args[number + 1 :], names, later, stop=stop)
            if later:
                before += [s.Bind(known, join(value)), s.If(goes_on, (*later, s.Bind(known, join(rest))))]
            else:
                before.append(s.Bind(known, join(value, rest)))
            out.append(s.If(goes_on, tuple(before)))
            return e.Local(known)
        return join(*first)
