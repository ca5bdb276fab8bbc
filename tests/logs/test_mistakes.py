"""A refused start says what it has read and what is wrong; an executed daemon keeps its number."""

from __future__ import annotations

import pytest

from hamodel.logs.expand import expand, finish
from hamodel.logs.journal import Journal, Said
from hamodel.scenarios.recording import read_recording
from tests.logs.samples import hosts
from tests.shared import TRACES, needs_shared


def refused(version: str, last: str, **changes: object) -> list[Said]:
    """A daemon runs, is executed anew, and the files are wrong by then."""
    journal = Journal(hosts(version, **changes)[0], 0, ("node1", "node2"))
    expand(journal, 0, "daemon-start", {})
    expand(journal, 9_000, "reload-exec", {"rsc_held": "1"})
    expand(journal, 9_100, last, {})
    finish(journal, 9_100)
    return journal.lines


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_a_refused_reload_names_a_mistake_and_keeps_its_number(version: str) -> None:
    said = refused(version, "hb-config-error-restart")

    new = [line for line in said if line.at == 9_100]
    assert new[0].text.startswith("Core dumps could be lost")
    assert [line.text for line in new if line.level == "ERROR"] == [
        "Dead time [1000] is too small compared to keeplive [500]"
    ]
    assert new[-1].text == "Config errors: Heartbeat NOT restarted"
    assert {line.pid for line in new} == {line.pid for line in said if "restart exec" in line.text}


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_nothing_of_a_refused_start_says_that_it_was_validated(version: str) -> None:
    said = refused(version, "hb-config-error-exit")

    new = [line.text for line in said if line.at == 9_100]
    assert new[-1] == "Configuration error, heartbeat not started."
    assert not any("validated" in text or set(text) == {"*"} for text in new)


@needs_shared
@pytest.mark.parametrize(
    ("name", "last"),
    [("hz26_failed_reload", "hb-config-error-restart"), ("config_deadtime_refused", "hb-config-error-exit")],
)
def test_the_daemon_writes_these_lines_in_this_order(name: str, last: str) -> None:
    log = (read_recording(TRACES / name).folder / "node1" / "messages").read_text(encoding="utf-8")
    texts = [line.split(": ", 3)[-1] for line in log.splitlines() if ": debug: " not in line]
    new = [line.text for line in refused("3.0.6", last) if line.at == 9_100]

    end = texts.index(new[-1]) + 1
    recorded = texts[end - len(new) : end]

    assert [text.split("[")[0] for text in recorded] == [text.split("[")[0] for text in new]
