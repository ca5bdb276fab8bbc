"""Real answers for the renderers: the pair of the article, and the same pair with a dead time Heartbeat refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hamodel.checking import check, compare
from hamodel.config.spec import read_spec
from hamodel.errors import HamodelError
from hamodel.ir.answers import Answers, Checked, Said, said_of

SPEC = Path(__file__).resolve().parents[2] / "specs" / "01-webdata"


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Both, with the findings of the reader."""
    bad = tmp_path_factory.mktemp("fleet") / "bad"
    shutil.copytree(SPEC, bad)
    text = (bad / "ha.cf").read_text().replace("deadtime 30", "deadtime 3")
    (bad / "ha.cf").write_text(text)
    spec = read_spec([SPEC])
    findings = tuple(Said(f.code, f.severity.value, f.message, f.span, f.help, f.daemon) for f in spec.cluster.findings)
    good = Checked("specs/01-webdata", str(SPEC / "ha.cf"), compare(check(spec), spec), findings)
    try:
        read_spec([bad])
    except HamodelError as error:
        return Answers((good, Checked("fleet/bad", str(bad / "ha.cf"), said=said_of(error))))
    raise AssertionError("Heartbeat has to refuse this dead time")
