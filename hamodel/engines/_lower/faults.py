"""What can go wrong inside a macro step, by number: lowered code sets the number, Python says what it means."""

from __future__ import annotations

from hamodel.errors import EngineLimit, HamodelError, ModelError


class Errors:
    """Numbers from 1 on; the same message has the same number."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[HamodelError], str], int] = {}

    def wrong(self, message: str) -> int:
        """A rule does what no rule may: our own files are at fault."""
        return self._number(ModelError, message)

    def too_small(self, message: str) -> int:
        """A fixed size of the model does not suffice."""
        return self._number(EngineLimit, message)

    def _number(self, cause: type[HamodelError], message: str) -> int:
        return self._known.setdefault((cause, message), len(self._known) + 1)

    @property
    def table(self) -> list[tuple[str, str]]:
        """Code and message by number, from 1 on."""
        return [(cause.code, message) for cause, message in self._known]


def raised(code: str, message: str) -> HamodelError:
    """The exception of an entry of the table."""
    return (EngineLimit if code == EngineLimit.code else ModelError)(message)
