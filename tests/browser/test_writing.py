"""The editor of articles, driven as a writer does, mostly by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from editorial.models import Article, Autosave, Revision
from tests import factories as make
from tests.browser.test_editing import sign_in

DEMO = Path(settings.BASE_DIR) / "fixtures" / "demo" / "articles"
TEXT = ".ProseMirror"
NEWEST = "Save and continue editing"

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p {color: red}</style></head>
<body lang=EN-US>
<!--StartFragment--><h1 style='color:blue'><span lang=EN-US>When does it <b>start</b>?<o:p></o:p></span></h1>
<p class=MsoNormal><span style='font-size:11.0pt'>In <i>March</i>, says <a href="https://example.org/a">the
network</a>.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>o<span>&nbsp;</span></span><![endif]>Inner<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Second<o:p></o:p></p>
<table><tr><td><p class=MsoNormal>Left</p></td><td>Right</td></tr></table>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><!--EndFragment--></body></html>"""

WEB = """<meta charset='utf-8'><article style="font:12px x">
<script>alert(1)</script><h4 class="x">A heading</h4>
<div onclick="go()">Plain <strong>words</strong> here.<img src="x.png" onerror="alert(1)"></div>
<a href="javascript:alert(1)">No link</a><ol start="4"><li>One</li></ol><iframe src="/"></iframe>
<cite data-passage="{key}"></cite></article>"""


def open_article(page: Page, site: str, user, article: Article) -> None:
    sign_in(page, site, user)
    reopen(page, site, article)


def reopen(page: Page, site: str, article: Article) -> None:
    page.goto(f"{site}/admin/editorial/article/{article.pk}/change/")
    expect(page.locator(TEXT)).to_be_visible()


def paste(page: Page, *, html: str = "", text: str = "") -> None:
    page.locator(TEXT).evaluate(
        """(target, [html, text]) => {
            const clipboardData = new DataTransfer();
            if (html) clipboardData.setData("text/html", html);
            clipboardData.setData("text/plain", text);
            target.focus();
            const init = {clipboardData, bubbles: true, cancelable: true};
            target.dispatchEvent(new ClipboardEvent("paste", init));
        }""",
        [html, text],
    )


def save(page: Page) -> None:
    page.get_by_role("button", name=NEWEST).click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def settle(page: Page) -> None:
    """Until editor and browser agree on the cursor: after it got the focus or drew itself anew, ProseMirror
    sets the browser's cursor back for some 70 ms, in which nobody but a test presses a key.
    """
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")


def go_to_end(page: Page) -> None:
    page.locator(TEXT).focus()
    settle(page)
    page.keyboard.press("Control+End")
    settle(page)


def body_of(article: Article) -> str:
    article.refresh_from_db()
    return article.body


def test_the_demo_articles_come_back_byte_for_byte(page, site, console):
    editor = make.make_user("Editors")
    sign_in(page, site, editor)
    before = Revision.objects.count()
    for article in Article.objects.published().order_by("pk"):
        reopen(page, site, article)
        go_to_end(page)
        # The second half of the change takes the first back: the editor has written the whole body anew.
        page.keyboard.type("x")
        page.keyboard.press("Backspace")
        save(page)
        written = (DEMO / article.language / f"{article.slug}.html").read_text().rstrip("\n")
        assert body_of(article) == written
    assert Revision.objects.count() == before
    assert console == []


