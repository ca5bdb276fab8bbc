"""The world: what the cluster is made of, in the structure of one configuration.

Index sets are fixed when the rules are composed. Tables hold what the configuration says about structure; options
hold every number of milliseconds and every switch, so that the same compiled rules serve all values.
"""

from __future__ import annotations

from enum import Enum

from hamodel.ir.words import Index, Node, option, table

__all__ = ["Cable", "Client", "Duty", "Group", "Medium", "Node", "Order", "Ping", "Slot", "Step", "Third"]


class Cable(Index):
    """Something that can be cut and plugged: a network cable of one node, a crossover cable, a serial line."""


class Medium(Index):
    """One medium on which heartbeats travel between the two nodes (one line of ha.cf)."""


class Ping(Index):
    """One ping node or ping group."""


class Third(Index):
    """A node beyond the two that are explored, in a cluster of three or more (HZ-20)."""


class Group(Index):
    """One resource group: a line of haresources."""


class Step(Index):
    """One resource of a group, in the order of haresources; groups follow each other."""


class Order(Index):
    """A reset that a node has ordered: two at once, none where no node has a device."""


class Slot(Index):
    """A place for a running script.

    0 the queue, 1 standby, 2 give-up; 3 to 5 the same while an older one still runs.
    """


class Client(Index):
    """One process that ha.cf (or `crm on`) has Heartbeat start, where a spec asks for its clients."""


class Duty(Index, Enum):
    """Something the daemon does by the clock or at the end of a child; it waits while the daemon is paused."""

    FIRST_WAIT = 0
    SILENCE = 1
    EXCHANGE = 2
    HEAL = 3
    SETTLE = 4
    FAILBACK = 5
    DEADLINE = 6
    HOUR = 7
    LAST_PHASES = 8
    CHECK = 9
    GIVE_UP = 10
    SETTLING = 11
    EMERGENCY = 12


QUEUE, STANDBY, GIVE_UP = 0, 1, 2
ROLES = 3
ORDERS = 2

node_name = table(Node)
medium_name = table(Medium)
medium_cables = table(Medium)
"""For each medium the cables it needs, all of them."""
ping_name = table(Ping)
ping_cables = table(Node)
"""For each node and ping node the cables between them."""
watches = table(Node)
"""For each node and ping node whether its ha.cf names it; usually both nodes name the same."""
phantoms = table(Node)
"""For each node the ping nodes that only its peer has, in 2.0.8, where the joiner takes them for cluster nodes."""
some_phantoms = table()
service_cables = table(Node)
"""For each node the cables between its service addresses and the clients."""
group_line = table(Node)
"""For each node and group the line of its own haresources."""
group_owner = table(Node)
"""For each node and group the node its own haresources prefers; 2: neither, 3: its file has no such line."""
group_steps = table(Node)
"""For each node and group the steps its own haresources gives it, in order; all of them where the line is missing."""
step_group = table(Node)
"""For each node and step the group it belongs to in the node's file; where the file lacks it, in the other."""
step_text = table(Step)
take_order = table(Node)
"""For each node the steps of its haresources in order."""
take_end = table(Node)
"""For each node and group how many steps of `take_order` end with it; 0 where its file has no such line."""
release_order = table(Node)
"""For each node the steps in the order in which givegroup stops them: group by group, each from right to left."""
has_ipfail = table()
"""Both nodes run ipfail."""
ipfail_refuses = table(Node)
"""The node starts an ipfail that leaves at once (I0)."""
ipfail_alone = table(Node)
"""The node runs an ipfail whose only partner has left at once: it asks and is never answered."""
legacy_mode = table(Node)
"""The node has auto_failback legacy, written or by default: the old way to ask for resources (4.9)."""
some_legacy = table()
"""At least one node has: its peer answers its requests, whatever its own mode is."""
edits = table()
"""The scenario lets somebody edit haresources while it is in use."""
services_die = table()
"""The scenario lets resources die by themselves."""
stalls = table()
"""The scenario lets machines stall."""
switches = table()
"""The cables that are switches, in a scenario that lets them lose their power."""
delays = table()
"""The scenario delays the start or the stop of a resource alone."""
third_name = table(Third)
third_groups = table(Third)
"""For each node beyond the pair the groups it prefers, as a set of bits."""
more_nodes = table()
"""The cluster has more than two nodes."""
reorders = table()
"""The scenario lets messages be lost and sent again out of order."""
loses = table()
"""The scenario lets packets be lost now and then for a while."""
starves = table()
"""The scenario lets a daemon starve in the middle of a turn."""
sticks = table()
"""The scenario lets the write process of a medium be stuck."""
plays_clients = table()
"""The scenario plays the lives of clients (section 10)."""
plays_ipfail = table(Node)
"""The ipfail of this node is one of them."""
crm_mode = table()
"""crm is on: only clients are played."""
client_id = table(Client)
"""The name under which it signs on."""
client_command = table(Client)
client_user = table(Client)
client_namesakes = table(Client)
"""The other clients of the same name."""
client_is_ipfail = table(Client)
client_there = table(Node)
"""For each node and client whether the node's file starts it."""
client_failfast = table(Node)
"""Its death reboots the machine (3.0.6)."""
client_barred = table(Node)
"""Its user is not allowed to sign on under this name (A3)."""
client_leaves = table(Node)
"""It finds nothing to do here and leaves with 100 (I0)."""
reloads = table()
"""The scenario lets somebody reload Heartbeat or spoil its ha.cf."""

