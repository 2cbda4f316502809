"""The desk and the plan of an article in a browser: accessible, without sideways scrolling, by keyboard."""

from __future__ import annotations

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from catalog.models import Passage
from editorial.actions import plan_article, schedule_article, submit_article
from editorial.models import Article, DueItem
from tests.browser.test_editing import sign_in
from tests.factories import make_article, make_passage, make_stage, make_user


@pytest.fixture
def editor(newsroom):
    """An editor with something in every part of the desk."""
    user, writer = make_user("Editors"), make_user("Writers")
    make_stage(kind="review", group="Editors")
    now, day = timezone.now(), datetime.timedelta(days=1)
    waiting = make_article(title="Who is back", kind="review", author=writer, due=now - day)
    submit_article(user=writer, article=waiting, looked_at=1)
    make_article(title="Mine to write", assignee=user, due=now + day, embargo_until=now + 2 * day)
    for title in ("A good one", "One that failed"):
        article = make_article(title=title, kind="guide")
        submit_article(user=user, article=article, looked_at=1)
        schedule_article(user=user, article=article, looked_at=1, publish_at=now + day)
    DueItem.objects.filter(article=article).update(
        error="This passage is lost since the source was captured again.", attempts=3, retry_at=now + day
    )
    passage = make_passage()
    body = f'<p>A fact.<cite data-passage="{passage.key}"></cite></p>'
    leaning = make_article(title="It leans", body=body, published=True)
    plan_article(user=user, article=leaning, planned={"review_by": timezone.localdate()})
    Passage.objects.filter(pk=passage.pk).update(state="lost")
    return user


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing_on_the_desk_and_nothing_scrolls_sideways(browser, site, editor, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    sign_in(page, site, editor)
    planned = Article.objects.get(title="One that failed")
    for path in ("", "?month=2099-01", f"editorial/article/{planned.pk}/workflow/"):
        page.goto(f"{site}/admin/{path}")
        results = Axe().run(page, context={"include": ["#content"]})
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_from_the_desk_to_a_plan_and_back_by_keyboard(page, site, editor, console):
    sign_in(page, site, editor)
    waiting = page.locator(".desk-waiting")
    expect(waiting).to_contain_text("Who is back")
    waiting.get_by_role("link", name="Who is back").focus()
    page.keyboard.press("Enter")
    form = page.locator("#plan_form")
    form.get_by_label("Assignee").select_option(label=editor.username)
    form.get_by_label("Due").fill("2099-05-04T10:30")
    form.get_by_role("button", name="Save the plan").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_have_text("Planned: assignee, due.")
    page.goto(f"{site}/admin/?month=2099-05")
    day = page.locator(".desk-calendar td", has_text="Who is back")
    expect(day).to_contain_text("10:30 a.m. due")
    page.get_by_role("link", name="Next month").click()
    expect(page.get_by_role("heading", name="June 2099")).to_be_visible()
    assert console == []


def test_what_failed_is_tried_again_from_its_page(page, site, editor):
    sign_in(page, site, editor)
    page.get_by_role("link", name="One that failed").first.click()
    page.get_by_role("button", name="Try again now").click()
    expect(page.locator(".messagelist .success")).to_contain_text("is tried again")
    assert DueItem.objects.get(article__title="One that failed").retry_at is None


def test_several_are_assigned_from_the_list(page, site, editor):
    sign_in(page, site, editor)
    page.goto(f"{site}/admin/editorial/article/?q=One that failed")
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(label="Assign selected articles")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Assignee").select_option(label=editor.username)
    page.get_by_role("button", name="Assign articles").click()
    expect(page.locator(".messagelist .success")).to_contain_text(f"assigned to {editor.username}")
