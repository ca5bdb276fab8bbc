"""The share of the real daemon's log lines that the model writes too, with what is missing and what nobody wrote.

`python -m tests.benchmarks.own_lines [RECORDING...]`: one line a recording (lines recorded, produced, their share, and
lines the model writes beside), then both kinds of difference by message; see `hamodel.checking.own_lines`. It exits
with 1 where a share has fallen below the one in `tests/logs/own_lines.toml`.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from pathlib import Path

from hamodel.checking.own_lines import compare_lines
from hamodel.errors import NotModelled
from hamodel.scenarios.recording import read_recording
from tests.shared import TRACES

SHARES = tomllib.loads((Path(__file__).parents[1] / "logs" / "own_lines.toml").read_text(encoding="utf-8"))


def main(names: list[str]) -> int:
    fallen = 0
    recorded = produced = 0
    missing: Counter[str] = Counter()
    surplus: Counter[str] = Counter()
    for name in names or sorted(folder.name for folder in TRACES.iterdir() if folder.is_dir()):
        try:
            found = compare_lines(read_recording(TRACES / name))
        except NotModelled as outside:
            print(f"{name:36} {outside.message}", flush=True)
            continue
        beside = sum(found.surplus.values())
        note = "  fallen" if found.share < SHARES.get(name, 0) else ""
        fallen += bool(note)
        print(f"{name:36}{found.recorded:6}{found.produced:6}{found.share:8.1%}{beside:6}{note}", flush=True)
        recorded, produced = recorded + found.recorded, produced + found.produced
        missing.update(found.missing)
        surplus.update(found.surplus)
    print(f"{'all':36}{recorded:6}{produced:6}{produced / max(1, recorded):8.1%}{surplus.total():6}")
    for title, counted in (("missing", missing), ("surplus", surplus)):
        print(f"\n{title}")
        for text, number in counted.most_common():
            print(f"{number:6}  {text}")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
