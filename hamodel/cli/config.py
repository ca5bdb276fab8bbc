"""`hamodel config`: what Heartbeat makes of the files, and what a reviewer should know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import Changes, change_options, paths_argument, spec_of
from hamodel.cli._language import language_option, speaker, title_of

if TYPE_CHECKING:
    from hamodel.config.cluster import NodeConfig
    from hamodel.config.spec import Spec
    from hamodel.renderers.language import Say


@click.command()
@paths_argument
@change_options(faults=False)
@language_option
def command(paths: tuple[Path, ...], changes: Changes) -> None:
    """Print the values in force and every finding about the files.

    Values nobody wrote down are marked as defaults. The exit code is 2 where Heartbeat would refuse to start, else 0.
    """
    say = speaker()
    with spec_of(paths, changes) as read:
        for line in _values(read.spec, say):
            click.echo(line)
        findings = read.spec.cluster.findings
        if findings:
            from hamodel.config.findings import render_findings

            click.echo()
            click.echo(render_findings(findings, say))
        click.echo("\n" + say(f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"))


def _values(spec: Spec, say: Say) -> Iterator[str]:
    from rich.cells import cell_len

    from hamodel.renderers.plain import padded

    cluster = spec.cluster
    nodes = say(" and ").join(cluster.nodes)
    yield f"{title_of(spec)}{say(': ')}{nodes}, Heartbeat {cluster.version.value}"
    rows = {name: dict(_node(cluster.per_node[name])) for name in cluster.nodes}
    first = rows[cluster.nodes[0]]
    names = [say(key) for key in first]
    wide = max((cell_len(name) for name in names), default=0)
    for key, name in zip(first, names, strict=True):
        values = [rows[node].get(key, "") for node in cluster.nodes]
        head = f"  {padded(name, wide)}  "
        if all(value == values[0] for value in values):
            yield from _row(head, say(values[0]))
        else:
            for node, value in zip(cluster.nodes, values, strict=True):
                yield from _row(head, f"{say(value)}   " + say(f"on {node}"))
    faults = ", ".join(
        k if spec.faults.of(k) == spec.faults.budget else f"{k}={spec.faults.of(k)}" for k in spec.faults.kinds
    )
    yield from _row(f"  {padded(say('budget'), wide)}  ", say(f"{spec.faults.budget} of: {faults}"))


def _row(head: str, text: str) -> Iterator[str]:
    """A name and what it is, within the width of the terminal; what has no blank is not cut."""
    import textwrap

    from rich.cells import cell_len

    from hamodel.cli._terminal import width

    room = max(20, width() - cell_len(head))
    short = cell_len(text) <= room
    lines = [text] if short else textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(lines):
        yield (" " * cell_len(head) if number else head) + line


def _node(node: NodeConfig) -> Iterator[tuple[str, str]]:
    from hamodel.config.values import show_ms

    for name in ("keepalive", "warntime", "deadtime", "initdead", "deadping"):
        value = getattr(node, name)
        yield name, show_ms(value.value) + ("" if value.given else "   (not given)")
    yield "auto_failback", node.auto_failback.value.value + ("" if node.auto_failback.given else "   (not given)")
    dog = f"{node.watchdog.value}, asked for {show_ms(node.watchdog_period)}" if node.watchdog else "none"
    yield "watchdog", dog
    yield "stonith", node.stonith.type if node.stonith else "none"
    yield "media", "; ".join(m.name for m in node.media) or "none"
    yield "ping nodes", "; ".join(p.name for p in node.pings) or "none"
    yield "ipfail", "yes" if node.ipfail else "no"
    for number, group in enumerate(node.groups, 1):
        yield f"group {number}", f"{group.owner}: {' '.join(r.text for r in group.resources)}"
