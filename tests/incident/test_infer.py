"""The bounds that lines set to a time of the files hold for the time that was running."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.spec import read_spec
from hamodel.incident.case import explained
from tests.checking.nights import BOOT, ROOT, laid_out, written

SPEC = ROOT / "specs" / "01-webdata"


@pytest.mark.parametrize("keepalive", [1, 5, 14])
def test_a_peer_that_stops_in_order_bounds_its_dead_time_however_rarely_it_was_heard(
    keepalive: int, tmp_path: Path
) -> None:
    text = (SPEC / "ha.cf").read_text(encoding="utf-8").replace("keepalive 2\n", f"keepalive {keepalive}\n")
    (tmp_path / "ha.cf").write_text(text, encoding="utf-8")
    (tmp_path / "haresources").write_bytes((SPEC / "haresources").read_bytes())
    spec = read_spec([tmp_path], None, {"operator.reaction": 0})
    laid_out(written(spec, (*BOOT, (60_000, "stop_heartbeat[node1]"))), tmp_path)

    report = explained([tmp_path])

    (shown,) = [each for each in report.inferred if each.option == "deadtime"]
    assert shown.lo is not None and shown.hi is not None
    assert shown.lo <= spec.cluster.deadtime <= shown.hi
    assert report.differs == ()