def test_a_body_with_everything_it_may_hold_comes_back_byte_for_byte(page, desk, editor):
    key = make.make_passage().key
    body = "\n".join(
        [
            f'<p lang="es">Uno.<cite data-passage="{key}"></cite><br>'
            'Dos&nbsp;<a href="/x/?a=1&amp;b=2"><strong>tres</strong></a>.</p>',
            '<h3 data-not-a-claim="x &quot;y&quot;">A <em>heading</em></h3>',
            "<ul>\n<li>One</li>\n<li><p>Two</p>\n<ol>\n<li>Inner</li>\n</ol></li>\n"
            '<li data-not-a-claim="why">Three</li>\n<li><p>Loose</p></li>\n</ul>',
            '<blockquote data-kind="post" data-speaker="A" data-handle="@a" data-date="2018-12" lang="en">'
            f'<p>Words.<cite data-passage="{key}" data-covers="paragraph"></cite></p>\n'
            "<p>More.</p></blockquote>",
            '<blockquote data-kind="post" data-url="https://example.org/1?a=1&amp;b=2"><p>Post.</p></blockquote>',
            '<div data-embed="cast" data-season="a-series/2"></div>',
            '<div data-embed="photo" data-photo="no-such"></div>',
            '<div data-embed="timeline" data-season="a-series/2"></div>',
            "<ul>\n<li><p>With a picture</p>\n"
            f'<div data-embed="photo" data-photo="{make.make_photo().slug}"></div></li>\n</ul>',
            '<p><span data-not-a-claim="opinion"><span lang="de">Schön.</span> Yes &lt;b&gt;.</span></p>',
        ]
    )
    article = make.make_article(body=body)
    assert body_of(article) == body
    open_article(page, desk, editor, article)
    go_to_end(page)
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    save(page)
    assert body_of(article) == body


def test_a_body_that_the_editor_would_change_stays_html(page, desk, editor):
    body = '<p><span data-not-a-claim="a">One <span data-not-a-claim="b">two</span>.</span></p>'
    article = make.make_article(body=body)
    sign_in(page, desk, editor)
    page.goto(f"{desk}/admin/editorial/article/{article.pk}/change/")
    expect(page.get_by_text("This text holds something that the editor would lose")).to_be_visible()
    expect(page.locator("#id_body")).to_be_visible()
    expect(page.locator(TEXT)).to_have_count(0)
    save(page)
    assert body_of(article) == body


