"""What the machines log, the catalogue can write: names and fields are checked before any trace meets them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from hamodel.logs.catalogue import VERSIONS, message
from hamodel.logs.expand import COMPOUNDS, defaulted, known

MACHINES = Path(__file__).parents[2] / "hamodel" / "machines"


def statements() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every `log(n, "name", field=...)` of the machine files: where, name and fields."""
    for path in sorted(MACHINES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log":
                key = node.args[1]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield f"{path.name}:{node.lineno}", key.value, frozenset(k.arg for k in node.keywords if k.arg)


@pytest.mark.parametrize(("place", "key", "fields"), list(statements()))
def test_a_machine_s_log_statement_can_be_written(place: str, key: str, fields: frozenset[str]) -> None:
    releases = [version for version in VERSIONS if known(key, version)]
    assert releases, f"{place}: no log event or line is called {key}"
    if key in COMPOUNDS:
        assert set(COMPOUNDS[key].needs) <= fields <= {*COMPOUNDS[key].needs, *COMPOUNDS[key].may}, place
        return
    for version in releases:
        holes = set(message(key, version).placeholders)
        assert fields <= holes, place
        assert holes - fields <= defaulted(key), place
