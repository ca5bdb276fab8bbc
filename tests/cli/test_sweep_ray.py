"""Work on a real Ray head of two workers, one of which is killed half way."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hamodel.checking.workers import Crew, work
from hamodel.errors import NoWorkers

pytest.importorskip("ray", reason="the extra `ray` is not installed")

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
PATH = os.pathsep.join([str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")])


def dies_once(task: tuple[int, str]) -> int:
    """Kills its own worker the first time it is asked about 3."""
    number, mark = task
    time.sleep(0.2)
    if number == 3 and not Path(mark).exists():
        Path(mark).write_text("gone")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def head() -> Iterator[str]:
    """The address of a head of its own, with a token of its own; only its own processes are ended.

    Ray reads its token when it is imported, so whoever works with this head is a process of its own.
    """
    given = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "PYTHONPATH": PATH}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    port = free_port()
    with TemporaryDirectory(prefix="ray", dir="/tmp", ignore_cleanup_errors=True) as folder:
        words = ("start", "--head", "--block", "--port", str(port), "--num-cpus", "2", "--temp-dir", folder)
        more = ("--node-ip-address", "127.0.0.1", "--include-dashboard=false", "--disable-usage-stats")
        ports = ("--min-worker-port", "0", "--max-worker-port", "0", "--object-store-memory", "100000000")
        process = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", *words, *more, *ports],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert any("Ray runtime started" in line for line in process.stdout), "the head did not start"
            yield f"127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def test_what_was_lost_with_a_worker_is_done_again_and_nothing_counts_twice(head: str, tmp_path: Path) -> None:
    tasks = [(n, str(tmp_path / "mark")) for n in range(8)]

    script = (
        "from hamodel.checking.workers import Crew, work\n"
        "from tests.cli.test_sweep_ray import dies_once\n"
        f"print(sorted(work(Crew('ray', {head!r}), dies_once, {tasks!r})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=100)

    assert (tmp_path / "mark").exists(), done.stderr
    assert done.stdout.splitlines()[-1:] == [str([(n, n * n) for n in range(8)])], done.stderr


def test_a_sweep_on_the_cluster_says_what_it_says_here(head: str, tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text(HACF)
    (tmp_path / "haresources").write_text(GROUP)
    words = ("sweep", str(tmp_path), "--vary", "deadtime=5s..8s:1s", "--faults", "kill=1", "--format", "csv")

    def told(*more: str) -> str:
        command = [sys.executable, "-m", "hamodel.cli", *words, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    assert told("--backend", "ray", "--scheduler", head) == told()


def test_where_no_head_answers_it_says_so() -> None:
    with pytest.raises(NoWorkers, match="no Ray head answers"):
        list(work(Crew("ray", f"127.0.0.1:{free_port()}"), abs, [1]))
