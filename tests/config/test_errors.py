"""Every HA1xx error can be provoked, and no code means two things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hamodel import errors
from hamodel.config.cluster import ConfigurationRefused, read_cluster
from hamodel.config.findings import Topic
from hamodel.config.spec import read_spec
from hamodel.errors import HamodelError
from tests.config.helpers import GOOD, GROUP, KEYS, start, write

CASES: dict[str, tuple[str, str, str]] = {
    "HA102": (GOOD + "junk\n", GROUP, KEYS),
    "HA103": (GOOD + "keepalive x\n", GROUP, KEYS),
    "HA104": (GOOD + "deadtime 4\n", GROUP, KEYS),
    "HA105": (GOOD + "initdead 4\n", GROUP, KEYS),
    "HA106": (GOOD + "deadping 4\n", GROUP, KEYS),
    "HA107": (GOOD.replace("bcast eth1 eth2\n", ""), GROUP, KEYS),
    "HA108": (GOOD.replace("node node1 node2\n", ""), "", KEYS),
    "HA110": (GOOD + "serial ttyS0\n", GROUP, KEYS),
    "HA111": (GOOD + "ucast\n", GROUP, KEYS),
    "HA112": (GOOD + "stonith\n", GROUP, KEYS),
    "HA113": (GOOD + "respawn root true\n", GROUP, KEYS),
    "HA114": (GOOD + "apiauth x\n", GROUP, KEYS),
    "HA115": (GOOD.replace("logfacility local0", "use_logd off"), GROUP, KEYS),
    "HA116": (GOOD + "autojoin other\n", GROUP, KEYS),
    "HA117": (GOOD + "node " + "n " * 99, GROUP, KEYS),
    "HA118": (GOOD + "watchdog /dev/a\nwatchdog /dev/a\n", GROUP, KEYS),
    "HA120": (GOOD, GROUP, KEYS + "x\n"),
    "HA122": (GOOD, GROUP, "auth 2\n"),
    "HA125": (GOOD, "lisa a\n", KEYS),
}
ELSEWHERE = {
    "HA100": "the root of the reading errors; a field the nodes do not share (test_cluster)",
    "HA101": "missing files (test_cluster)",
    "HA109": "a node that does not know itself (test_crosschecks)",
    "HA119": "the refusal as a whole (test_cluster)",
    "HA121": "permissions (test_authkeys)",
    "HA123": "logs that are not there (logs/test_sources)",
    "HA124": "files that are no logs (logs/test_sources)",
    "HA126": "broken archives (logs/test_sources)",
    "HA127": "bombs (logs/test_sources)",
    "HA128": "logs that were turned round (logs/test_sources)",
    "HA129": "wrong paths (test_cluster)",
    "HA130": "test_spec",
    "HA131": "test_spec",
    "HA132": "test_spec",
    "HA133": "test_spec",
    "HA134": "accepted findings (test_baseline)",
    "HA135": "the axes of a sweep (test_axes)",
    "HA137": "a list of accepted findings as a whole (test_baseline)",
    "HA138": "test_spec",
    "HA139": "the root of the groups, never raised by itself",
}


def classes(root: type[HamodelError]) -> Iterator[type[HamodelError]]:
    """A class and all below it."""
    yield root
    for child in root.__subclasses__():
        yield from classes(child)


def reading_errors() -> dict[str, type[HamodelError]]:
    """All error classes of this room by code."""
    return {kind.code: kind for kind in classes(HamodelError) if kind.code.startswith("HA1")}


def test_every_code_of_an_error_is_provoked_by_a_test() -> None:
    assert set(CASES) | set(ELSEWHERE) == set(reading_errors())


def test_each_case_provokes_exactly_its_error() -> None:
    for code, (hacf, haresources, authkeys) in CASES.items():
        found = start(hacf, haresources=haresources, authkeys=authkeys).errors

        assert [error.code for error in found] == [code]
        assert found[0].help, code


def test_no_two_errors_share_a_code_and_none_is_a_finding() -> None:
    kinds = [kind for kind in classes(HamodelError) if kind.code.startswith("HA1")]

    assert len(kinds) == len({kind.code for kind in kinds})
    assert not {kind.code for kind in kinds} & {topic.value for topic in Topic}
    assert ConfigurationRefused in kinds
    assert errors.RefusalGroup in kinds


def test_a_refusal_passes_through_the_spec(tmp_path: Path) -> None:
    write(tmp_path, hacf=GOOD + "junk\n")

    for read in (read_cluster, read_spec):
        try:
            read([tmp_path])
        except ConfigurationRefused as refused:
            assert refused.errors[0].code == "HA102"
        else:
            raise AssertionError("accepted")
