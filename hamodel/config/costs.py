"""Every topic of a finding has a price, and the rules of practice it breaks.

SPLIT is no price of its own: where two nodes may own everything at once, a disk that nothing fences makes it the data,
and everything else an outage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hamodel.config.findings import Finding, Severity, Topic
from hamodel.config.node import NodeConfig
from hamodel.config.practice import practice
from hamodel.config.review_modes import is_weak
from hamodel.ir.review import Cost, Practice

T = Topic
SPLIT = None
DATA, OUTAGE, SURPRISE, HYGIENE = Cost.DATA_LOSS, Cost.OUTAGE, Cost.SURPRISE, Cost.HYGIENE

_PRICES: Mapping[Topic, tuple[Cost | None, str]] = MappingProxyType(
    {
        T.INITDEAD_SHORT: (SPLIT, "R6 R5"),
        T.INITDEAD_EQUALS_DEADTIME: (SURPRISE, "R5"),
        T.INITDEAD_UNDER_TWICE: (HYGIENE, "R5"),
        T.INITDEAD_LONG: (SURPRISE, ""),
        T.INITDEAD_COMPUTED: (HYGIENE, "R6"),
        T.WARNTIME_COMPUTED: (HYGIENE, "R4"),
        T.WARNTIME_CLOSE: (SURPRISE, "R5 R4"),
        T.WARNTIME_USELESS: (SURPRISE, "R5 R4"),
        T.DEADTIME_TINY: (SPLIT, "R7 R4"),
        T.DEADPING: (HYGIENE, ""),
        T.DEBUG_HIGH: (SURPRISE, "R20"),
        T.SINGLE_PATH: (SPLIT, "R1 R24"),
        T.COMMON_CARD: (SPLIT, "R1"),
        T.NO_PATH: (SPLIT, "R1"),
        T.HEARTBEAT_ON_SERVICE_CARD: (OUTAGE, "R1 R12"),
        T.SERVICE_CARD_UNWATCHED: (OUTAGE, "R12"),
        T.PING_WITHOUT_IPFAIL: (OUTAGE, "R12"),
        T.IPFAIL_WITHOUT_PING: (OUTAGE, "R12"),
        T.IPFAIL_LEGACY: (OUTAGE, "R12 R13"),
        T.IPFAIL_ONE_PATH: (OUTAGE, "R12 R1"),
        T.IPFAIL_AS_ROOT: (HYGIENE, "R12"),
        T.PING_IS_MEMBER: (SURPRISE, "R11"),
        T.LATE_UDPPORT: (SURPRISE, "R8"),
        T.LATE_BAUD: (SURPRISE, "R8"),
        T.LATE_LOGGING: (HYGIENE, "R8"),
        T.UDP_ALIAS: (HYGIENE, ""),
        T.DUPLICATE_MEDIUM: (SURPRISE, "R1"),
        T.UCAST_TO_ONESELF: (SPLIT, "R1"),
        T.SERIAL_ONLY: (SPLIT, "R1"),
        T.NODE_COUNT: (SURPRISE, ""),
        T.NODE_TWICE: (SURPRISE, "R9"),
        T.PLACEHOLDER: (OUTAGE, "R9"),
        T.LEGACY_FAILBACK: (SURPRISE, "R13"),
        T.FAILBACK_WITH_DISK: (SURPRISE, "R13"),
        T.CRM_MODE: (SURPRISE, ""),
        T.HARESOURCES_IGNORED: (OUTAGE, ""),
        T.WATCHDOG_IS_LATE: (SURPRISE, "R15"),
        T.NO_WATCHDOG: (HYGIENE, "R14"),
        T.NO_FENCING: (DATA, "R3 R2"),
        T.NO_DEVICE: (HYGIENE, "R2"),
        T.DRBD_DUAL_PRIMARY: (DATA, "R2 R16 R25"),
        T.WEAK_FENCING: (SPLIT, "R2"),
        T.ONE_SIDED_FENCING: (SPLIT, "R2"),
        T.FENCE_PASSWORD: (SURPRISE, "R19"),
        T.DOPD_ONE_PATH: (SPLIT, "R16"),
        T.NO_LOG_TARGET: (HYGIENE, "R20"),
        T.LOGD_OFF: (HYGIENE, "R20"),
        T.OBSOLETE_OPTION: (SURPRISE, "R13"),
        T.ENV_WITHOUT_VALUE: (SURPRISE, ""),
        T.CRC_ONLY: (SURPRISE, "R18 R21"),
        T.AUTHKEYS_ABSENT: (HYGIENE, "R18"),
        T.AUTHKEYS_MODE: (HYGIENE, "R18"),
        T.HARESOURCES_ABSENT: (OUTAGE, ""),
        T.HARESOURCES_EMPTY: (SURPRISE, ""),
        T.ADDRESS_BEFORE_DISK: (SURPRISE, ""),
        T.LONG_GROUP: (SURPRISE, ""),
        T.NOT_A_SERVICE: (HYGIENE, "R17"),
        T.STOPS_THE_CLUSTER: (OUTAGE, "R17"),
        T.HOME_MADE: (OUTAGE, "R17"),
        T.CONTINUATION: (OUTAGE, ""),
        T.MASK_DOTTED: (HYGIENE, ""),
        T.ARGUMENTS: (OUTAGE, "R17"),
        T.SAME_RESOURCE_TWICE: (SPLIT, "R10"),
        T.KEY_NOT_UNIQUE: (OUTAGE, "R10"),
        T.GROUP_WITHOUT_NODE: (OUTAGE, "R9"),
        T.ACTIVE_ACTIVE: (HYGIENE, ""),
        T.OTHER_SUBNET: (SURPRISE, ""),
        T.NODES_DIFFER: (SPLIT, "R10"),
        T.NOT_CHECKED_HERE: (HYGIENE, ""),
        T.NO_EFFECT: (SURPRISE, ""),
    }
)
_NOTES_THAT_SURPRISE = frozenset(
    {
        *(T.INITDEAD_LONG, T.FAILBACK_WITH_DISK, T.WATCHDOG_IS_LATE, T.ADDRESS_BEFORE_DISK, T.LONG_GROUP),
        *(T.WEAK_FENCING, T.HARESOURCES_EMPTY, T.OTHER_SUBNET, T.HOME_MADE, T.PING_IS_MEMBER),
    }
)
"""Topics whose notes are worth more than hygiene."""


def split_cost(nodes: Sequence[NodeConfig]) -> Cost:
    """What two owners at once cost these nodes."""
    disk = any(node.has_disk for node in nodes)
    fenced = bool(nodes) and all(node.stonith is not None and not is_weak(node.stonith) for node in nodes)
    return DATA if disk and not fenced else OUTAGE


def cost_of(said: Finding, nodes: Sequence[NodeConfig]) -> Cost:
    """What a finding can cost these nodes; a note costs no more than a surprise."""
    listed = _PRICES[said.topic][0]
    price = split_cost(nodes) if listed is SPLIT else listed
    assert price is not None
    if said.topic is Topic.NODES_DIFFER and said.severity is not Severity.ERROR:
        return SURPRISE if said.severity is Severity.WARNING else HYGIENE
    if said.severity is Severity.NOTE:
        return SURPRISE if said.topic in _NOTES_THAT_SURPRISE else HYGIENE
    return price


def rules_of(topic: Topic) -> tuple[Practice, ...]:
    """The rules of practice that a topic breaks."""
    return practice(*_PRICES[topic][1].split())


def priced() -> frozenset[Topic]:
    """The topics with a price."""
    return frozenset(_PRICES)
