"""What the daemon says when it refuses ha.cf, haresources or authkeys, or has doubts about them.

The same rows as in `texts_daemon`; no rule of the model writes them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_FILES = r"""
cfg-logd-bad-bool | ERROR | cl_str_to_boolean failed[{value}] |
cfg-logd-off-nolog | ERROR | No log entry found in ha.cf and use_logd is set to off |
cfg-parse-failed | ERROR | Heartbeat not started: configuration error. |
cfg-authkeys-failed | ERROR | Authentication configuration error. |
cfg-no-media | ERROR | No heartbeat media defined |
cfg-no-nodes | ERROR | no nodes defined |
cfg-no-auth | ERROR | No authentication specified. |
cfg-hostcache-invalid | ERROR | Invalid host/uuid map file [/var/lib/heartbeat/hostcache] - removed. |
cfg-node-added | notice | Current node [{localnode}] added to configuration. |
cfg-node-not-in-config | ERROR | Current node [{localnode}] not in configuration! |
cfg-node-not-in-config-hint | info | By default, cluster nodes are named by `uname -n` and must be declared with a
    'node' directive in the ha.cf file. |
cfg-node-not-in-config-url-v2 | info | See also: http://linux-ha.org/ha.cf/NodeDirective |2
cfg-node-not-in-config-url-v3 | info | See also: http://linux-ha.org/wiki/Ha.cf#node_directive |3
cfg-initdead-small | ERROR | Initial dead time [{initdead_ms}] is smaller than deadtime [{deadtime_ms}] |
cfg-deadping-small | ERROR | Ping dead time [{deadping_ms}] is too small compared to keeplive [{keepalive_ms}] |
cfg-cannot-open | ERROR | Cannot open config file [{cfgfile}] |
cfg-sample-hint | info | An annotated sample {cfgfile} file is provided in the documentation. |
cfg-copy-hint | info | Please copy it to {cfgfile}, read it, customize it, and try again. |
cfg-udp-alias | WARN | WARNING: directive 'udp' replaced by 'bcast' |
cfg-illegal-directive | ERROR | Illegal directive [{directive}] in {cfgfile} |
cfg-comm-plugin-failed | ERROR | Cannot load comm plugin {directive} [{pil_error}] |
cfg-hares-cannot-open | ERROR | Cannot open resources file [{cfgfile}] |
cfg-hares-bad-node | ERROR | Bad nodename in {cfgfile} [{node}] |
cfg-too-many-media | ERROR | Too many media specified (> 64) |
cfg-too-many-media-line | info | Offending command: {directive} {value} |
cfg-illegal-media | ERROR | Illegal {type} [{media_descr}] in config file [{value}] |
cfg-illegal-option | ERROR | Illegal configuration directive [{directive}] |
cfg-remove-alive | ERROR | remove_node: node {value} is {status}. Cannot remove alive node |
mod-ifmgr-failed | ERROR | ERROR: cannot load generic interface manager plugin [InterfaceMgr/generic]: {pil_error} |
cfg-hostcache-unlink | ERROR | unlink(/var/lib/heartbeat/hostcache) failed: {strerror} |
hb-node-remove-nolocal | ERROR | localnode not found |
"""
_CLUSTER_MANAGER = r"""
cfg-autojoin-r1 | ERROR | R1 style resource management conflicts with  autojoin set |
cfg-autojoin-r1-hint | ERROR | You need either unset autojoin or enable crm |
cfg-hares-ignored | WARN | File {hadir}/haresources exists. |
cfg-hares-ignored-why-v2 | WARN | This file is not used because crm is enabled |2
cfg-hares-ignored-why-v3 | WARN | This file is not used because pacemaker is enabled |3
cfg-crm-implied-failed | ERROR | Directive {directive} {value} failed |2
cfg-pcmk-order | ERROR | If you specify {directive}, it must come before the pacemaker directive |3
cfg-pcmk-twice | ERROR | pacemaker/crm directive used multiple times! |3
cfg-pcmk-valgrind | info | Enabling Valgrind on selected components |3
cfg-pcmk-apiauth-failed | ERROR | failed: apiauth {apiauth} |3
"""
_DIRECTIVES = r"""
cfg-udpport-reserved | WARN | heartbeat: udp port {value} reserved for service "{service}". |
cfg-facility-bad | ERROR | Log facility({value}) not valid |
cfg-nice-obsolete | ERROR | nice_failback flag is obsolete.. Use auto_failback {on, off, legacy} instead. |
cfg-nice-to-off | ERROR | 'nice_failback {value}' has been changed to 'auto_failback off' |
cfg-nice-to-legacy | ERROR | nice_failback {value} has been strictly interpreted as 'auto_failback legacy' |
cfg-nice-convert | ERROR | Consider converting to 'auto_failback on'. |
cfg-nice-ipfail | ERROR | When you do, then you can use ipfail, and hb_standby |
cfg-nice-doc | ERROR | See documentation for details. |
cfg-rtprio-bad | ERROR | Illegal realtime priority [{value}] |
cfg-hbgenmethod-bad | ERROR | Illegal hb generation method [{value}] |
cfg-compthreshold-bad | ERROR | set_compression_threshold: compress_threshhold({value}) invalid |
cfg-tradcomp-bad | ERROR | set_traditional_compression:Invalid directive value {value} |
cfg-env-bad | ERROR | set_env: invalid nvpair({nvpair}) |
cfg-env-long | ERROR | set_env: invalid value({nvpair}) |
cfg-maxrexmit-bad | ERROR | Invalid max_rexmit_delay time({value}) |
cfg-coreroot-bad | ERROR | Invalid core directory [{value}]: {strerror} |
cfg-autojoin-bad | ERROR | Invalid autojoin directive [{value}] |
cfg-uuidfrom-bad | ERROR | Invalid uuidfrom directive [{value}] |
cfg-bool-bad | ERROR | ha_config_check_boolean:Invalid directive value {value} |
cfg-realtime-unsupported | WARN | Realtime scheduling not supported on this platform. |
"""
_CLIENTS_AND_STONITH = r"""
cfg-stonith-no-type | ERROR | No Stonith type given |
cfg-stonith-bad-type | ERROR | Invalid Stonith type [{stonith_type}] |
cfg-stonith-bad-file | ERROR | Invalid Stonith config file [{file}] |
cfg-stonith-unknown | ERROR | Unknown Stonith config error [{file}] [{rc}] |
cfg-stonithhost-no-host | ERROR | No Stonith hostname argument given |
cfg-stonithhost-host-long | ERROR | Stonith hostname too long |
cfg-stonithhost-bad-params | ERROR | Invalid Stonith configuration parameter [{params}] |
cfg-stonithhost-unknown | ERROR | Unknown Stonith config error parsing [{params}] [{rc}] |
cfg-respawn-dbg-v2 | info | respawn directive: {directive} |2
cfg-respawn-dbg-v3 | info | respawn {directive} |3
cfg-failfast-dbg | info | failfast {directive} |3
cfg-respawn-uid-long | ERROR | UID specified for client child is too long |
cfg-respawn-bad-uid | ERROR | Invalid uid [{user}] specified for client child |
cfg-respawn-not-full-path | ERROR | Client child command [{client_cmd}] is not full pathname |
cfg-respawn-not-exec | ERROR | Client child command [{path}] is not executable |
cfg-apiauth-name-long | ERROR | client name [{client_id}] too long |
cfg-apiauth-dup-uid | ERROR | Duplicate uid list in apiauth |
cfg-apiauth-dup-gid | ERROR | Duplicate gid list in apiauth |
cfg-apiauth-missing | ERROR | Missing uid or gid in apiauth |
cfg-apiauth-dup-client | ERROR | Duplicate apiauth directive for API client {client_id}: [{directive}] |
cfg-apiauth-invalid | ERROR | Invalid apiauth directive [{directive}] |
cfg-apiauth-syntax | info | Syntax: apiauth client [uid=uidlist] [gid=gidlist] |
cfg-apiauth-syntax-uid | info | Where uidlist is a comma-separated list of uids, |
cfg-apiauth-syntax-gid | info | and gidlist is a comma-separated list of gids |
cfg-apiauth-syntax-one | info | One or the other must be specified. |
cfg-pcmk-child-missing | ERROR | Failed to add pacemaker client child "{program}" |3
cfg-stonith-type-long | ERROR | Stonith type too long |
"""
_KEYS = r"""
auth-load-plugin | ERROR | LoadPlugin on {type} returned {rc}: {pil_error} |
auth-lookup-failed | ERROR | Lookup extended#2 returned FALSE for {type} |
auth-table-size | ERROR | Table size: {size} |
auth-cannot-open | ERROR | Cannot open keyfile [{hadir}/authkeys].  Stop. |
auth-bad-perms | ERROR | Bad permissions on keyfile [{hadir}/authkeys], 600 recommended. |
auth-bad-auth-line | ERROR | Invalid auth line [{line}] in {hadir}/authkeys |
auth-bad-index | ERROR | Invalid authnum [{i}] in {hadir}/authkeys |
auth-bad-method | ERROR | Invalid authtype [{method}] |
auth-needless-key | info | Auth method [{method}] doesn't use a key |
auth-missing-key | ERROR | Auth method [{method}] requires a key |
auth-dbg-key | info | AUTH: i={i}: key = 0x{ptr1}, auth=0x{ptr2}, authname={method} |
auth-bad-line | ERROR | Auth line [{line}] is invalid. |
auth-missing-directive | ERROR | Missing auth directive in keyfile [{hadir}/authkeys] |
auth-key-not-found | ERROR | Auth Key [{index}] not found in keyfile [{hadir}/authkeys] |
"""

DAEMON_CONFIG_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _FILES),
    *rows("heartbeat", _CLUSTER_MANAGER),
    *rows("heartbeat", _DIRECTIVES),
    *rows("heartbeat", _CLIENTS_AND_STONITH),
    *rows("heartbeat", _KEYS),
)
