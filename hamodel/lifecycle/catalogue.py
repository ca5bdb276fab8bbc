"""The lifecycles of a cluster, each a few variables and timers with a word for what they mean together.

Only the names are written here; who moves what, and when, is read from the rules. A lifecycle whose variables a system
does not have is not one of that system; one that never moves is drawn as a single box, if anybody asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamodel.ir.expr import TRUE, Const, Expr, Op, Read, Running, and_, binary, not_, or_
from hamodel.ir.system import System
from hamodel.lifecycle.control import Control, Mode

Labels = Mapping[str, Sequence[str]]
"""For each index set (Node, Cable, Ping, Step, Slot ...) the names of its members."""
Modes = Iterable[tuple[str, Expr]]

STARTS, STOPS = (1, 3), (2, 4)
"""Jobs of a script (take, take alone; give, give alone)."""


@dataclass(frozen=True)
class At:
    """One member of a lifecycle's index sets: the formulas that speak of it."""

    system: System
    places: tuple[int, ...]

    def name(self, base: str, places: tuple[int, ...] | None = None) -> str:
        """The instance of a declaration, or LookupError where the system has none."""
        chosen = self.places if places is None else places
        full = f"{base}[{','.join(map(str, chosen))}]" if chosen else base
        if full not in self.system.variable_index and full not in self.system.timer_index:
            raise LookupError(full)
        return full

    def on(self, timer: str) -> Expr:
        return Running(self.name(timer))

    def is_(self, base: str, value: int, places: tuple[int, ...] | None = None) -> Expr:
        return binary(Op.EQ, Read(self.name(base, places)), Const(value))

    def yes(self, base: str) -> Expr:
        return not_(self.is_(base, 0))

    def each(self, base: str, *words: str) -> Modes:
        """One mode a value, called as its enumeration calls it or by these words."""
        labels = self.system.variables[self.system.variable_index[self.name(base)]].labels
        for value, word in enumerate(words or (label.replace("_", " ") for label in labels)):
            yield word, self.is_(base, value)

    def works_on(self, step: int, jobs: Sequence[int]) -> Expr:
        """Some script of the node has this resource at hand, with one of these jobs."""
        node = self.places[0]
        slots = members(self.system, "job", fixed={0: node})
        return or_(*(and_(self.is_("now", step + 1, p), or_(*(self.is_("job", j, p) for j in jobs))) for p in slots))


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of lifecycle: one for each member of the index sets of its first variable, `anchor`."""

    kind: str
    title: str
    anchor: str
    index: tuple[str, ...]
    modes: Callable[[At], Modes]


def _node(at: At) -> Modes:
    yield "dark", at.is_("power", 0)
    yield "asleep", at.is_("daemon", 3)
    yield "paused", at.yes("paused")
    yield "booting", and_(at.is_("daemon", 0), at.on("wake"))
    yield "idle", at.is_("daemon", 0)
    yield "waiting", at.is_("daemon", 1)
    yield "active", TRUE


def _resource(at: At) -> Modes:
    step = at.places[1]
    taking, giving = at.works_on(step, STARTS), at.works_on(step, STOPS)
    yield "stopping", and_(at.yes("up"), giving)
    yield "running", at.yes("up")
    yield "starting", taking
    yield "stopped", TRUE


def _claims(at: At) -> Modes:
    yield "all", and_(at.yes("claims_local"), at.yes("claims_foreign"))
    yield "local", at.yes("claims_local")
    yield "foreign", at.yes("claims_foreign")
    yield "none", TRUE


def _watchdog(at: At) -> Modes:
    yield "counting", at.on("fires")
    yield "open", at.yes("is_open")
    yield "bitten", at.yes("bitten")
    yield "off", TRUE


def _stonith(at: At) -> Modes:
    orders = members(at.system, "shot", fixed={0: at.places[0]})
    if not orders:
        raise LookupError("shot")
    yield "pending", or_(*(Running(at.name(timer, place)) for timer in ("shot", "miss") for place in orders))
    yield "to be tried again", or_(*(Running(at.name("retry", place)) for place in orders))
    yield "idle", TRUE


def _shutdown(at: At) -> Modes:
    yield "leaving", at.on("last_phases")
    yield "releasing", at.yes("releasing")
    yield "waiting to release", or_(at.yes("delayed"), at.yes("in_progress"))
    yield "about to restart", or_(at.yes("restarts"), at.on("heal"))
    yield "none", TRUE


def _ipfail(at: At) -> Modes:
    yield "will give up all", at.is_("tag", 2)
    yield "will give up foreign", at.is_("tag", 1)
    yield "owes a give-up", at.yes("needs_standby")
    yield "content", TRUE


TEMPLATES = (
    Template("node", "The machine {0} and its Heartbeat daemon", "daemon", ("Node",), _node),
    Template("view", "What {0} believes about its peer", "view", ("Node",), lambda at: at.each("view")),
    Template("ping", "What {1} believes about the ping node {0}", "ping_view", ("Ping", "Node"),
             lambda at: at.each("ping_view", "unheard", "answering", "dead")),
    Template("cable", "The cable {0}", "plugged", ("Cable",), lambda at: at.each("plugged", "cut", "plugged")),
    Template("target", "The ping node {0} itself", "answers", ("Ping",),
             lambda at: at.each("answers", "silent", "answering")),
    Template("resource", "{1} on {0}", "up", ("Node", "Step"), _resource),
    Template("script", "The script {1} of {0}", "job", ("Node", "Slot"),
             lambda at: at.each("job", "none", "starts", "stops", "starts, orphaned", "stops, orphaned")),
    Template("protocol", "The resource protocol of {0}", "rs", ("Node",), lambda at: at.each("rs")),
    Template("claims", "What {0} claims", "claims_local", ("Node",), _claims),
    Template("standby", "Standby on {0}", "state", ("Node",), lambda at: at.each("state")),
    Template("ipfail", "ipfail on {0}", "tag", ("Node",), _ipfail),
    Template("client", "The client {1} on {0}", "run", ("Node", "Client"),
             lambda at: at.each("run", "none", "begins", "asks", "serves", "fails", "left dead", "retired")),
    Template("watchdog", "The watchdog of {0}", "is_open", ("Node",), _watchdog),
    Template("stonith", "The reset that {0} asks for", "broken", ("Node",), _stonith),
    Template("shutdown", "Stop and restart of {0}", "in_progress", ("Node",), _shutdown),
)  # fmt: skip


def members(system: System, base: str, fixed: Mapping[int, int] | None = None) -> list[tuple[int, ...]]:
    """The index tuples for which the system has this variable or timer, in its order."""
    found: list[tuple[int, ...]] = []
    for name in (*system.variable_index, *system.timer_index):
        if name == base:
            found.append(())
        elif match := re.fullmatch(re.escape(base) + r"\[([\d,]+)\]", name):
            found.append(tuple(int(i) for i in match[1].split(",")))
    return [p for p in found if all(p[i] == value for i, value in (fixed or {}).items())]


def controls(system: System, labels: Labels | None = None) -> tuple[Control, ...]:
    """Every lifecycle of this system, in the catalogue's order."""
    return tuple(c for template in TEMPLATES for c in _instances(template, system, labels or {}))


