"""Answers at home in a notebook: after `%load_ext hamodel.notebook` reports, configurations and traces are drawn.

A report becomes what the terminal would show, in colour; a configuration a table of its values; a trace its events with
their times. Only what a notebook asks for is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hamodel.config.cluster import Cluster
    from hamodel.config.spec import Spec
    from hamodel.ir.report import Report
    from hamodel.ir.trace import Trace

_PAGE = '<pre style="white-space:pre;overflow-x:auto;line-height:1.3;font-family:monospace">{code}</pre>'
_WIDTH = 100


def report_html(report: Report) -> str:
    """The report as the terminal shows it."""
    from rich.console import Console
    from rich.text import Text

    from hamodel.renderers.text import render

    console = Console(file=StringIO(), record=True, width=_WIDTH, force_terminal=True)
    console.print(Text.from_ansi(render(report, width=_WIDTH, colour=True)))
    return console.export_html(inline_styles=True, code_format=_PAGE)


def cluster_html(cluster: Cluster) -> str:
    """The values of a configuration, and what a reviewer should know."""
    from hamodel.renderers.words import seconds

    times = {name: seconds(getattr(cluster, name)) for name in ("keepalive", "deadtime", "initdead", "deadping")}
    rows = [
        ("Heartbeat", cluster.version.value),
        ("nodes", ", ".join(cluster.nodes)),
        *times.items(),
        ("auto_failback", cluster.auto_failback.value),
        *((f"group of {group.owner}", " ".join(r.text for r in group.resources)) for group in cluster.groups),
        *((said.severity.value, f"{said.code}: {said.message}") for said in cluster.findings),
    ]
    return _table(rows)


def spec_html(spec: Spec) -> str:
    """The story of a spec, and its configuration."""
    return f"<b>{escape(spec.title or spec.name)}</b><p>{escape(spec.story)}</p>{cluster_html(spec.cluster)}"


def trace_html(trace: Trace) -> str:
    """The events of a run with their times."""
    rows = [("" if step.at is None else f"{step.at / 1000:.3f} s", step.action) for step in trace.steps]
    return _table(rows or [("", "nothing happens")])


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><th style='text-align:left'>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<table>{cells}</table>"


SHOWN: dict[tuple[str, str], Callable[[Any], str]] = {
    ("hamodel.ir.report", "Report"): report_html,
    ("hamodel.config.cluster", "Cluster"): cluster_html,
    ("hamodel.config.spec", "Spec"): spec_html,
    ("hamodel.ir.trace", "Trace"): trace_html,
}
"""What is shown how, by the module and name of the class."""


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython is not needed to import this
    """Called by `%load_ext hamodel.notebook`."""
    formatter = shell.display_formatter.formatters["text/html"]
    for (module, name), show in SHOWN.items():
        formatter.for_type_by_name(module, name, show)
