from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = [320, 768, 1280]
SCHEMES = ["light", "dark"]
COLOURS = ["color-contrast"]
# Each part loads half of the pages, so that two processes share them.
PARTS = [0, 1]


def look(page: Page, **options: Any) -> list[str]:
    """What axe finds wrong; it is injected by the test, the pages' own policy would refuse it."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(f"{Axe().axe_script}; 0")
    found = page.evaluate("options => axe.run(options)", {"resultTypes": ["violations"], **options})
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def look_at_every_width(page: Page) -> dict[str, list[str]]:
    """Each rule at each width; colours, which no width changes, once in each scheme."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[f"{width}"] = look(page, rules={rule: {"enabled": width == 1280} for rule in COLOURS})
    page.emulate_media(color_scheme="dark")
    found["dark"] = look(page, runOnly=COLOURS)
    page.emulate_media(color_scheme="light")
    return {where: wrong for where, wrong in found.items() if wrong}


@pytest.mark.appearance
@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_on_any_reader_page(browser, site, newsroom, part):
    page = browser.new_page(color_scheme="light")
    findings = {}
    for name, path in list(newsroom.items())[part :: len(PARTS)]:
        page.goto(site + path)
        if wrong := look_at_every_width(page):
            findings[name] = wrong
    page.close()
    assert findings == {}


@pytest.mark.appearance
def test_axe_finds_nothing_with_a_citation_open(browser, site, newsroom):
    page = browser.new_page(color_scheme="light", viewport={"width": 320, "height": 800})
    page.goto(site + newsroom["recap"])
    page.locator("#ref-1-1").click()
    page.locator("[popover]:popover-open").wait_for()
    assert look_at_every_width(page) == {}
    assert page.locator("[popover]:popover-open").count() == 1
    page.close()


@pytest.mark.appearance
def test_nothing_scrolls_sideways(browser, site, newsroom):
    page = browser.new_page()
    too_wide = {}
    for name, path in newsroom.items():
        page.goto(site + path)
        # 320 × 256 is what is left of 1280 × 1024 at 400 % (WCAG 2.2, 1.4.10).
        for width, height in ((320, 256), (390, 800), (768, 800)):
            page.set_viewport_size({"width": width, "height": height})
            widest = page.evaluate("document.documentElement.scrollWidth")
            if widest > width:
                too_wide[name] = (width, widest)
    page.close()
    assert too_wide == {}
