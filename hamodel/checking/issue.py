"""From a report to receipts: which verdicts get one, what stands in it besides the proof, what it is compared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hamodel.checking.case import Case
from hamodel.checking.faultsets import without
from hamodel.checking.material import Material, unpacked, without_secrets
from hamodel.checking.of_spec import case_of
from hamodel.checking.proofs import Prover, claim_of
from hamodel.checking.receipts import PROVED, claims, document, memories_of, observed, packed, system_of
from hamodel.checking.search import Progress
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import CannotReplay, EngineLimit, HamodelError
from hamodel.ir.compose import BUDGET_TOTAL
from hamodel.ir.observe import observe
from hamodel.ir.portable import portable
from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Limits, Outcome
from hamodel.properties.bind import Bound, bind
from hamodel.properties.loader import from_text, load
from hamodel.properties.words import Definition

Tree = Any
SUFFIX = ".receipt"
SHOWN = 8
"""How many differences between two systems are told."""


@dataclass(frozen=True, slots=True)
class Issued:
    """One verdict: the content of its receipt, or why it has none."""

    name: str
    content: bytes = b""
    reason: str = ""


@dataclass(frozen=True)
class Issuer:
    """Writes the receipts of one report."""

    case: Case
    definitions: Sequence[Definition]
    material: Material
    overrides: Mapping[str, object] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The formulas from the command line by the names of their properties: always, never or sometimes, and the text."""
    limits: Limits = field(default_factory=Limits)

    def all_of(self, report: Report, progress: Progress) -> Iterator[Issued]:
        """A receipt for each verdict that is proved; the others say why they have none.

        The proofs are searched for in one system with everything any property observes: it is compiled already.
        """
        case = self.case
        bounds = {d.name: bind(d, case.system, case.layout, case.taken) for d in self.definitions}
        explored = observe(case.system, [r for b in bounds.values() for r in b.requests])
        engine = ClassesEngine()
        for result in report.results:
            bound = bounds[result.name]
            if report.interrupted or result.outcome not in PROVED or not bound.properties:
                yield Issued(result.name, reason=self._why_not(report, result))
                continue
            prover = Prover(
                engine, without(explored, bound.without), system_of(case, bound), case.start, self.limits, progress
            )
            try:
                found = claims(prover, bound.properties, result.outcome, result.trace, memories_of(bound))
                content = document(prover, self._words(report, result), found)
                why = _refused(content) if result.trace is not None else ""
                yield Issued(result.name, reason=why) if why else Issued(result.name, packed(content))
            except EngineLimit as error:
                yield Issued(result.name, reason=error.message)

    def _why_not(self, report: Report, result: Result) -> str:
        if report.interrupted:
            return "interrupted"
        return f"{result.outcome.value} proves nothing" if result.outcome not in PROVED else result.reason

    def _words(self, report: Report, result: Result) -> dict[str, Tree]:
        shown = without_secrets(self.material)
        files = [[name, _digest(text), text] for name, text in sorted(shown.files.items())]
        return {
            "hamodel": report.version,
            "heartbeat": report.heartbeat,
            "cluster": report.cluster,
            "property": result.name,
            "text": result.doc,
            "kind": result.kind.value,
            "verdict": result.outcome.value,
            "typed": list(self.typed[result.name]) if result.name in self.typed else None,
            "overrides": json.dumps(dict(self.overrides), sort_keys=True),
            "paths": list(shown.paths),
            "files": files,
        }


