"""Every part that the pages have which the demo was made from, and where a reader of the demo finds it."""

from __future__ import annotations

import re

import pytest

from tests.newsroom import load_newsroom

RECAP = "/recaps/narcos-mexico-season-1-recap/"
GUIDE = "/guides/narcos-mexico-season-2-guide/"
NOTICE = "/announcements/narcos-mexico-season-2-first-look/"
REVIEW = "/reviews/narcos-mexico-staffel-2-kritik/"
NEWS = "/news/narcos-mexico-renewed-for-season-2/"
SEASON = "/series/narcos-mexico/season-2/"
SERIES = "/series/narcos-mexico/"

HEADLINE = r"<h1>[^<]{10,}"
STANDFIRST = r'class="standfirst">[^<]{20,}'
DATED = r'class="dateline">\s*<time datetime="[^"]+[+-]\d\d:\d\d">[^<]+\d{4}'
BYLINE = r'class="byline-name" href="/bylines/[^"]+">[^<]+</a> <span class="byline-role">'
BIOGRAPHY = r'class="author'
CAPTION = r'<figcaption>[^<]+ <span class="credit">[^<]+</span>'
QUESTION = r"<h2 id=[^>]+>[^<]+\?</h2>"
CONTENTS = r'<nav class="contents".*?<a href="#[^"]+">[^<]+\?</a>'
RELATED = r'class="around-list"'
QUOTATION = r'<figure class="quotation">\s*<blockquote lang="en">.*?<figcaption>Eric Newman'
POST = r'<figure class="social-post">\s*<blockquote lang="en">.*?<figcaption>Narcos, @NarcosNetflix, <time'
WATCH = r'class="watching-service">Netflix'

# The page's file and its part; where a reader finds it; what it looks like there.
PARTS = [
    ("000", "headline", RECAP, HEADLINE),
    ("000", "standfirst", RECAP, STANDFIRST),
    ("000", "date", RECAP, DATED),
    ("000", "question heading", RECAP, QUESTION),
    ("000", "table of contents", RECAP, CONTENTS),
    ("001", "table of contents", GUIDE, CONTENTS),
    ("000", "image caption", RECAP, CAPTION),
    ("000", "availability", RECAP, r"is on Netflix now"),
    ("000", "availability", SEASON, WATCH),
    ("000", "availability", SERIES, WATCH),
    ("000", "author photo", RECAP, r'<li class="byline-portrayed">\s*<picture'),
    ("000", "byline", RECAP, BYLINE),
    ("000", "author bio", RECAP, BIOGRAPHY),
    ("001", "headline", GUIDE, HEADLINE),
    ("001", "byline", GUIDE, BYLINE),
    ("001", "date", GUIDE, DATED),
    ("001", "image caption and credit", GUIDE, CAPTION),
    ("001", "headings", GUIDE, QUESTION),
    ("001", "cast table", GUIDE, r'class="cast-table".*?data-label="Seen before in".*?Rogue One'),
    ("001", "unsure", GUIDE, r'class="cast-status".{0,80}<div>\s*unsure'),
    ("001", "not confirmed", GUIDE, r'class="cast-status".{0,80}<div>\s*not confirmed'),
    ("001", "flashback only", GUIDE, r'class="cast-status".{0,80}<div>\s*flashback only'),
    ("001", "new cast without role", GUIDE, r"Jero Medina"),
    ("001", "named outside source", GUIDE, r"TheLadBible noticed"),
    ("001", "comments invitation", GUIDE, r'href="[^"]+/report/" rel="nofollow">Report a mistake'),
    ("001", "author bio", GUIDE, BIOGRAPHY),
    ("002", "date prefix", NOTICE, DATED),
    ("002", "photo gallery", NOTICE, r'class="gallery" role="group".*?(in-gallery.*?){3}'),
    ("002", "production credits", SEASON, r"Executive producer.*?Andi Baiz"),
    ("002", "character profile", SERIES, r'class="profile">.*?Miguel Ángel Félix Gallardo'),
    ("002", "season synopsis", SEASON, r"blunders and corruption on both sides of the border"),
    ("002", "quote with speaker", NOTICE, QUOTATION),
    ("002", "new cast list", SEASON, r"New in this season&nbsp;<span class=\"count\">1\d</span>"),
    ("002", "related articles", NOTICE, RELATED),
    ("003", "subheading as question", REVIEW, QUESTION),
    ("003", "paragraphs", REVIEW, r"(<p>.*?){4}"),
    ("003", "spoiler", REVIEW, r'class="spoilers"'),
    ("003", "start line", REVIEW, r"from 13\. Februar 2020|ab 13\. Februar 2020|13\. Februar 2020"),
    ("004", "date prefix", NEWS, DATED),
    ("004", "critic quotes", SERIES, r"television’s most irresistible guilty pleasure"),
    ("004", "tweet quoted in prose", NEWS, r"told its followers first-hand"),
    ("004", "embedded tweet", NEWS, POST),
    ("004", "official synopsis", NEWS, r"The synopsis reaches back"),
    ("004", "open question", NEWS, r"no date has been fixed"),
]
# Of these nothing is on a page: they are the furniture of other sites, or an opinion that is no fact.
ABSENT = [
    ("000", "ad slot", RECAP, r"Advertisement|<iframe|<ins\b"),
    ("002", "related articles of another site", NOTICE, r"View More TV Stories|More Hot Stories"),
    ("004", "opinion aside", NEWS, r"Luna looks fine"),
    ("004", "script of another host", NEWS, r'<script[^>]+src="(https?:)?//'),
]


@pytest.mark.django_db
@pytest.mark.once
def test_a_reader_of_the_demo_finds_every_part_where_it_should_be(client):
    load_newsroom()
    wanted = {path for _file, _part, path, _look in (*PARTS, *ABSENT)}
    html = {path: client.get(path).content.decode() for path in wanted}
    assert [
        f"{file} {part}: not on {path}"
        for file, part, path, look in PARTS
        if not re.search(look, html[path], re.DOTALL)
    ] == []
    assert [
        f"{file} {part}: on {path}" for file, part, path, look in ABSENT if re.search(look, html[path])
    ] == []
