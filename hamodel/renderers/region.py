"""A region as text for 80 columns: the conditions, where the configuration lies, and what would change the answer."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hamodel.ir.linear import condition
from hamodel.ir.region import Atlas, Margin, Piece, Region, Safety, Unknown
from hamodel.ir.report import StoryLine
from hamodel.renderers.region_map import terminal_map
from hamodel.renderers.words import count, seconds

MAPS = 3
"""So many maps at most."""
STORY = 5
"""Sentences of a story told in one go: what befalls the cluster, and how it ends."""


def render(atlas: Atlas, width: int = 80) -> str:
    """The whole answer, with a line feed at its end."""
    lines = [*_head(atlas, width), "", *_unknowns(atlas, width), ""]
    safe = [r for r in atlas.regions if not r.pieces and r.complete]
    for region in (r for r in atlas.regions if r not in safe):
        lines += [*_region(region, width), ""]
    if safe:
        lines += [*_safe(safe, width), ""]
    here = list(_here(atlas, width))
    lines += [*here, ""] if here else []
    for title, shown in _maps(atlas):
        picture = terminal_map(shown, width)
        lines += [*([title] if title else []), *picture, *([""] if picture else [])]
    return "\n".join([*lines, *_evidence(atlas, width)]) + "\n"


def _maps(atlas: Atlas) -> Iterator[tuple[str, Atlas]]:
    """The map of all regions together; where that is of one colour, those of single slices that are not, or none."""
    parts = [r for r in atlas.regions if any(p.conditions for p in (*r.pieces, *r.undecided))]
    always = any(not p.conditions for r in atlas.regions for p in (*r.pieces, *r.undecided))
    if parts and not always:
        yield "", atlas
        return
    for region in parts[:MAPS]:
        yield f"for {_who(region)} alone:", replace(atlas, regions=(region,))


def _head(atlas: Atlas, width: int) -> Iterator[str]:
    yield from textwrap.wrap(f"{atlas.claim}: {atlas.doc}", width)
    begin = "from power-on" if atlas.start == "boot" else "from a cluster at rest"
    nodes = f"{' and '.join(atlas.nodes)}, " if atlas.nodes else ""
    yield from textwrap.wrap(f"{atlas.cluster}: {nodes}Heartbeat {atlas.heartbeat}, {begin}", width)
    if len(atlas.regions) > 1:
        most = max(r.budget for r in atlas.regions)
        often = "once" if most == 1 else f"at most {most} times"
        yield from textwrap.wrap(f"each kind of fault or command comes alone, {often}", width)


def _unknowns(atlas: Atlas, width: int) -> Iterator[str]:
    wide = max(len(u.name) for u in atlas.unknowns)
    for u in atlas.unknowns:
        yield from _wrapped(f"  {u.name:{wide}}  ", _bounds(u), width)
    names = [u.name for u in atlas.unknowns]
    for law in atlas.laws:
        if "follows" not in law.why:
            yield from _wrapped("  only ", f"{condition(law.face, names)}: {law.why}", width)


def _bounds(u: Unknown) -> str:
    if u.follows is None:
        now = seconds(u.value) + ("" if u.lo <= u.value <= u.hi else ", which is outside")
        return f"{seconds(u.lo)} to {seconds(u.hi)}, now {now}"
    f = u.follows
    more = f"{f.source} + {seconds(f.add)}" if f.add else f.source
    extra = f", + {seconds(f.extra)}" if f.extra else ""
    return f"{more} rounded up to whole seconds{extra}; now {seconds(u.value)}"


def _region(region: Region, width: int) -> Iterator[str]:
    for piece in region.pieces:
        yield from _wrapped(f"{_who(region)}  ", f"unsafe {_where(piece)}", width)
        yield from _wrapped("    ", brief(piece.story), width)
    for piece in region.undecided:
        yield from _wrapped(f"{_who(region)}  ", f"not decided {_where(piece)}: {region.reason}", width)
    rest = "all else is safe: every run was explored"
    if region.pieces and any(p.conditions for p in region.pieces) and region.complete:
        yield from _wrapped("    ", rest, width)
    here = region.safety({})
    if here is not None:
        yield from _wrapped("    ", f"your configuration: {here.value}; {_moves(region, here)}", width)


def _who(region: Region) -> str:
    many = "" if region.budget < 2 else f" (at most {region.budget} in all)"
    return " and ".join(region.kinds) + many if region.kinds else "no fault"


def _where(piece: Piece) -> str:
    return "where " + " and ".join(piece.conditions) if piece.conditions else "whatever they are"


def brief(story: Sequence[StoryLine]) -> str:
    """A story in one breath: every cause, and the last sentences."""
    told = [s for s in story if s.cause]
    last = [s for s in story if not s.cause][-3:]
    kept = [s for s in story if s in told or s in last][-STORY - len(told) :]
    return "; ".join(f"{_at(s)}{s.node + ' ' if s.node else ''}{s.text}" for s in kept)


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


def _safe(regions: Sequence[Region], width: int) -> Iterator[str]:
    yield from _wrapped("safe, whatever they are: ", ", ".join(_who(r) for r in regions), width, 4)
    yield "    every run was explored, for all of these values"


def _here(atlas: Atlas, width: int) -> Iterator[str]:
    here = atlas.safety({})
    values = ", ".join(f"{name} {seconds(v)}" for name, v in atlas.configuration.items())
    if atlas.interrupted:
        yield "interrupted: what is not told here was not explored"
    if not atlas.regions:
        return
    if here is None:
        yield from textwrap.wrap(f"the configuration ({values}) lies outside of these bounds", width)
    elif len(atlas.regions) > 1:
        yield from textwrap.wrap(f"in all, {values}: {here.value}; {_moves(atlas, here)}", width)


def _evidence(atlas: Atlas, width: int) -> Iterator[str]:
    pieces = [p for r in atlas.regions for p in r.pieces]
    classes = sum(r.classes for r in atlas.regions)
    text = f"{count(classes)} classes of runs for all values at once, {atlas.seconds:.1f} s; "
    if pieces:
        by = sorted({by for p in pieces for by in p.certified})
        text += f"{count(len(pieces))} run{'s' if len(pieces) != 1 else ''} shown, {', '.join(by)}; "
    text += f"{count(sum(r.checked for r in atlas.regions))} points at the borders agree with the compiled engine"
    yield from textwrap.wrap(text, width)


def _wrapped(first: str, text: str, width: int, indent: int | None = None) -> list[str]:
    rest = " " * (min(len(first), 12) if indent is None else indent)
    return textwrap.wrap(first + text, width, subsequent_indent=rest, drop_whitespace=True) or [first.rstrip()]
