"""The workbench in a browser: words selected by keyboard, mouse and finger, cited, kept and copied."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from catalog.models import Citation, Passage, Source
from tests import factories as make

# Emoji, a flag of two code points, and a combining accent before and within what is selected.
TEXT = (
    "🎬🇲🇽 Cafe\u0301 news\n\nThe second season 🎉 returns on 13 Février\u0301 or 13 February 2020, they say."
    "\nNobody asked why.\n"
) + "More words stand here, and nobody reads them.\n" * 40
WORDS = "returns on 13 Février\u0301 or 13 February 2020"


@pytest.fixture
def source(transactional_db) -> Source:
    source = make.make_snapshot(text=TEXT).source
    snapshot = source.snapshots.get()
    for words in ("The second season 🎉 returns", "season 🎉", "Nobody asked why."):
        start = TEXT.index(words)
        make.make_passage(source, exact=words, snapshot=snapshot, start=start)
    return source


@pytest.fixture
def season(source):
    season = make.make_season(series=make.make_series(title="Ciudad Peña"), premiere="2020-02-13")
    make.make_citation(season, "", source.passages.get(number=1))
    return season


def signed_in(context, live_server) -> Page:
    """A page of somebody who may add passages and citations."""
    client = Client()
    client.force_login(make.make_user("Fact-checkers"))
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


@pytest.fixture
def bench(context, page, live_server, source, season, console) -> Page:
    """The open workbench. A test ends by finding the console empty."""
    page.close()
    opened = signed_in(context, live_server)
    opened.on("console", lambda one: console.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda error: console.append(str(error)))
    opened.goto(address(live_server, source))
    yield opened
    assert console == []


def address(live_server, source: Source) -> str:
    return f"{live_server.url}/admin/catalog/source/{source.pk}/workbench/"


def text_of(page: Page) -> str:
    return page.locator("#source-text").evaluate("pane => pane.textContent")


def select(page: Page, words: str) -> None:
    """Select words of the text as a finger or a reading program does: the selection is just there."""
    page.evaluate(
        """words => {
          const pane = document.querySelector("#source-text");
          const at = pane.textContent.indexOf(words);
          const boundary = (place) => {
            const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
            let rest = place;
            while (walker.nextNode()) {
              if (rest <= walker.currentNode.length) return [walker.currentNode, rest];
              rest -= walker.currentNode.length;
            }
          };
          getSelection().setBaseAndExtent(...boundary(at), ...boundary(at + words.length));
        }""",
        words,
    )


def test_a_fact_is_cited_with_the_keyboard_alone(bench, season):
    assert text_of(bench) == TEXT
    bench.locator("#source-text").focus()
    keys = bench.keyboard
    keys.press("Control+Home")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    for _ in range(4):
        keys.press("Control+ArrowRight")
    while "2020" not in bench.evaluate("getSelection().toString()"):
        keys.press("Control+Shift+ArrowRight")
    while not bench.evaluate("getSelection().toString()").endswith("2020"):
        keys.press("Shift+ArrowLeft")
    selected = bench.evaluate("getSelection().toString()")
    expect(bench.locator("[data-status]")).to_have_text(f"{len(selected.split())} words selected")
    keys.press("Enter")
    expect(bench.get_by_role("heading", name="Selected words")).to_be_focused()
    expect(bench.locator("[data-words-shown]")).to_have_text(selected.strip())
    for _ in range(4):
        keys.press("Tab")
    expect(bench.get_by_role("combobox", name="Record")).to_be_focused()
    keys.type("ciudad pena season 1")
    expect(bench.locator("[role=option]").first).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(bench.get_by_role("combobox", name="Record")).to_have_value(f"Season: {season}")
    expect(bench.get_by_role("listbox")).to_have_count(0)
    keys.press("Tab")
    expect(bench.locator("#panel-field option")).not_to_have_count(1)
    keys.type("Premiere")
    expect(bench.locator("[data-now]")).to_have_text("The record says: 13 February 2020")
    expect(bench.get_by_label("The passage says")).to_have_value("2020-02-13")
    keys.press("Tab")
    keys.press("Enter")
    bench.wait_for_url("**?passage=4#passage-4")
    expect(bench.locator("#passage-4")).to_be_focused()
    expect(bench.locator("mark.wb-active").first).to_be_in_viewport()
    citation = Citation.objects.get(passage__number=4)
    assert (citation.target, citation.field, citation.says) == (season, "premiere", "2020-02-13")
    assert citation.stance == "supports"
    passage = citation.passage
    assert passage.exact == TEXT[passage.start : passage.end] == selected.strip()


def test_words_dragged_over_with_the_mouse_are_kept_at_their_code_points(bench):
    boxes = bench.evaluate(
        """words => {
          const place = (word) => {
            for (const part of document.querySelectorAll("#source-text > *")) {
              const at = part.textContent.indexOf(word);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(part.firstChild, at);
              range.setEnd(part.firstChild, at + word.length);
              const { left, right, top, height } = range.getBoundingClientRect();
              return { left, right, y: top + height / 2 };
            }
          };
          return words.map(place);
        }""",
        ["returns", "February 2020"],
    )
    bench.mouse.move(boxes[0]["left"] + 1, boxes[0]["y"])
    bench.mouse.down()
    bench.mouse.move(boxes[1]["right"] - 1, boxes[1]["y"], steps=8)
    bench.mouse.up()
    bench.get_by_role("button", name="Use these words").click()
    expect(bench.locator("[data-words-shown]")).to_have_text(WORDS)
    bench.get_by_role("button", name="Keep as a passage").click()
    bench.wait_for_url("**?passage=4#passage-4")
    passage = Passage.objects.get(number=4)
    assert (passage.exact, passage.start) == (WORDS, TEXT.index(WORDS))


def test_a_finger_selects_plain_text_and_what_it_selected_stays_until_the_bar_is_touched(
    browser, live_server, source, season
):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = signed_in(context, live_server)
    page.goto(address(live_server, source))
    page.locator("#source-text").tap(position={"x": 60, "y": 30})
    expect(page.locator("#source-text")).to_have_attribute("contenteditable", "false")
    select(page, WORDS)
    button = page.get_by_role("button", name="Use these words")
    expect(button).to_be_in_viewport()
    button.tap()
    expect(page.locator("[data-words-shown]")).to_have_text(WORDS)
    page.get_by_role("button", name="Keep as a passage").tap()
    page.wait_for_url("**?passage=4#passage-4")
    assert Passage.objects.get(number=4).exact == WORDS
    context.close()


def test_nothing_that_is_typed_pasted_cut_or_composed_changes_the_text(bench):
    pane = bench.locator("#source-text")
    pane.focus()
    bench.keyboard.press("Control+a")
    for key in ("x", "Backspace", "Delete", "Control+x", "Control+v", "Control+b", "Control+z"):
        bench.keyboard.press(key)
    bench.keyboard.insert_text("inserted")
    session = bench.context.new_cdp_session(bench)
    composed = {"text": "にほん", "selectionStart": 3, "selectionEnd": 3}
    session.send("Input.imeSetComposition", composed)
    session.send("Input.insertText", {"text": "日本"})
    bench.evaluate("document.querySelector('#source-text mark').firstChild.data += 'slipped through'")
    expect(pane).to_have_text(TEXT)
    assert text_of(bench) == TEXT
    select(bench, "Nobody asked")
    bench.keyboard.press("Enter")
    expect(bench.locator("input[name=start]")).to_have_value(str(TEXT.index("Nobody asked")))


def test_enter_on_a_marked_passage_leads_to_its_cards_and_a_card_back_to_its_words(bench):
    select(bench, "season 🎉")
    bench.evaluate("getSelection().collapseToEnd()")
    bench.locator("#source-text").focus()
    bench.keyboard.press("ArrowLeft")
    bench.keyboard.press("Enter")
    expect(bench.locator("#passage-1")).to_be_focused()
    expect(bench.locator("[data-status]")).to_have_text("Passage 1, Passage 2")
    expect(bench.locator(".wb-card.wb-active")).to_have_count(2)
    bench.get_by_role("button", name="Show in the text 3").click()
    expect(bench.locator("#source-text")).to_be_focused()
    assert bench.evaluate("getSelection().anchorNode.data") == "Nobody asked why."


def test_escape_closes_the_panel_and_the_selection_is_there_again(bench):
    bench.locator("#source-text").focus()
    select(bench, WORDS)
    bench.keyboard.press("Enter")
    expect(bench.locator("[data-panel]")).to_be_visible()
    bench.get_by_role("combobox", name="Record").fill("ciudad")
    expect(bench.locator("[role=option]").first).to_be_visible()
    bench.keyboard.press("Escape")
    expect(bench.locator("[role=option]")).to_have_count(0)
    expect(bench.locator("[data-panel]")).to_be_visible()
    bench.keyboard.press("Escape")
    expect(bench.locator("[data-panel]")).to_be_hidden()
    expect(bench.locator("#source-text")).to_be_focused()
    assert bench.evaluate("getSelection().toString()") == WORDS


def test_what_was_typed_is_never_replaced_by_a_suggestion(bench, season):
    bench.get_by_role("button", name="Cite a record 1").click()
    expect(bench.get_by_role("heading", name="Passage 1").first).to_be_focused()
    expect(bench.get_by_role("button", name="Keep as a passage")).to_be_hidden()
    bench.get_by_label("The passage says").fill("my own words")
    bench.get_by_role("combobox", name="Record").fill("ciudad")
    bench.locator("[role=option]", has_text=f"Season: {season}").first.click()
    expect(bench.locator("#panel-field option")).not_to_have_count(1)
    bench.locator("#panel-field").select_option("premiere")
    expect(bench.get_by_label("The passage says")).to_have_value("my own words")
    bench.get_by_role("radio", name="mentions").check()
    bench.get_by_role("button", name="Cite the record").click()
    bench.wait_for_url("**?passage=1#passage-1")
    citation = Citation.objects.get(says="my own words")
    assert (citation.target, citation.field, citation.stance) == (season, "premiere", "mentions")


def test_tampered_words_are_refused_with_both_texts_and_all_is_kept(bench, season):
    bench.locator("#source-text").focus()
    select(bench, "Nobody asked")
    bench.keyboard.press("Enter")
    bench.get_by_role("combobox", name="Record").fill("ciudad")
    bench.locator("[role=option]", has_text=f"Season: {season}").first.click()
    bench.locator("#panel-field").select_option("premiere")
    bench.get_by_label("The passage says").fill("2020")
    bench.locator("input[name=exact]").evaluate("input => { input.value = 'Somebody asked'; }")
    bench.get_by_role("button", name="Cite the record").click()
    problem = bench.locator("#panel-problem")
    expect(problem).to_be_focused()
    expect(problem).to_contain_text("Selected: “Somebody asked”. In the text: “Nobody asked”.")
    expect(bench.get_by_role("combobox", name="Record")).to_have_value(f"Season: {season}")
    expect(bench.locator("#panel-field")).to_have_value("premiere")
    expect(bench.get_by_label("The passage says")).to_have_value("2020")
    bench.get_by_role("button", name="Close").click()
    assert bench.evaluate("getSelection().toString()") == "Nobody asked"
    assert not Passage.objects.filter(number=4).exists()


def test_kept_words_and_those_of_a_card_are_copied_for_the_article(bench, source, live_server):
    bench.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    bench.locator("#source-text").focus()
    select(bench, WORDS)
    bench.keyboard.press("Enter")
    bench.get_by_role("button", name="Keep and copy for the article").click()
    bench.wait_for_url("**?passage=4&copied=1#passage-4")
    expect(bench.locator("[data-card='4'] [data-told]")).to_have_text(
        f"“[@{source.slug}#4]” is on the clipboard."
    )
    assert bench.evaluate("navigator.clipboard.readText()") == f"[@{source.slug}#4]"
    bench.get_by_role("button", name="Copy for the article 2").click()
    told = bench.locator("[data-card='2'] [data-told]")
    expect(told).to_have_text(f"“[@{source.slug}#2]” is on the clipboard.")
    assert bench.evaluate("navigator.clipboard.readText()") == f"[@{source.slug}#2]"


def test_cards_are_filtered_by_words_and_by_record(bench):
    box = bench.get_by_label("Show only those with")
    box.fill("NOBODY why")
    expect(bench.locator(".wb-card:visible")).to_have_count(1)
    expect(bench.locator("[data-filter-count]")).to_have_text("1 passage")
    box.fill("ciudad pena")
    expect(bench.locator(".wb-card:visible h3")).to_contain_text("Passage 1")
    box.fill("")
    expect(bench.locator(".wb-card:visible")).to_have_count(3)


@pytest.mark.appearance
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser, live_server, source, season, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = signed_in(context, live_server)
    page.goto(f"{address(live_server, source)}?passage=2")
    findings = [Axe().run(page)]
    page.locator("#source-text").focus()
    select(page, WORDS)
    expect(page.locator("[data-bar]")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Record").fill("ciudad")
    expect(page.locator("[role=option]").first).to_be_visible()
    findings.append(Axe().run(page))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
    reports = [found.generate_report() for found in findings if found.violations_count]
    assert reports == []


def test_without_javascript_text_and_cards_are_read(browser, live_server, source, season):
    context = browser.new_context(java_script_enabled=False)
    page = signed_in(context, live_server)
    page.goto(f"{address(live_server, source)}?passage=3#passage-3")
    expect(page.locator("#source-text")).to_contain_text("Nobody asked why.")
    expect(page.locator("#passage-3")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Cite a record")).to_have_count(0)
    context.close()
