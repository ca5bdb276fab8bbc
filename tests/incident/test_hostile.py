"""Whatever stands in a file, and wherever the answer goes: an answer or a refusal, never a crash, nothing invented."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hamodel.cli import command
from hamodel.incident.case import explained
from hamodel.incident.report import Verdict
from hamodel.renderers.explain import render
from tests.incident.altered import syslog
from tests.incident.recorded import NAMES, explanation
from tests.shared import SHARED, TRACES, needs_shared

LINE = "Nov 22 08:53:08 node1 heartbeat: [132]: info: "
RUN = "seed4_cut_all"


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


FILES = {
    "binary": noise(20_000),
    "zeros": bytes(20_000),
    "packed.gz": b"\x1f\x8b\x08" + noise(500),
    "packed.xz": b"\xfd7zXZ\x00" + noise(500),
    "archive.tar.gz": noise(500),
    "one line": (LINE + "x" * 2_000_000 + "\n").encode(),
    "old line ends": (LINE + "Link node2:eth0 dead.\r" + LINE + "node node2: is dead\r").encode(),
    "nothing but a date": b"Nov 22 08:53:08\n",
    "a date that is none": b"Feb 31 25:61:61 node1 heartbeat: [1]: info: Link node2:eth0 dead.\n",
    "numbers": (LINE + "Heartbeat generation: " + "9" * 5000 + "\n").encode(),
    "fields": (LINE + "Late heartbeat: Node \x1b[31m: interval -1 ms\n").encode(),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("words", [("explain",), ("explain", "--format", "json"), ("watch", "--once")])
def test_what_is_no_log_is_refused_or_inconclusive(name: str, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])

    done = subprocess.run(
        [sys.executable, "-m", "hamodel.cli", *words, str(path)],
        capture_output=True, text=True, timeout=120, check=False, errors="replace",
    )  # fmt: skip

    assert done.returncode in (2, 3), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "SAFE" not in done.stdout
    assert done.returncode != 2 or done.stderr.startswith("error[HA12")


@needs_shared
@pytest.mark.parametrize("kind", ["noise between", "line ends of Windows", "no last line end", "a huge line between"])
def test_noise_in_a_log_changes_nothing_that_is_known(kind: str, tmp_path: Path) -> None:
    lines = [line.encode() for line in syslog(RUN, "node1")]
    middle, path = len(lines) // 2, tmp_path / "node1.messages"
    between = {"noise between": noise(9_000).replace(b"\n", b"")}.get(kind, (LINE + "y" * 500_000).encode())
    mixed = [*lines[:middle], between, *lines[middle:]]
    text = {
        "line ends of Windows": b"\r\n".join([*lines, b""]),
        "no last line end": b"\n".join(lines),
    }.get(kind, b"\n".join([*mixed, b""]))
    path.write_bytes(b"\n".join([*lines, b""]))
    whole = explained([path])
    path.write_bytes(text)
    report = explained([path])

    assert [(o.resource, o.begin, o.end) for o in report.owned] == [(o.resource, o.begin, o.end) for o in whole.owned]
    assert [told.text for told in report.story] == [told.text for told in whole.story]
    assert report.verdict is whole.verdict
    assert not report.contradictions


@needs_shared
@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"COLUMNS": "1"}])
def test_any_terminal_is_written_to(environment: dict[str, str]) -> None:
    done = CliRunner(env=environment).invoke(command, ["explain", "--quiet", str(TRACES / RUN)])

    assert done.exit_code == 1
    assert "\x1b" not in done.stdout


@needs_shared
@pytest.mark.parametrize("run", NAMES[::9])
@pytest.mark.parametrize("width", [40, 60])
def test_a_narrow_terminal_is_not_overrun(width: int, run: str) -> None:
    shown = render(explanation(run), width=width)

    assert max(map(len, shown.splitlines())) <= width


@needs_shared
@pytest.mark.parametrize("words", [("explain",), ("watch", "--once", "--all")])
def test_a_reader_that_goes_away_is_no_error(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "hamodel.cli", *words, str(TRACES / RUN)], stdout=writing, stderr=subprocess.PIPE
    ) as process:
        os.close(writing)
        os.close(reading)
        _, said = process.communicate(timeout=120)

    assert b"Traceback" not in said
    assert b"Exception" not in said


@needs_shared
def test_a_directory_that_may_not_be_written_is_enough(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-m", "hamodel.cli", "explain", str(TRACES / RUN)],
        cwd=tmp_path, capture_output=True, timeout=120, check=False, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    tmp_path.chmod(0o755)

    assert done.returncode == 1
    assert not list(tmp_path.iterdir())


@needs_shared
def test_all_reasons_of_a_refusal_are_named_on_a_terminal_too() -> None:
    report = explained([SHARED / "samples" / "nginx-start-errors" / "log.txt"])

    assert report.verdict is Verdict.NOT_STARTED
    assert len([fault for fault in report.faults if fault.kind == "refused"]) == 3
