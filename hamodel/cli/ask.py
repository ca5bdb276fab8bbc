"""`hamodel ask`: a question in words, of those there are."""

from __future__ import annotations

from pathlib import Path

import click

from hamodel.cli._inputs import config_options, paths_argument, properties_option, spec_of
from hamodel.cli._limits import MEMORY, limits_of

EPILOG = """
\b
Examples:
  hamodel ask --list
  hamodel ask "what if eth1 is cut?" /etc/ha.d
  hamodel ask "who owns 192.168.60.200 after node1 loses power?"
  hamodel ask "does it survive 2 faults?" --format json
  hamodel ask fencing

\b
Exit codes:
  0    answered, and it is good news
  1    answered, and it is bad news
  2    no such question, no such part, or files that cannot be read or
       are outside the model
  3    not decided within the limits
  130  interrupted
"""
GOOD, BAD, OPEN = 0, 1, 3


@click.command(epilog=EPILOG)
@click.argument("question", required=False)
@paths_argument
@config_options
@click.option("--list", "listing", is_flag=True, help="Print every question there is, with its forms.")
@properties_option
@click.option("--timeout", metavar="TIME", default="60s", show_default=True, help="Give up after so long.")
@click.option("--memory", metavar="SIZE", help=MEMORY)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    question: str | None,
    paths: tuple[Path, ...],
    heartbeat: str | None,
    settings: tuple[str, ...],
    listing: bool,
    folders: tuple[Path, ...],
    timeout: str,
    memory: str | None,
    form: str,
    quiet: bool,
) -> None:
    """Answer one question about a cluster, with its evidence.

    QUESTION is one of a few forms (--list); PATHS are given as for `hamodel check`. Nothing is guessed: what fits no
    form is refused, with the nearest ones.
    """
    from hamodel.checking.ask import answer, scenario_of
    from hamodel.checking.ask_grammar import understand
    from hamodel.cli._codes import INTERRUPTED
    from hamodel.cli._progress import progress
    from hamodel.ir.answer import News
    from hamodel.properties.loader import load

    if listing:
        click.echo(_listed(form), nl=False)
        return
    if question is None:
        raise click.UsageError("ask what? `hamodel ask --list` prints every question there is")
    asked = understand(question)
    faults, budget, keys = scenario_of(asked)
    limits = limits_of(timeout, memory)
    where = " ".join(str(path) for path in paths) or "."
    more = tuple(f"{key}={value}" for key, value in keys.items())
    with spec_of(paths, heartbeat, (*settings, *more), faults, budget) as read, progress(quiet) as tell:
        found = answer(asked, read.spec, where, load(folders), limits, tell)
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers import ask

    click.echo(
        ask.render_json(found) if form == "json" else ask.render(found, width=width(), colour=colour()), nl=False
    )
    code = {News.GOOD: GOOD, News.BAD: BAD, News.OPEN: OPEN}[found.news]
    click.get_current_context().exit(INTERRUPTED if found.interrupted else code)


def _listed(form: str) -> str:
    from hamodel.checking.ask_grammar import FAULTS, QUERIES
    from hamodel.cli._terminal import colour, width
    from hamodel.renderers import ask

    if form == "json":
        import json

        rows = [{"name": q.name, "says": q.says, "example": q.example, "forms": list(q.forms)} for q in QUERIES]
        faults = {kind: list(words) for kind, words in FAULTS.items()}
        return json.dumps({"format": ask.FORMAT, "queries": rows, "faults": faults}, indent=2) + "\n"
    listed = [(q.name, q.says, q.example, q.forms) for q in QUERIES]
    words = [(kind, ", ".join(said)) for kind, said in FAULTS.items()]
    return ask.render_list(listed, words, width=width(), colour=colour())
