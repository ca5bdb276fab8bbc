"""What counts in the files of a cluster: two writings of one configuration give the same text.

Comments, blanks, the order of keys in `spec.toml`, titles and stories do not count; the release, every value that a
node believes and whether somebody wrote it down do, and so does everything else a spec says. Where things stand does
not count either, but the places are listed in the order in which they were met: the places of two writings of one
configuration correspond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum

from hamodel.config.spec import Spec
from hamodel.source import Span

SAYS_NOTHING = ("name", "title", "story", "path", "about", "expect", "cluster")
"""The fields of a spec that no run depends on; of its cluster only the release and what each node believes counts."""


@dataclass(slots=True)
class Effective:
    """The text, in pieces, and the places behind it."""

    pieces: list[str] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that counts."""
        return "".join(self.pieces)

    def add(self, value: object) -> None:
        """One value and all it consists of."""
        if isinstance(value, Span):
            self.places.append(value)
            self.pieces.append("@")
        elif isinstance(value, Enum):
            self.pieces.append(f"{value.name};")
        elif value is None or isinstance(value, str | int | float):
            self.pieces.append(f"{value!r};")
        elif isinstance(value, Mapping):
            self._listed([part for pair in value.items() for part in pair])
        elif isinstance(value, Sequence):
            self._listed(value)
        elif isinstance(value, frozenset | set):
            self._listed(sorted(value, key=repr))
        elif is_dataclass(value):
            self._parts(value)
        else:
            raise TypeError(f"nobody knows what counts in {value!r}")

    def _listed(self, values: Sequence[object]) -> None:
        self.pieces.append(f"{len(values)}[")
        for value in values:
            self.add(value)

    def _parts(self, value: object, without: Sequence[str] = ()) -> None:
        """What takes no part in comparisons does not count, but for the places."""
        self.pieces.append(f"{type(value).__name__}(")
        for part in fields(value):  # type: ignore[arg-type]  # the callers have looked: a dataclass
            inner = getattr(value, part.name)
            if part.name not in without and (part.compare or isinstance(inner, Span)):
                self.pieces.append(f"{part.name}=")
                self.add(inner)


def effective(spec: Spec) -> Effective:
    """What counts in a spec."""
    found = Effective()
    found.add(spec.cluster.version)
    found.add(spec.cluster.nodes)
    found.add(spec.cluster.per_node)
    found._parts(spec, SAYS_NOTHING)
    return found
