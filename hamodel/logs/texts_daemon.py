"""What the daemon, its children, ipfail and the kernel say. One row: id, component, level, text, version (empty: both).

The ids are stable names; a pair that ends in `-v2` and `-v3` is one message whose wording changed between the releases.
Double blanks and missing full stops are the daemon's own. A level of `-` is printed without a level word. In the tables
`␠` is a blank at the end of a text, and a line that begins with blanks goes on with the one before.
"""

from __future__ import annotations

Row = tuple[str, str, str, str, str]

V2, V3 = "2.0.8", "3.0.6"


def rows(component: str, table: str) -> tuple[Row, ...]:
    """The rows of one component from `id | level | text | version` lines; blanks around the text do not count."""
    found = []
    for line in table.strip("\n").replace("\n    ", " ").splitlines():
        name, level, rest = (part.strip(" ") for part in line.split("|", 2))
        text, _, version = rest.rpartition("|")
        release = {"2": V2, "3": V3}.get(version.strip(), "")
        found.append((name, component, level, text.strip(" ").replace("␠", " "), release))
    return tuple(found)


_START = r"""
core-lost-v2 | WARN | Core dumps could be lost if multiple dumps occur |2
core-lost-v3 | WARN | Core dumps could be lost if multiple dumps occur. |3
core-set-pattern | WARN | Consider setting non-default value in /proc/sys/kernel/core_pattern (or
    equivalent) for maximum supportability |3
core-set-uses-pid | WARN | Consider setting /proc/sys/kernel/core_uses_pid (or equivalent) to 1 for
    maximum supportability |
cfg-pcmk-support | info | Pacemaker support: {value} |3
cfg-initdead-warn | WARN | Initial dead time [{initdead_ms} ms] may be too small! |
cfg-initdead-warn-why | info | Initial dead time accounts for slow network startup time |
cfg-initdead-warn-hint | info | It should be >= deadtime and >= 10 seconds |
cfg-legacy-failback | WARN | Deprecated 'legacy' auto_failback option selected. |
cfg-legacy-failback-convert | WARN | Please convert to 'auto_failback on'. |
cfg-legacy-failback-doc | WARN | See documentation for conversion details. |
cfg-logd-default | info | No log entry found in ha.cf -- use logd |
cfg-logd-disabled | WARN | Logging daemon is disabled --enabling logging daemon is recommended |
cfg-logd-and-files | WARN | logd is enabled but logfile/debugfile{opt_logfacility} is still configured in ha.cf |
cfg-uselogd-on | info | Enabling logging daemon␠ |
cfg-uselogd-on-hint | info | logfile and debug file are those specified in logd config file (default /etc/logd.cf) |
cfg-banner | info | ************************** |
cfg-deadtime-small | ERROR | Dead time [{deadtime_ms}] is too small compared to keeplive [{keepalive_ms}] |
hb-config-error-restart | info | Config errors: Heartbeat NOT restarted |
hb-config-error-exit | ERROR | Configuration error, heartbeat not started. |
cfg-validated | info | Configuration validated. Starting heartbeat {version} |
hb-version | info | heartbeat: version {version} |
hb-generation-none-v2 | WARN | No Previous generation - starting at 1 |2
hb-generation-none-v3 | WARN | No Previous generation - starting at {generation} |3
hb-generation | info | Heartbeat generation: {generation} |
uuid-generating | info | No uuid found for current node - generating a new uuid. |
hb-fifo-creating | info | Creating FIFO /var/lib/heartbeat/fifo. |
hb-rsctmp-removal-v2 | info | Removing /var/run/heartbeat/rsctmp failed, recreating. |2
gs-trigger-added-v2 | info | G_main_add_TriggerHandler: Added signal manual handler |2
gs-signal-added-v2 | info | G_main_add_SignalHandler: Added signal handler for signal {signo} |2
bcast-started | info | glib: UDP Broadcast heartbeat started on port {udpport} ({port}) interface {media_name} |
bcast-closed | info | glib: UDP Broadcast heartbeat closed on port {udpport} interface {media_name} - Status: {rc} |
mcast-started | info | glib: UDP multicast heartbeat started for group {group} port {port}
    interface {iface} (ttl={ttl} loop={loop}) |
ucast-tos | info | glib: ucast: write socket priority set to IPTOS_LOWDELAY on {iface} |
ucast-bound-send | info | glib: ucast: bound send socket to device: {iface} |
ucast-reuseaddr | info | glib: ucast: set SO_REUSEADDR |3
ucast-bound-receive | info | glib: ucast: bound receive socket to device: {iface} |
ucast-started | info | glib: ucast: started on port {udpport} interface {iface} to {ip} |
serial-started | info | glib: Starting serial heartbeat on tty {tty} ({baud} baud) |
ping-started | info | glib: ping heartbeat started. |
ping-group-started | info | glib: ping group heartbeat started. |
hb-watchdog-using | notice | Using watchdog device: {watchdog_dev} |
rt-lock-limits | ERROR | Cannot lock ourselves into memory:  System limits on locked-in memory are too small. |
hb-watchdog-timeout-failed | ERROR | WDIOC_SETTIMEOUT: Failed to set watchdog timer to {secs} seconds.: {strerror} |
hb-watchdog-open-failed | ERROR | Cannot open watchdog device: {watchdog_dev} |
"""

