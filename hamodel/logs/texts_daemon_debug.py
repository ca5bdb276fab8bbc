"""What the daemon says at debug level: never in the logfile, always in the debugfile.

The same rows as in `texts_daemon`.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_LIFE = r"""
hb-dbg-config-ok | debug | HA configuration OK.  Heartbeat starting. |
hb-dbg-init-state | debug | Initializing resource state to {rsc_held} |
hb-dbg-uuid | debug | uuid is:{uuid} |
hb-dbg-fifo-pid | debug | FIFO process pid: {pid} |
hb-dbg-media-opening | debug | opening {media_type} {media_name} ({media_descr}) |
hb-dbg-write-pid | debug | write process pid: {pid} |
hb-dbg-read-pid | debug | read child process pid: {pid} |
hb-dbg-waiting-children | debug | Waiting for child processes to start |
hb-dbg-all-children | debug | All your child process are belong to us |
hb-dbg-status-interval | debug | Starting local status message @ {keepalive_ms} ms intervals |
hb-dbg-regsock-failed | debug | Cannot open registration socket at {path} |
hb-dbg-regsource-failed | debug | Cannot create registration source from IPC |
hb-dbg-shutdown-called | debug | hb_initiate_shutdown() called. |
hb-dbg-shutdown-already | debug | hb_initiate_shutdown(): shutdown already in progress |
hb-dbg-shutdown-final | debug | hb_initiate_shutdown(): calling hb_mcp_final_shutdown() |
hb-dbg-shutdown-phase | debug | hb_mcp_final_shutdown() phase {phase} |
hb-dbg-shutdown-immediate | debug | hb_mcp_final_shutdown()- immediate completion. |
hb-dbg-client-stopping | debug | Shutting down client {client_cmd} |
hb-dbg-client-died-early | debug | client "{client_cmd}" died early during shutdown. |
hb-dbg-client-final | debug | Final client "{client_cmd}" died. |
hb-dbg-exiting | debug | Exiting from pid {pid} [rc={rc}] |
hb-dbg-localdie | debug | Calling localdie() function |
hb-dbg-watchdog-timer | debug | Set watchdog timer to {secs} seconds. |
"""
_MESSAGES = r"""
hb-dbg-reqnodes-send | debug | sending reqnodes msg to node {node} |
hb-dbg-reqnodes-got | debug | Get a reqnodes message from {node} |
hb-dbg-repnodes-got | debug | Get a repnodes msg from {node} |
hb-dbg-nodelist | debug | nodelist received:{nodelist} |
hb-dbg-delnodelist | debug | get_delnodelist: delnodelist={nodelist} |
hb-dbg-status-seq | debug | Status seqno: {seq} msgtime: {msgtime} |
hb-dbg-apireg-open | debug | APIregistration_dispatch() { |
hb-dbg-apireg-close | debug | }/*APIregistration_dispatch*/; |
hb-dbg-rexmit-request | debug | rexmit request from node {node} for msg({first}-{last}) |
hb-dbg-client-status-delivered | debug | delivering client status message to a client from queue |
hb-dbg-client-status-queue-gone | debug | client_status_msg_queuefor node {node} destroyed |
auth-dbg-begin | debug | Beginning authentication parsing |
auth-dbg-max | debug | 16 max authentication methods |
auth-dbg-opened | debug | Keyfile opened |
auth-dbg-perms | debug | Keyfile perms OK |
auth-dbg-found | debug | Found authentication method [{method}] |
auth-dbg-signing | debug | Outbound signing method is {i} |
auth-dbg-complete | debug | Authentication parsing complete [{rc}] |
sig-debug-level | debug | debug now set to {debug_level} [pid {pid}] |
sig-dbg-term | debug | Process {pid} processing SIGTERM |
"""
_RESOURCES = r"""
hbr-dbg-shutdone-us | debug | Received T_SHUTDONE from us. |
hbr-dbg-shutdone-final | debug | Calling hb_mcp_final_shutdown in a second. |
hbr-dbg-autofailback-call | debug | Calling PerformAutoFailback() |
hbr-dbg-autofailback-delayed | debug | Auto failback delayed. |
hbr-dbg-autofailback-triggered | debug | Auto failback triggered. |
hbr-dbg-notify-invoking | debug | notify_world: invoking harc: OLD status: {ostatus} |
hbr-dbg-notify-sigchld | debug | notify_world: setting SIGCHLD Handler to SIG_DFL |
hbr-dbg-notify-running | debug | notify_world: Running harc {command} |
hbr-dbg-notify-started | debug | Starting notify process [{command}] |
hbr-dbg-isstable | debug | hb_rsc_isstable: ResourceMgmt_child_count: {child_count}, other_is_stable: {n1},
    takeover_in_progress: {n2}, going_standby: {standby_state}, standby running(ms): {ms}, resourcestate: {rsc_state} |
hbr-dbg-send-held | debug | Sending hold resources msg: {rsc_held}, stable={stable} # {comment} |
hbr-dbg-send-starting | debug | Sending local starting msg: resourcestate = {rsc_state} |
hbr-dbg-send-standby | debug | Sending standby [{standby_msg}] msg |
hbr-dbg-recv-standby | debug | Received standby message {info} from {node} in state {standby_state}␠ |
hbr-dbg-send-shutdone | debug | Sending T_SHUTDONE. |
hbr-dbg-req | debug | req_our_resources({cmd}) |
hbr-dbg-req-running | debug | req_our_resources(): running [{cmd}] |
hbr-dbg-rscproc-started | debug | Process [{proctype}] started pid {pid} |
hbr-dbg-rscproc-exited | debug | RscMgmtProc '{proctype}' exited code {exitcode} |
hbr-dbg-next-childcount | debug | StartNextRemoteRscReq(): child count {child_count} |
hbr-dbg-next-hook | debug | StartNextRemoteRscReq() - calling hook |
"""
_CONFIGURATION = r"""
cfg-dbg-add-option | debug | add_option({directive},{value}) |
cfg-dbg-pcmk-path | debug | Checking access of: {path}/{program} |3
"""
_CLIENTS = r"""
api-dbg-signon | debug | Signing on API client {client_pid} ({client_id}) |
api-dbg-signoff | debug | Signing client {client_pid} off |
api-dbg-check | debug | Checking client authorization for client {client_id} ({uid}:{gid}) |
api-dbg-remove | debug | G_remove_client(pid={client_pid}, reason='{reason}' gsource=0x{gsource}) { |
api-dbg-removing-v2 | debug | api_remove_client_int: removing pid [{client_pid}] reason: {reason} |2
api-dbg-removing-v3 | debug | api_remove_client_int: removing '{client_id}' pid [{client_pid}] reason: {reason} |3
api-dbg-eof | debug | EOF from client pid {client_pid} |
api-dbg-send-died | debug | api_send_client: client {client_pid} died |
"""

DAEMON_DEBUG_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _LIFE),
    *rows("heartbeat", _MESSAGES),
    *rows("heartbeat", _RESOURCES),
    *rows("heartbeat", _CONFIGURATION),
    *rows("heartbeat", _CLIENTS),
)
