"""What stands on the command line becomes a spec: files, a budget, and values set for this one check."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from hamodel.checking.material import Material
    from hamodel.config.spec import Spec

F = TypeVar("F", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@dataclass(frozen=True)
class Changes:
    """What the command line wants to be otherwise than the files say it."""

    heartbeat: str | None = None
    settings: tuple[str, ...] = ()
    faults: str | None = None
    budget: int | None = None
    through: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.heartbeat is not None or self.of_the_scenario

    @property
    def of_the_scenario(self) -> bool:
        """Whether this is another scenario than the one a spec.toml makes its promises about."""
        return bool(self.settings or self.faults or self.through or self.budget is not None)


AS_IT_IS = Changes()
"""Nothing is changed."""

_CONFIG = (
    click.option("--heartbeat", type=click.Choice(["2.0.8", "3.0.6"]), help="Which release runs."),
    click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE",
        help="Another value for a directive of ha.cf (deadtime=10) or a key of spec.toml (start_from=boot).",
    ),
)  # fmt: skip
_FAULTS = (
    click.option("--budget", type=click.IntRange(0, 20), help="How many faults and commands at most, in all."),
    click.option("--faults", metavar="KIND=N,...", help="Only these kinds, each at most so often: kill=1,cut=1."),
)
_THROUGH = (
    click.option("--through", multiple=True, metavar="EVENT",
                 help="Only runs in which these happen in this order (repeatable; * is any text)."),
)  # fmt: skip


def change_options(*, faults: bool = True, through: bool = False) -> Callable[[F], F]:
    """The options that change what the files say; the command gets them as one `changes`.

    `faults`: with --budget and --faults; `through`: with --through.
    """
    options = (*_CONFIG, *(_FAULTS if faults else ()), *(_THROUGH if through else ()))
    names = {"heartbeat", "settings", *(("faults", "budget") if faults else ()), *(("through",) if through else ())}

    def decorate(function: F) -> F:
        @wraps(function)
        def gathered(**given: Any) -> Any:  # noqa: ANN401
            mine = {name: given.pop(name) for name in names}
            return function(changes=Changes(**mine), **given)

        wrapped: Any = gathered
        for option in reversed(options):
            wrapped = option(wrapped)
        return cast(F, wrapped)

    return decorate


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
    from hamodel.config.faults import FAULT_KINDS

    found: dict[str, int] = {}
    for part in text.split(","):
        kind, _, number = part.strip().partition("=")
        if not kind or (number and not number.isdecimal()):
            raise click.UsageError(f"--faults {text}: write KIND=NUMBER,KIND=NUMBER")
        if kind not in FAULT_KINDS:
            near = ", ".join(difflib.get_close_matches(kind, FAULT_KINDS, n=3, cutoff=0.5))
            raise click.UsageError(
                f"--faults: there is no kind {kind}; nearest: {near}"
                if near
                else f"--faults: there is no kind {kind}; `hamodel faults` tells all"
            )
        found[kind] = int(number or "1")
    return found


@dataclass(frozen=True)
class Read:
    """A spec, its files as they were read, and what the command line changed in spec.toml."""

    spec: Spec
    material: Material
    overrides: dict[str, object]


@contextmanager
def spec_of(paths: Sequence[Path], changes: Changes = AS_IT_IS) -> Iterator[Read]:
    """The spec of these paths with what the command line changes."""
    from hamodel.checking.material import unpacked

    given = list(paths) or [Path()]
    material, overrides, copied = changed(given, changes)
    if not copied:
        yield Read(_read(given, changes.heartbeat, overrides), material, overrides)
        return
    with unpacked(material) as (files, root):
        yield Read(_read(files, changes.heartbeat, overrides, root), material, overrides)


def changed(paths: Sequence[Path], changes: Changes) -> tuple[Material, dict[str, object], bool]:
    """The files and the keys of spec.toml as the command line wants them, and whether it changes a file."""
    from hamodel.checking.material import gather, with_directive

    directives, overrides = _sorted(pairs(changes.settings, "--set"))
    overrides |= _fault_overrides(changes.faults, changes.budget)
    overrides |= {"through": list(changes.through)} if changes.through else {}
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
