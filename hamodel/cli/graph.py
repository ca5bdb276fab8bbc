"""`hamodel graph`: the reachable graph of a cluster, for those who want to look for themselves."""

from __future__ import annotations

from pathlib import Path

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, spec_of
from hamodel.cli._language import language_option, speaker

EPILOG = """
\b
Examples:
  hamodel graph specs/01-webdata --faults kill=1
  hamodel graph specs/03-webdata-stonith --faults power=1 --set stonith.outcome=may_fail
  hamodel graph . --faults stop=1 --format graphml --out stop.graphml
"""


@click.command(epilog=EPILOG)
@paths_argument
@change_options()
@click.option("--classes", type=click.IntRange(1), default=50_000, show_default=True, help="Explore no more.")
@click.option("--format", "form", type=click.Choice(["text", "graphml", "dot"]), default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the terminal.")
@language_option
def command(
    paths: tuple[Path, ...],
    changes: Changes,
    classes: int,
    form: str,
    out: Path | None,
) -> None:
    """Export every class and every step, or count what the graph holds.

    The text tells how far the farthest class is, where runs end, which go round for ever, and which faults, repairs
    and commands of the scenario never come about: what holds against a fault that never fires holds for nothing.
    """
    from hamodel import graph
    from hamodel.checking.of_spec import case_of
    from hamodel.engines.classes import ClassesEngine
    from hamodel.ir.verdict import Limits
    from hamodel.renderers.plain import anew, padded

    with spec_of(paths, changes) as read:
        case = case_of(read.spec)
    engine, limits = ClassesEngine(), Limits(classes=classes)
    starts = None if case.start == "boot" else engine.steady(case.system)[:1]
    found = engine.explore(case.system, starts, mode="equality", edges=True, limits=limits)
    whole = graph.to_networkx(case.system, found)
    if form == "graphml":
        text = graph.to_graphml(case.system, whole)
    elif form == "dot":
        text = graph.to_dot(whole, lambda node, state: f"{node}: {' '.join(state.timers(case.system)) or 'at rest'}")
    else:
        rings, silent = graph.components(whole), graph.dead_actions(case.system, found)
        idle = [name for name in silent if case.system.actions[case.system.action_index[name]].timer is None]
        every = "every fault, repair and command of the scenario comes about"
        lines = [
            f"classes    \t{found.classes}{'' if found.complete else f' and more: {found.stopped}'}",
            f"steps      \t{found.edges}",
            f"farthest   \t{max(graph.distances(whole).values())} steps from the start",
            f"at rest    \t{int(found.quiescent().sum())} classes in which nothing happens by itself any more",
            f"circles    \t{len(rings)} components that can be gone round for ever",
        ]
        say = speaker()
        told = [anew(line, say).replace("\t", "") for line in lines]
        text = "\n".join([*told, padded(say("never come"), 11) + (", ".join(idle) or say(every))]) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
