"""An edition's HTML read again with its body: every supported sentence is found, and no word moves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from editorial.prose.compile import compile_body
from editorial.prose.coverage import cover
from editorial.prose.supported import Block, marked, stored_notes, with_footnotes
from tests.editorial.bodies import BODIES
from tests.editorial.test_prose_compile import EMBEDS, EVIDENCE, Reader

CITE = '<cite data-passage="a#1"></cite>'
OTHER = '<cite data-passage="b#2"></cite>'


def html_of(body: str) -> str:
    return compile_body(body, language="en", evidence=EVIDENCE, embeds=EMBEDS).html


def parts_of(body: str) -> list[str | Block]:
    return marked(html_of(body), cover(body, "en"))


def joined(parts: list[str | Block]) -> str:
    return "".join(part if isinstance(part, str) else part.html for part in parts)


def in_brackets(body: str) -> str:
    """The text with its marked sentences in brackets, without footnotes."""
    html = joined(parts_of(body)).partition("<section")[0].strip()
    html = re.sub(r'<sup class="ref"><a id="ref-(\d+-\d+)"[^>]*>\d+</a></sup>', r"\1", html)
    return re.sub(r'<span class="cited">(.*?)</span>', r"[\1]", html)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<p>One fell.{CITE} Two stood.</p>", "<p>[One fell.1-1] Two stood.</p>"),
        (f"<p>One fell{CITE}. Two stood{CITE}{OTHER}.</p>", "<p>[One fell1-1.] [Two stood1-2\u202f2-1.]</p>"),
        (f"<p>“It’s &amp; &lt;so&gt;.”{CITE} Yes.</p>", "<p>[“It&#x27;s"),
        (f"<p>See <em>Narcos</em> here.{CITE}</p>", "<p>[See <em>Narcos</em> here.1-1]</p>"),
        (
            f"<p><strong>One fell. Two{CITE} stood.</strong> So.</p>",
            "<p><strong>One fell. [Two1-1 stood.]</strong> So.</p>",
        ),
        (f"<ul><li>One fell.{CITE}</li></ul>", "<ul>\n<li>[One fell.1-1]</li>\n</ul>"),
        (
            f'<blockquote data-speaker="Eric"><p>One fell.{CITE}</p></blockquote>',
            '<figure class="quotation">\n<blockquote>\n<p>[One fell.1-1]</p>',
        ),
    ],
)
def test_each_sentence_is_marked_with_its_markers(body, expected):
    assert in_brackets(body.replace("’", "'")).startswith(expected)


def test_a_citation_that_covers_its_paragraph_marks_every_sentence_of_it():
    covering = '<cite data-passage="a#1" data-covers="paragraph"></cite>'
    [block] = [one for one in parts_of(f"<p>One fell. Two stood.{covering}</p>") if isinstance(one, Block)]
    assert [(one.text, one.refs, one.notes) for one in block.sentences] == [
        ("One fell.", (), (1,)),
        ("Two stood.", ("ref-1-1",), (1,)),
    ]


def test_the_words_of_a_table_are_not_the_text():
    parts = parts_of(f'<p>One fell.{CITE}</p><div data-embed="facts" data-season="a/2"></div>')
    assert joined(parts).count('class="cited"') == 1


def test_words_that_do_not_read_alike_are_left_unmarked():
    html = html_of(f"<p>One fell.{CITE}</p><p>Two stood.{CITE}</p>")
    other = cover(f"<p>One fell.{CITE}</p><p>Two rose.{CITE}</p>", "en")
    assert joined(marked(html, other)).count('class="cited"') == 1
    assert joined(marked(html, cover("", "en"))) == html


@settings(deadline=None)
@given(BODIES)
def test_nothing_but_marks_is_added_and_every_element_is_closed(body):
    html, parts = html_of(body), parts_of(body)
    shown = joined(parts)
    Reader(shown)
    assert shown.count('<span class="cited">') >= sum(
        len(part.sentences) > 0 for part in parts if isinstance(part, Block)
    )
    assert re.sub("</?span[^>]*>", "", shown) == re.sub("</?span[^>]*>", "", html)


@settings(deadline=None)
@given(BODIES)
def test_every_supported_sentence_is_found_with_all_its_footnotes(body):
    html, coverage = html_of(body), cover(body, "en")
    notes = stored_notes(html)
    found = [
        (one.text, [notes[number].key for number in one.notes])
        for part in marked(html, coverage)
        if isinstance(part, Block)
        for one in part.sentences
    ]
    assert found == [(one.text, list(one.passages)) for one in coverage.sentences if one.state == "supported"]


def test_footnotes_are_read_as_they_were_written_and_drawn_anew():
    html = html_of(f"<p>One.{CITE} Two.{OTHER} Three.{CITE}</p>")
    notes = stored_notes(html)
    assert [(one.number, one.key, one.uses) for one in notes.values()] == [(1, "a#1", 2), (2, "b#2", 1)]
    assert "Words of a#1" in notes[1].excerpt
    assert 'href="/sources/a/#p1"' in notes[1].source
    drawn = with_footnotes(html, lambda number, content: f"{number}!")
    assert '<li id="fn-1">1!</li>' in drawn
    assert "Words of" not in drawn