def _refused(content: Tree) -> str:
    """Why the checker does not accept a run, which it does in no time: it wants time to pass on a circle."""
    from hamodel.receipt import Refuted, judge

    try:
        judge(json.loads(json.dumps(content)))
    except Refuted as problem:
        return f"the checker refuses it: {problem}"
    return ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def differences(
    data: Tree, paths: Sequence[Path] | None, folders: Sequence[Path] = (), release: Version | None = None
) -> list[str]:
    """What a receipt says that is not so of the cluster in `paths` (None: of the files in the receipt itself).

    Raises CannotReplay where the receipt does not say enough to compose anything.
    """
    try:
        overrides = json.loads(data["overrides"])
        material = Material(tuple(data["paths"]), {name: text for name, _, text in data["files"]}, {})
        wrong = [f"the file {name} was changed" for name, digest, text in data["files"] if _digest(text) != digest]
        if paths is not None:
            return wrong + list(_compared(data, read_spec(list(paths), release, overrides), folders))
        with unpacked(material) as (inside, _):
            return wrong + list(
                _compared(data, read_spec(inside, release or Version(data["heartbeat"]), overrides), folders)
            )
    except HamodelError:
        raise
    except (KeyError, TypeError, ValueError, OSError) as problem:
        raise CannotReplay(f"the receipt names no cluster that could be composed: {problem}") from None


def _compared(data: Tree, spec: Spec, folders: Sequence[Path]) -> Iterator[str]:
    if spec.cluster.version.value != data["heartbeat"]:
        yield f"Heartbeat {data['heartbeat']} in the receipt, {spec.cluster.version.value} here"
    if spec.start_from != data["start"]:
        yield f"runs begin at {data['start']} in the receipt, at {spec.start_from} here"
    case = case_of(spec)
    bound = _bound(data, case, folders)
    if bound is None:
        yield f"the property {data['property']} is not known here"
        return
    if bound.doc != data["text"] or bound.kind.value != data["kind"]:
        yield f"the property {data['property']} says something else here: {bound.doc}"
    ladder = BUDGET_TOTAL if BUDGET_TOTAL in case.system.setting_value else None
    if data["ladder"] != ladder:
        yield "the receipt does not deal with every number of faults"
    outcome = Outcome(data["verdict"])
    said = [{k: v for k, v in claim.items() if k != "steps"} for claim in data["claims"]]
    system = system_of(case, bound)
    meant = [
        json.loads(json.dumps({**claim_of(p, outcome, system), "observe": observed(bound, p)}))
        for p in bound.properties
        if outcome is not Outcome.VACUOUS or p.witness is not None
    ]
    one = any("events" in step for claim in data["claims"] for step in claim["steps"])
    if not said or (said != meant and not (one and len(said) == 1 and said[0] in meant)):
        yield f"the claims are not those of {data['property']}"
    yield from _systems(data["system"], json.loads(json.dumps(portable(system))))


def _bound(data: Tree, case: Case, folders: Sequence[Path]) -> Bound | None:
    definition: Definition | None
    if data["typed"] is not None:
        kind, text = data["typed"]
        name, _, number = str(data["property"]).rpartition("_")
        definition = from_text(kind, text, int(number)) if name == kind else None
    else:
        definition = next((d for d in load(folders) if d.name == data["property"]), None)
    return None if definition is None else bind(definition, case.system, case.layout, case.taken)


def _systems(one: Tree, other: Tree) -> Iterator[str]:
    """Where the system of a receipt and the one composed here differ."""
    found: list[str] = []
    for name in sorted({*one["settings"], *other["settings"]}):
        there, here = one["settings"].get(name), other["settings"].get(name)
        if there != here:
            found.append(f"the option {name} is {there} in the receipt, {here} here")
    for what in ("cells", "actions", "invariants"):
        there, here = {c[0]: c for c in one[what]}, {c[0]: c for c in other[what]}
        found += [f"{what[:-1]} {n} differs" for n in sorted({*there, *here}) if there.get(n) != here.get(n)]
        if not found and one[what] != other[what]:
            found.append(f"the {what} stand in another order")
    there, here = one["procedures"], other["procedures"]
    found += [f"the procedure {n} differs" for n in sorted({*there, *here}) if there.get(n) != here.get(n)]
    found += [f"`{what}` differs" for what in ("initial", "after", "enabled") if one.get(what) != other[what]]
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        yield f"and {len(found) - SHOWN} more differences"
