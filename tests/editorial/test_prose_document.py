"""The body in its normal form: what is kept, what is dropped, and that no word is lost."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.prose.document import Citation, Exemption, parse, sanitise
from editorial.prose.markup import text_of
from tests.editorial.bodies import BODIES

CITE = '<cite data-passage="a#1"></cite>'


@pytest.mark.parametrize(
    "body",
    [
        "<p>Plain.</p>",
        '<p lang="es">Hola<cite data-passage="a-b#3"></cite>.</p>',
        '<p>One.<cite data-passage="a#1" data-covers="paragraph"></cite></p>',
        '<p data-not-a-claim="opinion">I like it.</p>',
        '<p>It <span lang="es" data-not-a-claim="opinion">is <strong>so</strong></span><br>so.</p>',
        '<h2 data-not-a-claim="section heading">Cast</h2>\n<h3>Who?</h3>',
        "<ul>\n<li>One</li>\n<li><p>Two</p>\n<ol>\n<li>Three</li>\n</ol></li>\n</ul>",
        '<blockquote data-speaker="Eric Newman" lang="en"><p>Words.</p></blockquote>',
        '<blockquote data-kind="post" data-speaker="N" data-handle="@N_x" data-date="2018-12" lang="en">'
        "<p>Post.</p></blockquote>",
        '<blockquote data-kind="post" data-url="https://x.com/n/status/1?s=2&amp;t=3"><p>Post.</p></blockquote>',
        '<div data-embed="cast" data-season="narcos-mexico/2"></div>',
        '<div data-embed="timeline" data-season="narcos-mexico/2"></div>',
        '<div data-embed="photo" data-photo="Desert_ridges-2"></div>',
        '<ul>\n<li><p>One</p>\n<div data-embed="photo" data-photo="a"></div></li>\n</ul>',
        '<p><a href="https://www.example.org/a?b=c&amp;d=%20#e">x</a> <a href="/sources/">y</a></p>',
        '<p><a href="mailto:desk@example.org">z</a>&nbsp;&amp; &lt;b&gt;</p>',
    ],
)
def test_the_desks_own_markup_stays_as_it_is(body):
    assert sanitise(body) == body


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<script>alert(1)</script><p onclick='x()' style='x' class='y' id='z'>Hi</p>", "<p>Hi</p>"),
        ("<p><img src=x onerror=y>Hi <u>you</u></p><!-- note -->", "<p>Hi you</p>"),
        ("<h1>Title</h1><h5>Small</h5>", "<h2>Title</h2>\n<h3>Small</h3>"),
        ("<p><b>bold</b> <i>slanted</i></p>", "<p><strong>bold</strong> <em>slanted</em></p>"),
        ("<section>One.</section><section>Two.</section>", "<p>One.</p>\n<p>Two.</p>"),
        ("<table><tr><td>One</td><td>Two</td></tr></table>", "<p>One</p>\n<p>Two</p>"),
        ("<p>  One\n two\t</p>\n<p>&nbsp;</p><p></p><h2><em></em></h2><ul></ul>", "<p>One two</p>"),
        ("<p>One<br><br> <br></p>", "<p>One</p>"),
        ("<p>It fell [@a#1]. So.</p>", f"<p>It fell{CITE}. So.</p>"),
        ("<p>So. [@a#1 ¶]</p>", '<p>So.<cite data-passage="a#1" data-covers="paragraph"></cite></p>'),
        ("<p>[@A#1] [@a#0] [a#1]</p>", "<p>[@A#1] [@a#0] [a#1]</p>"),
        ('<p data-not-a-claim="[@a#1]">So.</p>', '<p data-not-a-claim="[@a#1]">So.</p>'),
        ("a\x00b\x0b\ud800\ufffe", "<p>ab</p>"),
    ],
)
def test_pasted_markup_is_reduced_to_the_desks_own(pasted, kept):
    assert sanitise(pasted) == kept


@pytest.mark.parametrize(
    ("bare", "kept"),
    [
        ("Bare <em>text</em>.", "<p>Bare <em>text</em>.</p>"),
        ("<p>One</p>two<p>three</p>four", "<p>One</p>\n<p>two</p>\n<p>three</p>\n<p>four</p>"),
        ("<blockquote>Said.</blockquote>", "<blockquote><p>Said.</p></blockquote>"),
        ("<ul>one<li>two</ul>", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("<li>one<li>two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("<ul><li>one<ul><li>two</ul></ul>", "<ul>\n<li><p>one</p>\n<ul>\n<li>two</li>\n</ul></li>\n</ul>"),
        ("<h2>One<p>two</p>three</h2>", "<h2>One</h2>\n<p>two</p>\n<p>three</p>"),
        ("<strong>One<p>two</p></strong>", "<p><strong>One</strong></p>\n<p><strong>two</strong></p>"),
        (
            '<div data-embed="cast" data-season="a/2">inside</div>',
            '<div data-embed="cast" data-season="a/2"></div>\n<p>inside</p>',
        ),
    ],
)
def test_bare_text_becomes_a_block_of_its_own(bare, kept):
    assert sanitise(bare) == kept


@pytest.mark.parametrize(
    "attribute",
    [
        '<cite data-passage="A#1"></cite>',
        '<cite data-passage="a#0"></cite>',
        '<cite data-passage="a#1&#10;"></cite>x<cite data-passage="a b#1"></cite>',
        '<cite data-passage="a#99999999999"></cite>',
        '<span data-not-a-claim="  ">x</span>',
        '<span lang="not a language">x</span>',
        '<span lang="">x</span>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="//elsewhere.example/">x</a>',
        '<a href="/\\elsewhere.example/">x</a>',
        '<a href="/&#9;/elsewhere.example/">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="relative">x</a>',
        '<a href="https://a b/">x</a>',
        '<a href="ftp://example.org/">x</a>',
        '<div data-embed="players" data-season="a/2"></div>',
        '<div data-embed="cast" data-season="a/b"></div>',
        '<div data-embed="cast"></div>',
        '<div data-embed="cast" data-photo="a"></div>',
        '<div data-embed="photo" data-season="a/2"></div>',
        '<div data-embed="photo" data-photo="a/b"></div>',
        '<div data-embed="photo" data-photo="../a"></div>',
        '<div data-photo="a"></div>',
        '<div data-season="a/2"></div>',
    ],
)
def test_attributes_of_another_form_are_dropped(attribute):
    kept = sanitise(f"<p>{attribute}</p>")
    assert "=" not in kept.replace('data-passage="a#1"', "")


def test_quotations_keep_only_what_a_speaker_and_a_date_can_be():
    body = '<blockquote data-kind="x" data-handle="@a b" data-date="2018-13" data-speaker=" A  B ">'
    body += "x</blockquote>"
    assert sanitise(body) == '<blockquote data-speaker="A B"><p>x</p></blockquote>'


@pytest.mark.parametrize(
    "url",
    ["http://x.com/n", "javascript:alert(1)", "//x.com/n", "/n", "https://x.com/a b", "mailto:a@b.org", ""],
)
def test_the_link_of_a_post_is_a_secure_address_or_none(url):
    body = f'<blockquote data-kind="post" data-url="{url}">x</blockquote>'
    assert sanitise(body) == '<blockquote data-kind="post"><p>x</p></blockquote>'


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('data-season="a/2" data-photo="b" data-embed="photo"', 'data-embed="photo" data-photo="b"'),
        ('data-photo="b" data-season="a/2" data-embed="cast"', 'data-embed="cast" data-season="a/2"'),
        ('data-embed="timeline" data-season="a/0" lang="en"', 'data-embed="timeline" data-season="a/0"'),
    ],
)
def test_a_placeholder_names_what_its_kind_shows_and_nothing_else(given, kept):
    assert sanitise(f"<div {given}></div>") == f"<div {kept}></div>"


def test_a_reason_is_cut_at_its_limit():
    (leaf,) = parse(f'<p data-not-a-claim="{"x" * 300}">Hi</p>').leaves
    assert leaf.reason == "x" * 100


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"One {CITE} two", f"One{CITE} two"),
        (f"One {CITE}.", f"One{CITE}."),
        (f"One{CITE} “two”", f"One{CITE} “two”"),
        (f"<em>One </em>{CITE}two", f"<em>One</em>{CITE} two"),
        (f"<cite>One</cite> {CITE[:-7]}two</cite>", f"One{CITE} two"),
        ('One<cite data-passage="a#1"/>. Two.', f"One{CITE}. Two."),
        (f"One{CITE}{CITE}", f"One{CITE}"),
        (f'<a href="/x">One{CITE}</a>', f'<a href="/x">One</a>{CITE}'),
        (f'<a href="/x">One{CITE} two</a>', f'<a href="/x">One</a>{CITE} <a href="/x">two</a>'),
    ],
)
def test_a_citation_stands_right_behind_its_words_and_never_holds_any(typed, kept):
    assert sanitise(f"<p>{typed}</p>") == f"<p>{kept}</p>"


def test_leaves_tell_their_text_citations_and_marks_in_code_points():
    body = (
        f'<h2>Who?</h2><blockquote lang="de" data-not-a-claim="quoted"><p>😀 Ja{CITE}'
        '<br><span data-not-a-claim="aside">gut <em>so</em></span></p></blockquote>'
        '<ul><li>x<cite data-passage="b#2" data-covers="paragraph"></cite></li></ul>'
    )
    heading, quoted, item = parse(body).leaves
    assert (heading.text, heading.is_heading, heading.language, heading.reason) == ("Who?", True, "", "")
    assert (quoted.text, quoted.language, quoted.reason) == ("😀 Ja\ngut so", "de", "quoted")
    assert quoted.citations == (Citation(4, "a#1", False),)
    assert quoted.exemptions == (Exemption(5, 11, "aside"),)
    assert item.citations == (Citation(1, "b#2", True),)


def test_a_document_lists_its_passages_and_embeds_once_in_order():
    cast = '<div data-embed="cast" data-season="a/2"></div>'
    body = f'{cast}<p>x<cite data-passage="b#2"></cite>y<cite data-passage="a#1"></cite></p>{cast}'
    body += '<p>z<cite data-passage="b#2"></cite></p><div data-embed="facts" data-season="a/0"></div>'
    document = parse(body)
    assert document.passages == ("b#2", "a#1")
    assert document.embeds == ("cast a/2", "facts a/0")


def test_a_document_lists_its_photos_beside_its_other_embeds():
    photo = '<div data-embed="photo" data-photo="{}"></div>'
    body = f'{photo.format("b")}<div data-embed="timeline" data-season="a/2"></div>'
    body += f"<ul><li>x{photo.format('a')}</li></ul>{photo.format('b')}"
    document = parse(body)
    assert document.embeds == ("photo b", "timeline a/2", "photo a")
    assert document.photos == ("b", "a")


@settings(max_examples=500)
@given(BODIES)
def test_sanitising_twice_changes_nothing_more(body):
    once = sanitise(body)
    assert sanitise(once) == once


@given(st.text())
def test_no_character_of_a_plain_text_is_lost(text):
    found = "".join(leaf.text for leaf in parse(html.escape(text)).leaves)
    assert "".join(found.split()) == "".join(text_of(text).split())


@pytest.mark.parametrize(
    "unit", ["<blockquote>x", "<ul><li>x", "<p><span lang=en>x", "<em>x", "<cite data-passage=a#1>x"]
)
def test_nesting_without_end_is_flattened(unit):
    body = sanitise(unit * 3000)
    assert body.count("x") == 3000
    assert sanitise(body) == body
