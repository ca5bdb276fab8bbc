"""A region as text for 80 columns: the conditions, where the configuration lies, and what would change the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from hamodel.ir.linear import condition
from hamodel.ir.region import Atlas, Margin, Piece, Region, Safety, Unknown
from hamodel.ir.report import StoryLine
from hamodel.renderers.language import Say, english
from hamodel.renderers.plain import folded
from hamodel.renderers.region_map import terminal_map
from hamodel.renderers.words import count, seconds, whose

MAPS = 3
"""So many maps at most."""
STORY = 5
"""Sentences of a story told in one go: what befalls the cluster, and how it ends."""


@dataclass(frozen=True, slots=True)
class _Page:
    """How wide a line may be, and in which language it is."""

    width: int
    say: Say

    def lines(self, text: str) -> list[str]:
        return folded(self.say(text), self.width, 0)

    def hung(self, first: str, text: str, indent: int | None = None) -> list[str]:
        """The text behind its beginning; later lines begin below the text, or `indent` columns from the left."""
        head = first.replace(first.strip(), self.say(first.strip())) if first.strip() else first
        rest = min(cell_len(head), 12) if indent is None else indent
        return folded(head + self.say(text), self.width, rest) if text.strip() else [head.rstrip()]


def render(atlas: Atlas, width: int = 80, say: Say = english) -> str:
    """The whole answer, with a line feed at its end."""
    page = _Page(width, say)
    lines = [*_head(atlas, page), "", *_unknowns(atlas, page), ""]
    safe = [r for r in atlas.regions if not r.pieces and r.complete]
    for region in (r for r in atlas.regions if r not in safe):
        lines += [*_region(region, page), ""]
    if safe:
        lines += [*_safe(safe, page), ""]
    here = list(_here(atlas, page))
    lines += [*here, ""] if here else []
    for title, shown in _maps(atlas):
        picture = terminal_map(shown, width, say)
        lines += [*([say(title)] if title else []), *picture, *([""] if picture else [])]
    return "\n".join([*lines, *_evidence(atlas, page)]) + "\n"


def _maps(atlas: Atlas) -> Iterator[tuple[str, Atlas]]:
    """The map of all regions together; where that is of one colour, those of single slices that are not, or none."""
    parts = [r for r in atlas.regions if any(p.conditions for p in (*r.pieces, *r.undecided))]
    always = any(not p.conditions for r in atlas.regions for p in (*r.pieces, *r.undecided))
    if parts and not always:
        yield "", atlas
        return
    for region in parts[:MAPS]:
        yield f"for {_who(region)} alone:", replace(atlas, regions=(region,))


def _head(atlas: Atlas, page: _Page) -> Iterator[str]:
    yield from folded(f"{atlas.claim}{page.say(': ')}{page.say(atlas.doc)}", page.width, 0)
    begin = "from power-on" if atlas.start == "boot" else "from a cluster at rest"
    nodes = f"{' and '.join(atlas.nodes)}, " if atlas.nodes else ""
    who = whose(f"{atlas.cluster}: {nodes}Heartbeat {atlas.heartbeat}, {begin}", page.say)
    yield from folded(who, page.width, 0)
    if len(atlas.regions) > 1:
        most = max(r.budget for r in atlas.regions)
        often = "once" if most == 1 else f"at most {most} times"
        yield from page.lines(f"each kind of fault or command comes alone, {often}")


def _unknowns(atlas: Atlas, page: _Page) -> Iterator[str]:
    wide = max(len(u.name) for u in atlas.unknowns)
    for u in atlas.unknowns:
        yield from page.hung(f"  {u.name:{wide}}  ", _bounds(u))
    names = [u.name for u in atlas.unknowns]
    for law in atlas.laws:
        if "follows" not in law.why:
            yield from page.hung("  only ", f"{condition(law.face, names)}: {law.why}")


def _bounds(u: Unknown) -> str:
    if u.follows is None:
        now = seconds(u.value) + ("" if u.lo <= u.value <= u.hi else ", which is outside")
        return f"{seconds(u.lo)} to {seconds(u.hi)}, now {now}"
    f = u.follows
    more = f"{f.source} + {seconds(f.add)}" if f.add else f.source
    extra = f", + {seconds(f.extra)}" if f.extra else ""
    return f"{more} rounded up to whole seconds{extra}; now {seconds(u.value)}"


def _region(region: Region, page: _Page) -> Iterator[str]:
    for piece in region.pieces:
        yield from page.hung(f"{_who(region)}  ", f"unsafe {_where(piece)}")
        yield from page.hung("    ", brief(piece.story, page.say))
    for piece in region.undecided:
        yield from page.hung(f"{_who(region)}  ", f"not decided {_where(piece)}: {region.reason}")
    rest = "all else is safe: every run was explored"
    if region.pieces and any(p.conditions for p in region.pieces) and region.complete:
        yield from page.hung("    ", rest)
    here = region.safety({})
    if here is not None:
        yield from page.hung("    ", f"your configuration: {here.value}; {_moves(region, here)}")


def _who(region: Region) -> str:
    many = "" if region.budget < 2 else f" (at most {region.budget} in all)"
    return " and ".join(region.kinds) + many if region.kinds else "no fault"


def _where(piece: Piece) -> str:
    return "where " + " and ".join(piece.conditions) if piece.conditions else "whatever they are"


def brief(story: Sequence[StoryLine], say: Say = english) -> str:
    """A story in one breath: every cause, and the last sentences."""
    told = [s for s in story if s.cause]
    last = [s for s in story if not s.cause][-3:]
    kept = [s for s in story if s in told or s in last][-STORY - len(told) :]
    return say("; ").join(f"{_at(s)}{s.node + ' ' if s.node else ''}{say(s.text)}" for s in kept)


def _at(line: StoryLine) -> str:
    return f"{seconds(line.at)}: " if line.at is not None and line.at > 0 else ""


def _moves(region: Region | Atlas, here: Safety) -> str:
    """Which single change would give another answer, and by how much."""
    if here is Safety.UNDECIDED:
        return "more time or more classes may decide it"
    to = "unsafe" if here is Safety.SAFE else "safe"
    now = region.configuration
    ways = [_move(name, margin, now[name]) for name, margin in region.margin().items()]
    told = [w for w in ways if w]
    if told:
        return f"{to} with " + ", or with ".join(told)
    return f"no other value of {' or of '.join(now)} alone, within these bounds, makes it {to}"


def _move(name: str, margin: Margin, now: int) -> str:
    parts = []
    if margin.below is not None:
        parts.append(f"{name} {seconds(margin.below)} ({seconds(now - margin.below)} less)")
    if margin.above is not None:
        parts.append(f"{name} {seconds(margin.above)} ({seconds(margin.above - now)} more)")
    return " or ".join(parts)


def _safe(regions: Sequence[Region], page: _Page) -> Iterator[str]:
    yield from page.hung("safe, whatever they are: ", ", ".join(_who(r) for r in regions), 4)
    yield f"    {page.say('every run was explored, for all of these values')}"


def _here(atlas: Atlas, page: _Page) -> Iterator[str]:
    here = atlas.safety({})
    values = ", ".join(f"{name} {seconds(v)}" for name, v in atlas.configuration.items())
    if atlas.interrupted:
        yield page.say("interrupted: what is not told here was not explored")
    if not atlas.regions:
        return
    if here is None:
        yield from page.lines(f"the configuration ({values}) lies outside of these bounds")
    elif len(atlas.regions) > 1:
        yield from page.lines(f"in all, {values}: {here.value}; {_moves(atlas, here)}")


def _evidence(atlas: Atlas, page: _Page) -> Iterator[str]:
    pieces = [p for r in atlas.regions for p in r.pieces]
    classes = sum(r.classes for r in atlas.regions)
    parts = [
        f"{count(classes)} class{'es' if classes != 1 else ''} of runs for all values at once, {atlas.seconds:.1f} s"
    ]
    if pieces:
        by = sorted({by for p in pieces for by in p.certified})
        parts.append(f"{count(len(pieces))} run{'s' if len(pieces) != 1 else ''} shown, {', '.join(by)}")
    parts.append(f"{count(sum(r.checked for r in atlas.regions))} points at the borders agree with the compiled engine")
    yield from folded(page.say("; ").join(map(page.say, parts)), page.width, 0)
