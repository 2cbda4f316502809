from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

ARTICLE = "/recaps/"


def open_first_recap(page: Page, site: str) -> None:
    page.goto(f"{site}/recaps/")
    page.locator("main a[href^='/recaps/']").first.click()
    page.wait_for_load_state()


def test_a_citation_opens_by_keyboard_leads_to_its_source_and_back_to_the_sentence(page, site, console):
    open_first_recap(page, site)
    marker = page.locator("#ref-3-1")
    marker.focus()
    page.keyboard.press("Enter")
    note = page.locator("[popover]:popover-open")
    expect(note).to_be_visible()
    excerpt = page.locator("#fn-3 blockquote").inner_text()
    expect(note).to_contain_text(excerpt)
    article_url = page.url.split("#")[0]
    note.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/**")
    passage = page.locator(":target")
    expect(passage).to_contain_text(excerpt)
    page.go_back()
    page.wait_for_url(f"{article_url}#ref-3-1")
    expect(page.locator("#ref-3-1")).to_be_in_viewport()
    assert console == []


def test_escape_closes_a_citation_and_returns_to_its_marker(page, site, console):
    open_first_recap(page, site)
    marker = page.locator("#ref-1-1")
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[popover]:popover-open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[popover]:popover-open")).to_have_count(0)
    expect(marker).to_be_focused()
    assert console == []


def test_a_citation_that_was_closed_a_moment_ago_opens_again(page, site, console):
    open_first_recap(page, site)
    marker, card = page.locator("a[data-note]").first, page.locator(".note-card")
    marker.press("Enter")
    expect(card).to_be_focused()
    page.evaluate(
        """() => {
            document.querySelector(".note-card").hidePopover();
            document.querySelector("a[data-note]").click();
        }"""
    )
    expect(card).to_have_count(1)
    expect(card).to_be_focused()
    expect(marker).to_have_attribute("aria-expanded", "true")
    expect(marker).to_have_attribute("aria-controls", card.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(marker).to_have_attribute("aria-expanded", "false")
    expect(marker).to_be_focused()
    assert console == []


def test_a_citation_opens_by_touch_and_fits_a_phone(browser, site):
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True)
    page = context.new_page()
    open_first_recap(page, site)
    page.locator("#ref-2-1").tap()
    note = page.locator("[popover]:popover-open")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    context.close()


def test_without_javascript_a_citation_is_a_link_to_its_footnote_and_back(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    open_first_recap(page, site)
    page.locator("#ref-2-1").click()
    assert page.url.endswith("#fn-2")
    expect(page.locator("#fn-2")).to_be_in_viewport()
    page.locator("#fn-2 [role=doc-backlink]").first.click()
    assert page.url.endswith("#ref-2-1")
    expect(page.locator("#ref-2-1")).to_be_in_viewport()
    context.close()


def test_the_evidence_stands_in_the_margin_and_a_letter_leads_to_its_sentence(page, site, console):
    open_first_recap(page, site)
    page.get_by_role("link", name="Show the evidence").click()
    page.wait_for_url("**evidence=shown#content")
    # Both at once: the page may still be on its way to the text.
    boxes = """() => [document.querySelector(".proofs"), document.querySelector(".prose > :has(+ .proofs)")]
        .map(one => one.getBoundingClientRect().toJSON())"""
    for width, is_beside in ((1280, True), (1120, True), (1000, False), (320, False)):
        page.set_viewport_size({"width": width, "height": 900})
        beside, text = page.evaluate(boxes)
        assert (beside["left"] >= text["right"]) == is_beside
        assert (beside["top"] >= text["bottom"]) == (not is_beside)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lettered = page.locator("[role=doc-backlink]", has_text="b").first
    lettered.focus()
    page.keyboard.press("Enter")
    sentence = page.locator(".cited:has(:target)")
    expect(sentence).to_be_in_viewport()
    marked = sentence.evaluate("one => getComputedStyle(one).backgroundColor")
    assert marked != "rgba(0, 0, 0, 0)"
    assert console == []


def test_an_article_is_seen_in_the_order_in_which_it_is_read(page, site, newsroom):
    tops = """() => [...document.querySelectorAll(".story > :not(.story-meta), .story > .story-before > *")]
        .map(one => one.getBoundingClientRect().top)"""
    page.set_viewport_size({"width": 1280, "height": 900})
    recap = newsroom["recap"]
    for path in (newsroom["news"], recap, f"{recap}?evidence=shown", f"{recap}?seen=narcos-mexico:0"):
        page.goto(site + path)
        seen = page.evaluate(tops)
        assert len(seen) > 4, path
        assert seen == sorted(seen), path


def test_no_page_asks_another_host_or_breaks_its_own_rules(page, site, newsroom, console):
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    for name, path in newsroom.items():
        if name not in ("not found", "gone", "revoked preview", "fault"):
            page.goto(site + path)
    assert {url for url in asked if not url.startswith((site, "data:"))} == set()
    assert console == []


@pytest.mark.appearance
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_menu_stands_in_one_line_beside_the_name_in_every_language(browser, desk, language):
    page = browser.new_page(locale=language)
    page.goto(f"{desk}/sources/")
    assert page.locator("html").get_attribute("lang") == language
    for width in (1024, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        tops = page.locator(".menu li").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        name = page.locator(".wordmark").bounding_box()
        assert len(set(tops)) == 1, width
        assert name["y"] <= tops[0] < name["y"] + name["height"], width
    page.close()
