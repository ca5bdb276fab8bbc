"""`hamodel config`: what Heartbeat makes of the files, and what a reviewer should know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hamodel.cli._inputs import config_options, paths_argument, spec_of

if TYPE_CHECKING:
    from hamodel.config.cluster import NodeConfig
    from hamodel.config.spec import Spec


@click.command()
@paths_argument
@config_options
def command(paths: tuple[Path, ...], heartbeat: str | None, settings: tuple[str, ...]) -> None:
    """Print the values in force and every finding about the files.

    Values nobody wrote down are marked as defaults. The exit code is 2 where Heartbeat would refuse to start, else 0.
    """
    with spec_of(paths, heartbeat, settings) as read:
        for line in _values(read.spec):
            click.echo(line)
        findings = read.spec.cluster.findings
        if findings:
            from hamodel.config.findings import render_findings

            click.echo()
            click.echo(render_findings(findings))
        click.echo(f"\n{len(findings)} finding{'s' if len(findings) != 1 else ''}")


def _values(spec: Spec) -> Iterator[str]:
    cluster = spec.cluster
    yield f"{spec.title or spec.name}: {' and '.join(cluster.nodes)}, Heartbeat {cluster.version.value}"
    rows = {name: dict(_node(cluster.per_node[name])) for name in cluster.nodes}
    first = rows[cluster.nodes[0]]
    wide = max((len(key) for key in first), default=0)
    for key in first:
        values = [rows[name].get(key, "") for name in cluster.nodes]
        if all(value == values[0] for value in values):
            yield f"  {key:{wide}}  {values[0]}"
        else:
            for name, value in zip(cluster.nodes, values, strict=True):
                yield f"  {key:{wide}}  {value}   on {name}"
    faults = ", ".join(
        k if spec.faults.of(k) == spec.faults.budget else f"{k}={spec.faults.of(k)}" for k in spec.faults.kinds
    )
    yield f"  {'budget':{wide}}  {spec.faults.budget} of: {faults}"


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