def _instances(template: Template, system: System, labels: Labels) -> Iterator[Control]:
    for places in members(system, template.anchor):
        if len(places) != len(template.index):
            continue
        words = tuple(_label(labels, index, p) for index, p in zip(template.index, places, strict=True))
        try:
            modes = tuple(Mode(name, when) for name, when in template.modes(At(system, places)))
        except LookupError:
            continue
        yield Control(template.kind, f"{template.kind}[{','.join(words)}]", template.title.format(*words), modes, words)


def _label(labels: Labels, index: str, place: int) -> str:
    names = labels.get(index, ())
    if place < len(names):
        return names[place]
    return f"node{place + 1}" if index == "Node" else str(place)


def of_variable(system: System, name: str) -> Control:
    """The lifecycle of a single variable, or of a single timer: for systems that are no cluster."""
    if name in system.timer_index:
        modes = [Mode("runs", Running(name)), Mode("off", TRUE)]
    else:
        variable = system.variables[system.variable_index[name]]
        words = variable.labels or tuple(str(v) for v in range(variable.hi + 1))
        values = range(variable.lo, variable.lo + len(words))
        modes = [Mode(w, binary(Op.EQ, Read(name), Const(v))) for v, w in zip(values, words, strict=True)]
    return Control("variable", name, name, tuple(modes))
