"""A lasso that was kept is gone through again: its events, its loop, its times, and the promise it breaks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.checking.kept import record
from hamodel.checking.material import gather
from hamodel.checking.of_spec import case_of
from hamodel.cli import command
from hamodel.config.spec import read_spec
from hamodel.ir import schedule
from hamodel.ir.property import PropertyKind
from hamodel.ir.report import Report, Result
from hamodel.ir.verdict import Outcome

SPEC = Path(__file__).resolve().parents[1] / "specs" / "30-hz44-fence-never-succeeds"
IN = (
    "power_off[node2]",
    "ping_node_answers[192.168.60.1,node1]",
    "initdead_is_over[node1]",
    "reset_fails[node1,first]",
)
ROUND = ("order_again[node1,first]", "reset_fails[node1,first]")
NAME = "fence_ends"
PROPERTY = '''"""The fence."""
from hamodel.properties import Answer, Cluster, Response, leads_to, weak

@leads_to({options})
def fence_ends(cluster: Cluster) -> Answer:
    """Once no fault can come, node2 has the disk in the end."""
    return Response(cluster.faults_spent, {goal})
'''


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fence that cannot succeed: every 5.5 s another try, for ever."""
    spec = read_spec([SPEC], None, {})
    case = case_of(spec)
    system = case.system
    trace = replace(schedule.timed(system, (*IN, *ROUND)), loop=len(IN))
    result = Result(NAME, "", PropertyKind.LEADS_TO, Outcome.VIOLATED, trace=trace)
    report = Report("cluster", ("node1", "node2"), case.heartbeat, "boot", 1, (), (result,))
    path = tmp_path_factory.mktemp("kept") / "trace.json"
    path.write_text(json.dumps(record(report, result, gather([SPEC]), {})))
    return path


def replayed(kept: Path, folder: Path, options: str = "", goal: str = "cluster.observe('up', 1, 0)") -> tuple[int, str]:
    (folder / f"{NAME}.py").write_text(PROPERTY.format(options=options, goal=goal))
    result = CliRunner().invoke(command, ["replay", str(kept), "--properties", str(folder)])
    return result.exit_code, result.output


def test_a_kept_lasso_is_certified_with_its_loop(kept: Path, tmp_path: Path) -> None:
    code, said = replayed(kept, tmp_path)

    assert code == 0, said
    assert "and so on for ever, again from: order_again[node1,first]" in said
    assert "loop closed by the reference zones" in said
    assert "a period found by z3" in said


def test_a_lasso_that_is_not_fair_breaks_nothing(kept: Path, tmp_path: Path) -> None:
    code, said = replayed(kept, tmp_path, "fairness=weak('power_on')")

    assert code == 1
    assert "does not break the claim any more" in said


def test_a_lasso_on_which_the_promise_is_met_breaks_nothing(kept: Path, tmp_path: Path) -> None:
    assert replayed(kept, tmp_path, goal="~cluster.observe('up', 0, 0)")[0] == 1


@pytest.mark.parametrize(("loop", "code", "why"), [(5, 5, "does not come back"), (9, 5, "which is no loop")])
def test_a_loop_that_is_none_is_refused(kept: Path, tmp_path: Path, loop: int, code: int, why: str) -> None:
    data = json.loads(kept.read_text())
    other = tmp_path / "trace.json"
    other.write_text(json.dumps(data | {"loop": loop}))

    result = CliRunner().invoke(command, ["replay", str(other)])

    assert result.exit_code == code
    assert why in result.output
