"""The style page in a browser: what is chosen is what is shown, and axe finds nothing on any of its pages."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from editorial.style.pages import PAGES
from tests.browser.test_accessibility import look, look_at_every_width
from tests.factories import PASSWORD

PARTS = [0, 1]
DARK_PAPER = "rgb(21, 21, 19)"
# What stands out on the right of a window of 320 px, where that lets the page be moved sideways.
TOO_WIDE = """document.documentElement.scrollWidth <= 320 ? [] : [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > 320).map((one) => one.outerHTML.slice(0, 120))"""


def sign_in(page: Page, site: str, user) -> None:
    page.goto(f"{site}/admin/login/?next=/admin/style/")
    page.locator("#id_username").fill(user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.wait_for_url(f"{site}/admin/style/")


@pytest.mark.appearance
@pytest.mark.parametrize("part", PARTS)
def test_axe_finds_nothing_on_its_pages_and_nothing_scrolls_sideways(browser, desk, editor, part):
    page = browser.new_page(color_scheme="light")
    sign_in(page, desk, editor)
    findings = {}
    for name in list(PAGES)[part :: len(PARTS)]:
        page.goto(f"{desk}/admin/style/shown/?page={name}")
        wrong = look_at_every_width(page)
        page.set_viewport_size({"width": 320, "height": 800})
        if wrong := wrong or page.evaluate(TOO_WIDE):
            findings[name] = wrong
    page.close()
    assert findings == {}


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_form_and_with_more_contrast(browser, desk, editor, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 800})
    page = context.new_page()
    sign_in(page, desk, editor)
    results = Axe().run(page, context={"include": ["#content"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(f"{desk}/admin/style/shown/?page=components&contrast=on&still=on")
    assert look(page) == []
    context.close()


def test_what_is_chosen_is_shown_without_leaving_the_form(page, desk, editor, console):
    sign_in(page, desk, editor)
    frame = page.frame_locator(".style-frame")
    expect(frame.locator("h1")).to_have_text("Foundations")
    page.get_by_label("Page", exact=True).select_option("article")
    expect(frame.locator("h1")).to_have_text("Harbour Lights comes back with a double episode")
    page.get_by_label("Width").select_option("320")
    expect(page.locator(".style-frame")).to_have_css("width", "320px")
    page.get_by_label("Colours").select_option("dark")
    expect(frame.locator("body")).to_have_css("background-color", DARK_PAPER)
    page.get_by_label("as printed").check()
    expect(frame.locator(".menu")).to_be_hidden()
    expect(page.get_by_label("as printed")).to_be_focused()
    chosen = page.url
    assert "page=article" in chosen
    page.goto(chosen)
    expect(page.get_by_label("Width")).to_have_value("320")
    expect(frame.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    assert console == []


def test_examples_lead_nowhere_but_their_footnotes_open(page, desk, editor, console):
    sign_in(page, desk, editor)
    address = f"{desk}/admin/style/shown/?page=article"
    page.goto(address)
    page.get_by_role("link", name="Jonna Vik").first.click()
    page.locator(".byline-name").first.click()
    page.locator(".site-search button").click()
    assert page.url == address
    page.locator("#ref-1-1").click()
    expect(page.locator("[popover]:popover-open")).to_contain_text("Season two opens on 12 October")
    assert console == []


def test_without_scripts_the_button_shows_what_is_chosen(browser, desk, editor):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, desk, editor)
    page.get_by_label("Page", exact=True).select_option("seen")
    page.get_by_role("button", name="Show").click()
    expect(page.frame_locator(".style-frame").locator("h1")).to_have_text("How far you have seen")
    context.close()