_PEERS = r"""
gs-dispatch-delayed | WARN | {func}: Dispatch function for {source} was delayed {ms} ms (> {max_ms} ms) before
    being called (GSource: 0x{addr}) |
gs-started-at | info | {func}: started at {ticks} should have started at {ticks2} |
hb-local-status-set | info | Local status now set to: '{status}' |
hb-comm-now-up | info | Comm_now_up(): updating status to active |
hb-client-starting | info | Starting child client "{client_cmd}" ({uid},{gid}) |
hb-client-started | info | Starting "{client_cmd}" as uid {uid}  gid {gid} (pid {pid}) |
hb-core-died-v2 | ERROR | Core heartbeat process died! Restarting. |2
hb-core-io-died | ERROR | {core_proc} process died.  Beginning communications restart process for comm channel
    {medianum}. |3
hb-core-io-both-died | ERROR | Both comm processes for channel {medianum} have died.  Restarting. |3
hb-core-io-restart-ok | info | Communications restart succeeded. |3
hb-client-respawn | ERROR | Respawning client "{client_cmd}": |
hb-client-respawn-fast | ERROR | Client {client_cmd} "respawning too fast" |
api-duplicate-client | WARN | duplicate client add request [{client_id}] [{client_pid}] |
api-reg-cannot-add | ERROR | api_process_registration_msg: cannot add client({client_id}) |
api-auth-failed | WARN | Client [{client_id}] pid {pid} failed authorization [{reason}] |
api-bad-pid | WARN | api_add_client: bad pid [{pid}] |
reboot-now | EMERG | Rebooting system.  Reason: {reason} |3
hb-client-killed-v2 | ERROR | Client {client_cmd}(pid={pid}) killed by signal {signo}. |2
hb-client-killed-v3 | ERROR | Client {client_cmd} (pid={pid}) killed by signal {signo}. |3
hb-client-not-running | info | client [{client_cmd}] is not running. |
pt-exit-ok-v2 | info | Exiting {proctype} process {pid} returned rc {exitcode}. |2
pt-exit-ok-v3 | info | Managed {proctype} process {pid} exited with return code {exitcode}. |3
pt-exit-warn-v2 | WARN | Exiting {proctype} process {pid} returned rc {exitcode}. |2
pt-exit-warn-v3 | WARN | Managed {proctype} process {pid} exited with return code {exitcode}. |3
pt-killed-v2 | WARN | Exiting {proctype} process {pid} killed by signal {signo}. |2
pt-killed-v3 | WARN | Managed {proctype} process {pid} killed by signal {signo} [{signame} - {sigwords}]. |3
hb-node-status | info | Status update for node {node}: status {status} |
hb-node-dead | WARN | node {node}: is dead |
hb-late-heartbeat | WARN | Late heartbeat: Node {node}: interval {interval_ms} ms |
hb-late-heartbeat-deadtime | CRIT | Late heartbeat: Node {node}: interval {interval_ms} ms (> deadtime) |3
hb-no-local-heartbeat | ERROR | No local heartbeat. Forcing restart. |
hb-no-local-heartbeat-url-v2 | info | See URL: http://linux-ha.org/FAQ#no_local_heartbeat |2
hb-no-local-heartbeat-url-v3 | info | See URL: http://linux-ha.org/wiki/FAQ#No_Local_Heartbeat |3
hb-drop-replay | ERROR | should_drop_message: attempted replay attack [{node}]? [gen = {gen}, curgen = {curgen}] |
hb-partition-healed | CRIT | Cluster node {node} returning after partition. |
hb-partition-url-v2 | info | For information on cluster partitions, See URL: http://linux-ha.org/SplitBrain |2
hb-partition-url-v3 | info | For information on cluster partitions, See URL: http://linux-ha.org/wiki/Split_Brain |3
hb-partition-deadtime-hint | WARN | Deadtime value may be too small. |
hb-partition-faq-hint | info | See FAQ for information on tuning deadtime. |
hb-partition-faq-url-v2 | info | URL: http://linux-ha.org/FAQ#heavy_load |2
hb-partition-faq-url-v3 | info | URL: http://linux-ha.org/wiki/FAQ#Heavy_Load |3
hb-peer-restarted | info | Heartbeat restart on node {node} |
hb-packets-lost | WARN | {nlost} lost packet(s) for [{node}] [{last_seq}:{seq}] |
hb-packets-lost-many | ERROR | lost a lot of packets! |
hb-packets-recovered | info | No pkts missing from {node}! |
hb-link-status | info | Link {node}:{link} {status}. |
hb-no-working-media | CRIT | send_to_all_media: No working comm channels to write to. |3
"""

