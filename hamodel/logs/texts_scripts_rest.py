"""What scripts and resource agents say off the beaten path, and what only a terminal ever sees.

The same rows as in `texts_daemon`. `_INIT` and `_TERMINAL` reach no log by themselves; people paste them into one.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_TERMINAL = r"""
cli-running | - | heartbeat OK [pid {pid} et al] is running on {uname} [{localnode}]... |
cli-stopped | - | {cmd} is stopped. No process |
cli-not-running | - | ERROR: heartbeat is not running. |
cli-already-running | - | ERROR: Heartbeat already running [pid {pid}]. |
cli-already-stopped | - | INFO: Heartbeat already stopped. |
cli-kill-failed | - | ERROR: Could not kill pid {pid} |
cli-watchdog-twice | - | heartbeat: Watchdog device multiply specified. |
cli-baud-twice | - | heartbeat: Baudrate multiply specified. |
cli-baud-invalid | - | heartbeat: invalid baudrate [{value}] specified. |
cli-port-invalid | - | heartbeat: invalid port [{value}] specified. |
cli-warntime-invalid | - | Warn time [{value}] is invalid. |
cli-udpport-order | - | heartbeat: udpport setting must precede media statements |3
cli-baud-order | - | heartbeat: baudrate setting must precede media statements |3
"""
_HARC = r"""
harc-rcdir-missing | ERROR | {script}: {rcdir} does not exist |
harc-not-executable | ERROR | {script}: {rcdir}/{event}: not executable |
harc-cannot-execute | ERROR | {script}: {rcdir}/{event}: cannot execute |
"""
_ASK_RESOURCES = r"""
ask-resources-standby | info | XXXX standby node {node} |
ask-resources-taking | info | Taking over resource group {group} |
ask-resources-foreign | info | {script}: nice_failback: acquiring foreign resources |
"""
_REQ_RESOURCE = r"""
rr-dbg-in | debug | in {script} {args} |
rr-dbg-dont-ask | debug | dont_ask: {dontask} nice_failback: {nice_failback} |
"""
_HB_STANDBY = r"""
hbst-too-many | - | {script}: too many arguments |
hbst-wrong | - | {script}: wrong resources({rsc_type}). |
"""
_MANAGER = r"""
rm-dbg-starting | debug | Starting {script} {args} {op} |
rm-dbg-done | debug | {script} {args} {op} done. RC={rc} |
rm-no-script | ERROR | Cannot locate resource script {script} |
rm-active | CRITICAL | Resource {resource} is active, and should not be! |
rm-nonidle-integrity | CRITICAL | Non-idle resources can affect data integrity! |
rm-get-help | info | If you don't know what this means, then get help! |
rm-read-docs | info | Read the docs and/or source to {script} for more details. |
rm-nonidle-takeback | CRITICAL | Non-idle resources will affect resource takeback! |
rm-nonidle-may | CRITICAL | Non-idle resources may affect data integrity! |
rm-no-reboot | CRIT | Unable to force reboot. |
"""
_WRAPPER = r"""
ra-illegal-argument | ERROR | ␠Illegal argument |
ra-unimplemented | ERROR | ␠Function unimplemented |
ra-privilege | ERROR | ␠User had insufficient privilege |
ra-not-installed | ERROR | ␠Program is not installed |
ra-not-configured | ERROR | ␠Program is not configured |
ra-unknown-error | ERROR | ␠Unknown error: {rc} |
ra-no-action | ERROR | No action specfied. |
ra-no-type | ERROR | Internal error. No value for OCF_TYPE specified |
ra-not-executable | ERROR | {script} is not an executable file␠ |
ra-unknown-operation | ERROR | Unknown operation: {op} |
"""
_OCF_AGENT = r"""
ocf-root-not-dir | ERROR | OCF_ROOT points to non-directory {dir}. |
ocf-no-instance | ERROR | Need to tell us our resource instance name. |
ocf-api-major | ERROR | This script is OCF RA API 1.x compliant only! |2
ocf-api-minor | ERROR | No OCF RA minor version set. |2
ocf-log-args | ERROR | Not enough arguments [{count}] to ocf_log. |
ocf-run-output | INFO | {line} |
ocf-run-failed-output | ERROR | {line} |
ocf-run-failed | ERROR | command failed: {cmd} |
ocf-setup-problem | ERROR | Setup problem: couldn't find command: {cmd} |3
"""
_IPADDR = r"""
ip-dbg-calc-netmask | DEBUG | Using calculated netmask for {ip}: {netmask} |2
ip-not-released | WARNING | IP Address {ip} NOT released |2
ip-not-released-v3 | WARNING | IP Address {ip} NOT released: rc={rc} |3
ip-no-free-if | ERROR | No free interface found for {ip} |
ip-no-nonloop | ERROR | Could not find a non-loopback device to move {ip} to |
ip-garp-failed | ERROR | Could not send gratuitous arps. rc={rc} |
ip-wrong-nic | ERROR | {ip} is running an interface ({nic}) instead of the configured one ({nic2}) |
ip-checking-stack | INFO | Checking IP stack |
ip-bad-arp-interval | ERROR | Invalid parameter value: ARP_INTERVAL_MS [{value}] |
ip-bad-arp-repeat | ERROR | Invalid parameter value: ARP_REPEAT [{value}] |
ip-no-lvs | ERROR | {system} does not support LVS |
ip-missing-ip | ERROR | Required parameter OCF_RESKEY_ip is missing |
ip-not-an-ip | ERROR | Parameter OCF_RESKEY_ip [{ip}] not an IP address |
ip-bcast-no-nic | ERROR | Configured broadcast value is ignored when no value for nic is specified |2
ip-bcast-no-netmask | ERROR | Configured broadcast value is ignored when no value for netmask is specified |2
ip-nic-no-netmask | ERROR | Configured nic value is ignored when no value for netmask is specified |2
ip-findif-failed | ERROR | {findif} failed [rc={rc}]. |
ip-bad-nic | ERROR | Invalid parameter value: nic [{nic} [Calculated nic: {nic2}] |2
ip-bad-nic-v3 | ERROR | Invalid parameter value: nic [{nic}] Calculated nic: [{nic2}] |3
ip-bad-bcast | ERROR | Invalid parameter value: broadcast [{broadcast} [Calculated broadcast: {broadcast2}] |2
ip-bad-bcast-v3 | ERROR | Invalid parameter value: broadcast [{broadcast}] Calculated broadcast: [{broadcast2}] |3
ip-lo-removing | INFO | Removing conflicting loopback {nic}. |
ip-lo-save-failed | ERROR | Could not save conflicting loopback {nic}. it will not be restored. |
ip-lo-restoring | INFO | Restoring loopback IP Address {ip} on {nic}. |
ip-vldir-failed | ERROR | Could not create "{dir}/". |2
"""
_IPADDR2 = r"""
ip2-addr-show | INFO | {ip_tool} -o -f inet addr show {nic} |2
ip2-link-down | INFO | {ip_tool} link set {nic} down |2
ip2-send-arp | INFO | {send_arp} -i {ms} -r {count} -p {pidfile} {nic} {ip} auto {ip} {arp_netmask} |2
ip2-findif-failed | ERROR | Failed: {findif} {ip}/{netmask}/{nic}/{broadcast} . Parameter error. |2
ip2-cmd-failed | ERROR | {cmd} failed. |2
ip2-garp-failed | ERROR | Could not send gratuitous arps |2
ip2-bad-interval | ERROR | Invalid OCF_RESKEY_arp_interval [{value}] |
ip2-bad-count | ERROR | Invalid OCF_RESKEY_arp_count [{value}] |
ip2-not-linux | ERROR | IPaddr2 only supported Linux. |
ip2-not-root | ERROR | You must be root for {op} operation. |
ip2-no-ip-tool | ERROR | {ip_tool} not found. |2
ip2-iptables-failed | ERROR | iptables failed |
ip2-kill-arp-failed | WARNING | Could not kill previously running send_arp for {ip} |
ip2-kill-arp | INFO | killed previously running send_arp for {ip} |
ip2-adding-nobcast | INFO | Adding {family} address {ip}/{netmask} to device {nic}{opt_with} |3
ip2-send-arp-v3 | INFO | {send_arp} {opts} -i {ms} -r {count} -p {pidfile} {nic} {ip} {mac} not_used not_used |3
ip2-arp-output | INFO | {line} |3
ip2-garp-failed-v3 | ERROR | Could not send gratuitous arps: rc={rc} |3
ip2-add-failed | ERROR | Failed to add {ip} |3
ip2-remove-failed | ERROR | Unable to remove IP [{ip} from interface [ {nic} ] |3
ip2-no-ip | ERROR | IP address (the ip parameter) is mandatory |3
ip2-findif-failed-err | ERROR | [{findif}] failed |3
ip2-findif-failed-warn | WARNING | [{findif}] failed |3
ip2-findif-failed-info | INFO | [{findif}] failed |3
ip2-no-nic | ERROR | No nic found or specified |3
ip2-label-long | ERROR | Interface label [{label}] exceeds maximum character limit of 15 |3
findif-bad-nic | ERROR | Invalid interface name [{nic}]: {text} |3
findif-bad-ip | ERROR | IP address [{ip}] not valid. |3
findif-bad-netmask | ERROR | Invalid netmask specification [{netmask}]. |3
findif-bad-bcast | ERROR | Invalid broadcast address [{broadcast}]. |3
findif-no-nic | ERROR | Unable to find nic or netmask. |3
findif-no-cidr | ERROR | Unable to find cidr_netmask. |3
findif-mismatch | ERROR | Unable to find nic, or netmask mismatch. |3
findif-convert | WARNING | Please convert dotted quad netmask {netmask} to CIDR notation {bits}! |3
"""
_FILESYSTEM = r"""
fs-already-mounted | INFO | Filesystem {dir} is already mounted. |
fs-fsck | INFO | Starting filesystem check on {dev} |
fs-fsck-failed | ERROR | Couldn't sucessfully fsck filesystem for {dev} |2
fs-fsck-failed-v3 | ERROR | Couldn't successfully fsck filesystem for {dev} |3
fs-no-fstype | ERROR | Couldn't find filesystem {fstype} in /proc/filesystems |
fs-no-fstype-module | ERROR | Couldn't find filesystem {fstype} in /proc/filesystems and failed to load kernel module |3
fs-no-device | ERROR | Couldn't find device [{dev}]. Expected /dev/??? to exist |
fs-no-device-warn | WARNING | Couldn't find device [{dev}]. Expected /dev/??? to exist |
fs-no-dir | ERROR | Couldn't find directory  [{dir}] to use as a mount point |
fs-unmount-cleanup | ERROR | Couldn't unmount {dir}; trying cleanup with {sig} |
fs-signalled | INFO | Some processes on {dir} were signalled |2
fs-not-signalled | INFO | No processes on {dir} were signalled |2
fs-not-signalled-v3 | INFO | No processes on {dir} were signalled. force_unmount is set to '{force}' |3
fs-sending-signal | INFO | sending signal {sig} to: {ps_line} |3
fs-mounted-status | INFO | {dir} is mounted (running) |
fs-unmounted-status | INFO | {dir} is unmounted (stopped) |
fs-no-mountpoint-warn | WARNING | Mountpoint {dir} does not exist |2
fs-no-support | INFO | It seems we do not have {fstype} support |
fs-no-device-param | ERROR | Please set OCF_RESKEY_device to the device to be managed |
fs-no-dir-param | ERROR | Please specify the directory |
fs-not-cluster-aware | ERROR | DANGER! {fstype} on {dev} is NOT cluster-aware! |
fs-utility-missing | ERROR | Setup problem: Couldn't find utility {cmd} |2
fs-submounts | ERROR | There is one or more mounts mounted under {dir}. |3
"""
_INIT = r"""
init-starting | - | Starting High-Availability services: {outcome} |
init-stopping | - | Stopping High-Availability services: {outcome} |
init-reloading | - | Reloading High-Availability services: {outcome} |
init-failure | - | ␠Heartbeat failure [rc={rc}]. {outcome} |
init-not-configured | - | Heartbeat not configured: {cfgfile} not found. |
init-waiting | - | Waiting to allow resource takeover to complete:{outcome} |
init-standby-legacy | - | auto_failback is set to legacy.  Cannot enter standby. |
init-standby-nice-off | - | nice_failback is disabled.  Cannot enter standby. |
init-standby-default | - | auto_failback defaulted to legacy.  Cannot enter standby. |
init-standby-value | - | auto_failback: {value} |
init-standby-try | - | Attempting to enter standby mode{outcome} |
init-standby-not-running | - | Heartbeat is not currently running. |
"""

SCRIPTS_REST_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _TERMINAL),
    *rows("harc", _HARC),
    *rows("ask_resources", _ASK_RESOURCES),
    *rows("req_resource", _REQ_RESOURCE),
    *rows("hb_standby", _HB_STANDBY),
    *rows("ResourceManager", _MANAGER),
    *rows("resource-script", _WRAPPER),
    *rows("ocf-agent", _OCF_AGENT),
    *rows("IPaddr", _IPADDR),
    *rows("IPaddr2", _IPADDR2),
    *rows("Filesystem", _FILESYSTEM),
    *rows("init-script", _INIT),
)
