"""A reader's way through an article without a pointer, and at 400 % zoom."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

# What has the focus is in view, and nothing lies over it. Links across lines have a box for each.
REACHED = """() => {
    const it = document.activeElement;
    if (it === document.body) return "end";
    const boxes = [...it.getClientRects()].filter(({ width, height }) => width && height);
    const seen = boxes.some(({ left, right, top, bottom }) => {
        const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
        const at = document.elementFromPoint((left + right) / 2, middle);
        return at && (it.contains(at) || at.contains(it));
    });
    return seen ? "seen" : it.outerHTML.slice(0, 120);
}"""


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def test_an_article_is_read_without_a_pointer(page, site, newsroom, console):
    page.goto(site + newsroom["recap"])
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    # Into a note and out of it again, to the next marker.
    tab_to(page, "a[data-note]")
    marker = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    note = page.locator("[popover]:popover-open")
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(page.locator(f"#{marker}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_be_focused()
    tab_to(page, ".note-card-close", 8)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{marker}")).to_be_focused()
    # The evidence is a link, and the page comes back with it.
    link = page.get_by_role("link", name="Show the evidence")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**evidence=shown#content")
    expect(page.locator(".proofs").first).to_be_visible()
    assert console == []


def test_forms_are_filled_in_without_a_pointer(page, site, newsroom, console):
    page.goto(f"{site}/seen/")
    choice = page.locator("main select").first
    choice.focus()
    while choice.input_value() != "1":  # what is typed is forgotten where a machine is slow
        before = choice.input_value()
        page.keyboard.press("ArrowDown")
        assert choice.input_value() != before
    tab_to(page, "button:not([name])", 12)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{site}/seen/")
    assert page.locator("main select").first.input_value() == "1"
    page.goto(site + newsroom["report"])
    tab_to(page, "textarea", 30)
    page.keyboard.type("The year is wrong.")
    tab_to(page, "main button[type=submit]", 4)  # past the field that people do not see
    expect(page.locator("main button[type=submit]")).to_be_in_viewport()
    assert console == []


# The element with the focus is the first that can have it after this heading.
NEXT_AFTER = """heading => {
    const after = one => heading.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
        .find(one => one.tabIndex >= 0 && one.checkVisibility() && after(one)) === document.activeElement;
}"""


def test_a_contents_link_leads_to_its_heading_and_tab_goes_on_from_there(page, site, newsroom, console):
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + newsroom["announcement"])
    tab_to(page, ".contents a", 30)
    for _entry in range(2):
        page.keyboard.press("Tab")
    link = page.locator(".contents a").nth(2)
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    heading = page.locator(":target")
    expect(heading).to_have_text(link.inner_text())
    assert heading.evaluate("one => one.tagName") == "H2"
    expect(heading).to_be_in_viewport()
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 160
    page.keyboard.press("Tab")
    assert heading.evaluate(NEXT_AFTER)
    expect(page.locator(":focus")).to_be_in_viewport()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.contents') === null")
    # The browser's way back is to the list, and the list is where Tab left it.
    page.go_back()
    expect(page.locator(".contents")).to_be_in_viewport()
    assert console == []


@pytest.mark.appearance
def test_at_400_per_cent_nothing_covers_what_has_the_focus(page, site, newsroom):
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 256})
    covered = {}
    for name in ("home", "recap", "season", "report"):
        page.goto(site + newsroom[name])
        for _ in range(45):
            page.keyboard.press("Tab")
            where = page.evaluate(REACHED)
            if where == "end":
                break
            if where != "seen":
                covered[name] = where
    assert covered == {}
