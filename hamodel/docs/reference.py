"""The reference half of the manual: every table is read from the objects it describes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

import click

from hamodel.docs.markdown import block, code, page, plain, prose, table
from hamodel.errors import HamodelError

SOURCE = {"yes": "modelled", "read and reviewed, no behaviour": "checked", "no": "not modelled"}


def reference() -> Mapping[str, str]:
    """File name and text of every page of the reference."""
    return {
        "reference/commands.md": commands(),
        "reference/options.md": options(),
        "reference/faults.md": faults(),
        "reference/properties.md": properties(),
        "reference/rules.md": rules(),
        "reference/errors.md": errors(),
    }


def commands() -> str:
    """Every command with its help, as the terminal prints it."""
    from hamodel.cli import command as program

    parts = []
    context = click.Context(program, info_name="hamodel")
    for name in program.list_commands(context):
        found = program.get_command(context, name)
        if found is None:
            continue
        inner = click.Context(found, info_name=name, parent=context, terminal_width=80, max_content_width=80)
        parts += [f"## hamodel {name}", block(found.get_help(inner))]
    return page("Commands", "What `--help` prints. Exit codes stand at the end of each.", *parts)


def options() -> str:
    """Every word of ha.cf: what it takes, what it means, and whether the model acts on it."""
    from hamodel.config.directives import directives

    rows = [
        (
            code(row.name),
            code(row.syntax or row.takes.value),
            code(row.default),
            plain(row.meaning),
            f"{SOURCE[row.modelled.value]}: {plain(row.why)}" if row.why else SOURCE[row.modelled.value],
            ", ".join(sorted(v.value for v in row.versions)) or "special builds",
        )
        for row in sorted(directives().values(), key=lambda row: row.name)
    ]
    said = "Every word that may begin a line of `ha.cf`, as hamodel reads it. Times are seconds, or a number with `ms`."
    return page(
        "Options of ha.cf", said, table(("word", "takes", "default", "meaning", "in the model", "release"), rows)
    )


def faults() -> str:
    """Every kind of fault and command a budget can pay for."""
    from hamodel.config.faults import FAULT_KINDS, ON_DEMAND, OPERATOR_KINDS

    rows = [
        (
            code(kind),
            plain(says.removesuffix("; only where the spec names it")),
            "command" if kind in OPERATOR_KINDS else "fault",
            "only where named" if kind in ON_DEMAND else "in every check",
        )
        for kind, says in FAULT_KINDS.items()
    ]
    return page("Faults and commands", table(("kind", "what happens", "", "when"), rows))


def properties() -> str:
    """Every property that is shipped, by its own docstring."""
    from hamodel.properties.loader import load

    parts = [f"## {d.name}\n\n*{d.kind.value}*\n\n{prose(d.doc)}" for d in sorted(load(), key=lambda d: d.name)]
    return page("Properties", "What is promised where nothing else is asked.", *parts)


def rules() -> str:
    """Every rule of the daemon: where it is modelled, or why not."""
    from hamodel.machines.coverage import coverage

    rows = [
        (
            code(row.id),
            plain(row.title),
            ", ".join(map(code, row.modelled_in)) if row.modelled else f"not: {plain(row.reason)}",
        )
        for row in coverage()
    ]
    return page("Rules of the daemon", table(("id", "rule", "modelled in"), rows))


def errors() -> str:
    """Every way to refuse, by its code."""
    rows = sorted({(kind.code, kind.__name__, inspect.getdoc(kind) or "") for kind in _kinds(HamodelError)})
    return page(
        "Error codes", table(("code", "name", "what it means"), [(code(c), code(n), plain(d)) for c, n, d in rows])
    )


def _kinds(root: type[HamodelError]) -> Iterator[type[HamodelError]]:
    for kind in root.__subclasses__():
        if kind.__module__.startswith("hamodel."):
            yield kind
        yield from _kinds(kind)
