"""The lives of clients: who is let in, who is started again, and who is left dead."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.checking import check
from hamodel.config.daemon import Version
from hamodel.config.spec import Spec, read_spec
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import NotApplicable
from hamodel.ir.expr import And, Not
from hamodel.ir.report import Report
from hamodel.ir.schedule import replay
from hamodel.ir.trace import Trace
from hamodel.ir.verdict import Outcome
from hamodel.machines import compose_cluster, structure
from hamodel.properties import Answer, Cluster, all_of, always, at_most_one
from hamodel.renderers.halog import render_logs
from tests.machines.golden import ROOT, once

ENGINE = ClassesEngine()
TWICE = ROOT / "specs" / "15-duplicate-client"
ONCE = TWICE.with_name(f"{TWICE.name}-prevented")
BOOT: dict[str, object] = {"start_from": "boot", "faults.budget": 0}
BASE = "logfile /var/log/ha-log\nkeepalive 1\ndeadtime 10\ninitdead 20\nbcast eth1\nnode node1\nnode node2\n"


def spec(folder: Path, lines: str, version: str = "3.0.6", **changes: object) -> Spec:
    """A pair that starts these clients, all of which are played."""
    (folder / "ha.cf").write_text(BASE + lines)
    (folder / "authkeys").write_text("auth 1\n1 crc\n")
    (folder / "haresources").write_text("node1 webd\n")
    (folder / "spec.toml").write_text("[clients]\nstart = [100, 100]\nexit = [0, 0]\n")
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return read_spec([folder], Version(version), {**BOOT, **named})


def story(found: Report) -> Trace:
    (result,) = (r for r in found.results if r.name == "clients_stay")
    assert result.outcome is Outcome.VIOLATED
    assert result.trace is not None
    return result.trace


def ever(one: Spec, *observables: str) -> bool:
    """Whether all of these may hold at once; those with a `!` do not hold."""
    system = compose_cluster(one)
    terms = (Not(system.observables[o[1:]]) if o[0] == "!" else system.observables[o] for o in observables)
    return bool(ENGINE.explore(system).where(And(tuple(terms))).any())


def test_the_second_of_one_name_is_started_eleven_times_and_left_dead() -> None:
    trace = story(check(read_spec([TWICE]), ["clients_stay"]))
    lines = [(line.key, dict(line.fields).get("which")) for step in trace.steps for line in step.logs]
    begun = [(line.key, dict(line.fields)["which"]) for line in trace.initial_logs if line.key == "client-fork"]
    (loser,) = {which for key, which in lines if key == "client-duplicate"}

    forks = [which for key, which in [*begun, *lines] if key == "client-fork"]

    assert forks.count(loser) == 11
    assert len(forks) == 12
    assert lines[-1][0] == "hb-client-respawn-fast"


def test_who_is_left_dead_is_a_race_but_never_both() -> None:
    twice = read_spec([TWICE])

    assert ever(twice, "client_left[0,0]", "client_serves[0,1]")
    assert ever(twice, "client_left[0,1]", "client_serves[0,0]")
    assert not ever(twice, "client_left[0,0]", "client_left[0,1]")


def test_nobody_is_left_dead_where_the_name_is_started_once() -> None:
    (result,) = check(read_spec([ONCE]), ["clients_stay"]).results

    assert result.outcome is Outcome.HOLDS


def test_a_free_name_goes_to_whoever_asks_next() -> None:
    killed = read_spec([TWICE], None, {"faults.kinds": ["kill_client"], "faults.budget": 1})
    system = compose_cluster(killed)
    names = [a.name for a in system.actions if a.fault == "kill_client"]

    found = ENGINE.explore(system)
    after = found.where(And((system.observables["client_serves[0,1]"], system.observables["client_left[0,0]"])))

    assert names == ["kill_client[node1,ccm]", "kill_client[node1,ccm#2]"]
    assert bool((after & (found.via == system.action_index["next_step[node1,ccm]"])).any())


def test_a_request_of_a_process_that_died_meanwhile_is_refused_for_its_pid() -> None:
    system = compose_cluster(read_spec([ONCE], None, {**BOOT, **once("kill_client")}))

    died = replay(system, ["next_step[node1,ccm]", "kill_client[node1,ccm]"]).steps[-1]

    said = [line.key for line in died.logs]
    assert said == ["client-killed", "hb-client-respawn", "client-fork", "client-bad-pid"]


def test_a_client_that_was_left_dead_stays_dead_after_the_repair(tmp_path: Path) -> None:
    broken = spec(tmp_path, "crm ccm-only\n", faults__kinds=["client_fails", "kill_client"], faults__budget=2)
    system = compose_cluster(broken)

    found = ENGINE.explore(system)
    left = found.where(system.observables["client_left[0,0]"])

    assert bool((left & (found.via == system.action_index["client_repaired[node1,ccm]"])).any())


def test_the_death_of_a_failfast_client_reboots_the_machine_in_3_0_6_only() -> None:
    kill = {"faults.kinds": ["kill_client"], "faults.budget": 1}

    assert ever(read_spec([ONCE], Version.V3_0_6, kill), "client_reboots[0]")
    assert not ever(read_spec([ONCE], Version.V2_0_8, kill), "client_reboots[0]")


def test_a_failfast_client_takes_its_groups_with_it(tmp_path: Path) -> None:
    line = "auto_failback on\nfailfast hacluster /usr/lib/heartbeat/dopd\n"
    killed = spec(tmp_path, line, start_from="steady", faults__kinds=["kill_client"], faults__budget=1)
    system = compose_cluster(killed)

    found = ENGINE.explore(system, ENGINE.steady(system))

    gone = found.where(And((Not(system.observables["daemon_up[0]"]), system.observables["owns[1,0]"])))
    assert bool(gone.any())


def test_ipfail_in_legacy_mode_leaves_for_good_and_reboots_for_ever_as_a_failfast_client(tmp_path: Path) -> None:
    calm = spec(tmp_path, "respawn hacluster /usr/lib/heartbeat/ipfail\n")
    assert not ever(calm, "client_serves[0,0]")
    assert not ever(calm, "client_left[0,0]")
    assert not ever(calm, "client_reboots[0]")

    nervous = spec(tmp_path, "failfast hacluster /usr/lib/heartbeat/ipfail\n")
    assert ever(nervous, "client_reboots[0]", "daemon_up[1]")


@pytest.mark.parametrize(
    ("lines", "barred"),
    [
        ("respawn root /usr/lib/heartbeat/ipfail\n", True),
        ("respawn root /usr/lib/heartbeat/ipfail\napiauth ipfail uid=root\n", False),
        ("respawn hacluster /usr/lib/heartbeat/ipfail\napiauth ipfail gid=haclient\n", False),
        ("respawn hacluster /usr/lib/heartbeat/ipfail\napiauth ipfail uid=root\n", True),
        ("respawn root /usr/lib/heartbeat/dopd\n", False),
    ],
)
def test_a_user_who_may_not_sign_on_is_refused_until_his_client_is_left_dead(
    tmp_path: Path, lines: str, barred: bool
) -> None:
    found = spec(tmp_path, f"auto_failback on\n{lines}", clients__nodes=["node1"])

    assert ever(found, "client_left[0,0]") == barred
    assert ever(found, "client_serves[0,0]") != barred


def test_crm_is_outside_the_model_unless_the_clients_are_asked_for(tmp_path: Path) -> None:
    asked = spec(tmp_path, "crm on\n")
    assert structure(asked).crm
    (tmp_path / "spec.toml").unlink()

    with pytest.raises(NotApplicable, match="node1 has crm on") as refused:
        structure(read_spec([tmp_path]))

    assert "[clients]" in refused.value.help


def test_with_crm_on_questions_about_resources_are_not_asked() -> None:
    report = check(read_spec([ONCE]))

    assert [r.name for r in report.results] == ["clients_stay"]
    assert {s.reason for s in report.skipped} == {"crm is on: haresources is ignored, only clients are played"}


def test_a_promise_about_all_groups_is_not_kept_by_having_none() -> None:
    @always
    def one_owner(cluster: Cluster) -> Answer:
        """No group runs on two machines at once."""
        return all_of(at_most_one(cluster.owns(node, g) for node in cluster.nodes) for g in cluster.groups)

    asked = check(read_spec([ONCE]), [one_owner])

    assert asked.results == ()
    assert [s.name for s in asked.skipped] == ["one_owner"]


@pytest.mark.parametrize(
    ("version", "mode", "programs", "failfast"),
    [
        ("2.0.8", "on", "ccm cib lrmd stonithd attrd crmd mgmtd", ""),
        ("2.0.8", "manual", "", ""),
        ("3.0.6", "on", "ccm cib stonithd lrmd attrd crmd", "ccm cib crmd"),
        ("3.0.6", "respawn", "ccm cib stonithd lrmd attrd crmd", ""),
        ("3.0.6", "ccm-only", "ccm", ""),
        ("3.0.6", "minimal", "", ""),
    ],
)
def test_crm_brings_its_own_clients(tmp_path: Path, version: str, mode: str, programs: str, failfast: str) -> None:
    clients = structure(spec(tmp_path, f"crm {mode}\n", version)).clients

    assert [c.id for c in clients] == programs.split()
    assert [c.id for c in clients if c.failfast[0]] == failfast.split()


def test_nodes_that_start_the_same_clients_are_played_once_with_crm_on(tmp_path: Path) -> None:
    both = spec(tmp_path, "crm ccm-only\n")
    named = spec(tmp_path, "crm ccm-only\n", clients__nodes=["node2"])

    assert [c.there for c in structure(both).clients] == [(True, False)]
    assert [c.there for c in structure(named).clients] == [(False, True)]


def test_a_client_that_nobody_starts_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotApplicable, match="names cmm") as refused:
        structure(spec(tmp_path, "crm ccm-only\n", clients__names=["cmm"]))

    assert refused.value.help == "clients: ccm"


def test_namesakes_get_numbers(tmp_path: Path) -> None:
    line = "respawn hacluster /usr/lib/heartbeat/dopd\n"
    twice = spec(tmp_path, f"auto_failback on\n{line}{line}")

    assert structure(twice).client_labels == ("dopd", "dopd#2")


def test_clients_cost_nothing_where_nobody_asks_for_them() -> None:
    system = compose_cluster(read_spec([ROOT / "specs" / "01-webdata"]))

    assert not any(v.owner.endswith((".respawn", ".clients", ".crm_node")) for v in system.variables)


SEED = """\
WARN: duplicate client add request [ccm] [{pid}]
ERROR: api_process_registration_msg: cannot add client()
ERROR: REASON: can't send message to IPC: Success
ERROR: Initialization failed. Exit
WARN: Exiting /usr/lib/heartbeat/ccm process {pid} returned rc 1.
ERROR: Respawning client "/usr/lib/heartbeat/ccm":
"""
"""What the article quotes of 2.0.7, with its cause before its effects."""

RECORDED = """\
WARN: duplicate client add request [ccm] [{pid}]
ERROR: api_process_registration_msg: cannot add client()
ERROR: Cannot sign on with heartbeat
ERROR: REASON: duplicate add request
ERROR: Initialization failed. Exit
WARN: Managed /usr/libexec/heartbeat/ccm process {pid} exited with return code 1.
ERROR: Respawning client "/usr/libexec/heartbeat/ccm":
"""
"""What 3.0.6 wrote with `crm ccm-only` and a respawn line for ccm; its last words: Client ... "respawning too fast"."""


@pytest.mark.parametrize(("version", "said"), [("2.0.8", SEED), ("3.0.6", RECORDED)])
def test_the_log_says_what_the_daemon_said(tmp_path: Path, version: str, said: str) -> None:
    old = version == "2.0.8"
    place = "/usr/lib/heartbeat" if old else "/usr/libexec/heartbeat"
    twice = spec(tmp_path, f"crm {'on' if old else 'ccm-only'}\nrespawn hacluster {place}/ccm\n", version,
                 clients__names=["ccm"])  # fmt: skip

    log = render_logs(story(check(twice, ["clients_stay"])), twice.cluster)["node1/ha-log"]

    texts = [line.split(": ", 2 if old else 3) for line in log.splitlines()]
    spoken = [": ".join(text[-2:]) if not old else ": ".join(text[1:]).split(" ", 1)[1] for text in texts]
    pids = sorted({word.strip("[]") for line in spoken if "duplicate client" in line for word in line.split()[-1:]})
    assert len(pids) == 11
    for pid in pids[:-1]:
        assert said.format(pid=pid) in "\n".join(spoken)
    assert spoken[-1] == f'ERROR: Client {place}/ccm "respawning too fast"'
