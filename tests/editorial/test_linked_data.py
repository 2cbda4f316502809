from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from catalog.dates import PartialDate
from catalog.models import Season
from catalog.pictures import jpeg_of
from catalog.words import language_name
from editorial.actions import publish_article, retract_article, save_article
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_citation,
    make_contributor,
    make_crew_credit,
    make_episode,
    make_passage,
    make_person,
    make_photo,
    make_season,
    make_series,
    make_source,
)
from tests.newsroom import load_newsroom, reader_pages
from tests.visible import Visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

ADDRESSES = {
    "url",
    "contentUrl",
    "image",
    "item",
    "sameAs",
    "publishingPrinciples",
    "correctionsPolicy",
}
DATES = {"startDate", "datePublished", "dateModified", "availabilityStarts", "availabilityEnds"}
# What a machine is told to do, in the words of schema.org.
TOLD = {"urlTemplate", "query-input"}
UNMARKED = {"not found", "gone", "report", "preview", "revoked preview", "fault"}
WANTED = {
    *("NewsArticle", "TVSeries", "TVSeason", "TVEpisode", "Person", "PerformanceRole", "BreadcrumbList"),
    *("CorrectionComment", "CreativeWork", "WebSite", "ItemList", "CollectionPage", "ImageObject"),
}


def visit(client, path: str, **headers) -> Visible:
    return Visible(f"http://testserver{path}", client.get(path, headers=headers).content.decode())


