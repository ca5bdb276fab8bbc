"""Text to cluster: this room knows files and no behaviour, prints nothing, and stands on the standard library alone.

`read_cluster` reads what Heartbeat reads and refuses what it refuses, in its own words; `read_spec` adds what ha.cf
does not say.
"""

from hamodel.config.cluster import Cluster, ConfigurationRefused, read_cluster, render_findings
from hamodel.config.daemon import Version
from hamodel.config.spec import Scenario, Spec, read_spec

__all__ = [
    "Cluster",
    "ConfigurationRefused",
    "Scenario",
    "Spec",
    "Version",
    "read_cluster",
    "read_spec",
    "render_findings",
]
