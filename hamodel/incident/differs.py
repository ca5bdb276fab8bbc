"""Where the lines contradict the files that were given: then another configuration was running."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamodel.config.cluster import Cluster
from hamodel.config.node import NodeConfig
from hamodel.incident.report import Difference, Inferred
from hamodel.incident.resources import of_word


def differs(cluster: Cluster, inferred: Sequence[Inferred]) -> tuple[Difference, ...]:
    """All contradictions, once per node and option."""
    found: dict[tuple[str, str], Difference] = {}
    for name in dict.fromkeys(each.node for each in inferred):
        config = cluster.per_node.get(name.lower())
        said = [each for each in inferred if each.node == name]
        if config is None:
            proofs = said[0].proofs if said else ()
            found[name, "node"] = Difference("node", name, " ".join(cluster.nodes), name, proofs)
            continue
        for each in (*_media(config, said), *_groups(config, said), *_words(config, said), *_times(config, said)):
            found.setdefault((each.node, each.option), each)
    return tuple(found.values())


def _media(config: NodeConfig, said: Sequence[Inferred]) -> Iterator[Difference]:
    shown = [each for each in said if each.option == "media"]
    if not shown:
        return
    files = {f"{medium.kind} {medium.device}" for medium in config.media}
    lines = {" ".join(each.value.split()[:2]) for each in shown}
    if files != lines:
        proofs = tuple(proof for each in shown for proof in each.proofs)
        text = ", ".join(dict.fromkeys(each.value for each in shown))
        yield Difference("media", shown[0].node, ", ".join(medium.name for medium in config.media), text, proofs)


def _groups(config: NodeConfig, said: Sequence[Inferred]) -> Iterator[Difference]:
    """A group that was acquired and is not in the file, word by word; the short form of an address is no difference."""
    files = {(group.owner, tuple(_same(r.text) for r in group.resources)) for group in config.groups}
    if not files:
        return
    for each in said:
        if each.option != "haresources":
            continue
        owner, *words = each.value.split()
        if (owner.lower(), tuple(_same(word) for word in words)) not in files:
            near = [g for g in config.groups if g.owner == owner.lower()] or list(config.groups)
            line = " ".join([near[0].owner, *(r.text for r in near[0].resources)])
            yield Difference("haresources", each.node, line, each.value, each.proofs)


def _same(word: str) -> tuple[str, str]:
    resource = of_word(word)
    script = resource.script
    return script, word.removeprefix(f"{script}::")


def _words(config: NodeConfig, said: Sequence[Inferred]) -> Iterator[Difference]:
    pings = {member for ping in config.pings for member in (ping.name, *ping.members)}
    clients = {client.program for client in config.clients}
    for each in said:
        match each.option:
            case "ping" if each.value not in pings:
                yield Difference("ping", each.node, " ".join(sorted(pings)) or "none", each.value, each.proofs)
            case "respawn" if each.value.split()[0].rpartition("/")[2] not in clients and not config.crm:
                yield Difference("respawn", each.node, " ".join(sorted(clients)) or "none", each.value, each.proofs)
            case "auto_failback" if config.auto_failback.value.value != each.value:
                yield Difference("auto_failback", each.node, config.auto_failback.value.value, each.value, each.proofs)
            case "watchdog" if config.watchdog is None:
                yield Difference("watchdog", each.node, "none", each.value, each.proofs)
            case "stonith" if (each.value == "none") != (config.stonith is None):
                file = "none" if config.stonith is None else "a device"
                yield Difference("stonith", each.node, file, each.value, each.proofs)


def _times(config: NodeConfig, said: Sequence[Inferred]) -> Iterator[Difference]:
    values = {"initdead": config.initdead.value, "deadtime": config.deadtime.value, "warntime": config.warntime.value}
    for each in said:
        value = values.get(each.option)
        if value is None:
            continue
        if (each.lo is not None and value < each.lo) or (each.hi is not None and value > each.hi):
            file = f"{value / 1000:g} s"
            yield Difference(each.option, each.node, file, each.value, each.proofs, each.lo, each.hi)
