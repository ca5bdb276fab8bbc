"""What the daemon says of its own life when something is wrong: start, core processes, clients, watchdog, signals.

The same rows as in `texts_daemon`; no rule of the model writes them, a reader of logs must know them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_START = r"""
hb-generation-failed | ERROR | Cannot get/increment generation number: {strerror} |
hb-uuid-failed | ERROR | getting uuid for the local node failed |
hb-fifo-mkfifo-failed | ERROR | Cannot make fifo /var/lib/heartbeat/fifo.: {strerror} |
hb-fifo-missing | ERROR | FIFO /var/lib/heartbeat/fifo does not exist |
hb-fifo-not-fifo | ERROR | /var/lib/heartbeat/fifo is not a FIFO |
hb-rsctmp-removal-v3 | info | Removing /run/heartbeat/rsctmp failed, recreating. |3
hb-media-open-failed-v2 | ERROR | cannot open {media_type} {media_name} |2
hb-media-close-failed-v2 | ERROR | cannot close {media_type} {media_name} |2
hb-media-wchan-failed-v2 | ERROR | cannot create hb write channel IPC: {strerror} |2
hb-media-rchan-failed-v2 | ERROR | cannot create hb read channel IPC: {strerror} |2
hb-fork-write-failed | ERROR | Can't fork write proc.: {strerror} |
hb-fork-read-failed | ERROR | Can't fork read process: {strerror} |
hb-write-child-exiting | ERROR | write process exiting: {strerror} |
hb-read-child-exiting | ERROR | read_child() exiting: {strerror} |
hb-mcp-fell-out | ERROR | master_control_process exiting? |
hb-fifo-ipc-failed | ERROR | cannot create FIFO ipc channel: {strerror} |
hb-fork-fifo-failed | ERROR | Can't fork FIFO process!: {strerror} |
hb-fifo-child-exiting | ERROR | FIFO child process exiting!: {strerror} |
hb-fifo-open-failed | ERROR | FIFO open (O_RDONLY) failed.: {strerror} |
hb-fifo-fdopen-failed | ERROR | FIFO fdopen failed.: {strerror} |
hb-logfile-no-user-v2 | ERROR | change_logfile_ownship: entry for user {user} not found |2
hb-logfile-no-user-v3 | ERROR | change_logfile_ownership: entry for user {user} not found |3
hb-logfile-chown-failed-v2 | WARN | change_logfile_ownship: failed to chown logfile |2
hb-logfile-chown-failed-v3 | WARN | change_logfile_ownership: failed to chown logfile: {strerror} |3
hb-debugfile-chown-failed-v2 | WARN | change_logfile_ownship: failed to chown dbgfile |2
hb-debugfile-chown-failed-v3 | WARN | change_logfile_ownership: failed to chown dbgfile: {strerror} |3
hb-generation-broken-v2 | WARN | BROKEN previous generation - starting at 1 |2
hb-generation-broken-v3 | WARN | BROKEN previous generation - starting at {generation} |3
hb-generation-fsync-failed | ERROR | fsync failure on /var/lib/heartbeat/hb_generation: {strerror} |
hb-generation-close-failed | ERROR | close failure on /var/lib/heartbeat/hb_generation: {strerror} |
hb-already-running | info | heartbeat: already running [pid {pid}]. |
hb-daemon-fork-failed | ERROR | heartbeat: could not start daemon |
hb-daemon-fork-errno | ERROR | fork: {strerror} |
hb-pidfile-failed-v2 | ERROR | heartbeat: could not create pidfile [/var/run/heartbeat.pid] |2
hb-pidfile-failed-v3 | ERROR | heartbeat: could not create pidfile [/run/heartbeat.pid] |3
hb-setsid-failed | ERROR | setsid() failure.: {strerror} |
hb-main-nomem | ERROR | Out of memory in main.: {strerror} |
hb-module-init-failed | ERROR | Heartbeat not started: module init error. |
hb-config-error-reload | info | Config errors: Heartbeat pid {hb_pid} NOT restarted |
hb-reload-signal | info | Signalling heartbeat pid {hb_pid} to reread config files |
hb-reload-signal-failed | ERROR | Unable to send SIGHUP to pid {hb_pid}: {strerror} |
hb-restart-holding | info | restart: i_hold_resources = {rsc_held} |
hb-restart-assume-local | info | restart: assuming HB_LOCAL_RSC |
hb-restart-acquire-local | info | restart: acquiring local resources. |
hb-restart-local-held | info | restart:  local resources already acquired. |
hb-hg-version | info | Heartbeat Hg Version: {build_id} |3
hb-uname-failed | ERROR | uname(2) call failed: {strerror} |3
hb-mcp-signal-setup-failed | ERROR | master_control_process(): hb_signal_set_master_control_process(): Soldiering
    on... |
