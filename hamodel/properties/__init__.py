"""The words properties are written in, and the loader of property files.

A property file needs nothing but this package:

    from hamodel.properties import Cluster, Formula, all_of, always, at_most_one
"""

from hamodel.ir.fairness import Fairness, strong, weak
from hamodel.properties.cluster import Cable, Cluster, Group, Layout, Node, Ping, Resource
from hamodel.properties.formula import (
    Formula,
    all_of,
    any_of,
    at_most_one,
    exactly_one,
    false,
    implies,
    not_,
    true,
)
from hamodel.properties.words import Answer, Definition, Response, Skip, always, leads_to, never, served_soon, sometimes

__all__ = [
    "Answer",
    "Cable",
    "Cluster",
    "Definition",
    "Fairness",
    "Formula",
    "Group",
    "Layout",
    "Node",
    "Ping",
    "Resource",
    "Response",
    "Skip",
    "all_of",
    "always",
    "any_of",
    "at_most_one",
    "exactly_one",
    "false",
    "implies",
    "leads_to",
    "never",
    "not_",
    "served_soon",
    "sometimes",
    "strong",
    "true",
    "weak",
]
