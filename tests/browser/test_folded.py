"""What is folded, without JavaScript and on paper: nothing of it shows, and nothing else is hidden."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

FOLDED = ("recap", "season", "person", "series", "character")
NOTHING_SEEN = "?seen=narcos-mexico:0"
# Parts of the page that can be seen, by a selector.
SHOWN = """selector => [...document.querySelectorAll(selector)]
    .filter(one => one.checkVisibility()).map(one => one.textContent.trim())"""
HIDDEN = """selector => [...document.querySelectorAll(selector)]
    .filter(one => !one.checkVisibility()).map(one => one.outerHTML.slice(0, 120))"""
IN_FOLDS = "details.fold > :not(summary)"


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_what_is_folded_is_not_printed_and_says_so(page, site, newsroom):
    for name in FOLDED:
        page.goto(f"{site}{newsroom[name]}{NOTHING_SEEN}")
        summaries = page.locator("main details.fold > summary:visible")
        for media, end in (("screen", "Show"), ("print", "Not printed.")):
            page.emulate_media(media=media)
            assert page.evaluate(SHOWN, IN_FOLDS) == [], (name, media)
            told = summaries.all_inner_texts()
            assert told, (name, media)
            for words in told:
                assert words.strip().endswith(f". {end}"), (name, words)
            assert page.locator("main h1").is_visible(), name
        page.emulate_media(media="screen")


def test_a_fold_opens_without_javascript_and_is_printed_as_it_was_opened(page, site, newsroom):
    page.goto(f"{site}{newsroom['recap']}{NOTHING_SEEN}")
    page.locator("main .story > details.fold > summary").click()
    expect(page.locator(".story > details h2").first).to_be_visible()
    expect(page.locator("#content p").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#content p").first).to_be_visible()
    expect(page.locator(".story > details.fold > summary")).to_have_text(
        "This gives away season 1 of Narcos: Mexico.", use_inner_text=True
    )


def test_nothing_else_is_hidden_on_paper(page, site, newsroom):
    kept = "main :is(h1, h2, h3, dt, dd, td, figcaption, blockquote, .prose > p, .footnotes li)"
    for name in ("recap", "announcement", "season", "person", "series", "correction list"):
        page.goto(site + newsroom[name])
        page.emulate_media(media="print")
        assert page.evaluate(HIDDEN, kept) == [], name
        page.emulate_media(media="screen")
    page.goto(f"{site}{newsroom['series']}")
    page.emulate_media(media="print")
    expect(page.locator("details.compact h3").first).to_be_visible()
