"""No rule of the reference is silently missing."""

from __future__ import annotations

import re

from hamodel.machines.coverage import coverage
from tests.shared import SHARED, needs_shared


def test_every_rule_is_modelled_or_says_why_not_but_not_both() -> None:
    for row in coverage():
        assert row.modelled != bool(row.reason), row
        assert bool(row.reason) == bool(row.hides), row


@needs_shared
def test_every_id_of_the_reference_has_its_row() -> None:
    text = (SHARED / "reference" / "semantics.md").read_text()
    ids = re.findall(r"^\| ([NSLRBDTXIA]\d+[a-hLS]?'{0,2}) (?:`\[\d\]` )?\|", text, flags=re.M)

    known = {row.id for row in coverage()}

    assert len(set(ids)) > 90
    assert sorted(set(ids) - known) == []
