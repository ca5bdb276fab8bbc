"""The recorded daemon and this reader accept and refuse the same files, in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.cluster import ConfigurationRefused, Topic, Version, read_cluster
from tests.config.helpers import SHARED, shared

TRACES = sorted(path.name for path in (SHARED / "traces").glob("*") if path.is_dir())
REFUSED = {"config_deadtime_refused", "config_initdead_small"}


def logged(folder: Path, node: str) -> list[str] | None:
    """The first lines of the daemon in a recorded log, without stamps; None where the node was never started."""
    log = folder / node / "ha-log"
    if not log.exists():
        return None
    lines = [line for line in log.read_text(errors="replace").splitlines() if " heartbeat: [" in line]
    return [line.split("]: ", 1)[1] for line in lines] or None


@pytest.mark.parametrize("name", TRACES)
def test_the_transcript_is_what_the_daemon_logged(name: str) -> None:
    folder = shared("traces") / name
    try:
        cluster = read_cluster([folder], Version.V3_0_6)
    except ConfigurationRefused as refused:
        transcripts = dict(refused.transcripts)
        assert name in REFUSED
    else:
        transcripts = {node: cluster.per_node[node].transcript for node in cluster.nodes}
        assert name not in REFUSED

    compared = 0
    for node, lines in transcripts.items():
        mine = [str(line) for line in lines if line.level.value != "stderr"]
        theirs = logged(folder, node)
        if theirs is not None:
            assert mine == theirs[: len(mine)]
            compared += 1
    assert compared


def test_the_reference_has_recordings() -> None:
    shared("traces")

    assert set(TRACES) >= REFUSED


def test_a_recorded_difference_of_owners_is_an_error() -> None:
    cluster = read_cluster([shared("traces") / "haresources_differ_owner"])

    assert cluster.findings[0].topic is Topic.NODES_DIFFER
    assert "is preferred on node1 by the file of node1 and on node2 by that of node2" in cluster.findings[0].message


def test_a_recorded_difference_of_deadtimes_is_named() -> None:
    cluster = read_cluster([shared("traces") / "hz07_unequal_deadtime"])

    assert (cluster.per_node["node1"].deadtime.value, cluster.per_node["node2"].deadtime.value) == (10_000, 4_000)
    assert "deadtime differs: 10 s on node1, 4 s on node2" in {said.message for said in cluster.findings}
