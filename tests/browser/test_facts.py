from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.models import Citation, Decision, Season
from tests.browser.test_editing import sign_in
from tests.factories import make_passage, make_user


@pytest.fixture
def fact_checker(newsroom):
    return make_user("Fact-checkers")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on the element, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_dispute_is_decided_by_keyboard_alone_and_readers_see_why(page, site, fact_checker, console):
    season = Season.objects.get(series__slug="narcos-mexico", number=2)
    sign_in(page, site, fact_checker)
    page.goto(f"{site}/admin/catalog/decision/facts/?series=narcos-mexico")
    tab_to(page, f"a[href*='season-{season.pk}/status/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What sources say")).to_be_visible()
    tab_to(page, "input[name=value]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.locator("input[name=value]:checked")
    expect(chosen).to_have_value("available")
    losing = page.locator(".option:has(input[name=value]:checked) .losing")
    expect(losing).to_have_count(1)
    tab_to(page, ".losing input:checked")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#reason")
    page.keyboard.type("The recap says itself that the season can be streamed.")
    tab_to(page, ".decide [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("the desk follows “available”")
    decision = Decision.objects.get()
    assert [one["says"] for one in decision.overruled] == ["upcoming"]
    page.goto(site + season.get_absolute_url())
    expect(page.locator("main")).to_contain_text(
        "The desk follows this value: The recap says itself that the season can be streamed."
    )
    assert console == []


def test_only_what_loses_under_the_chosen_value_is_asked_about(page, site, fact_checker):
    sign_in(page, site, fact_checker)
    citation = Citation.objects.get(says="sister show")
    page.goto(f"{site}/admin/catalog/decision/facts/series-{citation.object_id}/relation/")
    expect(page.locator(".losing:visible")).to_have_count(0)
    page.get_by_label("companion to Narcos").check()
    expect(page.locator(".losing:visible")).to_have_count(3)
    page.get_by_label("spin-off of Narcos").check()
    expect(page.locator(".losing:visible legend")).to_contain_text(["companion", "companion", "sister show"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_facts_have_no_barriers_and_fit(browser, site, fact_checker, scheme, width):
    season = Season.objects.get(series__slug="narcos-mexico", number=2)
    first = season.citations.filter(field="premiere", stance="supports").first()
    season.citations.filter(pk=first.pk).update(checked_value="2019")
    lost = season.citations.filter(field="premiere", stance="supports").last()
    season.citations.filter(pk=lost.pk).update(passage=make_passage(state="lost"))
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, site, fact_checker)
    fact = f"/admin/catalog/decision/facts/season-{season.pk}"
    findings = {}
    for path in ("/admin/catalog/decision/facts/", f"{fact}/status/", f"{fact}/premiere/"):
        page.goto(site + path)
        if page.locator("input[name=value]:visible").count():
            page.locator("input[name=value]").last.check()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        results = Axe().run(page, context="#content")
        if results.violations_count:
            findings[path] = results.generate_report()
    context.close()
    assert findings == {}
