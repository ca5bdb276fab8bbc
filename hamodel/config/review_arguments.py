"""A resource script that is called with nonsense fails at every start, on every node: its group never runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, ip_address

from hamodel.config.findings import Finding, Severity, Topic, finding
from hamodel.config.parts import Resource

ERROR = Severity.ERROR
_NUMERIC = re.compile(r"[0-9.]*\Z|[0-9a-fA-F.:]*:[0-9a-fA-F.:]*\Z")
_BITS = re.compile(r"\d+\Z")
_QUADS = frozenset(str(IPv4Address((0xFFFFFFFF << (32 - bits)) & 0xFFFFFFFF)) for bits in range(33))


def review_arguments(resource: Resource) -> Iterator[Finding]:
    """What is wrong with the arguments of one resource, as `findif` and the scripts themselves refuse it.

    A name instead of an address is not judged: whether it resolves is known on the machine only.
    """
    place = resource.span
    if not resource.type:
        message = f"{resource.text} names no script: what stands before the first :: is empty"
        yield finding(ERROR, Topic.ARGUMENTS, message, place, "write SCRIPT::ARGUMENT, or remove the word")
    elif resource.is_address:
        wrong = _address(resource) or _mask(resource) or _broadcast(resource)
        help = "write ADDRESS/BITS/CARD, such as 10.0.0.10/24/eth0"
        if resource.type == "IPv6addr":
            help = "write ADDRESS/BITS with every zero, such as 2001:db8:0:0:0:0:0:5/64"
        if wrong:
            yield finding(ERROR, Topic.ARGUMENTS, wrong, place, help)
    elif resource.is_mount and len([arg for arg in resource.args if arg]) < 2:
        message = "Filesystem needs a device and a directory: without them it mounts nothing"
        yield finding(ERROR, Topic.ARGUMENTS, message, place, "write Filesystem::DEVICE::DIRECTORY::TYPE")


def _address(resource: Resource) -> str:
    if ":" in "".join(resource.args) and len(resource.args) > 1:
        return f"haresources is cut at every ::, so that the address is {resource.args[0]}: the script refuses to start"
    if not resource.address:
        return f"{resource.type} has no address: the script refuses to start"
    if _NUMERIC.match(resource.address) and not _is_address(resource.address):
        return f"{resource.address} is no address: the script refuses to start"
    return ""


def _mask(resource: Resource) -> str:
    mask, most = resource.mask, 128 if ":" in resource.address else 32
    if _BITS.match(mask) and not 0 < int(mask[:9]) <= most:
        return f"a mask has 1 to {most} bits, not {mask}: the script refuses to start"
    if mask.count(".") == 3 and _NUMERIC.match(mask) and mask not in _QUADS:
        return f"{mask} is no mask: the script refuses to start"
    return ""


def _broadcast(resource: Resource) -> str:
    last = resource.args[0].split("/")[2:][-1:] if resource.args else []
    if last and last[0][:1].isdigit() and _NUMERIC.match(last[0]) and not _is_address(last[0]):
        return f"{last[0]} is no broadcast address: the script refuses to start"
    return ""


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except (AddressValueError, ValueError):
        return False
    return True
