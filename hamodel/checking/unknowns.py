"""Which options are kept open, under which names, within which bounds, and what holds between them.

A name stands for one setting on both nodes (`deadtime`), on one (`deadtime[node1]`), or for a resource
(`start_hi[/dev/sdb5]`). What Heartbeat computes from an open deadtime stays in step with it: the period of the watchdog
and the pause before a restart, which are rounded up to whole seconds, as unknowns of their own, and an initdead or a
deadping that nobody has written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from hamodel.config.faults import WatchdogDriver
from hamodel.config.spec import Spec
from hamodel.config.values import show_ms
from hamodel.errors import NoUnknown, OutOfRange
from hamodel.ir.linear import Term, at, constant, minus, plus, times, unknown
from hamodel.ir.polytope import Polytope
from hamodel.ir.region import Follows, Law, Unknown
from hamodel.ir.system import System
from hamodel.properties.cluster import Layout

Bounds = tuple[int, int]
Wishes = Mapping[str, Bounds | None]
PER_STEP = ("start", "stop", "status")
NOT_A_TIME = ("cap", "youth")
"""Observers' own limits, and a switch that looks like a time."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of what depends on the unknowns: where it holds, and the term behind each open setting."""

    faces: tuple[Term, ...]
    terms: Mapping[str, Term]


