"""Where the links of a body stand."""

from __future__ import annotations

from hypothesis import given

from editorial.prose.document import parse
from editorial.prose.links import Link, links
from tests.editorial.bodies import BODIES


def test_each_link_is_found_with_its_words():
    body = (
        '<p>Ä 😀<cite data-passage="a#1"></cite><br>'
        '<em>see <a href="/x/">this <strong>one</strong></a></em></p>'
        '<ul><li>And</li><li><a href="/y/">that</a></li></ul>'
    )
    document = parse(body)
    found = links(document)
    assert found == [Link("/x/", 0, 8, 16), Link("/y/", 2, 0, 4)]
    assert [document.leaves[one.block].text[one.start : one.end] for one in found] == ["this one", "that"]


@given(BODIES)
def test_a_link_stands_within_the_words_of_its_block(body):
    document = parse(body)
    for one in links(document):
        assert 0 <= one.start <= one.end <= len(document.leaves[one.block].text)
    assert len(links(document)) == document.html().count("<a ")
