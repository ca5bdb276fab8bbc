"""`hamodel draw` draws what a cluster lives through, from its files alone."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from hamodel.cli import _charts, command

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "01-webdata")


def draw(*words: str) -> Result:
    return CliRunner().invoke(command, ["draw", SPEC, "--quiet", *words])


def test_the_list_names_every_kind_of_lifecycle() -> None:
    result = draw("--list")

    kinds = {line.split("[")[0] for line in result.output.splitlines()}
    assert result.exit_code == 0
    assert {"node", "view", "ping", "cable", "resource", "protocol", "standby", "ipfail", "watchdog"} <= kinds


def test_an_explored_view_shows_how_a_peer_comes_up() -> None:
    result = draw("--lifecycle", "view[node1]", "--classes", "3000", "--budget", "0")

    assert result.exit_code == 0, result.output
    assert "stateDiagram-v2" in result.output
    assert "status arrives" in result.output
    assert "(" not in result.output.split("stateDiagram-v2")[1].replace("state (", ""), "only what was seen"


def test_pictures_go_into_a_folder_one_a_lifecycle_and_are_well_formed(tmp_path: Path) -> None:
    result = draw("--lifecycle", "standby", "--lifecycle", "cable", "--no-explore", "--out", str(tmp_path))

    files = sorted(tmp_path.iterdir())
    assert result.exit_code == 0, result.output
    assert len(files) >= 4
    assert all(ElementTree.parse(f).getroot().tag.endswith("svg") for f in files)


def test_several_pictures_do_not_fit_in_one_output() -> None:
    result = draw("--format", "svg", "--no-explore", "--lifecycle", "view")

    assert result.exit_code == 2
    assert "choose one" in result.output


def test_an_unknown_lifecycle_is_refused_with_those_there_are() -> None:
    result = draw("--lifecycle", "veiw", "--no-explore")

    assert result.exit_code == 2
    assert "view" in result.output


def test_what_never_moves_is_drawn_only_when_asked_for_by_name() -> None:
    everything = draw("--no-explore", "--lifecycle", "view")
    asked = draw("--no-explore", "--lifecycle", "watchdog[node1]")

    assert "watchdog" not in everything.output
    assert 'state "off"' in asked.output


@pytest.mark.parametrize("most", [1 << 62, 50])
@pytest.mark.parametrize("columns", [0, 1, 3, 40])
def test_rows_have_the_same_number_if_and_only_if_they_are_equal(
    most: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_charts, "MOST", most)
    rows = np.random.default_rng(1).integers(0, 256 if columns == 40 else 4, (3000, columns)).astype(np.uint8)
    rows[1000:2000] = rows[:1000]

    pairs = {(number, row.tobytes()) for number, row in zip(_charts._keys(rows).tolist(), rows, strict=True)}

    assert len({number for number, _ in pairs}) == len({row for _, row in pairs}) == len(pairs)
