"""What the libraries under the daemon say, under the tag of whatever process calls them; STONITH plugins; the kernel.

The same rows as in `texts_daemon`; no rule of the model writes them.
"""

from __future__ import annotations

from hamodel.logs.texts_daemon import Row, rows

_MAIN_LOOP = r"""
gs-signal-added-v3 | debug | G_main_add_SignalHandler: Added signal handler for signal {signo} |3
gs-trigger-added-v3 | debug | G_main_add_TriggerHandler: Added signal manual handler |3
gs-resume-slow | WARN | G_CH_dispatch_int: resume_io() for {source} took {ms} ms |
gs-tempproc-rc | WARN | TempProcessTrigger: {procname} returns {rc} |
gs-tempproc-fork | ERROR | TempProcessTrigger: Can't fork temporary child process [{procname}]!: {strerror} |
gs-dbg-tempproc | debug | Forking temp process {procname} |3
gs-wait3-failed | ERROR | child_death_dispatch: wait3() failed: {strerror} |
gs-wait3-hung | ERROR | child_death_dispatch: wait3() call hung {count} times. childcount = {count2} |
gs-wc-stopped | ERROR | G_WC_dispatch: Stopping accepting connections(socket={socket})!!: {strerror} |3
gs-dispatch-too-long | WARN | {func}: Dispatch function for {source} took too long to execute: {ms} ms (> {max_ms} ms)
    (GSource: 0x{addr}) |
gs-working-took | WARN | {func}: working on {source} took {ms} ms (> {max_ms} ms) |
"""
_CHILDREN = r"""
pt-core-v2 | ERROR | Exiting {proctype} process {pid} dumped core |2
pt-strange-v2 | ERROR | Exiting {proctype} process {pid} went away strangely (!) |2
pt-killed-unknown | WARN | Managed {proctype} process {pid} killed by signal {signo}. |3
pt-core-v3 | ERROR | Managed {proctype} process {pid} dumped core |3
pt-strange-v3 | ERROR | Managed {proctype} process {pid} went away strangely (!) |3
proc-will-not-die | ERROR | TrackedProcTimeoutFunction: {proctype} process (PID {pid}) will not die! |3
proc-timed-out-v2 | WARN | {proctype} process (PID {pid}) timed out.  Killing with signal {signo}. |2
proc-timed-out-v3 | WARN | {proctype} process (PID {pid}) timed out (try {try}).  Killing with signal {signame}
    ({signo}). |3
proc-died-before-kill | info | {proctype} process (PID {pid}) died before killing (try {try}) |3
"""
_LOGGING = r"""
log-logd-unreachable | WARN | Initializing connection to logging daemon failed. Logging daemon may not be running |
log-dropped-channel | ERROR | cl_log: {count} messages were dropped : channel destroyed |
log-rotated | info | log-rotate detected on logfile {file} |3
cl-logd-channel-failed | ERROR | create_logging_channel:contructing ipc channel failed |
cl-log-dropped | ERROR | cl_log: {count} messages were dropped |
"""
_MEMORY_AND_CORES = r"""
rt-sched-failed | ERROR | Unable to set scheduler parameters.: {strerror} |
rt-sched-get-failed | ERROR | unable to get scheduler parameters.: {strerror} |
rt-lock-failed-warn | WARN | Unable to lock pid {pid} in memory: {strerror} |
rt-lock-failed-error | ERROR | Unable to lock pid {pid} in memory: {strerror} |
rt-malloc-more | WARN | Performed {count} more non-realtime malloc calls. |
rt-malloc-total | info | Total non-realtime malloc bytes: {bytes} |
core-impossible | WARN | Not possible to enable core dumps (rlim_max is 0) |
core-chdir-failed | ERROR | Cannot chdir to [{dir}]: {strerror} |
core-chdir-user-failed | ERROR | Cannot chdir to [{dir}/{user}]: {strerror} |
reboot-failed | EMERG | ALL REBOOT OPTIONS FAILED: /sbin/reboot -nf returned {rc} |3
core-root-invalid | ERROR | Invalid dir in cl_set_corerootdir() [{dir}]: {strerror} |
core-user-unknown | ERROR | Cannot get name for uid [{uid}]: {strerror} |
core-limit-get-failed | ERROR | Cannot get current core limit value.: {strerror} |
core-limit-set-failed | ERROR | Unable to {enable_or_disable} core dumps: {strerror} |
rt-request-ignored | info | Request to set pid {pid} to realtime ignored. |
rt-reset-failed | ERROR | unable to (re)set scheduler parameters.: {strerror} |
"""
_MESSAGES = r"""
ipc-bad-group | ERROR | Invalid group name [{group}] |
ipc-bad-user | ERROR | Invalid user id name [{user}] |
ipc-bad-uidlist | ERROR | Bad uid list [{uidlist}] |
ipc-bad-gidlist | ERROR | Bad gid list [{gidlist}] |
compress-not-found | ERROR | Compression module({plugin}) not found |
compress-load-failed | ERROR | Cannot load compress plugin {plugin}[{pil_error}] |
compress-too-big | ERROR | cl_compressmsg: msg too big(stringlen={len},netstringlen={len2}) |
compress-failed | ERROR | cl_compressmsg: compression failed |
compress-unknown-method | ERROR | cl_decompressmsg: compress method({module}) is not supported in this machine |
compress-decompress-failed | ERROR | cl_decompressmsg: decompression failed |
cfg-user-too-long | ERROR | user id name [{user}] is too long |
"""
_STONITH = r"""
stonith-file-open-failed | ERROR | glib: Cannot open {file} |
stonith-list-failed | ERROR | glib: Cannot create new external plugin object |
"""
_STONITH_SSH = r"""
stonith-ssh-not-controlled | ERROR | glib: {device} doesn't control host [{host}] |
stonith-ssh-failed | ERROR | glib: command {cmd} failed |
stonith-ssh-still-alive | ERROR | glib: still able to ping {host} after {count} tries, stonith did not work |3
stonith-ssh-no-on | ERROR | glib: {device} not capable of power-on operation |3
"""
_STONITH_MEATWARE = r"""
stonith-meat-parse | info | glib: parse config info info={info} |
stonith-meat-fifo | ERROR | glib: cannot create FIFO for Meatware_reset_host |
stonith-meat-fifo-open | ERROR | glib: cannot open FIFO for Meatware_reset_host |
stonith-meat-format | ERROR | glib: Format error - failed to Meatware-reset node {host} |
stonith-meat-read | ERROR | glib: read error on FIFO for Meatware_reset_host |
stonith-hostlist-bad | ERROR | glib: StringToHostList() failed |
"""
_STONITH_EXTERNAL = r"""
stonith-ext-no-sub | ERROR | glib: external_status: invoked without subplugin |
stonith-ext-hostlist | ERROR | glib: external_hostlist: '{subplugin} {op}' failed with rc {rc} |
stonith-ext-not-exec | ERROR | glib: external_run_cmd: {cmd} found NOT to be executable. |
stonith-ext-hostlist-empty | ERROR | glib: external_hostlist: '{subplugin} {op}' returned an empty hostlist |
stonith-ext-unknown-request | ERROR | glib: external_reset_req: Unknown stonith request {request} |
stonith-ext-confignames | ERROR | glib: external_get_confignames: '{subplugin} {op}' failed with rc {rc} |
stonith-ext-writable-ignored | WARN | glib: Executable file {file} ignored (writable by group/others) |
stonith-ext-writable | ERROR | glib: external_run_cmd: {cmd} found to be writable by group/others, NOT executing for
    security purposes. |
stonith-ext-stat-failed-v2 | ERROR | glib: external_run_cmd: stating {cmd} failed. |2
stonith-ext-stat-failed-v3 | ERROR | glib: external_run_cmd: stat(2) of {cmd} failed: {strerror} |3
stonith-ext-call-failed | ERROR | glib: external_run_cmd: Calling '{cmd}' failed |
stonith-ext-output | info | glib: external_run_cmd: '{cmd}' output: {output} |3
stonith-ext-signal | ERROR | glib: external_run_cmd: '{cmd}' got signal {signo} |3
stonith-ext-abnormal | ERROR | glib: external_run_cmd: '{cmd}' exited abnormally (core dumped?) |3
stonith-ext-status | WARN | glib: external_status: '{subplugin} {op}' failed with rc {rc} |3
stonith-ext-plugin-output-error | ERROR | glib: plugin output: {output} |3
stonith-ext-plugin-output-debug | debug | glib: plugin output: {output} |3
stonith-ext-getinfo | ERROR | glib: external_getinfo: '{subplugin} {op}' failed with rc {rc} |3
"""
_STONITH_SUICIDE = r"""
stonith-suicide | info | glib: Initiating suicide on host {host} |
stonith-suicide-failed | ERROR | glib: Suicide stonith failed. |
stonith-suicide-unsupported | ERROR | glib: As for suicide virtual stonith device, reset request={request} is not
    supported |
stonith-suicide-ok | info | glib: Suicide stonith succeeded. |
stonith-suicide-not-me | ERROR | glib: {localnode} doesn't control host [{host}] |3
"""
_KERNEL = r"""
kernel-watchdog-core | - | watchdog: watchdog{n}: watchdog did not stop! |
"""

LIBRARY_ROWS: tuple[Row, ...] = (
    *rows("any-daemon", _MAIN_LOOP),
    *rows("any-daemon", _CHILDREN),
    *rows("any-daemon", _LOGGING),
    *rows("any-daemon", _MEMORY_AND_CORES),
    *rows("any-daemon", _MESSAGES),
    *rows("heartbeat", _STONITH),
    *rows("heartbeat", _STONITH_SSH),
    *rows("heartbeat", _STONITH_MEATWARE),
    *rows("heartbeat", _STONITH_EXTERNAL),
    *rows("heartbeat", _STONITH_SUICIDE),
    *rows("kernel", _KERNEL),
)
