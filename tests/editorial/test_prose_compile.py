"""What readers get of a body: valid, escaped, numbered, and nothing of the desk's marks."""

from __future__ import annotations

import random
import re
from collections import Counter
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.dates import PartialDate
from catalog.footnotes import Evidence
from catalog.history import History, Saying, Voice
from catalog.models import Decision, Source
from catalog.sheets import CastGroup, CastRow, FactGroup
from catalog.verified import Fact, Variant
from editorial.prose.compile import (
    RESERVED,
    Compiled,
    MissingEmbed,
    MissingEvidence,
    compile_as_it_stands,
    compile_body,
    trusted,
)
from editorial.prose.document import parse
from editorial.prose.embeds import Embed, Figure
from tests.editorial.bodies import BODIES, FRAGMENTS
from tests.nu import nu_errors

CITE = '<cite data-passage="a#1"></cite>'
OTHER = '<cite data-passage="b#2"></cite>'
CAST = '<div data-embed="cast" data-season="a/2"></div>'
FACTS = '<div data-embed="facts" data-season="a/2"></div>'


def evidence(key: str, **fields: object) -> Evidence:
    source, _hash, number = key.partition("#")
    values = {"key": key, "excerpt": f"Words of {key}", "language": "en", "state": "verified"}
    values |= {"path": f"/sources/{source}/#p{number}", "source_title": f"Title <{source}> & Co."}
    return Evidence(**{**values, **fields})


def cast() -> Embed:
    row = CastRow(
        role=Fact("", "Félix", (evidence("c#3"),)),
        actor=Fact("", "Diego Luna", (evidence("a#1"), evidence("c#3")), path="/people/diego-luna/"),
        billed_as=None,
        seen_before=[Fact("", "Rogue One", (evidence("d#4"),)), Fact("", "Contraband", ())],
        status=Fact("", "confirmed", (evidence("b#2"),), (Variant("unsure", (evidence("e#5"),)),)),
        status_as_of="",
        note="",
    )
    return Embed("cast", "Cast <of> season 2", (CastGroup("Returning", [row]), CastGroup("New", [row])))


def facts() -> Embed:
    premiere = Fact("Premiere", "13 February 2020", (evidence("b#2"),))
    groups = (FactGroup("", [premiere]), FactGroup("Producer", [premiere]))
    return Embed("facts", "Season 2 at a glance", groups)


EVIDENCE = {key: evidence(key) for key in ("a#1", "b#2", "c#3")}


def timeline() -> Embed:
    """The timeline of one field, in which one source speaks twice and another without a date."""
    source = Source(slug="c", title="The <Ledger>", publisher="L", language="en", published=PartialDate(2019))
    undated = Source(slug="e", title="Undated", language="")
    first = (
        Saying("not announced", "earlier", (evidence("c#3"),)),
        Saying("2020", "agrees", (evidence("a#1"),)),
    )
    history = History(
        "Premiere",
        (Voice(source, first, "Origin"),),
        (Voice(undated, (Saying("2021", "differs", (evidence("e#5"),)),), ""),),
        (evidence("f#6"),),
        Decision(field="premiere", value="2020", reason="The network <says> so."),
        True,
    )
    return Embed("timeline", "What was known <when>", (history,))


def photo(**fields: object) -> Embed:
    own = {"alt": 'Ridges "at" dusk', "caption": "Ridge <b>behind</b> ridge.", "credit": "Ibid & Co."}
    figure = Figure(
        **{"slug": "p", "file": "photos/p.webp", "url": "/media/photos/p.webp", "width": 32, "height": 18}
        | own
        | fields
    )
    return Embed("photo", figure.caption, (figure,))


EMBEDS = {"cast a/2": cast(), "facts a/2": facts(), "timeline a/2": timeline(), "photo p": photo()}


def compiled(body: str, language: str = "en") -> Compiled:
    return compile_body(body, language=language, evidence=EVIDENCE, embeds=EMBEDS)


def prose(body: str, language: str = "en") -> str:
    """The HTML in front of the footnotes, markers as `[footnote-use]`."""
    html = compiled(body, language).html.partition("<section")[0].strip()
    return re.sub(r'<sup class="ref"><a id="ref-(\d+-\d+)"[^>]*>\d+</a></sup>', r"[\1]", html)


