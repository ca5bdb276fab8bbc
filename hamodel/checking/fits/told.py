"""The answers of the search in the words and values of an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from hamodel.checking.fits.chain import Link
from hamodel.checking.fits.result import Fit, How, Kinds, LogLine, Near, Prefix
from hamodel.checking.fits.search import since_epoch
from hamodel.checking.fits.subject import Subject
from hamodel.incident import report as told
from hamodel.ir.verdict import Limits

GIVEN_UP = "not all sets of faults could be tried"
AS_TOLD: Mapping[How | None, str] = MappingProxyType(
    {How.INFERRED: ": what the lines themselves tell", How.ONE_MORE: ": what the lines themselves tell, and one more"}
)
BROKEN = "each by itself, but no run was found that writes them all"


def episode_of(link: Link, near: Sequence[Near]) -> told.Episode:
    """One episode; `near` is what would explain it."""
    first, last = link.episode.ends
    found = link.found
    line = _first(found)
    return told.Episode(
        link.episode.first,
        link.episode.last + 999,
        _proof(first),
        _proof(last),
        found.landmarks,
        found.fits,
        link.follows,
        faults_of(found),
        None if line is None else _proof(line),
        "" if line is None else line.entry.text,
        "" if found.fits else _because(found),
        tuple(_reached(prefix) for prefix in found.breaks),
        tuple(told.Nearest(n.kind, n.text, n.kinds) for n in near),
        "" if found.how is None else found.how.value,
    )


def answered(
    explanation: told.Explanation,
    subject: Subject,
    links: Sequence[Link],
    parts: Sequence[told.Episode],
    limits: Limits,
) -> told.Fit:
    """The answer for the whole log."""
    fits = _whole(parts)
    broken = next((part for part in parts if part.breaks_at is not None), None)
    near = [each for part in parts for each in part.nearest]
    marks = sum(part.landmarks for part in parts)
    slack = max(link.found.slack for link in links)
    return told.Fit(
        fits,
        None if broken is None else broken.breaks_at,
        "" if broken is None else broken.breaks_text,
        tuple(f"{n.text}; faults: {named(n.faults)}" for n in near),
        ("" if fits else _changed(explanation)) + _reason(fits, parts, links, marks, slack, limits),
        _story(explanation, subject, links),
        parts[0].faults if len(parts) == 1 else (),
        searched={"classes": sum(link.found.classes for link in links), "landmarks": marks, "slack_ms": slack},
        episodes=tuple(parts),
    )


def _whole(parts: Sequence[told.Episode]) -> bool | None:
    if any(part.fits is False for part in parts):
        return False
    return True if all(part.fits and part.follows for part in parts) else None


def _reason(
    fits: bool | None, parts: Sequence[told.Episode], links: Sequence[Link], marks: int, slack: int, limits: Limits
) -> str:
    words = f"{marks} landmark lines, each within {slack / 1000:g} s"
    if len(parts) > 1:
        answers = [part.fits for part in parts]
        counted = [(answers.count(True), "fit"), (answers.count(False), "do not"), (answers.count(None), "undecided")]
        texts = [f"{number} {word}" for number, word in counted if number]
        apart = f"; {BROKEN}" if fits is None and all(answers) else ""
        return f"{words}; {len(parts)} episodes: {', '.join(texts)}{apart}"
    reason = _because(links[0].found)
    if reason == GIVEN_UP and limits.seconds is not None:
        reason = f"within {limits.seconds:g} s {GIVEN_UP}"
    return words if fits else reason or words


def _because(found: Fit) -> str:
    """Why nothing is known. The time of one search among many says nothing to a reader."""
    return GIVEN_UP if found.reason.startswith("the limit of") and "second" in found.reason else found.reason


def _changed(explanation: told.Explanation) -> str:
    """Why the files need not fit, where the lines name a group that they do not have."""
    groups = [f"`{each.log_says}` on {each.node}" for each in explanation.differs if each.option == "haresources"]
    return f"the lines have a group that is not in haresources, {' and '.join(groups)}; " if groups else ""


def named(kinds: Sequence[str]) -> str:
    """A set of faults in words."""
    return " and ".join(kinds) or "none"


def faults_of(found: Fit) -> tuple[str, ...]:
    """The smallest sets of faults, and what else the run needs."""
    sets: list[Kinds] = list(found.kinds)
    others = [f"or {named(each)}: the lines are the same" for each in sets[1:]]
    late = (f"{each}: ipfail asks later than the model has it" for each in found.allowed)
    return (*(f"{named(kinds)}{AS_TOLD.get(found.how, '')}" for kinds in sets[:1]), *others, *late)


def _reached(prefix: Prefix) -> told.Reached:
    places, texts = tuple(map(_proof, prefix.at)), tuple(line.entry.text for line in prefix.at)
    return told.Reached(prefix.written, prefix.of, prefix.kinds, places, texts)


def _first(found: Fit) -> LogLine | None:
    prefix = next(iter(found.breaks), None)
    return prefix.at[0] if prefix is not None and prefix.at else None


def _proof(line: LogLine) -> told.Proof:
    return told.Proof(line.source, line.number)


def _story(explanation: told.Explanation, subject: Subject, links: Iterable[Link]) -> tuple[told.Told, ...]:
    """Faults, commands and repairs of the runs, each at the earliest time at which the lines then come as they did."""
    actions = {a.name: a for a in subject.system.actions}
    middle = {clock.node: clock.middle for clock in explanation.clocks}
    story = []
    for found in (link.found for link in links):
        if found.begin is None:
            continue
        first = since_epoch(found.begin)
        for at, name in found.events:
            node = next((n for n in subject.nodes if f"[{n}" in name), subject.nodes[0])
            text = actions[name].text or name
            at_node = first + at + middle.get(node, 0)
            story.append(told.Told(first + at, node, at_node, f"{text} (in the model's run)"))
    return tuple(sorted((*explanation.story, *story), key=lambda each: each.at)) if story else ()
