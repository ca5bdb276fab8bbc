"""Names of the model as identifiers, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

LONGEST = 60
"""Characters of an identifier; Spin cuts what is longer than 64."""


class Names:
    """A one-to-one map from names to identifiers of letters, digits and underscores.

    `running[arrival[0]]` is `running_arrival_0`; where two names would be the same identifier, or one is a word of the
    language, a number makes the difference. The order of the names decides which one, so the same system gets the same
    identifiers.
    """

    def __init__(self, names: Iterable[str], reserved: Iterable[str] = (), prefix: str = "") -> None:
        self._of: dict[str, str] = {}
        self._back: dict[str, str] = {}
        taken = {word.lower() for word in reserved}
        for name in names:
            if name in self._of:
                continue
            base = _legal(prefix + name)
            identifier, number = base, 1
            while identifier.lower() in taken:
                number += 1
                identifier = f"{base}_{number}"
            taken.add(identifier.lower())
            self._of[name], self._back[identifier] = identifier, name

    def __getitem__(self, name: str) -> str:
        return self._of[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def items(self) -> Iterator[tuple[str, str]]:
        """Names with their identifiers."""
        return iter(self._of.items())

    def original(self, identifier: str) -> str:
        """The name an identifier stands for. Raises KeyError for an identifier nobody gave."""
        return self._back[identifier]

    def table(self) -> Mapping[str, str]:
        """Identifier to name."""
        return dict(self._back)


def _legal(name: str) -> str:
    text = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[: LONGEST - 4].rstrip("_")
    return text if text[:1].isalpha() else f"n_{text}".rstrip("_")