keepalive = option(Node)
deadtime = option(Node)
initdead = option(Node)
deadping = option(Node)
deadtime_beyond = option(Third)
keepalive_beyond = option(Third)
poll = option()
latency_lo = option()
latency_hi = option()
auto_failback = option(Node, unit="")
"""Groups go home: always in legacy mode, where no rule of that node reads this."""
late_is_dead = option(unit="")
"""3.0.6: a status that comes later than the receiver's own deadtime declares its sender dead first (N3')."""
children_respawned = option(unit="")
"""3.0.6: a dead read or write process is started again; 2.0.8 releases everything and restarts (1.2)."""
generation_by_clock = option(Node, unit="")
"""`hbgenmethod time`: the number of a life is the second in which it began."""
generation_restarts = option(unit="")
"""2.0.8: without its file the number starts again at 1; 3.0.6 then takes the clock (2.4)."""
exec_says_goodbye = option(unit="")
"""3.0.6 closes the watchdog with `V` when it executes itself anew; 2.0.8 closes it without (6.3)."""
watchdog = option(Node)
"""The period of the watchdog in ms; 0: the node has none."""
watchdog_rearms = option(unit="")
"""A close without 'V' starts the whole period anew (softdog since 2.6); otherwise the last tickle counts."""
watchdog_nowayout = option(unit="")
stonith = option(Node, unit="")
stonith_works = option(unit="")
stonith_fails = option(unit="")
stonith_lies = option(unit="")
"""The device reports success and resets nothing (null, an operator who only says so)."""
stonith_powers_on = option(unit="")
"""The device switches on what had no power (a reset is a power cycle), not only what had."""
stonith_lo = option()
stonith_hi = option()
boot_lo = option()
boot_hi = option()
autostart = option(unit="")
started = option(unit="")
"""The daemons run from the beginning."""
shutdown_lo = option()
shutdown_hi = option()
"""From `shutdone` to the end of the daemon: phases X6 to X10 with the clients."""
restart_sleep = option(Node)
reaction = option()
"""How long the operator waits at least before a stopped heartbeat is started again."""
start_lo = option(Step)
start_hi = option(Step)
stop_lo = option(Step)
stop_hi = option(Step)
status_lo = option(Step)
status_hi = option(Step)
script_lo = option()
script_hi = option()
"""A script that finds nothing to do."""
youth = option()
"""How long a daemon announces a dead time that is longer by 2 s (2.2): 5 s; 0: this is not looked at."""
turn = option()
"""How long a packet waits at most until a daemon that has just begun looks at it; 0: that is part of the latency."""
scan_may_win = option(unit="")
"""After a pause the scan may come before the packets (see `first_turn`)."""
client_sleep = option()
"""How long an ipfail that has begun does not read what has come; 0: it reads at once."""
client_hi = option()
"""How long question and answer of the two ipfail lie in their clients at most."""
client_start_lo = option()
client_start_hi = option()
"""From the start of a client to its request to sign on."""
client_exit_lo = option()
client_exit_hi = option()
"""From a refusal to the end of the client."""
slow_lo = option()
slow_hi = option()
"""By how much a slow start or stop is longer."""
late_start_lo = option(Node)
late_start_hi = option(Node)
"""By how much a delayed start is longer."""
late_stop_lo = option(Node)
late_stop_hi = option(Node)
"""By how much a delayed stop is longer."""
reboot_works = option(unit="")
"""`reboot -nf` reboots the machine; otherwise a failed stop only kills heartbeat."""
HOUR = 3_600_000


def other(n: Node) -> Node:
    """The peer."""
    return Node(1 - n)


def role(c: Slot) -> int:
    """What a slot is for: QUEUE, STANDBY or GIVE_UP."""
    return int(c) % ROLES


ABSENT = 3
"""The owner of a group in a file that has no such line."""


def owned_mask(n: int, owner: tuple[int, ...]) -> int:
    """The groups preferred by node `n` in the file with these owners, as a set of bits."""
    return sum(1 << g for g, o in enumerate(owner) if o == n)


def foreign_mask(n: int, owner: tuple[int, ...]) -> int:
    """FOREIGN: all lines of a file that do not begin with `n`, as a set of bits."""
    return sum(1 << g for g, o in enumerate(owner) if o not in (n, ABSENT))


def all_mask(owner: tuple[int, ...]) -> int:
    """All lines of a file, as a set of bits."""
    return sum(1 << g for g, o in enumerate(owner) if o != ABSENT)
