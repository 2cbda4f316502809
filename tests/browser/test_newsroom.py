"""An article on its way: written, sent back, mended, approved twice, scheduled, live, corrected.

Everybody works with the keyboard alone, and comes to the article from their own desk.
"""

from __future__ import annotations

import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from editorial.models import Article, DueItem
from tests.browser.test_blocks import press as press_button
from tests.browser.test_blocks import tab_to
from tests.browser.test_editing import sign_in
from tests.browser.test_writing import TEXT, settle
from tests.factories import make_stage, make_user

TITLE = "What kind of series is this?"
HEADING = "Is it a spin-off?"
CALLED = "Radio Times calls it a companion."
WRONG = "Kiki Camarena moved to Sinaloa."
MENDED = "Kiki Camarena moved to Guadalajara."
OPINION = "We would watch it twice."
MOVED_TO = "radio-times-season-1-recap#23"


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


def test_an_article_goes_live_and_is_corrected(pages, site):
    writer, checker, editor = pages("Writers"), pages("Fact-checkers"), pages("Editors")
    write(writer, site)
    submit(writer, "It is new.")
    send_one_sentence_back(checker, site)
    mend_that_sentence(writer, site)
    submit(writer, "He moved where the source says.")
    approve_the_facts(checker, site)
    override_approve_and_schedule(editor, site)
    article = Article.objects.get(title=TITLE)
    assert (article.status, article.editions.count()) == ("scheduled", 0)
    DueItem.objects.filter(article=article).update(due_at=timezone.now())
    call_command("run_due", verbosity=0)
    read_as_a_reader(editor, site, article)
    correct(writer, checker, editor, site)
    read_the_correction(editor, site, article)
    assert list(article.editions.order_by("number").values_list("number", flat=True)) == [1, 2]


def write(page: Page, site: str) -> None:
    """From an empty form to a first revision."""
    keys = page.keyboard
    page.goto(f"{site}/admin/editorial/article/add/")
    expect(page.locator(TEXT)).to_be_visible()
    expect(page.get_by_label("Kind")).to_be_focused()
    keys.type("Recap")
    tab_to(page.get_by_role("textbox", name="Title:", exact=True))
    keys.type(TITLE)
    tab_to(page.get_by_label("Standfirst"))
    keys.type("The sources have several words for it.")
    tab_to(page.locator(TEXT))
    settle(page)
    write_the_body(page)
    expect(page.locator("[data-panel=percent]")).to_have_text("100")
    expect(page.locator("[data-panel=unsupported]")).to_have_text("0")
    tab_to(page.get_by_label("What changed and why"))
    keys.type("First version")
    pick(page.locator("#id_series + .select2 .select2-selection"), "Narcos: Mexico")
    tab_to(page.locator("#contributions-group .add-row a"))
    keys.press("Enter")
    # The new row stands before the link that made it.
    byline = page.locator("#id_contributions-0-contributor + .select2 .select2-selection")
    pick(byline, "Opal Citron", "Shift+Tab")
    save(page)


def write_the_body(page: Page) -> None:
    keys = page.keyboard
    press_button(page, "Question heading")
    settle(page)
    keys.type(HEADING)
    keys.press("Enter")
    # Through the picker, by words of the passage.
    keys.type(f"{CALLED}[@")
    picker = page.get_by_role("dialog", name="Cite a passage")
    expect(picker.get_by_role("combobox")).to_be_focused()
    keys.type("companion main show")
    expect(picker.locator("[role=option]")).to_have_count(1)
    keys.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    keys.press("Enter")
    # By its name, typed through.
    keys.type(f"{WRONG}[@{MOVED_TO}]")
    expect(picker.locator("[role=option]")).to_have_count(1)
    keys.press("Enter")
    expect(page.locator(".writing-chip")).to_have_count(2)
    settle(page)
    keys.type(f" {OPINION}")
    for _ in OPINION:
        keys.press("Shift+ArrowLeft")
    press_button(page, "Not a claim…")
    expect(page.get_by_role("dialog", name="Not a claim")).to_be_visible()
    keys.type("opinion")
    keys.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)


def submit(page: Page, note: str) -> None:
    follow(page, "Review and publication")
    press(page, "submit", comment=note)


def send_one_sentence_back(page: Page, site: str) -> None:
    """Every sentence is looked at; the request for changes begins with the one that does not hold."""
    open_from_desk(page, site)
    expect(page.locator("main")).to_contain_text("It is new.")
    follow(page, "Read and check", first=True)
    for number in range(1, 7):
        row = page.locator(f"#s-{number}")
        if number == 1:
            tab_to(row)
        expect(row).to_be_focused()
        if WRONG in row.inner_text():
            page.keyboard.press("x")
            page.keyboard.type("The source says Guadalajara.")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("h")
    expect(page.locator(".messagelist .success")).to_contain_text("Every sentence is checked.")
    expect(page.locator(".reading-is-wrong")).to_contain_text(WRONG)
    follow(page, "Review and publication")
    said = page.locator("#id_request_changes_comment")
    expect(said).to_have_value(f"“{WRONG}” The source says Guadalajara.")
    press(page, "request_changes")


