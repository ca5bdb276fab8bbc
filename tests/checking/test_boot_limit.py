"""A limit that cuts the boot short is a limit like any other: an answer that is open, never our own fault."""

from __future__ import annotations

import pytest

from hamodel.checking.compiled import Compiled
from hamodel.checking.search import BootUnfinished, steady_starts
from hamodel.cli._codes import INCONCLUSIVE, code_of
from hamodel.errors import EngineLimit
from hamodel.ir.verdict import Limits
from tests.disk_toy import toy


def test_a_boot_that_is_not_explored_to_its_end_is_inconclusive() -> None:
    with pytest.raises(EngineLimit, match="the boot without any fault is not explored to its end") as raised:
        steady_starts(Compiled(), toy(), Limits(classes=1), lambda _what, _classes: None)

    assert isinstance(raised.value, BootUnfinished)
    assert code_of(raised.value) == INCONCLUSIVE