class Reader(HTMLParser):
    """Ids, and whether every element is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.targets: list[str] = []
        self.open: list[str] = []
        self.nested_links = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids[given["id"]] += 1
        if (given.get("href") or "").startswith("#"):
            self.targets.append(given["href"][1:])
        self.nested_links += tag == "a" and "a" in self.open
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_marker_stands_where_the_citation_stood_without_any_space():
    assert prose(f"<p>Félix fell {CITE}. Luna left.\n{OTHER} Kiki died{CITE}.</p>") == (
        "<p>Félix fell[1-1]. Luna left.[2-1] Kiki died[1-2].</p>"
    )


def test_two_markers_side_by_side_do_not_read_as_one_number():
    assert prose(f"<p>Félix fell.{CITE}{OTHER}</p>") == "<p>Félix fell.[1-1]\u202f[2-1]</p>"


def test_a_marker_is_one_line_that_names_its_source():
    html = compiled(f"<p>Félix fell.{CITE}</p>").html
    assert (
        '<p>Félix fell.<sup class="ref"><a id="ref-1-1" href="#fn-1" role="doc-noteref" data-note'
        ' aria-label="Source 1: Title &lt;a&gt; &amp; Co.">1</a></sup></p>\n'
    ) in html


def test_one_passage_is_one_footnote_with_a_way_back_to_each_use():
    result = compiled(f"<p>One{OTHER} two{CITE} three.{OTHER}</p>")
    assert result.passages == ["b#2", "a#1"]
    assert result.html.count('<li id="fn-') == 2
    footnote = result.html.partition('<li id="fn-1">')[2].partition("</li>")[0]
    assert re.findall(r'href="#(ref-[\d-]+)"', footnote) == ["ref-1-1", "ref-1-2"]
    assert "Words of b#2" in footnote


def test_footnotes_speak_the_language_of_the_article():
    given = {"a#1": evidence("a#1", published=PartialDate(2018, 12))}
    html = compile_body(f"<p>Er fiel.{CITE}</p>", language="de", evidence=given, embeds={}).html
    assert "Dezember 2018" in html


def test_a_text_without_citations_has_no_footnotes():
    assert compiled("<p>Hello</p>") == Compiled(trusted("<p>Hello</p>"), [])
    assert compiled("") == Compiled(trusted(""), [])


def test_everything_that_was_typed_is_escaped():
    body = '<p lang="en">&lt;script&gt;"&amp;\'<a href="/x?a=1&amp;b=\'">y</a></p>'
    body += '<blockquote data-speaker="&lt;b&gt;&quot;"><p>z</p></blockquote>'
    html = prose(body)
    assert "<script" not in html
    assert "&lt;script&gt;&quot;&amp;&#x27;" in html
    assert '<a href="/x?a=1&amp;b=&#x27;">y</a>' in html
    assert "<figcaption>&lt;b&gt;&quot;</figcaption>" in html


def test_a_body_that_was_never_sanitised_is_cleaned_here():
    assert prose('<p onclick="x">Hi<script>x</script><a href="javascript:x">y</a></p>') == "<p>Hiy</p>"


def test_marks_of_the_desk_stay_at_the_desk():
    body = (
        '<h2 data-not-a-claim="heading">Cast</h2><p data-not-a-claim="opinion">So '
        '<span data-not-a-claim="aside">it <span lang="es" data-not-a-claim="x">es</span></span>.</p>'
    )
    assert prose(body) == '<h2 id="cast">Cast</h2>\n<p>So it <span lang="es">es</span>.</p>'


def test_lists_quotations_and_languages_are_kept():
    assert prose('<ul><li lang="es">Uno</li><li>a<ol><li>b</li></ol></li></ul>') == (
        '<ul>\n<li lang="es">Uno</li>\n<li>\n<p>a</p>\n<ol>\n<li>b</li>\n</ol>\n</li>\n</ul>'
    )
    assert prose("<blockquote><p>x</p></blockquote>") == "<blockquote>\n<p>x</p>\n</blockquote>"


def test_a_quotation_names_its_speaker():
    body = f'<blockquote data-speaker="Eric Newman" lang="en"><p>A box.{CITE}</p></blockquote>'
    assert prose(body) == (
        '<figure class="quotation">\n<blockquote lang="en">\n<p>A box.[1-1]</p>\n</blockquote>\n'
        "<figcaption>Eric Newman</figcaption>\n</figure>"
    )


@pytest.mark.parametrize(
    ("language", "date", "spoken"),
    [
        ("en", "2018-12-05", '<time datetime="2018-12-05">5 December 2018</time>'),
        ("de", "2018-12-05", '<time datetime="2018-12-05">5. Dezember 2018</time>'),
        ("es", "2018-12", '<time datetime="2018-12">diciembre de 2018</time>'),
    ],
)
def test_a_social_post_names_who_where_and_when(language, date, spoken):
    body = (
        f'<blockquote data-kind="post" data-speaker="Narcos" data-handle="@NarcosNetflix" data-date="{date}"'
        ' lang="en"><p>Why stop?</p></blockquote>'
    )
    html = prose(body, language)
    assert html.startswith('<figure class="social-post">\n<blockquote lang="en">\n<p>Why stop?</p>')
    assert f"<figcaption>Narcos, @NarcosNetflix, {spoken}</figcaption>" in html


def test_a_social_post_leads_to_the_post_itself_and_loads_nothing_from_there():
    body = (
        '<blockquote data-kind="post" data-handle="@n" data-url="https://www.example.org/n/1?a=b&amp;c=d">'
        "<p>Why stop?</p></blockquote>"
    )
    html = prose(body)
    assert (
        '<figcaption>@n, <a href="https://www.example.org/n/1?a=b&amp;c=d">the post on example.org</a>'
        "</figcaption>"
    ) in html
    assert "<script" not in html
    assert "<iframe" not in html


@settings(max_examples=300, deadline=None)
@given(st.text() | st.text().map("https://".__add__) | st.from_regex(r"https://[a-z.:@\[\]/?#%0-9]{1,20}"))
def test_no_link_of_a_post_leads_anywhere_but_to_a_secure_address(url):
    html = prose(f'<blockquote data-kind="post" data-url="{escape(url)}"><p>x</p></blockquote>')
    for address, host in re.findall(r'<a href="([^"]*)">the post on ([^<]*)</a>', html):
        assert address.lower().startswith("https://")
        assert host
    assert html.count("<a ") <= 1


def test_the_link_of_a_quotation_that_is_no_post_stays_at_the_desk():
    assert "example.org" not in prose('<blockquote data-url="https://example.org/"><p>x</p></blockquote>')


def test_a_post_of_which_nothing_is_known_has_no_caption():
    html = prose('<blockquote data-kind="post"><p>Why stop?</p></blockquote>')
    assert html == '<figure class="social-post">\n<blockquote>\n<p>Why stop?</p>\n</blockquote>\n</figure>'


@pytest.mark.parametrize(
    ("headings", "ids"),
    [
        (["Who?", "Who?", "Who 2"], ["who", "who-2", "who-2-2"]),
        (["Michael Peña"], ["michael-pena"]),
        (["¿?", "日本"], ["section", "section-2"]),
        (["Main", "Footnotes heading"], ["main-2", "footnotes-heading-2"]),
        (["fn-1", "ref-1-1"], ["section-fn-1", "section-ref-1-1"]),
        (["Ref 1", "Ref 1"], ["section-ref-1", "section-ref-1-2"]),
        (["One<br>two"], ["one-two"]),
        ([f"Cast{CITE}"], ["cast"]),
        (["x" * 90], ["x" * 60]),
    ],
)
def test_headings_get_ids_of_their_words_that_nothing_else_has(headings, ids):
    html = prose("".join(f"<h2>{heading}</h2>" for heading in headings))
    assert re.findall(r'<h2 id="([^"]+)">', html) == ids


def test_no_level_of_headings_is_skipped():
    assert prose("<h3>One</h3><h3>Two</h3><h2>Three</h2>") == (
        '<h2 id="one">One</h2>\n<h3 id="two">Two</h3>\n<h2 id="three">Three</h2>'
    )


def test_a_cast_stands_in_the_text_with_its_footnotes_in_order():
    result = compiled(f"<p>x{OTHER}</p>{CAST}<p>y{CITE}</p>")
    assert result.passages == ["b#2", "c#3", "a#1", "d#4", "e#5"]
    html = result.html
    assert 'tabindex="0" role="region" aria-label="Cast &lt;of&gt; season 2"' in html
    assert html.count("<table") == html.count("<caption") == 2
    assert '<th scope="col">' in html
    assert "data-label=" in html
    assert '<a href="/people/diego-luna/">Diego Luna</a><sup' in html
    assert 'id="ref-2-2"' in html


def test_facts_stand_in_the_text_with_their_footnotes():
    result = compiled(FACTS)
    assert result.passages == ["b#2"]
    assert result.html.count('<dl class="facts">') == 2
    assert "<figcaption>Season 2 at a glance</figcaption>" in result.html
    assert "Producer" in result.html


TIMELINE = '<div data-embed="timeline" data-season="a/2"></div>'
PHOTO = '<div data-embed="photo" data-photo="p"></div>'


def test_a_timeline_stands_in_the_text_with_its_footnotes_in_order():
    result = compiled(f"<h2>When?</h2><p>x{OTHER}</p>{TIMELINE}<p>y{CITE}</p>")
    assert result.passages == ["b#2", "c#3", "a#1", "e#5", "f#6"]
    assert "<figcaption>What was known &lt;when&gt;</figcaption>" in result.html
    assert '<time datetime="2019">2019</time>' in result.html
    assert "The &lt;Ledger&gt;" in result.html
    assert "The network &lt;says&gt; so." in result.html
    assert "<h3>Premiere</h3>" in result.html


def test_a_timeline_before_any_heading_skips_no_level():
    html = compiled(f"{TIMELINE}<h3>After</h3>").html
    assert "<h2>Premiere</h2>" in html
    assert '<h2 id="after">After</h2>' in html


def test_a_photo_stands_in_the_text_with_what_readers_must_know_of_it():
    html = re.sub(r"\n\s*", "", compiled(f"<p>x</p>{PHOTO}").html)
    assert html == (
        '<p>x</p><figure class="picture" data-photo="p">'
        '<img src="/media/photos/p.webp" width="32" height="18" alt="Ridges &quot;at&quot; dusk"'
        ' loading="lazy">'
        "<figcaption>Ridge &lt;b&gt;behind&lt;/b&gt; ridge. "
        '<span class="credit">Ibid &amp; Co.</span></figcaption></figure>'
    )


def test_a_photo_without_words_has_no_caption():
    bare = {"photo p": photo(caption="", credit="", alt="")}
    html = compile_body(PHOTO, language="en", evidence={}, embeds=bare).html
    assert 'alt=""' in html
    assert "figcaption" not in html


@pytest.mark.parametrize("kind", ["cast", "facts"])
def test_an_empty_table_says_so(kind):
    empty = {f"{kind} a/2": Embed(kind, "Title", ())}
    html = compile_body({"cast": CAST, "facts": FACTS}[kind], language="en", evidence={}, embeds=empty).html
    assert "No source" in html


def test_an_empty_timeline_says_so():
    empty = {"timeline a/2": Embed("timeline", "Title", ())}
    assert "No two statements" in compile_body(TIMELINE, language="en", evidence={}, embeds=empty).html


def test_what_is_missing_is_named_and_nothing_is_compiled():
    with pytest.raises(MissingEvidence) as missing:
        compiled('<p>x<cite data-passage="y#8"></cite><cite data-passage="x#9"></cite></p>')
    assert missing.value.keys == ["y#8", "x#9"]
    with pytest.raises(MissingEmbed) as missing_embed:
        compiled('<div data-embed="cast" data-season="b/1"></div>')
    assert missing_embed.value.keys == ["cast b/1"]
    with pytest.raises(MissingEmbed) as missing_photo:
        compiled('<div data-embed="photo" data-photo="q"></div>')
    assert missing_photo.value.keys == ["photo q"]


def test_the_ids_of_the_frame_are_reserved():
    assert {"main", "note-template", "footnotes-heading"} <= RESERVED


@settings(max_examples=300, deadline=None)
def as_it_stands(body: str, language: str = "en", evidence=EVIDENCE, embeds=EMBEDS) -> Compiled:
    return compile_as_it_stands(body, language=language, evidence=evidence, embeds=embeds)


def test_a_text_that_is_not_finished_says_what_is_missing_and_where():
    body = f'<p>Is<cite data-passage="y#8"></cite> and is.{CITE}</p>'
    result = as_it_stands(body + '<div data-embed="cast" data-season="b/1"></div>')
    assert "<p>Is <span" in result.html
    assert "[y#8: no source has this passage]" in result.html
    assert "Missing here: cast b/1" in result.html
    assert result.passages == ["a#1"]


@given(BODIES)
def test_what_lacks_nothing_is_the_same_as_it_stands(body):
    assert as_it_stands(body) == compiled(body)


@given(BODIES)
def test_any_body_compiles_to_balanced_html_with_everything_missing(body):
    page = Reader(as_it_stands(body, evidence={}, embeds={}).html)
    assert page.open == []


@given(BODIES)
def test_any_body_compiles_to_balanced_html_with_unique_ids(body):
    result = compiled(body)
    page = Reader(result.html)
    assert page.open == []
    assert page.nested_links == 0
    assert [name for name, count in page.ids.items() if count > 1] == []
    assert page.ids.keys() & (RESERVED - {"footnotes-heading"}) == set()
    assert set(page.targets) <= page.ids.keys()
    assert set(parse(body).passages) <= set(result.passages)
    assert "data-not-a-claim" not in result.html
    assert "<cite data" not in result.html


def test_the_nu_checker_finds_no_error_in_any_compiled_body(tmp_path):
    chance = random.Random(1)  # the same bodies in every run
    for number in range(150):
        body = "".join(chance.choices(FRAGMENTS, k=40))
        frame = "<!doctype html><html lang=en><title>x</title><main id=main><h1>x</h1>{}</main>"
        (tmp_path / f"{number}.html").write_text(frame.format(compiled(body).html))
    assert nu_errors(tmp_path) == []
