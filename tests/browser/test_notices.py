"""The notices on the desk, by keyboard and on every width and scheme."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from editorial.models import Article, Notification, Preference
from tests.browser.test_editing import sign_in
from tests.factories import make_user


@pytest.fixture
def writer(newsroom):
    user = make_user("Writers", email="wren@example.org")
    for number, article in enumerate(Article.objects.order_by("pk")[:5]):
        Notification.objects.create(
            user=user,
            verb="article.changes_requested",
            article=article,
            actor_label="Ann Editor",
            text=f"Whose number is it?\n\n{'x' * 200}",
            at=timezone.now(),
            read_at=timezone.now() if number == 0 else None,
        )
    return user


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_notices(browser, site, writer, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, site, writer)
    for path in ("/admin/notices/", "/admin/"):
        page.goto(site + path)
        for part in ("#header", "#content"):
            results = Axe().run(page, context={"include": [part]})
            assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_notices_are_read_and_mail_is_chosen_by_keyboard(page, site, writer, console):
    sign_in(page, site, writer)
    page.get_by_role("link", name="Notices 4 unread").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/admin/notices/")
    page.get_by_role("button", name="Mark as read Changes requested").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notices-count")).to_have_text("3 unread")
    page.get_by_label("One digest a day").focus()
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Keep this choice").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Preference.objects.get().mail == "at once"
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".notices-count")).to_have_count(0)
    assert console == []
