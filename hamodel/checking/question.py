"""A question that can be asked of any configuration, anywhere: which properties, by which engine, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hamodel.checking.examine import examine, silent
from hamodel.checking.of_spec import case_of
from hamodel.checking.search import Progress
from hamodel.config.spec import Spec
from hamodel.ir.report import Report
from hamodel.ir.verdict import Limits
from hamodel.properties.loader import from_text, load, select, shipped_folder
from hamodel.properties.words import Definition


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked."""

    names: tuple[str, ...] = ()
    """Properties by name; none: all there are, or only the formulas that were typed."""
    folders: tuple[Path, ...] = ()
    """Folders with more property files."""
    typed: tuple[tuple[str, str], ...] = ()
    """Formulas from the command line, each with its kind."""
    engine: str | None = None
    delays: bool = False
    limits: Limits = field(default_factory=Limits)
    own_memory: bool = False
    """Whether the limit of memory was asked for, and is not just what this machine has."""

    def own(self) -> list[Definition]:
        """The typed formulas as properties, numbered by their kind."""
        numbers: dict[str, int] = {}
        found = []
        for kind, text in self.typed:
            numbers[kind] = numbers.get(kind, 0) + 1
            found.append(from_text(kind, text, numbers[kind]))
        return found

    def about(self, spec: Spec, *, own_plot: bool = False) -> Question:
        """The same question for one spec: of one with a plot the properties it names, unless others are asked for."""
        if spec.through and not (own_plot or self.names or self.folders or self.typed):
            return replace(self, names=tuple(spec.expect))
        return self

    def ask(self, spec: Spec, progress: Progress = silent) -> Report:
        """The report, not yet compared with what the spec expects."""
        own, known = self.own(), load(self.folders)
        chosen = [d.name for d in select(known, self.names)] if self.names or self.folders or not own else []
        return examine(
            case_of(spec),
            [*known, *own],
            self.limits,
            engine=self.engine,
            asked=self.names,
            only=[*chosen, *(d.name for d in own)],
            delays=self.delays,
            progress=progress,
        )

    def texts(self) -> Mapping[str, str]:
        """Every file of the folders of properties, the shipped ones first: what they say, whoever reads it where."""
        found = {}
        for number, folder in enumerate((shipped_folder(), *self.folders)):
            for path in sorted(folder.glob("*.py")):
                found[f"{number}/{path.name}"] = path.read_text(encoding="utf-8", errors="surrogateescape")
        return found
