"""What the logs of an incident prove by themselves: who owned what, which faults came, where it became unsafe, and why.

Stands on what the lines say and on the configuration alone; whether a run of the model writes the same lines is asked
elsewhere and joined in as `Fit`. Every sentence names the lines it rests on.
"""

from hamodel.incident.report import Explanation

__all__ = ["Explanation"]
