"""What the media say when they cannot be opened, read or written, one table a kind of medium.

The same rows as in `texts_daemon`. Plugins write through the daemon, which puts `glib: ` before their texts.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_BCAST = r"""
bcast-bad-port | ERROR | glib: bad port number {port} |
bcast-no-iface | ERROR | glib: IP interface [{iface}] does not exist |
media-recv-failed | ERROR | glib: Error receiving from socket: {strerror} |
bcast-write-failed-v2 | ERROR | glib: Unable to send bcast [{rc}] packet(len={len}): {strerror} |2
bcast-write-failed-v3 | ERROR | glib: bcast_write: Unable to send HBcomm packet {iface} {ip}:{port} len={len} [{rc}]:
    {strerror} |3
bcast-socket-failed | ERROR | glib: Error getting socket: {strerror} |
bcast-so-broadcast | ERROR | glib: Error setting socket option SO_BROADCAST: {strerror} |
bcast-so-dontroute | ERROR | glib: Error setting socket option SO_DONTROUTE: {strerror} |
bcast-so-bindtodevice | ERROR | glib: Error setting socket option SO_BINDTODEVICE: {strerror} |
bcast-bind-retry | ERROR | glib: Error binding socket ({strerror}). Retrying. |
media-port-busy | info | glib: Someone already listening on port {port} [{iface}] |
bcast-read-exiting | info | glib: BCAST read process exiting |
bcast-bind-failed | ERROR | glib: Unable to bind socket ({strerror}). Giving up. |
bcast-so-bindtodevice-r | ERROR | glib: Error setting socket option SO_BINDTODEVICE(r) on {iface}: {strerror} |
bcast-get-broadcast-failed | ERROR | glib: Get broadcast for interface {iface} failed: {strerror} |
bcast-wrong-family | ERROR | glib: Wrong family for broadcast interface {iface}: {strerror} |
bcast-recv-reuseaddr | ERROR | glib: Error setting socket option SO_REUSEADDR: {strerror} |
bcast-if-socket | ERROR | glib: Error opening socket for interface {iface}: {strerror} |
"""
_MCAST = r"""
mcast-bad-device | ERROR | glib: mcast device [{dev}] is invalid or not set up properly |
mcast-missing-addr | ERROR | glib: mcast [{dev}] missing mcast address |
mcast-bad-addr | ERROR | glib: mcast [{dev}] bad addr [{addr}] |
mcast-missing-port | ERROR | glib: mcast [{dev}] missing port |
mcast-bad-port | ERROR | glib:  mcast [{dev}] bad port [{port}] |
mcast-missing-ttl | ERROR | glib: mcast [{dev}] missing ttl |
mcast-bad-ttl | ERROR | glib:  mcast [{dev}] bad ttl [{ttl}] |
mcast-missing-loop | ERROR | glib: mcast [{dev}] missing loop |
mcast-bad-loop | ERROR | glib:  mcast [{dev}] bad loop [{loop}] |
mcast-create-failed | WARN | glib: Error creating mcast_private({iface}, {addr}, {port}, {ttl}, {loop}) |
mcast-write-failed-v2 | ERROR | glib: Unable to send mcast packet [{rc}]: {strerror} |2
mcast-write-failed-v3 | ERROR | glib: mcast_write: Unable to send HBcomm packet {iface} {ip}:{port} len={len} [{rc}]:
    {strerror} |3
media-bind-retry | ERROR | glib: Can't bind (EADDRINUSE), retrying |
mcast-read-exiting | info | glib: multicast read process exiting |
mcast-bind-failed | WARN | glib: Unable to bind socket. Giving up: {strerror} |
mcast-join-failed | ERROR | glib: Can't join multicast group {group} on interface {iface} |
mcast-no-if-addr | ERROR | glib: Unable to retrieve local interface address for interface [{iface}] using
    ioctl(SIOCGIFADDR): {strerror} |
mcast-send-socket | WARN | glib: Error getting socket: {strerror} |
mcast-send-if | WARN | glib: Error setting outbound mcast interface: {strerror} |
mcast-send-loop | WARN | glib: Error setting outbound mcast loopback value: {strerror} |
mcast-send-ttl | WARN | glib: Error setting outbound mcast TTL: {strerror} |
mcast-recv-socket | ERROR | glib: Error getting socket |
mcast-recv-reuseaddr | ERROR | glib: Error setsockopt(SO_REUSEADDR) |
"""
_MCAST6 = r"""
mcast6-started | info | glib: UDP multicast heartbeat started for [{group6}]:{port} on interface {iface} (hops={hops}
    loop={loop}) |3
