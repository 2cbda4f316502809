"""Bodies as nobody would write them, for the property tests of the prose modules."""

from __future__ import annotations

from hypothesis import strategies as st

FRAGMENTS = (
    *("<p>", "</p>", '<p lang="es">', '<p data-not-a-claim="opinion">', "<h2>", "</h2>", "<h3>", "</h3>"),
    *("<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", '<li data-not-a-claim="aside">', "<br>", "<hr>"),
    *("<blockquote>", '<blockquote data-speaker="Eric" lang="en">', "</blockquote>"),
    '<blockquote data-kind="post" data-speaker="N" data-handle="@n" data-date="2018-12-05">',
    *("<strong>", "</strong>", "<em>", "</em>", "<b>", "</b>", '<a href="/x?a=b&amp;c">', "</a>"),
    *('<span lang="de">', '<span data-not-a-claim="question">', "<span>", "</span>", "<div>", "</div>"),
    *('<cite data-passage="a#1"></cite>', '<cite data-passage="b#2" data-covers="paragraph"></cite>'),
    *('<cite data-passage="c#3">', "</cite>", '<div data-embed="cast" data-season="a/2"></div>'),
    *('<div data-embed="photo" data-photo="p">', '<div data-embed="timeline" data-season="a/2"></div>'),
    '<blockquote data-kind="post" data-url="https://example.org/p?a=b&amp;c">',
    *("<table><tr><td>", "</td></tr></table>", "<button>", "<svg><p>", "</svg>", "<template>", "<object>"),
    *("<!--", "-->", "<script>", "</script>", "&nbsp;", "&amp;lt;", "&#1;", "&#x80;", " ", "\n", "  "),
    *("Main", "fn-1", "ref-1", "ref-1-1", "Félix lost. ", "Who?", "Kiki ", "U.S. ", "— ", "<", ">", "\u00ad"),
)
BODIES = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=60)
