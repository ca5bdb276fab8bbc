"""The logs of one run under a scenario's script: what both nodes would write on the test bed.

There are many such runs. Of a recording it is the one that was led along the recorded lines; of a scenario the first
that a search from a fixed seed follows to the end of the script. Its moments are the middle of what the script allows,
and all else comes as early as it can after them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hamodel.checking.along import timed_along
from hamodel.checking.own_lines import run_along
from hamodel.checking.predict import ENGINE, question_of
from hamodel.checking.witness import CLASSES, PATIENCE, SEED
from hamodel.config.spec import Spec
from hamodel.errors import EngineLimit
from hamodel.ir.expr import Read
from hamodel.ir.script import OVER
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Limits
from hamodel.logs.style import LogStyle
from hamodel.renderers.halog import styled_logs
from hamodel.scenarios.files import spec_of
from hamodel.scenarios.recording import read_recording
from hamodel.scenarios.scenario import Scenario, read_scenario, script_of

TRIES = 40
"""Runs that may lead nowhere before the search is given up."""


def logs_of_scenario(path: Path, style: LogStyle, seconds: float | None = None) -> Mapping[str, str]:
    """The logs of one run of a scenario, by the names of the files.

    Raises NotModelled, and EngineLimit where no run was followed to its end in time.
    """
    scenario = read_scenario(path)
    with spec_of(scenario.texts, scenario.bed, scenario.demands) as spec:
        style.skew_ms(spec.cluster.nodes)
        return styled_logs(_one_run(scenario, spec, seconds), spec.cluster, style)


def _one_run(scenario: Scenario, spec: Spec, seconds: float | None) -> Trace:
    question, events = question_of(scenario, spec, lambda system, steps: script_of(scenario, system, steps))
    walks = ENGINE.walks(question.system, Read(OVER), SEED, Limits(classes=CLASSES, seconds=seconds))
    for _ in range(TRIES):
        names = walks.walk(PATIENCE)
        if names is not None:
            return timed_along(question, names, events)
        if walks.over:
            break
    raise EngineLimit("no run was followed to the end of the script", help="give more time, or a shorter script")


def logs_of_recording(folder: Path, style: LogStyle) -> Mapping[str, str]:
    """The logs of the run that goes along a recording, to be laid beside the recorded ones.

    Raises NotModelled, and EngineLimit where there is no such run.
    """
    found = run_along(read_recording(folder))
    if found is None:
        raise EngineLimit("no run goes along this recording", help="Heartbeat refuses its files, or see the prediction")
    trace, hosts = found
    return styled_logs(trace, hosts, style)
