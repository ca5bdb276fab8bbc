"""Options as unknowns: the exact region in which a claim holds, with a replayed run for every piece outside of it.

The search (`engines.regions`) explores every run for all options at once. z3, which knows nothing of its geometry,
brings the pieces into their simplest form and judges that nothing was lost; and at the borders, a millisecond to either
side, the compiled engine has to give the answers of the region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.case import BOOT, Case
from hamodel.checking.evidence import ONE_AT_A_TIME, certified
from hamodel.checking.examine import cast_of, silent
from hamodel.checking.faultsets import only, used_by, without
from hamodel.checking.borders import compare
from hamodel.checking.search import Clock, Progress, Searcher, searcher, with_budget
from hamodel.checking.unknowns import Space, Variant
from hamodel.engines._lower.unknowns import Wanted
from hamodel.engines._lower.wholes import Wholes, simplest
from hamodel.engines.regions import Broken, Explored, Opened, Search, parts_of
from hamodel.errors import EnginesDisagree, NoUnknown, PropertyError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.expr import Expr, and_, not_
from hamodel.ir.linear import Term, at, condition
from hamodel.ir.observe import late_of, observe, remembered, switch_of
from hamodel.ir.polytope import Polytope
from hamodel.ir.property import PropertyKind
from hamodel.ir.region import Piece, Region
from hamodel.ir.state import State
from hamodel.ir.system import System
from hamodel.ir.verdict import Limits
from hamodel.properties.bind import Bound, bind, deadline_of, paid
from hamodel.properties.words import Definition
from hamodel.renderers.story import tell

POINTS = 24
"""At most so many points at the borders are checked with the compiled engine."""


@dataclass(frozen=True)
class Question:
    """One claim about one slice of the scenario, ready to be explored."""

    case: Case
    space: Space
    bound: Bound
    system: System
    """With the observers switched on and no more than the faults of the slice."""
    quiet: System
    """The same before it comes to rest: without observers."""
    broken: Expr
    kinds: tuple[str, ...]
    budget: int

    @property
    def rests(self) -> bool:
        """Runs begin where the cluster has come to rest."""
        return self.case.start != BOOT

    def at(self, values: Mapping[str, int]) -> tuple[System, System]:
        """The two systems with these values of the unknowns."""
        settings = self.space.settings(values)
        return self.system.with_settings(**settings), self.quiet.with_settings(**settings)


def region(
    case: Case,
    space: Space,
    definition: Definition,
    kinds: Sequence[str] | None = None,
    budget: int | None = None,
    limits: Limits | None = None,
    *,
    points: int = POINTS,
    engine: Searcher | str | None = None,
    progress: Progress = silent,
) -> Region:
    """The region in which a claim about single states, or one with a deadline, holds when only these kinds come.

    Raises NoUnknown where an open option is more than a length of time, PropertyError for a claim that cannot be
    asked so, EnginesDisagree where the compiled engine gives another answer at a border.
    """
    limits = limits or Limits()
    clock = Clock.start(limits)
    asked = question(case, space, definition, kinds, budget)
    progress(" and ".join(asked.kinds) or "no fault", 0)
    found = _explored(asked, clock, progress)
    answer = _region(asked, found)
    if points:
        search = engine if engine is not None and not isinstance(engine, str) else searcher(engine)
        progress("the borders", 0)
        answer = replace(answer, checked=compare(asked, answer, search, points, clock))
    return replace(answer, seconds=round(clock.elapsed, 3))


def question(
    case: Case, space: Space, definition: Definition, kinds: Sequence[str] | None = None, budget: int | None = None
) -> Question:
    """The slice of the scenario in which only these kinds come, at most so many in all."""
    bound = bind(definition, case.system, case.layout, case.taken)
    if bound.skipped:
        raise PropertyError(f"{bound.name}: {bound.skipped}")
    _same_everywhere(case, space, definition, bound)
    system = observe(case.system, bound.requests)
    total = system.setting_value.get(BUDGET_TOTAL, 0) if budget is None else budget
    system = without(with_budget(system, total), bound.without)
    if kinds is not None:
        system = only(system, kinds)
    switches, broken = _claim(bound)
    return Question(
        case, space, bound, system.with_settings(**dict.fromkeys(switches, 1)), system, broken,
        tuple(kinds) if kinds is not None else tuple(paid(system)), total,
    )  # fmt: skip


def _claim(bound: Bound) -> tuple[list[str], Expr]:
    """The observers to switch on, and the states that break the claim."""
    switches = [switch_of(m.switch or m.name) for m in bound.memories]
    if bound.kind is PropertyKind.ALWAYS:
        return switches, not_(and_(*(p.formula for p in bound.properties)))
    if bound.kind is PropertyKind.LEADS_TO and all(p.within is not None for p in bound.properties):
        late = [deadline_of(p.name) for p in bound.properties]
        return [*switches, *map(switch_of, late)], not_(and_(*(not_(remembered(late_of(name))) for name in late)))
    what = "for what happens in some run" if bound.kind is PropertyKind.SOMETIMES else "without a deadline"
    raise PropertyError(
        f"{bound.name} is a claim {what}; a region is asked of what always holds, or comes within a time",
        help="ask for single_mount, or for another property that `always` holds",
    )


def _same_everywhere(case: Case, space: Space, definition: Definition, bound: Bound) -> None:
    """A claim that mentions an open option is another claim for each value of it."""
    for pick in (min, max):
        point = [pick(u.lo, u.hi) for u in space.unknowns]
        values = {s: v for u, v in zip(space.unknowns, point, strict=True) for s in u.settings}
        other = bind(definition, case.system.with_settings(**values), case.layout, case.taken)
        if (other.properties, other.requests) != (bound.properties, bound.requests):
            raise NoUnknown(
                f"{bound.name} itself depends on {' or '.join(u.name for u in space.unknowns)}",
                help="keep another option open, or ask for another property",
            )


# ---- exploring -------------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What all variants together have shown, over all unknowns."""

    broken: list[Broken]
    undecided: list[Polytope]
    reason: str = ""
    classes: int = 0
    active: frozenset[int] = frozenset()


