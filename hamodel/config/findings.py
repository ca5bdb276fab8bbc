"""What the daemon accepts may still be what a reviewer must know: a finding is a sentence, a place, and a repair.

Every kind of finding is one topic with a code. ERROR means that it goes wrong without any fault, WARNING that one fault
or one bad day is enough, NOTE that it is worth a look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from hamodel.config.daemon import DaemonLine
from hamodel.errors import ConfigurationError, Say, as_it_is
from hamodel.source import Span


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Topic(Enum):
    """Every kind of finding, with its code."""

    INITDEAD_SHORT = "HA140"
    INITDEAD_EQUALS_DEADTIME = "HA141"
    INITDEAD_UNDER_TWICE = "HA142"
    INITDEAD_LONG = "HA143"
    INITDEAD_COMPUTED = "HA144"
    WARNTIME_COMPUTED = "HA145"
    WARNTIME_CLOSE = "HA146"
    WARNTIME_USELESS = "HA147"
    DEADTIME_TINY = "HA148"
    DEADPING = "HA149"
    DEBUG_HIGH = "HA150"
    SINGLE_PATH = "HA151"
    COMMON_CARD = "HA152"
    NO_PATH = "HA153"
    HEARTBEAT_ON_SERVICE_CARD = "HA154"
    SERVICE_CARD_UNWATCHED = "HA155"
    PING_WITHOUT_IPFAIL = "HA156"
    IPFAIL_WITHOUT_PING = "HA157"
    IPFAIL_LEGACY = "HA158"
    IPFAIL_ONE_PATH = "HA159"
    PING_IS_MEMBER = "HA160"
    LATE_UDPPORT = "HA161"
    UDP_ALIAS = "HA162"
    DUPLICATE_MEDIUM = "HA163"
    UCAST_TO_ONESELF = "HA164"
    SERIAL_ONLY = "HA165"
    NODE_COUNT = "HA166"
    NODE_TWICE = "HA167"
    PLACEHOLDER = "HA168"
    LEGACY_FAILBACK = "HA169"
    FAILBACK_WITH_DISK = "HA170"
    CRM_MODE = "HA171"
    HARESOURCES_IGNORED = "HA172"
    WATCHDOG_IS_LATE = "HA173"
    NO_FENCING = "HA174"
    DRBD_DUAL_PRIMARY = "HA175"
    WEAK_FENCING = "HA176"
    ONE_SIDED_FENCING = "HA177"
    DOPD_ONE_PATH = "HA178"
    NO_LOG_TARGET = "HA179"
    OBSOLETE_OPTION = "HA180"
    ENV_WITHOUT_VALUE = "HA181"
    CRC_ONLY = "HA182"
    AUTHKEYS_ABSENT = "HA183"
    AUTHKEYS_MODE = "HA184"
    HARESOURCES_ABSENT = "HA185"
    HARESOURCES_EMPTY = "HA186"
    ADDRESS_BEFORE_DISK = "HA187"
    LONG_GROUP = "HA188"
    NOT_A_SERVICE = "HA189"
    STOPS_THE_CLUSTER = "HA190"
    CONTINUATION = "HA191"
    MASK_DOTTED = "HA192"
    SAME_RESOURCE_TWICE = "HA193"
    KEY_NOT_UNIQUE = "HA194"
    GROUP_WITHOUT_NODE = "HA195"
    ACTIVE_ACTIVE = "HA196"
    OTHER_SUBNET = "HA197"
    NODES_DIFFER = "HA198"
    NOT_CHECKED_HERE = "HA199"
    NO_EFFECT = "HA500"
    NO_WATCHDOG = "HA501"
    LATE_BAUD = "HA502"
    LATE_LOGGING = "HA503"
    FENCE_PASSWORD = "HA504"
    IPFAIL_AS_ROOT = "HA505"
    NO_DEVICE = "HA506"
    LOGD_OFF = "HA507"
    HOME_MADE = "HA508"
    ARGUMENTS = "HA509"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. `daemon` holds what Heartbeat itself prints about it, which is often nothing."""

    severity: Severity
    topic: Topic
    message: str
    span: Span | None = None
    help: str = ""
    daemon: tuple[str, ...] = ()
    label: str = ""

    @property
    def code(self) -> str:
        """The code of the topic, as it stands in brackets."""
        return self.topic.value

    def render(self, say: Say = as_it_is) -> str:
        """The finding in the house's style, like an error, in the language of `say`."""
        return _as_error(self).render(self.severity.value, say)


def finding(
    severity: Severity,
    topic: Topic,
    message: str,
    span: Span | None = None,
    help: str = "",
    daemon: Iterable[DaemonLine] = (),
    label: str = "",
) -> Finding:
    """A finding with the daemon's lines as text."""
    return Finding(severity, topic, message, span, help, tuple(str(line) for line in daemon), label)


def _as_error(said: Finding) -> ConfigurationError:
    error = ConfigurationError(said.message, span=said.span, label=said.label, daemon=said.daemon, help=said.help)
    error.code = said.code  # type: ignore[misc]  # a finding borrows the renderer of the errors, not their class
    return error


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, worst first, then by place and code."""

    def rank(said: Finding) -> tuple[int, str, str, int, int, str]:
        place = said.span
        where = (place.file, place.line, place.column) if place else ("~", 0, 0)
        return (_ORDER[said.severity], said.code, *where, said.message)

    return tuple(sorted(dict.fromkeys(findings), key=rank))


def render_findings(findings: Iterable[Finding], say: Say = as_it_is) -> str:
    """All findings as text, an empty line between two."""
    return "\n\n".join(said.render(say) for said in findings)
