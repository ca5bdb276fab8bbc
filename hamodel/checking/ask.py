"""One question about one cluster: what it needs of the scenario, and who answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hamodel.checking.ask_grammar import Asked
from hamodel.checking.ask_parts import faults_for
from hamodel.checking.ask_properties import NEEDED, by_property, by_reading
from hamodel.checking.ask_what_if import limit_of, what_if, with_cluster
from hamodel.checking.examine import version
from hamodel.checking.of_spec import case_of
from hamodel.checking.search import Progress
from hamodel.config.spec import Spec
from hamodel.errors import EngineLimit
from hamodel.ir.answer import Answer
from hamodel.ir.verdict import Limits
from hamodel.properties.words import Definition

READING = ("unsafe-options", "unused-options")
WHAT_IF = ("what-if", "what-moves", "who-owns")


def scenario_of(asked: Asked) -> tuple[str | None, int | None, dict[str, object]]:
    """The faults, the budget and the keys of spec.toml that a question needs; None: what the files say.

    The plot of a spec is left out: a question is about every run.
    """
    keys: dict[str, object] = {"through": []}
    if asked.query in WHAT_IF:
        return faults_for(asked), None, keys
    if asked.query == "survives":
        return None, asked.number, keys
    if asked.query == "fencing":
        return None, None, keys | {"stonith.nodes": []}
    return None, None, keys


def answer(
    asked: Asked, spec: Spec, where: str, known: Sequence[Definition], limits: Limits, progress: Progress
) -> Answer:
    """The answer. Raises NotApplicable for a cluster outside the model, UnknownQuestion for a part there is not."""
    if asked.query in READING:
        found = by_reading(asked, spec, where)
        nodes = " and ".join(spec.cluster.nodes)
        return _named(found, f"{spec.title or spec.name}: {nodes}, Heartbeat {spec.cluster.version.value}")
    case = case_of(spec)
    try:
        if asked.query in NEEDED:
            found = by_property(asked, case, spec, where, known, limits, progress)
        else:
            found = what_if(asked, case, where, limits, progress)
    except EngineLimit as problem:
        found = limit_of(str(problem), asked, where)
    return with_cluster(found, case, version())


def _named(found: Answer, cluster: str) -> Answer:
    return replace(found, cluster=cluster, version=version())