def _explored(asked: Question, clock: Clock, progress: Progress) -> _Found:
    whole = _Found([], [])
    for variant in asked.space.variants:
        domain = asked.space.domain.within(variant.faces)
        if domain is None:
            continue
        active: frozenset[int] = frozenset()
        while True:
            try:
                found = _variant(asked, variant, active, clock, progress)
                break
            except Wanted as wanted:
                active |= {asked.space.names.index(name) for name in wanted.names}
        lift = _Lift(sorted(active), len(asked.space.unknowns), domain)
        for each in found.broken:
            part = lift.part(each.part)
            if part is not None:
                whole.broken.append(Broken(part, each.names, each.start))
        whole.undecided += [p for p in map(lift.part, found.undecided) if p is not None]
        whole.reason = whole.reason or found.stopped
        whole.classes += found.classes
        whole.active |= active
        if found.stopped == "interrupted":
            raise KeyboardInterrupt
    return whole


def _variant(
    asked: Question, variant: Variant, active: frozenset[int], clock: Clock, progress: Progress
) -> Explored:
    """One exploration in which only these unknowns are in play; raises `Wanted` where a rule asks for another one."""
    opened = _opened(asked.space, variant, active)

    def tell(classes: int) -> None:
        progress("", classes)

    starts: list[tuple[State, Polytope]] | None = None
    if asked.rests:
        boot = Search(asked.quiet, opened, free=False).run(None, clock.rest(), progress=tell)
        if boot.stopped:
            return Explored(undecided=[opened.domain], classes=boot.classes, stopped=f"the boot: {boot.stopped}")
        starts = list(parts_of(boot.resting))
    return Search(asked.system, opened, asked.broken).run(starts, clock.rest(), progress=tell)


def _opened(space: Space, variant: Variant, active: frozenset[int]) -> Opened:
    """The space with only some unknowns; laws between these and others are left out, which allows more."""
    order = sorted(active)
    names = space.names

    def narrowed(term: Term) -> Term | None:
        used = {i for i, c in enumerate(term[1:]) if c}
        return (term[0], *(term[i + 1] for i in order)) if used <= active else None

    terms, missing = {}, {}
    for setting, term in variant.terms.items():
        short = narrowed(term)
        if short is None:
            missing[setting] = tuple(names[i] for i, c in enumerate(term[1:]) if c)
        else:
            terms[setting] = short
    faces = [narrowed(face) for face in (*(law.face for law in space.laws), *variant.faces)]
    box = Polytope.box([(space.unknowns[i].lo, space.unknowns[i].hi) for i in order])
    domain = box.within(f for f in faces if f is not None)
    assert domain is not None, "a domain without some unknowns is wider than with them"
    return Opened(tuple(names[i] for i in order), terms, domain, missing)