hb-mcp-pollinput-failed | ERROR | master_control_process: G_main_add_input failed |
hb-addnode-refused | ERROR | Add node {node} failed |
"""
_CORE_PROCESSES = r"""
hb-core-died-v3 | ERROR | Core heartbeat process {core_proc} (pid {pid}) died! Restarting. |3
hb-core-fifo-restart | WARN | Restarting {core_proc} process. |3
hb-core-fifo-restart-failed | ERROR | {core_proc} restart failed.  Restarting heartbeat. |3
hb-core-io-restart-failed | ERROR | Communications restart failed. Will try again later. |3
hb-core-io-bad-index | ERROR | CoreProcessDied: media index is invalid [{medianum}] |3
"""
_CLIENTS_AND_RESTART = r"""
hb-client-already-running | ERROR | OOPS! client {client_cmd} already running as pid {pid} |
hb-client-exec-failed | ERROR | Cannot exec {client_cmd}: {strerror} |
hb-client-fork-failed | ERROR | start_a_child_client: Cannot fork. |
hb-client-setup-failed | ERROR | Cannot setup child process {client_cmd}: {strerror} |
hb-client-exited-rc | ERROR | Client {client_cmd} exited with return code {exitcode}. |
hb-client-list-error | ERROR | ManagedChildDied(): config->last_client != NULL |
hb-client-null | ERROR | shutdown_last_clent_child(NULL client) |
hb-restart-exec-failed-v2 | ERROR | Could not exec /usr/lib/heartbeat/heartbeat |2
hb-restart-exec-failed-v3 | ERROR | Could not exec /usr/libexec/heartbeat/heartbeat |3
hb-restart-shutdown | ERROR | Shutting down... |
"""
_WATCHDOG = r"""
hb-watchdog-cloexec-failed | ERROR | Error setting the close-on-exec flag for watchdog: {strerror} |
hb-watchdog-write-failed | ERROR | Watchdog write failure: closing {watchdog_dev}!: {strerror} |
hb-watchdog-magic-failed | ERROR | Watchdog write magic character failure: closing {watchdog_dev}!: {strerror} |
hb-watchdog-magic-ok | info | Successful watchdog 'V' write |
hb-watchdog-close-failed | ERROR | Watchdog close(2) failed.: {strerror} |
hb-watchdog-close-ok | info | Successful watchdog close |
"""
_APPHBD = r"""
hb-apphbd-register-failed | ERROR | Unable to register with apphbd.: {strerror} |
hb-apphbd-continue | info | Continuing to try and register. |
hb-apphbd-registered | info | Registered with apphbd as {hbname}/master_control_process. |
hb-apphbd-setup-failed | ERROR | Unable to setup with apphbd.: {strerror} |
hb-apphbd-hb-failed | ERROR | apphb_hb() failed.: {strerror} |
"""
_TESTS_AND_STATISTICS = r"""
hb-assertion | ERROR | Assertion "{assertion}" failed on line {lineno} in file "{file}" |
hb-stats-begin | info | Daily informational memory statistics |2
hb-stats-end | info | These are nothing to worry about. |2
hb-stats-msg | info | MSG stats: {n1}/{n2} ms age {age_ms} [pid{pid}/{core_proc}] |2
hb-stats-malloc | info | ha_malloc stats: {n1}/{n2}  {n3}/{n4} [pid{pid}/{core_proc}] |2
hb-stats-realmalloc | info | RealMalloc stats: {bytes} total malloc bytes. pid [{pid}/{core_proc}] |2
hb-stats-arena | info | Current arena value: {bytes} |2
hb-testopts-on | info | WARNING: Enabling Test Code |
hb-testopts-rcvloss | info | Receive loss probability = {prob} |
hb-testopts-xmitloss | info | Xmit loss probability = {prob} |
hb-testopts-allow | info | Allow nodes = {nodes} |
hb-testopts-unknown | ERROR | Cannot recognize test param [{name}] in [{file}] |
hb-testopts-enabled | info | WARNING: Above Options Now Enabled. |
hb-testopts-off | info | Test Code Now disabled. |
"""
_SIGNALS = r"""
sig-stat-hacf-failed | ERROR | Cannot stat {hadir}/ha.cf: {strerror} |
sig-stat-authkeys-failed | ERROR | Cannot stat {hadir}/authkeys: {strerror} |
sig-child-reread-auth | info | Child rereading authentication file. |
sig-unexpected-alarm | ERROR | Unexpected alarm in process {pid} |
"""

DAEMON_LIFE_ROWS: tuple[Row, ...] = (
    *rows("heartbeat", _START),
    *rows("heartbeat", _CORE_PROCESSES),
    *rows("heartbeat", _CLIENTS_AND_RESTART),
    *rows("heartbeat", _WATCHDOG),
    *rows("heartbeat", _APPHBD),
    *rows("heartbeat", _TESTS_AND_STATISTICS),
    *rows("heartbeat", _SIGNALS),
)