_RESOURCES = r"""
hbr-remote-stable | info | remote resource transition completed. |
hbr-initial-complete | info | Initial resource acquisition complete ({reason}) |
hbr-machdown-complete | info | mach_down takeover complete. |
hbr-local-none | info | Local Resource acquisition completed. (none) |
hbr-local-done | info | Local Resource acquisition completed. |
hbr-no-local-resources | info | No local resources [{cmd}] to acquire. |
hb-local-transition | info | local resource transition completed. |
hbr-starting-in-takeover | WARN | T_STARTING received during takeover. |
hbr-starting-bad-state | ERROR | Received 'starting' message in state {rsc_state} |
hbr-resource-bad-state | ERROR | resource message received in state {rsc_state} |
hbr-audit-both-local | ERROR | Both machines own our resources! |
hbr-audit-both-foreign | ERROR | Both machines own foreign resources! |
hbr-audit-none-local | ERROR | No one owns our local resources! |
hbr-audit-none-foreign | ERROR | No one owns foreign resources! |
hbr-wants-standby | info | {node} wants to go standby [{rsc_type}] |
hbr-can-take | info | standby: {node} can take our {rsc_type} resources |
hbr-gostandby-begin | info | {action} {rsc_type} HA resources (standby). |
hbr-gostandby-end | info | {rsc_type} HA resource {acquisition_or_release} completed (standby). |
hbr-gostandby-none | ERROR | no resources to {action} |
hbr-standby-local-done | info | Local standby process completed [{rsc_type}]. |
hbr-standby-acquire | info | standby: acquire [{rsc_type}] resources from {node} |
hbr-standby-acq-done | info | Standby resource acquisition done [{rsc_type}]. |
hbr-standby-other-done | info | Other node completed standby takeover of {rsc_type} resources. |
hbr-standby-busy | WARN | Standby in progress- new request from {node} ignored [{secs} seconds left] |
hbr-standby-other-flux | WARN | standby message [{info}] from {node} ignored.  Other side is in flux. |
hbr-standby-local-flux | WARN | standby message [{info}] from {node} ignored.  local resources in flux. |
hbr-standby-ignored | ERROR | Ignored standby message '{info}' from {node} in state {standby_state} |
hbr-standby-legacy | info | Standby mode only implemented when nice_failback on |
hb-standby-timeout | WARN | No reply to standby request.  Standby request cancelled. |
hbr-standby-cancelled | info | Cancelling pending standby operation |
hbr-no-stonith | WARN | No STONITH device configured. |
hbr-disks-unprotected | WARN | Shared disks are not protected. |
hbr-dead-gave-up | info | Dead node {node} gave up resources. |
hbr-resources-acquired-from | info | Resources being acquired from {node}. |
hbr-takeover-cancelled | info | Resource takeover cancelled - shutdown in progress. |
hbr-recover-in-shutdown | ERROR | recover_dead_resources() during shutdown: state {rsc_state} |
hbr-shutdown-notice | info | Received shutdown notice from '{node}'. |
hbr-stonith-begin | info | Resetting node {node} with [{stonith_device}] |
hbr-stonith-status | info | Checking status of STONITH device [{stonith_device}] |
hbr-stonith-not-operational | ERROR | STONITH device {stonith_device} not operational! |
hbr-stonith-ok | info | node {node} now reset. |
hbr-stonith-badhost | ERROR | Device {stonith_device} cannot reset host {node}. |
hbr-stonith-failed | ERROR | Host {node} not reset! |
hbr-stonith-retry | ERROR | STONITH of {node} failed.  Retrying... |
hbr-stonith-status-failed | ERROR | STONITH status operation failed. |
hbr-stonith-status-hint | info | This may mean that the STONITH device has failed! |
stonith-ext-failed | ERROR | glib: external_reset_req: '{subplugin} {op}' for host {host} failed with rc {rc} |
stonith-ssh-reset-v2 | info | glib: Initiating ssh-reset on host: {host} |2
stonith-ssh-reset-v3 | info | glib: Initiating ssh-{poweroff_or_reset} on host: {host} |3
stonith-null-reset | info | glib: Host null-reset: {host} |
stonith-meat-operator | ERROR | glib: OPERATOR INTERVENTION REQUIRED to reset {host}. |
stonith-meat-run | ERROR | glib: Run "meatclient -c {host}" AFTER power-cycling the machine. |
stonith-meat-ok | info | glib: node Meatware-reset: {host} |
stonith-meat-failed | ERROR | glib: failed to Meatware-reset node {host} |
"""

