"""What the daemon wrote in recorded runs beyond the catalogued source: at debug levels 1 to 3, of ucast, of ha_logd.

The same rows as in `texts_daemon`; no rule of the model writes them, and nothing is concluded from them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_PLAIN = r"""
ucast-reuseport-send | info | glib: ucast: set SO_REUSEPORT(w) |3
bcast-dbg-bound-receive | debug | glib: SO_BINDTODEVICE(r) set for device {iface} |3
mcast-dbg-lookup | debug | glib: looking up address for {iface} |
mcast-dbg-write-socket | debug | glib: mcast_open: write socket: {fd} |
mcast-dbg-read-socket | debug | glib: mcast_open: read socket: {fd} |
mcast-dbg-closing | debug | glib: mcast_close: Closing socket {fd} |
mcast-dbg-joined | debug | glib: Successfully joined multicast group {group} oninterface {iface} |
hb-dbg-locked | debug | pid {pid} locked in memory. |
hb-dbg-cpu-limit | debug | Limiting CPU: {secs} CPU seconds every {ms} milliseconds |
hb-dbg-wchan | debug | make_io_childpair: CREATED childpair wchan socket {fd} |3
hb-dbg-rchan | debug | make_io_childpair: CREATED childpair rchan socket {fd} |3
hb-dbg-rcvbuf | debug | adjusted rcvbuf size to {bytes} |
hb-dbg-clustermsg | debug | process_clustermsg: node [{node}] |
hb-dbg-local-status | debug | PID {pid}: Sending local status curnode = {addr} status: {status} |
hb-dbg-snapshot-empty | debug | create_seq_snapshot_table: no missing packets found for node {node} |
hb-dbg-next-client | debug | shutdown_last_client_child: Try next one. |
hb-dbg-fifo-message | debug | fifo_child message: |
hb-dbg-config-age | debug | stat of {path}: {stamp} versus old {old_stamp} |
cfg-dbg-comparing | debug | Comparing directive [{directive}] against [{word}] |
cfg-dbg-comparing-whole | debug | Comparing directive [{directive}] against WLdirective[{word}] |
cfg-dbg-rexmit-delay | debug | Setting max_rexmit_delay to {ms} ms |
cfg-dbg-auth | debug | Creating authentication: uidptr=0x{addr} gidptr=0x{addr2} |
cfg-dbg-apiauth | debug | apiauth {client_id} uid={uids}, gid={gids} |
hbr-dbg-filter | debug | CreateInitialFilter: {event} |
hbr-dbg-filtered | debug | FilterNotifications({event}) => {rc} |
hbr-dbg-unneeded | debug | {event}: child process unneeded. |
hbr-dbg-queueing | debug | Queueing remote resource request (hook = 0x{addr}) {event} |
hbr-dbg-queued-follows | debug | PerformQueuedNotifyWorld() msg follows |
hbr-dbg-other-stable | debug | {func}: other now stable |
hbr-dbg-other-unstable | debug | {func}: other now unstable |
hbr-dbg-resources-stable | debug | process_resources({number}):  other now stable |
hbr-dbg-resources-unstable | debug | process_resources({number}):  other now unstable |
hbr-dbg-resources-shutdone | debug | process_resources({number}):  other now stable - T_SHUTDONE |
hbr-dbg-standby-unstable | debug | go_standby: other is unstable |
hbr-dbg-standby-in-shutdown | debug | standby message ignored during shutdown |
hbr-dbg-children | debug | hb_rsc_isstable: ResourceMgmt_child_count: {child_count} |
hbr-dbg-req-end | debug | req_our_resources() fgets => NULL |
api-dbg-gsource | debug | client->gsource = 0x{gsource} |
api-dbg-to-cluster | debug | Sending API message to cluster... |
api-dbg-registration | debug | api_process_registration_msg({msgtype}, {client_pid}, {client_id}) |
api-dbg-removed | debug | }/*G_remove_client;*/ |
"""
_TRACED = "\n".join(
    f"{name}-enter | debug | {func}() {{ |\n{name}-leave | debug | }}/*{func}*/; |"
    for name, func in (
        ("hb-dbg-read-child", "read_child_dispatch"),
        ("hb-dbg-send-status", "hb_send_local_status"),
        ("hb-dbg-fifo-dispatch", "FIFO_child_msg_dispatch"),
        ("api-dbg-register-event", "process_registerevent"),
        ("api-dbg-input", "APIclients_input_dispatch"),
        ("api-dbg-request", "ProcessAnAPIRequest"),
    )
)
_RETURNED = """
api-dbg-return | debug | return {rc}; |
api-dbg-return-inner | debug | \treturn {rc}; |
"""
_LIBRARY = r"""
gs-dbg-channel | debug | G_main_IPC_Channel_constructor(sock={fd},{fd2}) |
gs-dbg-channel-gone | debug | G_main_del_IPC_Channel(sock={fd}) |
gs-dbg-destroy-enter | debug | G_CH_destroy_int(chp=0x{addr}, sock={fd}) { |
gs-dbg-destroy-notify | debug | G_CH_destroy_int: Calling dnotify(sock={fd}, arg=0x{addr}) function |
gs-dbg-destroy-ipc | debug | G_CH_destroy_int: calling IPC destroy (chp->ch=0x{addr}, sock={fd}) |
gs-dbg-destroy-leave | debug | }/*G_CH_destroy_int(sock={fd})*/ |
ipc-dbg-destroy-enter | debug | socket_destroy(ch=0x{addr}){ |
ipc-dbg-destroy-leave | debug | }/*socket_destroy(ch=0x{addr})*/ |
ipc-dbg-disconnect-enter | debug | socket_disconnect(sock={fd}, ch=0x{addr}){ |
ipc-dbg-disconnect-leave | debug | }/*socket_disconnect(sock={fd}, ch=0x{addr})*/ |
ipc-dbg-closing | debug | socket_disconnect: closing socket {fd} |
api-dbg-signoff-enter | debug | hb_api_signoff({rc}){ |
api-dbg-signoff-leave | debug | }/*hb_api_signoff({rc})*/ |
msg-zero-fields | ERROR | msg2string: Message with zero fields |
"""
_LOGGER = r"""
logd-started | info | logd started with {path}. |
logd-debugfile | info | setting debug file to {path} |
logd-logfile | info | setting log file to {path} |
logd-facility | info | setting log facility to {facility} |
"""

RECORDED_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _PLAIN),
    *rows("heartbeat", _TRACED),
    *rows("heartbeat", _RETURNED),
    *rows("any-daemon", _LIBRARY),
    *rows("logd", _LOGGER),
)
