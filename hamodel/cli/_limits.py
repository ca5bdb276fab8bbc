"""How long and how large a check may become, from the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from hamodel.ir.verdict import Limits

ANY_NUMBER = 10**9
"""As many classes as the engines have numbers for."""


F = TypeVar("F", bound=Callable[..., Any])


def limit_options(timeout: str | None = None, *, of: str = "", jobs: str = "") -> Callable[[F], F]:
    """--timeout and --memory, and --jobs of what `jobs` names; the command gets them as `limits`.

    `timeout` is what holds where nothing is said; `of` is what is given up ("each check"), if not everything.
    """
    what = f"{of} " if of else ""
    options = [
        click.option("--timeout", metavar="TIME", default=timeout, show_default=timeout is not None,
                     help=f"Give up {what}after so long: 90s, 10min."),
        click.option("--memory", metavar="SIZE",
                     help=f"Give up {what}at so much memory: 512M, 4G "
                     "(default: 3/4 of the machine's, and 50 million classes)."),
    ]  # fmt: skip
    if jobs:
        help = f"How many {jobs} (default: one for each core)."
        options.insert(0, click.option("--jobs", type=click.IntRange(1, 64), help=help))

    def decorate(function: F) -> F:
        @wraps(function)
        def limited(*, timeout: str | None, memory: str | None, jobs: int | None = None, **given: Any) -> Any:  # noqa: ANN401
            return function(limits=limits_of(timeout, memory, jobs), **given)

        wrapped: Any = limited
        for option in reversed(options):
            wrapped = option(wrapped)
        return cast(F, wrapped)

    return decorate


def own_memory() -> bool:
    """Whether the running command was told how much memory it may have."""
    return click.get_current_context().params.get("memory") is not None


def limits_of(timeout: str | None, memory: str | None = None, jobs: int | None = None) -> Limits:
    """The limits of the options --timeout, --memory and --jobs; results do not depend on the number of threads.

    Who says how much memory there is, wants it used: then the number of classes is no limit of its own.
    """
    from hamodel.cli._machine import cores, memory_of
    from hamodel.ir.verdict import Limits

    seconds = _scaled(timeout, {"": 1, "ms": 0.001, "s": 1, "min": 60, "m": 60, "h": 3600}, "--timeout", "90s")
    given = _scaled(memory, {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}, "--memory", "4G")
    size = memory_of() * 3 // 4 if given is None and memory_of() else given
    limits = Limits(seconds=seconds, memory=None if size is None else int(size), jobs=jobs or cores())
    return limits if given is None else replace(limits, classes=ANY_NUMBER)


def _scaled(text: str | None, units: Mapping[str, float], option: str, example: str) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*", text)
    if match is None or match[2].lower() not in units:
        raise click.UsageError(f"{option} {text}: write something like {example}")
    return float(match[1]) * units[match[2].lower()]
