"""A sweep on a Dask cluster of two worker processes, one of which is killed half way."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from hamodel.checking.workers import Crew, Lost, work
from hamodel.cli._codes import VIOLATED

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
}


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *words], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@pytest.fixture
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler that never tries a deadly task twice, and its workers: two of them."""
    from distributed import Client

    file, many = tmp_path / "scheduler.json", getattr(request, "param", 2)
    name = ("--scheduler-file", str(file), "--no-dashboard")
    scheduler = started("distributed.cli.dask_scheduler", *name, "--port", "0", "--host", "127.0.0.1")
    workers: list[subprocess.Popen[str]] = []
    try:
        deadline = time.monotonic() + 60
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        place = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
        workers += [started("distributed.cli.dask_worker", *name, *place) for _ in range(many)]
        with Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(many, timeout=60)
            address = client.scheduler.address
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(20)


def test_a_worker_that_is_killed_half_way_loses_nothing_and_nothing_counts_twice(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, workers = cluster
    home, journal = tmp_path / "pair", tmp_path / "journal"
    home.mkdir()
    (home / "ha.cf").write_text(HACF)
    (home / "haresources").write_text(GROUP)
    words = (
        "hamodel.cli",
        "sweep",
        str(home),
        "--vary",
        "deadtime=4s..20s:1s",
        "--faults",
        "kill=1",
        "--format",
        "csv",
    )
    sweep = started(*words, "--journal", str(journal), "--backend", "dask", "--scheduler", address)
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and not (journal.exists() and journal.read_bytes().count(b"\n") >= 5):
        time.sleep(0.05)

    workers[0].send_signal(signal.SIGKILL)
    half_way = journal.read_bytes().count(b"\n")
    out, _ = sweep.communicate(timeout=240)

    assert 5 <= half_way < 16
    assert sweep.returncode == VIOLATED
    found = [(row["deadtime"], row["result"]) for row in csv.DictReader(StringIO(out))]
    assert found == [("4", "refused"), *((str(n), "violated") for n in range(5, 21))]
    assert len(journal.read_bytes().splitlines()) == 16


def deadly(number: int) -> int:
    """Takes its worker with it when it is asked about 1."""
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


@pytest.mark.parametrize("cluster", [5], indirect=True)
def test_a_task_that_takes_its_workers_with_it_is_told_and_nobody_waits_for_ever(
    cluster: tuple[str, list[subprocess.Popen[str]]],
) -> None:
    address, _ = cluster

    answers = dict(work(Crew("dask", address), deadly, range(4)))

    lost = answers.pop(1)
    assert isinstance(lost, Lost) and "KilledWorker" in lost.reason
    assert answers == {0: 0, 2: 4, 3: 9}
