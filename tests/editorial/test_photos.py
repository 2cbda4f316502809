"""Photos are public while a page shows them, and for nobody but the desk before and after."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from catalog.dates import PartialDate
from editorial.actions import (
    correct_article,
    publish_article,
    retract_article,
    save_article,
    unpublish_article,
)
from tests.factories import make_article, make_photo, make_user

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
        assert photo.image.url in client.get(path).content.decode()
    assert status_of(client, photo) == 200
    photo.rights_until = date_of(today() - datetime.timedelta(days=1))
    photo.save()
    cache.clear()  # an article's page may keep its photo for five minutes
    for path in pages:
        assert photo.image.url not in client.get(path).content.decode()
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