def mend_that_sentence(page: Page, site: str) -> None:
    """The writer sees what was said, and puts the right town in."""
    open_from_desk(page, site)
    asked = page.locator(".sent-back")
    expect(asked).to_contain_text("The source says Guadalajara.")
    follow(page, "Read and check", first=True)
    expect(page.locator("#s-5")).to_contain_text("does not hold")
    follow(page, "To the article")
    expect(asked).to_contain_text(f"“{WRONG}” The source says Guadalajara.")
    tab_to(page.locator(TEXT))
    settle(page)
    page.keyboard.press("Control+End")
    settle(page)
    page.keyboard.press("Home")
    for _ in WRONG.removesuffix("Sinaloa."):
        page.keyboard.press("ArrowRight")
    for _ in "Sinaloa":
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.type("Guadalajara")
    expect(page.locator(TEXT)).to_contain_text(MENDED)
    save(page)


def approve_the_facts(page: Page, site: str) -> None:
    """What held before is kept; only the mended sentence is asked for again."""
    open_from_desk(page, site)
    expect(page.locator("main")).to_contain_text("He moved where the source says.")
    follow(page, "Read and check", first=True)
    activate(page.get_by_role("button", name="Keep these verdicts"))
    expect(page.locator(".messagelist .success")).to_contain_text("5 verdicts are kept.")
    tab_to(page.locator("#s-1"))
    for _ in range(4):
        page.keyboard.press("j")
    expect(page.locator("#s-5")).to_contain_text(MENDED)
    page.keyboard.press("h")
    expect(page.locator(".messagelist .success")).to_contain_text("Every sentence is checked.")
    follow(page, "Review and publication")
    press(page, "approve", comment="Compared with the source.")


def override_approve_and_schedule(page: Page, site: str) -> None:
    open_from_desk(page, site)
    press(page, "approve")
    # The sources differ on what to call the series, and the text says whose word it uses.
    expect(page.locator(".problem-warning")).to_contain_text("spin-off")
    override_every_warning(page, "The text says whose word it is.")
    later = timezone.localtime() + datetime.timedelta(days=1)
    press(page, "schedule", publish_at=later)


def read_as_a_reader(page: Page, site: str, article: Article) -> None:
    page.goto(site + article.get_absolute_url())
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.locator("main")).to_contain_text(MENDED.removesuffix("."))
    expect(page.locator("main")).not_to_contain_text("Sinaloa")
    expect(page.locator("main")).to_contain_text("Opal Citron")


def correct(writer: Page, checker: Page, editor: Page, site: str) -> None:
    """A draft over the live article goes the same way and out with a note to readers."""
    open_draft(writer, site)
    tab_to(writer.get_by_label("Standfirst"))
    writer.keyboard.press("Control+a")
    writer.keyboard.type("The sources have three words for it.")
    save(writer)
    submit(writer, "Counted.")
    for page in (checker, editor):
        open_from_desk(page, site)
        press(page, "approve")
    press(editor, "correct", note="We had not said how many.")


def read_the_correction(page: Page, site: str, article: Article) -> None:
    page.goto(site + article.get_absolute_url())
    expect(page.locator(".correction")).to_contain_text("We had not said how many.")
    follow(page, "What changed")
    expect(page.locator("del")).to_contain_text("several")
    expect(page.locator("ins")).to_contain_text("three")


def open_from_desk(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    activate(page.locator(".desk-waiting").get_by_role("link", name=TITLE))
    expect(page.get_by_role("heading", name="What you can do now")).to_be_visible()


def open_draft(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/editorial/article/?q=what+kind")
    activate(page.locator("#result_list").get_by_role("link", name=TITLE))
    expect(page.locator(TEXT)).to_be_visible()


def pick(box: Locator, words: str, key: str = "Tab") -> None:
    """Choose in an autocomplete (select2)."""
    page = box.page
    tab_to(box, key)
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    option = page.locator(".select2-results__option--highlighted")
    expect(option).to_have_text(words)
    page.keyboard.press("Enter")
    expect(box).to_contain_text(words)


def activate(target: Locator) -> None:
    target.focus()
    target.press("Enter")


def follow(page: Page, name: str, *, first: bool = False) -> None:
    link = page.get_by_role("link", name=name, exact=True)
    activate(link.first if first else link)


def save(page: Page) -> None:
    activate(page.get_by_role("button", name="Save and continue editing"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator(TEXT)).to_be_visible()


def press(page: Page, verb: str, **given: str | datetime.datetime) -> None:
    """Fill in the form of a transition and send it."""
    form = page.locator(f"#{verb}_form")
    for name, value in given.items():
        form.locator(f"[name={name}]").focus()
        if isinstance(value, datetime.datetime):
            # Part by part, as the browser asks for it; the year does not lead on by itself.
            page.keyboard.type(f"{value:%m%d%Y}")
            page.keyboard.press("ArrowRight")
            page.keyboard.type(f"{value:%I%M}{value:%p}"[:5])
        else:
            page.keyboard.type(value)
    activate(form.get_by_role("button"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def override_every_warning(page: Page, reason: str) -> None:
    while page.locator(".problem-warning").count():
        activate(page.locator(".problem-override summary").first)
        page.locator(".problem-override [name=reason]").first.focus()
        page.keyboard.type(reason)
        page.keyboard.press("Enter")
        expect(page.locator(".messagelist .success")).to_contain_text("overridden")


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


@pytest.mark.appearance
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
