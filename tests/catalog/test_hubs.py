"""Pages of characters and episodes, and what they give to those of series and people."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType

from catalog.dates import PartialDate
from catalog.models import Character
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_episode,
    make_person,
    make_season,
    make_series,
    make_statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def played(character: Character, number: int, **fields):
    """A cited entry of the character in the season of this number."""
    season = character.series.seasons.filter(number=number).first()
    season = season or make_season(series=character.series, number=number)
    person = fields.pop("person", None) or make_person()
    entry = make_cast_entry(season=season, character=character, person=person, **fields)
    make_citation(entry)
    return entry


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_a_character_has_who_plays_it_what_is_known_and_the_articles_that_lead_to_it(client):
    character = make_character(name="Kiki")
    entry = played(character, 1)
    make_citation(make_alias(character=character, text="Enrique"), "text")
    make_citation(make_statement(character=character, label="Job", value="Agent"), "value")
    link = character.get_absolute_url()
    body = f'<p data-not-a-claim="example">About <a href="{link}">him</a>.</p>'
    article = make_article(published=True, body=body, title="About Kiki")
    make_article(published=True, title="About others")
    html = page(client, link)
    for text in ("<h1>Kiki", entry.person.name, str(entry.season), "Enrique", "Agent", "About Kiki"):
        assert text in html
    assert entry.person.get_absolute_url() in html
    assert article.get_absolute_url() in html
    assert "About others" not in html
    assert 'role="doc-noteref"' in html
    data = client.get(f"{link.removesuffix('/')}.json").json()
    assert [one["played_by"]["value"] for one in data["played_by"]] == [entry.person.name]
    assert [one["title"] for one in data["articles"]] == ["About Kiki"]


def test_a_recast_is_said_in_words_at_the_season_that_it_begins_in(client):
    character, first, second = make_character(), make_person(name="First"), make_person(name="Second")
    for number, person in ((1, first), (2, first), (3, second)):
        played(character, number, person=person)
    html = page(client, character.get_absolute_url())
    before, _recast, after = html.partition("recast: somebody else than before")
    assert "recast:" not in after
    assert before.count("First</a>") == 2
    assert "Second</a>" in before


@pytest.mark.parametrize("status", ["unsure", "not returning"])
def test_who_may_not_be_in_it_makes_no_recast(client, status):
    character = make_character()
    played(character, 1)
    entry = played(character, 2, status=status)
    make_citation(entry, "status")
    assert "recast:" not in page(client, character.get_absolute_url())


def test_what_nothing_is_verified_of_has_no_page(client):
    character = make_character()
    make_cast_entry(season=make_season(series=character.series), character=character)
    episode = make_episode(title="Uncited", aired=PartialDate(2020))
    make_citation(episode, "title", checked_value="Something else")
    for record in (character, episode):
        path = record.get_absolute_url()
        assert client.get(path).status_code == 404
        assert client.get(f"{path.removesuffix('/')}.json").status_code == 404


def test_the_cast_leads_to_characters_and_the_series_to_its_people(client):
    character = make_character(name="Kiki")
    entry = played(character, 1)
    played(character, 2, person=entry.person)
    hidden = make_cast_entry(season=entry.season)
    link = f'<a href="{character.get_absolute_url()}">Kiki</a>'
    assert link in page(client, entry.season.get_absolute_url())
    html = page(client, character.series.get_absolute_url())
    cast = html.partition('class="members"')[2].partition("</ul>")[0]
    assert link in cast
    assert cast.count(entry.person.name) == 1
    assert "Season 1" in cast
    assert "Season 2" in cast
    assert hidden.person.name not in html


def test_an_episode_has_its_title_date_and_cast_and_leads_to_the_next(client):
    season = make_season()
    first, second = (
        make_episode(season=season, number=number, title=title, aired=PartialDate(2020, 2, number))
        for number, title in ((1, "Salt"), (2, "Never cited"))
    )
    make_citation(first, "title")
    make_citation(first, "aired")
    make_citation(second, "aired")
    entry = make_cast_entry(season=season, episode=first)
    make_citation(entry)
    path = first.get_absolute_url()
    assert path == f"{season.get_absolute_url()}episode-1/"
    html = page(client, path)
    for text in ("<h1>Salt", "1 February 2020", entry.person.name, entry.character.name):
        assert text in html
    assert f'rel="next" href="{second.get_absolute_url()}"' in html
    other = page(client, second.get_absolute_url())
    assert "Never cited" not in other
    assert "episode 2" in other.lower()
    assert f'<a href="{path}">Salt</a>' in page(client, season.get_absolute_url())
    assert client.get(f"{path.removesuffix('/')}.json").json()["aired"]["value"] == "1 February 2020"


def test_a_special_is_found_by_its_title_and_only_while_that_is_verified(client):
    season = make_season(number=0)
    special = make_episode(season=season, number=None, title="The Making of")
    path = special.get_absolute_url()
    assert path.endswith("/season-0/the-making-of/")
    assert client.get(path).status_code == 404
    make_citation(special, "title")
    assert "<h1>The Making of" in page(client, path)
    unnamed = make_episode(season=season, number=None, title="東京")
    assert unnamed.get_absolute_url() == season.get_absolute_url()
    make_citation(unnamed, "title")
    assert "東京" in page(client, season.get_absolute_url())


def test_a_person_has_the_articles_that_lead_to_them(client):
    entry = make_cast_entry(season=make_season(number=1))
    make_citation(entry)
    key = f"{entry.season.series.slug}/1"
    body = f'<p data-not-a-claim="example">Who:</p><div data-embed="cast" data-season="{key}"></div>'
    make_article(published=True, body=body, title="The whole cast")
    assert "The whole cast" in page(client, entry.person.get_absolute_url())
    assert "The whole cast" in page(client, entry.character.get_absolute_url())


def test_each_page_takes_as_many_queries_with_3_rows_as_with_30(client, django_assert_max_num_queries):
    series = make_series()
    character, person = make_character(series=series), make_person()
    episode = make_episode(season=make_season(series=series, number=100), number=1, title="Salt")
    make_citation(episode, "title")
    link = f'<a href="{character.get_absolute_url()}">x</a><a href="{person.get_absolute_url()}">y</a>'
    most = {character: 8, person: 8, episode: 7, series: 12}
    counts = set()
    for count in (3, 27):
        for _ in range(count):
            entry = played(character, series.seasons.count() + 1, person=person)
            make_citation(make_alias(character=character), "text")
            make_citation(make_cast_entry(season=episode.season, episode=episode))
            number = episode.season.episodes.count() + 1
            make_citation(make_episode(season=episode.season, number=number, title="X"), "title")
            body = f'<p data-not-a-claim="example">{link}</p>'
            make_article(published=True, body=body, series=series, season=entry.season)
        for record, limit in most.items():
            client.get(record.get_absolute_url())  # what a process asks once
            ContentType.objects.clear_cache()
            with django_assert_max_num_queries(limit) as counted:
                page(client, record.get_absolute_url())
            counts.add((record, len(counted)))
    assert len(counts) == len(most)
