"""The page is one file that asks nobody for anything, and nothing a configuration says becomes a part of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files

from hamodel.ir.exhibit import Exhibition
from hamodel.renderers.html.page import SCRIPTS, as_json, render
from tests.exhibits import KILLALL, shown

HOSTILE = "</script><script>window.pwned=1</script><img src=x onerror='window.pwned=1'>$data ${style} \u2028&amp;\udc80"


def hostile() -> Exhibition:
    """An exhibition in which every name is an attack."""
    page = shown(KILLALL, "single_mount")
    exhibit = page.exhibits[0]
    strip = exhibit.strip
    items = tuple(replace(item, text=HOSTILE, label=HOSTILE) for item in strip.items)
    scenes = tuple(replace(scene, title=HOSTILE) for scene in strip.scenes)
    lines = tuple(replace(entry, text=HOSTILE) for entry in strip.logs[1])
    changed = replace(
        strip, nodes=(HOSTILE, "node2"), items=items, scenes=scenes, media=(HOSTILE,) * 2, logs=((), lines)
    )
    lessons = tuple(replace(lesson, title=HOSTILE, story=HOSTILE) for lesson in page.lessons)
    shown_ = replace(exhibit, name=HOSTILE, doc=HOSTILE, strip=changed, rests_on=(HOSTILE,))
    return replace(page, cluster=HOSTILE, lessons=lessons, exhibits=(shown_,))


def block(page: str) -> str:
    return page.split('id="data">', 1)[1].split("</script>", 1)[0]


def test_the_same_exhibition_gives_the_same_bytes() -> None:
    assert render(shown(KILLALL, "single_mount")) == render(shown(KILLALL, "single_mount"))


def test_the_page_names_no_address_that_could_be_loaded() -> None:
    page = render(shown(KILLALL, "single_mount"))
    rest = page.replace(block(page), "").replace("http://www.w3.org/2000/svg", "")

    assert re.findall(r"https?:|@import|<link|url\((?!#|`?#)[^`$]|\bsrc=", rest) == []
    assert "default-src 'none'" in rest


def test_hostile_names_stay_inside_the_data() -> None:
    page = render(hostile())
    data = json.loads(block(page))

    assert page.count("</script>") == render(shown(KILLALL, "single_mount")).count("</script>")
    assert "<img" not in page
    assert data["exhibits"][0]["strip"]["nodes"][0] == HOSTILE.replace("\udc80", "?")


def test_what_is_written_as_json_is_read_back() -> None:
    value = {"a": ["<b>", None, 1, True, "\u2028 & \\u003c"]}

    assert json.loads(as_json(value["a"])) == value["a"]


def test_no_script_writes_markup() -> None:
    for name in SCRIPTS:
        text = files("hamodel.renderers.html").joinpath(name).read_text(encoding="utf-8")

        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text), name


def test_every_word_of_the_page_has_both_languages_and_is_known() -> None:
    folder = files("hamodel.renderers.html")
    words = folder.joinpath("words.js").read_text(encoding="utf-8")
    known = dict(re.findall(r"^    (\w+): \[(.*)\],$", words, re.MULTILINE))
    used = {key for name in SCRIPTS for key in re.findall(r'ha\.t\("(\w+)"', folder.joinpath(name).read_text("utf-8"))}

    assert used <= set(known)
    assert all(len(json.loads(f"[{pair}]")) == 2 for pair in known.values())
