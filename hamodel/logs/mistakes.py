"""A daemon that refuses its files says first what it has read: the lines of a start up to the mistake, and after it.

The model knows that a file is wrong and not how. So the log shows one mistake that the check of both releases names in
the same words, a dead time that is not more than twice the keepalive (config-files.md; recordings hz26_failed_reload
and config_deadtime_refused). A process that was executed anew keeps its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hamodel.logs.catalogue import CATALOGUE, message
from hamodel.logs.compounds import Fields
from hamodel.logs.daemons import config_lines
from hamodel.logs.host import Host
from hamodel.logs.journal import Journal

_MACHINE = ("core-lost", "core-set-pattern", "core-set-uses-pid", "cfg-pcmk-support")
"""What is said of the machine, before any value is looked at."""
_ACCEPTED = ("cfg-banner", "cfg-validated")


def checked_lines(host: Host) -> Iterator[tuple[str, str]]:
    """Level and text of what the check of a wrong file prints."""
    said = [line for line in config_lines(host) if not _is(line, _ACCEPTED)]
    first = next((place for place, line in enumerate(said) if not _is(line, _MACHINE)), len(said))
    wrong = message("cfg-deadtime-small", host.version)
    yield from said[:first]
    yield wrong.level, wrong.text(deadtime_ms=2 * host.keepalive, keepalive_ms=host.keepalive)
    yield from said[first:]


def _is(line: tuple[str, str], keys: tuple[str, ...]) -> bool:
    ids = (name for key in keys for name in (key, f"{key}-v2", f"{key}-v3") if name in CATALOGUE)
    return any(CATALOGUE[name].matches(line[1]) is not None for name in ids)


def _refuses(last: str) -> Callable[[Journal, int, Fields], None]:
    def write(j: Journal, at: int, f: Fields) -> None:
        """The files are checked, and the process ends."""
        pid = j.exec_pid or j.new_pid()
        for level, text in checked_lines(j.host):
            j.say_line(level, text, at, pid)
        end = message(last, j.host.version)
        j.say_line(end.level, end.text(), at, pid)
        j.exec_pid = 0

    return write


MISTAKEN: Mapping[str, Callable[[Journal, int, Fields], None]] = {
    last: _refuses(last) for last in ("hb-config-error-restart", "hb-config-error-exit")
}
"""The last line of a refused start, by which rules log all of it."""
