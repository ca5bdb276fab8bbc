"""Evidence on disk: a trace that replays anywhere, and the logs both nodes would have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hamodel.checking.material import Material, without_secrets
from hamodel.config.spec import Spec
from hamodel.errors import CannotReplay, HamodelError, NoKeptTrace
from hamodel.ir.report import Report, Result
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome
from hamodel.logs.style import LogStyle

FORMAT = 1


def keep(
    report: Report,
    spec: Spec,
    material: Material,
    out: Path | None,
    overrides: Mapping[str, object],
    style: LogStyle = LogStyle(),  # noqa: B008 -- a frozen value
) -> Report:
    """Write the evidence of every violation, and name it in the report. `out` replaces `counterexamples`."""
    kept = []
    for result in report.results:
        if result.outcome is Outcome.VIOLATED and result.trace is not None:
            folder = (out or Path("counterexamples")) / f"{spec.name}--{result.name}"
            files = {"trace.json": json.dumps(record(report, result, material, overrides), indent=1) + "\n"}
            logs = logs_of(result.trace, spec, style)
            kept.append(replace(result, evidence=put(folder, files | logs)))
        else:
            kept.append(result)
    return replace(report, results=tuple(kept))


def logs_of(trace: Trace, spec: Spec, style: LogStyle) -> dict[str, str]:
    """The logs of a trace by their names, none where it has no times."""
    from hamodel.renderers.halog import styled_logs

    if any(step.at is None for step in trace.steps):
        return {}
    return dict(sorted(styled_logs(trace, spec.cluster, style).items()))


def put(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write these files below a folder, and say where they are."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return tuple((folder / name).as_posix() for name in files)


def record(report: Report, result: Result, material: Material, overrides: Mapping[str, object]) -> dict[str, object]:
    """Everything `hamodel replay` needs, without secrets."""
    assert result.trace is not None
    shown = without_secrets(material)
    return {
        "hamodel": report.version,
        "format": FORMAT,
        "property": result.name,
        "claim": result.doc,
        "heartbeat": report.heartbeat,
        "start": report.start,
        "faults": dict(result.faults_used),
        "story": [f"{s.at if s.at is not None else ''} {s.node} {s.text}".strip() for s in result.story],
        "events": [{"at_ms": step.at, "name": step.action} for step in result.trace.steps],
        "loop": result.trace.loop,
        "provided": list(result.provided),
        "overrides": dict(overrides),
        "paths": list(shown.paths),
        "files": dict(sorted(shown.files.items())),
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """A trace read back."""

    property: str
    claim: str
    heartbeat: str
    start: str
    names: tuple[str, ...]
    times: tuple[int | None, ...]
    loop: int | None
    overrides: Mapping[str, Any]
    material: Material


def read(path: Path) -> Kept:
    """A kept trace. Raises NoKeptTrace where the file is none, CannotReplay where its loop is none."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise NoKeptTrace(f"{path} has format {data['format']}; this hamodel reads format {FORMAT}")
        events, loop = data["events"], data["loop"]
        if loop is not None and (not isinstance(loop, int) or not 0 <= loop < len(events)):
            raise CannotReplay(f"{path}: the loop begins after event {loop} of {len(events)}, which is no loop")
        return Kept(
            str(data["property"]),
            str(data["claim"]),
            str(data["heartbeat"]),
            str(data["start"]),
            tuple(str(e["name"]) for e in events),
            tuple(None if e["at_ms"] is None else int(e["at_ms"]) for e in events),
            loop,
            dict(data["overrides"]),
            Material(tuple(data["paths"]), dict(data["files"]), {}),
        )
    except HamodelError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NoKeptTrace(
            f"{path} is no kept trace: {problem}", help="give the trace.json that `hamodel check` has written"
        ) from None
