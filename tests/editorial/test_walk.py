"""A text in the order in which it is checked, and where words of it stand in the form of an article."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editorial.comparing import words_of
from editorial.prose.coverage import cover
from editorial.prose.walk import plain_text, spot_of, walk
from tests.editorial.bodies import BODIES

BODY = (
    "<h2>Who returns?</h2>"
    '<p>Diego Luna returns.<cite data-passage="a#1"></cite> Nobody else does. \U0001f3ac Fine.</p>'
    '<div data-embed="cast" data-season="narcos/1"></div>'
    '<ul><li>One thing.</li><li data-not-a-claim="opinion"><p>Another.</p></li></ul>'
    '<blockquote lang="es"><p>Así es.</p></blockquote>'
)


def content(body: str = BODY, title: str = "He is back", standfirst: str = "In short. And long."):
    return {"title": title, "standfirst": standfirst, "body": body, "language": "en"}


def walked(held):
    return walk(held, cover(held["body"], held["language"]))


def test_blocks_come_in_their_order_with_what_supports_each_sentence():
    blocks = walked(content())
    assert [block.kind for block in blocks] == [
        *("headline", "standfirst", "heading", "paragraph", "embed", "item", "item", "quotation")
    ]
    paragraph, embed, quotation = blocks[3], blocks[4], blocks[7]
    assert [(line.state, line.passages) for line in paragraph.lines][:2] == [
        ("supported", ("a#1",)),
        ("unsupported", ()),
    ]
    assert embed.embed == "cast narcos/1"
    assert quotation.language == "es"
    assert [line.state for line in (*blocks[0].lines, *blocks[1].lines)] == ["", "", ""]
    assert [line.reason for line in blocks[6].lines] == ["opinion"]


def test_the_plain_text_ends_in_the_words_of_the_body():
    held = content()
    assert plain_text(held) == f"He is back\nIn short. And long.\n{words_of(BODY)}"


def test_words_are_found_in_the_field_and_block_where_they_stand():
    held = content(title="Who is back", standfirst="In short.")
    text = plain_text(held)

    def spot(words):
        start = text.index(words)
        found = spot_of(held, start, start + len(words))
        return found.field, found.block, found.skip, found.length

    assert spot("is back") == ("title", 0, 3, 6)
    assert spot("short") == ("standfirst", 0, 2, 5)
    assert spot("Diego Luna") == ("body", 1, 0, 9)
    assert spot("Fine") == ("body", 1, 33, 4)
    assert spot("Así") == ("body", 4, 0, 3)


def test_words_over_two_blocks_are_pointed_at_in_the_first():
    held = content(body="<p>One two.</p><p>Three.</p>", standfirst="")
    text = plain_text(held)
    found = spot_of(held, text.index("two"), text.index("Three") + 5)
    assert (found.block, found.skip, found.length) == (0, 3, 4)


@given(BODIES, st.text(max_size=30), st.text(max_size=30))
def test_every_sentence_is_the_text_at_its_place(body, title, standfirst):
    held = content(body, title, standfirst)
    text = plain_text(held)
    last = 0
    for block in walked(held):
        assert block.lines or block.embed
        for line in block.lines:
            assert text[line.start : line.end] == line.text
            assert line.start >= last
            last = line.end
