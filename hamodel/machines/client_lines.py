"""Client lines: which processes a node starts, from its `respawn` and `failfast` lines and from what `crm on` implies.

A program is taken to sign on under its base name. Who may sign on is what `apiauth` says of that name; without a line
ipfail and ccm have to run as hacluster (seen on the daemon: ipfail as root is refused), and all others may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hamodel.config.cluster import NodeConfig
from hamodel.config.daemon import Version
from hamodel.config.parts import Client, Failback
from hamodel.config.spec import Spec
from hamodel.errors import NotApplicable
from hamodel.machines.structure import ClientInfo

_CRM_2 = ("ccm", "cib", "lrmd", "stonithd", "attrd", "crmd", "mgmtd")
_CRM_3 = ("ccm", "cib", "stonithd", "lrmd", "attrd", "crmd")
_AS_ROOT = frozenset({"lrmd", "stonithd", "mgmtd"})
_REBOOT = frozenset({"ccm", "cib", "crmd"})
"""With `crm on` in 3.0.6 the death of these reboots the machine."""
_NOTHING = frozenset({"manual", "minimal"})
_GROUPS = {"hacluster": "haclient"}
_USUAL_AUTH = {"ipfail": ("uid=hacluster",), "ccm": ("uid=hacluster",)}


def clients_of(spec: Spec) -> tuple[ClientInfo, ...]:
    """The processes the spec wants to see, the same command of the two nodes being one.

    Raises NotApplicable where the spec names a client that no node starts.
    """
    if not spec.clients.played:
        return ()
    version = spec.cluster.version
    known = {client.program for node in spec.cluster.per_node.values() for client in started(node, version)}
    if lost := [name for name in spec.clients.names or () if name not in known]:
        raise NotApplicable(
            f"[clients] names {', '.join(lost)}, which Heartbeat does not start here",
            help=f"clients: {', '.join(sorted(known)) or 'none'}",
        )
    found: dict[tuple[str, int], list[Client | None]] = {}
    for n, name in enumerate(spec.cluster.nodes):
        if name not in _nodes(spec):
            continue
        seen: Counter[str] = Counter()
        for client in started(spec.cluster.per_node[name], version):
            if spec.clients.names is None or client.program in spec.clients.names:
                found.setdefault((client.command, seen[client.command]), [None, None])[n] = client
                seen[client.command] += 1
    return tuple(_info(pair, spec) for pair in found.values())


def _nodes(spec: Spec) -> tuple[str, ...]:
    """The nodes on which clients are played: those the spec names, or all that differ.

    In CRM mode the clients of two nodes do not meet here; where both start the same ones, the first speaks for both.
    """
    nodes = spec.cluster.nodes
    if spec.clients.nodes is not None:
        return spec.clients.nodes
    first, second = (spec.cluster.per_node[name] for name in nodes)
    alike = all(_what_counts(first, of) == _what_counts(second, of) for of in ("crm", "clients", "apiauth"))
    return nodes[:1] if first.crm and alike else nodes


def _what_counts(node: NodeConfig, of: str) -> object:
    if of == "apiauth":
        return [line.value for line in node.options.get("apiauth", ())]
    return (node.crm, node.crm_mode and node.crm_mode.value) if of == "crm" else node.clients


def started(node: NodeConfig, version: Version) -> tuple[Client, ...]:
    """What this node starts, in the order of the file; what crm implies comes first."""
    return (*_implied(node, version), *node.clients)


def _implied(node: NodeConfig, version: Version) -> Iterator[Client]:
    mode = (node.crm_mode.value if node.crm and node.crm_mode else "manual").lower()
    if mode in _NOTHING:
        return
    old = version is Version.V2_0_8
    place = "/usr/lib/heartbeat" if old else "/usr/libexec/heartbeat"
    programs = _CRM_2 if old else ("ccm",) if mode == "ccm-only" else _CRM_3
    for program in programs:
        calm = old or program not in _REBOOT or mode in ("respawn", "ccm-only")
        yield Client("root" if program in _AS_ROOT else "hacluster", f"{place}/{program}", respawn=calm)


def _info(pair: list[Client | None], spec: Spec) -> ClientInfo:
    some = next(client for client in pair if client is not None)
    configs = [spec.cluster.per_node[name] for name in spec.cluster.nodes]
    both = list(zip(pair, configs, strict=True))
    there, failfast, barred, leaves = (
        (of(*both[0]), of(*both[1])) for of in (_is_there, _is_failfast, _is_barred, _leaves)
    )
    return ClientInfo(some.program, some.command, some.user, there, failfast, barred, leaves)


def _is_there(client: Client | None, _: NodeConfig) -> bool:
    return client is not None


def _is_failfast(client: Client | None, _: NodeConfig) -> bool:
    return client is not None and client.failfast


def _is_barred(client: Client | None, node: NodeConfig) -> bool:
    """Neither the user nor its group stands in the rule for this name."""
    if client is None:
        return False
    rules = [line.value.split() for line in node.options.get("apiauth", ())]
    words = next((tuple(w[1:]) for w in rules if w[:1] == [client.program]), _USUAL_AUTH.get(client.program, ()))
    allowed = {name for word in words for name in word[4:].split(",")}
    return bool(allowed) and not allowed & {f"{client.user}", _GROUPS.get(client.user, client.user)}


def _leaves(client: Client | None, node: NodeConfig) -> bool:
    """ipfail has nothing to do in CRM mode and in legacy mode."""
    return client is not None and client.program == "ipfail" and (node.crm or node.auto_failback.value is _LEGACY)


_LEGACY = Failback.LEGACY
