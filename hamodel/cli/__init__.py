"""The command line: one subcommand a file. A module of this package with a click command `command` is a subcommand.

Modules whose name begins with an underscore are helpers. A subcommand imports nothing heavy at its top, so that
`hamodel --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from hamodel.cli._codes import CLOSED, EPILOG, HOLDS, INTERRUPTED, USAGE, code_of
from hamodel.errors import HamodelError, Say


class Commands(click.Group):
    """Finds subcommands by the names of the modules beside this one, and turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        folder = Path(__file__).parent
        return sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found = getattr(import_module(f"hamodel.cli.{cmd_name}"), "command", None)
        return found if isinstance(found, click.Command) else None

    def make_context(self, *args: Any, **more: Any) -> click.Context:  # noqa: ANN401  # click's own signature
        """Where nobody reads the help or the version."""
        try:
            return super().make_context(*args, **more)
        except BrokenPipeError:
            raise click.exceptions.Exit(CLOSED) from None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        """Where nobody reads the answer; click itself would end with 1, which is a violation."""
        try:
            return self._answer(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(CLOSED) from None

    def _answer(self, ctx: click.Context) -> Any:  # noqa: ANN401  # what the commands return
        try:
            return super().invoke(ctx)
        except HamodelError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(error.render(say=_speaker(ctx)), err=True)
            ctx.exit(code_of(error))
        except KeyboardInterrupt:
            click.echo(_speaker(ctx)("interrupted"), err=True)
            ctx.exit(INTERRUPTED)
        except click.ClickException as error:
            vars(error)["message"] = _speaker(ctx)(error.message)  # final for type checkers, and what click prints
            raise
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except OSError as error:  # a full disk, a file in the way: the machine's fault, not ours
            if ctx.params.get("debug"):
                raise
            say = _speaker(ctx)
            help = say("make room, or name another place (--out, --html ...)")
            click.echo(f"{say('error')}: {error}\n  = {say('help')}: {help}", err=True)
            ctx.exit(USAGE)
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            said = HamodelError(
                f"{type(error).__name__}: {error}",
                help="this is our own fault: please report it, with the output of `hamodel --debug ...`",
            )
            click.echo(said.render(say=_speaker(ctx)), err=True)
            ctx.exit(code_of(said))


def _speaker(ctx: click.Context) -> Say:
    """The language that the failed command was asked to speak; the options are shared with the contexts above it."""
    from hamodel.cli._language import speaker_of

    return speaker_of(ctx)


def _tell_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"hamodel {version('hamodel')}")
        except PackageNotFoundError:
            click.echo("hamodel (a checkout that is not installed)")
        ctx.exit()


@click.command(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="Show the version."
)
def command(debug: bool) -> None:
    """What can this Heartbeat cluster do to us?

    hamodel reads ha.cf and haresources, explores every run of the two nodes in exact time, and answers with a verdict
    and its evidence.
    """


def main() -> None:
    """The program `hamodel`. A terminal that cannot show a character gets a question mark instead of a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        code = _answered()
        sys.stdout.flush()
    except BrokenPipeError:
        code = CLOSED
    if code == CLOSED:
        _nobody_reads()
    return code


def _answered() -> int:
    try:
        code = command(prog_name="hamodel", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Aborted!", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else HOLDS


def _nobody_reads() -> None:
    """Whoever read our output has gone, as `head` does: what is still to be written goes nowhere, without a word."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
