"""What an export is and where it comes from: the comment at its top."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from hamodel.ir.property import Property

WIDTH = 96


@dataclass(frozen=True, slots=True)
class About:
    """`name` of the cluster; `origin` says, line by line, from which configuration and scenario the model comes."""

    name: str
    origin: tuple[str, ...] = ()

    def lines(self, what: str, prop: Property | None, run: Iterable[str]) -> list[str]:
        """The comment without its signs: what it is, the origin, the question, how to run it."""
        out = [*_wrapped(f"{self.name}: {what}"), "written by hamodel export", *self.origin]
        if prop is not None:
            out += ["", *_wrapped(f"property {prop.name} ({prop.kind.value}): {prop.doc.strip()}")]
        return [*out, "", *run]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH)
