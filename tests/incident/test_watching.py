"""A log that is watched tells, in the end, what the whole log explains; each line once, however it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamodel.cli.watch import pull
from hamodel.incident.case import explained
from hamodel.incident.changes import Event, Kind
from hamodel.incident.report import Certainty, Explanation
from hamodel.incident.watching import Watching
from hamodel.logs.following import Follower
from tests.shared import TRACES, needs_shared

pytestmark = needs_shared

RUNS = (
    "seed1_stop_start", "seed2_unplug_public", "seed3_power_off", "seed4_cut_all", "seed5_kill9_no_watchdog",
    "hz13_null_partition", "hz26_failed_reload", "hz17_stop_lies", "stonith_ok_kill9", "hz05_restart_afb_off",
)  # fmt: skip
FILES = ("node1/ha-debug", "node1/ha-log", "node1/messages", "node2/ha-debug", "node2/ha-log", "node2/messages")


class Written:
    """The files of a recording, written anew in pieces; `watch` follows them."""

    def __init__(self, run: str, root: Path, files: Sequence[str] = FILES) -> None:
        self.texts = {name: (TRACES / run / name).read_bytes() for name in files if (TRACES / run / name).exists()}
        self.paths = {name: root / name for name in self.texts}
        for path in self.paths.values():
            path.parent.mkdir(exist_ok=True, parents=True)
        self.done = dict.fromkeys(self.texts, 0)
        self.follower = Follower(list(self.paths.values()))
        self.watching = Watching()
        self.now = 0
        self.events: list[Event] = []

    def write(self, name: str, end: int) -> None:
        end = max(end, self.done[name])
        with self.paths[name].open("ab") as stream:
            stream.write(self.texts[name][self.done[name] : end])
        self.done[name] = end

    def look(self, *, last: bool = False) -> None:
        self.now += 500
        pull(self.follower, self.watching, last=last)
        self.events += self.watching.look(self.now)

    def finish(self) -> Explanation:
        for name, text in self.texts.items():
            self.write(name, len(text))
        self.look()
        self.look(last=True)
        self.follower.close()
        assert self.watching.report is not None
        return self.watching.report


def seconds(run: str, written: Written) -> Iterator[None]:
    """The files grow together, each by a twentieth at a time."""
    for part in range(1, 21):
        for name, text in written.texts.items():
            written.write(name, len(text) * part // 20)
        written.look()
        yield


def knowledge(report: Explanation) -> tuple[object, ...]:
    """What is known in the end, but for the names of the files."""
    owned = [(o.resource, o.node, o.begin, o.sure_from, o.sure_to, o.end, o.open_because) for o in report.owned]
    both = [(o.resource, o.nodes, o.begin, o.end, o.certainty) for o in report.overlaps]
    faults = [(f.kind, f.node, f.what, f.earliest, f.latest) for f in report.faults]
    return report.nodes, owned, both, faults, [(t.at, t.node, t.text) for t in report.story], report.clocks


@pytest.mark.parametrize("run", RUNS)
def test_in_the_end_the_same_is_known(run: str, tmp_path: Path) -> None:
    written = Written(run, tmp_path)
    for _ in seconds(run, written):
        pass

    assert knowledge(written.finish()) == knowledge(explained(list(written.paths.values())))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_the_log_is_cut_into_pieces_the_same_is_known(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("run")
    written = Written(data.draw(st.sampled_from(RUNS[:5])), root, ("node1/ha-log", "node2/ha-log"))
    for _ in range(data.draw(st.integers(0, 6))):
        name = data.draw(st.sampled_from(sorted(written.texts)))
        written.write(name, written.done[name] + data.draw(st.integers(0, 6000)))
        written.look()

    assert knowledge(written.finish()) == knowledge(explained(list(written.paths.values())))
    assert_once(written.events)


def assert_once(events: Sequence[Event]) -> None:
    told = [(e.kind, e.node, e.node_time, e.text, e.proofs) for e in events if e.kind is Kind.TOLD]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("run", RUNS)
def test_no_sentence_is_told_twice(run: str, tmp_path: Path) -> None:
    written = Written(run, tmp_path)
    for _ in seconds(run, written):
        pass
    written.finish()

    assert_once(written.events)
    lines = [
        (proof, e.text.partition(" over ")[0]) for e in written.events if e.kind is Kind.TOLD for proof in e.proofs[:1]
    ]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("run", RUNS)
def test_every_heavy_sentence_of_the_story_is_told(run: str, tmp_path: Path) -> None:
    written = Written(run, tmp_path)
    for _ in seconds(run, written):
        pass
    report = written.finish()
    said = {proof for event in written.events for proof in event.proofs}

    missing = [told.text for told in report.story if told.node and told.heavy and not said & set(told.proofs)]
    assert missing == []


def test_danger_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    written = Written("seed4_cut_all", tmp_path)
    for _ in seconds("seed4_cut_all", written):
        pass
    written.finish()
    disk = [event for event in written.events if event.resource == "/dev/sdb5" and event.kind is not Kind.OWNER]

    assert [event.kind for event in disk if event.kind is not Kind.POSSIBLE] == [Kind.UNSAFE, Kind.SAFE]
    assert disk[0].nodes == ("node1", "node2")
    assert "eth0 carried nothing" in next(e.cause for e in disk if e.kind is Kind.UNSAFE)
    assert written.watching.level is None


def test_one_that_still_lasts_is_the_level(tmp_path: Path) -> None:
    written = Written("seed5_kill9_no_watchdog", tmp_path)
    whole = written.finish()

    expected = {o.certainty for o in whole.overlaps if o.end is None}
    worst = Certainty.CERTAIN if Certainty.CERTAIN in expected else Certainty.POSSIBLE if expected else None
    assert worst is not None
    assert written.watching.level is worst


def test_danger_waits_until_it_has_lasted(tmp_path: Path) -> None:
    written = Written("seed4_cut_all", tmp_path)
    written.watching = Watching(settle=5_000)
    for name, text in written.texts.items():
        written.write(name, len(text) // 2)
    written.look()
    written.look()
    kinds = {event.kind for event in written.events}
    assert Kind.TOLD in kinds
    assert Kind.UNSAFE not in kinds
    written.now += 5_000
    written.look()

    assert Kind.UNSAFE in {event.kind for event in written.events}


def test_what_lies_before_the_start_is_summed_up(tmp_path: Path) -> None:
    written = Written("seed4_cut_all", tmp_path)
    for name, text in written.texts.items():
        written.write(name, len(text))
    pull(written.follower, written.watching, last=True)

    assert {event.kind for event in written.watching.look(0, past=True)} == {Kind.OWNER}


@pytest.mark.parametrize("cut", ["renamed", "truncated"])
def test_rotation_changes_nothing_that_is_known(cut: str, tmp_path: Path) -> None:
    written = Written("seed4_cut_all", tmp_path, ("node1/ha-log", "node2/ha-log"))
    for part, _ in enumerate(seconds("seed4_cut_all", written)):
        if part in (7, 13):
            written.look()
            for path in written.paths.values():
                if cut == "renamed":
                    path.rename(path.with_suffix(f".{part}"))
                else:
                    path.write_bytes(b"")
    report = written.finish()

    whole = explained([TRACES / "seed4_cut_all" / name for name in written.texts])
    assert knowledge(report) == knowledge(whole)
    assert_once(written.events)


def test_one_node_may_come_late(tmp_path: Path) -> None:
    written = Written("seed4_cut_all", tmp_path, ("node1/ha-log", "node2/ha-log"))
    for part in range(1, 21):
        written.write("node1/ha-log", len(written.texts["node1/ha-log"]) * part // 20)
        written.write("node2/ha-log", len(written.texts["node2/ha-log"]) * max(part - 3, 0) // 20)
        written.look()

    assert knowledge(written.finish()) == knowledge(explained(list(written.paths.values())))


def test_the_past_is_forgotten_and_the_present_is_not(tmp_path: Path) -> None:
    """The same night a hundred times over, each a day later than the one before."""
    days = 60
    path = tmp_path / "ha-log"
    text = (TRACES / "seed1_stop_start" / "node1" / "ha-log").read_text()
    date = text[:6]
    follower, watching = Follower([path]), Watching(most=1_500)
    sizes = []
    for day in range(days):
        month, number = ("Jan", "Feb", "Mar")[day // 28], day % 28 + 1
        with path.open("a") as stream:
            stream.write(text.replace(date, f"{month} {number:02d}"))
        pull(follower, watching)
        watching.look(day)
        sizes.append(watching.size)
    pull(follower, watching, last=True)
    watching.look(days)
    follower.close()

    assert watching.report is not None
    whole = explained([path])
    ours = {(o.resource, o.node, o.open_because) for o in watching.report.owned if o.end is None}
    assert ours == {(o.resource, o.node, o.open_because) for o in whole.owned if o.end is None}
    assert len(whole.owned) > len(watching.report.owned)
    assert max(sizes) < 4_000
    assert sizes[-1] < sum(len(line) > 0 for line in path.read_text().splitlines())
