"""What a person can do about a cluster: commands, repairs, and the plug."""

from __future__ import annotations

from collections.abc import Mapping

from hamodel.ir.system import Action, Kind
from hamodel.lifecycle.wording import split

SWITCH_OFF = "power"
"""The kind of fault that a person can bring about as well: the plug is pulled."""
IMPERATIVES: Mapping[str, str] = {
    "cut": "cut the cable {0}",
    "plug": "plug the cable {0} in again",
    "hear_again": "repair the path of {1} to {0}",
    "ping_returns": "repair the ping node {0}",
    "start_heartbeat": "start heartbeat on {0}",
    "start_again": "start the killed heartbeat on {0} again",
    "stop_heartbeat": "stop heartbeat on {0} (heartbeat -k)",
    "hb_standby": "type hb_standby on {0}",
    "hb_takeover": "type hb_takeover on {0}",
    "power_off": "pull the plug of {0}",
    "power_on": "switch {0} on",
    "script_works": "repair the script of {1} on {0}",
    "device_repaired": "repair the fencing device of {0}",
    "resume": "let heartbeat go on on {0} (SIGCONT)",
}
"""What a person does, said to that person."""


def is_yours(action: Action) -> bool:
    """What a person can do: commands, repairs, and the plug."""
    return action.kind in (Kind.OPERATOR, Kind.REPAIR) or (action.kind is Kind.FAULT and action.fault == SWITCH_OFF)


def effort(action: Action) -> int:
    """What is looked at first: what happens by itself, then a repair or the plug, then a command, then two of them."""
    if not is_yours(action):
        return 0
    return 3 if action.kind is Kind.OPERATOR else 2


def imperative(action: Action, otherwise: str) -> str:
    """What a person would be told to do; `otherwise` for what only befalls the cluster."""
    base, places = split(action.name)
    form = IMPERATIVES.get(base) if is_yours(action) else None
    return otherwise if form is None or form.count("{") > len(places) else form.format(*places)
