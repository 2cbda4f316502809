from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.actions import add_passage, capture_snapshot
from catalog.models import Recapture
from tests.browser.test_editing import sign_in
from tests.factories import make_article, make_citation, make_season, make_source, make_user

CHANGED, LOST = "It returns in February with ten new episodes.", "The writers' room closed before the summer."
FILLER = "\n\n".join(
    f"Paragraph {number} speaks of {number * 7} other things at length." for number in range(8)
)
OLD = "\n\n".join([CHANGED, LOST, FILLER])
NEW = "\n\n".join([CHANGED.replace("ten", "nine"), FILLER, "The writers met in the summer."])


@pytest.fixture
def source(newsroom):
    source = make_source(slug="guide")
    capture_snapshot(user=None, source=source, text=OLD, method="paste")
    for words in (CHANGED, LOST):
        passage = add_passage(user=None, source=source, quote=words)
        make_citation(make_season(premiere="2020-02"), "premiere", passage)
    body = '<p>It returns.<cite data-passage="guide#1"></cite></p>'
    make_article(published=True, body=body, title="When it returns")
    return source


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a control of this name has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if (
            page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim()")
            == name
        ):
            return
    raise AssertionError(f"no way to {name!r} by Tab")


def recapture(page: Page, site: str, source) -> Recapture:
    page.goto(f"{site}/admin/catalog/snapshot/add/?source={source.pk}")
    page.locator("#id_pasted").focus()
    page.keyboard.insert_text(NEW)
    tab_to(page, "Capture")
    page.keyboard.press("Enter")
    expect(page.locator("h2", has_text="Captured again")).to_be_visible()
    tab_to(page, "Capture this text")
    page.keyboard.press("Enter")
    page.wait_for_url("**/catalog/recapture/**")
    return Recapture.objects.get()


def test_a_text_is_captured_again_and_its_passages_settled_by_keyboard_alone(page, site, source, console):
    sign_in(page, site, make_user("Fact-checkers"))
    made = recapture(page, site, source)
    changed, lost = page.locator("#passage-1"), page.locator("#passage-2")
    expect(changed.locator("del")).to_have_text("ten")
    expect(changed.locator("ins")).to_have_text("nine")
    expect(changed).to_contain_text("When it returns")
    tab_to(page, "Confirm the new words")
    page.keyboard.press("Enter")
    expect(changed).to_contain_text("changed, confirmed")
    expect(lost).to_be_focused()
    tab_to(page, "Choose other words")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The writers left")
    tab_to(page, "Use these words")
    page.keyboard.press("Enter")
    words = lost.get_by_label("The exact words, copied from the new text")
    expect(words).to_be_focused()
    expect(words).to_have_value("The writers left")
    expect(words).to_have_accessible_description(
        "These words do not stand in the source. Copy them from its text, letter by letter."
    )
    page.keyboard.press("Control+A")
    page.keyboard.type("The writers met in the summer.")
    tab_to(page, "Use these words")
    page.keyboard.press("Enter")
    expect(lost).to_contain_text("lost, selected anew")
    expect(page.locator("#content-main")).to_contain_text("Nothing waits for a decision.")
    assert dict(made.source.passages.values_list("number", "state")) == {1: "verified", 2: "verified"}
    assert console == []


def complaints(page: Page) -> dict[str, str]:
    """What axe finds, and what scrolls sideways, in light and dark at three widths."""
    found = {}
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{width}"] = "scrolls sideways"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
            results = Axe().run(page, context="#content")
            if results.violations_count:
                found[f"{width} {scheme}"] = results.generate_report()
    return found


def test_the_pages_of_a_recapture_are_accessible_at_every_width(page, site, source):
    sign_in(page, site, make_user("Fact-checkers"))
    page.goto(f"{site}/admin/catalog/snapshot/add/?source={source.pk}")
    page.locator("#id_pasted").fill(NEW)
    page.get_by_role("button", name="Capture").click()
    expect(page.locator("h2", has_text="Captured again")).to_be_visible()
    assert complaints(page) == {}
    page.get_by_role("button", name="Capture this text").click()
    page.wait_for_url("**/catalog/recapture/**")
    for summary in page.locator("#content-main summary").all():
        summary.click()
    assert complaints(page) == {}
    page.locator("#passage-2").get_by_label("Why the source no longer says it").fill("It was cut.")
    page.locator("#passage-2").get_by_role("button", name="Withdraw the passage").click()
    expect(page.locator("#passage-2")).to_contain_text("lost, withdrawn")
    assert complaints(page) == {}
