"""Property files."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.errors import BrokenPropertyFile, DoubleProperty, FileUnreadable, UnknownProperty
from hamodel.properties.loader import definitions_of, from_text, load, select, shipped_folder

GOOD = "from hamodel.properties import *\n\n@always\ndef {name}(cluster):\n    '''Fine.'''\n    return true()\n"

SHIPPED = [
    "clients_stay",
    "failback_converges",
    "no_flapping",
    "orderly_stop_never_resets",
    "owner_stays",
    "served_again",
    "single_mount",
    "single_owner",
    "somebody_serves",
    "watchdog_reboots_after_kill",
]


def test_the_shipped_properties_are_all_there_and_sorted() -> None:
    assert [d.name for d in load()] == SHIPPED


def test_every_shipped_property_is_named_like_its_file_and_says_what_it_claims() -> None:
    for path in sorted(shipped_folder().glob("*.py")):
        (definition,) = definitions_of(path)

        assert definition.name == path.stem
        assert definition.doc.endswith(".")


def test_a_folder_adds_properties_to_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(GOOD.format(name="mine"))
    (tmp_path / "_helper.py").write_text("1 / 0")

    assert [d.name for d in load([tmp_path])] == sorted([*SHIPPED, "mine"])


def test_a_property_that_takes_a_shipped_name_is_refused_and_both_places_are_shown(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(GOOD.format(name="single_mount"))

    with pytest.raises(DoubleProperty, match="two properties are called single_mount") as caught:
        load([tmp_path])
    assert "properties/single_mount.py" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("x = (\n", "is no Python", 1),
        ("\n\n1 / 0\n", "ZeroDivisionError", 3),
        ("x = 1\n", "defines no property", 1),
        ("import no_such_module_at_all\n", "ModuleNotFoundError", 1),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str, line: int
) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)

    with pytest.raises(BrokenPropertyFile, match=message) as caught:
        definitions_of(path)
    assert caught.value.span is not None
    assert (caught.value.span.file, caught.value.span.line) == (str(path), line)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        load([tmp_path / "nowhere"])


def test_a_misspelt_property_suggests_the_nearest_one() -> None:
    with pytest.raises(UnknownProperty, match="did you mean single_mount"):
        select(load(), ["single_mout"])


def test_named_properties_come_in_the_order_they_were_named_and_once() -> None:
    chosen = select(load(), ["single_owner", "no_flapping", "single_owner"])

    assert [d.name for d in chosen] == ["single_owner", "no_flapping"]


def test_a_typed_formula_is_a_property_with_its_text_as_claim() -> None:
    definition = from_text("never", "a and\n b", 2)

    assert (definition.name, definition.doc, definition.negated) == ("never_2", "Never: a and b", True)
