"""A log tells the same however it was pasted: quoted, numbered, as a web page, without its date or its line breaks."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from hamodel.incident.case import explained
from hamodel.incident.report import Verdict
from hamodel.logs.following import Follower
from hamodel.logs.pasted import plain
from hamodel.logs.reading import Reader

LOG = """
Mar 14 08:10:01 east heartbeat: [2201]: info: Received shutdown notice from 'west'.
Mar 14 08:10:01 east heartbeat: [2201]: info: Resources being acquired from west.
Mar 14 08:10:01 east heartbeat: [2301]: info: acquire local HA resources (standby).
Mar 14 08:10:01 east heartbeat: [2301]: info: local HA resource acquisition completed (standby).
Mar 14 08:10:01 east heartbeat: [2201]: info: Standby resource acquisition done [foreign].
harc[2310]:	2011/03/14_08:10:01 info: Running /etc/ha.d/rc.d/status status
mach_down[2320]:	2011/03/14_08:10:01 info: Taking over resource group IPaddr::10.1.1.9
ResourceManager[2330]:	2011/03/14_08:10:01 info: Acquiring resource group: west IPaddr::10.1.1.9 postfix
ResourceManager[2330]:	2011/03/14_08:10:02 info: Running /etc/ha.d/resource.d/IPaddr 10.1.1.9 start
IPaddr[2360]:	2011/03/14_08:10:02 INFO:  Success
Mar 14 08:10:03 east heartbeat: [2201]: WARN: G_CH_dispatch_int: Dispatch function for read child took too long to \
execute: 140 ms (> 50 ms) (GSource: 0x9b98448)
Mar 14 08:10:03 east heartbeat: [2201]: info: mach_down takeover complete.
Mar 14 08:10:33 east heartbeat: [2201]: WARN: node west: is dead
Mar 14 08:10:33 east heartbeat: [2201]: info: Dead node west gave up resources.
""".strip().splitlines()


def each(change: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    return lambda lines: [change(line) for line in lines]


def numbered(form: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: [form.format(number, line) for number, line in enumerate(lines, 1)]


def page(line: str) -> str:
    return html.escape(line)


def highlighted(line: str) -> str:
    """The line as code in which every word of a shell is code by itself."""
    return "`" + re.sub(r" (now|to|node|start) ", r" ``\1` `", f"{line} ").rstrip() + "`"


WAYS: dict[str, Callable[[list[str]], list[str]]] = {
    "a quote": each("> {}".format),
    "a quote of a quote": each(">> {}".format),
    "indented": each("    {}".format),
    "a list": each("* {}".format),
    "in quotes": each('"{}"'.format),
    "grep -n": numbered("{}:{}"),
    "grep -nH": numbered("/var/log/ha-log:{}:{}"),
    "grep -n -C": numbered("{}-{}"),
    "cat -n": numbered("{:6d}\t{}"),
    "a container's name": numbered("east_{} | {}"),
    "escaped": each(page),
    "broken by tags": each(lambda line: f"{page(line)}<br />"),
    "paragraphs": each(lambda line: f"<p>{page(line)}</p>"),
    "a list with code": each(lambda line: f"<li><code>{page(line)}</code></li>"),
    "hard blanks": each(lambda line: page(line).replace(" ", "&nbsp;")),
    "Markdown": each("`{}`".format),
    "Markdown by words": each(lambda line: "`" + re.sub(r"(?<=\S) (info|WARN)(?=:)", r" ``\1", line) + "`"),
    "Markdown of highlighted words": each(highlighted),
    "Markdown of broken lines": lambda lines: [part for line in lines for part in textwrap.wrap(highlighted(line), 78)],
    "squeezed blanks": each(lambda line: re.sub(" {2,}", " ", line)),
    "tabs that a pager shows": each(lambda line: line.replace("\t", "^I")),
    "lost letters": each("??? {}?".format),
    "a mark of the byte order": lambda lines: [f"\ufeff{lines[0]}", *lines[1:]],
    "coloured": each("\x1b[31m{}\x1b[0m".format),
    "the day of the week": each("Mon {}".format),
    "one line": lambda lines: [" ".join(lines)],
    "one line with tags": lambda lines: ["<br>".join(map(page, lines))],
    "a quote of broken lines": lambda lines: [f"> {part}" for line in lines for part in textwrap.wrap(line, 72)],
    "without the date": each(lambda line: re.sub(r"^Mar 14 |2011/03/14_", "", line)),
}


def told(lines: list[str], root: Path) -> tuple[object, ...]:
    (root / "log").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    report = explained([root / "log"])
    return (
        report.nodes,
        (report.lines.own, report.lines.recognised),
        report.verdict,
        [each.text for each in report.contradictions],
        [(owned.resource, owned.node) for owned in report.owned],
        [(each.node, each.text) for each in report.story],
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_pasted_log_tells_what_the_log_tells(way: str, tmp_path: Path) -> None:
    whole = told(LOG, tmp_path)

    assert whole[1] == (14, 14)
    assert told(WAYS[way](LOG), tmp_path) == whole


def test_lines_without_any_stamp_are_told_in_their_order(tmp_path: Path) -> None:
    lines = [re.sub(r"^Mar 14 08:10:\d\d |2011/03/14_[\d:]{8} ", "", line) for line in LOG]

    own, story = told(lines, tmp_path)[1], told(lines, tmp_path)[-1]

    assert own == (14, 14)
    assert ("east", "declares west dead") in story  # type: ignore[operator]


def test_a_line_keeps_its_number_when_it_was_several() -> None:
    assert list(plain(enumerate([LOG[0], f"{LOG[1]} {LOG[2]}", f"> {LOG[3]}"], 1))) == [
        (1, LOG[0]), (2, LOG[1]), (2, LOG[2]), (3, LOG[3]),
    ]  # fmt: skip


STRANGERS = (
    "Mar 14 08:10:01 east sudo: bob : COMMAND=/bin/grep 'Mar 14 08:10:01 east heartbeat: [2201]: info: x' /var/log/m",
    "we saw that on Mar 14 08:10:01 nothing of heartbeat worked any more",
    '  <primitive id="r1" class="ocf" type="IPaddr" provider="heartbeat">',
    "a && b; c &lt d",
    "",
)


@pytest.mark.parametrize("line", STRANGERS)
def test_what_only_looks_like_a_pasted_line_is_left_alone(line: str) -> None:
    assert list(plain([(1, line)])) == [(1, line)]


def test_a_group_that_a_page_broke_after_its_node_is_one_group(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "ResourceManager(default)[5751]: 2015/07/21_18:10:03 info: Acquiring resource group: node01\n"
        "IPaddr::172.16.0.210/24/eth0 httpd\n"
        "ResourceManager(default)[5751]: 2015/07/21_18:10:03 info: Running /etc/init.d/httpd  start\n"
    )

    shown = [each.value for each in explained([log]).inferred if each.option == "haresources"]

    assert shown == ["node01 IPaddr::172.16.0.210/24/eth0 httpd"]


def test_lines_that_a_terminal_cut_at_its_width_are_whole_again(tmp_path: Path) -> None:
    cut = [line[i : i + 80] for line in LOG for i in range(0, len(line), 80)]

    assert told(cut, tmp_path)[1] == (14, 14)


def test_a_script_without_arguments_is_run_though_a_page_squeezed_its_blanks(tmp_path: Path) -> None:
    lines = [*LOG, "ResourceManager[2330]: 2011/03/14_08:10:34 info: Running /etc/init.d/postfix  start"]
    squeezed = [re.sub(" {2,}", " ", line) for line in lines]

    assert told(squeezed, tmp_path) == told(lines, tmp_path)
    assert ("postfix", "east") in told(squeezed, tmp_path)[-2]  # type: ignore[operator]


def test_a_log_of_which_much_is_not_understood_is_not_safe(tmp_path: Path) -> None:
    texts = ("Configuration validated. Starting heartbeat 2.1.3", "heartbeat: version 2.1.3", "Heartbeat generation: 7")
    up = "Local status now set to: 'up'"
    known = [f"Mar 14 08:10:01 east heartbeat: [2201]: info: {text}" for text in (*texts, up, "Link west:eth1 up.")]
    strange = [f"Mar 14 08:10:0{n} east heartbeat: [2201]: info: Zuordnung {n} uebernommen" for n in range(4)]
    log = tmp_path / "log"
    log.write_text("".join(f"{line}\n" for line in known), "utf-8")
    whole = explained([log])
    log.write_text("".join(f"{line}\n" for line in (*known, *strange)), "utf-8")
    report = explained([log])

    assert whole.verdict is Verdict.SAFE
    assert report.verdict is Verdict.INCONCLUSIVE
    assert [each.text for each in report.unseen] == ["4 of 9 lines of Heartbeat's are not understood"]


@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize("way", WAYS)
def test_a_pasted_log_that_grows_is_read_as_it_comes(way: str, step: int, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.touch()
    follower = Follower([log])
    found, lines = [], WAYS[way](LOG)
    for begin in range(0, len(lines), step):
        with log.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines[begin : begin + step])
        found += [line for _, line in follower.lines()]
    found += [line for _, line in (*follower.lines(), *follower.lines(last=True))]
    follower.close()

    assert [line.key for line in found] == [line.key for line in Reader([written(LOG, tmp_path)])]
    assert {line.node for line in found} == {"east"}
    assert (follower.counts.own, follower.counts.recognised) == (14, 14)


def written(lines: list[str], root: Path) -> Path:
    (root / "whole").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return root / "whole"
