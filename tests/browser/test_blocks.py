"""Photos, timelines, posts and doubts in the editor, and a whole article, by keyboard; two people at once."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from catalog.dates import PartialDate
from editorial.models import Article
from tests import factories as make
from tests.browser.test_editing import sign_in
from tests.browser.test_writing import TEXT, body_of, go_to_end, open_article, save, settle

ADD = "/admin/editorial/article/add/"


def press(page: Page, name: str) -> None:
    """From the text to a button of the toolbar and onto it, without the mouse."""
    settle(page)
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Home")
    button = page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)
    for _ in range(page.locator("[role=toolbar] button").count()):
        if button.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def tab_to(target: Locator, key: str = "Tab", most: int = 100) -> None:
    """Go there with Tab, as who has no mouse must."""
    target.wait_for()
    for _ in range(most):
        if target.evaluate("one => one === document.activeElement"):
            break
        target.page.keyboard.press(key)
    expect(target).to_be_focused()


def a_season(**fields):
    return make.make_season(series=make.make_series(slug="a-series", title="A Series"), number=2, **fields)


def test_a_photo_is_found_and_put_in_by_keyboard(page, desk, editor, console):
    make.make_photo(slug="ridges", alt="Ridges at dusk", caption="Ridge behind ridge.", credit="Ibid")
    make.make_photo(slug="rooftops", caption="Lights along the roofs.")
    article = make.make_article(body="<p>Before it. After it.</p>")
    open_article(page, desk, editor, article)
    page.locator(TEXT).focus()
    press(page, "Photo…")
    picker = page.get_by_role("dialog", name="Put in a photo")
    expect(picker.get_by_role("combobox")).to_be_focused()
    expect(picker.locator("[role=option]")).to_have_count(2)
    page.keyboard.type("dusk")
    expect(picker.locator("[role=option]")).to_have_count(1)
    expect(picker.get_by_role("status")).to_have_text("Photos found: 1")
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    block = page.get_by_role("img", name="Photo: Ridge behind ridge. · Ibid.")
    expect(block).to_be_visible()
    assert block.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 32
    settle(page)
    page.keyboard.type("Behind it.")
    save(page)
    assert body_of(article) == (
        '<p>Before it. After it.</p>\n<div data-embed="photo" data-photo="ridges"></div>\n<p>Behind it.</p>'
    )
    expect(block).to_be_visible()
    assert console == []


def test_a_picker_of_photos_that_is_left_changes_nothing(page, desk, editor):
    article = make.make_article(body="<p>Words.</p>")
    open_article(page, desk, editor, article)
    go_to_end(page)
    press(page, "Photo…")
    expect(page.get_by_role("dialog")).to_contain_text("No photo has these words.")
    page.keyboard.press("Escape")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    page.keyboard.type(" More.")
    save(page)
    assert body_of(article) == "<p>Words. More.</p>"


def test_a_photo_says_what_it_lacks_and_an_unknown_one_that_it_is(page, desk, editor):
    make.make_photo(slug="bare", alt="", caption="Bare", credit="")
    photo = '<div data-embed="photo" data-photo="{}"></div>'
    article = make.make_article(body=f"<p>Why?</p>{photo.format('bare')}{photo.format('none')}")
    open_article(page, desk, editor, article)
    lacking = "Photo: Bare. It lacks an alternative text. It lacks a credit."
    expect(page.get_by_role("img", name=lacking)).to_be_visible()
    expect(page.get_by_role("img", name="Photo: none. There is no photo of this name.")).to_be_visible()
    expect(page.locator("[data-panel=problems]")).to_contain_text("There is no photo of this name.")


def test_a_timeline_is_put_in_by_keyboard(page, desk, editor, console):
    a_season()
    article = make.make_article(body="<p>Before.</p>")
    open_article(page, desk, editor, article)
    go_to_end(page)
    press(page, "From the catalog…")
    dialog = page.get_by_role("dialog", name="From the catalog")
    expect(dialog.get_by_label("Which")).to_be_focused()
    page.keyboard.type("Time")
    expect(dialog.get_by_label("Which")).to_have_value("timeline")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Season")).to_have_value("a-series/2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Timeline: a-series/2")).to_be_visible()
    save(page)
    timeline = '<div data-embed="timeline" data-season="a-series/2"></div>'
    assert body_of(article) == f"<p>Before.</p>\n{timeline}"
    assert console == []


def test_a_post_keeps_its_account_its_date_and_its_link(page, desk, editor):
    article = make.make_article(body='<p data-not-a-claim="quoted">Why stop?</p>')
    open_article(page, desk, editor, article)
    go_to_end(page)
    press(page, "Quotation…")
    dialog = page.get_by_role("dialog", name="Quotation")
    dialog.get_by_label("It is a post").check()
    dialog.get_by_label("Account").fill("@NarcosNetflix")
    dialog.get_by_label("Date").fill("2018-12-05")
    dialog.get_by_label("Link to the post").fill("http://example.org/1")
    page.keyboard.press("Enter")  # an address that is not secure is not taken
    expect(dialog).to_be_visible()
    dialog.get_by_label("Link to the post").fill(" https://www.example.org/1?a=b&c=d ")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    save(page)
    assert body_of(article) == (
        '<blockquote data-kind="post" data-handle="@NarcosNetflix" data-date="2018-12-05"'
        ' data-url="https://www.example.org/1?a=b&amp;c=d">'
        '<p data-not-a-claim="quoted">Why stop?</p></blockquote>'
    )
    go_to_end(page)
    press(page, "Quotation…")
    expect(dialog.get_by_label("Link to the post")).to_have_value("https://www.example.org/1?a=b&c=d")


def test_an_unconfirmed_citation_is_red_and_says_why(page, desk, editor):
    season = a_season(status="upcoming")
    passage = make.make_passage(exact="It is filming", source=make.make_source(title="The Ledger"))
    make.make_citation(season, "status", passage, checked_value="filming")
    article = make.make_article(body=f'<p>It films.<cite data-passage="{passage.key}"></cite></p>')
    open_article(page, desk, editor, article)
    chip = page.locator(".writing-chip-bad")
    expect(chip).to_contain_text("!")
    doubt = f"Changed since it was compared with these words: Season: {season} (Status)."
    said = f"Citation {passage.key}: unconfirmed. {doubt} It is filming (The Ledger)"
    expect(page.get_by_role("img", name=said)).to_be_visible()
    chip.hover()
    card = page.locator(".writing-card")
    expect(card).to_contain_text("unconfirmed")
    expect(card).to_contain_text(doubt)
    page.mouse.move(0, 0)
    go_to_end(page)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-part=status]")).to_contain_text(doubt)
    press(page, "Cite…")
    option = page.locator("dialog[open] [role=option]")
    expect(option).to_contain_text("unconfirmed")
    expect(option).to_contain_text(doubt)


def test_two_people_see_that_the_other_has_the_article_open(browser, desk):
    article = make.make_article()
    pages = {}
    for name in ("Ana", "Ben"):
        context = browser.new_context()
        pages[name] = context.new_page()
        # Time goes on as ever, and can be put forward.
        pages[name].clock.install()
        open_article(pages[name], desk, make.make_user("Editors", first_name=name), article)
    ana, ben = (pages[name].locator("#presence") for name in ("Ana", "Ben"))
    expect(ben).to_have_text("Also has this article open: Ana (before you)")
    expect(ana).to_have_text("")
    pages["Ana"].clock.fast_forward(15_000)
    expect(ana).to_contain_text("Also has this article open: Ben (since")
    expect(ana).to_have_attribute("role", "status")
    pages["Ana"].goto(f"{desk}/admin/editorial/article/{article.pk}/workflow/")
    expect(pages["Ana"].locator("#presence")).to_have_text("Also has this article open: Ben")
    pages["Ben"].clock.fast_forward(15_000)
    expect(ben).to_have_text("")
    for page in pages.values():
        page.context.close()


def test_a_whole_article_is_written_and_cited_without_the_mouse(page, desk, editor, console):
    ledger = make.make_source(slug="ledger", title="The Ledger")
    filmed = make.make_passage(ledger, exact="Filming began in Durango")
    aired = make.make_passage(ledger, exact="It came out in February")
    sign_in(page, desk, editor)
    page.goto(f"{desk}{ADD}")
    expect(page.locator(TEXT)).to_be_visible()
    keys = page.keyboard
    expect(page.get_by_label("Kind")).to_be_focused()
    keys.type("news")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("Where it was shot")
    keys.press("Tab")
    expect(page.get_by_label("Slug")).to_have_value("where-it-was-shot")
    keys.press("Tab")
    expect(page.get_by_label("Standfirst")).to_be_focused()
    # As the workbench copies it.
    keys.type(f"[@{aired.key}]")
    keys.press("Control+a")
    keys.press("Control+x")
    keys.type("Two things are known.")
    keys.press("Tab")
    keys.press("Tab")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    press(page, "Question heading")
    settle(page)
    keys.type("Where was it shot?")
    keys.press("Enter")
    keys.type("It was shot in Durango.[@")
    expect(page.get_by_role("dialog", name="Cite a passage")).to_be_visible()
    keys.type("durango")
    expect(page.locator("dialog[open] [role=option]")).to_have_count(1)
    keys.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    keys.press("Enter")
    keys.type("It came out in February.")
    keys.press("Control+v")
    expect(page.locator(".writing-chip")).to_have_count(2)
    keys.press("Enter")
    keys.type("We liked it.")
    expect(page.locator("[data-panel=unsupported]")).to_have_text("1")
    keys.press("Shift+Home")
    press(page, "Not a claim…")
    keys.type("opinion")
    keys.press("Enter")
    expect(page.locator("[data-panel=unsupported]")).to_have_text("0")
    expect(page.locator("[data-panel=percent]")).to_have_text("100")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    # Past what the checks find, which leads to its places.
    tab_to(page.get_by_label("What changed and why"))
    keys.type("First version")
    keys.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    article = Article.objects.get()
    assert (article.kind, article.title, article.standfirst) == (
        "news",
        "Where it was shot",
        "Two things are known.",
    )
    assert article.revisions.get().note == "First version"
    assert article.body == (
        "<h2>Where was it shot?</h2>\n"
        f'<p>It was shot in Durango.<cite data-passage="{filmed.key}"></cite></p>\n'
        f'<p>It came out in February.<cite data-passage="{aired.key}"></cite></p>\n'
        '<p><span data-not-a-claim="opinion">We liked it.</span></p>'
    )
    assert console == []


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_blocks_and_their_dialogs(browser, desk, editor, scheme):
    season = a_season(status="upcoming")
    passage = make.make_passage()
    make.make_citation(season, "status", passage, checked_value="filming")
    make.make_photo(slug="p", caption="Ridges", credit="")
    body = (
        f'<p>A.<cite data-passage="{passage.key}"></cite></p>'
        '<div data-embed="photo" data-photo="p"></div><div data-embed="photo" data-photo="none"></div>'
        '<div data-embed="timeline" data-season="a-series/2"></div>'
        '<blockquote data-kind="post" data-handle="@n" data-url="https://example.org/1"><p>B?</p></blockquote>'
    )
    article = make.make_article(body=body)
    colleague = browser.new_context().new_page()
    open_article(colleague, desk, make.make_user("Editors", first_name="Ana"), article)
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    open_article(page, desk, editor, article)
    expect(page.locator("#presence")).to_contain_text("Ana")
    expect(page.locator(".writing-photo-bad")).to_be_visible()
    results = [Axe().run(page, context=f"#{part}") for part in ("presence", "writing")]
    page.locator(".writing-chip-bad").hover()
    results.append(Axe().run(page, context=".writing-card"))
    for button in ("Photo…", "From the catalog…", "Quotation…"):
        page.get_by_role("toolbar").get_by_role("button", name=button, exact=True).click()
        expect(page.locator("dialog[open]")).to_be_visible()
        if button == "Photo…":
            expect(page.locator("dialog[open] [role=option]")).to_have_count(1)
        results.append(Axe().run(page, context="dialog[open]"))
        page.keyboard.press("Escape")
    context.close()
    colleague.context.close()
    assert [result.generate_report() for result in results if result.violations_count] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_get_photo_timeline_and_post_in_order(browser, desk, scheme):
    season = a_season(premiere=PartialDate(2020, 2, 13))
    for year, says in ((2018, "not announced"), (2019, "13 February 2020")):
        source = make.make_source(published=PartialDate(year), title=f"The Ledger of {year}")
        make.make_citation(season, "premiere", make.make_passage(source), says=says)
    make.make_photo(slug="p", alt="Ridges", caption="Ridge behind ridge.")
    body = (
        '<p data-not-a-claim="x">Before.</p><div data-embed="photo" data-photo="p"></div>'
        '<div data-embed="timeline" data-season="a-series/2"></div>'
        '<blockquote data-kind="post" data-handle="@n" data-url="https://example.org/1" data-not-a-claim="x">'
        "<p>Why stop?</p></blockquote>"
    )
    article = make.make_article(body=body, published=True)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(desk + article.get_absolute_url())
    expect(page.get_by_role("figure", name="Ridge behind ridge.")).to_be_visible()
    expect(page.get_by_role("link", name="the post on example.org")).to_be_visible()
    expect(page.get_by_text("The Ledger of 2018").first).to_be_visible()
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    result = Axe().run(page)
    context.close()
    assert fits
    assert result.violations_count == 0, result.generate_report()
