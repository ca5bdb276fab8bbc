"""What a user gives: files, compressed files, archives, folders, pipes; and what a stranger may have put into them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamodel.errors import BrokenArchive, HamodelError, LogTooLarge, NotALog, UnreadableLog
from hamodel.logs.reading import Line, Reader, read_logs
from hamodel.logs.survey import looks_turned
from tests.shared import SHARED, TRACES, needs_shared

LINE = "Nov {day:2d} 07:52:2{second} {node} heartbeat: [3689]: info: Link {node}:eth{second} up.\n"


def log(node: str, day: int = 26) -> bytes:
    return "".join(LINE.format(node=node, day=day, second=second) for second in range(5)).encode()


def keys(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.node, line.fields["link"]) for line in lines]


WANTED = [("node1", f"eth{second}") for second in range(5)]


def packed(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1_200_000_000
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gz", "bz2", "xz"])
def test_a_file_is_read_however_it_is_packed(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "log").write_bytes(pack(log("node1")))
    lines = list(read_logs([tmp_path / "log"]))

    assert keys(lines) == WANTED
    assert lines[0].source == str(tmp_path / "log")
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]


def test_packed_pieces_one_behind_the_other_are_one_log(tmp_path: Path) -> None:
    """What `cat messages.2.gz messages.1.gz` gives, padded with zeros as from a tape."""
    pieces = [gzip.compress(log("node1")[:100]), gzip.compress(log("node1")[100:])]
    (tmp_path / "log.gz").write_bytes(b"".join(pieces) + b"\0" * 100)

    assert keys(list(read_logs([tmp_path / "log.gz"]))) == WANTED


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_is_read_in_place(tmp_path: Path, mode: str) -> None:
    members = {
        "report/node1/ha-log": log("node1"),
        "report/node1/messages.1.gz": gzip.compress(log("node1", 25)),
        "report/node2/ha-log": log("node2"),
        "report/node2/cib.xml": b"<cib/>\n",
        "report/analysis.txt": log("node1"),
    }
    (tmp_path / "report.tar").write_bytes(packed(members, mode))
    lines = list(read_logs([tmp_path / "report.tar"]))

    assert {line.source.split(":", 1)[1] for line in lines} == {
        "report/node1/ha-log",
        "report/node1/messages.1.gz",
        "report/node2/ha-log",
    }
    assert keys([line for line in lines if line.node == "node1"]) == WANTED + WANTED
    assert {line.entry.when.year for line in lines} == {2007}
    assert sorted(tmp_path.iterdir()) == [tmp_path / "report.tar"]


def test_a_long_name_and_a_name_in_other_letters_are_read(tmp_path: Path) -> None:
    name = "n" * 150 + "/knöten/ha-log"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        with tarfile.open(tmp_path / "a.tar", "w", format=form) as tar:
            info = tarfile.TarInfo(name)
            info.size = len(log("node1"))
            tar.addfile(info, io.BytesIO(log("node1")))
        assert next(iter(read_logs([tmp_path / "a.tar"]))).source == f"{tmp_path / 'a.tar'}:{name}"


def test_a_folder_of_folders_is_read_and_what_is_no_log_is_not(tmp_path: Path) -> None:
    for node in ("node1", "node2"):
        (tmp_path / node).mkdir()
        (tmp_path / node / "messages").write_bytes(log(node))
        (tmp_path / node / "ha.cf").write_text("deadtime 10\nnode node1 node2\n")
        (tmp_path / node / "core").write_bytes(os.urandom(5000))
    (tmp_path / "old.tar.gz").write_bytes(packed({"node1/messages.1": log("node1", 20)}))
    reader = Reader([tmp_path])

    assert keys([line for line in reader if line.node == "node1"]) == WANTED + WANTED
    assert len(reader.by_source) == 3
    assert reader.counts.total == reader.counts.own == reader.counts.recognised == 15


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(log("node1"))
    (tmp_path / "link").symlink_to(tmp_path / "log")

    assert keys(list(read_logs([tmp_path, tmp_path / "log", tmp_path / "link"]))) == WANTED


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(log("secret"))
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "messages").write_bytes(log("node1"))
    (tmp_path / "given" / "ha-log").symlink_to(tmp_path / "secret")
    (tmp_path / "given" / "up").symlink_to(tmp_path)

    assert keys(list(read_logs([tmp_path / "given"]))) == WANTED


def test_links_and_paths_that_lead_out_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(log("secret"))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        for kind, name in ((tarfile.SYMTYPE, "ha-log"), (tarfile.LNKTYPE, "ha-debug")):
            link = tarfile.TarInfo(name)
            link.type, link.linkname, link.size = kind, str(tmp_path / "secret"), 4096
            tar.addfile(link)
        for name in ("../../evil", "/etc/evil", "a/\x1b[2J/evil"):
            info = tarfile.TarInfo(name)
            info.size = len(log("node1"))
            tar.addfile(info, io.BytesIO(log("node1")))
    before = sorted(tmp_path.rglob("*"))
    lines = list(read_logs([tmp_path / "a.tar.gz"]))

    assert {line.node for line in lines} == {"node1"}
    assert all(line.source.isprintable() for line in lines)
    assert sorted(tmp_path.rglob("*")) == before


def test_standard_input_and_named_pipes_are_read(tmp_path: Path) -> None:
    code = "from hamodel.logs.reading import read_logs\n"
    code += "for line in read_logs(['-']): print(line.node, line.fields['link'])"
    for content in (log("node1"), gzip.compress(log("node1"))):
        done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
        assert [tuple(row.split()) for row in done.stdout.decode().splitlines()] == WANTED

    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(log("node1")))
    writer.start()
    assert keys(list(read_logs([tmp_path / "pipe"]))) == WANTED
    writer.join()


def refusal(path: Path | str) -> HamodelError:
    with pytest.raises(UnreadableLog) as caught:
        list(read_logs([path]))
    assert caught.value.help
    return caught.value


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path / "nowhere")
    assert error.code == "HA123"
    assert "nowhere: No such file" in error.message
    assert refusal("a\0b").code == "HA123"


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text("keepalive 2\ndeadtime 10\n")
    assert isinstance(refusal(tmp_path / "ha.cf"), NotALog)
    assert isinstance(refusal(tmp_path), NotALog)
    assert "no log of Heartbeat lies in" in refusal(tmp_path).message


@needs_shared
def test_a_log_that_was_turned_round_is_refused_with_the_way_back(tmp_path: Path) -> None:
    lines = (TRACES / "seed5_kill9_no_watchdog/node2/ha-log").read_text("utf-8").splitlines()
    (tmp_path / "log").write_text("\n".join(reversed(lines)) + "\n", "utf-8")

    error = refusal(tmp_path / "log")

    assert error.code == "HA128" and "newest first" in error.message and "tac" in (error.help or "")


@needs_shared
def test_no_real_log_looks_turned_round() -> None:
    for file in (*TRACES.glob("*/node*/*"), *SHARED.glob("samples/*/log.txt")):
        assert not looks_turned(file.read_text("utf-8", "replace").splitlines()), file


def test_an_empty_file_is_an_empty_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"")
    assert list(read_logs([tmp_path / "log"])) == []
    assert list(read_logs([])) == []


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "log").write_bytes(pack(log("node1") * 100)[:-20])
    error = refusal(tmp_path / "log")

    assert isinstance(error, BrokenArchive)
    assert "is cut off" in error.message


def test_a_broken_member_is_named(tmp_path: Path) -> None:
    inner = gzip.compress(log("node1") * 100)
    (tmp_path / "a.tar").write_bytes(packed({"node1/ok": log("node1"), "node1/messages.1.gz": inner[:-20]}, "w:"))
    assert f"{tmp_path / 'a.tar'}:node1/messages.1.gz is cut off" == refusal(tmp_path / "a.tar").message

    spoilt = inner[:40] + bytes(40) + inner[80:]
    (tmp_path / "b.tar").write_bytes(packed({"node1/messages.1.gz": spoilt}, "w:"))
    assert "messages.1.gz is damaged" in refusal(tmp_path / "b.tar").message

    whole = packed({"node1/ok": log("node1"), "node1/cut": log("node1") * 100}, "w:")
    (tmp_path / "c.tar").write_bytes(whole[:20_000])
    assert f"{tmp_path / 'c.tar'}:node1/cut is cut off" == refusal(tmp_path / "c.tar").message


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    block = gzip.compress(b"\0" * (1 << 24))
    (tmp_path / "bomb.gz").write_bytes(block * 8)
    error = refusal(tmp_path / "bomb.gz")

    assert isinstance(error, LogTooLarge)
    assert error.code == "HA127"

    (tmp_path / "bomb.tar").write_bytes(packed({"node1/bomb.gz": block * 8}, "w:"))
    assert f"{tmp_path / 'bomb.tar'}:node1/bomb.gz expands" in refusal(tmp_path / "bomb.tar").message


def test_a_name_of_megabytes_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))

    assert isinstance(refusal(tmp_path / "a.tar"), LogTooLarge)


def test_what_may_not_be_read_in_a_folder_is_skipped_and_named(tmp_path: Path) -> None:
    (tmp_path / "messages").write_bytes(log("node1"))
    (tmp_path / "secure").write_bytes(log("node1"))
    (tmp_path / "secure").chmod(0)
    if os.access(tmp_path / "secure", os.R_OK):
        pytest.skip("root may read everything")
    reader = Reader([tmp_path])

    assert keys(list(reader)) == WANTED
    assert reader.skipped == [str(tmp_path / "secure")]
    assert "Permission denied" in refusal(tmp_path / "secure").message


GOOD = packed({"node1/ha-log": log("node1"), "node2/messages.1.gz": gzip.compress(log("node2"))})
PLAIN = packed({"node1/ha-log": log("node1"), "node2/messages.1.gz": gzip.compress(log("node2"))}, "w:")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([GOOD, PLAIN]), st.data())
def test_a_damaged_archive_is_read_or_refused_and_nothing_else(
    tmp_path: Path, whole: bytes, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(whole)))
    lost = data.draw(st.integers(0, 600))
    spoilt = whole[:place] + data.draw(st.binary(max_size=20)) + whole[place + lost :]
    (tmp_path / "a.tar").write_bytes(spoilt)
    try:
        for line in read_logs([tmp_path / "a.tar"]):
            assert line.number >= 1
    except UnreadableLog as error:
        assert error.message


def test_a_line_of_megabytes_and_blocks_of_zeros_cost_nothing(tmp_path: Path) -> None:
    head = b"Nov 26 07:52:20 node1 heartbeat: [1]: info: "
    first = log("node1").splitlines()[0]
    content = [bytes(3 << 20) + first + b"\r", head + b"x" * (5 << 20), first.replace(b"info", b"in\0fo"), log("node1")]
    (tmp_path / "log").write_bytes(b"\n".join(content))
    reader = Reader([tmp_path / "log"])
    lines = list(reader)

    assert reader.counts.total == 8
    assert max(len(line.entry.text) for line in lines) <= 1 << 16
    assert sorted(keys([line for line in lines if line.key])) == sorted([*WANTED, WANTED[0], WANTED[0]])


def test_bytes_of_any_encoding_are_read(tmp_path: Path) -> None:
    text = "Nov 26 07:52:20 node1 heartbeat: [1]: info: Link knöten:eth0 up.\n"
    (tmp_path / "log").write_bytes(text.encode("latin-1") + text.encode())

    assert [line.fields["node"] for line in read_logs([tmp_path / "log"])] == ["knöten", "knöten"]


def test_progress_is_told_in_bytes_up_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(log("node1") * 10_000)
    told: list[tuple[int, int]] = []
    for _ in read_logs([tmp_path / "log"], progress=lambda done, whole: told.append((done, whole))):
        pass

    size = (tmp_path / "log").stat().st_size
    assert told[-1] == (size, size)
    assert len(told) > 2
    assert told == sorted(told)
