"""`hamodel region`: for which values of some options does a claim hold?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, Read, change_options, paths_argument, properties_option, spec_of
from hamodel.cli._language import language_option, speak, speaker, titled
from hamodel.cli._limits import limits_of

if TYPE_CHECKING:
    from hamodel.ir.region import Atlas
    from hamodel.ir.verdict import Limits

EPILOG = """
\b
Examples:
  hamodel region specs/02-webdata-watchdog --faults kill
  hamodel region . --vary deadtime=3s..60s --vary keepalive=100ms..3s
  hamodel region . --vary deadtime --vary 'start_lo[/dev/sdb5]=0s..5s' --faults kill,pause
  hamodel region . --vary watchdog=10s..70s --faults kill --svg region.svg
  hamodel region . --faults kill=1,cut=1 --together --format json > region.json

\b
Names: deadtime, keepalive, initdead, deadping, watchdog (its period), latency_hi,
boot_lo, stonith_hi, start_lo[RESOURCE] and every other time of the model; a wrong
name lists all. deadtime[node1] is that of one node. What Heartbeat computes from an
open deadtime (watchdog, and an initdead or deadping that is not given) follows it.

\b
Exit codes:
  0    the configuration is safe, in every slice asked for
  1    it is unsafe
  2    usage, configuration, or an option that cannot be kept open
  3    inconclusive: a limit was reached, or the configuration is outside the bounds
  5    the compiled engine disagrees at a border: trust neither, please report
  70   our own fault, please report
  130  interrupted; what was answered by then is told
"""


@click.command(epilog=EPILOG)
@paths_argument
@change_options(faults=False)
@click.option("--vary", "wishes", multiple=True, metavar="NAME[=LEAST..GREATEST]",
              help="Keep this time open (repeatable; without bounds half to twice what it is). "
              "Default: deadtime and keepalive.")  # fmt: skip
@click.option("--property", "name", default="single_mount", show_default=True, metavar="NAME",
              help="The claim: what always holds, or what comes within a time.")  # fmt: skip
@properties_option
@click.option("--faults", metavar="KIND,...", help="Only these kinds (default: all of the spec), one at a time.")
@click.option("--budget", type=click.IntRange(0, 20), help="How many in each slice (default: one).")
@click.option("--together", is_flag=True, help="One slice in which all kinds may come, not one slice a kind.")
@click.option("--points", type=click.IntRange(0, 10_000), default=24, show_default=True,
              help="How many points at the borders the compiled engine checks, in each slice.")  # fmt: skip
@click.option("--timeout", metavar="TIME", help="Give up after so long: 90s, 10min.")
@click.option("--classes", type=click.IntRange(1), default=1_000_000, show_default=True,
              help="Give up a slice at so many classes.")  # fmt: skip
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw the map into this file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="No progress; only the answer.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    wishes: tuple[str, ...],
    name: str,
    folders: tuple[Path, ...],
    faults: str | None,
    budget: int | None,
    together: bool,
    points: int,
    timeout: str | None,
    classes: int,
    svg: Path | None,
    form: str,
    quiet: bool,
) -> None:
    """Find the exact region of options in which a claim holds.

    The options stay unknowns: every run is explored for all of their values at once. The answer is a condition in
    their own names for each way the claim can break, a run for each, and a proof for all the rest. It also says how
    far the configuration is from the border.
    """
    from hamodel.ir.verdict import Limits

    asked = Limits(classes=classes, seconds=limits_of(timeout).seconds)
    with spec_of(paths, replace(changes, faults=faults, budget=budget)) as read:
        many = budget if faults is None or budget is not None else 20
        atlas = _answered(
            read, wishes, name, folders, asked, points, quiet, faults=faults, alone=not together, budget=many
        )
    if svg is not None:
        from hamodel.renderers.region_map import render

        svg.write_text(render(atlas, speaker()), encoding="utf-8")
    click.echo(_rendered(atlas, form), nl=False)
    click.get_current_context().exit(_code(atlas))


def _answered(
    read: Read,
    wishes: tuple[str, ...],
    name: str,
    folders: tuple[Path, ...],
    limits: Limits,
    points: int,
    quiet: bool,
    *,
    faults: str | None,
    alone: bool,
    budget: int | None,
) -> Atlas:
    from hamodel.checking.claims import Claim
    from hamodel.checking.of_spec import case_of
    from hamodel.checking.region import atlas
    from hamodel.checking.unknowns import space_of, usual
    from hamodel.cli._progress import progress
    from hamodel.properties.bind import paid
    from hamodel.properties.loader import load, select

    case = case_of(titled(read.spec))
    space = space_of(case.system, case.layout, _wished(wishes) or usual(case.system), read.spec)
    (definition,) = select(load(folders), [name])
    claim = Claim.of(case, space, definition)
    kinds = paid(case.system)
    missing = [kind for kind in read.spec.faults.kinds if kind not in kinds]
    if faults is not None and missing:
        speak(f"note: {', '.join(missing)} cannot come in the runs of this spec", err=True)
    slices: list[tuple[list[str] | None, int | None]] = [(None, None)]
    if alone and kinds:
        slices = [([kind], min(most, 1 if budget is None else budget)) for kind, most in kinds.items()]
    with progress(quiet) as tell:
        return atlas(claim, slices, limits, points=points, progress=tell)


def _wished(texts: tuple[str, ...]) -> dict[str, tuple[int, int] | None]:
    """`deadtime=10s..60s`, or a name alone; times need their unit, because ha.cf and the model count differently."""
    from hamodel.config.durations import parse_duration

    found: dict[str, tuple[int, int] | None] = {}
    for text in texts:
        name, equals, bounds = (part.strip() for part in text.partition("="))
        if name in found:
            raise click.UsageError(f"--vary {name} is given twice")
        if not equals:
            found[name] = None
            continue
        lo, dots, hi = (part.strip() for part in bounds.partition(".."))
        values = [parse_duration(part) if not part.replace(".", "").isdecimal() else None for part in (lo, hi)]
        if not dots or values[0] is None or values[1] is None:
            raise click.UsageError(f"--vary {text}: write NAME=LEAST..GREATEST with units, as in {name}=500ms..60s")
        found[name] = (values[0], values[1])
    return found


def _rendered(atlas: Atlas, form: str) -> str:
    if form == "json":
        from hamodel.renderers.region_json import render as as_json

        return as_json(atlas)
    from hamodel.cli._terminal import width
    from hamodel.renderers.region import render

    return render(atlas, width(), speaker())


def _code(atlas: Atlas) -> int:
    from hamodel.cli._codes import HOLDS, INCONCLUSIVE, INTERRUPTED, VIOLATED
    from hamodel.ir.region import Safety

    if atlas.interrupted:
        return INTERRUPTED
    codes = {Safety.SAFE: HOLDS, Safety.UNSAFE: VIOLATED, Safety.UNDECIDED: INCONCLUSIVE, None: INCONCLUSIVE}
    return codes[atlas.safety({})]
