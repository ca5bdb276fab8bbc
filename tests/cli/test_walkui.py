"""The full-screen walk, driven by keys as a person would: take, back, forward, save."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

pytest.importorskip("textual", reason="the extra `tui` is not installed")

from textual.widgets import Input, OptionList, Static

from hamodel.checking.of_spec import case_of
from hamodel.cli import command
from hamodel.cli._inputs import spec_of
from hamodel.cli._walkui import Walking
from hamodel.cli.walk import Session

SPEC = Path(__file__).resolve().parents[2] / "specs" / "01-webdata"


def walking() -> Walking:
    with spec_of([SPEC]) as read:
        return Walking(Session(case_of(read.spec), read, "steady", 7, False))


def driven(does: Callable[[Walking, Any], Awaitable[None]], size: tuple[int, int] = (100, 40)) -> None:
    async def run() -> None:
        app = walking()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await does(app, pilot)

    asyncio.run(run())


def offered(app: Walking) -> list[str]:
    chooser = app.query_one("#offers", OptionList)
    return [str(chooser.get_option_at_index(i).id) for i in range(chooser.option_count)]


def shown(app: Walking, place: str) -> str:
    return str(app.query_one(place, Static).render())


async def choose(app: Walking, pilot: Any, name: str) -> None:  # noqa: ANN401 - textual's own type is generic
    app.query_one("#offers", OptionList).highlighted = offered(app).index(name)
    await pilot.press("enter")
    await pilot.pause()


def test_enter_takes_the_event_and_the_picture_changes() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")

        assert app.session.walk.names == ("kill[node1]",)
        assert "heartbeat is killed on node1" in shown(app, "#how")
        assert "heartbeat is killed on node1" in shown(app, "#story")

    driven(does)


def test_only_what_can_happen_is_offered() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")

        assert offered(app) == [offer.action.name for offer in app.session.walk.offers()]
        assert "kill[node1]" not in offered(app)

    driven(does)


def test_back_and_forward_come_to_the_same_state() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")
        there = app.session.walk.state

        await pilot.press("left")
        assert app.session.walk.names == ()
        assert "→" in shown(app, "#story")
        await pilot.press("right")

        assert app.session.walk.state == there
        assert app.undone == []

    driven(does)


def test_another_way_forgets_what_was_undone() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")
        await pilot.press("left")
        await choose(app, pilot, "kill[node2]")

        assert app.undone == []

    driven(does)


def test_a_broken_property_is_lit() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")
        for _ in range(40):
            if "BROKEN" in shown(app, "#how"):
                break
            timers = [n for n in offered(app) if app.session.system.actions[app.session.system.action_index[n]].timer]
            await choose(app, pilot, timers[0])

        assert "single_mount is BROKEN" in shown(app, "#how") or "single_owner is BROKEN" in shown(app, "#how")

    driven(does)


def test_keys_at_the_ends_do_no_harm() -> None:
    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await pilot.press("left", "right", "r", "l", "l")

        assert len(app.session.walk.names) == 1

    driven(does, size=(60, 20))


def test_it_saves_a_trace_that_replays_and_a_spec_that_checks(tmp_path: Path) -> None:
    trace, spec = tmp_path / "walk.json", tmp_path / "spec"

    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await choose(app, pilot, "kill[node1]")
        for key, target in (("s", trace), ("p", spec)):
            await pilot.press(key)
            await pilot.pause()
            app.screen.query_one(Input).value = str(target)
            await pilot.press("enter")
            await pilot.pause()

    driven(does)

    assert json.loads(trace.read_text())["events"][0]["name"] == "kill[node1]"
    assert CliRunner().invoke(command, ["replay", str(trace)]).exit_code == 0
    done = CliRunner().invoke(command, ["check", str(spec), "--property", "single_mount", "--no-evidence"])
    assert "single_mount  violated  by 1 kill" in done.output, done.output


def test_a_spec_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")

    async def does(app: Walking, pilot: Any) -> None:  # noqa: ANN401
        await pilot.press("p")
        await pilot.pause()
        app.screen.query_one(Input).value = str(tmp_path)
        await pilot.press("enter")
        await pilot.pause()

    driven(does)

    assert [p.name for p in tmp_path.iterdir()] == ["kept"]
