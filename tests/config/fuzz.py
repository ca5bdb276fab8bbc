"""Nothing a file contains may crash the reader: a loop that tries, for as long as it is told.

`python -m tests.config.fuzz --seconds 20 --seed 1` mutates good files and prints how many it read; a crash prints its
input.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from hamodel.config.cluster import ConfigurationRefused, read_cluster, render_findings
from hamodel.config.daemon import Version
from hamodel.config.directives import directives
from hamodel.config.spec import read_spec
from hamodel.errors import HamodelError
from tests.config.helpers import GOOD, GROUP, KEYS

SPEC = 'latency = [0, 10]\n[faults]\nbudget = 1\n[durations.Filesystem]\nstart = "1s..2s"\n[expect]\nx = "holds"\n'
PIECES = [
    b"\0",
    b"\xff",
    b"\r",
    b"\\\n",
    b"#",
    b"::",
    b"x" * 5200,
    b"*",
    b"(",
    b"9" * 30,
    b"=",
    b"'''",
    b'"',
    b"[",
    b"{",
    b"-1",
]


def mutate(random_source: random.Random, text: bytes, words: list[bytes]) -> bytes:
    """The text with a few pieces cut, doubled, shuffled or put in."""
    data = bytearray(text)
    for _ in range(random_source.randint(0, 6)):
        place = random_source.randint(0, len(data))
        match random_source.randint(0, 4):
            case 0:
                del data[place : place + random_source.randint(1, 20)]
            case 1:
                data[place:place] = random_source.choice(PIECES)
            case 2:
                data[place:place] = random_source.choice(words) + b" " + random_source.choice(words) + b"\n"
            case 3:
                lines = bytes(data).split(b"\n")
                random_source.shuffle(lines)
                data = bytearray(b"\n".join(lines))
            case _:
                data[place:place] = random_source.randbytes(random_source.randint(1, 8))
    return bytes(data)


def one(folder: Path, files: dict[str, bytes], version: Version) -> bool:
    """Read these files in every way; True where Heartbeat would start. Anything but a refusal is a crash."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        cluster = read_cluster([folder], version)
        render_findings(cluster.findings).encode()
        read_spec([folder])
    except ConfigurationRefused as refused:
        str(refused).encode()
        render_findings(refused.findings).encode()
        return False
    except HamodelError as refused:
        str(refused).encode()
        return False
    return True


def run(seconds: float, seed: int) -> tuple[int, int]:
    """How many inputs were read, and how many of them were accepted."""
    random_source = random.Random(seed)
    names = [name.encode() for name in directives()]
    words = [*names, *PIECES, b"node1", b"10.0.0.1/24/eth0", b"on", b"500ms", b"eth0 225.0.0.1 694 1 0"]
    tried, accepted, end = 0, 0, time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as home:
        while time.monotonic() < end:
            texts = {"ha.cf": GOOD, "haresources": GROUP, "authkeys": KEYS, "spec.toml": SPEC}
            victims = random_source.sample(sorted(texts), random_source.randint(1, len(texts)))
            files = {
                name: mutate(random_source, text.encode(), words) if name in victims else text.encode()
                for name, text in texts.items()
            }
            try:
                accepted += one(Path(home), files, random_source.choice(list(Version)))
            except Exception:
                sys.stderr.write(f"crash number {tried} of seed {seed}:\n{files!r}\n")
                raise
            tried += 1
    return tried, accepted


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    read, good = run(arguments.seconds, arguments.seed)
    sys.stdout.write(f"{read} inputs, {good} accepted, no crash\n")
