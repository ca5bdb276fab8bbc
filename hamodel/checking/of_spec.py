"""A spec becomes a case: composed, named, and with the lines of its files that a trace rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hamodel.checking.case import Case
from hamodel.config.cluster import NodeConfig
from hamodel.config.parts import Failback, Valued
from hamodel.config.spec import Spec
from hamodel.config.values import show_ms
from hamodel.errors import HamodelError
from hamodel.ir import expr as e
from hamodel.ir import statement as s
from hamodel.ir.course import along
from hamodel.ir.report import ConfigLine
from hamodel.ir.rewrite import statements, terms, within
from hamodel.ir.semantics import evaluate, refire
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.trace import Trace
from hamodel.machines import compose_cluster, structure
from hamodel.machines.structure import Structure
from hamodel.properties.cluster import Cable, Client, Group, Layout, Node, Ping, Resource
from hamodel.source import Span

CRM_IS_ON = "crm is on: haresources is ignored, only clients are played"
TIMES = ("keepalive", "deadtime", "initdead", "deadping")
"""Options whose value is one time of ha.cf."""


def case_of(spec: Spec) -> Case:
    """The case of a spec. Raises NotApplicable where the files are legal but outside the model."""
    system, taken = along(compose_cluster(spec), spec.through, spec.pair)
    lines = Lines(spec)
    return Case(
        system, layout_of(structure(spec)), spec.title or spec.name, spec.cluster.version.value, spec.start_from,
        lines.under, taken,
    )  # fmt: skip


def layout_of(parts: Structure) -> Layout:
    """The names behind the indices of a composed cluster."""
    nodes = tuple(Node(i, name) for i, name in enumerate(parts.nodes))
    resources: list[Resource] = []
    groups: list[Group] = []
    for index, group in enumerate(parts.groups):
        first = len(resources)
        resources += [
            Resource(first + i, step.text, index, step.address, bool(step.device)) for i, step in enumerate(group.steps)
        ]
        owner = nodes[group.owner] if group.owner < len(nodes) else None
        groups.append(Group(index, group.line, owner, tuple(resources[first:])))
    return Layout(
        nodes,
        tuple(groups),
        tuple(resources),
        tuple(Cable(i, name) for i, name in enumerate(parts.cables)),
        tuple(Ping(i, name) for i, (name, _) in enumerate(parts.pings)),
        tuple(Node(2 + i, name) for i, name in enumerate(parts.thirds)),
        tuple(Client(i, name) for i, name in enumerate(parts.client_labels)),
        CRM_IS_ON if parts.crm else "",
    )


class Lines:
    """Which lines of ha.cf and haresources a trace rests on: values its rules have read, and times its timers took."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.configs = tuple(spec.cluster.per_node[name] for name in spec.pair)

    def under(self, system: System, trace: Trace) -> tuple[ConfigLine, ...]:
        """The lines, in the order of the files; what nobody wrote comes last, as a default."""
        rules = {rule for step in trace.steps for rule in step.rules}
        read = {name for rule in rules for name in _options(system, rule)}
        asked = {name for name in read if name.split("[")[0] not in TIMES} | self._timed(system, trace)
        faults = {system.actions[system.action_index[name]].fault for name in trace.names()}
        found = [line for name in sorted(asked) for line in self._option(name)]
        if "cut" in faults:
            found += [written(m.span) for config in self.configs for m in config.media if m.span is not None]
        found += [written(g.span) for config in self.configs for g in config.groups if g.span is not None]
        found += [
            _failback(c.auto_failback) for c in self.configs if c.auto_failback.value is Failback.LEGACY and not c.crm
        ]
        if any(rule.startswith("respawn.") for rule in rules):
            found += [written(span) for span in self._client_lines()]
        once = dict.fromkeys(found)
        return tuple(sorted(once, key=lambda c: (c.line == 0, Path(c.file).name != "ha.cf", c.file, c.line, c.text)))

    def _client_lines(self) -> Iterator[Span]:
        """The lines that start the clients that are played."""
        played = {client.id for client in structure(self.spec).clients}
        for config in self.configs:
            lines = [config.crm_mode.span] if config.crm and config.crm_mode else []
            lines += [client.span for client in config.clients if client.program in played]
            yield from (span for span in lines if span is not None)

    def _timed(self, system: System, trace: Trace) -> set[str]:
        """The options in the bounds of the timers whose ends make the trace."""
        bounds: dict[str, set[str]] = {}
        decisive: set[str] = set()
        before = trace.initial
        for step in trace.steps:
            action = system.actions[system.action_index[step.action]]
            decisive |= bounds.get(action.timer or "", set())
            effect = refire(system, before, action)
            drawn = effect.started if effect is not None else {}
            for timer in drawn:
                bounds[timer] = _bounds(system, before, step.rules, timer, drawn[timer])
            before = step.state
        return decisive

    def _option(self, name: str) -> Iterator[ConfigLine]:
        base, _, index = name.partition("[")
        if base not in (*TIMES, "auto_failback", "watchdog", "stonith"):
            return
        configs = [self.configs[int(index[0])]] if index[:1].isdecimal() else list(self.configs)
        for config in configs:
            if base in TIMES:
                yield _time(base, getattr(config, base))
            elif base == "auto_failback":
                yield _failback(config.auto_failback)
            elif base == "watchdog":
                yield _given("watchdog", config.watchdog.span if config.watchdog else None)
            elif base == "stonith":
                yield _given("stonith", _stonith(config))


