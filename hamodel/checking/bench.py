"""A bench: the files of one cluster, and quick answers about what they would do with small changes.

Changed files are read as if they lay on the disk, so what Heartbeat derives from a value and what it refuses is decided
by the reader alone. Systems of one structure are composed once; numbers are options of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hamodel.checking.case import Case
from hamodel.checking.edits import Edit, edited
from hamodel.checking.faultsets import count, only
from hamodel.checking.material import Material, unpacked
from hamodel.checking.of_spec import Lines, case_of
from hamodel.checking.probe import Probed, Prober
from hamodel.config.spec import Spec, read_spec
from hamodel.errors import HamodelError
from hamodel.ir.report import FaultSet
from hamodel.machines import options, structure
from hamodel.source import Span

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one variant: the answers, or why there is no such cluster."""

    answers: Mapping[str, Probed] = field(default_factory=dict)
    refused: str = ""


@dataclass(slots=True)
class Bench:
    """The files as they are, and everything that was asked about variants of them."""

    spec: Spec
    material: Material
    overrides: Mapping[str, object]
    prober: Prober
    origin: Material
    """The files as they lie on the disk, where a value was set for this check alone."""
    _cases: dict[Key, Case] = field(default_factory=dict)
    _known: dict[tuple[object, ...], Tried] = field(default_factory=dict)

    def __post_init__(self) -> None:
        beside = str(self.spec.path)
        if self.spec.path.exists() and beside not in self.material.homes.values():
            name = self.spec_file
            text = self.spec.path.read_bytes().decode("utf-8", "surrogateescape")
            self.material, self.origin = (_with(m, name, text, beside) for m in (self.material, self.origin))

    @property
    def spec_file(self) -> str:
        """The key of spec.toml, there or not yet."""
        known = [name for name in self.material.files if name.endswith(".toml")]
        first = self.material.paths[0]
        around = first.rsplit("/", 1)[0] if first in self.material.files else first
        return known[0] if known else f"{around}/spec.toml"

    def key_of(self, span: Span) -> str:
        """The file of a place, by its key."""
        by_home = {home: name for name, home in self.material.homes.items()}
        return by_home.get(span.file, span.file)

    @contextmanager
    def read(self, material: Material) -> Iterator[Spec]:
        """The spec of these files. Raises what a reader raises."""
        with unpacked(material) as (paths, _):
            yield read_spec(paths, self.spec.cluster.version, dict(self.overrides))

    def case(self, spec: Spec) -> Case:
        """The case of a spec; one that differs from an earlier one in numbers alone is not composed again."""
        key: Key = (structure(spec), spec.through, spec.pair, spec.cluster.version, spec.start_from)
        known = self._cases.get(key)
        if known is None:
            known = self._cases[key] = case_of(spec)
            return known
        values = {name: value for name, value in options(spec).items() if name in known.system.setting_value}
        return replace(known, system=known.system.with_settings(**values), rests_on=Lines(spec).under)

    def try_edits(self, edits: Sequence[Edit], names: Sequence[str], faults: FaultSet = ()) -> Tried:
        """The answers for these properties with these edits; with `faults` only runs with these are looked at."""
        return self.try_files(edited(self.material, edits), names, faults)

    def try_files(self, material: Material, names: Sequence[str], faults: FaultSet = ()) -> Tried:
        """The answers for these properties in these files."""
        key = (faults, *names, *(text for item in sorted(material.files.items()) for text in item))
        if key not in self._known:
            self._known[key] = self._try(material, names, faults)
        return self._known[key]

    def _try(self, material: Material, names: Sequence[str], faults: FaultSet) -> Tried:
        try:
            with self.read(material) as spec:
                case = self.case(spec)
                if not faults:
                    return Tried(self.prober.ask(case, names))
                kinds = [kind for kind, _ in faults]
                return Tried(self.prober.ask(case, names, count(faults), lambda s: only(s, kinds), first=True))
        except HamodelError as error:
            if error.code.startswith(("HA4", "HA9")):
                raise
            first = getattr(error, "errors", ())[:1]
            return Tried(refused=str(first[0].message) if first else error.message)


def _with(material: Material, name: str, text: str, home: str) -> Material:
    return replace(material, files={**material.files, name: text}, homes={**material.homes, name: home})
