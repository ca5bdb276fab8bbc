"""No test is answered by what an earlier one found out: verdicts are kept only where a test is about that."""

from __future__ import annotations

import os

os.environ["HAMODEL_NO_CACHE"] = "1"
