"""Stage 2 looks at two read bits and at every line."""

from __future__ import annotations

import pytest

from hamodel.config.daemon import Stage
from tests.config.helpers import GOOD, V2, said, start

PATH = "/etc/ha.d//authkeys"
CLOSING = ["ERROR: Authentication configuration error.", "ERROR: Configuration error, heartbeat not started."]


def _missing(method: str, size: int = 0) -> list[str]:
    return [
        f"ERROR: LoadPlugin on {method} returned 5: No such plugin/interface/interface type",
        f"ERROR: Lookup extended#2 returned FALSE for {method}",
        f"ERROR: Table size: {size}",
        f"ERROR: Invalid authtype [{method}]",
    ]


NOT_FOUND = f"ERROR: Auth Key [1] not found in keyfile [{PATH}]"

REFUSED: list[tuple[str, list[str]]] = [
    ("", [f"ERROR: Missing auth directive in keyfile [{PATH}]"]),
    ("1 sha1 x\n", [f"ERROR: Missing auth directive in keyfile [{PATH}]"]),
    ("auth -1\n", [f"ERROR: Missing auth directive in keyfile [{PATH}]"]),
    ("1 sha1 x\nauth 1\n", [NOT_FOUND]),
    ("auth 1\n2 sha1 x\n", [NOT_FOUND]),
    ("auth 20\n", [f"ERROR: Auth Key [20] not found in keyfile [{PATH}]"]),
    ("auth 1\n1 sha1\n", ["ERROR: Auth method [sha1] requires a key", NOT_FOUND]),
    ("auth 1\n1 md5\n", ["ERROR: Auth method [md5] requires a key", NOT_FOUND]),
    ("auth 1\n1 crc # none\n", ["info: Auth method [crc] doesn't use a key", NOT_FOUND]),
    ("auth 1\n1 SHA1 x\n", [*_missing("SHA1"), NOT_FOUND]),
    ("auth 1\n1 sha1 x\n2 md5 y\n3 des z\n", _missing("des", 2)),
    ("auth 1\n1 sha1 x\n16 sha1 x\n", [f"ERROR: Invalid authnum [16] in {PATH}"]),
    ("auth 1\n1 sha1 x\nall\n", [f"ERROR: Invalid auth line [all\n] in {PATH}"]),
    ("auth 1\n1 sha1 x\n  hello\n", ["ERROR: Auth line [  hello\n] is invalid."]),
    ("auth 1\n1 sha1 x\n12", ["ERROR: Auth line [12] is invalid."]),
]


@pytest.mark.parametrize(("text", "lines"), REFUSED, ids=[repr(text) for text, _ in REFUSED])
def test_bad_keys_are_refused_in_the_daemons_words(text: str, lines: list[str]) -> None:
    reading = start(GOOD, authkeys=text)

    assert reading.stage is Stage.AUTHKEYS
    assert said(reading) == [*lines, *CLOSING]


ACCEPTED = [
    ("auth 1\n1 crc\n", 1, "crc"),
    ("auth1\n1 md5 k # the rest is ignored\n", 1, "md5"),
    ("# x\n\n  auth 1 anything\n  1sha1 k\n", 1, "sha1"),
    ("auth 2\n1 crc\n2 sha1 k\n", 2, "sha1"),
    ("auth 1\n1 crc\nauth 2\n2 md5 k\n", 2, "md5"),
    ("auth 1\r\n1 sha1 k\r\n", 1, "sha1"),
    ("auth 0\n0 crc\n0 md5 k\n", 0, "md5"),
]


@pytest.mark.parametrize(("text", "number", "method"), ACCEPTED, ids=[repr(text) for text, *_ in ACCEPTED])
def test_good_keys_are_accepted_and_the_last_word_wins(text: str, number: int, method: str) -> None:
    keys = start(GOOD, authkeys=text).node.authkeys

    assert keys is not None
    assert (keys.number, keys.method) == (number, method)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o620, 0o602])
def test_these_permissions_pass(mode: int) -> None:
    assert start(GOOD, mode=mode).errors == ()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_these_permissions_are_refused(mode: int) -> None:
    reading = start(GOOD, mode=mode)

    assert said(reading) == [f"ERROR: Bad permissions on keyfile [{PATH}], 600 recommended.", *CLOSING]
    assert reading.errors[0].code == "HA121"


def test_the_path_is_printed_as_each_version_has_it_compiled_in() -> None:
    reading = start(GOOD, authkeys="", version=V2)

    assert said(reading)[0] == "ERROR: Missing auth directive in keyfile [/etc/ha.d/authkeys]"


def test_the_key_itself_is_not_kept() -> None:
    keys = start(GOOD, authkeys="auth 1\n1 sha1 topsecret\n").node.authkeys

    assert keys is not None
    assert "topsecret" not in repr(keys.digest)
    assert keys.accepted == {1: keys.digest}


def test_a_second_key_lets_a_running_cluster_change_its_key_in_two_steps() -> None:
    old = start(GOOD, authkeys="auth 1\n1 sha1 a\n2 sha1 b\n").node.authkeys
    new = start(GOOD, authkeys="auth 2\n1 sha1 a\n2 sha1 b\n").node.authkeys
    other = start(GOOD, authkeys="auth 1\n1 sha1 c\n").node.authkeys

    assert old is not None
    assert new is not None
    assert other is not None
    assert old.hears(new)
    assert new.hears(old)
    assert not old.hears(other)
