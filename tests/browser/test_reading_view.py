"""Read and check, driven as a fact-checker does: by keyboard; and the comments that writers find."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from editorial.actions import comment_on, resolve_comment, submit_article
from editorial.models import Article, Comment, SentenceVerdict
from editorial.prose.walk import plain_text
from tests import factories as make
from tests.browser.test_editing import sign_in
from tests.browser.test_writing import TEXT, save, settle


@pytest.fixture
def desk(live_server, transactional_db):
    return live_server.url


@pytest.fixture
def people(desk):
    make.make_stage(kind="recap", name="Fact-check", group="Fact-checkers")
    return {
        "writer": make.make_user("Writers", username="wren", first_name="Wren", last_name="Walker"),
        "checker": make.make_user("Fact-checkers", username="finn"),
    }


@pytest.fixture
def article(people) -> Article:
    key = make.make_passage(exact="The season has ten episodes").key
    article = make.make_article(
        author=people["writer"],
        title="Ten to come",
        standfirst="In short.",
        body=f'<p>There will be ten.<cite data-passage="{key}"></cite> \U0001f3ac Nobody said when.</p>'
        "<p>It starts in February.</p>",
    )
    submit_article(user=people["writer"], article=article, looked_at=1)
    return article


@pytest.fixture
def pages(browser, desk, people):
    """A page for each person, signed in."""
    contexts = []

    def open_page(who: str, **options) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, desk, people[who])
        return page

    yield open_page
    for context in contexts:
        context.close()


def address(desk, article, part: str = "reading") -> str:
    return f"{desk}/admin/editorial/article/{article.pk}/{part}/"


def say(user, article, words: str, text: str) -> Comment:
    at = plain_text(article.revisions.newest().content).index(words)
    number = article.revisions.newest().number
    return comment_on(user=user, article=article, looked_at=number, start=at, end=at + len(words), text=text)


def test_a_text_is_checked_by_keyboard_sent_back_and_mended(pages, desk, article, people):
    checker, writer = pages("checker"), pages("writer")
    complaints: list[str] = []
    for page in (checker, writer):
        page.on("pageerror", lambda error: complaints.append(str(error)))

    # Two sentences on, back one; the first of the body does not hold.
    checker.goto(address(desk, article))
    checker.locator("#s-1").focus()
    for key in ("j", "ArrowDown", "j", "k"):
        checker.keyboard.press(key)
    expect(checker.locator("#s-3")).to_be_focused()
    checker.keyboard.press("x")
    checker.keyboard.type("It says eleven, x h j k.")
    checker.keyboard.press("Tab")
    checker.keyboard.press("Enter")
    expect(checker.locator("#s-4")).to_be_focused()
    expect(checker.locator("#s-3")).to_contain_text("Does not hold")
    checker.keyboard.press("h")
    expect(checker.locator("#s-5")).to_be_focused()
    assert list(SentenceVerdict.objects.order_by("pk").values_list("mark", flat=True)) == ["wrong", "holds"]

    # A comment on some words of the sentence, chosen with Shift and the arrow keys.
    checker.keyboard.press("k")
    checker.keyboard.press("c")
    checker.keyboard.press("Shift+Tab")
    expect(checker.locator("#choose-4")).to_be_focused()
    checker.keyboard.press("Control+Home")
    for _ in "\U0001f3ac ":
        checker.keyboard.press("ArrowRight")
    for _ in "Nobody":
        checker.keyboard.press("Shift+ArrowRight")
    expect(checker.locator("#s-4 [data-about-words]")).to_contain_text("“Nobody”")
    checker.keyboard.press("Tab")
    checker.keyboard.type("Who was asked? @wren")
    checker.keyboard.press("Tab")
    checker.keyboard.press("Tab")
    checker.keyboard.press("Enter")
    comment_here = checker.locator(".reading-thread")
    expect(comment_here).to_be_focused()
    comment = Comment.objects.get()
    assert (comment.exact, comment.mentions.get()) == ("Nobody", people["writer"])
    assert comment_here.get_attribute("id") == f"c-{comment.pk}"

    checker.goto(address(desk, article, "workflow"))
    expect(checker.locator("#id_request_changes_comment")).to_have_value(
        "“There will be ten.” It says eleven, x h j k."
    )
    checker.locator("#request_changes_form").get_by_role("button").press("Enter")
    expect(checker.locator(".messagelist .success")).to_be_visible()

    # The writer sees the comment beside the text, goes to its words, and writes before them.
    writer.goto(address(desk, article, "change"))
    expect(writer.locator(".writing-commented")).to_have_text("Nobody")
    settle(writer)
    writer.locator("[data-comment]").click()
    expect(writer.locator(TEXT)).to_be_focused()
    settle(writer)
    assert writer.evaluate("getSelection().toString()") == "Nobody"
    writer.keyboard.press("ArrowLeft")
    writer.keyboard.type("As yet, ")
    expect(writer.locator(".writing-commented")).to_have_text("Nobody")
    save(writer)
    comment.refresh_from_db()
    assert (comment.state, comment.revision.number) == ("anchored", 2)
    writer.goto(address(desk, article))
    expect(writer.locator("mark")).to_have_text("Nobody")
    expect(writer.locator("#s-3")).to_contain_text("It says eleven")
    assert complaints == []


@pytest.mark.parametrize("touch", [False, True])
def test_words_selected_in_the_text_are_commented_on(pages, desk, article, touch):
    page = pages("writer", has_touch=touch)
    page.goto(address(desk, article))
    page.evaluate(
        """() => {
            const [from, to] = ["#t-4", "#t-5"].map((id) => document.querySelector(id).firstChild);
            getSelection().setBaseAndExtent(from, from.data.indexOf("said"), to, 2);
        }"""
    )
    button = page.get_by_role("button", name="Comment on these words")
    button.tap() if touch else button.click()
    expect(page.locator("#say-s4")).to_be_focused()
    page.keyboard.type("Is this one thought?")
    page.locator("#comment_4").get_by_role("button", name="Comment").click()
    expect(page.locator(".reading-thread")).to_contain_text("Is this one thought?")
    assert Comment.objects.get().exact == "said when.\nIt"


def test_a_person_picked_from_the_list_is_named_in_the_text(pages, desk, article):
    page = pages("checker")
    page.goto(address(desk, article))
    page.locator("#s-3 [data-say] > summary").click()
    page.locator("#say-s3").fill("Please look,")
    page.locator("#mention-s3").fill("wren")
    page.locator("#mention-s3").press("Tab")
    expect(page.locator("#say-s3")).to_have_value("Please look, @wren ")
    expect(page.locator("#mention-s3")).to_have_value("")


def test_the_comments_of_the_editor_s_page_survive_another_text(pages, desk, article, people):
    say(people["checker"], article, "Nobody said when", "Sure?")
    say(people["checker"], article, "short", "How short?")
    page = pages("writer")
    page.goto(address(desk, article, "change"))
    expect(page.locator(".writing-commented")).to_have_text("Nobody said when")
    page.locator("[data-comment]", has_text="short").click()
    expect(page.locator("#id_standfirst")).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "short"
    page.locator(TEXT).focus()
    settle(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("Everything is new.")
    expect(page.locator(".writing-commented")).to_have_count(0)
    page.locator("[data-comment]", has_text="Nobody").click()
    expect(page.locator("[data-comments-told]")).to_have_text(
        "These words do not stand in the text any more."
    )
    page.locator(TEXT).focus()
    settle(page)
    page.keyboard.press("Control+z")
    page.locator("[data-comment]", has_text="Nobody").click()
    settle(page)
    assert page.evaluate("getSelection().toString()") == "Nobody said when"


def test_everything_works_without_a_script(pages, desk, article):
    page = pages("checker", java_script_enabled=False)
    page.goto(address(desk, article))
    page.locator("#s-3 [data-wrong] > summary").click()
    page.locator("#wrong-3").fill("It says eleven.")
    page.locator("#check_3").get_by_role("button", name="Does not hold").click()
    expect(page.locator("#s-3")).to_contain_text("It says eleven.")
    page.locator("#s-4 [data-say] > summary").click()
    expect(page.locator("#choose-4")).to_be_hidden()
    page.locator("#say-s4").fill("Who?")
    page.locator("#comment_4").get_by_role("button", name="Comment").click()
    expect(page.locator("#s-4 .reading-thread")).to_contain_text("Who?")


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_where_a_text_is_read_and_written(pages, desk, article, people, scheme, width):
    say(people["checker"], article, "There will", "Sure? @wren")
    say(people["checker"], article, "Ten", "How many?")
    gone = comment_on(user=people["checker"], article=article, looked_at=1, text="Too long.")
    resolve_comment(user=people["writer"], comment=gone)
    page = pages("checker", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(address(desk, article))
    page.locator("#s-3").focus()
    page.keyboard.press("h")
    expect(page.locator("#s-4")).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.type("No.")
    page.locator("#check_4").get_by_role("button", name="Does not hold").click()
    expect(page.locator("#s-4")).to_contain_text("finn")
    page.locator("#s-5 [data-wrong] > summary").click()
    page.locator("#check_5").get_by_role("button", name="Does not hold").click()
    expect(page.locator(".errornote")).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("(one) => (one.open = true)")
    _clean(page, width)
    writer = pages("writer", color_scheme=scheme, viewport={"width": width, "height": 800})
    writer.goto(address(desk, article, "change"))
    expect(writer.locator(".writing-commented")).to_be_visible()
    results = Axe().run(writer, context={"include": ["#writing"]})
    assert results.violations_count == 0, results.generate_report()


def _clean(page: Page, width: int) -> None:
    results = Axe().run(page, context={"include": ["#content"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