_STOP = r"""
hb-shutdown-delayed-comm | WARN | Shutdown delayed until Communication is up. |
hbr-shutdown-delayed | WARN | Shutdown delayed until current resource activity finishes. |
hbr-shutdown-progress | info | Heartbeat shutdown in progress. ({pid}) |
hbr-shutdown-already | info | Heartbeat shutdown already underway. |
hbr-giveup-begin | info | Giving up all HA resources. |
hbr-giveup-end | info | All HA resources relinquished. |
hb-killing-process | info | killing {proctype} {porg} {pid} with signal {signo} |
hb-core-exited | info | Core process {pid} exited. {remaining} remaining |
hb-shutdown-complete | info | {localnode} Heartbeat shutdown complete. |
hb-restart-triggered | info | Heartbeat restart triggered. |
hb-restarting | info | Restarting heartbeat. |
hb-restart-exec | info | Performing heartbeat restart exec. |
hb-restart-resources | info | Current resources: -R -C {rsc_held} |
sig-reread-auth | info | Rereading authentication file. |
sig-unchanged | info | Configuration unchanged. |
hb-emergency-kill | CRIT | Emergency Shutdown: Attempting to kill everything ourselves |
hb-emergency-mcp-died | CRIT | Emergency Shutdown: Master Control process died. |
hb-emergency-killing | CRIT | Killing pid {pid} with SIGTERM |
hb-emergency-self | CRIT | Emergency Shutdown(MCP dead): Killing ourselves. |
"""

_CCM = r"""
ccm-ipc-reason | ERROR | REASON: can't send message to IPC: Success |2
ccm-signon-failed | ERROR | Cannot sign on with heartbeat |3
ccm-reason | ERROR | REASON: {reason} |3
ccm-init-failed | ERROR | Initialization failed. Exit |2
ccm-init-failed-v3 | ERROR | Initialization failed. Exit |3
"""

_IPFAIL = r"""
ipfail-no-resources | ERROR | No managed resources |
ipfail-signon-failed | ERROR | Cannot sign on with heartbeat |
ipfail-reason | ERROR | REASON: {reason} |
ipfail-legacy | ERROR | auto_failback set to incompatible legacy option. |
ipfail-node-status | info | Status update: Node {node} now has status {status} |
ipfail-ns-alive | info | NS: We are still alive! |
ipfail-ns-dead | info | NS: We are dead. :< |
ipfail-ping-up | info | A ping node just came up. |
ipfail-link-status | info | Link Status update: Link {node}/{link} now has status {status} |
ipfail-checking-remote | info | Checking remote count of ping nodes. |
ipfail-link-dead | info | We are dead. :< |
ipfail-asking | info | Asking other side for ping node count. |
ipfail-telling | info | Telling other node that we have more visible ping nodes. |
ipfail-giving-up-less | info | Giving up because we have less visible ping nodes. |
ipfail-giving-up-told | info | Giving up because we were told that we have less ping nodes. |
ipfail-giving-up-foreign | info | Giving up foreign resources (auto_failback). |
ipfail-delayed-giveup | info | Delayed giveup in {secs} seconds. |
ipfail-balanced | info | Ping node count is balanced. |
ipfail-abort-giveup | info | Aborted delayed giveup ({timer_tag}) |
ipfail-abort-none | info | No giveup timer to abort. |
ipfail-giveup | info | giveup() called (timeout worked) |
"""

_KERNEL = r"""
kernel-boot | - | Linux version {kernel} |
kernel-kjournald | - | kjournald starting.  Commit interval {secs} seconds |
kernel-ext3-journal | - | EXT3 FS on {dev}, internal journal |
kernel-ext3-ordered | - | EXT3-fs: mounted filesystem with ordered data mode. |
kernel-softdog | - | {driver}: WDT device closed unexpectedly.  WDT will not stop! |2
kernel-softdog-v26 | - | {driver}: Unexpected close, not stopping watchdog! |3
kernel-softdog-fire | - | {driver}: Initiating system reboot{dot} |
"""

DAEMON_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _START + _PEERS[1:] + _RESOURCES[1:] + _STOP[1:]),
    *rows("ccm", _CCM),
    *rows("ipfail", _IPFAIL),
    *rows("kernel", _KERNEL),
)
