"""`hamodel ask`: answers about real runs, with the evidence and the command that says the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hamodel.checking.ask_grammar import QUERIES
from hamodel.cli import command
from tests.checking.reviews import CAREFUL, DISK, put

SPECS = Path(__file__).resolve().parents[2] / "specs"
SEED = str(SPECS / "01-webdata")
PAIR = """\
use_logd on
keepalive 2
deadtime 10
initdead 20
bcast eth1
auto_failback on
node node1 node2
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["ask", *words])


def ask(question: str, folder: str = SEED) -> dict[str, Any]:
    done = run(question, folder, "--format", "json", "--quiet")
    assert done.stdout, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("question", "answer", "news"),
    [
        ("what if eth1 is cut?", "When the cable eth1 is cut, node1 keeps node1's group.", "good"),
        ("what if node1 loses power?", "When node1 loses power, node1's group moves to node2.", "good"),
        ("what moves when node1 goes standby", "When hb_standby is typed on node1, node1's group moves to node2.",
         "good"),
        ("what moves when the router dies",
         "When the ping node 192.168.60.1 stops answering, nothing moves.", "good"),
        ("what happens when both nodes lose power",
         "When node1 loses power and node2 loses power, nobody runs node1's group any more.", "bad"),
        ("who owns /dev/sdb5 after node1 is killed?",
         "When heartbeat is killed on node1 (killall -9 heartbeat), node1 and node2 both run node1's group.", "bad"),
        ("can the disk be mounted twice?", "Yes: 1 kill or 1 pause or 1 power is enough to mount a disk on both nodes.",
         "bad"),
        ("how long is the longest overlap?", "For ever: after 1 kill both nodes have one resource.", "bad"),
        ("what is the fastest disaster?", "28.3 s after 1 kill both nodes can have one resource.", "bad"),
    ],
)  # fmt: skip
def test_the_seed_pair_answers(question: str, answer: str, news: str) -> None:
    found = ask(question)

    assert (found["answer"], found["news"]) == (answer, news)
    assert found["evidence"]
    assert found["command"].startswith(f"hamodel check {SEED} ")


def test_a_card_that_can_be_pulled_at_either_end_is_answered_case_by_case() -> None:
    found = ask("what if eth0 is cut?")

    assert [text.split(",")[0] for text in found["evidence"]] == [
        "cut[node1:eth0]", "cut[node2:eth0]", "cut[eth0 between node1 and node2]",
    ]  # fmt: skip
    assert "node1 keeps node1's group, where no client reaches it or, as the times fall" in found["answer"]


def test_a_split_of_all_cables_is_told_with_its_run(tmp_path: Path) -> None:
    found = ask("what if all cables are cut", str(put(tmp_path, PAIR, DISK)))

    assert found["answer"] == (
        "When the cable eth1 between node1 and node2 is cut, node1 and node2 both run node1's group."
    )
    assert [line["text"] for line in found["story"]][-1] == "has the address 10.0.0.1"


def test_the_worst_failover_is_the_number_of_the_check() -> None:
    found = ask("how long is the worst failover?")

    done = CliRunner().invoke(command, ["check", SEED, "--property", "survivor_runs_all", "--no-evidence", "--quiet"])
    assert found["answer"] == "At most 32.56 s from the loss of one node until the other runs all."
    assert "holds    in 32.56 s at most" in done.stdout


def test_the_command_of_an_answer_can_be_typed() -> None:
    words = ask("what if node1 loses power?")["command"].replace("'", "").split()

    done = CliRunner().invoke(command, [*words[1:], "--property", "single_owner", "--no-evidence", "--quiet"])

    assert done.exit_code in (0, 1), done.output
    assert "in runs by  power_off[node1]" in done.stdout


def test_two_faults_are_survived_or_not() -> None:
    found = ask("survives 1 fault")

    assert found["news"] == "bad"
    assert "1 cut is enough to break fit_node_serves" in found["answer"]
    assert "--budget 1" in found["command"]


