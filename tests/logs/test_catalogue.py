"""The catalogue is complete, documented and unambiguous."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamodel.errors import ModelError
from hamodel.logs.catalogue import CATALOGUE, PLACEHOLDERS, VERSIONS, Message, message

SHARED = Path(__file__).parents[3] / "shared"


def test_every_id_stands_once() -> None:
    from hamodel.logs.texts_daemon import DAEMON_ROWS
    from hamodel.logs.texts_debug import DEBUG_ROWS
    from hamodel.logs.texts_refused import REFUSED_ROWS
    from hamodel.logs.texts_scripts import SCRIPT_ROWS

    assert len(CATALOGUE) == len(DAEMON_ROWS) + len(SCRIPT_ROWS) + len(DEBUG_ROWS) + len(REFUSED_ROWS)


def test_placeholders_are_documented_and_none_is_idle() -> None:
    used = {name for text in CATALOGUE.values() for name in text.placeholders}
    assert used == set(PLACEHOLDERS)


@pytest.mark.parametrize("text", CATALOGUE.values(), ids=lambda text: text.id)
def test_a_text_can_be_written_and_read_back(text: Message) -> None:
    fields = {name: f" <{name}>" if name.startswith("opt_") else f"<{name}>" for name in text.placeholders}
    assert "{" not in text.text(**fields)
    assert text.matches(text.text(**fields)) == fields


def test_double_blanks_survive() -> None:
    assert message("hb-client-started", "2.0.8").format == 'Starting "{client_cmd}" as uid {uid}  gid {gid} (pid {pid})'
    assert message("kernel-kjournald", "2.0.8").format.count("  ") == 1
    assert message("cfg-uselogd-on", "3.0.6").format == "Enabling logging daemon "
    assert message("ra-success", "2.0.8").format == " Success"
    assert "  gid" not in message("hb-client-starting", "2.0.8").format


def test_a_name_finds_the_text_of_its_release() -> None:
    assert message("hb-partition-url", "2.0.8").id == "hb-partition-url-v2"
    assert message("hb-partition-url", "3.0.6").id == "hb-partition-url-v3"
    assert message("fs-mount-failed", "2.0.8").id == "fs-mount-failed"
    assert message("fs-mount-failed", "3.0.6").id == "fs-mount-failed-v3"


def test_unknown_names_and_missing_fields_are_our_own_fault() -> None:
    with pytest.raises(ModelError, match="no log line is called hb-nonsense"):
        message("hb-nonsense", "2.0.8")
    with pytest.raises(ModelError, match=r"2\.0\.8 has no log line hb-late-heartbeat-deadtime"):
        message("hb-late-heartbeat-deadtime", "2.0.8")
    with pytest.raises(ModelError, match="needs status"):
        message("hb-link-status", "2.0.8").text(node="node1", link="eth1")


OURS = {
    *("kernel-boot", "ccm-signon-failed", "ccm-reason", "ccm-init-failed-v3", "lvm-activating", "lvm-deactivating"),
    *("msg-dump", "msg-dump-field", "msg-netstring-refused", "msg-token-differs"),
}
"""Not in the reference; those of ccm and of packets were seen on the daemon (3.0.6), those of LVM in its agent."""
ONE_RELEASE_HERE = {"kernel-softdog", "kernel-softdog-v26"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference material is not beside this checkout")
def test_texts_are_those_of_the_reference() -> None:
    rows = [row.split("\t") for row in (SHARED / "reference/log-messages.tsv").read_text("utf-8").splitlines()[1:]]
    reference = {row[0]: (row[2], row[3].replace("␠", " "), row[4]) for row in rows}
    for name, text in CATALOGUE.items():
        if name in OURS:
            continue
        level, form, versions = reference[name]
        assert (text.level, text.format) == (level, form), name
        if name not in ONE_RELEASE_HERE:
            assert text.versions == (VERSIONS if versions == "both" else (versions,)), name
