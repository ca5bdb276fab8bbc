"""Manual pages for man(1): one for the program and one for each command, from the same help that `--help` prints."""

from __future__ import annotations

from pathlib import Path

import click

from hamodel.errors import EngineUnavailable


def write_man_pages(out: Path) -> tuple[Path, ...]:
    """Write `hamodel.1`, `hamodel-check.1` ... into `out`.

    Raises `EngineUnavailable` where click-man is not installed.
    """
    try:
        from click_man.core import write_man_pages as write
    except ImportError as missing:
        raise EngineUnavailable(
            "click-man is not installed", help='pip install "hamodel[docs]" brings what writes manual pages'
        ) from missing
    from hamodel.cli import command

    out.mkdir(parents=True, exist_ok=True)
    write("hamodel", command, version=_version(), target_dir=str(out))
    program = click.Context(command, info_name="hamodel")
    for name in command.list_commands(program):
        found = command.get_command(program, name)
        if found is not None:
            write(name, found, parent_ctx=program, version=_version(), target_dir=str(out))
    return tuple(sorted(out.glob("hamodel*.1")))


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("hamodel")
    except PackageNotFoundError:
        return ""