def read_by(system: System, trace: Trace) -> set[str]:
    """The options that the rules of a trace read."""
    return {name for rule in {r for step in trace.steps for r in step.rules} for name in _options(system, rule)}


def _time(directive: str, value: Valued[int]) -> ConfigLine:
    if value.span is not None:
        return written(value.span)
    return ConfigLine("ha.cf", 0, f"{directive} is not given, so {show_ms(value.value)}")


def _failback(value: Valued[Failback]) -> ConfigLine:
    if value.span is not None:
        return written(value.span)
    return ConfigLine("ha.cf", 0, f"auto_failback is not given, so {value.value.value}")


def _given(directive: str, span: Span | None) -> ConfigLine:
    return written(span) if span is not None else ConfigLine("ha.cf", 0, f"no {directive}")


def _stonith(config: NodeConfig) -> Span | None:
    return config.stonith.span if config.stonith is not None else None


def written(span: Span) -> ConfigLine:
    """A line without its comment and without what a fencing device is told in confidence; `...` if it is continued."""
    words = span.text.split("#")[0].split()
    if words[:1] in (["stonith"], ["stonith_host"]):
        words = [*words[: 3 if words[0] == "stonith_host" else 2], "..."]
    elif words and words[-1].endswith("\\"):
        words = [*words[:-1], *filter(None, [words[-1][:-1]]), "..."]
    return ConfigLine(span.file, span.line, " ".join(words))


def _bounds(system: System, before: State, rules: Sequence[str], timer: str, drawn: tuple[int, int]) -> set[str]:
    """The options in the bounds of a timer that one of these rules started.

    Those of its arguments where it has some.
    """
    guessed: set[str] = set()
    for rule in rules:
        for name, lo, hi in _starts(system.procedures[rule].body):
            if name != timer:
                continue
            options = {*_in_expr(lo), *_in_expr(hi)}
            if drawn == (_value(system, before, lo), _value(system, before, hi)):
                return options
            given = (arg for other in rules for arg in _arguments(system.procedures[other].body, rule))
            guessed |= options | {option for arg in given for option in _in_expr(arg)}
    return guessed


def _arguments(block: Iterable[s.Statement], procedure: str) -> Iterator[e.Expr]:
    """What a block hands to a procedure."""
    for statement in statements(block):
        if isinstance(statement, s.Call) and statement.procedure == procedure:
            yield from statement.args


def _starts(block: Iterable[s.Statement]) -> Iterator[tuple[str, e.Expr, e.Expr]]:
    """The timers a block may start, with their bounds."""
    for statement in statements(block):
        match statement:
            case s.Start(timer, lo, hi):
                yield timer, lo, hi
            case s.Hasten(timer, hi):
                yield timer, e.Const(0), hi


def _value(system: System, state: State, bound: e.Expr) -> int | None:
    """The bound in ms, where it does not depend on a local name."""
    try:
        return evaluate(system, state, bound)
    except (HamodelError, KeyError):
        return None


def _options(system: System, rule: str) -> Iterator[str]:
    """The options a procedure reads by itself; what it calls stands in the trace under its own name."""
    for statement in statements(system.procedures[rule].body):
        if not isinstance(statement, s.Log):
            yield from (option for term in terms(statement) for option in _in_expr(term))


def _in_expr(expr: e.Expr) -> Iterator[str]:
    return (term.name for term in within(expr) if isinstance(term, e.Option))
