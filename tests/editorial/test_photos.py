"""Photos are public while a page shows them, and for nobody but the desk before and after."""

from __future__ import annotations

import datetime
import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from catalog import pictures
from catalog.dates import PartialDate
from catalog.models import Photo
from catalog.renditions import folder_of
from editorial.actions import (
    correct_article,
    publish_article,
    retract_article,
    save_article,
    unpublish_article,
)
from tests.factories import make_article, make_contributor, make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def status_of(client, photo) -> int:
    return client.get(photo.image.url).status_code


@pytest.fixture
def photo():
    return make_photo()


def test_a_photo_is_public_while_an_edition_shows_it(client, photo):
    other = make_photo()
    assert status_of(client, photo) == 404
    article = make_article(photo=photo)
    assert status_of(client, photo) == 404
    publish_article(user=None, article=article)
    response = client.get(photo.image.url)
    assert response.headers["Content-Type"] == "image/webp"
    assert b"".join(response) == photo.image.open().read()
    article.photo = other
    save_article(user=None, article=article, based_on=1)
    assert (status_of(client, photo), status_of(client, other)) == (200, 404)
    correct_article(user=None, article=article, looked_at=2, kind="correction", note="Another photo.")
    assert (status_of(client, photo), status_of(client, other)) == (404, 200)


@pytest.mark.parametrize("take_away", [retract_article, unpublish_article])
def test_a_photo_leaves_the_site_with_the_last_page_that_shows_it(client, photo, take_away):
    first, second = (make_article(published=True, photo=photo) for _ in range(2))
    take_away(user=None, article=first, looked_at=1, reason="Not ours.")
    assert status_of(client, photo) == 200
    take_away(user=None, article=second, looked_at=1, reason="Not ours.")
    assert status_of(client, photo) == 404


def test_who_kept_a_photo_gets_no_304_for_it_after_a_retraction(client, photo):
    article = make_article(published=True, photo=photo)
    date = {"If-Modified-Since": client.get(photo.image.url).headers["Last-Modified"]}
    assert client.get(photo.image.url, headers=date).status_code == 304
    retract_article(user=None, article=article, looked_at=1, reason="Not ours.")
    assert client.get(photo.image.url, headers=date).status_code == 404
    assert client.head(photo.image.url).status_code == 404


def test_caches_keep_public_photos_for_minutes_and_others_not_at_all(client, photo):
    make_article(published=True, photo=photo)
    public = client.get(photo.image.url)
    assert public.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert "Cookie" not in public.headers.get("Vary", "")
    client.force_login(make_user("Writers"))
    assert client.get(photo.image.url).headers["Cache-Control"] == public.headers["Cache-Control"]
    unused = client.get(make_photo().image.url)
    assert unused.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in unused.headers["Vary"]


@pytest.mark.parametrize("role", ["Writers", "Fact-checkers", "Editors", "Administrators"])
def test_the_desk_sees_every_photo(client, photo, role):
    client.force_login(make_user(role))
    assert status_of(client, photo) == 200


def test_accounts_that_may_not_view_photos_see_those_that_readers_see(client, photo):
    client.force_login(make_user(None, is_staff=True))
    assert status_of(client, photo) == 404
    client.force_login(make_user("Editors", is_staff=False))
    assert status_of(client, photo) == 404
    make_article(published=True, photo=photo)
    assert status_of(client, photo) == 200


def test_the_admin_shows_thumbnails_of_what_is_not_public(client, photo):
    client.force_login(make_user("Editors"))
    html = client.get(reverse("admin:catalog_photo_changelist")).content.decode()
    [source] = re.findall(r'class="photo-preview" src="([^"]+)"', html)
    assert client.get(source).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "photos",
        "photos/",
        "photos//x.webp",
        "photos\\x.webp",
        "../settings.py",
        "photos/../../ibid.sqlite3",
        "/etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "%00",
        "photos/%00.webp",
        "nothing.webp",
        "x" * 5000,
    ],
)
def test_nothing_but_photos_has_an_address(client, photo, path):
    make_article(published=True, photo=photo)
    for user in (None, make_user("Administrators")):
        if user is not None:
            client.force_login(user)
        assert client.get(f"/media/{path}").status_code == 404


