"""Recommended practice is twenty-six rules that somebody paid for: each with its reason and its source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hamodel.ir.review import Practice

_FAQ = "Linux-HA FAQ (Heavy Load)"
_SPLIT = "linux-ha.org, SplitBrain"
_MAN = "manual page of ha.cf"
_IPFAIL = "linux-ha.org, ConfigureIpfail and ipfail"
_HARESOURCES = "the sample haresources; the header of ResourceManager"
_DRBD = "DRBD User's Guide 8.3 (Heartbeat, dopd)"

_ROWS = (
    Practice(
        "R1", "have two heartbeat paths that share no part, best of two kinds",
        "what two statements share fails for both at once; a single path is a split brain in waiting",
        f"Getting Started with Heartbeat; {_SPLIT}",
    ),
    Practice(
        "R2", "fence: more paths and quorum only make a split brain rare",
        "a node that cannot be heard cannot be asked whether it has stopped; only a reset makes sure",
        _SPLIT,
    ),
    Practice(
        "R3", "never share a disk without STONITH",
        "two mounts of one file system destroy it, and no later repair brings the data back",
        "SUSE's Heartbeat module (help text); Red Hat fenced(8); linux-ha-dev announcement of stonith",
    ),
    Practice(
        "R4", "measure before you set deadtime: take 1.5 to 2 times the longest late heartbeat under load",
        "a guess is too short on the busiest day, and too long on the day of the crash",
        _FAQ,
    ),
    Practice(
        "R5", "keep keepalive < warntime < deadtime, and initdead at least twice deadtime",
        "a warning has to come before the death, and a boot is slower than a heartbeat",
        "the sample ha.cf; Balasys PNS administrator guide",
    ),
    Practice(
        "R6", "give initdead more than the network needs after a boot, and never less than 10 s",
        "a switch port that learns its tree for 50 s makes two nodes that boot together deaf for 50 s",
        "linux-ha.org, InitdeadDirective",
    ),
    Practice(
        "R7", "do not make deadtime small",
        "any pause of that length is a death; a busy disk or switch is enough",
        f"linux-ha.org, DeadtimeDirective; {_FAQ}",
    ),
    Practice(
        "R8", "put udpport, baud and the log lines above the media lines",
        "a medium takes the values that stand above it, and nobody says a word about later ones",
        _MAN,
    ),
    Practice(
        "R9", "name the nodes as uname -n does, in ha.cf and in haresources",
        "a group of a stranger is started by nobody, and a node that does not find its own name does not start",
        _MAN,
    ),
    Practice(
        "R10", "keep haresources the same on all nodes, and every resource in it once",
        "the first resource of a line is its name; two lines or two files that disagree are two owners",
        _HARESOURCES,
    ),
    Practice(
        "R11", "ping a router or switch, never a node of the cluster",
        "a ping node that dies with its cluster node makes the healthy node look worse than it is",
        _MAN,
    ),
    Practice(
        "R12", "ipfail, ping nodes and a second path to the peer: all three or none, and not as root",
        "ipfail compares what both nodes can ping, so it needs something to ping and a way to ask",
        _IPFAIL,
    ),
    Practice(
        "R13", "say auto_failback yourself; for important data say off",
        "a group that goes home by itself goes home at a bad hour, and as often as its node reboots",
        f"{_MAN}; DRBD operation notes",
    ),
    Practice(
        "R14", "use a watchdog on both nodes, softdog with nowayout=0, and let the kernel reboot after a panic",
        "a node whose heartbeat died keeps its disks and addresses until something resets it",
        "linux-ha.org, softdog",
    ),
    Practice(
        "R15", "do not take a watchdog for a fence",
        "it knows nothing of a cut cable, and resets later than the peer takes over",
        f"follows from R2 and the timers; {_SPLIT}",
    ),
    Practice(
        "R16", "give dopd two paths, and know that DRBD does not repair a split brain by itself",
        "a replica can only be outdated while somebody can reach it",
        _DRBD,
    ),
    Practice(
        "R17", "let every script follow LSB, and start nothing at boot that Heartbeat starts",
        "a stop that fails reboots the machine, and a service that runs twice was never moved",
        "linux-ha.org, LSB resource agents; comments of ResourceManager",
    ),
    Practice(
        "R18", "sign with sha1 and a key; the same authkeys on all nodes, mode 600",
        "crc is a check sum: everybody can write a packet that passes",
        "the sample authkeys",
    ),
    Practice(
        "R19", "keep the passwords of fencing devices out of a file others can read",
        "whoever reads them can switch the machines off",
        "the sample ha.cf",
    ),
    Practice(
        "R20", "debug 0 or 1, and the logging daemon for the lines",
        "a daemon that waits for its log file is late with its heartbeats",
        f"{_MAN}; Heartbeat's own warning",
    ),
    Practice(
        "R21", "two clusters on one segment need two ports or groups, and two keys",
        "each hears the other's packets, and only the key tells them apart",
        "Linux-HA FAQ",
    ),
    Practice(
        "R22", "open the UDP port, and the multicast group, on every heartbeat path",
        "a filter is a cut cable from the first second: both nodes own everything after initdead",
        "bigbang.mydns.jp; Alibaba Cloud help 32506598",
    ),
    Practice(
        "R23", "plan the maintenance of switches",
        "the restart of a switch that carries every path is a split brain",
        "QNAP and Synology guides to high availability",
    ),
    Practice(
        "R24", "look for the cause of a split brain in this order: cable, card, switch, filter, address, mode",
        "heartbeats can stop at each of these while both nodes are well",
        "clsn.io and other operation handbooks",
    ),
    Practice(
        "R25", "know by heart how to heal a DRBD split brain",
        "one side's data must be thrown away, and it is better to choose the side before the night it happens",
        f"ma.ttias.be; {_DRBD}",
    ),
    Practice(
        "R26", "rehearse five faults before production: stop, public cable, power, all cables, kill",
        "the first test of a cluster should not be its first fault",
        "the five tests of the article on Heartbeat this project began with",
    ),
)  # fmt: skip

PRACTICE: Mapping[str, Practice] = MappingProxyType({row.id: row for row in _ROWS})
"""The rules by their number."""


def practice(*ids: str) -> tuple[Practice, ...]:
    """Some of the rules."""
    return tuple(PRACTICE[name] for name in ids)
