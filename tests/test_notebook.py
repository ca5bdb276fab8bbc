"""In a notebook an answer is shown as it deserves."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import hamodel
from hamodel import notebook
from tests.disk_toy import toy_case

ROOT = Path(__file__).resolve().parents[1]


class Formatter:
    """As much of IPython's formatter as an extension sees."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], object] = {}

    def for_type_by_name(self, module: str, name: str, show: object) -> None:
        self.known[module, name] = show


def test_the_extension_teaches_the_notebook_every_class() -> None:
    formatter = Formatter()

    notebook.load_ipython_extension(
        SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": formatter}))
    )

    assert set(formatter.known) == set(notebook.SHOWN)


def test_the_classes_are_where_the_extension_says() -> None:
    for module, name in notebook.SHOWN:
        assert getattr(hamodel, name).__module__ == module


def test_a_report_is_shown_in_colour_and_with_all_its_lines() -> None:
    from hamodel.checking.examine import examine
    from hamodel.properties.loader import load

    shown = notebook.report_html(examine(toy_case(), load(), engine="reference"))

    assert "single_mount" in shown
    assert "color:" in shown
    assert "<script" not in shown


def test_a_spec_is_shown_with_its_values_and_findings() -> None:
    shown = notebook.spec_html(hamodel.read_spec([ROOT / "specs" / "01-webdata"]))

    assert "<th style='text-align:left'>deadtime</th><td>30 s</td>" in shown
    assert "HA174" in shown


def test_names_are_text_and_never_markup() -> None:
    assert "<script" not in notebook._table([("<script>", "a & b")])


def test_a_trace_is_shown_event_by_event() -> None:
    from hamodel.checking.examine import examine
    from hamodel.properties.loader import load

    report = examine(toy_case(), load(), engine="reference")
    trace = next(result.trace for result in report.results if result.trace is not None)

    shown = notebook.trace_html(trace)

    assert shown.count("<tr>") == len(trace.steps)
