"""`hamodel export`: the same model for other checkers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, properties_option, spec_of

if TYPE_CHECKING:
    from hamodel.checking.case import Case
    from hamodel.checking.export import Material
    from hamodel.cli._progress import Progress
    from hamodel.properties.words import Definition

UNTIMED = {"promela": "pml", "murphi": "m", "smv": "smv", "tla": "tla"}
TIMED = {"uppaal": "xml", "tchecker": "tck"}

EPILOG = """
\b
Examples:
  hamodel export specs/01-webdata --to promela --property single_mount --faults kill=1 --out kill.pml
  hamodel export . --to promela --never "up[node1,/dev/sdb5] and up[node2,/dev/sdb5]" > model.pml
  hamodel export . --to murphi --budget 1           # no question: count the states
  hamodel export . --to uppaal --property single_mount --out pair.xml

\b
Every export says on top where it comes from and how to run it.
Exit codes: 0 written; 2 usage, configuration, or a model that the language cannot hold;
70 our own fault, please report; 130 interrupted.
"""


@click.command(epilog=EPILOG)
@paths_argument
@change_options(through=True)
@click.option("--to", "target", type=click.Choice([*UNTIMED, *TIMED]), required=True, help="The language.")
@click.option("--property", "name", metavar="NAME", help="The property to ask; without one the states are counted.")
@properties_option
@click.option("--always", metavar="EXPR", help="Ask whether a formula holds in every state.")
@click.option("--never", metavar="EXPR", help="Ask whether a formula holds in no state.")
@click.option("--sometimes", metavar="EXPR", help="Ask whether a formula holds in some state.")
@click.option("--whole", is_flag=True, help="Also what the question does not depend on (untimed languages).")
@click.option("--style", type=click.Choice(["plain", "embedded"]),
              help="Promela: actions in Promela, or as C functions (default: plain where Spin takes it).")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    target: str,
    name: str | None,
    folders: tuple[Path, ...],
    always: str | None,
    never: str | None,
    sometimes: str | None,
    whole: bool,
    style: str | None,
    out: Path | None,
    quiet: bool,
) -> None:
    """Write the model in the language of another checker.

    promela, murphi, smv and tla get the untimed abstraction: a running timer may end at any moment, so that what holds
    there holds whatever the delays, while a run that is found there may be impossible in time. uppaal and tchecker get
    the timed system itself.
    """
    from hamodel.checking.of_spec import case_of
    from hamodel.cli._progress import progress

    if style is not None and target != "promela":
        raise click.UsageError("--style is a matter of promela")
    question = _question(name, folders, {"always": always, "never": never, "sometimes": sometimes})
    with progress(quiet) as tell:
        with spec_of(paths, changes) as read:
            case = case_of(read.spec)
        material = _material(case, question, target, whole, tell)
        tell("writing", 0)
        text = _written(target, material, case.name, out, style)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--out {out}: {error.strerror}") from error


def _question(name: str | None, folders: Sequence[Path], typed: dict[str, str | None]) -> Definition | None:
    from hamodel.properties.loader import from_text, load, select

    given = {kind: text for kind, text in typed.items() if text is not None}
    if len(given) + (name is not None) > 1:
        raise click.UsageError("one question an export: --property, --always, --never or --sometimes")
    for kind, text in given.items():
        return from_text(kind, text, 1)
    return select(load(folders), [name])[0] if name is not None else None


def _material(case: Case, question: Definition | None, target: str, whole: bool, tell: Progress) -> Material:
    from hamodel.checking.export import timed_material, untimed_material

    if target in TIMED:
        return timed_material(case, question, progress=tell)
    return untimed_material(case, question, whole=whole, progress=tell)


def _written(target: str, material: Material, name: str, out: Path | None, style: str | None) -> str:
    from hamodel.renderers.exports.about import About

    file = out.name if out is not None else f"Model.{(UNTIMED | TIMED)[target]}"
    about = About(name, (*material.origin, _again()))
    if target == "promela":
        from hamodel.renderers.exports import promela

        chosen = None if style is None else promela.Style(style)
        return promela.render(material.system, material.prop, about, file=file, style=chosen)
    renderer = import_module(f"hamodel.renderers.exports.{target}")
    made = material.system if material.clocked is None else material.clocked
    text: str = renderer.render(made, material.prop, about, file=file)
    return text


def _again() -> str:
    """The command that writes the same again."""
    import sys

    return "hamodel " + " ".join(shlex.quote(word) for word in sys.argv[1:])
