"""A recording as small as one can be: the files, two starts, one cut, and how it ended."""

from __future__ import annotations

import json
from pathlib import Path

from hamodel.scenarios import testbed

CUT = """
settle = 20
event = [
  { do = "start", node = "both" },
  { do = "wait", until = "owner:node1", timeout = 45 },
  { after = 5, do = "unplug", node = "node1", iface = "eth1" },
]
[ha_cf]
bcast = ["eth1"]
ping = false
respawn = false
apiauth = false
"""
CHANGES = {"bcast": ["eth1"], "ping": False, "respawn": False, "apiauth": False}
BOTH = ["node1", "node2"]


def write_recording(folder: Path, *events: dict[str, object], overlap: float = 15.0, end: float = 40.0) -> Path:
    """Both start at 0.2 s; these events; the end. The disk and the address are said to end on both nodes."""
    folder.mkdir()
    (folder / "ha.cf").write_text(testbed.ha_cf(CHANGES))
    (folder / "haresources").write_text(testbed.HARESOURCES)
    (folder / "scenario.toml").write_text("settle = 5\n")
    lines = [
        {"t": 0.0, "event": "begin"},
        {"t": 0.0, "event": "start", "node": "both"},
        *events,
        {"t": end, "event": "end"},
    ]
    (folder / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    rows = [{"t": t, "node1": {"mcp": pid}, "node2": {"mcp": pid}} for t, pid in ((0.0, 0), (0.2, 17))]
    (folder / "ledger.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    span = [[end - overlap, end]] if overlap else []
    resource = {"final_owners": BOTH if overlap else ["node1"], "overlaps": span, "gaps": []}
    (folder / "summary.json").write_text(json.dumps({"resources": {"vip": resource, "mount": resource}}))
    return folder


def cut_at(t: float) -> dict[str, object]:
    return {"t": t, "event": "unplug", "node": "node1", "iface": "eth1"}
