"""Exit codes are an interface: scripts and CI jobs read nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hamodel.errors import CannotReplay, EngineLimit, EnginesDisagree, HamodelError, ModelError, NotModelled

if TYPE_CHECKING:
    from hamodel.ir.answers import Answers, Checked
    from hamodel.ir.report import Report, Result

HOLDS, VIOLATED, USAGE, INCONCLUSIVE, VACUOUS, DISAGREE = range(6)
BUG, INTERRUPTED, CLOSED = 70, 130, 141

EPILOG = (
    "Exit codes: 0 every property holds; 1 one is violated; 2 usage, configuration or a property file; "
    "3 inconclusive (bounded or unknown); 4 one is vacuous; 5 engines disagree, do not trust the answer; "
    "70 our own fault, please report; 130 interrupted; 141 whoever read the output has gone."
)


def code_of(error: HamodelError) -> int:
    """The exit code of a refusal."""
    return _of_code(error.code)


def _of_code(code: str) -> int:
    if code in (EnginesDisagree.code, CannotReplay.code):
        return DISAGREE
    if code in (EngineLimit.code, NotModelled.code):
        return INCONCLUSIVE
    return BUG if code.startswith("HA9") or code == ModelError.code else USAGE


WORST = (INTERRUPTED, BUG, DISAGREE, USAGE, VIOLATED, INCONCLUSIVE, VACUOUS, HOLDS)
"""Of several configurations the first of these that occurs."""


def code_for_all(answers: Answers) -> int:
    """The exit code of several configurations: that of the worst."""
    found = {code for each in answers.checked for code in _codes(each, expectations=answers.expectations)}
    return next((code for code in WORST if code in found), HOLDS)


def _codes(each: Checked, *, expectations: bool) -> Iterable[int]:
    if each.interrupted:
        yield INTERRUPTED
    yield from (_of_code(said.code) for said in each.refusals if not said.accepted)
    if each.report is not None:
        yield code_for(each.report, expectations=expectations)


def code_for(report: Report, *, expectations: bool = False) -> int:
    """The exit code of a report: the worst verdict decides, an interrupt before all others.

    With `expectations` a property that a spec names passes if the spec was right about it, whatever the verdict is.
    """
    if report.interrupted:
        return INTERRUPTED
    if not expectations:
        return _worst(report.results)
    if any(not r.as_expected and not r.accepted for r in report.results):
        return VIOLATED
    return _worst(r for r in report.results if r.expected is None)


def _worst(results: Iterable[Result]) -> int:
    outcomes = {r.outcome.value for r in results if not r.accepted}
    if "violated" in outcomes:
        return VIOLATED
    if outcomes & {"bounded", "unknown"}:
        return INCONCLUSIVE
    return VACUOUS if "vacuous" in outcomes else HOLDS
