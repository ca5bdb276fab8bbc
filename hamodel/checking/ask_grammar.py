"""The questions one may ask, and nothing more: each has a name, a few forms, and an example.

A form is words, alternatives in parentheses, and holes in braces. Case, question marks and the articles do not count.
What fits no form is refused with the nearest ones, because a guess would be an answer to another question.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hamodel.errors import UnknownQuestion

_ARTICLES = re.compile(r"\b(?:the|a|an)\s+")
_HOLES: Mapping[str, str] = MappingProxyType({"parts": r".+?", "group": r".+?", "n": r"\d+", "fault": ""})


@dataclass(frozen=True, slots=True)
class Query:
    """One kind of question."""

    name: str
    forms: tuple[str, ...]
    example: str
    says: str


FAULTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cut": ("is cut", "are cut", "is unplugged", "are unplugged", "is pulled", "are pulled"),
        "kill": ("is killed", "are killed"),
        "power": ("loses power", "lose power", "crashes", "crash", "is switched off", "are switched off"),
        "stop": ("is stopped", "are stopped", "stops", "stop", "is shut down", "are shut down"),
        "pause": ("is paused", "are paused", "pauses", "hangs", "freezes"),
        "standby": ("goes standby",),
        "any": ("fails", "fail", "dies", "die"),
    }
)
"""What may befall a part, by the kind of fault; `any` depends on what the part is."""

QUERIES = (
    Query(
        "double-mount",
        ("double-mount", "can (disk|both nodes mount disk|disk be mounted twice)", "is double mount possible"),
        "can the disk be mounted twice?",
        "whether two nodes can mount one disk, and by which faults",
    ),
    Query(
        "split-brain",
        ("split-brain", "is split brain possible", "can (both nodes own everything|address be up twice)"),
        "is split brain possible?",
        "whether an address or a disk can be up on two nodes",
    ),
    Query(
        "worst-failover",
        ("worst-failover", "how long is (worst failover|failover)", "how long does failover take"),
        "how long is the worst failover?",
        "the exact longest time from the loss of one node until the other runs all",
    ),
    Query(
        "longest-overlap",
        (
            "longest-overlap",
            "how long is (longest overlap|overlap)",
            "how long can both nodes (own everything|have disk)",
        ),
        "how long is the longest overlap?",
        "the exact longest time for which two nodes have one resource",
    ),
    Query(
        "fastest-disaster",
        (
            "fastest-disaster",
            "(what is|how fast is) fastest disaster",
            "how soon can both nodes (own everything|have disk)",
        ),
        "what is the fastest disaster?",
        "the exact least time from the first fault until two nodes have one resource",
    ),
    Query(
        "unsafe-options",
        ("unsafe-options", "(which|what) options are unsafe"),
        "which options are unsafe?",
        "the lines that can cost data or an outage",
    ),
    Query(
        "unused-options",
        ("unused-options", "(which|what) options (have no effect|are unused)"),
        "which options have no effect?",
        "the lines that change nothing",
    ),
    Query(
        "survives",
        ("survives {n} (fault|faults)", "does it survive {n} (fault|faults)"),
        "does it survive 1 fault?",
        "whether data and service survive so many faults of any kind",
    ),
    Query(
        "what-if",
        ("what if {parts} {fault}", "what happens (if|when|after) {parts} {fault}"),
        "what if eth1 is cut?",
        "where every group ends after these faults and no others, without any repair",
    ),
    Query(
        "what-moves",
        ("what moves (if|when|after) {parts} {fault}",),
        "what moves when node1 loses power?",
        "the groups that are elsewhere at the end",
    ),
    Query(
        "who-owns",
        ("who (owns|runs|has|serves) {group} (if|when|after) {parts} {fault}",),
        "who owns 192.168.60.200 after node1 is killed?",
        "the same for one group: name its address, disk, script or preferred node",
    ),
    Query(
        "fencing",
        ("fencing", "is (fencing|stonith) needed", "do we need (fencing|stonith)"),
        "is fencing needed?",
        "whether two nodes can have one resource where nothing resets them",
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood."""

    text: str
    query: str
    parts: tuple[str, ...] = ()
    fault: str = ""
    group: str = ""
    number: int = 1


def understand(text: str) -> Asked:
    """The query and its holes. Raises UnknownQuestion with the nearest forms."""
    plain = _plain(text)
    for query in QUERIES:
        for form in query.forms:
            found = _pattern(form).fullmatch(plain)
            if found is not None:
                return _asked(text, query, found.groupdict())
    near = difflib.get_close_matches(plain, _spelled(), n=3, cutoff=0.4)
    help = "; ".join(dict.fromkeys(near)) or "; ".join(query.example for query in QUERIES[:3])
    raise UnknownQuestion(
        f"no question I know reads `{' '.join(text.split())}`",
        seen=["faults: " + ", ".join(words[0] for words in FAULTS.values())] if plain.startswith("what if") else (),
        help=f"nearest: {help}; hamodel ask --list shows all",
    )


def _plain(text: str) -> str:
    return _ARTICLES.sub("", " ".join(text.replace("?", " ").split()).lower()).strip(" .!")


def _pattern(form: str) -> re.Pattern[str]:
    text = _ARTICLES.sub("", form)
    text = re.sub(r"\(([^()]*)\)", r"(?:\1)", text)
    faults = "|".join(sorted((re.escape(w) for words in FAULTS.values() for w in words), key=len, reverse=True))
    for hole, pattern in _HOLES.items():
        text = text.replace("{" + hole + "}", f"(?P<{hole}>{pattern or faults})")
    return re.compile(text)


def _spelled() -> list[str]:
    """Every form and example, as one would type it."""
    return [word for query in QUERIES for word in (*query.forms, _plain(query.example))]


def _asked(text: str, query: Query, holes: Mapping[str, str | None]) -> Asked:
    said = holes.get("fault") or ""
    fault = next((kind for kind, words in FAULTS.items() if said in words), "")
    return Asked(
        " ".join(text.split()), query.name, _parts(holes.get("parts") or ""), fault, holes.get("group") or "",
        int(holes.get("n") or 1),
    )  # fmt: skip


def _parts(text: str) -> tuple[str, ...]:
    """`eth0 and eth1`, `node1, node2`; `eth0 between node1 and node2` is one."""
    guarded = re.sub(r"\bbetween (\S+) and (\S+)", r"between \1&\2", text)
    return tuple(part.replace("&", " and ") for part in re.split(r"\s*,\s*|\s+and\s+", guarded) if part.strip())