def test_a_file_without_a_photo_is_nobodys(client, photo, settings):
    make_article(published=True, photo=photo)
    old = photo.image.url
    (settings.MEDIA_ROOT / "photos" / "left-over.webp").write_bytes(b"left over")
    photo.image.save("newer.webp", photo.image.open())
    client.force_login(make_user("Editors"))
    assert client.get("/media/photos/left-over.webp").status_code == 404
    assert client.get(old).status_code == 404
    assert status_of(client, photo) == 200


def test_a_lost_file_is_a_404(client, photo):
    make_article(published=True, photo=photo)
    photo.image.storage.delete(photo.image.name)
    assert status_of(client, photo) == 404


def test_a_public_photo_takes_one_query_and_a_desks_five(client, photo, django_assert_num_queries):
    make_article(published=True, photo=photo)
    hidden = make_photo()
    for _ in range(30):
        make_article(published=True, photo=photo)
    with django_assert_num_queries(1):
        client.get(photo.image.url)
    with django_assert_num_queries(1):
        client.get(hidden.image.url)
    client.force_login(make_user("Editors"))
    with django_assert_num_queries(1):
        client.get(photo.image.url)
    with django_assert_num_queries(5):
        client.get(hidden.image.url)


# Rights that end


def today() -> datetime.date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def date_of(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def test_a_photo_leaves_every_page_when_its_rights_end(client):
    photo = make_photo(rights_until=date_of(today()))
    article = make_article(published=True, photo=photo)
    pages = ("/", "/recaps/", article.get_absolute_url())
    for path in pages:
        assert folder_of(photo.image.name) in client.get(path).content.decode()
    assert status_of(client, photo) == 200
    photo.rights_until = date_of(today() - datetime.timedelta(days=1))
    photo.save()
    cache.clear()  # an article's page may keep its photo for five minutes
    for path in pages:
        html = client.get(path).content.decode()
        assert folder_of(photo.image.name) not in html
        assert photo.image.url not in html
    assert status_of(client, photo) == 404
    client.force_login(make_user("Editors"))
    assert status_of(client, photo) == 200


@pytest.mark.parametrize(
    ("until", "moment", "ended"),
    [
        ("2026-06-30", "2026-06-30 23:59", False),
        ("2026-06-30", "2026-07-01 00:00", True),
        ("2026-06", "2026-06-30 23:59", False),
        ("2026-06", "2026-07-01 00:00", True),
        ("2026", "2026-12-31 23:59", False),
        ("2026", "2027-01-01 00:00", True),
        ("2026-12~", "2026-12-31 12:00", False),
        ("", "2099-01-01 00:00", False),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "America/Los_Angeles", "Pacific/Auckland"])
def test_rights_end_with_the_last_day_in_the_newsrooms_zone(
    monkeypatch, settings, until, moment, ended, zone
):
    settings.TIME_ZONE = zone
    now = datetime.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    photo = make_photo(rights_until=PartialDate.parse(until) if until else None)
    assert photo.rights_have_ended is ended


# Copies in other formats, widths and ratios


def large_photo(**fields):
    raw = io.BytesIO()
    Image.new("RGB", (400, 300), (180, 90, 40)).save(raw, "WEBP")
    return make_photo(image=ContentFile(raw.getvalue(), "large.webp"), **fields)


FACT = '<p data-not-a-claim="x">Before.</p>'


def copies(client, path: str) -> list[str]:
    """The addresses of the copies that a page offers."""
    html = client.get(path).content.decode()
    parts = ",".join(re.findall(r'srcset="([^"]+)"', html)).split(",")
    return list(dict.fromkeys(part.split()[0] for part in parts if part.strip()))


def test_a_page_offers_its_photo_in_three_formats_and_every_copy_is_what_it_says(client):
    article = make_article(published=True, photo=large_photo(alt="A harbour"))
    path = article.get_absolute_url()
    html = client.get(path).content.decode()
    types = re.findall(r'<source type="([^"]+)"', html)
    assert types == ["image/avif", "image/webp"]
    assert 'width="400" height="225" alt="A harbour" fetchpriority="high"' in html
    found = copies(client, path)
    assert [address.rpartition("-")[2] for address in found] == [
        f"{width}.{format}" for format in ("avif", "webp", "jpg") for width in (320, 400)
    ]
    for address in found:
        response = client.get(address)
        picture = Image.open(io.BytesIO(b"".join(response)))
        assert response.headers["Content-Type"] == Image.MIME[picture.format]
        assert response.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
        assert picture.size == (int(re.search(r"(\d+)\.\w+$", address)[1]), round(picture.width * 9 / 16))


def test_cards_keep_their_pictures_place_and_all_but_the_first_wait(client):
    for _ in range(3):
        make_article(published=True, photo=large_photo())
    pictures = re.findall(r"<img [^>]+>", client.get("/").content.decode())
    assert len(pictures) == 3
    assert all('width="400" height="225" alt=""' in picture for picture in pictures)
    assert ['loading="lazy"' in picture for picture in pictures] == [False, True, True]
    assert ['fetchpriority="high"' in picture for picture in pictures] == [True, False, False]


def test_copies_are_as_public_as_their_photo(client):
    article = make_article(published=True, photo=large_photo())
    found = copies(client, article.get_absolute_url())
    assert {client.get(address).status_code for address in found} == {200}
    date = {"If-Modified-Since": client.get(found[0]).headers["Last-Modified"]}
    assert client.get(found[0], headers=date).status_code == 304
    retract_article(user=None, article=article, looked_at=1, reason="Not ours.")
    assert {client.get(address).status_code for address in found} == {404}
    assert client.get(found[0], headers=date).status_code == 404
    client.force_login(make_user("Writers"))
    assert client.get(found[0]).headers["Cache-Control"] == "private, no-cache"


def test_when_rights_end_the_photo_leaves_texts_machines_and_shared_links_too(client):
    photo = large_photo(slug="inside", rights_until=date_of(today()), caption="Ridge", credit="By them")
    make_photo(slug="other", caption="Stays")
    fact = '<p data-not-a-claim="x">Before.</p><div data-embed="photo" data-photo="{}"></div>'
    article = make_article(published=True, photo=photo, body=fact.format("inside") + fact.format("other"))
    path, folder = article.get_absolute_url(), folder_of(photo.image.name)
    found = [address for address in copies(client, path) if folder in address]
    places = (path, f"{path.rstrip('/')}.json", "/", "/index.json", "/recaps/", "/recaps.json")
    oembed = f"/oembed?url=http://testserver{path}"
    for place in (*places, oembed):
        assert folder in client.get(place).content.decode(), place
    assert "By them" in client.get(path).content.decode()
    photo.rights_until = date_of(today() - datetime.timedelta(days=1))
    photo.save()
    cache.clear()
    for place in (*places, oembed, "/feed.atom", "/feed.rss"):
        text = client.get(place).content.decode()
        assert folder not in text, place
        assert photo.image.name not in text, place
        assert "By them" not in text, place
    html = client.get(path).content.decode()
    assert html.count("<figure") == 1
    assert "Stays" in html
    assert "/card-" in html
    assert {client.get(address).status_code for address in found} == {404}


def test_a_text_shows_its_photos_as_the_catalog_has_them_now(client):
    photo = large_photo(slug="inside", caption="Earlier")
    article = make_article(
        published=True,
        body='<p data-not-a-claim="x">Before.</p><div data-embed="photo" data-photo="inside"></div>',
    )
    before = copies(client, article.get_absolute_url())
    photo.image.save("newer.webp", photo.image.open(), save=False)
    photo.caption = "Later"
    photo.save()
    cache.clear()
    html = client.get(article.get_absolute_url()).content.decode()
    assert "Later" in html
    assert "Earlier" not in html
    assert {client.get(address).status_code for address in before} == {404}
    assert {client.get(address).status_code for address in copies(client, article.get_absolute_url())} == {
        200
    }


def test_photos_that_follow_each_other_are_a_gallery_that_ends_with_its_rights(client):
    photos = [large_photo(slug=name, rights_until=date_of(today())) for name in ("a", "b")]
    body = FACT + "".join(f'<div data-embed="photo" data-photo="{one.slug}"></div>' for one in photos)
    path = make_article(published=True, body=body).get_absolute_url()
    html = client.get(path).content.decode()
    assert html.count('<div class="gallery" role="group" aria-label="Photo gallery">') == 1
    assert html.count('<figure class="picture in-gallery">') == 2
    assert html.count('width="400" height="300"') == 2
    Photo.objects.update(rights_until="2019")
    cache.clear()
    html = client.get(path).content.decode()
    assert "gallery" not in html
    assert "<figure" not in html


def test_another_focal_point_gives_copies_other_names_and_old_ones_lead_there(client, settings):
    photo = large_photo()
    path = make_article(published=True, photo=photo).get_absolute_url()
    [before, *_others] = copies(client, path)
    assert client.get(before).status_code == 200
    photo.focus_x, photo.focus_y = 10, 90
    photo.save()
    cache.clear()
    [after, *_others] = copies(client, path)
    assert "-10-90-" in after
    response = client.get(before)
    assert (response.status_code, response.headers["Location"]) == (302, after)
    assert client.get(before.replace("-50-50-", "-7-7-")).headers["Location"] == after
    assert client.get(after).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["own-321.avif", "16x9-50-50-1024.avif", "own-320.png", "2x1-320.jpg", "own-0.jpg", "../large.webp", ""],
)
def test_only_the_few_copies_there_are_can_be_asked_for(client, settings, name):
    photo = large_photo()
    make_article(published=True, photo=photo)
    assert client.get(f"/media/{folder_of(photo.image.name)}/{name}").status_code == 404
    assert client.get("/media/renditions/nothing.webp/own-320.avif").status_code == 404
    assert not (settings.MEDIA_ROOT / "renditions").exists()


