"""What the daemon, its clients and the kernel write at the turns of their lives: start, stop, kill, reset.

A start is two processes: the one of the init script checks the files and goes away, its child is the master control
process. A restart executes in place, so the check is logged under the old number and the daemon gets a new one.
"""

from __future__ import annotations

from hamodel.logs.around import ipfail_signs_on
from hamodel.logs.catalogue import message
from hamodel.logs.compounds import Fields, compound
from hamodel.logs.host import Host, Medium
from hamodel.logs.journal import Journal, Peers, rsc_type

_KERNEL = {"2.0.8": "2.6.18", "3.0.6": "2.6.32"}
_FORKED = 1
"""A new client speaks when the daemon has said what it had to say at that moment, in ms."""
FIFO = 4
"""The FIFO reader is the fourth process after the daemon; two for each medium follow."""
_WATCHDOG_LATER = 10
"""The watchdog is asked for the dead time and so many ms, in whole seconds (log-messages.tsv)."""


@compound("boot")
def boot(j: Journal, at: int, f: Fields) -> None:
    """The machine comes up."""
    if j.lines:
        j.down(at)
    j.kernel_says("kernel-boot", at, kernel=_KERNEL.get(j.host.version, ""))


@compound("power-off")
def power_off(j: Journal, at: int, f: Fields) -> None:
    """The machine loses power; nobody writes about it."""
    j.down(at)


@compound("reset-by-peer")
def reset_by_peer(j: Journal, at: int, f: Fields) -> None:
    """The machine is reset by a STONITH device; nobody writes about it here."""
    j.down(at)


@compound("watchdog-unclean-close")
def watchdog_unclean(j: Journal, at: int, f: Fields) -> None:
    """The daemon is gone and the watchdog was not told to stop."""
    if j.host.old:
        j.kernel_says("kernel-softdog", at, driver="Softdog")
    else:
        j.kernel_says("kernel-softdog-v26", at, driver="SoftDog")


@compound("watchdog-reset")
def watchdog_reset(j: Journal, at: int, f: Fields) -> None:
    """The watchdog's time is over: the machine reboots without writing anything to its disks."""
    j.kernel_says("kernel-softdog-fire", at, driver="Softdog" if j.host.old else "SoftDog", dot=".")
    j.down(at)


@compound("daemon-start", may="generation first")
def daemon_start(j: Journal, at: int, f: Fields) -> None:
    """Heartbeat starts: the files are checked, the daemon leaves for the background and opens its media."""
    j.generation = int(f.get("generation", j.generation + 1))
    first = f.get("first", "0") == "1" or (j.host.fresh and j.starts == 0)
    j.starts += 1
    j.peers, j.acquired, j.standby_set = Peers("init", unseen=""), frozenset(), "all"
    parent = j.exec_pid or j.new_pid()
    j.daemon_gone(children=False)
    j.streams.pop("mcp", None)
    for level, text in config_lines(j.host):
        j.say_line(level, text, at, parent)
    j.mcp, j.seen = j.new_pid(), True
    j.last_pid = j.mcp + FIFO + 2 * len(j.host.media)
    j.mcp_says("hb-version", at, version=j.host.version)
    if first:
        j.mcp_says("hb-generation-none", at, generation=j.generation)
    j.mcp_says("hb-generation", at, generation=j.generation)
    if first:
        for key in ("uuid-generating", "hb-fifo-creating"):
            j.mcp_says(key, at)
    if j.host.old:
        for key in ("hb-rsctmp-removal", "gs-trigger-added", "gs-trigger-added"):
            j.mcp_says(key, at)
    for medium in j.host.media:
        opens(j, at, medium)
    if j.host.old:
        j.mcp_says("gs-signal-added", at, signo=17)
    if j.host.watchdog:
        j.mcp_says("hb-watchdog-using", at, watchdog_dev=j.host.watchdog)
        if not j.host.sets_watchdog:
            secs = (j.host.deadtime + _WATCHDOG_LATER + 999) // 1000
            j.mcp_says("hb-watchdog-timeout-failed", at, secs=secs, strerror="Inappropriate ioctl for device")
    if not j.host.locks_memory:
        j.mcp_says("rt-lock-limits", at)


def config_lines(host: Host) -> tuple[tuple[str, str], ...]:
    """What the check of the files says, level and text."""
    return host.config_lines or _usual_config(host)


