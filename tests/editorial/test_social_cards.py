"""Social cards: drawn of the headline that gives nothing away, for articles that readers have."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from editorial.actions import publish_article, retract_article, save_article, unpublish_article
from editorial.social_cards import (
    HEIGHT,
    WIDTH,
    CardText,
    draw_card,
    fingerprint,
    fitted,
    writable,
)
from editorial.social_cards import _font as font
from tests.factories import make_article, make_photo, make_season, make_series

TEXT = CardText("A farewell", "Recaps", "Harbour Lights", "Television, with its sources")
LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x4FF, exclude_categories=["Cc", "Cs"])


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


@pytest.mark.parametrize(
    "title",
    [
        "A farewell",
        "Ein König schläft schlecht: „Narcos: Mexico“ geht in die zweite Staffel",
        "Ñandú, Ελλάδα, начало, Thưởng",
        "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
        "word " * 40,
        "W" * 200,
        "漢字の見出し",
        "🎬",
        "",
    ],
)
def test_every_title_makes_a_card_of_the_size_that_sites_ask_for(title):
    card = opened(draw_card(CardText(title, "Recaps", "", "Television")))
    assert (card.format, card.size) == ("PNG", (1200, 630))
    assert card.size == (WIDTH, HEIGHT)


@settings(max_examples=60, deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=200))
def test_a_headline_stays_inside_its_place_and_loses_words_only_where_it_says_so(title):
    size, lines = fitted(title)
    assert all(font(size).getlength(line) <= WIDTH - 2 * 84 for line in lines)
    assert len(lines) * size * 1.14 <= 318
    squeezed = "".join(title.split())
    joined = "".join("".join(lines).split())
    assert joined == squeezed or (joined.endswith("…") and squeezed.startswith(joined[:-1]))


def test_shorter_headlines_are_larger():
    sizes = [fitted("A longer headline than before " * count)[0] for count in (1, 3, 6)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Ñandú  and\nΕλλάδα", "Ñandú and Ελλάδα"),
        ("Cafe\u0301", "Café"),
        ("🎬 Narcos returns", "Narcos returns"),
        ("漢字 and more", ""),
        ("نهاية", ""),
    ],
)
def test_no_letter_is_drawn_as_a_box(text, drawn):
    assert writable(text) == drawn


def test_a_headline_that_cannot_be_drawn_gives_way_to_the_series():
    other = CardText("別の見出し", TEXT.section, TEXT.series, TEXT.motto)
    assert draw_card(other) == draw_card(CardText("漢字", TEXT.section, TEXT.series, TEXT.motto))
    assert draw_card(other) != draw_card(TEXT)


def test_a_card_has_another_name_when_anything_on_it_changes():
    names = {fingerprint(TEXT)}
    for field in TEXT.__slots__:
        names.add(fingerprint(CardText(**{one: getattr(TEXT, one) for one in TEXT.__slots__} | {field: "x"})))
    assert len(names) == 1 + len(TEXT.__slots__)
    assert fingerprint(TEXT) == fingerprint(CardText(**{one: getattr(TEXT, one) for one in TEXT.__slots__}))


def large_photo(**fields):
    raw = io.BytesIO()
    Image.new("RGB", (800, 600), (180, 90, 40)).save(raw, "WEBP")
    return make_photo(image=ContentFile(raw.getvalue(), "large.webp"), **fields)


def meta(client, article) -> dict[str, str]:
    html = client.get(article.get_absolute_url()).content.decode()
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html)
    return {name: unescape(value) for name, value in found}


def path_of(client, article) -> str:
    return meta(client, article)["og:image"].removeprefix("http://testserver")


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
class TestPages:
    def test_an_article_without_a_photo_is_shared_with_its_card(self, client):
        series = make_series(title="Harbour Lights")
        article = make_article(
            published=True, title="She goes", spoiler_free_title="A farewell", series=series
        )
        said = meta(client, article)
        assert said["og:title"] == said["og:image:alt"] == "A farewell"
        assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
        assert said["twitter:card"] == "summary_large_image"
        response = client.get(path_of(client, article))
        assert response.headers["Content-Type"] == said["og:image:type"] == "image/png"
        assert response.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
        assert b"".join(response) == draw_card(TEXT)

    def test_the_card_of_a_season_names_its_series_at_the_address_it_has(self, client):
        season = make_season(series=make_series(title="Harbour Lights"))
        article = make_article(published=True, title="A farewell", season=season)
        response = client.get(path_of(client, article))
        assert response.status_code == 200
        assert b"".join(response) == draw_card(TEXT)

    def test_a_card_speaks_the_language_of_its_article(self, client):
        article = make_article(published=True, title="Abschied", language="de")
        with translation.override("de"):
            text = CardText("Abschied", gettext("Recaps"), "", gettext("Television, with its sources"))
        assert b"".join(client.get(path_of(client, article))) == draw_card(text)

    def test_a_photo_is_shared_in_its_place_unless_it_gives_something_away_or_is_small(self, client):
        photo = large_photo(alt="A harbour")
        said = meta(client, make_article(published=True, photo=photo))
        assert said["og:image"].startswith("http://testserver/media/renditions/large.webp/16x9-")
        assert (said["og:image:width"], said["og:image:height"]) == ("800", "450")
        assert (said["og:image:alt"], said["og:image:type"]) == ("A harbour", "image/jpeg")
        assert client.get(said["og:image"]).headers["Content-Type"] == "image/jpeg"
        telling = large_photo(gives_away=make_season(), alt="The end")
        for photo in (telling, make_photo()):
            said = meta(client, make_article(published=True, photo=photo))
            assert "/card-" in said["og:image"]
            assert said["og:image:alt"] != "The end"

    @pytest.mark.parametrize("take_away", [retract_article, unpublish_article])
    def test_the_card_goes_with_the_article(self, client, take_away):
        draft = make_article()
        article = make_article(published=True)
        path = path_of(client, article)
        assert client.get(path).status_code == 200
        assert client.get(path.replace(article.slug, draft.slug)).status_code == 404
        take_away(user=None, article=article, looked_at=1, reason="Not ours.")
        assert client.get(path).status_code == 404

    def test_a_new_headline_makes_a_new_card_and_the_old_address_leads_to_it(self, client, settings):
        article = make_article(published=True, title="Before")
        before = path_of(client, article)
        assert client.get(before).status_code == 200
        article.title = "After"
        save_article(user=None, article=article, based_on=1)
        assert client.get(before).status_code == 200
        publish_article(user=None, article=article)
        response = client.get(before)
        assert (response.status_code, response.headers["Location"]) == (302, path_of(client, article))
        assert client.get(response.headers["Location"]).status_code == 200
        assert client.get(re.sub("card-.*", "card-0.png", before)).status_code == 302
        assert len(list((settings.MEDIA_ROOT / "cards").iterdir())) == 1

    def test_a_card_takes_two_queries(self, client, django_assert_max_num_queries):
        path = path_of(client, make_article(published=True, series=make_series()))
        for _ in range(30):
            make_article(published=True)
        with django_assert_max_num_queries(2):
            client.get(path)
