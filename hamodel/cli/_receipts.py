"""Receipts on disk: one file for one verdict, or a folder of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._language import speak

if TYPE_CHECKING:
    from hamodel.cli._inputs import Read
    from hamodel.ir.report import Report
    from hamodel.ir.verdict import Limits
    from hamodel.properties.words import Definition


def is_file(target: Path) -> bool:
    """Whether a receipt is to become this very file: it has a suffix and is no folder."""
    return bool(target.suffix) and not target.is_dir()


def demand_one(target: Path | None, asked: int) -> None:
    """Refuse one file for more than one verdict, before anything is explored."""
    if target is not None and is_file(target) and asked != 1:
        raise click.UsageError(
            f"--receipt {target}: a file takes the receipt of one verdict; name a folder, or one --property"
        )


def write(
    target: Path,
    report: Report,
    read: Read,
    folders: Sequence[Path],
    own: Sequence[Definition],
    typed: Mapping[str, tuple[str, str]],
    limits: Limits,
    quiet: bool,
) -> None:
    """Write the receipts of a report and say where, on standard error. A file takes one verdict, a folder all."""
    from hamodel.checking.issue import SUFFIX, Issuer
    from hamodel.checking.of_spec import case_of
    from hamodel.cli._progress import progress
    from hamodel.properties.loader import load

    single = is_file(target)
    issuer = Issuer(case_of(read.spec), [*load(folders), *own], read.material, read.overrides, typed, limits)
    missing: list[str] = []
    written: list[Path] = []
    with progress(quiet) as tell:
        for issued in issuer.all_of(report, tell):
            if not issued.content:
                missing.append(f"no receipt for {issued.name}: {issued.reason}")
                continue
            path = target if single else target / f"{read.spec.name}--{issued.name}{SUFFIX}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(issued.content)
            except OSError as problem:
                raise click.UsageError(f"--receipt {target}: {problem}") from None
            written.append(path)
    if quiet:
        return
    where = written[0] if len(written) == 1 else f"{len(written)} in {target}"
    speak(f"receipts: {where if written else 'none'}", err=True)
    for line in missing:
        speak(line, err=True)
