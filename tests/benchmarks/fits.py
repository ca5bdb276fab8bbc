"""Does the model explain what the daemon wrote? Every recording asked, blind, and compared with what was done to it.

`python -m tests.benchmarks.fits [NAME ...] [--seconds 60] [--told]` prints one row a recording: whether a run of the
model writes its lines, the slack that took, the faults named, those of the scenario, seconds and classes. With `--told`
only the faults of the scenario are tried: what then does not fit is the model's or the landmarks' fault.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from hamodel.checking.fits.fit import fit
from hamodel.checking.fits.recording import recorded, recorded_kinds
from hamodel.checking.fits.result import Fit, Kinds
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from hamodel.ir.verdict import Limits
from tests.shared import TRACES


def row(folder: Path, seconds: float, told: bool) -> str:
    """One line of the table."""
    try:
        engine = ClassesEngine()
        subject, logs = recorded(folder, engine)
        done = recorded_kinds(folder, subject)
        found = fit(subject, logs, candidates=[done] if told else None, limits=Limits(seconds=seconds))
    except HamodelError as problem:
        return f"| {folder.name} | - | | | | | | {problem.code} {problem.message.splitlines()[0][:60]} |"
    cells = [folder.name, _answer(found), _sets(found.kinds), _set(done), f"{found.seconds:.1f}", str(found.classes)]
    return f"| {' | '.join(cells)} | {_more(found)} |"


def _answer(found: Fit) -> str:
    word = {True: "yes", False: "no", None: "given up"}[found.fits]
    return f"{word} | {found.slack / 1000:g} s"


def _set(kinds: Kinds) -> str:
    return " + ".join(kinds) or "none"


def _sets(sets: Sequence[Kinds]) -> str:
    return " or ".join(map(_set, sets))


def _more(found: Fit) -> str:
    if found.fits:
        return ", ".join(found.allowed)
    if not found.breaks:
        return found.reason
    first = found.breaks[0]
    line = first.at[0]
    come = f"{first.written}/{first.of} {_set(first.kinds)}"
    return f"{come}: {Path(line.source).parent.name}:{line.number} {line.entry.text[:50]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--told", action="store_true")
    asked = parser.parse_args()
    print("| recording | fits | slack | faults named | faults done | seconds | classes | |")
    print("|---|---|---|---|---|---|---|---|")
    for folder in sorted(p for p in TRACES.iterdir() if p.is_dir()):
        if not asked.names or folder.name in asked.names:
            print(row(folder, asked.seconds, asked.told), flush=True)


if __name__ == "__main__":
    main()
