"""Moments of an explanation: the time alone where all is of one day, with the date where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from hamodel.incident.report import Explanation, Proof
from hamodel.renderers.explain_json import iso


@dataclass(frozen=True, slots=True)
class Times:
    """How moments are written: `skip` characters of the ISO date are known without being said.

    `undated`: nobody knows the year, so it is never said.
    """

    skip: int = 11
    undated: bool = False

    @classmethod
    def of(cls, report: Explanation) -> Times:
        """The date, without the year where there is only one, is said in logs of several days."""
        first, last = iso(report.begin) or "", iso(report.end) or ""
        same_year = first[:4] == last[:4] or report.undated
        return cls(11 if first[:10] == last[:10] else 5 if same_year else 0, report.undated)

    def day(self, ms: int) -> str:
        """The day of a moment.

        >>> Times().day(0), Times(undated=True).day(0)
        ('1970-01-01', '01-01')
        """
        return (iso(ms) or "")[5 if self.undated else 0 : 10]

    def at(self, ms: int) -> str:
        """One moment.

        >>> Times(5).at(0), Times().at(0)
        ('01-01 00:00:00', '00:00:00')
        """
        return (iso(ms) or "")[self.skip : 19].replace("T", " ")

    def span(self, first: int, last: int) -> str:
        """From one moment to another, whose day is said again where it is another one.

        >>> Times(5).span(0, 1000), Times(5).span(0, 86_400_000)
        ('01-01 00:00:00 - 00:00:01', '01-01 00:00:00 - 01-02 00:00:00')
        """
        same = (iso(first) or "")[:10] == (iso(last) or "")[:10]
        return f"{self.at(first)} - {Times().at(last) if same else self.at(last)}"


def where(proof: Proof) -> str:
    """A line's place: its file with the folder around it, and its number."""
    parts = PurePath(proof.source).parts
    return f"{'/'.join(parts[-2:]) if len(parts) > 1 else proof.source}:{proof.number}"
