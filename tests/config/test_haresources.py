"""haresources has two readers, and they do not read the same."""

from __future__ import annotations

import pytest

from hamodel.config.daemon import Console, Stage, Version
from hamodel.config.haresources import check_owners, groups_of, lines_with_key, matches, read_groups, resource
from hamodel.config.lines import Source
from hamodel.config.parts import Group
from hamodel.config.review_arguments import review_arguments
from tests.config.helpers import GOOD, said, start


def groups(text: str) -> tuple[Group, ...]:
    return read_groups(Source("haresources", text.encode()))


def test_the_daemon_reports_the_first_stranger_and_the_reader_all_of_them() -> None:
    reading = start(GOOD, haresources="node1 a\nlisa b\nbart c\n")

    assert reading.stage is Stage.HARESOURCES
    assert said(reading)[-3:] == [
        "info: Configuration validated. Starting heartbeat 3.0.6",
        "ERROR: Bad nodename in /etc/ha.d//haresources [lisa]",
        "ERROR: Configuration error, heartbeat not started.",
    ]
    assert [str(error.span) for error in reading.errors] == ["haresources:2:1", "haresources:3:1"]


@pytest.mark.parametrize(
    "text", ["", "# lisa x\n", "NODE1 a\n", "  node2\n", "node1 a \\\n lisa b\n", "10.0.0.254 a\n", "# x \\\nnode1 a\n"]
)
def test_the_daemon_accepts_these(text: str) -> None:
    assert start("ping 10.0.0.254\n" + GOOD, haresources=text).errors == ()


def test_a_blank_after_the_backslash_makes_the_next_line_a_line_of_its_own() -> None:
    reading = start(GOOD, haresources="node1 a \\ \nfoo b\n")

    assert [error.message for error in reading.errors] == ["foo is no node: nobody owns this group"]
    assert reading.errors[0].help.startswith("the backslash of line 1 continues nothing")


def test_continued_lines_are_joined_without_a_blank() -> None:
    read = groups("node1 foo::x\\\nbar  baz\\\n last\n")

    assert [r.text for r in read[0].resources] == ["foo::xbar", "baz", "last"]
    assert [str(r.span) for r in read[0].resources] == ["haresources:1:7", "haresources:2:6", "haresources:3:2"]


def test_comments_start_anywhere_and_take_a_backslash_with_them() -> None:
    assert [group.line for group in groups("node1 a # b \\\nnode2 c\n")] == ["node1 a", "node2 c"]


def test_the_owner_is_in_lower_case_and_the_first_resource_is_the_key() -> None:
    group = groups("\tNode1   10.0.0.1/24/eth0:1 Filesystem::/dev/sdb1::/mnt::ext3\n")[0]

    assert (group.owner, group.key) == ("node1", "10.0.0.1/24/eth0:1")
    assert group.line == "node1 10.0.0.1/24/eth0:1 Filesystem::/dev/sdb1::/mnt::ext3"


@pytest.mark.parametrize(
    ("text", "address", "mask", "bits", "nic"),
    [
        ("10.0.0.1", "10.0.0.1", "", None, ""),
        ("10.0.0.1/24", "10.0.0.1", "24", 24, ""),
        ("10.0.0.1/24/eth0", "10.0.0.1", "24", 24, "eth0"),
        ("IPaddr2::10.0.0.1/24/eth0:1", "10.0.0.1", "24", 24, "eth0"),
        ("10.0.0.1/24/10.0.0.255", "10.0.0.1", "24", 24, ""),
        ("IPaddr::10.0.0.1/24/eth1/10.0.0.255", "10.0.0.1", "24", 24, "eth1"),
        ("IPaddr::10.0.0.1/255.255.255.0", "10.0.0.1", "255.255.255.0", 24, ""),
    ],
)
def test_an_address_has_a_mask_and_a_card(text: str, address: str, mask: str, bits: int | None, nic: str) -> None:
    read = resource(text)

    assert read.is_address
    assert (read.address, read.mask, read.bits, read.nic) == (address, mask, bits, nic)
    assert read.text == text


def test_a_single_colon_stays_inside_an_argument() -> None:
    mount = resource("Filesystem::host:/export::/mnt::nfs")

    assert mount.args == ("host:/export", "/mnt", "nfs")
    assert mount.is_mount
    assert not mount.is_block_mount


@pytest.mark.parametrize("device", ["/dev/sdb5", "LABEL=web", "UUID=1-2", "-Lweb"])
def test_a_disk_may_be_mounted_by_one_node_only(device: str) -> None:
    assert resource(f"Filesystem::{device}::/mnt::ext3").is_block_mount


def test_node_names_are_patterns_without_regard_to_case() -> None:
    read = groups("www.a.com x\nWWWxaxcom y\nnode10 z\n")

    assert [group.key for group in groups_of("www.a.com", read)] == ["x", "y"]
    assert groups_of("node1", read) == ()


def test_a_key_is_found_as_a_word_in_any_column() -> None:
    read = groups("node1 httpd\nnode2 10.0.0.1 httpd\nnode2 httpd2\n")

    assert len(lines_with_key("httpd", read)) == 2
    assert len(lines_with_key("10.0.0.1", read)) == 1


def test_special_characters_in_a_name_do_no_harm() -> None:
    assert not matches("(((((", "x")
    assert matches("a+b", "a+b c")
    assert not matches("(a+)+$", "a" * 5000)


def test_a_file_that_cannot_be_opened_is_refused_with_the_hint_about_the_sample() -> None:
    console = Console(Version.V3_0_6)

    check_owners(console, Source("haresources", None, "it is a directory"), ["node1"])

    assert [str(line) for line in console.lines] == [
        "ERROR: Cannot open resources file [/etc/ha.d//haresources]",
        "info: An annotated sample /etc/ha.d//haresources file is provided in the documentation.",
        "info: Please copy it to /etc/ha.d//haresources, read it, customize it, and try again.",
        "ERROR: Configuration error, heartbeat not started.",
    ]


def test_a_group_without_resources_is_a_line_that_starts_nothing() -> None:
    read = groups("node1\n")

    assert read[0].resources == ()
    assert groups_of("node1", read) == ()


@pytest.mark.parametrize(
    "word",
    ["10.0.0.1", "10.0.0.1/24", "10.0.0.1/24/eth0:1/10.0.0.255", "10.0.0.1/255.255.254.0", "IPaddr2::10.0.0.1/32/eth0",
     "IPv6addr::2001:db8:0:0:0:0:0:5/64", "IPaddr::www.example.org", "Filesystem::/dev/sdb1::/m", "Xen::/etc/xen/vm"],
)  # fmt: skip
def test_these_arguments_are_in_order(word: str) -> None:
    (group,) = groups(f"node1 {word}\n")

    assert list(review_arguments(group.resources[0])) == []
