"""Photos and timelines in articles: what they bind, what blocks them, and what readers get."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.dates import PartialDate
from catalog.models import Decision
from catalog.pictures import jpeg_of
from editorial.actions import PublicationRefused, examine, publish_article, save_article
from editorial.binding import drift, evidence_of
from editorial.models import Pictured
from editorial.prose.coverage import cover
from tests import factories as make

pytestmark = pytest.mark.django_db

PHOTO = '<div data-embed="photo" data-photo="{}"></div>'
FACT = '<p data-not-a-claim="opinion">We liked it.</p>'


def moved_by(change, article) -> list[str]:
    """What an approval of the article would name after the change."""
    before = examine(article).evidence
    change()
    return list(drift("", before, "", examine(article).evidence).evidence)


@pytest.fixture
def season():
    """A season whose premiere two sources tell, one after the other."""
    season = make.make_season(number=2, premiere=PartialDate(2020, 2, 13))
    for year, says in ((2018, "not announced"), (2019, "13 February 2020")):
        source = make.make_source(published=PartialDate(year), title=f"The Ledger of {year}")
        make.make_citation(season, "premiere", make.make_passage(source), says=says)
    return season


@pytest.fixture
def timeline(season):
    return f'<div data-embed="timeline" data-season="{season.series.slug}/{season.number}"></div>'


def test_every_photo_of_an_edition_is_named_by_it_once():
    headline, inside, other = make.make_photo(slug="a"), make.make_photo(slug="b"), make.make_photo(slug="c")
    body = FACT + PHOTO.format("b") + PHOTO.format("a") + PHOTO.format("b")
    article = make.make_article(body=body, photo=headline, published=True)
    edition = article.editions.get()
    assert list(edition.pictured.values_list("photo__slug", flat=True)) == ["a", "b"]
    article.body = FACT + PHOTO.format("c")
    article.photo = None
    save_article(user=None, article=article, based_on=1)
    newer = publish_article(user=None, article=article)
    assert [one.photo for one in newer.pictured.all()] == [other]
    assert Pictured.objects.filter(edition=edition, photo=inside).exists()


def test_a_photo_in_the_text_reaches_readers_with_caption_and_credit(client):
    photo = make.make_photo(slug="ridges", alt="Ridges", caption="Ridge behind ridge.", credit="Ibid")
    article = make.make_article(body=FACT + PHOTO.format("ridges"), published=True)
    html = client.get(article.get_absolute_url()).content.decode()
    assert '<figure class="picture">\n' in html
    assert f'src="{jpeg_of(photo, "own").url}"' in html
    assert 'width="32" height="18" alt="Ridges" loading="lazy"' in html
    assert '<figcaption>Ridge behind ridge. <span class="credit">Ibid</span></figcaption>' in html


def test_an_unknown_photo_keeps_an_article_from_its_readers():
    article = make.make_article(body=FACT + PHOTO.format("no-such"))
    with pytest.raises(PublicationRefused) as refusal:
        publish_article(user=None, article=article)
    assert [(one.code, one.where) for one in refusal.value.problems] == [("unknown-photo", "photo no-such")]


def test_what_was_examined_tells_the_photos_of_the_text_from_that_of_the_headline():
    make.make_photo(slug="inside")
    article = make.make_article(
        body=FACT + PHOTO.format("inside") + PHOTO.format("none"), photo=make.make_photo(slug="headline")
    )
    examined = examine(article)
    assert list(examined.pictures) == ["inside"]
    assert [photo.slug for photo in examined.photos] == ["headline", "inside"]


def test_a_caption_is_no_claim_of_the_text():
    make.make_photo(slug="p", caption="It was shot in Durango.")
    coverage = cover(PHOTO.format("p"), "en")
    assert (coverage.sentences, coverage.words, coverage.photos) == ((), 0, ("p",))


@pytest.mark.parametrize(
    ("field", "value"),
    [("alt", "Other"), ("caption", "Other"), ("credit", "Other"), ("image", "another file")],
)
def test_an_approval_binds_what_readers_get_of_a_photo(field, value):
    photo = make.make_photo(slug="p")
    article = make.make_article(body=FACT + PHOTO.format("p"))

    def change():
        if field == "image":
            name = photo.image.name.rpartition("/")[2]
            photo.image = ContentFile(photo.image.storage.open(photo.image.name).read(), name)
        else:
            setattr(photo, field, value)
        photo.save()

    assert moved_by(change, article) == ["photo p"]


def test_an_approval_leaves_alone_what_readers_do_not_get_of_a_photo(season):
    photo = make.make_photo(slug="p")
    article = make.make_article(body=FACT + PHOTO.format("p"))

    def change():
        photo.rights_until, photo.gives_away = PartialDate(2030), season
        photo.save()

    assert moved_by(change, article) == []


def test_a_photo_that_goes_is_evidence_that_is_gone():
    photo = make.make_photo(slug="p")
    article = make.make_article(body=FACT + PHOTO.format("p"))
    assert moved_by(photo.delete, article) == ["photo p"]


def test_a_timeline_in_the_text_is_that_of_the_season_with_footnotes_of_its_own(client, season, timeline):
    article = make.make_article(body=FACT + timeline, published=True)
    html = client.get(article.get_absolute_url()).content.decode()
    assert f"<figcaption>{season}: what was known when</figcaption>" in html
    assert html.index("The Ledger of 2018") < html.index("The Ledger of 2019")
    cited = [citation.passage for citation in season.citations.order_by("pk")]
    assert [note.passage for note in article.editions.get().footnotes.order_by("number")] == cited
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_a_timeline_speaks_the_language_of_its_article(season, timeline):
    article = make.make_article(body=FACT + timeline, language="de", published=True)
    assert "13. Februar 2020" in article.editions.get().html


def test_an_approval_binds_everything_that_a_timeline_shows(season, timeline):
    article = make.make_article(body=FACT + timeline)
    [key] = examine(article).coverage.embeds
    first, second = season.citations.order_by("pk")

    def rename():
        first.passage.source.title = "Another title"
        first.passage.source.save()

    def redate():
        second.passage.source.published = PartialDate(2019, 6)
        second.passage.source.save()

    other = make.make_passage()
    overruled = [{"passage": other.key, "says": "2021"}]

    def say_otherwise():
        make.make_citation(season, "premiere", other, says="2021", stance="contradicts")

    def decide():
        make.make_decision(season, "premiere", reason="The network says so.", overruled=overruled)

    def reason_otherwise():
        make.make_decision(season, "premiere", reason="It was on air.", overruled=overruled)

    for change in (rename, redate, say_otherwise, decide, reason_otherwise):
        assert moved_by(change, article) == [key], change.__name__
    assert Decision.objects.count() == 2
    assert moved_by(lambda: None, article) == []


def test_a_season_without_a_history_has_an_empty_timeline():
    season = make.make_season()
    body = f'{FACT}<div data-embed="timeline" data-season="{season.series.slug}/{season.number}"></div>'
    article = make.make_article(body=body, published=True)
    assert "No two statements about it are known yet." in article.editions.get().html


@pytest.mark.parametrize("count", [3, 30])
def test_many_photos_cost_as_many_queries_as_few(count):
    for number in range(count):
        make.make_photo(slug=f"p{number}")
    article = make.make_article(body=FACT + "".join(PHOTO.format(f"p{number}") for number in range(count)))
    with CaptureQueriesContext(connection) as queries:
        examined = examine(article)
        assert len(evidence_of(examined.coverage, examined.passages, examined.embeds)) == count
    assert len(queries) == 2  # the photos, and whether there is a byline
