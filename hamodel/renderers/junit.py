"""JUnit XML, which every build server shows: a suite for each configuration, a test for each property.

That the configuration can be read at all is the first test of each suite.
"""

from __future__ import annotations

from collections.abc import Sequence

from junitparser import Attr, Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from hamodel.ir.answers import Answers, Checked, Said
from hamodel.ir.report import Result
from hamodel.ir.verdict import Outcome
from hamodel.renderers.issues import clean, sentence, told

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
READ = "configuration"
OPEN = (Outcome.BOUNDED, Outcome.UNKNOWN)
"""Outcomes that are no answer: an error of the test, not a failure of what it tests."""


class _Case(TestCase):
    """A test with the file it is about, as GitLab reads it."""

    file = Attr()


def render(answers: Answers) -> str:
    """The document, with a line feed at its end."""
    document = JUnitXml("hamodel")
    for each in answers.checked:
        document.add_testsuite(_suite(each, answers))
    document.update_statistics()  # type: ignore[no-untyped-call]  # the library leaves these two without types
    text = document.tostring()  # type: ignore[no-untyped-call]
    return HEAD + (text.decode("utf-8") if isinstance(text, bytes) else str(text)).rstrip("\n") + "\n"


def _suite(each: Checked, answers: Answers) -> TestSuite:
    suite = TestSuite(clean(each.path))
    if each.report is not None:
        suite.add_property("engine", each.report.engine)
        suite.add_property("faults", clean(", ".join(f"{kind}={most}" for kind, most in each.report.faults)))
        suite.add_property("kept from an earlier check", str(each.report.cached).lower())
    suite.add_testcase(_case(each, READ, 0.0, [_refused(said) for said in each.refusals]))
    if each.report is None:
        if each.interrupted:
            suite.add_testcase(_case(each, "check", 0.0, [_mark(Skipped, "interrupted before there was an answer")]))
        return suite
    for result in each.results:
        case = _case(each, result.name, result.seconds, _marks(result, answers))
        if result.story and answers.passes(result):
            case.system_out = clean(_about(result))
        suite.add_testcase(case)
    for skipped in each.report.skipped:
        suite.add_testcase(_case(each, skipped.name, 0.0, [_mark(Skipped, skipped.reason)]))
    return suite


def _case(each: Checked, name: str, seconds: float, marks: Sequence[FinalResult]) -> _Case:
    case = _Case(clean(name), clean(each.path), round(seconds, 3))
    case.file = clean(each.home)
    case.result = list(marks)
    return case


def _marks(result: Result, answers: Answers) -> Sequence[FinalResult]:
    if result.accepted:
        return [_mark(Skipped, f"{sentence(result)}; accepted {result.accepted}", "accepted")]
    if answers.passes(result):
        return []
    kind = Error if result.outcome in OPEN else Failure
    return [_mark(kind, sentence(result), result.outcome.value, _about(result))]


def _refused(said: Said) -> FinalResult:
    if said.accepted:
        return _mark(Skipped, f"{said.message}; accepted {said.accepted}", said.code)
    lines = [f"{said.span}: {said.message}" if said.span is not None else said.message]
    lines += [said.span.text.strip()] if said.span is not None and said.span.text else []
    lines += [f"heartbeat says: {line}" for line in said.daemon]
    lines += [f"help: {said.help}"] if said.help else []
    return _mark(Error, said.message, said.code, "\n".join(lines))


def _mark(kind: type[FinalResult], message: str, cause: str = "", text: str = "") -> FinalResult:
    mark = kind(clean(message), cause or None)
    if text:
        mark.text = clean(text)
    return mark


def _about(result: Result) -> str:
    """The claim, the story and the lines it rests on."""
    lines = [result.doc, "", sentence(result)]
    lines += [f"  {told(line)}" for line in result.story]
    lines += [f"rests on {c.file}:{c.line}  {c.text}" if c.line else f"rests on {c.text}" for c in result.rests_on]
    lines += [f"evidence {name}" for name in result.evidence]
    return "\n".join(lines)
