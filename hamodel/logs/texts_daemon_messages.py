"""What the daemon says of packets that are damaged, late, lost or not for it, and of nodes that come and go.

The same rows as in `texts_daemon`; no rule of the model writes them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_MEDIA = r"""
hb-media-open-failed-v3 | ERROR | make_io_childpair: cannot open {media_type} {media_name} |3
hb-media-close-failed-v3 | ERROR | make_io_childpair: cannot close {media_type} {media_name} |3
hb-media-wchan-failed-v3 | ERROR | make_io_childpair: cannot create hb write channel IPC: {strerror} |3
hb-media-rchan-failed-v3 | ERROR | make_io_childpair: cannot create hb read channel IPC: {strerror} |3
hb-media-start-in-recovery | ERROR | Attempt to start read/write children while in recovery |3
hb-media-index-bad | ERROR | make_io_childpair : media index is {medianum} |3
hb-media-pipe-failed | ERROR | Cannot write to media pipe {j}: {strerror} |
hb-media-pipe-shutdown | ERROR | Shutting down. |2
hb-media-pipe-restart | ERROR | Killing and restarting communications processes.: {strerror} |3
hb-media-write-failed-v2 | ERROR | write failure on {media_type} {media_name}.: {strerror} |2
hb-media-write-failed-v3 | ERROR | write_child: write failure on {media_type} {media_name}.: {strerror} |3
hb-media-write-timeout | ERROR | Write timeout on {media_type} {media_name}.: {strerror} |3
hb-media-msgs-discarded | WARN | {count} messages discarded due to write errors on {media_type} {media_name} |3
hb-media-suppress | WARN | Temporarily Suppressing write error messages |3
hb-media-cable | WARN | Is a cable unplugged on {media_type} {media_name}? |3
hb-media-msgs-suppressed | WARN | write_child: {count} {media_type} {media_name} messages discarded while suppressed. |3
hb-write-child-persistent | ERROR | write_child: Exiting due to persistent errors: {strerror} |3
hb-write-child-signal-setup | ERROR | write_child(): hb_signal_set_write_child(): Soldiering on...: {strerror} |
hb-read-child-signal-setup | ERROR | read_child(): hb_signal_set_read_child(): Soldiering on... |
hb-read-child-null-reads | ERROR | {count} NULL vf->read() returns in a row. Exiting.: {strerror} |
hb-read-child-null-msgs | ERROR | {count} NULL wirefmt2ipcmsg() returns in a row. Exiting.: {strerror} |
hb-read-child-send-failed | ERROR | read_child send: RCs: {rc} {rc2} |
hb-read-child-channel-lost | ERROR | read_child channel status: {ch_status} - returning. |
hb-core-io-retry-bad-index | ERROR | restart_comm_medium: media index is invalid [{medianum}] |3
"""
_PACKETS = r"""
hb-local-status-refused | info | Unable to set local status to: {status} |
hb-status-no-status | ERROR | HBDoMsg_T_STATUS: status update without st field |
hb-flowcontrol-off | info | flow control disabled due to different version heartbeat |
hb-live-count-small | ERROR | live_node_count too small ({live_nodes}) |
hb-live-count-big | ERROR | live_node_count too big ({live_nodes}) |
hb-link-nomem | ERROR | no memory to mark link dead |
hb-standby-timer-left | WARN | Standby timer has {ms} ms left |
hb-msg-missing-fields | ERROR | process_clustermsg: missing from/ts/type: iface {iface}, from {node} |
hb-msg-bad-seq | ERROR | process_clustermsg: has bad cseq: iface {iface}, from {node} |
hb-msg-missing-seq | ERROR | process_clustermsg: missing seqno: iface {iface}, from {node} |
hb-msg-bad-node | ERROR | process_status_message: bad node [{node}] in message |
hb-msg-autojoin | info | process_clustermsg: Adding new node [{node}] to configuration. |
hb-clock-jump | info | Clock jumped backwards. Compensating. |
hb-drop-bad-nak | ERROR | should_drop_message: bad nak seq number |
hb-drop-no-dest | WARN | should_drop_message: tonodename not found heartbeat version not matching? |
hb-packet-lost-forever | ERROR | Irretrievably lost packet: node {node} seq {seq} |
hb-drop-bad-seq | ERROR | should_drop_message: bad sequence number |
hb-drop-bad-generation | ERROR | should_drop_message: bad generation number |
hb-drop-bad-timestamp | ERROR | should_drop_message: bad timestamp |
hb-send-invalid | ERROR | Invalid message in send_cluster_msg: {strerror} |
hb-fifo-writing | info | Writing type [{type}] message to FIFO |
hb-fifo-written | info | FIFO message [type {type}] written rc={rc} |
hb-fifo-convert-failed | ERROR | send_cluster_msg: cannot convert message to wire format (pid {pid}) |
hb-fifo-child-open-failed | ERROR | send_cluster_msg: cannot open /var/lib/heartbeat/fifo: {strerror} |
hb-fifo-child-write-failed | ERROR | send_cluster_msg: cannot write to /var/lib/heartbeat/fifo [rc = {rc}]: {strerror} |
hb-send-status-failed | ERROR | Cannot send local status. |
hb-fifo-close-failed | ERROR | /var/lib/heartbeat/fifo close failure: {strerror} |
"""
_AUTHENTICATION = r"""
hb-auth-reparse-failed | ERROR | Authentication reparsing error, exiting. |
hb-auth-compute-failed | ERROR | Cannot compute message auth string [{method}/{key}/{data}] |
msg-auth-bad-token | WARN | Bad/invalid auth token, authtoken={token} |
msg-auth-bad-type | WARN | Invalid authentication type [{index}] in message! |
msg-auth-compute-failed | ERROR | Failed to compute message authentication |
msg-auth-failed | info | Packet failed authentication check, authstring ={authstring},authbuf={authbuf}␠ |
msg-uuid-unknown-v2 | WARN | ␠nodename not found for uuid |2
msg-uuid-unknown-v3 | WARN | nodename not found for uuid {uuid} |3
msg-sign-failed | ERROR | Cannot compute message authentication [{method}/{key}/{data}] |
"""
_RETRANSMISSION = r"""
hb-rexmit-too-many | ERROR | too many missing pkts({count}) from node {node} |
hb-rexmit-sending | info | Retransmitting pkt {seq} |
hb-rexmit-size | info | msg size ={len}, type={msgtype} |
hb-rexmit-too-high | WARN | Rexmit of seq {seq} requested. {hiseq} is max. |
hb-rexmit-bad-range | ERROR | Invalid rexmit seqnos |
hb-rexmit-unknown-node | ERROR | fromnode not found␠ |
hb-rexmit-nak | ERROR | Cannot rexmit pkt {seq} for {node}: {reason} |
hb-rexmit-nak-ackseq | info | fromnode ={node}, fromnode's ackseq = {node_ackseq} |
hb-hist-filling-error | ERROR | Message hist queue is filling up ({count} messages in queue) |
hb-hist-filling-warn | WARN | Message hist queue is filling up ({count} messages in queue) |3
hb-ack-corrupt | ERROR | HBDoMsg_T_ACK: corrupted ackseq current hiseq = {hiseq} ackseq ={ackseq} in this message |
rexmit-entry-missing | ERROR | send_rexmit_request: entry not found in rexmit_hash_tablefor seq/node({seq} {node}) |
rexmit-remove-missing | ERROR | remove_msg_rexmit: no entry found in rexmit hash_table for the missing packet({seq}) |
hb-ack-node-unknown | ERROR | node {node} not found bad message |
cfg-rexmit-delay-invalid | ERROR | hb_set_max_rexmit_delay: invalid value ({value}) |
rexmit-request-failed | ERROR | send_rexmit_request: cannot send NS_rexmit request to {node} |
"""
_NODES = r"""
hb-addnode-v2 | info | Adding new node({node}) to configuration. |2
hb-addnode-v3 | info | hb_add_one_node: Adding new node[{node}] to configuration. |3
hb-addnode-exists | ERROR | hb_add_one_node: node({node}) already exists |
hb-addnode-failed | ERROR | hb_add_one_node: adding node({node}) failed |
hb-delnode | info | Removing node [{node}] from configuration. |
hb-delnode-unknown | ERROR | hb_remove_one_node: node {node} not found in config |
hb-delnode-failed | ERROR | hb_remove_one_node: Deleting node({node}) failed |
hb-delnode-not-dead | WARN | deletion failed: node {node} is not dead |
hb-delnode-not-all-alive | ERROR | HBDoMsg_T_DELNODE: deletion failed. We don't have all required nodes alive ({node} is
    dead) |
