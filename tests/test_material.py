"""The files that lie beside a trace."""

from __future__ import annotations

from pathlib import Path

from hamodel.checking.material import gather, unpacked, with_directive, without_secrets

HACF = "node a b\nstonith_host a external/ipmi b 10.0.0.9 admin top-secret\nstonith null /etc/stonith.conf\n"


def _pair(tmp_path: Path) -> Path:
    (tmp_path / "ha.cf").write_text(HACF)
    (tmp_path / "authkeys").write_text("auth 1\n1 sha1 nobody-must-know\n2 md5 nobody-must-know\n")
    return tmp_path


def test_parameters_of_fencing_devices_and_keys_stay_at_home(tmp_path: Path) -> None:
    shown = "".join(without_secrets(gather([_pair(tmp_path)])).files.values())

    assert "top-secret" not in shown
    assert "10.0.0.9" not in shown
    assert "nobody-must-know" not in shown
    assert "stonith_host a external/ipmi -" in shown


def test_equal_keys_stay_equal(tmp_path: Path) -> None:
    files = without_secrets(gather([_pair(tmp_path)])).files
    keys = [line.split()[2] for name, text in files.items() if "authkeys" in name for line in text.split("\n")[1:3]]

    assert keys[0] == keys[1]


def test_a_directive_is_replaced_in_its_line_or_added_at_the_end(tmp_path: Path) -> None:
    material = gather([_pair(tmp_path)])

    (replaced,) = [t for n, t in with_directive(material, "node", "c").files.items() if n.endswith("ha.cf")]
    (added,) = [t for n, t in with_directive(material, "deadtime", "9").files.items() if n.endswith("ha.cf")]

    assert replaced.split("\n")[0] == "node c"
    assert added == HACF + "deadtime 9\n"


def test_what_was_gathered_can_be_unpacked_and_read_again(tmp_path: Path) -> None:
    with unpacked(gather([_pair(tmp_path)])) as (paths, _):
        assert (paths[0] / "ha.cf").read_text() == HACF
