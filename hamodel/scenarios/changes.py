"""Changes of ha.cf: whether Heartbeat accepts the file that a command of a scenario leaves behind.

The file is taken to be the test bed's default; what the scenario itself has in it does not count here.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hamodel.config.cluster import ConfigurationRefused, read_cluster
from hamodel.scenarios import testbed

MISTAKE, PUT_RIGHT = "ha.cf gets a mistake", "ha.cf is put right"
_SET = r"sed -i s/\^(?P<key>\w+)\.\*/(?P<line>\w+(?:\\ \S+?)*)/ /etc/ha\.d/ha\.cf"
_ONE = re.compile(_SET)
_ALL = re.compile(rf"{re.sub(r'[?]P<[a-z]+>', '?:', _SET)}(?:; (?:sed|grep) [^;]*)*")


def word_of_change(command: str) -> str:
    r"""What a command that replaces lines of ha.cf means; empty for all others, and where Heartbeat accepts the change.

    >>> word_of_change(r"sed -i s/^deadtime.*/deadtime\ 1/ /etc/ha.d/ha.cf")
    'ha.cf gets a mistake'
    >>> word_of_change(r"sed -i s/^deadtime.*/deadtime\ 4/ /etc/ha.d/ha.cf")
    'ha.cf is put right'
    >>> word_of_change(r"sed -i s/^deadtime.*/deadtime\ 6/ /etc/ha.d/ha.cf")
    ''
    """
    if not _ALL.fullmatch(command):
        return ""
    before = lines = testbed.ha_cf({}).splitlines()
    for change in _ONE.finditer(command):
        key, line = change["key"], change["line"].replace("\\ ", " ")
        lines = [line if old.startswith(key) else old for old in lines]
    if lines == before:
        return PUT_RIGHT
    return MISTAKE if _refused("\n".join(lines) + "\n") else ""


def _refused(text: str) -> bool:
    with TemporaryDirectory(prefix="hamodel-") as room:
        (Path(room) / "ha.cf").write_text(text, encoding="utf-8")
        (Path(room) / "haresources").write_text(testbed.HARESOURCES, encoding="utf-8")
        try:
            read_cluster([Path(room)])
        except ConfigurationRefused:
            return True
    return False
