"""`hamodel walk` can be scripted as well as typed, and never offers what cannot be."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

from click.testing import CliRunner, Result

from hamodel.cli import _walkview, command
from hamodel.cli._walkview import seconds, span
from hamodel.cli.walk import _listed

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "01-webdata")


def walk(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, ["walk", SPEC, *words], input=typed)


def screens(output: str) -> list[str]:
    """What was shown at each point."""
    return [s for s in output.split("\n\n") if s.strip()]


def test_a_killed_daemon_is_declared_dead_after_its_dead_time() -> None:
    result = walk("--events", "kill[node1],peer_fell_silent[node2]")

    assert result.exit_code == 0, result.output
    assert "heartbeat is killed on node1" in result.output
    assert re.search(r"peer fell silent \(node2\) +in 28 \.\. 30\.2\d s", result.output)
    assert "peer fell silent (node2)   at 28 .. 30.2" in result.output
    assert "node2 declares node1 dead" in result.output


def test_two_mounts_turn_a_light_red() -> None:
    to_both = "kill[node1],peer_fell_silent[node2],own_groups_checked[node2]" + ",script_step_ends[node2,queue]" * 2

    result = walk("--events", to_both)

    assert result.exit_code == 0, result.output
    assert "single_mount is BROKEN" in result.output


def test_no_line_is_wider_than_a_terminal() -> None:
    result = walk("--events", "kill[node1],peer_fell_silent[node2]", "--logs")

    assert max(map(len, result.output.splitlines())) <= 80


def test_commands_come_from_a_pipe_and_undo_shows_the_same_screen() -> None:
    result = walk(typed="1\nu\nq\n")

    first, _, third = screens(result.output)[:3]
    assert result.exit_code == 0
    assert third == first


def test_the_end_of_the_input_is_the_end_of_the_walk() -> None:
    assert walk(typed="").exit_code == 0


def test_an_event_can_be_typed_by_name_and_given_a_time() -> None:
    result = walk(typed="kill[node1] @ 5\npeer_fell_silent[node2] @ 33.5\nq\n")

    assert "heartbeat is killed on node1 (killall -9 heartbeat)   at 5 s" in result.output
    assert "peer fell silent (node2)   at 33.5 s" in result.output


def test_what_cannot_be_is_refused_and_the_walk_goes_on() -> None:
    result = walk(typed="bites[node1]\n99\nnonsense\nu\n?\nq\n")

    assert result.exit_code == 0
    assert "bites[node1] is not enabled here" in result.output
    assert "there is no event 99 in the list" in result.output
    assert "no action called nonsense" in result.output
    assert "this is the beginning" in result.output
    assert "undo" in result.output


def test_events_that_cannot_be_end_a_script_with_an_error() -> None:
    assert walk("--events", "peer_fell_silent[node2]").exit_code != 0


def test_chance_has_a_seed() -> None:
    one, same, other = (walk("--random", "12", "--seed", s, "--brief", "--from", "boot") for s in ("1", "1", "2"))

    assert one.exit_code == 0, one.output
    assert one.output == same.output
    assert one.output != other.output


def test_a_saved_walk_is_a_trace_that_replays(tmp_path: Path) -> None:
    target = tmp_path / "walk.json"

    saved = walk("--events", "kill[node1],peer_fell_silent[node2]", "--save", str(target))
    again = CliRunner().invoke(command, ["replay", str(target)])

    assert saved.exit_code == 0, saved.output
    assert [e["name"] for e in json.loads(target.read_text())["events"]] == ["kill[node1]", "peer_fell_silent[node2]"]
    assert again.exit_code == 0, again.output


def test_a_comma_in_brackets_belongs_to_the_name() -> None:
    assert _listed("kill[node1], script_step_ends[node1,queue]@3") == ["kill[node1]", "script_step_ends[node1,queue]@3"]


def test_times_are_said_without_needless_zeros() -> None:
    assert [seconds(0), seconds(28_250), seconds(1)] == ["0 s", "28.25 s", "0.001 s"]
    assert span(2_000, 2_250) == "2 .. 2.25 s"
    assert doctest.testmod(_walkview).failed == 0
