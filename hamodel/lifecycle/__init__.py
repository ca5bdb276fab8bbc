"""Every part of a cluster lives through a few modes, and the rules say how it gets from one to the next.

A lifecycle is a function from the state of the whole system to one mode (`control`, `catalogue`). How it moves is
never written down: it is read from the rules (`reading`) and seen in runs (`chart`). The result is a diagram, or a
`transitions` machine (`machine`) that answers "may this fire?". `walk` goes through the whole system by hand, in exact
time.
"""

from hamodel.lifecycle.catalogue import controls, of_variable
from hamodel.lifecycle.chart import Arrow, Chart, chart, seen
from hamodel.lifecycle.control import Control, Mode
from hamodel.lifecycle.machine import Life, machine
from hamodel.lifecycle.reading import Passage, passages
from hamodel.lifecycle.walk import Offer, Walk

__all__ = [
    "Arrow",
    "Chart",
    "Control",
    "Life",
    "Mode",
    "Offer",
    "Passage",
    "Walk",
    "chart",
    "controls",
    "machine",
    "of_variable",
    "passages",
    "seen",
]
