from __future__ import annotations

import pytest

from catalog.carrying import carried_on


def on(html: str) -> str:
    return carried_on(html, "seen", "narcos:1")


@pytest.mark.parametrize(
    ("link", "carried"),
    [
        ("/", "/?seen=narcos:1"),
        ("/recaps/one/", "/recaps/one/?seen=narcos:1"),
        ("/recaps/one/#ref-1-1", "/recaps/one/?seen=narcos:1#ref-1-1"),
        ("/recaps/?before=2018:4", "/recaps/?before=2018:4&amp;seen=narcos:1"),
        ("/recaps/one/?evidence=shown#content", "/recaps/one/?evidence=shown&amp;seen=narcos:1#content"),
        ("?page=2", "?page=2&amp;seen=narcos:1"),
        ("?", "?seen=narcos:1"),
    ],
)
def test_a_link_to_a_page_says_it_again(link, carried):
    assert on(f'<p><a class="more" href="{link}" lang="de">On</a>') == (
        f'<p><a class="more" href="{carried}" lang="de">On</a>'
    )


@pytest.mark.parametrize(
    "link",
    [
        "#fn-1",
        "",
        "/?seen=narcos:3",
        "/recaps/?before=1&amp;seen=narcos:3",
        "/recaps/one.json",
        "/recaps/feed.atom",
        "/recaps/one/citations.csv",
        "/media/photos/one.webp",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "mailto:desk@example.org",
    ],
)
def test_no_other_link_does(link):
    html = f'<a href="{link}">On</a>'
    assert on(html) == html


def test_the_head_of_a_page_and_words_that_look_like_links_stay():
    for html in (
        '<link rel="canonical" href="/recaps/one/">',
        '<link rel="next" href="/recaps/?before=2018:4">',
        "<p>&lt;a href=&quot;/recaps/&quot;&gt;</p>",
        '<article href="/recaps/">',
        '<img alt="<a" src="/media/one/">',
    ):
        assert on(html) == html


def test_a_form_that_asks_says_it_again_and_one_that_sends_does_not():
    asks = '<form class="site-search" action="/search/" method="get">'
    assert on(asks) == f'{asks}<input type="hidden" name="seen" value="narcos:1">'
    for other in (
        '<form action="/seen/" method="post">',
        '<form action="https://elsewhere.example/" method="get">',
    ):
        assert on(other) == other
