"""An article on its way: written, sent back, mended, approved twice, scheduled, live, corrected."""

from __future__ import annotations

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from editorial.models import Article, DueItem
from tests.browser.test_editing import sign_in
from tests.factories import make_stage, make_user


@pytest.fixture
def people(newsroom):
    make_stage(name="Fact-check", group="Fact-checkers")
    make_stage(name="Editing", group="Editors")
    found = {role: make_user(role) for role in ("Writers", "Fact-checkers", "Editors")}
    Article.objects.filter(kind="recap").update(assignee=found["Writers"])
    return found


@pytest.fixture
def article(people) -> Article:
    return Article.objects.get(kind="recap")


@pytest.fixture
def pages(browser, site, people):
    """A page for each person, signed in."""
    contexts = []

    def open_page(role: str, **options) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, site, people[role])
        return page

    yield open_page
    for context in contexts:
        context.close()


def press(page: Page, verb: str, **given: str) -> None:
    """Fill in the form of a transition and send it with the keyboard alone."""
    form = page.locator(f"#{verb}_form")
    for name, value in given.items():
        form.locator(f"[name={name}]").focus()
        if name.endswith("_at"):
            form.locator(f"[name={name}]").fill(value)
        else:
            page.keyboard.type(value)
    form.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()


def override_every_warning(page: Page, reason: str) -> None:
    while page.locator(".problem-warning").count():
        page.locator(".problem-override summary").first.focus()
        page.keyboard.press("Enter")
        page.locator(".problem-override [name=reason]").first.focus()
        page.keyboard.type(reason)
        page.keyboard.press("Enter")
        expect(page.locator(".messagelist .success")).to_contain_text("overridden")


def test_an_article_goes_live_and_is_corrected(pages, site, article):
    base = f"{site}/admin/editorial/article/{article.pk}"
    change, workflow = f"{base}/change/", f"{base}/workflow/"
    writer, checker, editor = pages("Writers"), pages("Fact-checkers"), pages("Editors")

    writer.goto(change)
    writer.locator("#id_standfirst").fill("What happened, and what it left open.")
    writer.get_by_role("button", name="Save", exact=True).click()
    expect(writer.locator(".messagelist .success")).to_be_visible()
    writer.goto(workflow)
    press(writer, "submit", comment="The standfirst is new.")

    checker.goto(workflow)
    expect(checker.locator("main")).to_contain_text("The standfirst is new.")
    press(checker, "request_changes", comment="Left open by whom?")
    writer.goto(change)
    writer.locator("#id_standfirst").fill("What happened, and what the season left open.")
    writer.get_by_role("button", name="Save", exact=True).click()
    expect(writer.locator(".messagelist .success")).to_be_visible()
    writer.goto(workflow)
    expect(writer.locator("main")).to_contain_text("Left open by whom?")
    press(writer, "submit")

    checker.goto(workflow)
    press(checker, "approve")
    editor.goto(workflow)
    press(editor, "approve")
    later = timezone.localtime() + datetime.timedelta(days=1)
    override_every_warning(editor, "The text tells of the dispute.")
    press(editor, "schedule", publish_at=later.strftime("%Y-%m-%dT%H:%M"))
    DueItem.objects.update(due_at=timezone.now())
    call_command("run_due", verbosity=0)
    editor.goto(site + article.get_absolute_url())
    expect(editor.locator("main")).to_contain_text("what the season left open")

    writer.goto(change)
    writer.locator("#id_standfirst").fill("What happened, and what the first season left open.")
    writer.get_by_role("button", name="Save", exact=True).click()
    expect(writer.locator(".messagelist .success")).to_be_visible()
    for page, verb in ((writer, "submit"), (checker, "approve"), (editor, "approve")):
        page.goto(workflow)
        press(page, verb)
    editor.goto(workflow)
    press(editor, "correct", note="We had not said which season.")
    editor.goto(site + article.get_absolute_url())
    expect(editor.locator(".correction")).to_contain_text("We had not said which season.")
    editor.get_by_role("link", name="What changed").click()
    expect(editor.locator("ins")).to_contain_text("first")


def test_a_second_editor_s_stale_save_is_caught(pages, site, article):
    change = f"{site}/admin/editorial/article/{article.pk}/change/"
    first, second = pages("Editors"), pages("Editors")
    for page, words in ((first, "The first text."), (second, "The second text.")):
        page.goto(change)
        page.locator("#id_standfirst").fill(words)
    for page in (first, second):
        page.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".messagelist .success")).to_be_visible()
    expect(second.locator(".newest-text")).to_contain_text("The first text.")
    assert second.locator("#id_standfirst").input_value() == "The second text."
    assert article.revisions.get(is_stray=True).content["standfirst"] == "The second text."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_pages_of_an_article(pages, site, article, scheme, width):
    page = pages("Writers", color_scheme=scheme, viewport={"width": width, "height": 800})
    base = f"{site}/admin/editorial/article/{article.pk}"
    page.goto(f"{base}/change/")
    page.locator("#id_standfirst").fill("What happened.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    for part in ("workflow", "revisions"):
        page.goto(f"{base}/{part}/")
        results = Axe().run(page, context={"include": ["#content"]})
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