@dataclass(frozen=True)
class Space:
    """All choices of the open options."""

    unknowns: tuple[Unknown, ...]
    laws: tuple[Law, ...]
    variants: tuple[Variant, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(u.name for u in self.unknowns)

    @cached_property
    def domain(self) -> Polytope:
        """The options for which Heartbeat starts and the model has a meaning. Raises OutOfRange without any."""
        box = Polytope.box([(u.lo, u.hi) for u in self.unknowns])
        found = box.within(law.face for law in self.laws)
        if found is None:
            raise OutOfRange(
                "no values within these bounds are allowed",
                seen=list(dict.fromkeys(law.why for law in self.laws if "follows" not in law.why)),
                help="give other bounds with --vary NAME=LEAST..GREATEST",
            )
        return found

    @property
    def telling(self) -> tuple[Law, ...]:
        """The laws that exclude something the bounds and the other laws allow."""
        box = Polytope.box([(u.lo, u.hi) for u in self.unknowns])
        kept = list(self.laws)
        for law in self.laws:
            rest = box.within(w.face for w in kept if w is not law)
            if rest is not None and rest.entails(law.face):
                kept.remove(law)
        return tuple(kept)

    def point(self, values: Mapping[str, int]) -> tuple[int, ...]:
        """All unknowns where those that follow no other one have these values."""
        return tuple(u.follows.of(values[u.follows.source]) if u.follows else values[u.name] for u in self.unknowns)

    def settings(self, values: Mapping[str, int]) -> dict[str, int]:
        """The value of every setting that depends on the unknowns."""
        point = self.point(values)
        for variant in self.variants:
            if all(at(face, point) >= 0 for face in variant.faces):
                return {name: at(term, point) for name, term in variant.terms.items()}
        raise OutOfRange("nothing is known about " + ", ".join(f"{n} {v}" for n, v in values.items()))

    def narrow(self, keep: Collection[int]) -> Space:
        """The same space without some unknowns that follow others, and without what was said about them."""
        order = [i for i, u in enumerate(self.unknowns) if i in keep or u.follows is None]

        def short(term: Term) -> Term:
            return (term[0], *(term[i + 1] for i in order))

        lost = [i for i in range(len(self.unknowns)) if i not in order]
        laws = [Law(short(w.face), w.why) for w in self.laws if not any(w.face[i + 1] for i in lost)]
        variants = [
            Variant(
                tuple(map(short, v.faces)),
                {name: short(t) for name, t in v.terms.items() if not any(t[i + 1] for i in lost)},
            )
            for v in self.variants
        ]
        return Space(tuple(self.unknowns[i] for i in order), tuple(laws), tuple(variants))


def usual(system: System) -> Wishes:
    """What is kept open where nobody has said it."""
    bases = {name.split("[")[0] for name in system.setting_value}
    return {name: None for name in ("deadtime", "keepalive") if name in bases}


def space_of(system: System, layout: Layout, wishes: Wishes, spec: Spec | None = None) -> Space:
    """The space of these unknowns.

    Without bounds an unknown lies between half and twice its present value. Raises NoUnknown for what cannot be
    kept open, and OutOfRange for bounds that are none.
    """
    names = Names(system, layout)
    given = [_unknown(names, text, bounds) for text, bounds in wishes.items()]
    twice = [s for i, u in enumerate(given) for s in u.settings if any(s in v.settings for v in given[:i])]
    if twice:
        raise NoUnknown(f"{names.written([twice[0]])} is to be kept open under two names")
    unknowns = [*given, *(_followers(names, given, spec) if spec is not None else ())]
    size = len(unknowns)
    terms = {s: unknown(i, size) for i, u in enumerate(unknowns) for s in u.settings}
    variants = _variants(system, terms, size, spec)
    laws = _laws(system, unknowns, terms, size, spec)
    space = Space(tuple(unknowns), tuple(laws), tuple(variants))
    domain = space.domain
    return Space(space.unknowns, space.laws, tuple(v for v in variants if domain.within(v.faces) is not None))


class Names:
    """From what a person writes to the settings of a system, and back."""

    def __init__(self, system: System, layout: Layout) -> None:
        self.system, self.layout = system, layout
        self.times = [s.name for s in system.settings if s.unit == "ms" and s.name.split("[")[0] not in NOT_A_TIME]
        self.bases = list(dict.fromkeys(name.split("[")[0] for name in self.times))

    def settings(self, text: str) -> tuple[str, ...]:
        """The settings behind a name. Raises NoUnknown."""
        base, bracket, inside = text.partition("[")
        inside = inside.removesuffix("]")
        if base not in self.bases:
            raise self._unknown_base(base)
        own = [name for name in self.times if name.split("[")[0] == base]
        if not bracket:
            return tuple(own)
        if own == [base]:
            raise NoUnknown(f"{base} is one for the whole cluster", help=f"write {base} alone")
        return (f"{base}[{self._index(base, inside)}]",)

    def written(self, settings: Sequence[str]) -> str:
        """A name for settings that go together."""
        base, _, inside = settings[0].partition("[")
        own = [name for name in self.times if name.split("[")[0] == base]
        if len(settings) == len(own):
            return base
        return f"{base}[{self._labels(base)[int(inside.removesuffix(']'))]}]"

    def _labels(self, base: str) -> list[str]:
        if base.removesuffix("_lo").removesuffix("_hi") in PER_STEP:
            return [r.text for r in self.layout.resources]
        if base.endswith("_beyond"):
            return [n.name for n in self.layout.beyond]
        return [n.name for n in self.layout.nodes]

    def _index(self, base: str, text: str) -> int:
        labels = self._labels(base)
        if text.isdecimal() and int(text) < len(labels):
            return int(text)
        found = [i for i, label in enumerate(labels) if label == text] or [
            i for i, label in enumerate(labels) if text and text in label
        ]
        if len(found) != 1:
            problem = f"{base}[{text}] fits more than one" if found else f"there is no {base}[{text}]"
            raise NoUnknown(problem, help="there are " + "; ".join(f"{base}[{label}]" for label in labels))
        return found[0]

    def _unknown_base(self, base: str) -> NoUnknown:
        if base in {s.name.split("[")[0] for s in self.system.settings}:
            return NoUnknown(f"{base} is a switch, not a length of time", help="only times can be kept open")
        if f"{base}_lo" in self.bases:
            return NoUnknown(
                f"{base} has a least and a greatest value", help=f"keep {base}_lo or {base}_hi open, or both"
            )
        return NoUnknown(f"there is no time called {base}", help="there are " + ", ".join(self.bases))


def _unknown(names: Names, text: str, bounds: Bounds | None) -> Unknown:
    settings = names.settings(text)
    values = [names.system.setting_value[name] for name in settings]
    if len(set(values)) > 1:
        each = ", ".join(f"{names.written([s])} {show_ms(v)}" for s, v in zip(settings, values, strict=True))
        raise NoUnknown(f"{text} has different values: {each}", help="keep one of them open, by its whole name")
    if text.split("[")[0] == "watchdog" and not values[0]:
        raise NoUnknown(f"{text}: there is no watchdog", help="write a watchdog line into ha.cf")
    lo, hi = bounds if bounds is not None else (values[0] // 2, max(1, 2 * values[0]))
    if not 0 <= lo <= hi:
        raise OutOfRange(f"{text}: {show_ms(lo)} to {show_ms(hi)} are no bounds")
    own = "[" in text and not text.partition("[")[2].removesuffix("]").isdecimal()
    return Unknown(text if own else names.written(settings), settings, lo, hi, values[0])


ROUNDED = {"watchdog": (10, 0), "restart_sleep": (0, 1000)}
"""Settings computed from the deadtime of their node: so much is added before it is rounded up to seconds, and after."""


def _followers(names: Names, given: Sequence[Unknown], spec: Spec) -> list[Unknown]:
    """What Heartbeat rounds up from an open deadtime."""
    values = names.system.setting_value
    open_already = {s for u in given for s in u.settings}
    found: list[Unknown] = []
    for source in given:
        if source.settings[0].split("[")[0] != "deadtime":
            continue
        for base, (add, extra) in ROUNDED.items():
            own = [f"{base}[{s.split('[')[1]}" for s in source.settings]
            own = [s for s in own if values.get(s) and s not in open_already]
            if base == "watchdog" and spec.watchdog.driver is WatchdogDriver.REFUSES_SETTIMEOUT:
                own = []
            if own:
                rule = Follows(source.name, add, 1000, extra)
                found.append(
                    Unknown(
                        names.written(own), tuple(own), rule.of(source.lo), rule.of(source.hi), values[own[0]], rule
                    )
                )
    return found


def _laws(
    system: System, unknowns: Sequence[Unknown], terms: Mapping[str, Term], size: int, spec: Spec | None
) -> list[Law]:
    """What Heartbeat insists on, and what makes an interval an interval."""
    found: dict[Term, str] = {}

    def law(greater: str, lesser: str, why: str, factor: int = 1, add: int = 0) -> None:
        if (greater in terms or lesser in terms) and {greater, lesser} <= set(system.setting_value):
            face = minus(_term(system, terms, greater, size), times(_term(system, terms, lesser, size), factor))
            face = plus(face, constant(-add, size))
            if any(face[1:]):
                found.setdefault(face, why)

    for setting in system.setting_value:
        base, _, inside = setting.partition("[")
        where = f"[{inside}" if inside else ""
        if base == "deadtime":
            law(
                setting, f"keepalive{where}", "Heartbeat refuses a deadtime that is not above twice the keepalive", 2, 1
            )
            if spec is None or _given(spec, "initdead", inside):
                law(f"initdead{where}", setting, "Heartbeat refuses an initdead below the deadtime")
            if spec is None or _given(spec, "deadping", inside):
                law(
                    f"deadping{where}",
                    f"keepalive{where}",
                    "Heartbeat refuses a deadping not above twice the keepalive",
                    2,
                    1,
                )
        elif base == "watchdog" and system.setting_value[setting]:
            law(setting, f"keepalive{where}", "a watchdog period is no shorter than a keepalive")
        elif base.endswith("_lo"):
            law(f"{base.removesuffix('_lo')}_hi{where}", setting, "the least time is not above the greatest")
    for i, u in enumerate(unknowns):
        if u.follows is not None:
            f = u.follows
            source = next(j for j, v in enumerate(unknowns) if v.name == f.source)
            beyond = minus(unknown(i, size), unknown(source, size))
            why = f"{u.name} follows {f.source}"
            found[plus(beyond, constant(-f.add - f.extra, size))] = why
            found[minus(constant(f.add + f.extra + f.step - 1, size), beyond)] = why
    return [Law(face, why) for face, why in found.items()]


def _term(system: System, terms: Mapping[str, Term], setting: str, size: int) -> Term:
    return terms.get(setting) or constant(system.setting_value[setting], size)


def _given(spec: Spec, directive: str, inside: str) -> bool:
    config = spec.cluster.per_node[spec.pair[int(inside[0])]] if inside[:1].isdecimal() else None
    return config is None or bool(getattr(config, directive).given)


def _variants(system: System, terms: Mapping[str, Term], size: int, spec: Spec | None) -> list[Variant]:
    """What nobody has written and Heartbeat takes from the deadtime: deadping as it is, initdead by its size."""
    terms = dict(terms)
    initdead: dict[Term, list[str]] = {}
    for setting in [s for s in terms if s.split("[")[0] == "deadtime"] if spec is not None else []:
        inside = setting.partition("[")[2]
        for base in ("deadping", "initdead"):
            own = f"{base}[{inside}"
            if spec is None or own in terms or own not in system.setting_value or _given(spec, base, inside):
                continue
            if base == "deadping":
                terms[own] = terms[setting]
            else:
                initdead.setdefault(terms[setting], []).append(own)
    forms = [
        [
            (minus(dead, constant(10_001, size)), None, own, dead),
            (minus(constant(5_999, size), dead), None, own, constant(12_000, size)),
            (minus(dead, constant(6_000, size)), minus(constant(10_000, size), dead), own, times(dead, 2)),
        ]
        for dead, own in initdead.items()
    ]
    return [
        Variant(
            tuple(face for one, other, _, _ in chosen for face in (one, other) if face is not None),
            {**terms, **{name: term for _, _, own, term in chosen for name in own}},
        )
        for chosen in product(*forms)
    ]