def test_a_copy_of_a_lost_file_is_a_404(client):
    photo = large_photo()
    [address, *_others] = copies(client, make_article(published=True, photo=photo).get_absolute_url())
    photo.image.storage.delete(photo.image.name)
    assert client.get(address).status_code == 404


# Portraits


def test_a_portrait_is_public_while_its_contributor_has_signed_what_readers_have(client):
    portrait = large_photo(alt="Zoe, laughing", credit="By a friend")
    zoe = make_contributor(slug="zoe", name="Zoe", biography="Zoe writes.", portrait=portrait)
    address = pictures.jpeg_of(portrait, "1x1").url
    article = make_article(contributors=(zoe,))
    assert client.get(address).status_code == 404
    publish_article(user=None, article=article)
    assert client.get(address).status_code == 200
    html = client.get(article.get_absolute_url()).content.decode()
    assert "Zoe writes." in html
    assert "By a friend" in html
    assert re.findall(r'alt="([^"]*)" loading="lazy"', html) == ["", "Zoe, laughing"]
    # Who signs is as the edition froze it.
    save_article(user=None, article=article, based_on=1, contributors=(make_contributor(slug="zo"),))
    assert client.get(address).status_code == 200
    retract_article(user=None, article=article, looked_at=2, reason="Not ours.")
    assert client.get(address).status_code == 404


