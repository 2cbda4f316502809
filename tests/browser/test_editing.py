from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from playwright.sync_api import Page, expect

from catalog.models import CastEntry, CastStatus, Citation
from tests.factories import PASSWORD, make_user


@pytest.fixture
def fact_checker(newsroom):
    return make_user("Fact-checkers")


def sign_in(page: Page, site: str, user) -> None:
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{site}/admin/")


def choose(page: Page, box: str, term: str, option: str) -> None:
    """Pick an option of an autocomplete (select2) as a person does: open, type, click."""
    page.locator(f"#{box} + .select2-container").click()
    page.locator(".select2-search__field").fill(term)
    page.locator(".select2-results__option", has_text=option).first.click()


def test_a_cast_entry_is_edited_and_cited_and_readers_see_it(page, site, fact_checker, console):
    entry = CastEntry.objects.get(person__slug="alyssa-diaz", season__number=2)
    assert entry.status == CastStatus.UNSURE
    sign_in(page, site, fact_checker)
    page.goto(f"{site}/admin/catalog/castentry/?q=Alyssa Diaz")
    page.locator("#result_list a", has_text="Alyssa Diaz").last.click()
    page.wait_for_url("**/change/**")
    entry = CastEntry.objects.get(pk=int(page.url.split("/castentry/")[1].split("/")[0]))
    page.locator("#id_status").select_option("not returning")
    page.locator("#id_note").fill("No longer with the series.")
    before = entry.citations.count()
    page.locator("[id^='catalog-citation'] .add-row a").click()
    row = f"id_catalog-citation-content_type-object_id-{before}"
    choose(page, f"{row}-passage", "certain cast", "certain cast")
    page.locator(f"#{row}-field").select_option("status")
    page.locator(f"#{row}-says").fill("not returning")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    entry.refresh_from_db()
    assert entry.status == CastStatus.NOT_RETURNING
    content_type = ContentType.objects.get_for_model(entry)
    new = Citation.objects.filter(content_type=content_type, object_id=entry.pk).order_by("pk").last()
    assert (new.field, new.says, new.checked_value) == ("status", "not returning", "not returning")
    page.goto(site + entry.season.get_absolute_url())
    expect(page.locator("main")).to_contain_text("No longer with the series.")
    assert console == []


def test_a_name_is_found_without_its_accent(page, site, fact_checker):
    sign_in(page, site, fact_checker)
    page.goto(f"{site}/admin/catalog/person/?q=Pena")
    expect(page.locator("#result_list")).to_contain_text("Michael Peña")
