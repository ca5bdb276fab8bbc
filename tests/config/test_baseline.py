"""A list of accepted findings is read whole or refused with every problem in its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from hamodel.config.baseline import read_baseline
from hamodel.errors import BadBaseline, BaselineRefused, FileUnreadable

GOOD = """\
# what we live with
[[accepted]]
cluster = "fleet/web*"
property = "single_mount"
by = ["1 kill"]
reason = "the fence arrives in January"
until = 2027-01-31

[[accepted]]
cluster = "fleet/old"
code = "HA104"
reason = "switched off"
until = 2026-12-31
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "accepted.toml"
    path.write_text(text)
    return path


def test_a_list_is_read_with_its_places(tmp_path: Path) -> None:
    first, second = read_baseline(written(tmp_path, GOOD)).entries

    assert (first.what, first.by, first.until, first.outcome) == (
        "single_mount", ("1 kill",), datetime.date(2027, 1, 31), "violated",
    )  # fmt: skip
    assert second.is_code and second.what == "HA104"
    assert [entry.span.line for entry in (first, second) if entry.span is not None] == [2, 9]


def test_clusters_are_named_from_the_folder_of_the_list(tmp_path: Path) -> None:
    baseline = read_baseline(written(tmp_path, GOOD))
    (tmp_path / "fleet" / "web1").mkdir(parents=True)

    name = baseline.name_of(str(tmp_path / "fleet" / "web1"))

    assert name == "fleet/web1"
    assert [entry.covers(name) for entry in baseline.entries] == [True, False]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("until = 2027-01-31", 'until = "2027-01-31"'), "needs `until`, a date"),
        (("until = 2027-01-31", ""), "needs `until`, a date"),
        (("until = 2027-01-31", "until = 2027-01-31T00:00:00"), "needs `until`, a date"),
        (('reason = "the fence arrives in January"', 'reason = " "'), "needs a reason"),
        (('cluster = "fleet/web*"', ""), "needs a cluster"),
        (('property = "single_mount"', 'property = "single_mount"\ncode = "HA104"'), "either a property or a code"),
        (('property = "single_mount"', 'propety = "single_mount"'), "propety is no key"),
        (('by = ["1 kill"]', 'by = "1 kill"'), "`by` is a list"),
        (('by = ["1 kill"]', 'outcome = "holds"'), "outcome is one of"),
    ],
)
def test_every_problem_is_told_in_its_place(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(BaselineRefused) as caught:
        read_baseline(written(tmp_path, GOOD.replace(*change)))

    messages = [str(error.message) for error in caught.value.errors]
    assert any(said in message for message in messages), messages
    assert all(error.code == "HA134" and error.span is not None for error in caught.value.errors)


@pytest.mark.parametrize("text", ["[[accepted]\n", 'accepted = "all"\n', "[other]\n", "accepted = [1]\n"])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadBaseline):
        read_baseline(written(tmp_path, text))


def test_a_missing_list_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="--write-baseline"):
        read_baseline(tmp_path / "none.toml")
