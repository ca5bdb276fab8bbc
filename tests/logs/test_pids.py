"""Process numbers as in real logs: who has a number of its own, who keeps that of another, which one is smaller."""

from __future__ import annotations

import pytest

from hamodel.logs.catalogue import VERSIONS
from hamodel.logs.journal import Journal
from tests.logs.samples import GROUPS, all_logs, hosts, line


def pids(version: str) -> dict[str, int | None]:
    """The number of the last writer of each text, after one life of a daemon that takes and releases a group."""
    group = [(9000, line(0, "acquire-group", group=0))]
    for place, word in enumerate(GROUPS[version].split()[1:]):
        at = 9100 + 1000 * place
        group += [
            (at, line(0, "resource-status-stopped", resource=word, group=0)),
            (at, line(0, "resource-start", resource=word, group=0)),
            (at + 500, line(0, "resource-started", resource=word, group=0)),
        ]
    written = all_logs(
        version,
        (0, line(0, "daemon-start")),
        (100, line(0, "client-start")),
        (8000, line(0, "harc-run", event="ip-request-resp")),
        (8000, line(0, "ip-request-resp-received", key="KEY")),
        *group,
        (20000, line(0, "hbr-shutdown-progress")),
        (21000, line(0, "core-stop")),
    )[0]
    return {f"{said.tag.split('(')[0].rsplit('/', 1)[-1]}: {said.text}": said.pid for said in written.lines}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_daemon_follows_the_one_that_checked_its_files(version: str) -> None:
    found = pids(version)
    daemon = found[f"heartbeat: heartbeat: version {version}"]
    assert daemon is not None
    assert found[f"heartbeat: Configuration validated. Starting heartbeat {version}"] == daemon - 1
    assert found[f"heartbeat: Heartbeat shutdown in progress. ({daemon})"] == daemon


@pytest.mark.parametrize("version", VERSIONS)
def test_for_each_medium_there_is_a_writer_and_then_a_reader(version: str) -> None:
    """After the FIFO reader, in the order of ha.cf; at a stop the readers and writers go backwards."""
    found = pids(version)
    fifo = next(text.split()[4] for text in found if "killing HBFIFO" in text)
    killed = [(text.split()[2], int(text.split()[4])) for text in found if "killing HB" in text and "FIFO" not in text]
    assert [kind for kind, _ in killed] == ["HBREAD", "HBWRITE"] * 3
    assert [pid for _, pid in killed] == list(range(int(fifo) + 6, int(fifo), -1))


@pytest.mark.parametrize("version", VERSIONS)
def test_harc_becomes_the_script_it_runs(version: str) -> None:
    found = pids(version)
    child = found["heartbeat: notify_world: setting SIGCHLD Handler to SIG_DFL"]
    assert child == found["ip-request-resp: received ip-request-resp KEY OK yes"]
    assert child in [pid for text, pid in found.items() if text.startswith("harc: ")]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_call_of_an_agent_has_two_numbers_and_the_wrapper_has_the_smaller_one(version: str) -> None:
    found = pids(version)
    manager = next(pid for text, pid in found.items() if text.startswith("ResourceManager: Acquiring"))
    asked, wrapper = found["Filesystem:  Resource is stopped"], found["Filesystem:  Success"]
    agent = found["Filesystem: Running start for /dev/sdb5 on /webdata"]
    numbers = [number for number in (manager, asked, wrapper, agent) if number is not None]
    assert len(numbers) == 4 and numbers == sorted(set(numbers))


def test_numbers_rise_until_they_wrap() -> None:
    journal = Journal(hosts("2.0.8")[0], 0, ("node1", "node2"))
    journal.last_pid = 32760
    numbers = [journal.new_pid(3) for _ in range(4)]
    assert numbers == [32763, 32766, 2, 5]
