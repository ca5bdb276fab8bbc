"""The recorded runs as an administrator has them: two logs and the files, and nobody says what was done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hamodel.checking.fits.case import Case
from hamodel.checking.fits.chain import Link
from hamodel.checking.fits.told import named
from hamodel.errors import HamodelError
from hamodel.incident.case import explained
from hamodel.ir.verdict import Limits
from tests.cpu import by_cpu_time
from tests.shared import TRACES

ANSWERS = {True: "yes", False: "no", None: "given up"}


@dataclass(frozen=True, slots=True)
class Row:
    """One recording: the answer, the sets of faults that it names, and where they come from."""

    fits: str
    faults: tuple[str, ...] = ()
    found_by: str = ""
    of: str = ""
    """Without a run: how far the furthest came, and the line that it lacked."""


@cache
def asked(name: str, seconds: float) -> Row:
    """The answer within so many seconds of this process's own time, in which nothing else is asked."""
    folder = TRACES / name
    with by_cpu_time():
        report = explained([folder])
        try:
            case = Case.read(report, [folder], folder)
        except HamodelError:
            return Row("refused", of="the files are refused")
        return _row(case.links(Limits(seconds=seconds)))


def _row(links: list[Link]) -> Row:
    """Of several episodes the first that does not fit tells; otherwise the last, and all follow each other."""
    link = next((link for link in links if not (link.found.fits and link.follows)), links[-1])
    found = link.found
    if found.fits and link.follows:
        return Row("yes", tuple(map(named, found.kinds)), found.how.value if found.how else "")
    prefix = next(iter(found.breaks), None)
    if prefix is None:
        return Row(ANSWERS[found.fits], of=found.reason)
    line = prefix.at[0]
    place = f"{line.node}:{line.number} {line.entry.text[:50]}"
    return Row(ANSWERS[found.fits], of=f"{prefix.written}/{prefix.of} {named(prefix.kinds)}: {place}")
