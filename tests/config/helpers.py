"""Small clusters in memory, so that a test shows the line it is about and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.config.daemon import Stage, Version
from hamodel.config.inputs import FileSet
from hamodel.config.lines import Source
from hamodel.config.reading import Reading, read_node

V2, V3 = Version.V2_0_8, Version.V3_0_6

GOOD = """\
logfacility local0
keepalive 2
deadtime 30
warntime 4
initdead 120
bcast eth1 eth2
auto_failback off
node node1 node2
"""
KEYS = "auth 1\n1 sha1 secret\n"
GROUP = "node1 10.0.0.1/24/eth1 httpd\n"

SHARED = Path(__file__).parents[2].parent / "shared"


def shared(folder: str) -> Path:
    """A folder of the reference material; tests that need it are skipped where it is not there."""
    path = SHARED / folder
    if not path.exists():
        pytest.skip(f"the reference material {path.name} is not beside this checkout")
    return path


def start(
    hacf: str | bytes,
    *,
    version: Version = V3,
    haresources: str | bytes | None = GROUP,
    authkeys: str | bytes | None = KEYS,
    mode: int = 0o600,
    name: str = "node1",
    local_node: str | None = None,
) -> Reading:
    """One start of the daemon on the node `name` with these texts as its files."""

    def source(file: str, text: str | bytes | None) -> Source | None:
        if text is None:
            return None
        return Source(file, text if isinstance(text, bytes) else text.encode(), mode=mode)

    content = source("ha.cf", hacf)
    assert content is not None
    files = FileSet(content, source("haresources", haresources), source("authkeys", authkeys))
    return read_node(files, version, name, local_node=local_node, live=True)


def said(reading: Reading) -> list[str]:
    """All lines the daemon prints."""
    return [str(line) for line in reading.draft.console.lines]


def own_lines(reading: Reading) -> list[str]:
    """The daemon's lines of a stage-1 refusal without the two closing lines, which are checked here."""
    lines = said(reading)
    assert reading.stage is Stage.HA_CF
    assert lines[-2:] == [
        "ERROR: Heartbeat not started: configuration error.",
        "ERROR: Configuration error, heartbeat not started.",
    ]
    return lines[:-2]


def write(folder: Path, *, hacf: str = GOOD, haresources: str | None = GROUP, authkeys: str | None = KEYS) -> Path:
    """The files in a folder on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ha.cf").write_text(hacf)
    if haresources is not None:
        (folder / "haresources").write_text(haresources)
    if authkeys is not None:
        (folder / "authkeys").write_text(authkeys)
        (folder / "authkeys").chmod(0o600)
    return folder