hb-delnode-self | ERROR | I am being deleted from the cluster. This should not happen |
hb-nodelist-ping | ERROR | HBDoMsg_T_REPNODES: Incoming repnodes node list contains {node} |3
uuid-name-changed | WARN | nodename {known_node} uuid changed to {new_node} |
uuid-node-unknown | WARN | node {node} not found in table |
uuid-changed | info | node {node} changed its uuid to {uuid} |
uuid-cache-short | ERROR | Malformed (short) node/uuid line [{line}] (1) |
uuid-cache-malformed | ERROR | Malformed node/uuid line [{line}] (3) |
uuid-cache-bad-uuid | ERROR | Malformed uuid in line [{line}] (5) |
uuid-cache-write-failed | ERROR | write_node_uuid_file: Cannot fopen {tmpfile} for writing: {strerror} |
uuid-cache-read-failed | ERROR | read_node_uuid_file: Cannot fopen {file} for reading: {strerror} |
uuid-fsync-failed | ERROR | fsync failure on /var/lib/heartbeat/hb_uuid: {strerror} |
uuid-close-failed | ERROR | close failure on /var/lib/heartbeat/hb_uuid: {strerror} |
uuid-cache-line-unread | ERROR | Cannot read line from node/uuid file: {strerror} |
uuid-cache-malformed-long2 | ERROR | Malformed (long) node/uuid line [{line}] (2) |
uuid-cache-fflush | ERROR | fflush error on {tmpfile}: {strerror} |
uuid-cache-fsync | ERROR | fsync error on {tmpfile}: {strerror} |
uuid-cache-fclose | ERROR | fclose error on {tmpfile}: {strerror} |
uuid-cache-rename-v2 | ERROR | Cannot rename {tmpfile} to {file}: {strerror} |2
uuid-cache-rename-v3 | ERROR | Cannot rename {tmpfile} to {file} [errno {errno}]: {strerror} |3
uuid-delcache-fopen | ERROR | write_delnode_file: Cannot fopen {tmpfile} for writing: {strerror} |
uuid-delcache-read | ERROR | read_delnode_file: Cannot fopen {file} for reading: {strerror} |
"""

DAEMON_MESSAGES_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _MEDIA),
    *rows("heartbeat", _PACKETS),
    *rows("heartbeat", _AUTHENTICATION),
    *rows("heartbeat", _RETRANSMISSION),
    *rows("heartbeat", _NODES),
)
