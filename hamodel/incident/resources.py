"""Which resource a line speaks of: scripts are called by words, agents by names, kernels by devices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DISKS = frozenset({"Filesystem", "drbddisk", "drbdupper", "LVM", "Raid1", "ServeRAID", "raidisk"})
"""Scripts that give a node a disk: two nodes that have it destroy what is on it."""

ADDRESSES = frozenset({"IPaddr", "IPaddr2", "IPv6addr"})
_IP = re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+")


@dataclass(frozen=True, slots=True)
class Resource:
    """`name` is short and unique (the address, the device, the script), `word` as haresources writes it."""

    name: str
    word: str
    script: str

    @property
    def disk(self) -> bool:
        """Whether two owners of it mean lost data."""
        return self.script in DISKS


def of_word(word: str) -> Resource:
    """A word of haresources.

    >>> of_word("192.168.60.200/24/eth0").name, of_word("Filesystem::/dev/sdb5::/webdata::ext3").name
    ('192.168.60.200', '/dev/sdb5')
    """
    script, _, rest = word.partition("::")
    if not rest and _IP.match(script):
        return Resource(_name("IPaddr", script), word, "IPaddr")
    return Resource(_name(script, rest.replace("::", " ")), word, script)


def of_call(script: str, args: str) -> Resource:
    """What ResourceManager runs; a log copied from a page may have lost or gained a blank in the path.

    >>> of_call("/etc/ha.d/resource.d/", "Filesystem/dev/sdb5 /webdata ext3").word
    'Filesystem::/dev/sdb5::/webdata::ext3'
    >>> of_call("/etc/init.d/mysqld", "").name
    'mysqld'
    """
    call = f"{script} {args}".strip().replace("resource.d/ ", "resource.d/")
    name, *rest = call.rpartition("resource.d/")[2].split() or [""]
    if name.startswith("/"):
        name = name.rpartition("/")[2]
    base, slash, tail = name.partition("/")
    words = [f"/{tail}", *rest] if slash else rest
    if _IP.fullmatch(base.partition("/")[0]):
        return of_word(name)
    return Resource(_name(base, " ".join(words)), "::".join([base, *words]), base)


def _name(script: str, args: str) -> str:
    first = args.split()[0] if args.split() else ""
    if script in ADDRESSES:
        found = _IP.search(first)
        return found[0] if found else first or script
    if script in DISKS:
        return first or script
    return f"{script}::{first}" if first else script


def group_of(words: str) -> tuple[Resource, ...]:
    """The resources of a line of haresources without its node."""
    return tuple(of_word(word) for word in words.replace(": :", "::").split())


def agent_of(tag: str) -> tuple[str, str]:
    """The agent that writes a line, and the instance it names: `IPaddr(IPaddr_10.0.0.1)` or a bare `IPaddr`."""
    head, _, rest = tag.partition("(")
    name, instance = head.rpartition("/")[2], rest.rstrip(")")
    return name, "" if instance == "default" else instance.removeprefix(f"{name}_")


def cut(tag: str) -> bool:
    """Whether the instance in a tag was cut off by the logging daemon, which keeps 63 letters.

    >>> cut("heartbeat/IPaddr2(IPaddr2_192.168.60.2"), cut("IPaddr2(IPaddr2_192.168.60.2)"), cut("IPaddr2")
    (True, False, False)
    """
    return "(" in tag and not tag.endswith(")")


def beginning(known: Sequence[Resource], agent: str, start: str) -> Resource | None:
    """The resource an agent means by the beginning of an instance; of several the first."""
    return next((r for r in known if r.script == agent and r.name.startswith(start)), None)


def find(known: Sequence[Resource], agent: str, instance: str) -> Resource | None:
    """The resource an agent means; without an instance only if there is just one it can be."""
    same = [resource for resource in known if resource.script == agent]
    if instance:
        name = _name(agent, instance)
        fresh = Resource(name, f"{agent}::{instance}", agent) if agent in ADDRESSES | DISKS else None
        return next((resource for resource in same if resource.name == name), fresh)
    return same[0] if len(same) == 1 else None
