"""What counts in a configuration: two writings of one cluster give one text, two clusters never do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hamodel.config.daemon import Version
from hamodel.config.effective import Effective, effective
from hamodel.config.spec import Spec, read_spec

HACF = "logfile /var/log/ha-log\nkeepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"
SPEC = 'title = "A pair"\nstory = "Long ago."\nlatency = [0, 10]\n[faults]\nbudget = 1\nkinds = ["kill"]\n'


def spec(folder: Path, hacf: str = HACF, group: str = GROUP, toml: str = SPEC, version: Version | None = None) -> Spec:
    folder.mkdir(exist_ok=True)
    (folder / "ha.cf").write_text(hacf)
    (folder / "haresources").write_text(group)
    (folder / "spec.toml").write_text(toml)
    return read_spec([folder], version)


SAME: dict[str, Callable[[], tuple[str, str, str]]] = {
    "comments": lambda: ("# here\n" + HACF.replace("deadtime 30", "deadtime 30   # s"), "# groups\n" + GROUP, SPEC),
    "blanks": lambda: (HACF.replace("deadtime 30", "  deadtime\t30"), GROUP.replace(" Files", "   Files"), SPEC),
    "spelling": lambda: (HACF.replace("keepalive 2", "keepalive 2000ms"), GROUP, SPEC),
    "titles": lambda: (HACF, GROUP, SPEC.replace("A pair", "Two").replace("Long ago", "Once")),
    "order of keys": lambda: (HACF, GROUP, 'latency = "0ms..10ms"\n[faults]\nkinds = ["kill"]\nbudget = 1\n'),
    "promises": lambda: (HACF, GROUP, SPEC + '[expect]\nsingle_mount = "holds"\n'),
}


@pytest.mark.parametrize("name", SAME)
def test_another_writing_is_the_same_configuration(tmp_path: Path, name: str) -> None:
    assert effective(spec(tmp_path / "other", *SAME[name]())).text == effective(spec(tmp_path / "one")).text


OTHER: dict[str, tuple[str, str, str]] = {
    "deadtime": (HACF.replace("deadtime 30", "deadtime 31"), GROUP, SPEC),
    "failback": (HACF.replace("back on", "back off"), GROUP, SPEC),
    "a medium": (HACF.replace("bcast eth0\n", ""), GROUP, SPEC),
    "the order of nodes": (HACF.replace("node1 node2", "node2 node1"), GROUP, SPEC),
    "a watchdog": (HACF + "watchdog /dev/watchdog\n", GROUP, SPEC),
    "a default that is written down": (HACF + "deadping 30\n", GROUP, SPEC),
    "the owner": (HACF, GROUP.replace("node1", "node2", 1), SPEC),
    "a resource": (HACF, GROUP.replace("sdb5", "sdb6"), SPEC),
    "latency": (HACF, GROUP, SPEC.replace("[0, 10]", "[0, 11]")),
    "the budget": (HACF, GROUP, SPEC.replace("budget = 1", "budget = 2")),
    "the kinds of faults": (HACF, GROUP, SPEC.replace('"kill"', '"cut"')),
    "where runs begin": (HACF, GROUP, 'start_from = "boot"\n' + SPEC),
    "the time a script takes": (HACF, GROUP, SPEC + "[durations.Filesystem]\nstart = [1, 2]\n"),
    "a plot": (HACF, GROUP, 'through = ["kill[node1]"]\n' + SPEC),
}


@pytest.mark.parametrize("name", OTHER)
def test_another_value_is_another_configuration(tmp_path: Path, name: str) -> None:
    assert effective(spec(tmp_path / "other", *OTHER[name])).text != effective(spec(tmp_path / "one")).text


def test_the_release_counts(tmp_path: Path) -> None:
    old, new = (effective(spec(tmp_path / "one", version=version)).text for version in (Version.V2_0_8, Version.V3_0_6))

    assert old != new


def test_the_places_of_two_writings_correspond(tmp_path: Path) -> None:
    one, other = effective(spec(tmp_path / "one")), effective(spec(tmp_path / "other", "\n\n" + HACF))

    moved = [(b.line - a.line) for a, b in zip(one.places, other.places, strict=True) if a.file.endswith("ha.cf")]
    assert set(moved) == {2}


def test_what_nobody_knows_is_not_passed_over() -> None:
    with pytest.raises(TypeError, match="nobody knows"):
        Effective().add(object())
