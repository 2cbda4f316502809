"""Every type of public page for a reader who has not seen so much: no word of a spoiler outside a fold."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.core.cache import cache
from django.test import Client

from editorial.actions import correct_article, retract_article, save_article
from editorial.indexing import rebuild
from tests.factories import (
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_contributor,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

WORD = "Zyxdrowns"  # stands in whatever gives the second season away


class Unfolded(HTMLParser):
    """The text and the attributes of a page that stand in no `<details>`."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.depth += tag == "details"
        if not self.depth:
            self.found += [value for name, value in attrs if name != "href" and value]

    def handle_endtag(self, tag):
        self.depth -= tag == "details"

    def handle_data(self, data):
        if not self.depth:
            self.found.append(data)


def unfolded(html: str) -> str:
    parser = Unfolded()
    parser.feed(html)
    assert parser.depth == 0
    return "\n".join(parser.found)


@pytest.fixture
def pages():
    cache.clear()
    series = make_series(slug="harbour", title="Harbour")
    make_season(series=series, number=1)
    second = make_season(series=series, number=2)
    source = make_source()
    person, character = make_person(), make_character(series=series)
    part = make_cast_entry(season=second, person=person, character=character, note=f"{WORD} early")
    episode = make_episode(season=second, number=1, title=f"{WORD} at last")
    told = [
        make_statement(label=f"{WORD} in", value=f"{WORD} here", gives_away=second, **subject)
        for subject in ({"series": series}, {"person": person}, {"character": character})
    ]
    for record, field in (
        (part, ""),
        (part, "status"),
        (episode, "title"),
        *((one, "value") for one in told),
    ):
        make_citation(record, field, passage=make_passage(source, exact=f"He {WORD} in the end."))
    byline = make_contributor()
    spoiling = {"published": True, "title": f"{WORD} for ever", "standfirst": f"Who {WORD}"}
    about = {"series": series, "season": second, "spoils_through": second, "contributors": [byline]}
    listed = make_article(**spoiling, **about, spoiler_free_title="A farewell")
    bare = make_article(**spoiling, **about)
    calm = make_article(published=True, title="Calm", series=series)
    corrections = [correct(listed), correct(bare)]
    retracted = make_article(**spoiling, **about, spoiler_free_title="A mistake")
    retract_article(user=None, article=retracted, looked_at=1, reason=f"Nobody {WORD}")
    rebuild()
    records = (series, second, person, character, episode, source, byline)
    return {
        "front page": "/",
        "list": "/recaps/",
        "year": f"/recaps/{calm.editions.get().first_published_at.year}/",
        "search": "/search/?q=farewell+for",
        **{type(one).__name__: one.get_absolute_url() for one in records},
        **{one.title: one.get_absolute_url() for one in (listed, calm)},
        "without a spoiler-free title": bare.get_absolute_url(),
        "retracted": retracted.get_absolute_url(),
        "corrections": "/corrections/",
        **{f"correction {number}": f"/corrections/{one.pk}/" for number, one in enumerate(corrections, 1)},
        "suggestions": f"/search/suggest.json?q={WORD}",
        "seen": "/seen/",
    }


def correct(article):
    article.standfirst = f"Who {WORD} at last"
    save_article(user=None, article=article, based_on=1)
    known = {"looked_at": 2, "kind": "correction", "note": f"We had written who {WORD}."}
    return correct_article(user=None, article=article, **known)


def test_no_page_tells_outside_a_fold_what_its_reader_has_not_seen(pages):
    told = set()
    for name, path in pages.items():
        client = Client()
        client.cookies["seen"] = "harbour:1"
        html = client.get(path).content.decode()
        assert WORD not in unfolded(html), name
        told |= {name} if WORD in html else set()
        if name not in ("suggestions", "seen"):
            response = client.get(path)
            assert "Cookie" in response.headers["Vary"], name
            assert "private" in response.headers["Cache-Control"], name
    assert {"front page", "list", "Series", "Person", "Character", "Episode", "Source", "Calm"} <= told
    assert {"retracted", "corrections", "correction 1", "correction 2"} <= told


def test_who_has_seen_it_finds_nothing_folded(pages):
    client = Client()
    client.cookies["seen"] = "harbour:2"
    for name, path in pages.items():
        assert 'class="fold' not in client.get(path).content.decode(), name


def test_json_says_what_it_gives_away_and_asks_no_cookie(pages):
    client = Client()
    client.cookies["seen"] = "harbour:1"
    path = f"{pages['Character'].rstrip('/')}.json"
    [fact] = client.get(path).json()["facts"]
    assert (fact["gives_away"], fact["is_folded"]) == ("harbour/2", False)
    [fact] = client.get(path, {"seen": "harbour:1"}).json()["facts"]
    assert fact["is_folded"] is True
    assert client.get("/recaps.json", {"seen": "harbour:1"}).json()["articles"][1]["is_folded"] is True


@pytest.mark.parametrize(("said", "is_folded"), [("harbour:1", True), ("harbour:2", False), ("", False)])
def test_json_says_of_corrections_what_they_give_away(pages, said, is_folded):
    told = Client().get("/corrections.json", {"seen": said}).json()["corrections"]
    one = Client().get(f"{pages['correction 1'].rstrip('/')}.json", {"seen": said}).json()
    gone = Client().get(f"{pages['retracted'].rstrip('/')}.json", {"seen": said}).json()["corrections"]
    assert len(told) == 3
    for note in (*told, one, *gone):
        assert (note["gives_away"], note["is_folded"]) == ("harbour/2", is_folded)
        assert WORD in note["text"]


def test_a_correction_stays_whole_for_who_has_said_nothing(pages):
    html = Client().get("/corrections/").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count(f"We had written who {WORD}.") == 2
    assert "A farewell" in html
    assert "<details" not in html


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss", "/recaps/feed.atom"])
def test_feeds_do_not_tell_what_a_correction_may_give_away(pages, path):
    response = Client().get(path)
    text = response.content.decode()
    assert "We had written" not in text
    assert "Nobody" not in text
    assert text.count("&lt;strong&gt;Correction&lt;/strong&gt;") == 2
    assert "Retracted: A mistake" in text


def test_a_correction_tells_of_the_text_that_gives_most_away():
    cache.clear()
    series = make_series(slug="harbour", title="Harbour")
    seasons = [make_season(series=series, number=number) for number in (1, 2)]
    article = make_article(published=True, title="Plain", series=series)  # the desk had not said it yet
    article.spoils_through, article.spoiler_free_title = seasons[1], "A farewell"
    correction = correct(article)
    client = Client()
    client.cookies["seen"] = "harbour:1"
    for path in ("/corrections/", f"/corrections/{correction.pk}/"):
        assert WORD not in unfolded(client.get(path).content.decode())
        assert "Plain" not in unfolded(client.get(path).content.decode())
