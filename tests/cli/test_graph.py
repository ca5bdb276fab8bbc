"""`hamodel graph` counts and exports what was explored."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
from click.testing import CliRunner, Result

from hamodel.cli import command

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "01-webdata")


def graph(*words: str) -> Result:
    return CliRunner().invoke(command, ["graph", SPEC, *words])


def test_a_killed_heartbeat_leaves_a_graph_without_circles() -> None:
    result = graph("--faults", "kill=1")

    assert result.exit_code == 0, result.output
    assert "circles    0 components" in result.output
    assert "never come" in result.output
    assert "plug[eth1]" in result.output


def test_the_export_is_a_graph_others_can_read(tmp_path: Path) -> None:
    file = tmp_path / "stop.graphml"

    result = graph("--faults", "stop=1", "--format", "graphml", "--out", str(file))

    assert result.exit_code == 0, result.output
    read = nx.read_graphml(file)
    assert len(read) > 100
    assert any(data["action"] == "stop_heartbeat[node1]" for _, _, data in read.edges(data=True))
