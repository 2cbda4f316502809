from __future__ import annotations

import html
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client

from editorial.actions import (
    correct_article,
    publish_article,
    reopen_article,
    retract_article,
    save_article,
    unpublish_article,
)
from editorial.models import Article
from editorial.sections import SECTIONS
from tests.atom import ATOM, LANG, breaches
from tests.factories import make_article, make_contributor, make_season, make_series
from tests.newsroom import load_newsroom

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

DC = "{http://purl.org/dc/elements/1.1/}"


def save(article: Article, **texts) -> int:
    for name, value in texts.items():
        setattr(article, name, value)
    newest = article.revisions.order_by("-number").first()
    return save_article(user=None, article=article, based_on=newest.number).number


def correct(article: Article, note: str, kind: str = "correction", **texts) -> None:
    number = save(article, **(texts or {"standfirst": f"{article.standfirst} Again."}))
    correct_article(user=None, article=article, looked_at=number, kind=kind, note=note)


def entries(client, path: str = "/feed.atom") -> list[ElementTree.Element]:
    response = client.get(path)
    assert response.status_code == 200
    assert breaches(response.content) == []
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def items(client, path: str = "/feed.rss") -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(path).content).findall("channel/item")


def texts(elements, name: str = "title") -> list[str]:
    return [element.findtext(f"{ATOM}{name}") for element in elements]