mcast6-no-device | ERROR | glib: mcast6 statement without device |3
mcast6-bad-device | ERROR | glib: mcast6 device [{dev}] is invalid or not set up properly |3
mcast6-missing-addr | ERROR | glib: mcast6 [{dev}] missing mcast6 address |3
mcast6-bad-addr | ERROR | glib:  mcast6 [{dev}] bad addr [{addr}] |3
mcast6-missing-port | ERROR | glib: mcast6 [{dev}] missing port |3
mcast6-missing-hops | ERROR | glib: mcast6 [{dev}] missing hops |3
mcast6-bad-hops | ERROR | glib:  mcast6 [{dev}] bad hops [{hops}] |3
mcast6-missing-loop | ERROR | glib: mcast6 [{dev}] missing loop |3
mcast6-bad-loop | ERROR | glib:  mcast6 [{dev}] bad loop [{loop}] |3
mcast6-write-failed | ERROR | glib: mcast6_write: Unable to send HBcomm packet {iface}[{group6}]:{port} len={len}
    [{rc}]: {strerror} |3
media6-getaddrinfo | ERROR | glib: getaddrinfo([{addr}]:{port}): {gai_error} |3
mcast6-create-failed | WARN | glib: Error creating mcast6_private({iface}, {addr}, {port}, {hops}, {loop}) |3
mcast6-send-if | WARN | glib: Error setting outbound mcast6 interface: {strerror} |3
mcast6-send-loop | WARN | glib: Error setting outbound mcast6 loopback value: {strerror} |3
mcast6-send-hops | WARN | glib: Error setting outbound mcast6 hops: {strerror} |3
mcast6-bind-failed | WARN | glib: Unable to bind socket to {group6} {port}. Giving up: {strerror} |3
mcast6-join-failed | ERROR | glib: Can't join multicast group {group6} on interface {iface} |3
media6-getaddrinfo-any | ERROR | glib: getaddrinfo([::]:{port}): {gai_error} |3
"""
_UCAST = r"""
ucast-reuseport | info | glib: ucast: set SO_REUSEPORT |3
ucast-reuseport-info | info | glib: ucast: setting option SO_REUSEPORT: {strerror} |3
ucast-reuseport-failed | ERROR | glib: ucast: error setting option SO_REUSEPORT: {strerror} |3
ucast-missing-target | ERROR | glib: ucast: [{dev}] missing target IP address/hostname |
ucast-unresolved | ERROR | glib: ucast: cannot resolve hostname |
ucast-no-iface | ERROR | glib: ucast: interface [{iface}] does not exist |
ucast-write-failed-v2 | ERROR | glib: Unable to send [{rc}] ucast packet: {strerror} |2
ucast-write-failed-v3 | ERROR | glib: ucast_write: Unable to send HBcomm packet {iface} {ip}:{port} len={len} [{rc}]:
    {strerror} |3
ucast-read-failed | ERROR | glib: ucast: error receiving from socket: {strerror} |
ucast-read-zero | ERROR | glib: ucast: received zero bytes |
ucast-so-bindtodevice-w | ERROR | glib: ucast: error setting option SO_BINDTODEVICE(w) on {iface}: {strerror} |
ucast-so-bindtodevice-r | ERROR | glib: ucast: error setting option SO_BINDTODEVICE(r) on {iface}: {strerror} |
ucast-bind-retry-v2 | ERROR | glib: ucast: error binding socket. Retrying: {strerror} |2
ucast-bind-retry-v3 | ERROR | glib: ucast: Can't bind (EADDRINUSE), retrying |3
ucast-port-busy | info | glib: ucast: someone already listening on port {port} [{iface}] |
ucast-read-exiting | info | glib: ucast: UDP read process exiting |
ucast-bind-failed | ERROR | glib: ucast: unable to bind socket. Giving up: {strerror} |
ucast-bad-device | ERROR | glib: ucast: bad device [{dev}] |
ucast-bad-port | ERROR | glib: ucast: bad port number {port} |
ucast-send-socket | ERROR | glib: ucast: Error creating write socket: {strerror} |
ucast-tos-failed | ERROR | glib: ucast: error setting socket option IP_TOS: {strerror} |
ucast-recv-socket | ERROR | glib: ucast: error creating read socket: {strerror} |
ucast-recv-reuseaddr-v2 | ERROR | glib: ucast: error setting socket option SO_REUSEADDR: {strerror} |2
ucast-recv-reuseaddr-v3 | WARN | glib: ucast: error setting socket option SO_REUSEADDR: {strerror} |3
"""
_UCAST6 = r"""
ucast6-started | info | glib: ucast6: heartbeat started for [{ip6}]:{udpport} on interface {iface} |3
ucast6-no-device | ERROR | glib: ucast6 statement without device |3
ucast6-bad-device | ERROR | glib: ucast6 device [{dev}] is invalid or not set up properly |3
ucast6-missing-addr | ERROR | glib: ucast6 [{dev}] missing ucast6 address |3
ucast6-bad-addr | ERROR | glib: ucast6 [{dev}] bad addr [{addr}] |3
ucast6-write-failed | ERROR | glib: ucast6_write: Unable to send HBcomm packet {iface}[{ip6}]:{udpport} len={len}
    [{rc}]: {strerror} |3
