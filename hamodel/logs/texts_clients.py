"""What is said about resources that do not move as they should, about clients of the daemon, and by ipfail and cib.

The same rows as in `texts_daemon`; no rule of the model writes them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_RESOURCES = r"""
hbr-rcd-unreadable | ERROR | Cannot open directory {hadir}/rc.d: {strerror} |
hbr-notify-fork-failed | ERROR | Can't fork to notify world!: {strerror} |
hbr-harc-exec-failed | ERROR | cannot exec {hadir}/harc |
hbr-announce-dbg | info | AnnounceTakeover(local {local_done}, foreign {foreign_done}, reason '{reason}'
    ({announced})) |
hbr-resource-no-hold | ERROR | resource message without rsc_hold field. |
hbr-other-holds-dbg | info | other_holds_resources: {rsc_bits} |
hbr-state-dbg | info | STATE {rsc_state} => {new_rsc_state} |
hbr-bad-resource-type | ERROR | encode_resources: bad resource type [{value}] |
hbr-fork-failed | ERROR | Cannot fork. |
hbr-popen-failed | ERROR | Cannot run command {cmd} |
hbr-req-failed | ERROR | {cmd} {rcmsg}: {strerror} |
hbr-pclose | ERROR | pclose({cmd}) {rcmsg} |
hbr-req-pclose-rc | ERROR | [{cmd}] {rcmsg} |
hbr-req-pclose-errno | ERROR | pclose({cmd}) [{rcmsg}?]: {strerror} |
hbr-req-fgets-failed | ERROR | req_our_resources: fgets failure: {strerror} |
hbr-local-count-dbg | info | {rsc_count} local resources from [{cmd}] |
hbr-stonith-msg-failed | ERROR | cannot send stonith request for {node} |
hbr-stonith-msg-nomem | ERROR | Cannot send reset reply message [{result}] for {node} |
hbr-standby-bad-msg | ERROR | Received standby message without info/from |
hbr-i-hold-dbg | info | i_hold_resources: {rsc_bits} |
hbr-standby-other-dbg | info | standby: other_holds_resources: {rsc_bits} |
hbr-standby-state-dbg | info | New standby state: {standby_state} |
hbr-gostandby-who-dbg | info | go_standby: who: {who} resource set: {rsc_type} |
hbr-gostandby-query-dbg | info | go_standby: (query/action): ({querycmd}/{actioncmd}) |
hbr-cmd-failed | ERROR | {cmd} {rcmsg} |
hbr-giveup-status-dbg | info | hb_giveup_resources(): current status: {status} |
"""
_API = r"""
api-client-died | info | api_audit_clients: client {client_pid} died |
api-bad-ids | ERROR | Client user/group id is incorrect [{uid}] => {luid} [{gid}] => {lgid} |
api-no-anon | ERROR | NO auth found for anonymous |
api-pid-mismatch | info | PID mismatch: {client_pid} vs farside_pid: {farside_pid} |
api-reg-bad-msg | ERROR | api_process_registration_msg: bad message |
api-reg-no-id | ERROR | api_process_registration_msg: no fromid in msg |
api-reg-not-found | ERROR | api_process_registration_msg: cannot find client |
api-reg-wrong | ERROR | api_process_registration_msg: found wrong client |
api-non-client | ERROR | api_process_request: msg from non-client |
api-mismatch | ERROR | Client mismatch! (impersonation?) |
api-mismatch-pids | info | pids ({client_pid} vs {client_pid2}), Client IDs ({client_id} vs {client_id2}) |
api-unknown-request | ERROR | Unknown API request |
api-bad-request | ERROR | api_process_request: bad request [{reqtype}] |
api-bad-message | ERROR | api_process_request: bad message type |
api-cannot-forward | ERROR | api_process_request: cannot forward message to cluster |
api-casual-general | info | api_process_request: general message from casual client! |
api-sendqlen | info | the send queue length from heartbeat to client {client_id} is set to {length} |
api-sendqlen-bad | ERROR | api_set_sendqlen: invalid length value({length}) |
api-remove-unknown | ERROR | api_remove_client_int: could not find pid [{client_pid}] |
api-clients-paused | info | all clients are now paused |
api-clients-resumed | info | all clients are now resumed |
api-no-message | info | No message from pid {client_pid} |
api-removing | ERROR | Removing client pid {client_pid} |
api-msg-dropped | WARN | message is dropped␠ |
api-monitor-unknown-type | ERROR | heartbeat_monitor: unknown msgtype [{msgtype}] |
api-request-no-id | ERROR | api_process_request: no fromid/pid/reqtype in message. |
"""
_IPFAIL = r"""
ipfail-no-nodeid | ERROR | Cannot get my nodeid |
ipfail-bad-failback | ERROR | ␠invalid auto_faiback value({value}) |
ipfail-no-failback | ERROR | Couldn't get auto_failback setting. |
ipfail-filter-failed | ERROR | Cannot set filter mode |
ipfail-read-null | ERROR | read_hb_msg returned NULL: {strerror} |
ipfail-walk-start | ERROR | Cannot start node walk |
ipfail-walk-end | ERROR | Cannot end node walk |
ipfail-cb-join | ERROR | Cannot set msg_ipfail_join callback |
ipfail-cb-resources | ERROR | Cannot set msg_resources callback |
ipfail-cb-ping | ERROR | Cannot set msg callback |
ipfail-cb-abort | ERROR | Cannot set msg_abort_giveup callback |
ipfail-cb-dead | ERROR | Cannot set i_am_dead callback |
ipfail-cb-node | ERROR | Cannot set node status callback |
ipfail-cb-if | ERROR | Cannot set if status callback |
ipfail-msgsignal | ERROR | Cannot set message signal |
ipfail-giveup-nomem | ERROR | Out of memory, can't giveup. |
ipfail-signoff-failed | ERROR | Cannot sign off from heartbeat. |
ipfail-delete-failed | ERROR | Cannot delete API object. |
"""
_IPFAIL_DEBUG = r"""
ipfail-dbg-pid | debug | PID={pid} |
ipfail-dbg-signin | debug | Signing in with heartbeat |
ipfail-dbg-we-are | debug | [We are {node}] |
ipfail-dbg-failback | debug | auto_failback -> {auto_failback_int} ({value}) |
ipfail-dbg-filter | debug | Setting message filter mode |
ipfail-dbg-walk | debug | Starting node walk |
ipfail-dbg-node | debug | Cluster node: {node}: status: {status} |
ipfail-dbg-they-are | debug | [They are {node}] |
ipfail-dbg-signal | debug | Setting message signal |
ipfail-dbg-waiting | debug | Waiting for messages... |
ipfail-dbg-found-ping | debug | Found ping node {node}! |
ipfail-dbg-ask-sent | debug | Message [ask_resources] sent. |
ipfail-dbg-override | debug | Detected existing delay timer, overriding |
ipfail-dbg-timer-gone | debug | giveup timeout has been destroyed. |
ipfail-dbg-abort-sent | debug | Abort message sent. |
ipfail-dbg-join | debug | Got join message from another ipfail client. ({node}) |
ipfail-dbg-stable | debug | Other side is now stable. |
ipfail-dbg-unstable | debug | Other side is unstable. |
ipfail-dbg-count-sent | debug | Message [num_ping] sent. |
ipfail-dbg-asked | debug | Got asked for num_ping. |
ipfail-dbg-dead-sending | debug | Sending you_are_dead. |
ipfail-dbg-dead-sent | debug | Message [you_are_dead] sent. |
"""
_CIB = r"""
cib-no-digest | WARN | validate_cib_digest:io.c No on-disk digest present |2
cib-read-xml | info | readCibXmlFile: [on-disk] {xml} |2
"""

CLIENTS_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _RESOURCES),
    *rows("heartbeat", _API),
    *rows("ipfail", _IPFAIL),
    *rows("ipfail", _IPFAIL_DEBUG),
    *rows("cib", _CIB),
)
