"""Photos: every upload is checked and stored as our own encoding."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from catalog.models import Photo
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

ADD = "/admin/catalog/photo/add/"


@pytest.fixture(autouse=True)
def _as_fact_checker(client):
    client.force_login(make.make_user("Fact-checkers"))


def picture(size=(40, 20), form="JPEG", **options) -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(raw, form, **options)
    return raw.getvalue()


def upload(client, raw: bytes, name: str = "photo.jpg", **entered):
    data = form_data(client.get(ADD), "photo_form") | {"slug": "bridge", "alt": "A bridge", "credit": "Me"}
    return client.post(ADD, data | entered | {"image": SimpleUploadedFile(name, raw)}, follow=True)


def test_an_upload_is_stored_as_webp_without_what_was_hidden_in_it(client):
    response = upload(client, picture(comment=b"secret place"))
    photo = Photo.objects.get()
    assert (photo.image.name, photo.width, photo.height) == ("photos/bridge.webp", 40, 20)
    assert b"secret" not in photo.image.read()
    assert "No article can be published" not in response.content.decode()


def test_what_a_photo_gives_away_is_said_on_its_page(client):
    season = make.make_season()
    upload(client, picture(), gives_away=season.pk)
    assert Photo.objects.get().gives_away == season


def test_the_page_of_a_photo_shows_it(client):
    upload(client, picture())
    photo = Photo.objects.get()
    page = client.get(reverse("admin:catalog_photo_change", args=[photo.pk])).content.decode()
    assert f'<img class="photo-preview" src="{photo.image.url}" alt="A bridge" width="40" height="20"' in page


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"not a picture", "not a picture, whatever its name says"),
        (picture(form="GIF"), "a file in the format GIF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a file in the format EPS"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a file in the format SVG"),
        (picture(form="TIFF"), "a file in the format TIFF"),
        (picture(form="BMP"), "a file in the format BMP"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "The picture is damaged or ends too early."),
        (picture()[:200], "The picture is damaged or ends too early."),
        (picture(size=(400, 400)), "The picture has more than 0.1 million pixels."),
        (b"\xff\xd8\xff" + b"x" * 30_000, "The file is larger than"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_in_words(client, settings, raw, message):
    settings.UPLOAD_MAX_PIXELS, settings.UPLOAD_MAX_BYTES = 100_000, 30_000
    response = upload(client, raw, alt="Kept")
    assert message in response.content.decode()
    assert form_data(response, "photo_form")["alt"] == "Kept"
    assert not Photo.objects.exists()


def test_a_photo_without_credit_is_saved_with_a_warning_and_stands_out_in_the_list(client):
    response = upload(client, picture(), credit="", alt="")
    text = "No article can be published with this photo before it has: alternative text, credit."
    assert text in response.content.decode()
    assert ">alternative text, credit<" in client.get("/admin/catalog/photo/").content.decode()
    assert Photo.objects.get().credit == ""


def test_a_photo_keeps_its_picture_when_only_its_words_change(client):
    photo = make.make_photo()
    url = reverse("admin:catalog_photo_change", args=[photo.pk])
    client.post(url, form_data(client.get(url), "photo_form") | {"caption": "New"})
    changed = Photo.objects.get()
    assert (changed.caption, changed.image.name) == ("New", photo.image.name)


def test_the_focal_point_is_two_numbers_that_new_copies_are_cut_around(
    client, settings, django_capture_on_commit_callbacks
):
    photo = make.make_photo()
    url = reverse("admin:catalog_photo_change", args=[photo.pk])
    page = client.get(url)
    html = page.content.decode()
    assert html.count('class="focal-cut"') == 3
    assert "/16x9-50-50-32.jpg" in html
    kept = settings.MEDIA_ROOT / "renditions" / photo.image.name.rpartition("/")[2] / "16x9-50-50-32.jpg"
    assert client.get(f"/media/renditions/{kept.parent.name}/{kept.name}").status_code == 200
    assert kept.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, form_data(page, "photo_form") | {"focus_x": "20", "focus_y": "100"})
    changed = Photo.objects.get()
    assert (changed.focus_x, changed.focus_y) == (20, 100)
    assert not kept.exists()
    assert "/16x9-20-100-32.jpg" in client.get(url).content.decode()


@pytest.mark.parametrize("value", ["101", "-1", "", "left"])
def test_a_focal_point_outside_the_picture_is_refused(client, value):
    photo = make.make_photo()
    url = reverse("admin:catalog_photo_change", args=[photo.pk])
    response = client.post(url, form_data(client.get(url), "photo_form") | {"focus_x": value, "alt": "Kept"})
    assert response.status_code == 200
    assert form_data(response, "photo_form")["alt"] == "Kept"
    assert 'id="id_focus_x_error"' in response.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(focus_x=101)


def test_who_may_only_look_gets_no_fields_for_the_focal_point(client):
    photo = make.make_photo()
    client.force_login(make.make_user("Writers"))
    html = client.get(reverse("admin:catalog_photo_change", args=[photo.pk])).content.decode()
    assert 'class="focal-cut"' in html
    assert 'name="focus_x"' not in html


def test_a_replaced_picture_takes_its_copies_away(client, settings, django_capture_on_commit_callbacks):
    photo = make.make_photo()
    url = reverse("admin:catalog_photo_change", args=[photo.pk])
    folder = settings.MEDIA_ROOT / "renditions" / photo.image.name.rpartition("/")[2]
    assert client.get(f"/media/renditions/{folder.name}/own-32.webp").status_code == 200
    newer = SimpleUploadedFile("newer.png", picture(form="PNG"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, form_data(client.get(url), "photo_form") | {"image": newer})
    assert Photo.objects.get().image.name != photo.image.name
    assert not folder.exists()
    assert client.get(f"/media/renditions/{folder.name}/own-32.webp").status_code == 404
