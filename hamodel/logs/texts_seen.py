"""What real logs hold beyond the source of the two releases: seen in recorded runs and in logs that people published.

The same rows as in `texts_daemon`; no rule of the model writes them. Releases between the two have words of their own,
and so have releases 0 and 1, whose scripts signed as the daemon.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_BETWEEN = r"""
cfg-version-2-support | info | Version 2 support: {value} |
hb-faq-heavy-load | info | See URL: http://linux-ha.org/FAQ#heavy_load |
msg-auth-failed-v1 | WARN | process_clustermsg: node [{node}] failed authentication |
msg-line-no-equals | WARN | ha_msg_add_nv_depth: line doesn't contain '=' |
msg-line-v1 | info | >>> |
msg-nv-failure | ERROR | NV failure (msgfromsteam): [{line}] |
tty-write-timeout-v1 | ERROR | TTY write timeout on [{tty}] (no connection or bad cable? [see documentation]) |
"""

_LOGD = r"""
logd-started | info | logd started with {path}. |
logd-sigterm | info | logd_term_write_action: received SIGTERM |
logd-exiting | info | Exiting write process |
"""

_FIRST = r"""
hb-shutdown-complete-v1 | info | Heartbeat shutdown complete. |
hbr-shutdown-progress-v1 | info | Heartbeat shutdown in progress. |
hbr-dead-gave-up-v1 | info | Dead node {node} held no resources. |
hb-no-local-heartbeat-v1 | ERROR | No local heartbeat. Forcing shutdown. |
hb-node-status-v1 | info | Node {node}: status {status} |
hbr-requesting | info | Requesting our resources. |
cfg-nice-failback | info | nice_failback is in effect. |
cfg-neither-log | info | Neither logfile nor logfacility found. |
bcast-started-v1 | notice | UDP heartbeat started on port {udpport} interface {media_name} |
"""

_FIRST_SCRIPTS = r"""
ip-eval-v1 | info | {ifconfig} {nic}:{n} {ip} netmask {netmask} broadcast {broadcast} |
ip-garp-v1 | info | Sending Gratuitous Arp for {ip} on {nic}:{n} [{iface}] |
"""

_SQUEEZED = r"""
rm-running-v1 | info | Running {script} {op} |
"""
"""A script without arguments, where a page has squeezed the two blanks before its operation."""

SEEN_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _BETWEEN),
    *rows("logd", _LOGD),
    *rows("heartbeat", _FIRST),
    *rows("IPaddr", _FIRST_SCRIPTS),
    *rows("ResourceManager", _SQUEEZED),
)
