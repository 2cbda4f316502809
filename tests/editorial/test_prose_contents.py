from __future__ import annotations

from editorial.prose.contents import Heading, contents_of

NOTE = '<sup class="ref"><a href="#fn-1">1</a></sup>'
TWO = f'<h2 id="a">Who <em>is</em> it?{NOTE}</h2><p>It.</p><h2 id="b">B &amp; C</h2>'


def test_a_text_of_three_headings_has_a_table_of_contents_without_footnotes():
    html = f'{TWO}<h3 id="c">Below</h3><h2 id="d">D</h2><h2 id="footnotes-heading">Sources</h2>'
    assert contents_of(html) == [Heading("a", "Who is it?"), Heading("b", "B & C"), Heading("d", "D")]


def test_a_text_of_two_headings_has_none():
    assert contents_of(f'{TWO}<h2 id="footnotes-heading">Sources</h2>') == []
    assert contents_of("<p>No heading.</p><h2>Nowhere to go</h2>") == []