def test_a_portrait_whose_rights_have_ended_leaves_the_byline(client):
    portrait = large_photo(rights_until=PartialDate(2019))
    zoe = make_contributor(name="Zoe", biography="Zoe writes.", portrait=portrait)
    article = make_article(published=True, contributors=(zoe,))
    for path in (article.get_absolute_url(), f"{article.get_absolute_url().rstrip('/')}.json"):
        text = client.get(path).content.decode()
        assert "Zoe writes." in text
        assert folder_of(portrait.image.name) not in text
    assert client.get(pictures.jpeg_of(portrait, "1x1").url).status_code == 404


def test_a_byline_costs_one_query_whoever_signs(client, django_assert_num_queries):
    for count in (1, 6):
        byline = tuple(make_contributor(portrait=make_photo(), biography="Writes.") for _ in range(count))
        path = make_article(published=True, contributors=byline).get_absolute_url()
        with django_assert_num_queries(3):
            client.get(path)


def test_the_photos_of_a_text_and_of_its_byline_cost_one_query(client, django_assert_num_queries):
    for count in (3, 30):
        blocks = "".join(
            f'<div data-embed="photo" data-photo="{make_photo().slug}"></div>' for _ in range(count)
        )
        byline = (make_contributor(portrait=make_photo(), biography="Writes."),)
        path = make_article(published=True, body=FACT + blocks, contributors=byline).get_absolute_url()
        with django_assert_num_queries(3):
            client.get(path)
