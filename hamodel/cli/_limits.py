"""How long and how large a check may become, from the command line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hamodel.ir.verdict import Limits

MEMORY = "Give up at so much memory: 512M, 4G (default: 3/4 of the machine's, and 20 million classes)."
ANY_NUMBER = 10**9
"""As many classes as the engines have numbers for."""


def limits_of(timeout: str | None, memory: str | None = None, jobs: int | None = None) -> Limits:
    """The limits of the options --timeout, --memory and --jobs; results do not depend on the number of threads.

    Who says how much memory there is, wants it used: then the number of classes is no limit of its own.
    """
    from hamodel.cli._machine import cores, memory_of
    from hamodel.ir.verdict import Limits

    seconds = _scaled(timeout, {"": 1, "s": 1, "min": 60, "m": 60, "h": 3600}, "--timeout", "90s")
    given = _scaled(memory, {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}, "--memory", "4G")
    size = memory_of() * 3 // 4 if given is None and memory_of() else given
    limits = Limits(seconds=seconds, memory=None if size is None else int(size), jobs=jobs or cores())
    return limits if given is None else replace(limits, classes=ANY_NUMBER)


def _scaled(text: str | None, units: dict[str, int], option: str, example: str) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]*)\s*", text)
    if match is None or match[2].lower() not in units:
        raise click.UsageError(f"{option} {text}: write something like {example}")
    return float(match[1]) * units[match[2].lower()]