def _usual_config(host: Host) -> tuple[tuple[str, str], ...]:
    """What the check of the files says on a machine nobody tuned, for a host without a transcript."""
    keys = ["core-lost", *([] if host.old else ["core-set-pattern"]), "core-set-uses-pid"]
    keys += [] if host.old else ["cfg-pcmk-support"]
    keys += ["cfg-initdead-warn", "cfg-initdead-warn-why", "cfg-initdead-warn-hint"] if host.initdead < 10_000 else []
    if host.auto_failback == "legacy":
        keys += ["cfg-legacy-failback", "cfg-legacy-failback-convert", "cfg-legacy-failback-doc"]
    keys += [] if host.use_logd else ["cfg-logd-disabled"]
    keys += ["cfg-banner", "cfg-validated"]
    fields = {"value": "false", "initdead_ms": host.initdead, "version": host.version}
    texts = (message(key, host.version) for key in keys)
    return tuple((text.level, text.text(**fields)) for text in texts)


def closes(j: Journal, at: int, medium: Medium) -> None:
    """The parent closes its own copy of a medium; only a broadcast medium tells."""
    if medium.kind == "bcast":
        port = medium.port or j.host.udpport
        j.mcp_says("bcast-closed", at, udpport=port, media_name=medium.name, rc=1)


def opens(j: Journal, at: int, medium: Medium) -> None:
    """A medium is opened; a broadcast medium tells that the parent closes its own copy at once."""
    port = medium.port or j.host.udpport
    match medium.kind:
        case "bcast":
            j.mcp_says("bcast-started", at, udpport=port, port=port, media_name=medium.name)
            closes(j, at, medium)
        case "mcast":
            group, udp, ttl, loop = [*medium.words, *("", port, "1", "0")[len(medium.words) :]][:4]
            j.mcp_says("mcast-started", at, group=group, port=udp, iface=medium.name, ttl=ttl, loop=loop)
        case "ucast":
            for key in ("ucast-tos", "ucast-bound-send", "ucast-reuseaddr", "ucast-bound-receive"):
                if key != "ucast-reuseaddr" or not j.host.old:
                    j.mcp_says(key, at, iface=medium.name)
            peer = medium.words[0] if medium.words else ""
            j.mcp_says("ucast-started", at, udpport=port, iface=medium.name, ip=peer)
        case "serial":
            j.mcp_says("serial-started", at, tty=medium.name, baud=j.host.baud)
        case "ping" | "ping6":
            j.mcp_says("ping-started", at)
        case "ping_group":
            j.mcp_says("ping-group-started", at)


@compound("comm-up")
def comm_up(j: Journal, at: int, f: Fields) -> None:
    """Every node and ping node was heard or declared dead: the cluster is up as far as this node can tell."""
    j.mcp_says("hb-comm-now-up", at)
    j.mcp_says("hb-local-status-set", at, status="active")


@compound("client-start", may="client")
def client_start(j: Journal, at: int, f: Fields) -> None:
    """The daemon starts a client; the child says so again before it executes the command."""
    name = f.get("client", "ipfail")
    user, command = j.host.client(name)
    uid, gid = j.host.user(user)
    j.mcp_says("hb-client-starting", at, client_cmd=command, uid=uid, gid=gid)
    j.clients.pop(_short(command), None)
    pid = j.client_pid(_short(command))
    j.say("hb-client-started", at + _FORKED, pid, ("client", pid), client_cmd=command, uid=uid, gid=gid, pid=pid)
    if _short(command) == "ipfail":
        j.ipfail_starts(at)
        ipfail_signs_on(j, at, pid)


def _short(command: str) -> str:
    return (command.split() or [command])[0].rsplit("/", 1)[-1]


@compound("client-stop", may="client")
def client_stop(j: Journal, at: int, f: Fields) -> None:
    """At a stop the daemon ends its clients one by one."""
    _, command = j.host.client(f.get("client", "ipfail"))
    pid = j.clients.pop(_short(command), None)
    if pid is None:
        j.mcp_says("hb-client-not-running", at, client_cmd=command)
    else:
        j.mcp_says("hb-killing-process", at, proctype=command, porg="process group", pid=pid, signo=15)


@compound("client-exit-legacy", may="client")
def client_exit_legacy(j: Journal, at: int, f: Fields) -> None:
    """ipfail refuses to work with auto_failback legacy; it is not started again."""
    _, command = j.host.client("ipfail")
    pid = j.client_pid("ipfail")
    j.say("ipfail-legacy", at, pid, ("client", pid))
    j.mcp_says("pt-exit-warn", at, proctype=command, pid=pid, exitcode=100)
    j.clients.pop("ipfail", None)


