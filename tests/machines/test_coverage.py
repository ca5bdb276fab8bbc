"""No rule of the reference is silently missing."""

from __future__ import annotations

import re

import pytest

from hamodel.errors import ModelError
from hamodel.machines import MACHINES
from hamodel.machines.coverage import coverage
from tests.shared import SHARED, needs_shared


def test_every_rule_is_modelled_or_says_why_not_but_not_both() -> None:
    for row in coverage():
        assert row.modelled != bool(row.reason), row
        assert bool(row.reason) == bool(row.hides), row
        assert row.errs in ("", "adds", "removes", "nothing"), row


def test_no_id_stands_twice() -> None:
    ids = [row.id for row in coverage()]

    assert len(ids) == len(set(ids))


def test_a_row_that_names_a_rule_nobody_has_is_our_own_fault() -> None:
    with pytest.raises(ModelError, match="no machine file has"):
        coverage(MACHINES[:3])


@needs_shared
def test_every_subsection_has_its_rows() -> None:
    """Sections 1 to 10 of the reference, but for those whose rules all have ids, and the release and restart."""
    text = (SHARED / "reference" / "semantics.md").read_text()
    parts = re.split(r"^#{2,3} ([0-9.]+) ", text, flags=re.M)
    wanted = {
        number.rstrip(".")
        for number, said in zip(parts[1::2], parts[2::2], strict=True)
        if int(number.split(".")[0]) <= 10
        and not re.search(r"^\| [NSLRBDTXIA]\d", said, flags=re.M)
        and len(said) > 300
    }

    have = {part for row in coverage() for part in (row.id.split()[0], row.id.split("-")[0])}

    assert {"1.1", "1.2", "2.1", "2.2", "4.1", "4.2", "4.3", "4.5", "7.1", "9"} <= wanted
    assert sorted(wanted - have) == []


@needs_shared
def test_every_id_of_the_reference_has_its_row() -> None:
    text = (SHARED / "reference" / "semantics.md").read_text()
    ids = re.findall(r"^\| ([NSLRBDTXIA]\d+[a-hLS]?'{0,2}) (?:`\[\d\]` )?\|", text, flags=re.M)

    known = {row.id for row in coverage()}

    assert len(set(ids)) > 90
    assert sorted(set(ids) - known) == []
