"""Options as unknowns: the exact region in which a claim holds, with a replayed run for every piece outside of it.

The search (`engines.regions`) explores every run for all options at once. z3, which knows nothing of its geometry,
brings the pieces into their simplest form and judges that nothing was lost; and at the borders, a millisecond to either
side, the compiled engine has to give the answers of the region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hamodel.checking.borders import compare
from hamodel.checking.case import Case
from hamodel.checking.claims import Claim, Question
from hamodel.checking.evidence import ONE_AT_A_TIME, certified
from hamodel.checking.examine import cast_of, silent, version
from hamodel.checking.faultsets import used_by
from hamodel.checking.hunt import hunt
from hamodel.checking.search import Clock, Progress, Searcher, searcher
from hamodel.checking.unknowns import Space, Variant
from hamodel.engines._lower.unknowns import Wanted
from hamodel.engines._lower.wholes import Wholes, simplest
from hamodel.engines.regions import Broken, Explored, Opened, Search, parts_of
from hamodel.errors import EnginesDisagree
from hamodel.ir.linear import Term, at, condition
from hamodel.ir.polytope import Polytope
from hamodel.ir.region import Atlas, Piece, Region
from hamodel.ir.state import State
from hamodel.ir.verdict import Limits
from hamodel.properties.words import Definition
from hamodel.renderers.story import tell

MOST_PARTS = 40
"""Undecided parts that are told one by one; more are told as one."""
POINTS = 24
"""At most so many points at the borders are checked with the compiled engine."""


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
    asked = Claim.of(case, space, definition).question(kinds, budget)
    return answer(asked, limits, points=points, engine=engine, progress=progress)


def answer(
    asked: Question,
    limits: Limits | None = None,
    *,
    points: int = POINTS,
    engine: Searcher | str | None = None,
    progress: Progress = silent,
) -> Region:
    """The region of one question."""
    clock = Clock.start(limits or Limits())
    progress(" and ".join(asked.kinds) or "no fault", 0)
    search = engine if engine is not None and not isinstance(engine, str) else searcher(engine)
    found = _region(asked, _explored(asked, search, clock, progress))
    if points:
        found = replace(found, checked=compare(asked, found, search, points, clock))
    return replace(found, seconds=round(clock.elapsed, 3))


def atlas(
    claim: Claim,
    slices: Sequence[tuple[Sequence[str] | None, int | None]],
    limits: Limits | None = None,
    *,
    points: int = POINTS,
    progress: Progress = silent,
) -> Atlas:
    """The regions of several slices; Ctrl-C leaves out those that are not answered yet."""
    clock = Clock.start(limits or Limits())
    engine = searcher()
    regions: list[Region] = []
    interrupted = False
    try:
        for kinds, budget in slices:
            asked = claim.question(kinds, budget)
            regions.append(answer(asked, clock.rest(), points=points, engine=engine, progress=progress))
    except KeyboardInterrupt:
        interrupted = True
    used = {u.name for r in regions for u in r.unknowns}
    space = claim.space.narrow([i for i, u in enumerate(claim.space.unknowns) if u.name in used])
    return Atlas(
        claim.bound.name, claim.bound.doc, space.unknowns, space.telling, tuple(regions), interrupted,
        claim.case.name, claim.case.heartbeat, claim.case.start, tuple(n.name for n in claim.case.layout.nodes),
        round(clock.elapsed, 3), version(),
    )  # fmt: skip


# ---- exploring -------------------------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What all variants together have shown, over all unknowns."""

    broken: list[Broken]
    undecided: list[Polytope]
    reason: str = ""
    classes: int = 0
    active: frozenset[int] = frozenset()


def _explored(asked: Question, engine: Searcher, clock: Clock, progress: Progress) -> _Found:
    whole = _Found([], [])
    for variant in asked.space.variants:
        domain = asked.space.domain.within(variant.faces)
        if domain is None:
            continue
        active: frozenset[int] = frozenset()
        while True:
            try:
                found = _variant(asked, variant, active, engine, clock, progress)
                break
            except Wanted as wanted:
                active |= {asked.space.names.index(name) for name in wanted.names}
        lift = _Lift(sorted(active), len(asked.space.unknowns), domain)
        for each in found.broken:
            part = lift.part(each.part)
            if part is not None:
                whole.broken.append(Broken(part, each.names, each.start))
        whole.undecided += [p for p in map(lift.part, found.undecided) if p is not None]
        whole.reason = whole.reason or found.stopped or found.limit
        whole.classes += found.classes
        whole.active |= active
        if "interrupted" in found.stopped:
            raise KeyboardInterrupt
    return whole


