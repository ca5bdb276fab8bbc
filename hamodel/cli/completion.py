"""`hamodel completion`: the script with which a shell completes commands, options and their values."""

from __future__ import annotations

import click

EPILOG = """
\b
Examples:
  hamodel completion bash > ~/.local/share/bash-completion/completions/hamodel
  hamodel completion zsh  > ~/.zfunc/_hamodel
  hamodel completion fish > ~/.config/fish/completions/hamodel.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for a shell."""
    from click.shell_completion import get_completion_class

    from hamodel.cli import command as program

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    click.echo(kind(program, {}, "hamodel", "_HAMODEL_COMPLETE").source())
