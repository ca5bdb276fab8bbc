"""A syslog writes no year: none is claimed, and New Year's night is one night."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner

from hamodel.cli.explain import command
from hamodel.incident.case import explained
from hamodel.renderers.explain_json import iso

NIGHT = """\
Dec 31 23:59:40 one heartbeat: [11]: info: Link two:eth1 up.
Dec 31 23:59:50 one heartbeat: [11]: WARN: node two: is dead
Dec 31 23:59:50 one heartbeat: [11]: info: Link two:eth1 dead.
Jan  1 00:00:02 one heartbeat: [12]: info: Resources being acquired from two.
Jan  1 00:00:04 one heartbeat: [11]: info: Link two:eth1 up.
"""


def written(path: Path, changed: datetime, text: str = NIGHT) -> Path:
    """A log that was last changed at this time."""
    path.write_text(text, "utf-8")
    os.utime(path, (changed.timestamp(), changed.timestamp()))
    return path


def shown(*words: str | Path) -> str:
    """What `explain` prints."""
    return CliRunner().invoke(command, [str(word) for word in words]).stdout


def test_no_year_is_claimed_where_no_line_tells_one(tmp_path: Path) -> None:
    text = shown(written(tmp_path / "messages", datetime(2011, 1, 5)))

    assert "12-31 23:59:40 to 01-01 00:00:04" in text
    assert "no line tells it; 2011 by the time of the file (--year tells another)" in " ".join(text.split())
    assert text.count("2011") == 1
    assert "2010" not in text


def test_a_pipe_has_no_year_at_all(tmp_path: Path) -> None:
    text = CliRunner().invoke(command, ["-"], input=NIGHT).stdout

    assert "no line tells it (--year does)" in text
    assert "2000" not in text


def test_a_year_that_is_given_or_written_is_told(tmp_path: Path) -> None:
    log = written(tmp_path / "messages", datetime(2011, 1, 5))
    script = "ResourceManager[9]: 2008/12/31_23:59:30 info: Running /etc/init.d/webd  start\n"
    dated = written(tmp_path / "ha-log", datetime(2011, 1, 5), script + NIGHT)

    assert "2006-12-31 23:59:40 to 2007-01-01 00:00:04" in shown(log, "--year", "2006")
    assert "2008-12-31 23:59:30 to 2009-01-01 00:00:04" in shown(dated)
    for told in (shown(log, "--year", "2006"), shown(dated)):
        assert "no line tells it" not in told


def test_scripts_read_whether_a_line_tells_the_year(tmp_path: Path) -> None:
    log = written(tmp_path / "messages", datetime(2011, 1, 5))

    assert json.loads(shown(log, "--format", "json"))["undated"] is True
    assert json.loads(shown(log, "--format", "json", "--year", "2010"))["undated"] is False


def test_new_year_s_night_lasts_seconds(tmp_path: Path) -> None:
    report = explained([written(tmp_path / "messages", datetime(2011, 1, 5))])

    assert report.end - report.begin < 60_000
    assert [each.text for each in report.story][-1] == "hears two over eth1"


def test_a_log_that_was_copied_years_later_is_of_the_same_night(tmp_path: Path) -> None:
    other = NIGHT.replace(" one ", " TWO ").replace("two", "one").replace(" TWO ", " two ").replace("[1", "[2")
    one = written(tmp_path / "one", datetime(2009, 1, 5))
    two = written(tmp_path / "two", datetime(2026, 11, 5), other)
    report = explained([one, two])

    assert report.nodes == ("one", "two")
    assert report.end - report.begin < 60_000
    assert (iso(report.begin) or "")[:4] == "2008"


def test_rotated_files_keep_their_years(tmp_path: Path) -> None:
    older = written(
        tmp_path / "messages.1", datetime(2010, 6, 30), NIGHT.replace("Dec 31", "Jun 28").replace("Jan  1", "Jun 29")
    )
    newer = written(tmp_path / "messages", datetime(2011, 1, 5))
    report = explained([older, newer])

    assert [(iso(at) or "")[:7] for at in (report.begin, report.end)] == ["2010-06", "2011-01"]
