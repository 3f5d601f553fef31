"""What every page owes: read by axe, within reach of the keyboard, no wider than the screen."""

import re

from tests.browser import RULES, assert_accessible, assert_fits, bring_what_comes_last
from tests.house.conftest import examples

COLOURS = {"type": "rule", "values": ["color-contrast"]}
# What a narrow page may break that a wide one does not; every rule is asked again with --slow.
NARROW = examples(
    quick={"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}, whole=RULES
)
MORE_STOPS = 12  # regions that scroll, groups of radio buttons without a choice
SLIPS = re.compile(
    r"\bNone\b|\bundefined\b|\{[{%]|\b[01][ \xa0](?!mois\b|fois\b|avis\b|des\b|gris\b)\w+s\b"
)


def look_at(page):
    """The open page, light at 1440 pixels when it comes, in every dress."""
    _look(page)
    assert out_of_reach(page) == []
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, only=COLOURS)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)
    assert_accessible(page, only=NARROW)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)


def look_again(page):
    """A page that was looked at, in another state: what a state may break; all with --slow."""
    if examples(quick=False, whole=True):
        look_at(page)
        return
    _look(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)


def _look(page):
    bring_what_comes_last(page)
    titles = page.locator("h1:visible").all_inner_texts()
    assert len(titles) == 1
    assert page.title().removesuffix(" – CROSS").strip()
    assert SLIPS.findall(page.locator("main").inner_text()) == []
    assert_fits(page)
    assert_accessible(page)


# One radio button of a group stands for all of them: the arrows go from one to the next.
CONTROLS = """
[...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
  .filter((each) => each.tabIndex >= 0 && (each.type !== "radio" || each.checked))
"""
WATCH = """
window.reached = new Set()
document.addEventListener("focusin", (event) => window.reached.add(event.target))
"""
LEFT = f"""
{CONTROLS}.filter((each) => !window.reached.has(each)).map((each) => each.outerHTML.slice(0, 120))
"""


def out_of_reach(page):
    """The controls of the page that the Tab key never comes to."""
    page.evaluate(WATCH)
    page.locator("main").focus()
    for _ in range(page.evaluate(f"{CONTROLS}.length") + MORE_STOPS):
        page.keyboard.press("Tab")
    return page.evaluate(LEFT)
