"""Suggestions while somebody types, by keyboard and by pointer, and what assistive technology is told."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from editorial import indexing
from tests.factories import make_article, make_citation, make_season, make_series


def test_the_field_suggests_titles_and_works_by_keyboard(page, desk, console):
    make_citation(make_series(slug="windmills", title="Windmills"), "title")
    make_article(published=True, title="Windmills return", slug="return")
    indexing.update()
    page.goto(desk)
    field = page.get_by_role("combobox", name="Search this site")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("windm")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text("2 suggestions")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert Axe().run(page).violations_count == 0
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("windm")
    field.press("ArrowDown")
    expect(options).to_have_count(2)
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/series/windmills/")
    field.fill("return")
    options.first.click()
    page.wait_for_url("**/recaps/return/")
    field.fill("windmills")
    field.press("Enter")
    page.wait_for_url("**/search/?q=windmills")
    expect(page.locator(".result")).to_have_count(2)
    assert Axe().run(page).violations_count == 0
    assert console == []


def test_an_answer_that_is_late_takes_nothing_from_the_next(page, desk):
    make_article(published=True, title="Windmills return", slug="return")
    indexing.update()
    page.goto(desk)
    held = []
    page.route("**/suggest.json?q=wind", lambda route: held.append(route))
    field = page.get_by_role("combobox", name="Search this site")
    with page.expect_request("**/suggest.json?q=wind"):
        field.press_sequentially("wind")
    with page.expect_response("**/suggest.json?q=windm"):
        field.press_sequentially("m")
    expect(page.get_by_role("option")).to_have_count(1)


def test_what_a_reader_s_link_says_goes_with_suggestions_and_searches(page, desk, console):
    season = make_season(series=make_series(slug="windmills"))
    titles = {"title": "Windmills burn", "spoiler_free_title": "Windmills turn"}
    make_article(published=True, slug="return", series=season.series, spoils_through=season, **titles)
    indexing.update()
    for said, title in (("windmills:1", "Windmills burn"), ("windmills:0", "Windmills turn")):
        page.goto(f"{desk}/?seen={said}")
        field = page.get_by_role("combobox", name="Search this site")
        field.press_sequentially("windm")
        option = page.get_by_role("option")
        expect(option).to_contain_text(title)
        option.click()
        page.wait_for_url(f"**/recaps/return/?seen={said}")
        field.fill("windmills")
        field.press("Enter")
        page.wait_for_url(f"**/search/?*seen={said.replace(':', '%3A')}*")
        expect(page.locator(".result")).to_contain_text(title)
    assert console == []
