"""What the shell scripts and resource agents say. The same rows as in `texts_daemon`.

The component names the writer; `resource-script` is the wrapper in resource.d, which begins its texts with a blank.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_HARC = r"""
harc-running | info | Running {rcdir}/{event} {args} |
"""
_IPRR = r"""
iprr-received | - | received {event} {group} {ok} {weown} |
"""
_MACH_DOWN = r"""
md-taking-over | info | Taking over resource group {group} |
md-foreign-acquired | info | {script}: nice_failback: foreign resources acquired |
md-complete | info | mach_down takeover complete for node {node}. |
"""
_STANDBY = r"""
hbst-going | - | Going standby [{rsc_type}]. |
"""
_MANAGER = r"""
rm-acquiring | info | Acquiring resource group: {node} {resources} |
rm-releasing | info | Releasing resource group: {node} {resources} |
rm-running | info | Running {script} {args} {op} |
rm-dbg-starting | debug | Starting {script} {args} {op} |
rm-dbg-done | debug | {script} {args} {op} done. RC={rc} |
rm-return-code | ERROR | Return code {rc} from {script} |
rm-retry-stop | info | Retrying failed stop operation [{resource}] |
rm-not-lsb | ERROR | Resource script for {resource} probably not LSB-compliant. |
rm-must-succeed | WARN | it ({resource}) MUST succeed on a stop when already stopped |
rm-reboot-avoided | WARN | Machine reboot narrowly avoided! |
rm-giving-up | CRIT | Giving up resources due to failure of {resource} |
rm-stop-failure | CRIT | Resource STOP failure. Reboot required! |
rm-killing-hb | CRIT | Killing heartbeat ungracefully! |
"""
_WRAPPER = r"""
ra-stopped | INFO | ␠Resource is stopped |
ra-running | INFO | ␠Running OK |
ra-success | INFO | ␠Success |
ra-generic-error | ERROR | ␠Generic error |
"""
_IPADDR = r"""
ip-calc-nic | INFO | Using calculated nic for {ip}: {nic} |
ip-calc-netmask | INFO | Using calculated netmask for {ip}: {netmask} |
ip-calc-broadcast | DEBUG | Using calculated broadcast for {ip}: {broadcast} |
ip-eval | INFO | eval {ifconfig} {nic}:{n} {ip} netmask {netmask} broadcast {broadcast} |
ip-garp | DEBUG | Sending Gratuitous Arp for {ip} on {nic}:{n} [{dev}] |
ip-ifconfig-down | INFO | /sbin/ifconfig {nic}:{n} {ip} down |2
ip-ifconfig-down-v3 | INFO | ifconfig {nic}:{n} down |3
ip-add-failed | ERROR | Could not add {ip} to {nic}: {rc} |2
ip-add-failed-v3 | ERROR | Could not add {ip} to {nic}: rc={rc} |3
"""
_IPADDR2 = r"""
ip2-addr-add | INFO | {ip_tool} -f inet addr add {ip}/{netmask} brd {broadcast} dev {nic}{opt_label} |2
ip2-link-up | INFO | {ip_tool} link set {nic} up |2
ip2-addr-delete | INFO | {ip_tool} -f inet addr delete {ip} dev {nic} |2
ip2-addr-show | INFO | {ip_tool} -o -f inet addr show {nic} |2
ip2-send-arp | INFO | {send_arp} -i {ms} -r {count} -p {pidfile} {nic} {ip} auto {ip} {arp_netmask} |2
ip2-send-arp-v3 | INFO | {send_arp} {opts} -i {ms} -r {count} -p {pidfile} {nic} {ip} {mac} not_used not_used |3
ip2-arp-output | INFO | {line} |3
ip2-adding | INFO | Adding {family} address {ip}/{netmask} with broadcast address {broadcast} to
    device {nic}{opt_with} |3
ip2-link-up-v3 | INFO | Bringing device {nic} up |3
ip2-status | INFO | IP status = {status}, IP_CIP={cip} |3
"""
_FILESYSTEM = r"""
fs-running | INFO | Running {op} for {dev} on {dir} |
fs-unmount-try | INFO | Trying to unmount {dir} |
fs-unmounted | INFO | unmounted {dir} successfully |
fs-mount-failed | ERROR | Couldn't mount filesystem {dev} on {dir} |2
fs-mount-failed-v3 | ERROR | Couldn't mount device [{dev}] as {dir} |3
fs-unmount-giveup | ERROR | Couldn't unmount {dir}, giving up! |
"""
_LVM = r"""
lvm-activating | INFO | Activating volume group {group} |3
lvm-deactivating | INFO | Deactivating volume group {group} |3
"""
_REQ_RESOURCE = r"""
rr-dbg-in | debug | in {script} {args} |
rr-dbg-dont-ask | debug | dont_ask: {dontask} nice_failback: {nice_failback} |
"""
_AVAHI = r"""
avahi-register | - | Registering new address record for {ip} on {nic}. |
avahi-withdraw | - | Withdrawing address record for {ip} on {nic}. |
"""

SCRIPT_ROWS: tuple[Row, ...] = (
    *rows("harc", _HARC),
    *rows("ip-request-resp", _IPRR),
    *rows("mach_down", _MACH_DOWN),
    *rows("hb_standby", _STANDBY),
    *rows("ResourceManager", _MANAGER),
    *rows("resource-script", _WRAPPER),
    *rows("IPaddr", _IPADDR),
    *rows("IPaddr2", _IPADDR2),
    *rows("Filesystem", _FILESYSTEM),
    *rows("LVM", _LVM),
    *rows("req_resource", _REQ_RESOURCE),
    *rows("avahi-daemon", _AVAHI),
)
