"""In which language a command speaks: `--lang`, or HAMODEL_LANG where it is not given."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from hamodel.config.spec import Spec
    from hamodel.renderers.language import Say

F = TypeVar("F", bound=Callable[..., Any])
_KEY = "hamodel.language"
VARIABLE = "HAMODEL_LANG"
CHOICES = ("en", "zh")


def _remember(ctx: click.Context, _param: click.Parameter, value: str) -> None:
    ctx.meta[_KEY] = value


def language_option(function: F) -> F:
    """The option of every command that tells people something; it is read back by `speaker`."""
    return click.option(
        "--lang",
        type=click.Choice(CHOICES),
        default="en",
        envvar=VARIABLE,
        show_default=True,
        expose_value=False,
        callback=_remember,
        help="The language of stories, findings and reports.",
    )(function)


def chosen() -> str:
    """The language of the running command."""
    context = click.get_current_context(silent=True)
    return "en" if context is None else _of(context)


def _of(context: click.Context) -> str:
    """The language that was chosen; before the option was read, and for commands without it, the environment's."""
    asked = os.environ.get(VARIABLE, "en")
    return str(context.meta.get(_KEY, asked if asked in CHOICES else "en"))


def speaker() -> Say:
    """How the running command says a sentence."""
    from hamodel.renderers.language import language

    return language(chosen())


def speak(sentence: str, *, err: bool = False) -> None:
    """Print a sentence in the language of the running command."""
    click.echo(speaker()(sentence), err=err)


def speaker_of(context: click.Context) -> Say:
    """The same where the command has ended, by the context of its caller: both share one `meta`."""
    from hamodel.renderers.language import language

    return language(_of(context))


def titled(spec: Spec) -> Spec:
    """The spec, called what the language of the running command calls it."""
    from dataclasses import replace

    return replace(spec, title=title_of(spec))


def title_of(spec: Spec) -> str:
    """The spec's own title in the language of the running command, its name where it has none."""
    return (spec.about.title_zh if chosen() == "zh" else "") or spec.title or spec.name
