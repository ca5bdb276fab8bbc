"""`hamodel picture`: one run as a picture for slides, tickets and wikis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._exhibits import Asked
from hamodel.cli._inputs import Changes, change_options, paths_argument, properties_option
from hamodel.cli._language import language_option, speak, speaker
from hamodel.cli._limits import limit_options
from hamodel.renderers.language import Say, english

if TYPE_CHECKING:
    from hamodel.ir.exhibit import Exhibit, Exhibition
    from hamodel.ir.verdict import Limits

KINDS = {".svg": "timeline", ".png": "timeline", ".mmd": "messages", ".md": "messages"}
"""What is drawn where nobody says it, by the ending of the file."""
EPILOG = """
\b
Examples:
  hamodel picture specs/14-article-5-killall --property single_mount --out night.svg
  hamodel picture counterexamples/01-webdata--single_mount/trace.json --out night.png
  hamodel picture . --out messages.mmd
  hamodel picture . --kind messages --out messages.svg

\b
The ending of FILE says what is drawn:
  .svg         who owned what when, or with --kind messages who said what to
               whom; light or dark as the screen is
  .png         the same as pixels, for slides (extra `png`)
  .mmd, .md    who said what to whom: a sequence chart in Mermaid
"""


@click.command(epilog=EPILOG)
@paths_argument
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
              help="Where the picture goes; its ending says which kind.")  # fmt: skip
@change_options()
@click.option("--property", "names", multiple=True, metavar="NAME",
              help="The run that breaks this property (default: the worst that is violated).")  # fmt: skip
@properties_option
@click.option("--kind", type=click.Choice(["timeline", "messages"]),
              help="Who owned what when, or who said what to whom (default: by the ending).")  # fmt: skip
@click.option("--dark", is_flag=True, help="A PNG with light letters on dark ground.")
@limit_options()
@click.option("--quiet", is_flag=True, help="No progress, and no word about what was written.")
@language_option
def command(
    paths: tuple[Path, ...],
    out: Path,
    changes: Changes,
    names: tuple[str, ...],
    folders: tuple[Path, ...],
    kind: str | None,
    dark: bool,
    limits: Limits,
    quiet: bool,
) -> None:
    """Draw the run that breaks a promise: who owned what when, or who said what to whom.

    PATHS are given as for `hamodel check`, or are one trace.json that it wrote.
    """
    if out.suffix not in KINDS:
        raise click.BadParameter(f"{out.name} ends in none of {', '.join(KINDS)}", param_hint="--out")
    if kind == "timeline" and KINDS[out.suffix] != kind:
        raise click.BadParameter(f"a timeline is drawn as .svg or .png, not {out.suffix}", param_hint="--kind")
    from hamodel.checking.exhibits.assemble import Wanted

    given = Asked(paths, changes, names, folders, limits)
    page = given.exhibition(Wanted(causes=False, positions=0), quiet, only_worst=True)
    data = drawn(page, page.exhibits[0], out.suffix, dark, kind, speaker())
    try:
        out.write_bytes(data)
    except OSError as problem:
        raise click.UsageError(f"--out {out}: {problem}") from None
    if not quiet:
        speak(f"written: {out} ({page.exhibits[0].name})", err=True)


def drawn(
    page: Exhibition, exhibit: Exhibit, ending: str, dark: bool, kind: str | None = None, say: Say = english
) -> bytes:
    """The bytes of the picture that the file's ending asks for."""
    from hamodel.renderers.picture import messages, png, sequence, timeline

    title = say(f"{exhibit.name} is violated by {exhibit.faults}")
    if ending in (".mmd", ".md"):
        chart = messages.render(exhibit.strip, title, say)
        return (f"```mermaid\n{chart}```\n" if ending == ".md" else chart).encode()
    draw = sequence.render if kind == "messages" else timeline.render
    svg = draw(exhibit.strip, title, f"{page.cluster}, Heartbeat {page.heartbeat}", say)
    return png.render(svg, dark=dark) if ending == ".png" else svg.encode()
