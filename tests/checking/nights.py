"""Logs of the model's own runs, for tests that know what happened: a script of events, and what both nodes write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.ir import schedule
from hamodel.ir.expr import Const, Op, Read, binary
from hamodel.ir.script import OVER, Event, scripted
from hamodel.ir.verdict import Limits
from hamodel.machines import compose_cluster
from hamodel.renderers.halog import render_logs

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ClassesEngine()
HOUR = 3_600_000
BOOT = ((0, "start_heartbeat[node1]"), (700, "start_heartbeat[node2]"))
Script = Sequence[tuple[int, str]]


def spec_of(name: str, version: Version | None = None, **overrides: object) -> Spec:
    """A spec of the ladder; its operator does not hesitate."""
    return read_spec([ROOT / "specs" / name], version, {"operator.reaction": 0, **overrides})


@cache
def night(spec_name: str, script: Script, version: Version | None = None) -> Mapping[str, str]:
    """The text of every log file of a cluster that begins switched off; times are ms after the event before."""
    spec = spec_of(spec_name, version)
    return written(spec, script)


def written(spec: Spec, script: Script) -> Mapping[str, str]:
    """The same for any cluster."""
    play = scripted(compose_cluster(spec).with_settings(started=0), [Event(a, t, t) for t, a in script], 60_000)
    found = ENGINE.explore(play, limits=Limits(classes=200_000, seconds=120))
    over = found.first_where(binary(Op.EQ, Read(OVER), Const(1)))
    assert over is not None
    return render_logs(schedule.timed(play, found.names_to(over)), spec.cluster)


def laid_out(logs: Mapping[str, str], folder: Path, config: Path | None = None) -> Path:
    """Each node's ha-log in a folder, with ha.cf and haresources of `config` beside them."""
    for name, text in logs.items():
        if name.endswith("/ha-log"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    for name in ("ha.cf", "haresources"):
        if config is not None:
            (folder / name).write_text((config / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder
