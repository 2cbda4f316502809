from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.footnotes import Evidence
from editorial.prose.cited import CitedSource, sources_cited
from editorial.prose.compile import compile_body

WORDS = st.text("aé&<>\"' \u2028“”", min_size=1, max_size=12).filter(str.strip)


def compiled(titles: list[str]) -> str:
    evidence = {
        f"source-{number}#{passage}": Evidence(
            key=f"source-{number}#{passage}",
            excerpt="<cite>words</cite>",
            language="en",
            state="verified",
            path=f"/sources/source-{number}/#p{passage}",
            source_title=title,
        )
        for number, title in enumerate(titles)
        for passage in (1, 2)
    }
    cites = "".join(f'<cite data-passage="{key}"></cite>' for key in evidence)
    return compile_body(f"<p>Words.{cites}</p>", language="en", evidence=evidence, embeds={}).html


@settings(deadline=None)
@given(st.lists(WORDS, max_size=4))
def test_each_source_that_a_compiled_text_cites_is_found_once_with_its_title(titles):
    expected = [CitedSource(title, f"/sources/source-{n}/") for n, title in enumerate(titles)]
    assert sources_cited(compiled(titles)) == expected


def test_a_text_without_footnotes_cites_nothing():
    assert sources_cited("<p>A <cite>title</cite> and <a href='/sources/x/#p1'>a link</a>.</p>") == []
