"""The page in a real browser: it is stepped through, played and read as a person would, and nothing goes wrong in it.

Needs Chromium with its driver, and selenium (the extra `browser`); without them these tests are skipped.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hamodel.renderers.html.page import render
from tests.exhibits import CABLE, KILLALL, shown, whole
from tests.renderers.test_html import HOSTILE, hostile

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (extra `browser`)")
CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason="no Chromium with its driver here")
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
CONTRAST = """
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const light = (colour) => colour.slice(0, 3).map((v) => linear(v / 255))
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const behind = (node) => {
  const layers = [];
  for (let at = node; at; at = at.parentElement) {
    const [r, g, b, a = 1] = rgb(getComputedStyle(at).backgroundColor);
    if (a > 0) layers.unshift([r, g, b, a]);
    if (a === 1) break;
  }
  return layers.reduce((under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a)), [255, 255, 255]);
};
const bad = [];
const kinds = "p, li, h1, h2, h3, h4, button, b, small, span, time, label, code, summary";
for (const node of document.querySelectorAll(kinds)) {
  const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
  if (!own || node.closest("[disabled], .labels, .skip") || !node.getClientRects().length) continue;
  const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${node.tagName}.${node.className}: ${node.textContent.slice(0, 40)}`);
}
return bad;
"""


PLOTTED = "86-an-outdated-replica-stays-down"


class Page:
    """A page in a browser, and what a person does to it."""

    def __init__(self, driver: Any, address: str) -> None:  # noqa: ANN401
        self.driver, self.address = driver, address

    def open(self, fragment: str = "", *, width: int = 1400, dark: bool = False, still: bool = False) -> None:
        cdp = self.driver.execute_cdp_cmd
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        cdp("Emulation.setDeviceMetricsOverride", size)
        wanted = {"prefers-color-scheme": "dark" if dark else "light"}
        wanted["prefers-reduced-motion"] = "reduce" if still else "no-preference"
        cdp("Emulation.setEmulatedMedia", {"features": [{"name": k, "value": v} for k, v in wanted.items()]})
        self.driver.get("about:blank")
        self.driver.get(self.address + fragment)

    def js(self, script: str, *values: object) -> Any:  # noqa: ANN401
        return self.driver.execute_script(script, *values)

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent", selector))

    def count(self, selector: str) -> int:
        return int(self.js("return document.querySelectorAll(arguments[0]).length", selector))

    def click(self, selector: str) -> None:
        found = self.driver.find_element("css selector", selector)
        self.js("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        for key in keys:
            ActionChains(self.driver).send_keys(getattr(Keys, key)).perform()

    @property
    def where(self) -> str:
        return self.text(".where")

    @property
    def fragment(self) -> str:
        return str(self.js("return location.hash"))

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages: a lesson in two languages, one with two properties, and one in which every name is an attack."""
    folder = tmp_path_factory.mktemp("pages")
    both = shown(CABLE, "single_mount", "served_again")
    pages = {"lesson": whole(KILLALL, "single_mount"), "both": both, "hostile": hostile()}
    pages["promise"] = shown("06-quick-return", "failback_converges", positions=400)
    pages["plot"] = shown(PLOTTED, "survivor_runs_all")
    for name, exhibition in pages.items():
        (folder / f"{name}.html").write_text(render(exhibition), encoding="utf-8")
    return folder


@pytest.fixture
def page(browser: Any, files: Path) -> Iterator[Page]:  # noqa: ANN401
    """The lesson; at the end of every test nothing has been complained of."""
    found = Page(browser, (files / "lesson.html").as_uri())
    yield found
    assert found.errors() == []


def test_arrows_home_and_end_go_through_the_run(page: Page) -> None:
    page.open()
    assert page.where == "the beginning"

    page.press("ARROW_RIGHT", "ARROW_RIGHT")
    assert (page.where, page.fragment) == ("event 2 of 5", "#step=2")
    page.press("ARROW_LEFT")
    assert page.where == "event 1 of 5"
    page.press("END")
    assert page.where == "event 5 of 5"
    page.press("ARROW_RIGHT")
    assert page.where == "event 5 of 5"
    page.press("HOME")
    assert page.where == "the beginning"


def test_a_link_leads_to_its_moment(page: Page) -> None:
    page.open("#step=2")

    assert page.where == "event 2 of 5"
    assert "declares node1 dead" in page.text(".moment")
    page.js("location.hash = '#step=4'")
    page.js("dispatchEvent(new HashChangeEvent('hashchange'))")
    assert page.where == "event 4 of 5"


@pytest.mark.parametrize("fragment", ["#step=999", "#step=-3", "#step=x", "#nonsense", "#property=none&step=1"])
def test_a_wrong_link_does_no_harm(page: Page, fragment: str) -> None:
    page.open(fragment)

    assert page.where in ("event 5 of 5", "event 1 of 5", "the beginning")


def test_the_buttons_and_the_slider_move(page: Page) -> None:
    page.open()

    page.click("#next")
    page.click("#next")
    page.click("#back")
    assert page.where == "event 1 of 5"
    page.click("#last")
    assert page.where == "event 5 of 5"
    page.click("#first")
    page.js("const s = document.getElementById('slider'); s.value = 3; s.dispatchEvent(new Event('input'))")
    assert page.where == "event 3 of 5"
    assert page.js("return document.getElementById('slider').getAttribute('aria-valuetext')").startswith("event 3 of 5")


def test_the_space_bar_plays_and_pauses(page: Page) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    page.open()
    page.press("SPACE")
    WebDriverWait(page.driver, 10).until(lambda _: page.where == "event 1 of 5")
    assert page.js("return document.getElementById('play').getAttribute('aria-pressed')") == "true"
    page.press("SPACE")
    assert page.js("return document.getElementById('play').getAttribute('aria-pressed')") == "false"


def test_the_picture_can_be_clicked(page: Page) -> None:
    page.open()
    marks = page.driver.find_elements("css selector", "#watch svg .cause")

    marks[0].click()

    assert page.where == "event 1 of 5"


def test_the_logs_grow_with_the_run(page: Page) -> None:
    visible = ".logbox:last-child .log li:not([hidden]):not(.empty)"
    page.open("#step=1")
    assert page.count(visible) == 0

    page.press("ARROW_RIGHT")
    before = page.count(visible)
    assert before > 0 and page.count(".log li.new") == before
    page.press("END")
    assert page.count(visible) > before


def test_the_disaster_is_shown_by_more_than_colour(page: Page) -> None:
    page.open("#step=5")

    assert page.count(".moment .chip.twice") == 4
    assert "on both nodes" in page.text(".moment .chip.twice")
    assert "✗" in page.text("#watch .lights .main")
    assert page.count("#watch svg .glow") == 2
    assert page.count("#beside .side.safe svg .glow") == 0


def test_dark_follows_the_system_until_somebody_chooses(page: Page) -> None:
    theme = "return document.documentElement.dataset.theme"
    page.open(dark=True)
    assert page.js(theme) == "dark"
    page.open(dark=False)
    assert page.js(theme) == "light"

    page.click("#theme")
    assert page.js(theme) == "dark"
    assert page.js("return document.getElementById('theme').getAttribute('aria-pressed')") == "true"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_has_enough_contrast(page: Page, dark: bool) -> None:
    page.open("#step=5", dark=dark)
    page.click(".show")

    assert page.js(CONTRAST) == []


@pytest.mark.parametrize("width", [375, 768, 1400])
def test_nothing_runs_over_the_edge(page: Page, width: int) -> None:
    page.open("#step=3", width=width)

    assert page.js("return document.documentElement.scrollWidth") <= width


def test_on_a_phone_buttons_are_large_enough_for_a_finger(page: Page) -> None:
    page.open(width=375)

    small = page.js(
        "return [...document.querySelectorAll('.controls button:not(.plain), .move')]"
        ".filter((b) => b.getClientRects().length && (b.offsetHeight < 44 || b.offsetWidth < 44)).map((b) => b.id)"
    )
    assert small == []


def test_nothing_moves_by_itself_for_those_who_asked_for_that(page: Page) -> None:
    animation = "return getComputedStyle(document.querySelector('svg .glow')).animationName"
    page.open(still=True)
    assert page.js(animation) == "none"
    page.open()
    assert page.js(animation) == "glow"


def test_every_control_has_a_name_and_can_be_reached(page: Page) -> None:
    page.open()

    nameless = page.js(
        "return [...document.querySelectorAll('button, input, [role=img]')]"
        ".filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).length"
    )
    assert nameless == 0
    assert page.js("return document.querySelectorAll('h1').length") == 1
    page.press("TAB")
    assert page.js("return document.activeElement.className") == "skip"


def test_waiting_ends_in_the_disaster_and_can_be_taken_back(page: Page) -> None:
    page.open()
    assert "commands left: 2" in page.text("#game .moves")

    while page.count("#game .move.wait"):
        page.click("#game .move.wait")
    assert "The disaster is here" in page.text("#game .status")
    assert "has mounted /dev/sdb5" in page.text("#game .diary")
    page.click("#game .undo")
    assert page.count("#game .move.wait") == 1
    page.click("#game .restart")
    assert "not decided yet" in page.text("#game .status")


def test_a_good_move_saves_and_the_hint_names_it(page: Page) -> None:
    page.open()
    page.click("#game .hint")
    assert "pull the plug of node1" in page.text("#game .advice")

    moves = page.driver.find_elements("css selector", "#game .move.you")
    next(m for m in moves if m.text.endswith("pull the plug of node1")).click()

    assert "You have avoided it" in page.text("#game .status")
    assert "commands left: 1" in page.text("#game .moves")
    page.click("#game .hint")
    assert "safe already" in page.text("#game .advice")


def way_to_never() -> list[tuple[str, bool]]:
    """The choices to a rest in which the promise is owed; True where there is nothing to do but to wait."""
    game = shown("06-quick-return", "failback_converges", positions=400).exhibits[0].game
    assert game is not None
    ways: dict[int, list[tuple[str, bool]]] = {0: []}
    waiting = [0]
    while waiting:
        here = waiting.pop(0)
        position = game.positions[here]
        idle = [e for e in position.edges if game.choices[e.choice].who != "you"]
        if position.never and not idle:
            return ways[here]
        for edge in position.edges:
            alone = [e for e in position.edges if e.choice == edge.choice] == [edge]
            if alone and edge.target not in ways:
                ways[edge.target] = [*ways[here], (game.choices[edge.choice].text, idle == [edge])]
                waiting.append(edge.target)
    raise AssertionError("no such way")


@pytest.mark.parametrize("width", [1400, 390])
def test_a_promise_is_played_until_only_the_player_can_bring_it_about(browser: Any, files: Path, width: int) -> None:  # noqa: ANN401
    page = Page(browser, (files / "promise.html").as_uri())
    page.open(width=width)
    assert "is kept" in page.text("#game .lead")

    for text, wait in way_to_never():
        page.js("document.querySelectorAll('#game details').forEach((each) => { each.open = true; })")
        moves = page.driver.find_elements("css selector", "#game .move.wait" if wait else "#game .move:not(.wait)")
        move = next(m for m in moves if wait or page.js("return arguments[0].firstChild.textContent", m) == text)
        page.js("arguments[0].scrollIntoView({block: 'center'})", move)
        move.click()
    assert "Only you can bring it about" in page.text("#game .status")
    page.click("#game .undo")
    assert "Only you can bring it about" not in page.text("#game .status")
    assert page.js("return document.documentElement.scrollWidth <= innerWidth")
    assert page.errors() == []


def test_the_plot_leads_to_the_moments_at_which_it_turns(browser: Any, files: Path) -> None:  # noqa: ANN401
    page = Page(browser, (files / "plot.html").as_uri())
    page.open()
    turns = page.driver.find_elements("css selector", "#plot .turn")
    assert len(turns) > 1

    page.js("arguments[0].scrollIntoView({block: 'center'})", turns[1])
    turns[1].click()

    second = page.js("return JSON.parse(document.getElementById('data').textContent).exhibits[0].plot[1].step")
    assert page.where.startswith(f"event {second} of ")
    assert page.errors() == []


def test_the_quiz_judges_and_can_be_taken_again(page: Page) -> None:
    page.open()
    labels = page.driver.find_elements("css selector", ".quiz label")
    total = len(labels)
    next(label for label in labels if "fencing device" in label.text).click()
    next(label for label in labels if label.text.startswith("watchdog")).click()

    page.click(".show")
    assert page.text(".score") == f"{total - 1} of {total} judged right"
    assert page.count(".quiz .saves") == 1
    assert "broken at all" in page.text(".quiz")
    page.click(".show")
    assert page.count(".quiz .saves") == 0
    assert page.count(".quiz input:checked") == 0


def test_the_lesson_changes_its_language_and_the_step_stays(page: Page) -> None:
    page.open("#step=3")
    page.click("#languages button[lang=zh]")

    assert page.js("return document.documentElement.lang") == "zh"
    assert "原文测试五" in page.text("h1")
    assert page.where == "第 3 个事件，共 5 个"
    page.click("#languages button[lang=en]")
    assert page.text("h1").startswith("The article's fifth test")


def test_two_properties_are_two_tabs_with_links_of_their_own(browser: Any, files: Path) -> None:  # noqa: ANN401
    page = Page(browser, (files / "both.html").as_uri())
    page.open("#property=served_again&step=14")
    assert "served_again" in page.text(".claim")
    assert page.where.startswith("event 14 of")

    page.driver.find_elements("css selector", "#tabs button")[0].click()

    assert "single_mount" in page.text(".claim")
    assert page.fragment == "#property=single_mount&step=0"
    assert page.errors() == []


def test_hostile_names_are_shown_as_they_are(browser: Any, files: Path) -> None:  # noqa: ANN401
    page = Page(browser, (files / "hostile.html").as_uri())
    page.open("#step=5")

    assert page.js("return window.pwned") is None
    assert page.count("img") == 0
    assert page.text("h1") == HOSTILE.replace("\udc80", "?")
    assert page.errors() == []