@compound("initial-local-done", needs="reason")
def initial_local_done(j: Journal, at: int, f: Fields) -> None:
    """The own groups are dealt with for the first time."""
    _acquired(j, at, "local", f["reason"])


@compound("initial-foreign-done", needs="reason")
def initial_foreign_done(j: Journal, at: int, f: Fields) -> None:
    """The peer's groups are dealt with for the first time."""
    _acquired(j, at, "foreign", f["reason"])


def _acquired(j: Journal, at: int, side: str, reason: str) -> None:
    """Once in the life of a daemon it is said that both are, and which step was the last."""
    done = j.acquired | {side}
    if done >= {"local", "foreign"} and "said" not in done and j.starts:
        j.mcp_says("hbr-initial-complete", at, reason=reason)
        done |= {"said"}
    j.acquired = done


@compound("no-local-heartbeat")
def no_local_heartbeat(j: Journal, at: int, f: Fields) -> None:
    """The daemon did not hear itself for deadtime."""
    for key in ("hb-no-local-heartbeat", "hb-no-local-heartbeat-url"):
        j.mcp_says(key, at)


@compound("partition-healed", may="node")
def partition_healed(j: Journal, at: int, f: Fields) -> None:
    """A peer thought dead is heard again in the same life: the links were cut, not the node."""
    j.mcp_says("hb-partition-healed", at, node=j.node(f.get("node", j.host.peer)))
    for key in ("hb-partition-url", "hb-partition-deadtime-hint", "hb-partition-faq-hint", "hb-partition-faq-url"):
        j.mcp_says(key, at)


@compound("core-stop")
def core_stop(j: Journal, at: int, f: Fields) -> None:
    """The FIFO reader and the media processes are told to go, the last ones first, and go."""
    fifo = j.daemon_pid() + FIFO
    last = fifo + 2 * len(j.host.media)
    j.mcp_says("hb-killing-process", at, proctype="HBFIFO", porg="process", pid=fifo, signo=15)
    for pid in range(last, fifo, -1):
        kind = "HBREAD" if (pid - fifo) % 2 == 0 else "HBWRITE"
        j.mcp_says("hb-killing-process", at, proctype=kind, porg="process", pid=pid, signo=15)
    for pid in range(fifo, last + 1):
        j.mcp_says("hb-core-exited", at, pid=pid, remaining=last + 1 - pid)


@compound("shutdown-complete", may="restart")
def shutdown_complete(j: Journal, at: int, f: Fields) -> None:
    """The daemon ends, or executes itself anew."""
    pid = j.daemon_pid()
    j.mcp_says("hb-shutdown-complete", at, localnode=j.host.name)
    if f.get("restart", "0") == "1":
        for key in ("hb-restart-triggered", "hb-restarting", "hb-restart-exec"):
            j.mcp_says(key, at)
    j.daemon_gone()
    if f.get("restart", "0") == "1":
        j.exec_pid = pid


@compound("reload-exec", may="rsc_held")
def reload_exec(j: Journal, at: int, f: Fields) -> None:
    """The daemon executes itself anew and hands its claims to itself."""
    pid = j.daemon_pid()
    j.mcp_says("hb-shutdown-complete", at, localnode=j.host.name)
    for key in ("hb-restart-triggered", "hb-restarting", "hb-restart-exec"):
        j.mcp_says(key, at)
    j.mcp_says("hb-restart-resources", at, rsc_held=rsc_type(f.get("rsc_held", "0")))
    j.daemon_gone()
    j.exec_pid = pid


@compound("kill-9", may="what")
def kill_9(j: Journal, at: int, f: Fields) -> None:
    """All processes of the daemon are killed at once and say nothing, or only its master control process is."""
    if f.get("what", "all") == "mcp":
        mcp_died(j, at, f)
    else:
        j.daemon_gone()


@compound("mcp-died")
def mcp_died(j: Journal, at: int, f: Fields) -> None:
    """The FIFO reader notices within a second that the master control process is gone, ends the others and itself."""
    mcp = j.daemon_pid()
    fifo = mcp + FIFO
    time, stream = at + 500, ("fifo", fifo)
    j.say("hb-emergency-mcp-died", time, fifo, stream)
    for pid in (mcp, *range(fifo + 1, fifo + 2 * len(j.host.media) + 1)):
        j.say("hb-emergency-killing", time, fifo, stream, pid=pid)
    j.say("hb-emergency-self", time, fifo, stream)
    j.daemon_gone(children=False)
