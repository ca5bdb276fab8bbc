"""Composition: a cast of machine files becomes one system, or an error that names both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import product
from types import ModuleType

from hamodel.errors import ModelError
from hamodel.ir import words
from hamodel.ir.expr import Const, Expr, Op, Option, Read, and_, binary, or_
from hamodel.ir.rule import RuleReader
from hamodel.ir.rule_text import RuleText, Shape, declarations_of, instance
from hamodel.ir.statement import Assign, Call, If, Procedure, Statement
from hamodel.ir.system import Action, Kind, Queue, Setting, System, Timer, Variable
from hamodel.ir.words import Declaration, Index

BUDGET = "budget"
"""The variable that counts the faults and commands that may still come."""
BUDGET_TOTAL = "budget_total"


def left(fault: str) -> str:
    """The variable that counts how often this kind may still come, where its limit is below the whole budget."""
    return f"left_{fault}"


def limit(fault: str) -> str:
    """The setting with the limit of this kind."""
    return f"limit_{fault}"


def compose(
    name: str,
    modules: Sequence[ModuleType],
    shape: Shape,
    options: Mapping[str, int],
    initial: str,
    deleted: frozenset[str] = frozenset(),
) -> System:
    """The system of these machine files for one shape and one set of option values.

    `initial` names the rule without arguments that runs first. Raises ModelError where two files declare one name, a
    rule has a circle, an option is missing, or a timer has no rule (or two).
    """
    declared = _declared(modules)
    reader = RuleReader(modules, shape, deleted)
    faults = sorted({t.info.fault for t in reader.texts if t.info.kind in ("fault", "operator")})
    actions = [a for text in reader.texts for a in _actions(text, reader, shape, faults)]
    names = [a.name for a in actions]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise ModelError(f"two rules make an action of the same name: {', '.join(twice)}")
    start = next((t for t in reader.texts if t.name == initial), None)
    if start is None:
        raise ModelError(f"no machine file has the rule `{initial}`")
    first = reader.procedure(start, ())
    _budget_procedures(reader, faults, first)
    observables, invariants = _formulas(reader, shape)
    timers = tuple(Timer(n, d.owner, bool(d.options["far"])) for d, n in _instances(declared, words.TimerDecl, shape))
    _each_timer_has_one_rule(timers, actions)
    return System(
        name=name,
        variables=tuple(_variables(declared, shape, faults)),
        timers=timers,
        queues=tuple(Queue(n, int(d.options["capacity"])) for d, n in _instances(declared, words.QueueDecl, shape)),
        settings=tuple(_settings(declared, shape, options, faults)),
        procedures=dict(sorted(reader.procedures.items())),
        actions=tuple(actions),
        initial="budget.begin",
        invariants=tuple(invariants),
        observables=observables,
    )


def _declared(modules: Sequence[ModuleType]) -> list[Declaration]:
    owners: dict[str, str] = {}
    found = []
    for module in modules:
        for declaration in declarations_of(module):
            if declaration.name in owners:
                raise ModelError(
                    f"`{declaration.name}` is declared in {owners[declaration.name]} and in {declaration.owner}"
                )
            owners[declaration.name] = declaration.owner
            found.append(declaration)
    return found


def _instances(
    declared: Sequence[Declaration], kind: type[Declaration], shape: Shape
) -> Iterator[tuple[Declaration, str]]:
    for declaration in declared:
        if isinstance(declaration, kind):
            for positions in product(*(shape.positions(i) for i in declaration.index)):
                yield declaration, instance(declaration, positions, shape)


def _variables(declared: Sequence[Declaration], shape: Shape, faults: Sequence[str]) -> Iterator[Variable]:
    for declaration, name in _instances(declared, words.VarDecl, shape):
        values = declaration.options["values"]
        labels: tuple[str, ...] = ()
        if isinstance(values, type) and issubclass(values, IntEnum):
            labels = tuple(v.name.lower() for v in values)
            values = len(labels)
        yield Variable(name, int(values) - 1, int(declaration.options["initial"]), labels, declaration.owner)
    yield Variable(BUDGET, 100, owner="budget")
    for fault in faults:
        yield Variable(left(fault), 100, owner="budget")


def _settings(
    declared: Sequence[Declaration], shape: Shape, options: Mapping[str, int], faults: Sequence[str]
) -> Iterator[Setting]:
    for declaration, name in _instances(declared, words.OptionDecl, shape):
        if name not in options:
            raise ModelError(f"no value for the option `{name}` of {declaration.owner}")
        yield Setting(name, int(options[name]), str(declaration.options["unit"]))
    yield Setting(BUDGET_TOTAL, int(options.get(BUDGET_TOTAL, 0)), "")
    for fault in faults:
        yield Setting(limit(fault), int(options.get(limit(fault), 100)), "")


def _fixed(text: RuleText, shape: Shape) -> Iterator[tuple[Index, ...]]:
    kinds = [k for k in text.statics if k is not None]
    if len(kinds) != len(text.statics):
        raise ModelError(f"{text.name}: what happens by itself cannot have run-time arguments", span=text.span())
    yield from product(*(shape.positions(k) for k in kinds))


def _actions(text: RuleText, reader: RuleReader, shape: Shape, faults: Sequence[str]) -> Iterator[Action]:
    info = text.info
    if info.kind not in ("timer", "fault", "repair", "operator"):
        return
    for positions in _fixed(text, shape):
        kinds = [k for k in text.statics if k is not None]
        label = ",".join(shape.label(k, p) for k, p in zip(kinds, positions, strict=True))
        name = f"{text.name}[{label}]" if positions else text.name
        procedure = reader.procedure(text, positions)
        timer = instance(info.when, positions, shape) if info.when is not None else None
        guard: Expr = reader.formula(info.guard, positions) if info.guard is not None else Const(1)
        if guard == Const(0):
            continue
        if info.kind in ("fault", "operator"):
            guard = and_(guard, *_may_pay(info.fault))
            procedure = _paid(reader, procedure, info.fault)
        said = info.text.format(*(shape.label(k, p) for k, p in zip(kinds, positions, strict=True)))
        yield Action(name, Kind(info.kind), procedure, timer, guard, info.fault, info.ids, said)


def _limited(fault: str) -> Expr:
    return binary(Op.LT, Option(limit(fault)), Option(BUDGET_TOTAL))


def _may_pay(fault: str) -> tuple[Expr, Expr]:
    some_left = binary(Op.GT, Read(left(fault)), Const(0))
    not_limited = binary(Op.GE, Option(limit(fault)), Option(BUDGET_TOTAL))
    return binary(Op.GT, Read(BUDGET), Const(0)), or_(not_limited, some_left)


def _paid(reader: RuleReader, procedure: str, fault: str) -> str:
    """The procedure after payment: one from the whole budget, and one from its kind where that is limited further."""
    name = f"budget.{procedure}"
    body: tuple[Statement, ...] = (
        Assign(BUDGET, binary(Op.SUB, Read(BUDGET), Const(1))),
        If(_limited(fault), (Assign(left(fault), binary(Op.SUB, Read(left(fault)), Const(1))),)),
        Call(procedure),
    )
    original = reader.procedures[procedure]
    reader.procedures[name] = Procedure(name, (), body, (), original.doc, original.span)
    return name


def _budget_procedures(reader: RuleReader, faults: Sequence[str], first: str) -> None:
    body: list[Statement] = [Assign(BUDGET, Option(BUDGET_TOTAL))]
    body += [If(_limited(f), (Assign(left(f), Option(limit(f))),)) for f in faults]
    reader.procedures["budget.begin"] = Procedure("budget.begin", (), (*body, Call(first)))


def _formulas(reader: RuleReader, shape: Shape) -> tuple[dict[str, Expr], list[tuple[str, Expr]]]:
    observables: dict[str, Expr] = {}
    invariants: list[tuple[str, Expr]] = []
    for text in reader.texts:
        if text.info.kind not in ("observable", "invariant"):
            continue
        for positions in _fixed(text, shape):
            function = getattr(text.module, text.name)
            suffix = f"[{','.join(str(int(p)) for p in positions)}]" if positions else ""
            formula = reader.formula(function, positions)
            if text.info.kind == "observable":
                observables[text.info.fault + suffix] = formula
            else:
                invariants.append((text.info.text + suffix, formula))
    return observables, invariants


def _each_timer_has_one_rule(timers: Sequence[Timer], actions: Sequence[Action]) -> None:
    ends: dict[str, list[str]] = {t.name: [] for t in timers}
    for action in actions:
        if action.timer is not None:
            ends[action.timer].append(action.name)
    for timer, rules in ends.items():
        if not rules:
            raise ModelError(f"the timer `{timer}` has no rule: nothing happens when it ends")
