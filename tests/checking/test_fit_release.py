"""A killed write process: 3.0.6 starts another, 2.0.8 releases everything and restarts itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hamodel.checking.fits.case import Case
from hamodel.checking.fits.incident import searched
from hamodel.checking.fits.result import How
from hamodel.config.daemon import Version
from hamodel.incident.case import explained
from hamodel.ir.verdict import Limits
from tests.checking.nights import BOOT, ROOT, laid_out, night
from tests.cpu import by_cpu_time

SPEC = "48-hz24-watchdog-hole"
PART = {
    "node1/ha-log": ("Heartbeat shutdown in progress", "Performing heartbeat restart exec"),
    "node2/ha-log": ("Received shutdown notice", "info: mach_down takeover complete."),
}
"""From the stop to the exec, without any line that tells the release."""


def _killed() -> Mapping[str, str]:
    return night(SPEC, (*BOOT, (30_000, "kill_child[node1]")), Version.V2_0_8)


def _part(text: str, begin: str, end: str) -> str:
    """From the first line that says `begin` to the first that says `end`."""
    lines = text.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if begin in line)
    last = next(i for i, line in enumerate(lines) if end in line)
    return "".join(lines[first : last + 1])


def test_the_release_of_the_lines_explains_them_by_the_fault_that_they_tell(tmp_path: Path) -> None:
    folder = laid_out(_killed(), tmp_path, ROOT / "specs" / SPEC)

    with by_cpu_time():
        (link,) = Case.read(explained([folder]), [folder], folder).links(Limits(seconds=30))

    assert link.found.fits
    assert (link.found.kinds, link.found.how) == ((("kill_child",),), How.INFERRED)


def test_lines_that_only_the_other_release_writes_are_shown_as_that(tmp_path: Path) -> None:
    part = {name: _part(_killed()[name], *ends) for name, ends in PART.items()}
    folder = laid_out(part, tmp_path, ROOT / "specs" / SPEC)
    assert not any("2.0.8" in text for text in part.values())

    with by_cpu_time():
        report = searched(explained([folder]), [folder], folder, Limits(seconds=30))

    assert report.fit is not None and not report.fit.fits
    (near,) = [each for episode in report.fit.episodes for each in episode.nearest if each.kind == "release"]
    assert (near.text, near.faults) == ("heartbeat 2.0.8 instead of 3.0.6", ("kill_child",))
