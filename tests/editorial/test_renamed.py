"""What is published, and what was written, when a record that it names is called something else by now."""

from __future__ import annotations

import csv

import pytest
from django.core.cache import cache
from django.urls import reverse

from catalog.actions import keeping_addresses
from catalog.dates import PartialDate
from catalog.former import record_named
from catalog.models import Episode, Season, Series
from editorial.actions import (
    PublicationRefused,
    examine,
    make_preview,
    publish_article,
    restore_revision,
    save_article,
)
from editorial.drafts import draft_in
from editorial.previews import token_of
from editorial.public_bundles import export_public_bundle
from editorial.search_truth import truth_of
from tests.factories import (
    make_article,
    make_contributor,
    make_episode,
    make_photo,
    make_season,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db

PHOTO = '<div data-embed="photo" data-photo="{}"></div>'
TEXT = '<p data-not-a-claim="opinion">We liked it.</p>'


def rename(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    with keeping_addresses([record]):
        record.save()
    return record


def file_of(photo) -> str:
    return photo.image.name.rpartition("/")[2]


@pytest.fixture
def season():
    return make_season(series=make_series(slug="old"), number=2)


# Between the last save and the publication


def test_a_photo_that_was_renamed_since_is_published_with_its_file(client):
    headline, inside = make_photo(slug="headline"), make_photo(slug="inside", alt="Ridges")
    article = make_article(body=TEXT + PHOTO.format("inside"), photo=headline)
    before = examine(article).evidence
    rename(headline, slug="z"), rename(inside, slug="y")
    article.refresh_from_db()
    assert examine(article).evidence == before  # an approval holds
    edition = publish_article(user=None, article=article)
    assert list(edition.pictured.values_list("photo__slug", flat=True)) == ["y", "z"]
    assert 'alt="Ridges"' in client.get(article.get_absolute_url()).content.decode()
    for photo in (headline, inside):
        assert client.get(photo.image.url).status_code == 200


def test_a_photo_that_was_renamed_since_is_checked(season):
    photo = make_photo(slug="a", credit="", gives_away=season)
    article = make_article(photo=photo, season=season)
    rename(photo, slug="b")
    with pytest.raises(PublicationRefused) as refusal:
        publish_article(user=None, article=article)
    assert {(one.code, one.where) for one in refusal.value.problems} >= {("missing-credit", "b")}


def test_a_photo_under_an_old_and_a_new_name_is_one():
    photo = make_photo(slug="a")
    article = make_article(body=TEXT + PHOTO.format("a"), photo=photo)
    rename(photo, slug="b")
    article.body += PHOTO.format("b")
    save_article(user=None, article=article, based_on=1)
    examined = examine(article)
    assert list(examined.photos) == [photo]
    assert set(examined.pictures) == {"a", "b"}
    assert publish_article(user=None, article=article).pictured.get().photo == photo


@pytest.mark.parametrize("names_the_season", [True, False])
def test_an_article_stays_in_the_lists_of_a_series_that_was_renamed_since(client, season, names_the_season):
    about = {"season": season} if names_the_season else {"series": season.series}
    article = make_article(**about, spoils_through=season)
    rename(season, number=3)
    rename(season.series, slug="new")
    edition = publish_article(user=None, article=article)
    assert (edition.series, edition.season) == (season.series, season if names_the_season else None)
    assert article.get_absolute_url() in client.get("/series/new/feed.atom").content.decode()
    assert draft_in(article, article.revisions.get()).spoils_through == season


def test_the_search_names_a_series_by_its_new_name(season):
    article = make_article(season=season, spoils_through=season, published=True)
    rename(season.series, slug="new", title="New")
    [entry] = truth_of([("article", article.pk)]).values()
    assert (entry.series, entry.spoils) == ({"new": "New"}, "new/2")


def test_the_search_still_hides_what_spoils_a_series_that_is_gone(season):
    article = make_article(spoils_through=season, published=True)
    article.spoils_through = None
    save_article(user=None, article=article, based_on=1)
    series = season.series
    season.delete(), series.delete()
    [entry] = truth_of([("article", article.pk)]).values()
    assert entry.spoils == "old/2"


# While readers have it


def test_a_photo_in_the_text_stays_on_the_page_while_its_rights_last(client):
    photo = make_photo(slug="a", alt="Ridges")
    article = make_article(body=TEXT + PHOTO.format("a"), published=True)
    rename(photo, slug="b", alt="Ridge behind ridge")
    html = client.get(article.get_absolute_url()).content.decode()
    assert 'alt="Ridge behind ridge"' in html  # as the catalog has it now
    assert f"/{file_of(photo)}/" in html
    photo.rights_until = PartialDate(2019)
    photo.save()
    cache.clear()  # an article's page may keep its photo for five minutes
    html = client.get(article.get_absolute_url()).content.decode()
    assert "<figure" not in html
    assert file_of(photo) not in html


def test_the_picture_of_an_embed_survives(client):
    photo = make_photo(slug="a")
    article = make_article(photo=photo, published=True)
    rename(photo, slug="b")
    data = client.get("/oembed", {"url": f"http://testserver{article.get_absolute_url()}"}).json()
    assert file_of(photo) in data["thumbnail_url"]


def test_the_photo_of_a_preview_survives_at_both_addresses(client):
    photo, other = make_photo(slug="a"), make_photo(slug="other")
    article = make_article(photo=photo)
    link = make_preview(user=make_user("Editors"), article=article, revision=article.revisions.get())
    rename(photo, slug="b"), rename(other, slug="else")

    def photo_at(slug):
        return client.get(reverse("editorial:preview_photo", args=[token_of(link), slug]))

    page = client.get(reverse("editorial:preview", args=[token_of(link)])).content.decode()
    assert reverse("editorial:preview_photo", args=[token_of(link), "b"]) in page
    assert [photo_at(slug).status_code for slug in ("a", "b")] == [200, 200]
    assert [photo_at(slug).status_code for slug in ("other", "else")] == [404, 404]


def test_the_public_bundle_calls_everything_by_the_name_it_has_now(season, tmp_path):
    photo, writer = make_photo(slug="a"), make_contributor(slug="zoe", name="Zoe")
    about = {"series": season.series, "season": season, "spoils_through": season}
    make_article(**about, photo=photo, contributors=(writer,), published=True)
    rename(photo, slug="b"), rename(writer, slug="zora"), rename(season.series, slug="new")
    export_public_bundle(out=tmp_path / "out")

    def row(name):
        with (tmp_path / "out" / name).open(newline="") as file:
            [found] = csv.DictReader(file)
        return found

    article = row("articles.csv")
    assert (article["series"], article["season"], article["spoils_through"]) == ("new", "new/2", "new/2")
    assert article["photo"] == row("photos.csv")["slug"] == "b"
    assert article["contributors"] == row("contributors.csv")["slug"] == "zora"
    assert (row("series.csv")["slug"], row("seasons.csv")["series"]) == ("new", "new")


# When an earlier text is taken up again


def test_a_restored_revision_brings_back_what_was_renamed_since(season):
    episode, photo = make_episode(season=season, number=4), make_photo(slug="a")
    first, second = make_contributor(slug="first"), make_contributor(slug="second")
    named = {"series": season.series, "season": season, "episode": episode, "photo": photo}
    article = make_article(**named, spoils_through=season, contributors=(first, second))
    for name in (*named, "spoils_through"):
        setattr(article, name, None)
    save_article(user=None, article=article, based_on=1, contributors=[make_contributor()])
    rename(season.series, slug="new"), rename(photo, slug="b"), rename(first, slug="other")
    restore_revision(user=None, article=article, revision=article.revisions.get(number=1), based_on=2)
    article.refresh_from_db()
    assert {name: getattr(article, name) for name in named} == named
    assert article.spoils_through == season
    assert [one.contributor for one in article.contributions.order_by("position")] == [first, second]


# The look-up


def test_a_record_is_found_by_a_key_that_it_has_or_had(season):
    numbered = make_episode(season=season, number=1)
    special = make_episode(season=season, number=None, title="The Reunion")
    rename(season, number=3)
    rename(season.series, slug="new")
    rename(numbered, number=5), rename(special, title="The Farewell")
    assert record_named(Series, "old") == record_named(Series, "new") == season.series
    for key in ("old/2", "old/3", "new/2", "new/3"):
        assert record_named(Season, key) == season, key
        assert record_named(Episode, f"{key}/1") == record_named(Episode, f"{key}/5") == numbered, key
        for title in ("The Reunion", "The Farewell"):
            assert record_named(Episode, f"{key}/~/{title}") == special, key
    for model, key in ((Series, "none"), (Season, "new/9"), (Episode, "new/3/9"), (Episode, "new/9/1")):
        assert record_named(model, key) is None, key
    taken = make_episode(season=season, number=1)
    assert record_named(Episode, "old/2/1") == taken  # who has a name comes before who had it


def test_what_is_at_hand_and_still_called_so_takes_no_query(season, django_assert_num_queries):
    episode = make_episode(season=season)
    with django_assert_num_queries(0):
        assert record_named(Season, "old/2", season) is season
        assert record_named(Episode, f"old/2/{episode.number}", episode) is episode
        assert record_named(Season, None, season) is None
