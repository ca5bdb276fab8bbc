"""Small changes to files: what is not changed stays byte for byte, and `patch` understands the difference."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from hamodel.checking.edits import Edit, after, at, edited, homes, last_line, unified, without
from hamodel.checking.material import Material
from hamodel.checking.write import write
from hamodel.errors import OutOfRange
from hamodel.source import Span

TEXT = "keepalive 2   # seconds\n  deadtime 30\t# why\n\nnode a b"
needs_patch = pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch here")


def _material(text: str = TEXT, name: str = "ha.cf") -> Material:
    return Material(("pair",), {f"pair/{name}": text}, {f"pair/{name}": f"/there/{name}"})


def _line(text: str, number: int) -> str:
    return text.split("\n")[number - 1]


def _word(text: str, number: int, word: str) -> Span:
    line = _line(text, number)
    return Span("pair/ha.cf", number, line.index(word) + 1, len(word), line)


def _changed(text: str) -> Material:
    before = _material(text)
    return edited(
        before,
        [
            at(before, _word(text, 2, "30"), "pair/ha.cf", "29990ms"),
            after(before, "pair/ha.cf", 2, "watchdog /dev/watchdog"),
            after(before, "pair/ha.cf", last_line(before, "pair/ha.cf", ["node"]), "ping 10.0.0.1"),
        ],
    )


def test_one_word_changes_and_its_comment_stays() -> None:
    changed = _changed(TEXT).files["pair/ha.cf"]

    assert _line(changed, 2) == "  deadtime 29990ms\t# why"
    assert _line(changed, 1) == _line(TEXT, 1)


def test_a_new_line_is_set_in_like_the_one_before_it() -> None:
    assert _line(_changed(TEXT).files["pair/ha.cf"], 3) == "  watchdog /dev/watchdog"


def test_a_last_line_without_an_end_gets_one_before_another_follows() -> None:
    assert _changed(TEXT).files["pair/ha.cf"].endswith("node a b\nping 10.0.0.1\n")


def test_line_ends_of_another_system_stay() -> None:
    changed = _changed(TEXT.replace("\n", "\r\n")).files["pair/ha.cf"]

    assert changed.count("\r\n") == changed.count("\n") == 6


def test_bytes_that_are_no_text_stay_and_do_not_move_the_place() -> None:
    raw = "# caf\udce9\nlogfile /\udce9 30 # 30\n"
    shown = raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

    changed = edited(_material(raw), [at(_material(raw), _word(shown, 2, "30"), "pair/ha.cf", "31")])

    assert changed.files["pair/ha.cf"] == "# caf\udce9\nlogfile /\udce9 31 # 30\n"


def test_a_line_can_go_and_a_file_can_come() -> None:
    changed = edited(_material(), [without("pair/ha.cf", 1), Edit("pair/spec.toml", 0, "[a]\nb = 1")])

    assert changed.files["pair/ha.cf"] == TEXT.split("\n", 1)[1]
    assert changed.files["pair/spec.toml"] == "[a]\nb = 1\n"
    assert homes(_material(), changed)["pair/spec.toml"] == "/there/spec.toml"


def test_two_edits_of_one_word_clash() -> None:
    one, two = Edit("f", 1, "a", 3, 5), Edit("f", 1, "b", 4, 6)

    assert one.clashes(two)
    assert not one.clashes(Edit("f", 2, "b", 4, 6))
    assert not one.clashes(Edit("f", 1, "b"))


@needs_patch
@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", TEXT.replace("\n", "\r\n"), "\n".join(map(str, range(40))) + TEXT])
def test_patch_makes_the_same_files(text: str, tmp_path: Path) -> None:
    lines = text.split("\n")
    number = next(i for i, line in enumerate(lines, 1) if "deadtime" in line)
    before = _material(text)
    span = _word(text, number, "30") if "30" in lines[number - 1] else _word(text, number, "deadtime")
    after_ = edited(before, [at(before, span, "pair/ha.cf", "31"), Edit("pair/spec.toml", 0, "version = 1")])
    (tmp_path / "ha.cf").write_bytes(text.encode())

    diff = unified(before, after_).encode()
    done = subprocess.run(["patch", "-p1", "--batch"], cwd=tmp_path, input=diff, capture_output=True, check=False)

    assert done.returncode == 0, done.stdout
    assert (tmp_path / "ha.cf").read_bytes() == after_.files["pair/ha.cf"].encode()
    assert (tmp_path / "spec.toml").read_text() == "version = 1\n"


def _on_disk(tmp_path: Path, text: str = TEXT) -> Material:
    path = tmp_path / "ha.cf"
    path.write_bytes(text.encode())
    return Material(("pair",), {"pair/ha.cf": text}, {"pair/ha.cf": str(path)})


def test_the_old_file_is_kept_with_its_permissions(tmp_path: Path) -> None:
    before = _on_disk(tmp_path)
    (tmp_path / "ha.cf").chmod(0o600)

    told = write(before, edited(before, [without("pair/ha.cf", 1), Edit("pair/spec.toml", 0, "x = 1")]))

    assert (tmp_path / "ha.cf.orig").read_text() == TEXT
    assert (tmp_path / "ha.cf").read_text() == TEXT.split("\n", 1)[1]
    assert {(tmp_path / n).stat().st_mode & 0o777 for n in ("ha.cf", "ha.cf.orig")} == {0o600}
    assert (tmp_path / "spec.toml").read_text() == "x = 1\n"
    assert len(told) == 2


def test_nothing_is_written_over_an_older_copy_or_a_file_that_has_changed(tmp_path: Path) -> None:
    before = _on_disk(tmp_path)
    changed = edited(before, [without("pair/ha.cf", 1)])

    (tmp_path / "ha.cf.orig").write_text("older")
    with pytest.raises(OutOfRange, match="there already"):
        write(before, changed)
    (tmp_path / "ha.cf.orig").unlink()
    (tmp_path / "ha.cf").write_text("somebody was here")
    with pytest.raises(OutOfRange, match="not the file"):
        write(before, changed)

    assert (tmp_path / "ha.cf").read_text() == "somebody was here"