class _Lift:
    """From parts over some of the unknowns to parts over all."""

    def __init__(self, order: Sequence[int], size: int, domain: Polytope) -> None:
        self.order, self.size, self.domain = order, size, domain

    def part(self, part: Polytope) -> Polytope | None:
        return self.domain.within(self._face(face) for face in part.faces)

    def _face(self, face: Term) -> Term:
        wide = [face[0], *[0] * self.size]
        for place, index in enumerate(self.order, 1):
            wide[index + 1] = face[place]
        return tuple(wide)


# ---- telling ---------------------------------------------------------------------------------------------------------


def _region(asked: Question, found: _Found) -> Region:
    space = asked.space.narrow(found.active)
    domain = space.domain
    kept = [asked.space.unknowns.index(u) for u in space.unknowns]

    def own(part: Polytope) -> list[Term]:
        """The faces of a part that are not those of the whole space."""
        faces = [(f[0], *(f[i + 1] for i in kept)) for f in part.faces if not asked.space.domain.entails(f)]
        return [f for f in faces if not domain.entails(f)]

    with ONE_AT_A_TIME:
        wholes = wholes_of(space)
        parts = sorted(found.broken, key=lambda b: len(b.names))
        raw = [own(b.part) for b in parts]
        few = simplest(wholes, raw)
        _judge(wholes, raw, [faces for _, faces in few])
        samples = [_sample(space, wholes, raw[index]) for index, _ in few]
        open_ = [own(p) for p in found.undecided]
        left = simplest(wholes, [f for f in open_ if not wholes.covered(f, raw)]) if open_ else []
    pieces = [_evidence(asked, space, faces, parts[i], at) for (i, faces), at in zip(few, samples, strict=True)]
    return Region(
        property=asked.bound.name,
        doc=asked.bound.doc,
        kinds=asked.kinds,
        budget=asked.budget,
        unknowns=space.unknowns,
        laws=space.laws,
        pieces=tuple(pieces),
        undecided=tuple(Piece(faces, _conditions(faces, space.names)) for _, faces in left),
        reason=found.reason if left else "",
        classes=found.classes,
        idle=tuple(u.name for i, u in enumerate(asked.space.unknowns) if i not in found.active and u.follows is None),
        cluster=asked.case.name,
        heartbeat=asked.case.heartbeat,
        start=asked.case.start,
    )


def wholes_of(space: Space) -> Wholes:
    """z3's view of a space: bounds, laws, and what is a multiple of a whole second."""
    size = len(space.unknowns)
    box = Polytope.box([(u.lo, u.hi) for u in space.unknowns]).faces
    rests = [(i, u.follows.step, u.follows.extra % u.follows.step) for i, u in enumerate(space.unknowns) if u.follows]
    return Wholes(size, [*box, *(law.face for law in space.laws)], rests)


def _conditions(faces: Sequence[Term], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(condition(face, names) for face in faces)


def _judge(wholes: Wholes, raw: Sequence[Sequence[Term]], few: Sequence[Sequence[Term]]) -> None:
    """The simple form has to hold the same points as the pieces that were found."""
    for one, other, what in ((few, raw, "more"), (raw, few, "less")):
        for piece in one:
            if not wholes.covered(piece, other):
                raise EnginesDisagree(f"the simplified region holds {what} than what was found")


def _sample(space: Space, wholes: Wholes, faces: Sequence[Term]) -> dict[str, int]:
    """A point of a piece; the configuration where it lies in the piece, else moved towards it as far as each axis can."""
    here = {u.name: u.value for u in space.unknowns if u.follows is None}
    known = wholes.point(faces)
    assert known is not None, "a piece without a point was dropped before"
    found = {u.name: v for u, v in zip(space.unknowns, known, strict=True) if u.follows is None}
    for name in here:
        moved = {**found, name: here[name]}
        point = space.point(moved)
        within = all(u.lo <= v <= u.hi for u, v in zip(space.unknowns, point, strict=True))
        if within and all(at(f, point) >= 0 for f in (*(law.face for law in space.laws), *faces)):
            found = moved
    return found


def _evidence(
    asked: Question, space: Space, faces: Sequence[Term], broken: Broken, sample: Mapping[str, int]
) -> Piece:
    """The piece with its run, replayed with options of the piece."""
    system, _ = asked.at(sample)
    shown = certified(system, broken.names, broken.start, asked.broken)
    return Piece(
        tuple(faces),
        _conditions(faces, space.names),
        used_by(system, broken.names),
        dict(sample),
        shown.trace,
        tell(system, shown.trace, cast_of(asked.case), "here the claim is broken"),
        shown.by,
    )
