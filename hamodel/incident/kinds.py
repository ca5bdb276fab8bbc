"""The stable words for what befell a cluster, each with its meaning."""

KINDS = {
    "power-lost": "the machine lost its power, or was reset by nobody known",
    "killed": "heartbeat's processes died without a word while the machine went on",
    "paused": "heartbeat got no time to run: a stopped process, a frozen or overloaded machine",
    "silent": "a node was not heard any more and left no word; what it was, the logs do not say",
    "fenced": "a peer reset the machine",
    "fence-failed": "a reset did not work",
    "fence-hollow": "a reset was reported though the machine went on",
    "watchdog": "the machine's own watchdog reset it",
    "cut": "a medium, or one node's end of it, carried nothing any more",
    "partition": "no medium carried anything between two nodes",
    "one-way": "one node was not heard by the other, but heard it",
    "unheard": "two nodes that both ran never heard each other",
    "wrong-keys": "packets were dropped because their signature was wrong",
    "replay": "packets were dropped because the sender's generation had gone back",
    "packet-loss": "packets were lost again and again",
    "ping-lost": "a ping node did not answer",
    "script-failed": "a resource script returned an error",
    "script-slow": "a resource script took long",
    "script-hung": "a resource script never came back",
    "client-killed": "a client of heartbeat died by a signal",
    "child-killed": "one of heartbeat's own processes died by a signal",
    "refused": "heartbeat refused to start",
    "bad-reload": "heartbeat refused the configuration it was to restart with",
    "not-released": "a stop in order left a resource where it was",
    "files-differ": "the nodes' files name different owners for a group",
    "stopped": "heartbeat was stopped in order",
    "started": "heartbeat was started again",
    "standby": "somebody asked a node to give up its resources",
    "takeover": "somebody asked a node to take the resources",
}

ORDERS = frozenset({"stopped", "started", "standby", "takeover"})
"""What people do, and no fault."""
