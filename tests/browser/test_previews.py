"""A preview link from the desk to somebody without an account: made, copied, opened, revoked."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from editorial.models import Article
from tests.browser.test_editing import sign_in
from tests.factories import make_user


@pytest.fixture
def address(site, newsroom) -> str:
    return site + reverse("admin:editorial_article_previews", args=[Article.objects.get(kind="recap").pk])


def test_an_editor_copies_a_link_that_opens_elsewhere_until_it_is_revoked(browser, site, newsroom, address):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sign_in(page, site, make_user("Editors"))
    page.goto(address)
    page.get_by_label("Valid").select_option("3")
    page.get_by_role("button", name="Make a link to revision 1").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("is ready")
    page.get_by_role("button", name="Copy the address of revision 1").press("Enter")
    expect(page.locator("[data-copy-status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".preview-address a").text_content()
    elsewhere = browser.new_context()
    guest = elsewhere.new_page()
    assert guest.goto(copied).status == 200
    expect(guest.locator(".preview-note")).to_contain_text("not a published page")
    picture = guest.locator(".story-picture img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    guest.locator("#ref-1-1").click()
    guest.locator("[popover]:popover-open").wait_for()
    page.get_by_role("button", name="Revoke the link to revision 1").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("leads nowhere any more")
    assert guest.reload().status == 410
    elsewhere.close()
    context.close()


def test_an_address_that_may_not_be_copied_is_selected(page, site, newsroom, address):
    sign_in(page, site, make_user("Editors"))
    page.goto(address)
    page.get_by_role("button", name="Make a link").click()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy the address").click()
    selected = page.evaluate("getSelection().toString()")
    assert selected == page.locator(".preview-address a").text_content()


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_links_are_made(browser, site, newsroom, address, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    sign_in(page, site, make_user("Editors"))
    page.goto(address)
    for _number in range(2):
        page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Revoke the link").first.click()
    findings = {}
    for where in (address, address.replace("previews", "workflow"), address.replace("previews", "revisions")):
        page.goto(where)
        results = Axe().run(page)
        if results.violations_count:
            findings[where] = results.generate_report()
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert findings == {}
