"""A process of the daemon that somebody kills is begun again by 3.0.6; 2.0.8 begins everything anew."""

from __future__ import annotations

from tests.logs.samples import line, logs


def written(version: str, event: str) -> list[str]:
    """What the daemon of node1 writes of it, ten seconds after its start."""
    said = logs(version, (0, line(0, "daemon-start")), (0, line(0, "client-start")), (10_000, line(0, event)))[0].lines
    return [each.text for each in said if each.at >= 10_000]


def test_the_new_version_kills_the_other_process_of_the_medium_and_opens_it_again() -> None:
    begun = written("3.0.6", "io-process-killed")

    firsts = ["Managed", "HBWRITE", "glib:", "Managed", "Both", "glib:", "glib:", "Communications"]
    assert [text.split()[0] for text in begun] == firsts
    assert "HBREAD" in begun[3] and begun[2] == begun[6]


def test_the_old_version_says_that_it_restarts_and_no_more() -> None:
    assert [text.split()[0] for text in written("2.0.8", "io-process-killed")] == ["Exiting", "Core"]


def test_a_killed_ipfail_gets_another_number() -> None:
    said = logs(
        "3.0.6",
        (0, line(0, "daemon-start")),
        (0, line(0, "client-start")),
        (10_000, line(0, "client-killed-by-hand")),
        (10_000, line(0, "client-start")),
    )[0].lines
    first, second = (each.pid for each in said if each.text.startswith("Starting ") and "pid" in each.text)

    assert first != second
    assert [each.text.split()[0] for each in said if each.at == 10_000] == ["Managed", "Respawning", "Starting"]
