"""Does `hamodel explain --fit` accept what the real daemon wrote, when nobody tells it the faults?

`python -m tests.benchmarks.blind [NAME ...] [--seconds 60]` asks every recording as an administrator would, and prints
the rows of `tests/checking/blind.toml` as they are now; seconds are those of this process, whatever else runs. It exits
with 1 where a recording fitted by the table and does not now.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tomllib
from pathlib import Path

from hamodel.checking.fits.recording import recorded, recorded_kinds
from hamodel.checking.fits.told import named
from hamodel.engines.classes import ClassesEngine
from hamodel.errors import HamodelError
from tests.checking.blind import Row, asked
from tests.shared import TRACES

TABLE = Path(__file__).parents[1] / "checking" / "blind.toml"


def done(name: str) -> str:
    """The kinds of the faults that were done in a recording."""
    try:
        subject, _ = recorded(TRACES / name, ClassesEngine())
        return named(recorded_kinds(TRACES / name, subject))
    except HamodelError:
        return ""


def block(name: str, row: Row, was: str, why: str) -> str:
    """A row as the table has it; `why` somebody wrote into it."""
    values = {"fits": row.fits, "faults": " or ".join(row.faults), "done": was, "found_by": row.found_by, "of": row.of}
    values["why"] = "" if row.fits == "yes" else why
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items() if value]
    return "\n".join([f"[{name}]", *lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    wanted = parser.parse_args()
    table = tomllib.loads(TABLE.read_text(encoding="utf-8")) if TABLE.is_file() else {}
    fallen = 0
    for name in wanted.names or sorted(p.name for p in TRACES.iterdir() if p.is_dir()):
        began = time.process_time()
        row = asked(name, wanted.seconds)
        worse = table.get(name, {}).get("fits") == "yes" and row.fits != "yes"
        fallen += worse
        print(block(name, row, done(name), table.get(name, {}).get("why", "")), flush=True)
        note = "  no longer fits" if worse else ""
        print(f"{name:36}{row.fits:10}{time.process_time() - began:7.1f} s{note}", file=sys.stderr, flush=True)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