def _variant(
    asked: Question, variant: Variant, active: frozenset[int], engine: Searcher, clock: Clock, progress: Progress
) -> Explored:
    """One exploration in which only these unknowns are in play; raises `Wanted` where a rule asks for another one."""
    opened = _opened(asked.space, variant, active)

    def tell(classes: int) -> None:
        progress("", classes)

    starts: list[tuple[State, Polytope]] | None = None
    if asked.rests:
        boot = Search(asked.quiet, opened, free=False).run(None, clock.rest(), progress=tell)
        if boot.undecided:
            why = f"the boot: {boot.stopped or boot.limit}"
            return Explored(undecided=[opened.domain], classes=boot.classes, stopped=why)
        starts = list(parts_of(boot.resting))
    known = hunt(asked, opened, starts, engine, clock)
    found = Search(asked.system, opened, asked.broken).run(starts, clock.rest(), known, tell)
    if starts is not None:
        restless = [opened.domain]
        for _, part in starts:
            restless = [rest for one in restless for rest in one.without(part)]
        if restless:
            found.undecided += restless
            found.limit = found.limit or "without any fault the cluster never comes to rest after its boot"
    return found


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
        few = [(_shown(space, raw, index, faces), faces) for index, faces in simplest(wholes, raw)]
        _judge(wholes, raw, [faces for _, faces in few])
        samples = [_sample(space, wholes, raw[index]) for index, _ in few]
        open_ = [own(p) for p in together(found.undecided, asked.space.domain)]
        left = simplest(wholes, [f for f in open_ if not wholes.covered(f, raw)]) if open_ else []
    pieces = [_evidence(asked, space, faces, parts[i], at) for (i, faces), at in zip(few, samples, strict=True)]
    return Region(
        claim=asked.claim.bound.name,
        doc=asked.claim.bound.doc,
        kinds=asked.kinds,
        budget=asked.budget,
        unknowns=space.unknowns,
        laws=space.laws,
        pieces=tuple(pieces),
        undecided=tuple(Piece(faces, _conditions(faces, space.names)) for _, faces in left),
        reason=found.reason if left else "",
        classes=found.classes,
        idle=tuple(u.name for i, u in enumerate(asked.space.unknowns) if i not in found.active and u.follows is None),
    )


def _shown(space: Space, raw: Sequence[Sequence[Term]], grown: int, faces: Sequence[Term]) -> int:
    """The piece whose run is shown for a simplified one: one that holds the configuration, else that it grew from."""
    here = space.point({u.name: u.value for u in space.unknowns if u.follows is None})
    if all(at(f, here) >= 0 for f in faces):
        return next((i for i, own in enumerate(raw) if all(at(f, here) >= 0 for f in own)), grown)
    return grown


def together(parts: Sequence[Polytope], domain: Polytope) -> list[Polytope]:
    """Parts that hold all of these; where that would be many, the whole domain, which is less exact and never wrong."""
    kept: list[Polytope] = []
    for part in dict.fromkeys(parts):
        if not part.covered_by(kept):
            kept = [*(k for k in kept if not k.covered_by([part])), part]
        if len(kept) > MOST_PARTS:
            return [domain]
    return kept


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
    """A point of a piece: the configuration where it lies in it, else moved towards it, one axis after the other."""
    here = {u.name: u.value for u in space.unknowns if u.follows is None}
    known = wholes.point(faces)
    assert known is not None, "a piece without a point was dropped before"
    found = {u.name: v for u, v in zip(space.unknowns, known, strict=True) if u.follows is None}
    for moves in (here, *({name: value} for name, value in (*here.items(), *here.items()))):
        moved = {**found, **moves}
        point = space.point(moved)
        within = all(u.lo <= v <= u.hi for u, v in zip(space.unknowns, point, strict=True))
        if within and all(at(f, point) >= 0 for f in (*(law.face for law in space.laws), *faces)):
            found = moved
    return found


def _evidence(asked: Question, space: Space, faces: Sequence[Term], broken: Broken, sample: Mapping[str, int]) -> Piece:
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
