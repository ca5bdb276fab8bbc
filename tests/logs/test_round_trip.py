"""What the project writes it reads back: every line of every event, from all files of both releases, once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from hamodel.logs.catalogue import VERSIONS
from hamodel.logs.expand import COMPOUNDS
from hamodel.logs.formats import Entry, Writer
from hamodel.logs.reading import Reader
from hamodel.renderers.halog import NodeLog
from tests.logs.samples import FIELDS, GROUPS, all_logs, line

DESTINATIONS: dict[str, dict[str, object]] = {
    "two files and syslog": {"debugfile": "/var/log/ha-debug"},
    "one file for both": {"debugfile": "/var/log/ha-log"},
    "a logfile alone": {"facility": False, "debugfile": ""},
}


def events(version: str) -> list[tuple[int, str, dict[str, object]]]:
    """Every event there is, twenty seconds apart."""
    found: list[tuple[int, str, dict[str, object]]] = [(0, "daemon-start", {"first": 1})]
    for name, event in sorted(COMPOUNDS.items()):
        samples = [FIELDS.get(name, {})]
        if "resource" in event.needs:
            samples = [{"resource": word, "group": 0} for word in GROUPS[version].split()[1:]]
        found += [(20_000 * (len(found) + number), name, fields) for number, fields in enumerate(samples)]
    return found


def write(folder: Path, logs: tuple[NodeLog, NodeLog]) -> None:
    for log in logs:
        for name, text in log.files().items():
            path = folder / log.host.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def seen(entry: Entry) -> tuple[datetime, str, int | None, str]:
    """What of a line is in every file: whole seconds, and a blank where old syslog daemons put one for a line break."""
    return entry.when.replace(microsecond=0), entry.tag, entry.pid, entry.text.replace("\n", " ")


@pytest.mark.parametrize("where", DESTINATIONS)
@pytest.mark.parametrize("version", VERSIONS)
def test_all_that_is_written_is_read_back_once(version: str, where: str, tmp_path: Path) -> None:
    said = [(at, line(node, name, **fields)) for at, name, fields in events(version) for node in (0, 1)]
    logs = all_logs(version, *said, **DESTINATIONS[where])
    write(tmp_path, logs)
    reader = Reader([tmp_path])
    lines = list(reader)

    for log in logs:
        entries = [entry for entry in log.entries() if entry.writer is not Writer.OUTPUT]
        if where == "a logfile alone":
            entries = [entry for entry in entries if entry.level != "debug"]
        found = [found.entry for found in lines if found.node == log.host.name]
        assert Counter(map(seen, found)) == Counter(map(seen, entries))
    assert reader.counts.recognised == reader.counts.own
    assert all(found.key for found in lines)
