from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

SCHEMES = ["light", "dark"]


@pytest.mark.appearance
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_any_reader_page(browser, site, newsroom, width):
    # axe is injected by the test; the pages' own policy would refuse it.
    page = browser.new_page(color_scheme="light", viewport={"width": width, "height": 800})
    findings = {}
    for name, path in newsroom.items():
        page.emulate_media(color_scheme="light")
        page.goto(site + path)
        light = Axe().run(page)
        # Another scheme has other colours and nothing else.
        page.emulate_media(color_scheme="dark")
        dark = Axe().run(page, options={"runOnly": ["color-contrast"]})
        reports = [one.generate_report() for one in (light, dark) if one.violations_count]
        if reports:
            findings[name] = reports
    page.close()
    assert findings == {}


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_with_a_citation_open(browser, site, newsroom, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(site + newsroom["recap"])
    page.locator("#ref-1-1").click()
    page.locator("[popover]:popover-open").wait_for()
    results = Axe().run(page)
    context.close()
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.appearance
@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_scrolls_sideways(browser, site, newsroom, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    too_wide = {}
    for name, path in newsroom.items():
        page.goto(site + path)
        widest = page.evaluate("document.documentElement.scrollWidth")
        if widest > width:
            too_wide[name] = widest
    context.close()
    assert too_wide == {}
