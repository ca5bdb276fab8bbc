"""`hamodel receipt`: does the proof in this file prove its claim, and is it about this cluster?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hamodel.cli._codes import HOLDS, USAGE, VIOLATED

EPILOG = """
\b
Examples:
  hamodel check /etc/ha.d --property single_mount --receipt mine.receipt
  hamodel receipt mine.receipt
  hamodel receipt mine.receipt --against /etc/ha.d

\b
Exit codes:
  0  verified, and about this cluster
  1  the proof does not prove the claim, or it is about another cluster
  2  it is no receipt

The proof alone is also checked by one small program that knows nothing of
hamodel: python -m hamodel.receipt FILE
"""


@click.command(epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--against", "paths", multiple=True, metavar="PATH", type=click.Path(path_type=Path),
              help="The cluster it should be about, as for `hamodel check` (else its own files).")  # fmt: skip
@click.option("--properties", "folders", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
              help="A folder with more property files.")  # fmt: skip
def command(file: Path, paths: tuple[Path, ...], folders: tuple[Path, ...]) -> None:
    """Check a receipt.

    FILE is what `hamodel check --receipt` wrote. First its proof is checked; then the cluster is composed anew, from
    the files in the receipt or from PATH, and has to be the one the proof is about. Of the files in a receipt secrets
    are left out, so what hangs on equal keys of two nodes is seen by their digests.
    """
    from hamodel import receipt

    code = receipt.main([str(file)])
    if code == USAGE:
        click.get_current_context().exit(code)
    from hamodel.checking.issue import differences

    data = receipt.read(str(file))
    where = "the files in the receipt" if not paths else " ".join(map(str, paths))
    found = differences(data, paths or None, folders)
    sys.stdout.flush()
    for difference in found:
        click.echo(f"not the same: {difference}")
    if not found:
        click.echo(f"the same system and claims as composed from {where}")
    click.get_current_context().exit(VIOLATED if found or code != HOLDS else HOLDS)
