"""From what stands on the command line to an exhibition: a page and a picture show the same runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._codes import INCONCLUSIVE, INTERRUPTED, VIOLATED
from hamodel.cli._inputs import Changes, Read, spec_of
from hamodel.cli._language import speak, titled

if TYPE_CHECKING:
    from hamodel.checking.bench import Bench
    from hamodel.checking.exhibits.assemble import Broken, Wanted
    from hamodel.checking.probe import Prober
    from hamodel.cli._progress import Progress
    from hamodel.ir.exhibit import Exhibition
    from hamodel.ir.verdict import Limits
    from hamodel.properties.words import Definition

KEPT = "a kept trace is about one property and one cluster, which it brings with it"


@dataclass(frozen=True, slots=True)
class Asked:
    """A cluster or a kept trace, and which of its violations are meant.

    A kept trace brings its property and its cluster with it: whoever gives one can ask for nothing else.
    """

    paths: tuple[Path, ...]
    changes: Changes
    names: tuple[str, ...]
    folders: tuple[Path, ...]
    limits: Limits

    def __post_init__(self) -> None:
        if is_kept(self.paths) and (self.names or self.changes):
            raise click.UsageError(KEPT)

    def exhibition(self, wanted: Wanted, quiet: bool, *, only_worst: bool) -> Exhibition:
        """The violations ready to be shown; ends the command where there is none."""
        from hamodel.checking import kept
        from hamodel.checking.again import definition_of
        from hamodel.checking.exhibits.assemble import exhibition, kept_one
        from hamodel.checking.probe import prober_of
        from hamodel.cli._progress import progress
        from hamodel.properties.loader import load, select

        known = [*load(self.folders)]
        if is_kept(self.paths):
            typed = definition_of(kept.read(self.paths[0]), known)
            known += [typed] if typed is not None and typed not in known else []
        chosen = [d.name for d in select(known, self.names)] if self.names else []
        with progress(quiet) as tell:
            prober = prober_of(known, self.limits, lambda _, classes: tell("", classes))
            if is_kept(self.paths):
                bench, one = kept_one(self.paths[0], self.folders, known, prober)
                return exhibition(bench, known, [one], tell, wanted)
            with spec_of(self.paths, self.changes) as read:
                bench, shown = _checked(read, known, chosen, self.limits, prober, tell)
                return exhibition(bench, known, shown[:1] if only_worst else shown, tell, wanted)


def is_kept(paths: Sequence[Path]) -> bool:
    """Whether this is a trace that was kept, and no cluster."""
    return len(paths) == 1 and paths[0].suffix == ".json"


def _checked(
    read: Read, known: Sequence[Definition], chosen: Sequence[str], limits: Limits, prober: Prober, tell: Progress
) -> tuple[Bench, tuple[Broken, ...]]:
    """The violations of a cluster, the worst first; ends here where there is none."""
    from hamodel.checking import examine
    from hamodel.checking.bench import Bench
    from hamodel.checking.exhibits.assemble import broken_in
    from hamodel.checking.of_spec import case_of
    from hamodel.ir.verdict import Outcome

    end = click.get_current_context().exit
    asked = chosen or (list(read.spec.expect) if read.spec.through else [])
    case = case_of(read.spec)
    report = examine(case, known, limits, asked=asked, only=asked or None, progress=tell)
    if report.interrupted:
        end(INTERRUPTED)
    shown = broken_in(report, case)
    if not shown:
        open_ = [r for r in report.results if r.outcome in (Outcome.BOUNDED, Outcome.UNKNOWN)]
        for result in open_:
            speak(f"{result.name} is {result.outcome.value}: {result.reason}", err=True)
        speak("nothing is violated, as far as was looked" if open_ else "nothing is violated", err=True)
        end(INCONCLUSIVE if open_ else VIOLATED)
    return Bench(titled(read.spec), read.material, read.overrides, prober, read.material), shown
