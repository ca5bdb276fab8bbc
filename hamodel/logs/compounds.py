"""One event of the model, several lines of the log: the table that the script and daemon files fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hamodel.errors import ModelError
from hamodel.logs.journal import Journal

Fields = Mapping[str, str]
Run = Callable[[Journal, int, Fields], None]


@dataclass(frozen=True, slots=True)
class Compound:
    """An event that is written as a sequence; `needs` and `may` are its fields, `about` says what it stands for."""

    name: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    about: str
    run: Run

    def __call__(self, journal: Journal, at: int, fields: Fields) -> None:
        missing = [name for name in self.needs if name not in fields]
        if missing:
            raise ModelError(f"the log event {self.name} needs {', '.join(missing)}", help=self.about)
        self.run(journal, at, fields)


COMPOUNDS: dict[str, Compound] = {}


def compound(name: str, needs: str = "", may: str = "") -> Callable[[Run], Run]:
    """Enter a function under the name by which rules log its event."""

    def keep(run: Run) -> Run:
        about = (run.__doc__ or "").strip().splitlines()[0]
        COMPOUNDS[name] = Compound(name, tuple(needs.split()), tuple(may.split()), about, run)
        return run

    return keep
