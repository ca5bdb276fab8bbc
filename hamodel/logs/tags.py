"""Who wrote a line: from the tag to the components of the catalogue whose texts it may carry; none for a stranger.

In a syslog Heartbeat is one voice among many. A script of 2.0.8 signs with the bare name of the resource agent, one of
3.0.6 adds the resource in parentheses, its wrapper signs with a path.
"""

from __future__ import annotations

from functools import lru_cache

from hamodel.logs.headers import SCRIPTS, SYSTEM, Header, Writer

DAEMONS = frozenset(
    {"heartbeat", "ipfail", "ccm", "cib", "crmd", "attrd", "lrmd", "pengine", "tengine", "stonithd", "stonith-ng"}
    | {"mgmtd", "logd", "ha_logd", "pingd", "dopd", "hbagent", "apphbd", "recoverymgrd", "quorumd", "cl_status"}
    | {"evmsd", "cluster-glue", "hb_report", "ha_logger", "drbd-peer-outdater", "ldirectord_client", "cl_respawn"}
)
"""Heartbeat, its clients and the programs built on the same library."""

AGENTS = frozenset(
    {"IPaddr", "IPaddr2", "Filesystem", "IPsrcaddr", "IPv6addr", "SendArp", "MailTo", "LVM", "Raid1", "drbddisk"}
    | {"drbdupper", "apache", "Xinetd", "WAS", "WAS6", "db2", "oracle", "oralsnr", "mysql", "pgsql", "portblock", "ids"}
    | {"AudibleAlarm", "Delay", "Dummy", "EvmsSCC", "Evmsd", "ICP", "LinuxSCSI", "ServeRAID", "SysInfo", "VIPArip"}
    | {"Xen", "ldirectord", "ManageRAID", "ManageVE", "Pure-FTPd", "Route", "SAPDatabase", "SAPInstance", "Stateful"}
    | {"WinPopup", "o2cb", "OCF", "hto-mapfuncs", "anything", "ClusterMon", "eDir88", "drbd", "nfsserver", "named"}
    | {"pingd", "exportfs", "iscsi", "iSCSITarget", "iSCSILogicalUnit", "tomcat", "squid", "postfix", "VirtualDomain"}
)
"""Resource agents that shipped with Heartbeat and the resource agents after it, by the tag they write under."""

_OWN_TEXTS = frozenset({"IPaddr", "IPaddr2", "Filesystem", "LVM"})


@lru_cache(maxsize=4096)
def components(tag: str) -> tuple[str, ...]:
    """Whose texts may stand under this tag, the likeliest first; empty for a program that is none of ours."""
    name, instance, _ = tag.partition("(")
    if name.startswith("/"):
        return ("resource-script", "ocf-agent") if instance or "/resource.d/" in name else ()
    if name in SYSTEM:
        return (name,)
    if name in DAEMONS and not instance:
        return (name, "any-daemon")
    if name in SCRIPTS:
        return (name,)
    if instance or name in AGENTS:
        return (*((name,) if name in _OWN_TEXTS else ()), "resource-script", "ocf-agent")
    return ()


def is_own(line: Header) -> bool:
    """Whether Heartbeat, a client of it or a script of it wrote this; kernel lines are judged by their text alone.

    In Heartbeat's own files, which carry no host, every line with a header is its own. In a syslog a tag must be known,
    and one in parentheses must come with a level, because other programs use parentheses as well.
    """
    if line.tag in SYSTEM:
        return False
    if not line.host:
        return bool(line.tag)
    if line.writer is Writer.DAEMON:
        return bool(line.level) or line.tag in DAEMONS
    name = line.tag.partition("(")[0]
    if name in SCRIPTS:
        return True
    return bool(line.level) and bool(components(line.tag))