def test_fencing_is_asked_of_the_pair_without_it(tmp_path: Path) -> None:
    """With auto_failback on even the device is not enough: a cable that comes back when both are up again is."""
    careful = PAIR.replace("auto_failback on", "auto_failback off")
    folder = str(put(tmp_path, careful + "stonith_host * external/ipmi x\n", DISK))

    assert ask("is split brain possible?", folder)["news"] == "good"
    found = ask("is fencing needed?", folder)
    assert "1 cut or " in found["answer"]
    assert found["answer"].endswith("both nodes can mount one disk; there is a device in ha.cf.")
    assert "--set stonith.nodes=[]" in found["command"]


def test_options_are_answered_by_reading(tmp_path: Path) -> None:
    folder = str(put(tmp_path, CAREFUL + "keepalive 3\nbaud 9600\n"))

    found = ask("which options have no effect?", folder)

    assert found["answer"] == "2 things here have no effect."
    assert any("baud 9600 has no effect: there is no serial line" in text for text in found["evidence"])
    assert ask("which options are unsafe?", folder)["answer"] == "No line can cost data or an outage."
    assert ask("which options are unsafe?", str(put(tmp_path / "x", PAIR, DISK)))["news"] == "bad"


def test_an_answer_fits_into_80_columns() -> None:
    done = run("what if eth0 is cut?", SEED)

    assert done.exit_code == 1
    assert done.stdout.startswith("When the cable node1:eth0 is cut, ")
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_every_question_is_listed_with_its_example() -> None:
    text, data = run("--list").stdout, json.loads(run("--list", "--format", "json").stdout)

    for query in QUERIES:
        assert f'hamodel ask "{query.example}"' in text
    assert {row["name"] for row in data["queries"]} == {query.name for query in QUERIES}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what if eth9 is cut", "cables: eth1, node1:eth0, node2:eth0"),
        ("what if node3 is killed", "nodes: node1, node2"),
        ("what if eth1 is killed", "a cable can be cut"),
        ("what if node1 and node1 are killed", "name each part in full"),
        ("who owns nothing after node1 crashes", "name a part of its line in haresources"),
        ("what if pigs fly", "hamodel ask --list shows all"),
    ],
)
def test_a_question_about_nothing_is_an_error_with_a_repair(question: str, words: str) -> None:
    done = run(question, SEED)

    assert done.exit_code == 2
    assert "error[HA432]" in done.stderr
    assert words in done.stderr


def test_no_question_at_all_is_told_where_they_are() -> None:
    done = run()

    assert done.exit_code == 2
    assert "hamodel ask --list" in done.output


def test_a_limit_that_is_reached_is_no_answer(tmp_path: Path) -> None:
    done = run("is split brain possible?", str(put(tmp_path, PAIR, DISK)), "--timeout", "0s", "--quiet")

    assert done.exit_code == 3
    assert done.stdout.startswith("Not known")


def test_a_cluster_outside_the_model_is_refused(tmp_path: Path) -> None:
    done = run("what if node1 is killed", str(put(tmp_path, PAIR.replace("node node1 node2", "node node1"), DISK)))

    assert done.exit_code == 2
    assert "error[HA210]" in done.stderr


def test_a_cluster_that_never_rests_is_told_with_the_beginning_of_such_a_run() -> None:
    found = ask("what if node1 loses power", str(SPECS / "30-hz44-fence-never-succeeds"))

    assert found["answer"].startswith("When node1 loses power, the cluster never comes to rest")
    assert found["news"] == "bad"
    assert "fails to reset node1" in [line["text"] for line in found["story"]]


def test_a_question_is_about_every_run_and_not_about_the_plot_of_a_spec() -> None:
    found = ask("what if node1 is killed", str(SPECS / "21-hz47-request-lost"))

    assert "node1 and node2 both run node1's group" in found["answer"]