def graph(client, path: str) -> dict[str, dict]:
    """The things of a page by their type."""
    [data] = visit(client, path).linked_data
    assert data["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in data["@graph"]}


def values(data: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from values(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from values(value, name)
    else:
        yield name, data


def is_seen(page: Visible, name: str, value: Any) -> bool:
    if name in ADDRESSES and "/media/renditions/" in value:  # a reader sees one copy of the photo of several
        return any(address.startswith(value.rpartition("/")[0] + "/") for address in page.addresses)
    if name in ADDRESSES:
        return value in page.addresses
    if name == "encodingFormat":
        return value in page.values
    if name in DATES:
        spoken = PartialDate.parse(value).spoken() if len(value) <= 10 else None
        return value in page.values or (spoken is not None and spoken in page.words)
    if name == "inLanguage":
        return value in page.values or language_name(value) in page.words
    text = " ".join(str(value).split())
    return text in page.words or (isinstance(value, int) and text in page.values)


def unseen(page: Visible) -> list[tuple[str, Any]]:
    """What the linked data says and the page does not show. The places of a list show by their order."""
    return [
        (name, value)
        for name, value in values(page.linked_data)
        if name not in ("@type", "@context", "position", *TOLD) and not is_seen(page, name, value)
    ]


def types(data: Any) -> set[str]:
    return {value for name, value in values(data) if name == "@type"}


def full_season() -> Season:
    """A season with one of everything that has a word in schema.org, cited."""
    series = make_series(
        title="Harbour & Lights",
        premiere=PartialDate(2018, 12),
        production_company="Gaumont",
        original_language="es",
        summary="A port.",
    )
    season = make_season(series=series, number=2, premiere=PartialDate(2020, 2, 13), episode_count=10)
    for record, fields in (
        (series, ("premiere", "production_company", "original_language", "summary")),
        (season, ("premiere", "episode_count")),
    ):
        for field in fields:
            make_citation(record, field)
    episode = make_episode(season=season, number=1, title="Salt", aired=PartialDate(2020, 2, 13))
    make_citation(episode, "title")
    make_citation(episode, "aired")
    for job in ("creator", "writer", "director", "producer", "composer", "showrunner"):
        make_citation(make_crew_credit(series=series, job=job))
    entry = make_cast_entry(season=season, status="confirmed")
    make_citation(entry)
    make_citation(entry, "status")
    make_citation(make_alias(person=entry.person, text="An Alias"), "text")
    return season


def test_everything_that_any_page_of_the_demo_says_to_machines_it_shows_to_readers(client, settings):
    settings.ROOT_URLCONF = "tests.urls_with_fault"
    client.raise_request_exception = False
    load_newsroom(corrected=True)
    found = set()
    for name, path in reader_pages().items():
        page = visit(client, path)
        assert len(page.linked_data) == (0 if name in UNMARKED else 1), name
        assert unseen(page) == [], name
        found |= types(page.linked_data)
    assert found >= WANTED - {"TVEpisode"}


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_a_full_record_says_to_machines_what_it_shows_in_any_language(client, language):
    season = full_season()
    entry = season.cast.get()
    make_citation(make_alias(character=entry.character, text="A Nickname"), "text")
    episode = season.episodes.get()
    make_citation(make_cast_entry(season=season, episode=episode))
    original = make_article(
        published=True, season=season, series=season.series, contributors=(make_contributor(role="Critic"),)
    )
    make_article(published=True, language="de", translation_of=original)
    records = (season, season.series, entry.person, entry.character, episode, original)
    records = (*records, original.contributors.get())
    found = set()
    for path in (record.get_absolute_url() for record in records):
        page = visit(client, path, **{"Accept-Language": language})
        with translation.override("en" if path == original.get_absolute_url() else language):
            assert unseen(page) == [], path
        found |= types(page.linked_data)
    assert {"TVEpisode", "PerformanceRole", "TVSeries", "TVSeason", "Person", "Organization"} <= found


def test_the_comparison_of_words_finds_what_is_not_shown(client):
    season = full_season()
    page = visit(client, season.get_absolute_url())
    page.linked_data[0]["@graph"][0] |= {"name": "Not this", "startDate": "2020-02-14", "url": "http://x/"}
    assert [name for name, _value in unseen(page)] == ["name", "url", "startDate"]


def test_a_season_s_linked_data_holds_dates_makers_cast_and_episodes(client):
    season = full_season()
    entry = season.cast.get()
    found = graph(client, season.get_absolute_url())["TVSeason"]
    assert found["startDate"] == "2020-02-13"
    assert found["numberOfEpisodes"] == 10
    assert found["partOfSeries"]["name"] == "Harbour & Lights"
    [role] = found["actor"]
    assert role["@type"] == "PerformanceRole"
    assert role["characterName"] == entry.character.name
    assert role["actor"]["name"] == entry.person.name
    assert found["episode"] == [
        {"@type": "TVEpisode", "episodeNumber": 1, "name": "Salt", "datePublished": "2020-02-13"}
    ]
    assert {"creator", "author", "director", "producer", "musicBy"} <= set(found)
    assert graph(client, season.series.get_absolute_url())["TVSeries"]["startDate"] == "2018-12"


def test_what_no_citation_holds_is_not_said_to_machines_either(client):
    season = make_season(premiere=PartialDate(2020), episode_count=8)
    make_episode(season=season, title="Uncited", aired=PartialDate(2020))
    make_cast_entry(season=season)
    make_crew_credit(season=season)
    assert set(graph(client, season.get_absolute_url())["TVSeason"]) == {
        *("@type", "name", "url", "seasonNumber", "partOfSeries"),
    }


def test_an_inferred_date_and_a_least_number_are_not_said_as_facts(client):
    season = make_season(
        premiere=PartialDate(2020, approximate=True), episode_count=8, episode_count_is_minimum=True
    )
    make_citation(season, "premiere")
    make_citation(season, "episode_count")
    found = graph(client, season.get_absolute_url())["TVSeason"]
    assert "startDate" not in found
    assert "numberOfEpisodes" not in found


@pytest.mark.parametrize(
    ("status", "plays"),
    [
        ("confirmed", True),
        ("new", True),
        ("flashback only", True),
        ("unsure", False),
        ("not confirmed", False),
        ("not returning", False),
    ],
)
def test_who_may_not_be_in_a_season_plays_no_part_in_it(client, status, plays):
    entry = make_cast_entry(status=status)
    make_citation(entry)
    make_citation(entry, "status")
    assert ("actor" in graph(client, entry.season.get_absolute_url())["TVSeason"]) is plays
    assert ("@reverse" in graph(client, entry.person.get_absolute_url())["Person"]) is plays


def test_an_article_names_its_people_its_picture_and_the_sources_it_cites(client):
    source = make_source(title="The “Times” & more")
    body = f'<p>A fact.<cite data-passage="{make_passage(source).key}"></cite> '
    body += f'Another.<cite data-passage="{make_passage(source).key}"></cite></p>'
    article = make_article(
        title="A headline", body=body, photo=make_photo(), contributors=(make_contributor(name="Zoe"),)
    )
    save_article(user=None, article=article, based_on=1)
    publish_article(user=None, article=article)
    found = graph(client, article.get_absolute_url())
    said = found["NewsArticle"]
    assert said["headline"] == "A headline"
    [author], [contributor] = said["author"], article.contributors.all()
    address = f"http://testserver{contributor.get_absolute_url()}"
    assert author == {"@type": "Person", "name": "Zoe", "url": address}
    address = f"http://testserver{source.get_absolute_url()}"
    assert said["citation"] == [{"@type": "CreativeWork", "name": source.title, "url": address}]
    assert [image["url"] for image in said["image"]] == [
        f"http://testserver{jpeg_of(article.photo, ratio).url}" for ratio in ("16x9", "4x3", "1x1")
    ]
    steps = [(one["position"], one["name"]) for one in found["BreadcrumbList"]["itemListElement"]]
    assert steps == [(1, "Ibid."), (2, "Recaps"), (3, "A headline")]


def test_a_source_says_to_machines_what_it_says_of_itself(client):
    origin = make_source(title="The origin", publisher="Its publisher")
    source = make_source(
        title="A report",
        publisher="A paper",
        author="A. Writer",
        published=PartialDate(2019, 12),
        url="https://example.org/report",
        derives_from=origin,
    )
    page = visit(client, source.get_absolute_url())
    assert unseen(page) == []
    said = graph(client, source.get_absolute_url())["CreativeWork"]
    assert said["isBasedOn"]["name"] == "The origin"
    assert said["datePublished"] == "2019-12"
    assert said["sameAs"] == "https://example.org/report"


def test_a_retracted_page_says_so_to_machines_and_nothing_of_its_text(client):
    article = make_article(published=True, standfirst="What it said.")
    retract_article(user=None, article=article, looked_at=1, reason="Nobody had said it.")
    page = visit(client, article.get_absolute_url())
    assert unseen(page) == []
    said = page.linked_data[0]["@graph"][0]
    assert said["creativeWorkStatus"] == "Retracted"
    assert said["correction"][0]["text"] == "Nobody had said it."
    assert "What it said." not in json.dumps(page.linked_data)


def test_nothing_in_a_text_ends_the_script_or_begins_another(client):
    title = "</script><script>alert(1)</script><!-- \u2028 & \u2029 \"'\\"
    article = make_article(
        published=True, title=title, standfirst=title, series=make_series(title=title), kind="news"
    )
    make_person(name=title)
    for path in ("/", "/news/", article.get_absolute_url(), article.series.get_absolute_url()):
        html = client.get(path).content.decode()
        assert "<script>alert" not in html
        assert html.count("</script>") == 3
        text = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert not set("<>&\u2028\u2029") & set(text)
        assert title in {value for _name, value in values(json.loads(text))}


def test_a_page_leads_back_over_its_headline_to_what_stands_above_it(client):
    season = full_season()
    page = client.get(season.get_absolute_url()).content.decode()
    trail = page.partition('<nav class="kicker trail"')[2].partition("</nav>")[0]
    assert 'href="/"' in trail
    assert f'href="{season.series.get_absolute_url()}"' in trail
    assert season.get_absolute_url() not in trail


def test_the_home_page_tells_machines_how_to_search_where_readers_search(client):
    search = graph(client, "/")["WebSite"]["potentialAction"]
    template = search["target"]["urlTemplate"]
    assert template == "http://testserver/search/?q={search_term_string}"
    assert search["query-input"] == "required name=search_term_string"
    assert 'action="/search/"' in client.get("/").content.decode()
    assert client.get(template.replace("{search_term_string}", "Gallardo")).status_code == 200
