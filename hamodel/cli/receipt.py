"""`hamodel receipt`: does the proof in this file prove its claim, and is it about this cluster?"""

from __future__ import annotations

from pathlib import Path

import click

from hamodel.cli._codes import HOLDS, USAGE, VIOLATED
from hamodel.cli._inputs import properties_option
from hamodel.cli._language import language_option, speak, speaker

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
@click.option("--heartbeat", type=click.Choice(["2.0.8", "3.0.6"]), help="Which release runs at PATH.")
@properties_option
@language_option
def command(file: Path, paths: tuple[Path, ...], heartbeat: str | None, folders: tuple[Path, ...]) -> None:
    """Check a receipt.

    FILE is what `hamodel check --receipt` wrote. First its proof is checked; then the cluster is composed anew, from
    the files in the receipt or from PATH, and has to be the one the proof is about. Of the files in a receipt secrets
    are left out, so what hangs on equal keys of two nodes is seen by their digests.
    """
    from hamodel.checking.issue import differences
    from hamodel.config.daemon import Version
    from hamodel.ir.fairness import Fairness, Strength
    from hamodel.receipt import Refuted, judge, read

    end = click.get_current_context().exit
    try:
        data = read(str(file))
        name = f"{data['property']} {data['verdict']}"
    except Exception as problem:
        reason = problem.strerror if isinstance(problem, OSError) else None
        speak(f"{file} cannot be read: {reason or problem}", err=True)
        end(USAGE)
    try:
        _row("verified", f"{name}: {judge(data)}")
        _row("claim", str(data["text"]))
        for strength, name in dict.fromkeys((s, n) for claim in data["claims"] for s, n in claim.get("given", [])):
            _row("provided", str(Fairness(Strength(strength), name)))
    except Refuted as problem:
        _row("refuted", f"{name}: {problem}")
        end(VIOLATED)
    except Exception as problem:
        speak(f"{file} makes no sense: {type(problem).__name__}: {problem}", err=True)
        end(USAGE)
    where = " ".join(map(str, paths)) if paths else "the files in the receipt"
    found = differences(data, paths or None, folders, Version(heartbeat) if heartbeat else None)
    for difference in found:
        _row("differs", difference)
    if not found:
        _row("compared", f"the same system and claim as composed from {where}")
    end(VIOLATED if found else HOLDS)


def _row(name: str, what: str) -> None:
    from hamodel.renderers.plain import padded

    say = speaker()
    click.echo(f"{padded(say(name), 12)}{say(what)}")