def test_a_citation_is_picked_by_keyboard(page, desk, editor, console):
    passage = make.make_passage(exact="Filming began in Durango", source=make.make_source(title="The Ledger"))
    make.make_passage(exact="Something else")
    article = make.make_article(body="<p>It was shot in Durango.</p>")
    open_article(page, desk, editor, article)
    expect(page.locator("[data-panel=unsupported]")).to_have_text("1")
    go_to_end(page)
    page.keyboard.type("[@")
    picker = page.get_by_role("dialog", name="Cite a passage")
    expect(picker.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("ledger durango")
    expect(picker.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(page.locator(TEXT)).to_be_focused()
    expect(page.locator("[data-panel=unsupported]")).to_have_text("0")
    page.keyboard.type(" Nobody knows why.")
    save(page)
    assert body_of(article) == (
        f'<p>It was shot in Durango.<cite data-passage="{passage.key}"></cite> Nobody knows why.</p>'
    )
    assert console == []


def test_a_picker_that_is_left_puts_back_what_was_typed(page, desk, editor):
    passage = make.make_passage()
    article = make.make_article(body="<p>Words.</p>")
    open_article(page, desk, editor, article)
    go_to_end(page)
    page.keyboard.type("[@")
    expect(page.get_by_role("dialog", name="Cite a passage")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    page.keyboard.type(f"{passage.key}]")
    expect(page.locator(".writing-chip")).to_have_count(1)
    save(page)
    assert body_of(article) == f'<p>Words.<cite data-passage="{passage.key}"></cite></p>'


def test_the_card_of_a_citation_says_what_stands_behind_it(page, desk, editor):
    passage = make.make_passage(exact="Filming began in Durango", source=make.make_source(title="The Ledger"))
    article = make.make_article(body=f'<p>Shot there. In May.<cite data-passage="{passage.key}"></cite></p>')
    open_article(page, desk, editor, article)
    card = page.locator(".writing-card")
    page.locator(".writing-chip").hover()
    expect(card).to_contain_text("Filming began in Durango")
    expect(card).to_contain_text("The Ledger")
    expect(card).to_contain_text("verified")
    page.mouse.move(0, 0)
    expect(card).to_be_hidden()
    go_to_end(page)
    page.keyboard.press("ArrowLeft")
    expect(card).to_be_visible()
    status = page.locator("[data-part=status]")
    expect(status).to_contain_text("verified. Filming began in Durango (The Ledger)")
    page.keyboard.press("Enter")
    covers = card.get_by_role("button", name="Covers the paragraph")
    expect(covers).to_be_focused()
    page.keyboard.press("Space")
    expect(covers).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator(TEXT)).to_be_focused()
    expect(card).to_be_hidden()
    expect(page.locator("[data-panel=unsupported]")).to_have_text("0")
    save(page)
    assert 'data-covers="paragraph"' in body_of(article)


def test_typing_on_a_chosen_citation_keeps_it(page, desk, editor):
    passage = make.make_passage()
    article = make.make_article(body=f'<p>Words.<cite data-passage="{passage.key}"></cite></p>')
    open_article(page, desk, editor, article)
    go_to_end(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.type(" More.")
    save(page)
    assert body_of(article) == f'<p>Words.<cite data-passage="{passage.key}"></cite> More.</p>'


@pytest.mark.parametrize("state", ["changed", "lost", "withdrawn"])
def test_a_citation_that_no_longer_holds_is_red_and_says_so(page, desk, editor, state):
    passage = make.make_passage(state=state)
    article = make.make_article(
        body=f'<p>A.<cite data-passage="{passage.key}"></cite> B.<cite data-passage="no-source#1"></cite></p>'
    )
    open_article(page, desk, editor, article)
    chips = page.locator(".writing-chip-bad")
    expect(chips).to_have_count(2)
    expect(chips.first).to_contain_text("!")
    expect(page.get_by_role("img", name=f"{passage.key}: {state}")).to_be_visible()
    expect(page.locator("[data-panel=problems]")).to_contain_text("No source has a passage of this name.")


def test_a_finding_leads_to_its_field_or_its_words(page, desk, editor):
    passage = make.make_passage(state="lost")
    text = "<p>One is no claim.</p>" * 40
    body = f'{text}<p>Last words.<cite data-passage="{passage.key}"></cite></p>'
    article = make.make_article(body=body)
    open_article(page, desk, editor, article)
    found = page.locator("[data-panel=problems]")
    expect(found.get_by_role("button")).to_have_count(1)
    page.locator("#id_standfirst").fill("")
    page.locator("#id_title").fill("x" * 61)
    expect(found.get_by_role("button")).to_have_count(3)
    expect(found.locator("strong")).to_have_text(["Error", "Error", "Warning"])
    found.get_by_role("button", name="no standfirst").click()
    expect(page.locator("#id_standfirst")).to_be_focused()
    found.get_by_role("button", name=passage.key).click()
    expect(page.locator(TEXT)).to_be_focused()
    expect(page.locator(TEXT).get_by_text("Last words.")).to_be_in_viewport()


def test_words_and_whole_blocks_are_marked_as_no_claim_with_a_reason(page, desk, editor):
    article = make.make_article(body="<h2>The makers</h2><p>We liked it.</p>")
    open_article(page, desk, editor, article)
    button = page.get_by_role("button", name="Not a claim…")
    dialog = page.get_by_role("dialog", name="Not a claim")
    go_to_end(page)
    page.keyboard.press("Shift+Home")
    settle(page)
    button.click()
    expect(dialog).to_contain_text("The chosen words need no source.")
    page.keyboard.press("Enter")  # without a reason nothing is marked
    expect(dialog).to_be_visible()
    page.keyboard.type("opinion")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    page.keyboard.press("Control+Home")
    settle(page)
    button.click()
    expect(dialog).to_contain_text("This whole paragraph or heading")
    page.keyboard.type("section heading")
    page.keyboard.press("Enter")
    expect(page.locator("[data-panel=unsupported]")).to_have_text("0")
    save(page)
    assert body_of(article) == (
        '<h2 data-not-a-claim="section heading">The makers</h2>\n'
        '<p><span data-not-a-claim="opinion">We liked it.</span></p>'
    )
    go_to_end(page)
    page.keyboard.press("ArrowLeft")
    settle(page)
    button.click()
    dialog.get_by_role("button", name="Remove the mark").click()
    save(page)
    assert "opinion" not in body_of(article)


def test_blocks_are_made_with_the_buttons(page, desk, editor, console):
    season = make.make_season(series=make.make_series(slug="a-series", title="A Series"), number=2)
    article = make.make_article(body="<p>Why?</p><p>Said so.</p><p>An item</p>")
    open_article(page, desk, editor, article)

    def press(name):
        page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()

    page.locator(TEXT).focus()
    settle(page)
    page.keyboard.press("Control+Home")
    settle(page)
    press("Question heading")
    expect(page.locator(TEXT)).to_be_focused()
    settle(page)
    page.keyboard.press("ArrowDown")
    settle(page)
    press("Quotation…")
    quotation = page.get_by_role("dialog", name="Quotation")
    quotation.get_by_label("Speaker").fill("Eric Newman")
    quotation.get_by_role("button", name="Quote").click()
    go_to_end(page)
    press("List")
    press("From the catalog…")
    table = page.get_by_role("dialog", name="From the catalog")
    table.get_by_label("Which").select_option("facts")
    table.get_by_label("Season").select_option("a-series/2")
    table.get_by_role("button", name="Put it here").click()
    expect(page.get_by_role("img", name="Facts panel: a-series/2")).to_be_visible()
    save(page)
    assert body_of(article) == (
        '<h2>Why?</h2>\n<blockquote data-speaker="Eric Newman"><p>Said so.</p></blockquote>\n'
        "<ul>\n<li><p>An item</p>\n"
        f'<div data-embed="facts" data-season="{season.series.slug}/2"></div></li>\n</ul>'
    )
    assert console == []


def test_a_click_on_an_unsupported_sentence_leads_to_its_end(page, desk, editor):
    passage = make.make_passage()
    cite = f'<cite data-passage="{passage.key}"></cite>'
    body = f"<p>One.{cite} 😀 Two <em>is</em> open.</p><ul><li>Three.{cite}</li><li>Four is open.</li></ul>"
    article = make.make_article(body=body)
    open_article(page, desk, editor, article)
    expect(page.locator(".writing-unsupported").first).to_be_visible()
    page.get_by_role("button", name="Four is open.").click()
    page.keyboard.type(f"[@{passage.key}]"[:2])
    page.keyboard.type(passage.key)
    expect(page.locator("dialog[open] [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Two is open.").click()
    page.keyboard.type("!")
    save(page)
    assert f"Four is open.{cite}" in body_of(article)
    assert "Two <em>is</em> open.!" in body_of(article)


def test_a_pasted_key_becomes_a_citation(page, desk, editor):
    passage = make.make_passage()
    article = make.make_article(body="<p>Words.</p>")
    open_article(page, desk, editor, article)
    go_to_end(page)
    paste(page, text=f"[@{passage.key}] More.[@other#2]")
    expect(page.locator(".writing-chip")).to_have_count(2)
    save(page)
    assert body_of(article) == (
        f'<p>Words.<cite data-passage="{passage.key}"></cite> More.<cite data-passage="other#2"></cite></p>'
    )


def test_what_comes_from_word_keeps_its_structure_and_nothing_else(page, desk, editor, console):
    article = make.make_article(body="")
    open_article(page, desk, editor, article)
    paste(page, html=WORD)
    save(page)
    assert body_of(article) == (
        "<h2>When does it <strong>start</strong>?</h2>\n"
        '<p>In <em>March</em>, says <a href="https://example.org/a">the network</a>.</p>\n'
        "<ul>\n<li><p>First</p>\n<ul>\n<li>Inner</li>\n</ul></li>\n<li>Second</li>\n</ul>\n"
        "<p>Left</p>\n<p>Right</p>"
    )
    assert console == []


def test_what_comes_from_a_web_page_keeps_its_structure_and_nothing_else(page, desk, editor, console):
    key = make.make_passage().key
    article = make.make_article(body="")
    open_article(page, desk, editor, article)
    paste(page, html=WEB.format(key=key))
    save(page)
    assert body_of(article) == (
        "<h3>A heading</h3>\n<p>Plain <strong>words</strong> here.</p>\n<p>No link</p>\n"
        f'<ol>\n<li>One</li>\n</ol>\n<p><cite data-passage="{key}"></cite></p>'
    )
    assert console == []


def test_what_was_typed_is_offered_back_after_the_browser_was_closed(browser, page, desk, editor, console):
    article = make.make_article(body="<p>Words.</p>")
    open_article(page, desk, editor, article)
    page.locator("#id_title").fill("A new title")
    go_to_end(page)
    page.keyboard.type(" And more.")
    expect(page.locator(".writing-kept")).to_contain_text("not yet saved", timeout=10_000)
    state = page.context.storage_state()
    page.context.close()
    article.refresh_from_db()
    assert (article.body, article.revisions.count()) == ("<p>Words.</p>", 1)

    page = browser.new_context(storage_state=state).new_page()
    reopen(page, desk, article)
    offer = page.get_by_role("region", name="You typed something here and did not save it.")
    expect(offer.get_by_text("has been saved since")).to_be_hidden()
    offer.get_by_role("button", name="Put it into the form").click()
    expect(offer).to_be_hidden()
    expect(page.locator(TEXT)).to_have_text("Words. And more.")
    save(page)
    article.refresh_from_db()
    assert (article.body, article.title) == ("<p>Words. And more.</p>", "A new title")
    assert not Autosave.objects.exists()
    assert console == []


def test_what_is_not_wanted_is_thrown_away(page, desk, editor):
    article = make.make_article(body="<p>Words.</p>")
    content = {"body": "<p>Other.</p>"}
    Autosave.objects.create(article=article, user=editor, based_on=7, content=content, at=article.updated_at)
    open_article(page, desk, editor, article)
    offer = page.get_by_role("region", name="You typed something here and did not save it.")
    expect(offer.get_by_text("The article has been saved since then.")).to_be_visible()
    offer.get_by_role("button", name="Throw it away").click()
    expect(offer).to_be_hidden()
    assert not Autosave.objects.exists()
    expect(page.locator(TEXT)).to_have_text("Words.")


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_editor(browser, desk, editor, scheme):
    passage = make.make_passage(state="lost")
    article = make.make_article(
        body=f'<p>A.<cite data-passage="{passage.key}"></cite> B is open.</p>'
        '<h2 data-not-a-claim="x">C</h2><div data-embed="cast" data-season="a/1"></div>'
    )
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    open_article(page, desk, editor, article)
    expect(page.locator(".writing-chip-bad")).to_be_visible()
    page.locator(".writing-chip").hover()
    # Django's own parts of the page are for other tests.
    results = [Axe().run(page, context="#writing")]
    page.get_by_role("button", name="Cite…").click()
    expect(page.locator("dialog[open] [role=option]")).to_have_count(1)
    results.append(Axe().run(page, context="dialog[open]"))
    context.close()
    assert [result.generate_report() for result in results if result.violations_count] == []


@pytest.mark.parametrize("width", [320, 390])
def test_the_editor_fits_a_phone(browser, desk, editor, width):
    article = make.make_article()
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    open_article(page, desk, editor, article)
    expect(page.locator("[data-panel=words]")).not_to_have_text("–")
    box = page.locator("#writing").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    inside = page.locator("#writing").evaluate("one => one.scrollWidth <= one.clientWidth")
    small = page.eval_on_selector_all(
        "#writing button", "all => all.filter(b => b.offsetHeight && b.offsetHeight < 24).length"
    )
    context.close()
    assert inside
    assert small == 0