def test_the_demo_s_feeds_keep_every_rule_of_atom(client):
    load_newsroom(corrected=True)
    paths = ["/feed.atom", "/feed.atom?language=de", "/series/narcos-mexico/feed.atom"]
    paths += [f"/{section.path}/feed.atom" for section in SECTIONS]
    for path in paths:
        response = client.get(path)
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert breaches(response.content) == [], path
    assert breaches(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>')


def test_programs_that_read_feeds_find_nothing_amiss_in_the_demo_s(client):
    load_newsroom(corrected=True)
    for path in ("", "/series/narcos-mexico", *(f"/{section.path}" for section in SECTIONS)):
        found = {}
        for kind, version in (("atom", "atom10"), ("rss", "rss20")):
            response = client.get(f"{path}/feed.{kind}")
            feed = feedparser.parse(
                response.content, response_headers={"content-type": response.headers["Content-Type"]}
            )
            assert not feed.bozo, (path, kind, feed.get("bozo_exception"))
            assert feed.version == version
            assert feed.feed.title
            assert all(one.title and one.link and one.id and one.published_parsed for one in feed.entries)
            assert len({one.id for one in feed.entries}) == len(feed.entries)
            found[kind] = [(one.title, one.link, one.published_parsed) for one in feed.entries]
        assert found["atom"] == found["rss"]
    assert feedparser.parse(b"<feed><entry></feed>").bozo


def test_an_empty_feed_is_a_feed_and_the_same_each_time(client):
    first, second = client.get("/feed.atom"), client.get("/feed.atom")
    assert breaches(first.content) == []
    assert first.content == second.content
    assert ElementTree.fromstring(client.get("/feed.rss").content).findtext("channel/title") == "Ibid."


def test_an_entry_tells_what_a_card_shows_with_its_byline(client):
    series = make_series(title="Narcos & more")
    article = make_article(
        kind="review",
        title="She dies",
        spoiler_free_title="A farewell <soon>",
        standfirst="In <short> & sweet.",
        series=series,
        contributors=(make_contributor(name="Zoe"), make_contributor(name="Adam")),
    )
    save(article, language="de")
    publish_article(user=None, article=article)
    [entry] = entries(client)
    [item] = items(client)
    edition = article.editions.get()
    assert entry.findtext(f"{ATOM}title") == item.findtext("title") == "A farewell <soon>"
    assert "She dies" not in client.get("/feed.atom").content.decode()
    assert entry.findtext(f"{ATOM}summary") == item.findtext("description")
    assert entry.findtext(f"{ATOM}summary") == "<p>In &lt;short&gt; &amp; sweet.</p>"
    assert entry.get(LANG) == item.findtext(f"{DC}language") == "de"
    names = [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")]
    assert names == [creator.text for creator in item.findall(f"{DC}creator")] == ["Zoe", "Adam"]
    address = f"http://testserver{article.get_absolute_url()}"
    assert entry.find(f"{ATOM}link").get("href") == item.findtext("link") == address
    terms = [category.get("term") for category in entry.findall(f"{ATOM}category")]
    assert terms == [one.text for one in item.findall("category")]
    assert terms == ["Kritiken", "Narcos & more"]
    assert entry.findtext(f"{ATOM}published") == edition.published_at.isoformat()
    assert parsedate_to_datetime(item.findtext("pubDate")) == edition.published_at.replace(microsecond=0)


def test_a_correction_brings_its_article_up_again_with_kind_day_and_note(client):
    wrong = make_article(published=True, title="Wrong")
    make_article(published=True, title="Newer")
    assert texts(entries(client)) == ["Newer", "Wrong"]
    before = entries(client)[1]
    correct(wrong, "The year was <2019>.")
    correct(wrong, "The month, too.", kind="clarification")
    first, _second = entries(client)
    assert first.findtext(f"{ATOM}title") == "Wrong"
    assert first.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert first.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert first.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")
    summary = first.findtext(f"{ATOM}summary")
    assert "<strong>Correction</strong> <time" in summary
    assert "The year was &lt;2019&gt;." in summary
    assert summary.index("Clarification") < summary.index("Correction") < summary.index("In short.")
    assert items(client)[0].findtext("description") == summary
    assert items(client)[0].findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}updated")


def test_the_note_of_a_german_article_is_german_whatever_language_is_asked_for(client):
    article = make_article(published=True, language="de")
    correct(article, "Das Jahr war falsch.")
    for language in ("en", "de", "es"):
        feed = client.get("/feed.atom", headers={"Accept-Language": language})
        assert "<strong>Korrektur</strong>" in html.unescape(feed.content.decode())
        page = client.get(article.get_absolute_url(), headers={"Accept-Language": language})
        assert "<strong>Korrektur</strong>" in page.content.decode()


def test_a_retracted_article_stays_by_its_note_alone(client):
    article = make_article(
        published=True, title="Never so", standfirst="What it said.", contributors=(make_contributor(),)
    )
    [before] = entries(client)
    retract_article(user=None, article=article, looked_at=1, reason="Nobody had said it.")
    [entry] = entries(client)
    assert entry.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert entry.findtext(f"{ATOM}title") == "Retracted: Never so"
    assert entry.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert entry.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")
    assert "Nobody had said it." in entry.findtext(f"{ATOM}summary")
    assert b"What it said." not in client.get("/feed.atom").content


def test_a_text_retracted_twice_is_one_entry_and_one_published_again_is_no_retraction(client):
    article = make_article(published=True, title="Twice")
    retract_article(user=None, article=article, looked_at=1, reason="Once.")
    reopen_article(user=None, article=article, looked_at=1)
    assert texts(entries(client)) == ["Retracted: Twice"]
    save(article, standfirst="Now it is right.")
    publish_article(user=None, article=article)
    assert texts(entries(client)) == ["Twice"]
    article.refresh_from_db()
    retract_article(user=None, article=article, looked_at=2, reason="And again.")
    [entry] = entries(client)
    assert "And again." in entry.findtext(f"{ATOM}summary")
    assert "Once." not in entry.findtext(f"{ATOM}summary")


def test_what_is_not_public_is_in_no_feed(client):
    make_article(title="A draft")
    gone = make_article(published=True, title="Gone")
    unpublish_article(user=None, article=gone, looked_at=1, reason="Rights.")
    live = make_article(published=True, title="As published")
    save(live, title="Being rewritten")
    assert texts(entries(client)) == ["As published"]
    assert [item.findtext("title") for item in items(client)] == ["As published"]


def test_feeds_of_a_kind_a_series_and_a_language_hold_theirs_only(client):
    season = make_season()
    make_article(published=True, title="Recap")
    make_article(published=True, title="Nachricht", kind="news", language="de", series=season.series)
    taken = make_article(published=True, title="Old news", kind="news")
    retract_article(user=None, article=taken, looked_at=1, reason="Wrong.")
    assert texts(entries(client, "/recaps/feed.atom")) == ["Recap"]
    assert texts(entries(client, "/news/feed.atom")) == ["Retracted: Old news", "Nachricht"]
    assert texts(entries(client, "/feed.atom?language=de")) == ["Nachricht"]
    assert texts(entries(client, "/news/feed.atom?language=en")) == ["Retracted: Old news"]
    assert texts(entries(client, f"/series/{season.series.slug}/feed.atom")) == ["Nachricht"]
    for path in ("/feed.atom?language=xx", "/series/none/feed.atom", "/none/feed.atom"):
        assert client.get(path).status_code == 404
    assert client.post("/feed.atom").status_code == 405


def test_every_feed_has_an_id_and_an_address_of_its_own(client):
    series = make_series()
    paths = ["/feed.atom", "/feed.atom?language=de", "/news/feed.atom", f"/series/{series.slug}/feed.atom"]
    feeds = [ElementTree.fromstring(client.get(path).content) for path in paths]
    assert len({feed.findtext(f"{ATOM}id") for feed in feeds}) == len(paths)
    own = [feed.find(f"{ATOM}link[@rel='self']").get("href") for feed in feeds]
    assert own == [f"http://testserver{path}" for path in paths]
    rss = ElementTree.fromstring(client.get("/news/feed.rss?language=de").content)
    assert rss.find(f"channel/{ATOM}link").get("href") == "http://testserver/news/feed.rss?language=de"


def test_ids_outlive_the_slug_the_title_and_the_host(client, settings):
    article = make_article(published=True)
    [before] = texts(entries(client), "id")
    Article.objects.filter(pk=article.pk).update(slug="renamed", title="Renamed")
    settings.ALLOWED_HOSTS = ["*"]
    elsewhere = Client(SERVER_NAME="moved.example")
    assert texts(entries(elsewhere), "id") == [before]
    assert items(elsewhere)[0].find("guid").text == before
    assert items(elsewhere)[0].find("guid").get("isPermaLink") == "false"
    settings.FEED_AUTHORITY = "example.org"
    assert texts(entries(client), "id")[0].startswith("tag:example.org,")


def test_a_feed_answers_304_until_something_is_published(client):
    make_article(published=True)
    for path in ("/feed.atom", "/feed.rss"):
        response = client.get(path)
        tag, date = response.headers["ETag"], response.headers["Last-Modified"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path, headers={"If-Modified-Since": date}).status_code == 304
        make_article(published=True)
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_character_that_xml_has_not_breaks_no_feed(client):
    name = "A \x0bword"
    make_article(published=True, title=name, standfirst=name, contributors=(make_contributor(name=name),))
    article = make_article(published=True, title=name, series=make_series(title=name))
    correct(article, name)
    assert texts(entries(client)) == ["A word", "A word"]
    assert client.get(f"/series/{article.series.slug}/feed.rss").status_code == 200


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss"])
def test_a_feed_takes_as_many_queries_with_3_articles_as_with_30(client, path, django_assert_max_num_queries):
    counts = set()
    for count in (3, 27):
        for _ in range(count):
            article = make_article(published=True, series=make_series(), contributors=(make_contributor(),))
            correct(article, "A note.")
        with django_assert_max_num_queries(5) as counted:
            client.get(path)
        counts.add(len(counted))
    assert len(counts) == 1


def test_pages_name_the_feeds_that_belong_to_them(client):
    load_newsroom()
    site = '<link rel="alternate" type="application/atom+xml" href="/feed.atom"'
    for path in ("/", "/recaps/", "/series/narcos-mexico/", "/no-such-page/"):
        assert site in client.get(path).content.decode()
    assert 'href="/recaps/feed.rss"' in client.get("/recaps/").content.decode()
    assert 'href="/series/narcos-mexico/feed.atom"' in client.get("/series/narcos-mexico/").content.decode()
