"""A parcel holds all that a worker needs, and a worker never raises."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hamodel.checking.fleet import Configuration, Parcel, opened, packed
from hamodel.checking.material import gather
from hamodel.checking.question import Question
from hamodel.checking.workers import Crew
from hamodel.config.spec import read_spec
from hamodel.ir.report import Report
from hamodel.ir.verdict import Limits, Outcome

HACF = "keepalive 2\ndeadtime 30\nbcast eth1\nbcast eth0\nauto_failback on\nnode node1 node2\n"
GROUP = "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n"


def pair(folder: Path, question: Question, hacf: str = HACF) -> Configuration:
    home = folder / "pair"
    home.mkdir()
    (home / "ha.cf").write_text(hacf)
    (home / "haresources").write_text(GROUP)
    (home / "authkeys").write_text("auth 1\n1 sha1 nobody-must-know\n")
    (home / "spec.toml").write_text('[faults]\nbudget = 1\nkinds = ["kill"]\n')
    return Configuration(
        "pair", "pair/ha.cf", read_spec([home]), gather([home]), {}, question, lambda report: report
    )  # fmt: skip


def parcel(folder: Path, question: Question, hacf: str = HACF, crew: Crew = Crew()) -> Parcel:  # noqa: B008  # frozen
    return packed(pair(folder, question, hacf), crew, 1)


def test_a_worker_answers_as_this_process_does_and_names_the_files_of_the_parcel(tmp_path: Path) -> None:
    question = Question(("single_mount",))
    configuration = pair(tmp_path, question)
    here = question.ask(read_spec([tmp_path / "pair"]))

    there = opened(packed(configuration, Crew(), 1))

    assert isinstance(there, Report)
    (mine,), (other,) = here.results, there.results
    assert (other.outcome, other.states, other.ways, other.story) == (mine.outcome, mine.states, mine.ways, mine.story)
    assert {line.file for line in other.rests_on if line.line} == {"pair/ha.cf", "pair/haresources"}


def test_no_secret_travels(tmp_path: Path) -> None:
    assert "nobody-must-know" not in repr(parcel(tmp_path, Question()))


def test_property_files_travel_as_text(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "quiet.py").write_text(
        'from hamodel.properties import always\n\n@always\ndef quiet(cluster):\n    """Both run."""\n'
        "    return ~cluster.faulted | cluster.faulted\n"
    )
    sent = parcel(tmp_path, Question(("quiet",), (mine,)))
    (mine / "quiet.py").unlink()

    report = opened(sent)

    assert isinstance(report, Report), report
    assert [(r.name, r.outcome) for r in report.results] == [("quiet", Outcome.HOLDS)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("def", "HA301"), ("from hamodel.properties import always\n\n@always\ndef quiet(c):\n    return 1 / 0\n", "HA30")],
    ids=["no Python", "fails"],
)
def test_a_broken_property_is_said_of_this_configuration_alone(tmp_path: Path, text: str, code: str) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "quiet.py").write_text(text)

    said = opened(parcel(tmp_path, Question(("quiet",), (mine,))))

    assert isinstance(said, tuple) and said[0].code.startswith(code)


def test_what_is_outside_the_model_is_said(tmp_path: Path) -> None:
    said = opened(parcel(tmp_path, Question(engine="bmc"), HACF.replace("node1 node2", "node1")))

    assert isinstance(said, tuple) and said[0].code == "HA210"


def test_another_hamodel_is_not_asked(tmp_path: Path) -> None:
    said = opened(replace(parcel(tmp_path, Question()), source="older"))

    assert isinstance(said, tuple) and said[0].code == "HA440"


def test_what_nobody_has_foreseen_is_said_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(Question, "ask", fail)

    said = opened(parcel(tmp_path, Question()))

    assert isinstance(said, tuple) and (said[0].code, said[0].message) == ("HA900", "ZeroDivisionError: oops")


def test_those_who_share_a_machine_share_its_memory_and_cores(tmp_path: Path) -> None:
    question = Question(limits=Limits(memory=8000, jobs=4))
    configuration = pair(tmp_path, question)

    alone, four = (packed(configuration, Crew(jobs=4), many).question.limits for many in (1, 9))
    far = packed(configuration, Crew("dask", "tcp://h:1", 4), 9).question.limits

    assert (alone.memory, alone.jobs, four.memory, four.jobs) == (8000, 4, 2000, 1)
    assert (far.memory, far.jobs) == (None, 1)
