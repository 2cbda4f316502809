"""The focal point of a photo, set on the picture with a pointer and by keyboard."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from catalog.models import Photo
from tests import factories as make
from tests.browser.test_editing import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_click_and_the_arrow_keys_move_the_focal_point_and_what_is_cut(page, desk, editor, console):
    raw = io.BytesIO()
    Image.new("RGB", (400, 200), "teal").save(raw, "WEBP")
    photo = make.make_photo(image=ContentFile(raw.getvalue(), "wide.webp"))
    sign_in(page, desk, editor)
    page.goto(f"{desk}{reverse('admin:catalog_photo_change', args=[photo.pk])}")
    picture = page.locator(".focal-picture img")
    mark = page.get_by_role("button", name="Focal point.")
    expect(mark).to_have_accessible_name("Focal point. The arrow keys move it. 50 %, 50 %")
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3)
    expect(mark).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_label("Focal point from the left")).to_have_value("81")
    expect(page.get_by_label("Focal point from the top")).to_have_value("40")
    square = page.locator(".focal-cut").last
    assert square.evaluate("image => image.clientWidth === image.clientHeight")
    assert square.evaluate("image => image.style.objectPosition") == "100% 50%"
    page.get_by_label("Focal point from the left").fill("50")
    assert square.evaluate("image => image.style.objectPosition") == "50% 50%"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert list(Photo.objects.values_list("focus_x", "focus_y")) == [(50, 40)]
    assert console == []
