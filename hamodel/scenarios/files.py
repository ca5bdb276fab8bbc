"""The configuration of a scenario or of a recording: which text each node reads, and what the test bed adds to it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hamodel.config.spec import Spec, read_spec
from hamodel.errors import FileUnreadable, NotModelled, SpecError
from hamodel.scenarios import testbed
from hamodel.scenarios.demands import Demands

NO_DEMANDS = Demands()
FILES = ("ha.cf", "haresources")


@dataclass(frozen=True, slots=True)
class Bed:
    """The head of scenario.toml: everything but its events."""

    boot_delay: int = 3000
    autostart: bool = True
    stonith_delay: int = 500
    watchdog_timeout: int | None = None
    settle: int = testbed.SETTLE
    description: str = ""


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file. Raises FileUnreadable or SpecError with its name."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise FileUnreadable(f"{path} cannot be read: {problem.strerror or problem}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SpecError(f"{path} is no TOML: {problem}") from None


def bed_of(data: Mapping[str, Any]) -> Bed:
    """The head of a scenario. Raises NotModelled for a power switch that answers late."""

    def ms(key: str, usual: float) -> int:
        value = data.get(key, usual)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise SpecError(f"{key} = {value!r} is no number of seconds")
        return round(value * 1000)

    if ms("stonith_reply_delay", 0):
        raise NotModelled("not modelled yet: stonith_reply_delay, a power switch that cuts first and answers later")
    return Bed(
        ms("boot_delay", 3),
        bool(data.get("autostart", True)),
        ms("stonith_delay", 0.5),
        ms("watchdog_timeout", 0) if "watchdog_timeout" in data else None,
        ms("settle", testbed.SETTLE / 1000),
        str(data.get("description", "")),
    )


def texts_of(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What each node reads in this scenario: the test bed's default files with the scenario's changes."""
    changes = dict(data.get("ha_cf", {}))
    own = {node: changes.pop(node, {}) for node in testbed.NODES}
    resources = data.get("haresources", testbed.HARESOURCES)
    return {
        node: {
            "ha.cf": testbed.ha_cf({**changes, **own[node]}),
            "haresources": resources if isinstance(resources, str) else str(resources[node]),
        }
        for node in testbed.NODES
    }


def recorded_texts(folder: Path) -> dict[str, dict[str, str]]:
    """What each node read in a recorded run: its own file where the nodes differ, else the common one."""
    found: dict[str, dict[str, str]] = {node: {} for node in testbed.NODES}
    for node, texts in found.items():
        for name in FILES:
            path = next((p for p in (folder / node / name, folder / name) if p.is_file()), None)
            if path is None:
                raise FileUnreadable(f"{folder} is no recorded run: {name} is neither there nor in {node}/")
            texts[name] = path.read_text(encoding="utf-8", errors="replace")
    return found


@contextmanager
def spec_of(texts: Mapping[str, Mapping[str, str]], bed: Bed, demands: Demands = NO_DEMANDS) -> Iterator[Spec]:
    """The spec of these files on the test bed. Raises what `read_spec` raises."""
    if demands.keys:
        own = {node: f"auth 1\n1 sha1 {key}\n" for node, key in demands.keys.items()}
        texts = {node: {**text, "authkeys": own[node]} for node, text in texts.items()}
    with TemporaryDirectory(prefix="hamodel-") as room:
        first, second = (texts[node] for node in testbed.NODES)
        places = [Path(room) / node for node in testbed.NODES] if dict(first) != dict(second) else [Path(room)]
        for place, node in zip(places, testbed.NODES, strict=False):
            place.mkdir(exist_ok=True)
            for name, text in texts[node].items():
                (place / name).write_text(text, encoding="utf-8")
        around = _surroundings(texts, bed, demands)
        spec = read_spec(places, None, around)
        if demands.confirmed is not None:
            word = max(0, demands.confirmed - spec.cluster.deadtime)
            latency = [max(0, word - testbed.WORD), word + spec.cluster.keepalive + testbed.WORD]
            spec = read_spec(places, None, around | {"stonith.latency": latency, "stonith.outcome": "lies"})
        yield spec


def _surroundings(texts: Mapping[str, Mapping[str, str]], bed: Bed, demands: Demands) -> dict[str, object]:
    words = [line.split() for text in texts.values() for line in text["ha.cf"].splitlines()]
    outcome = demands.device or _power_switch(words)
    latency = [bed.stonith_delay, bed.stonith_delay + testbed.STONITH_MORE]
    if any(line[:1] == ["stonith_host"] and line[2:3] == ["null"] for line in words):
        latency = list(testbed.NULL)
    elif outcome == "hangs":
        outcome, latency = "fails", list(testbed.STONITH_HANGS)
    elif outcome == "fails":
        latency = list(testbed.STONITH_FAILS)
    values: dict[str, object] = {
        **testbed.TIMES,
        "boot": [bed.boot_delay + more for more in testbed.BOOT_MORE],
        "autostart": bed.autostart,
        "stonith.latency": latency,
        **demands.overrides,
    }
    return values | ({"stonith.outcome": outcome} if outcome else {})


def _power_switch(lines: Sequence[Sequence[str]]) -> str:
    """What the lines with the test bed's own plugin say; empty where there is none, and the device's type decides."""
    modes = {words[-1] for words in lines if words[:1] == ["stonith_host"] and words[2:3] == [testbed.POWER_SWITCH]}
    if not modes:
        return ""
    outcome = {"ok": "works", "fail": "fails", "hang": "hangs"}.get(modes.pop()) if len(modes) == 1 else None
    if outcome is None:
        raise NotModelled("not modelled yet: a power switch that answers each node differently")
    return outcome
