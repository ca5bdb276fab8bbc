"""What stands on the command line becomes a spec: files, a budget, and values set for this one check."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from hamodel.checking.material import Material
    from hamodel.config.spec import Spec

F = TypeVar("F", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


def config_options(function: F) -> F:
    """The options of every command that reads a configuration."""
    for option in reversed(
        [
            click.option("--heartbeat", type=click.Choice(["2.0.8", "3.0.6"]), help="Which release runs."),
            click.option(
                "--set", "settings", multiple=True, metavar="KEY=VALUE",
                help="Another value for a directive of ha.cf (deadtime=10) or a key of spec.toml (start_from=boot).",
            ),
        ]
    ):  # fmt: skip
        function = option(function)
    return function


def fault_options(function: F) -> F:
    """How many faults, and of which kinds, where the files are not to say it."""
    for option in reversed(
        [
            click.option("--budget", type=click.IntRange(0, 20), help="How many faults and commands at most, in all."),
            click.option(
                "--faults", metavar="KIND=N,...", help="Only these kinds, each at most so often: kill=1,cut=1."
            ),
        ]
    ):
        function = option(function)
    return function


properties_option = click.option(
    "--properties", "folders", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
    help="A folder with more property files.",
)  # fmt: skip


def pairs(texts: Sequence[str], option: str) -> list[tuple[str, str]]:
    """`key=value`, one or several separated by commas in one text."""
    found = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise click.UsageError(f"{option} {text}: write KEY=VALUE")
        found.append((key.strip(), value.strip()))
    return found


def fault_limits(text: str) -> dict[str, int]:
    """`kill=1,cut=2`: only these kinds, each at most so often; a bare name means once."""
    found: dict[str, int] = {}
    for part in text.split(","):
        kind, _, number = part.strip().partition("=")
        if not kind or (number and not number.isdecimal()):
            raise click.UsageError(f"--faults {text}: write KIND=NUMBER,KIND=NUMBER")
        found[kind] = int(number or "1")
    return found


@dataclass(frozen=True)
class Read:
    """A spec, its files as they were read, and what the command line changed in spec.toml."""

    spec: Spec
    material: Material
    overrides: dict[str, object]


@contextmanager
def spec_of(
    paths: Sequence[Path],
    heartbeat: str | None = None,
    settings: Sequence[str] = (),
    faults: str | None = None,
    budget: int | None = None,
    through: Sequence[str] = (),
) -> Iterator[Read]:
    """The spec of these paths with what the command line changes."""
    from hamodel.checking.material import unpacked

    given = list(paths) or [Path()]
    material, overrides, copied = changes_of(given, settings, faults, budget, through)
    if not copied:
        yield Read(_read(given, heartbeat, overrides), material, overrides)
        return
    with unpacked(material) as (changed, root):
        yield Read(_read(changed, heartbeat, overrides, root), material, overrides)


def changes_of(
    paths: Sequence[Path],
    settings: Sequence[str] = (),
    faults: str | None = None,
    budget: int | None = None,
    through: Sequence[str] = (),
) -> tuple[Material, dict[str, object], bool]:
    """The files and the keys of spec.toml as the command line wants them, and whether it changes a file."""
    from hamodel.checking.material import gather, with_directive

    directives, overrides = _sorted(pairs(settings, "--set"))
    overrides |= _fault_overrides(faults, budget)
    overrides |= {"through": list(through)} if through else {}
    material = gather(paths)
    for directive, value in directives:
        material = with_directive(material, directive, value)
    return material, overrides, bool(directives)


def _sorted(settings: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Directives of ha.cf on the one side, keys of spec.toml on the other."""
    from hamodel.checking.axes import in_spec, toml_value

    directives: list[tuple[str, str]] = []
    overrides: dict[str, object] = {}
    for key, value in settings:
        if in_spec(key):
            overrides[key] = toml_value(value)
        else:
            directives.append((key, value))
    return directives, overrides


def _fault_overrides(faults: str | None, budget: int | None) -> dict[str, object]:
    found: dict[str, object] = {}
    if faults is not None:
        limits = fault_limits(faults)
        found |= {"faults.kinds": sorted(limits), **{f"faults.{kind}": n for kind, n in sorted(limits.items())}}
        found["faults.budget"] = sum(limits.values())
    if budget is not None:
        found["faults.budget"] = budget
    return found


def _read(paths: Sequence[Path], heartbeat: str | None, overrides: dict[str, object], root: Path | None = None) -> Spec:
    """Read; files that were changed for this check lie in `root`, which nobody wants to see in a message."""
    from hamodel.config.daemon import Version
    from hamodel.config.spec import read_spec

    version = Version(heartbeat) if heartbeat else None
    if root is None:
        return read_spec(paths, version, overrides)
    before = Path.cwd()
    os.chdir(root)
    try:
        return read_spec([path.relative_to(root) for path in paths], version, overrides)
    finally:
        os.chdir(before)
