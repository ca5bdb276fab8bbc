"""JUnit XML: what a build server makes of an answer."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from junitparser import JUnitXml

from hamodel.ir.answers import REFUSED, Answers, Checked, Said
from hamodel.ir.report import Report
from hamodel.ir.verdict import Outcome
from hamodel.renderers.junit import render


def read(answers: Answers) -> ElementTree.Element:
    return ElementTree.fromstring(render(answers).encode("utf-8"))


def case(root: ElementTree.Element, suite: str, name: str) -> ElementTree.Element:
    (found,) = root.findall(f"./testsuite[@name='{suite}']/testcase[@name='{name}']")
    return found


def test_every_property_is_a_test_and_the_counts_are_right(answers: Answers) -> None:
    document = JUnitXml.fromstring(render(answers).encode("utf-8"))
    report = answers.checked[0].report
    assert report is not None
    violated = sum(r.outcome is Outcome.VIOLATED for r in report.results)

    assert document.tests == len(report.results) + len(report.skipped) + 2
    assert (document.failures, document.errors) == (violated, 1)
    assert document.skipped == len(report.skipped)


def test_a_violation_is_a_failure_with_its_story(answers: Answers) -> None:
    failure = case(read(answers), "specs/01-webdata", "single_mount").find("failure")

    assert failure is not None and failure.get("type") == "violated"
    assert failure.get("message") == "single_mount is violated by 1 kill or 1 pause or 1 power"
    assert "28.000 s  node2 declares node1 dead" in (failure.text or "")
    assert "ha.cf:5  deadtime 30" in (failure.text or "")


def test_what_holds_passes(answers: Answers) -> None:
    assert list(case(read(answers), "specs/01-webdata", "leaves_once")) == []


def test_a_refused_configuration_is_an_error_of_its_own_test(answers: Answers) -> None:
    error = case(read(answers), "fleet/bad", "configuration").find("error")

    assert error is not None and error.get("type") == "HA104"
    assert "ha.cf:5:10" in (error.text or "") and "raise deadtime above 4 s" in (error.text or "")


def test_properties_come_first_as_the_schema_demands(answers: Answers) -> None:
    suite = read(answers).find("./testsuite")

    assert suite is not None
    assert [child.tag for child in suite][:2] == ["properties", "testcase"]


def with_first(answers: Answers, **changes: object) -> Answers:
    """The same, with another first violated result."""
    good = answers.checked[0]
    assert good.report is not None
    first = next(r for r in good.report.results if r.outcome is Outcome.VIOLATED)
    report: Report = replace(good.report, results=(replace(first, **changes),))  # type: ignore[arg-type]  # any field
    return replace(answers, checked=(replace(good, report=report),))


def test_what_is_accepted_is_skipped_with_the_reason(answers: Answers) -> None:
    root = read(with_first(answers, accepted="until 2027-01-31: because"))

    skipped = root.find(".//testcase/skipped")
    assert skipped is not None and "because" in (skipped.get("message") or "")
    assert root.find(".//failure") is None


def test_what_is_not_decided_is_an_error_and_no_failure(answers: Answers) -> None:
    root = read(with_first(answers, outcome=Outcome.BOUNDED, reason="interrupted"))

    assert root.find(".//error") is not None and root.find(".//failure") is None


def test_an_expected_violation_passes_with_its_story(answers: Answers) -> None:
    root = read(replace(with_first(answers, expected=Outcome.VIOLATED, expected_faults=None), expectations=True))

    assert root.find(".//failure") is None
    assert "violated" in (root.findtext(".//system-out") or "")


def test_text_that_xml_cannot_hold_breaks_nothing() -> None:
    said = Said("HA102", REFUSED, "a\x00b\x1b[31m\udcff <&>", help="]]>")

    root = read(Answers((Checked("a\x01b", "ha.cf", said=(said,)),)))

    error = root.find(".//error")
    assert error is not None and error.get("message") == "a?b?[31m? <&>"