ucast6-create-failed | WARN | glib: Error creating ucast6_private({iface}, {addr}) |3
ucast6-bad-port | ERROR | glib: ucast6: bad port number {port} |3
ucast6-recv-failed | ERROR | glib: ucast6: Error receiving from socket: {strerror} |3
ucast6-bindtodevice-failed | ERROR | glib: ucast6: error setting option SO_BINDTODEVICE(r) on {iface}: {strerror} |3
ucast6-bound-send | info | glib: ucast6: bound send socket to device: {iface} |3
ucast6-bound-receive | info | glib: ucast6: bound receive socket to device: {iface} |3
ucast6-recv-socket | ERROR | glib: ucast6: Error getting socket |3
ucast6-recv-reuseaddr | ERROR | glib: ucast6: Error setsockopt(SO_REUSEADDR) |3
ucast6-reuseport-failed-warn | WARN | glib: ucast6: error setting option SO_REUSEPORT: {strerror} |3
ucast6-reuseport-failed-error | ERROR | glib: ucast6: error setting option SO_REUSEPORT: {strerror} |3
ucast6-reuseport-set | info | glib: ucast6: set SO_REUSEPORT |3
ucast6-bind-retry | ERROR | glib: ucast6: Can't bind (EADDRINUSE), retrying |3
ucast6-bind-failed | WARN | glib: ucast6: Unable to bind socket to {ip6} {udpport}. Giving up: {strerror} |3
ucast6-device-vanished | ERROR | glib: ucast6: device {iface} just vanished? |3
ucast6-scope-mismatch | ERROR | glib: ucast6: index {ifindex} does not match scope id {scope} for device {iface} |3
"""
_PING = r"""
ping-unknown-host | ERROR | glib: unknown host: {host}: {strerror} |
ping-raw-failed | ERROR | glib: Can't open RAW socket.: {strerror} |
ping-send-failed | ERROR | glib: Error sending packet: {strerror} |
ping-send-euid | info | glib: euid={euid} egid={egid} |3
ping-short | WARN | glib: ping packet too short ({bytes} bytes) from {ip} |
hbaping-started | notice | glib: hbaping heartbeat started. |
hbaping-no-api | ERROR | glib: error loading hbaapi: {strerror} |
hbaping-none | ERROR | glib: no HBA found |
ping-icmp-unknown | ERROR | glib: protocol ICMP is unknown: {strerror} |
ping6-short | WARN | glib: ping packet too short ({bytes} bytes) from {ip6} |3
ping6-icmp-unknown | ERROR | glib: protocol IPv6-ICMP is unknown: {strerror} |3
hbaping-open-failed | ERROR | glib: can't open adapter {adapter} |
hbaping-map-failed | ERROR | glib: failure of HBA_GetFcpTargetMapping: {rc} |
hbaping-no-target | ERROR | glib: no target found for adapter {adapter} |
"""
_SERIAL = r"""
serial-lock-failed | ERROR | glib: cannot lock line {tty} |
serial-not-full-path | ERROR | glib: Serial port not full pathname [{port}] in config file |
serial-nonexistent | ERROR | glib: Nonexistent serial port [{port}] in config file |
serial-not-char | ERROR | glib: Serial port [{port}] not a char device in config file |
serial-open-failed | ERROR | glib: cannot open {tty}: {strerror} |
serial-write-timeout | WARN | glib: TTY write timeout on [{media_name}] (no connection or bad cable? [see
    documentation]) |
serial-write-timeout-url-v2 | info | glib: See http://linux-ha.org/FAQ#TTYtimeout for details |2
serial-write-timeout-url-v3 | info | glib: See http://linux-ha.org/wiki/FAQ#TTY_timeout for details |3
serial-write-failed | ERROR | glib: TTY write failure on [{media_name}]: {strerror} |
serial-eof | ERROR | glib: EOF in ttygets [{tty}]: {strerror} [{rc}] |
serial-eof-10 | WARN | glib: 10 consecutive EOF errors from serial port {tty} |
serial-getattr-failed | ERROR | glib: cannot get tty attributes: {strerror} |
serial-setattr-failed | ERROR | glib: cannot set tty attributes: {strerror} |
serial-msg-too-long | ERROR | glib: serial_read:MSG_START exceeds MAXMSG |
serial-pkt-too-long-end | ERROR | glib: serial_read:serial_pkt exceeds MAXMSG after adding MSG_END |
serial-pkt-too-long | ERROR | glib: serial_read:serial_pkt exceeds MAXMSG |
"""

MEDIA_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _BCAST),
    *rows("heartbeat", _MCAST),
    *rows("heartbeat", _MCAST6),
    *rows("heartbeat", _UCAST),
    *rows("heartbeat", _UCAST6),
    *rows("heartbeat", _PING),
    *rows("heartbeat", _SERIAL),
)
