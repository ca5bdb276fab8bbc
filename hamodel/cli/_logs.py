"""The options of every command that writes logs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

import click

from hamodel.logs.style import BEGIN, LogStyle

F = TypeVar("F", bound=Callable[..., Any])
_DATES = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d_%H:%M:%S", "%Y-%m-%d"]


def _skews(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """NODE=MS each."""
    found = []
    for word in words:
        node, equals, amount = word.partition("=")
        try:
            found.append((node, int(amount)))
        except ValueError:
            raise click.BadParameter(f"{word} is not NODE=MS, such as node2=-71000", context, parameter) from None
        if not (node and equals):
            raise click.BadParameter(f"{word} names no node", context, parameter)
    return tuple(found)


_OPTIONS = (
    click.option("--skew", "skews", multiple=True, metavar="NODE=MS", callback=_skews,
                 help="In the logs the clock of NODE is so many ms fast, or slow if negative (repeatable)."),
    click.option("--log-begin", type=click.DateTime(_DATES), default=BEGIN, metavar="DATETIME",
                 help=f"When the trace begins in the logs (default: {BEGIN})."),
    click.option("--merged", is_flag=True, help="Also the file of a central log host that gets both nodes' syslog."),
    click.option("--debug-lines", is_flag=True,
                 help="Lines of level debug also in messages, not only in the debugfile."),
)  # fmt: skip


def log_options(function: F) -> F:
    """--skew, --log-begin, --merged and --debug-lines; the command gets them as one `log_style`."""

    @wraps(function)
    def styled(
        *,
        skews: tuple[tuple[str, int], ...],
        log_begin: datetime,
        merged: bool,
        debug_lines: bool,
        **others: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        return function(log_style=LogStyle(log_begin, skews, merged, debug_lines), **others)

    for option in reversed(_OPTIONS):
        styled = option(styled)
    return cast(F, styled)
