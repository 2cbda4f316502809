import io

import pytest
from PIL import Image, ImageCms

from catalog.images import LONGEST_SIDE, ImageRefused, as_stored, reencode

LIMITS = {"max_bytes": 1_000_000, "max_pixels": 20_000_000}


def encoded(image, format, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def decoded(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_format_we_take_becomes_webp_of_the_same_size(format):
    picture = reencode(encoded(Image.new("RGB", (40, 30), "red"), format), **LIMITS)
    assert (picture.format, picture.width, picture.height) == ("webp", 40, 30)
    assert decoded(picture.data).format == "WEBP"


def test_picture_is_turned_upright_before_its_exif_goes():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "secret camera"
    picture = reencode(encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif), **LIMITS)
    assert (picture.width, picture.height) == (30, 40)
    assert not decoded(picture.data).getexif()
    assert b"secret camera" not in picture.data


def test_comments_and_what_follows_the_picture_are_dropped():
    raw = encoded(Image.new("RGB", (40, 30)), "JPEG", comment=b"<script>alert(1)</script>")
    picture = reencode(raw + b"<?php evil() ?>", **LIMITS)
    assert b"script" not in picture.data
    assert b"evil" not in picture.data
    assert decoded(picture.data).info.keys() & {"comment", "icc_profile", "exif", "xmp"} == set()


def test_transparency_is_kept():
    picture = reencode(encoded(Image.new("RGBA", (9, 9), (255, 0, 0, 0)), "PNG"), **LIMITS)
    assert decoded(picture.data).convert("RGBA").getpixel((4, 4))[3] == 0


def test_grey_of_16_bits_keeps_its_tone():
    picture = reencode(encoded(Image.new("I;16", (9, 9), 30_000), "PNG"), **LIMITS)
    assert abs(decoded(picture.data).getpixel((4, 4))[0] - 117) < 3


def test_colours_of_a_profile_become_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    raw = encoded(Image.new("RGB", (9, 9), (200, 30, 30)), "JPEG", icc_profile=profile, quality=100)
    assert abs(decoded(reencode(raw, **LIMITS).data).getpixel((4, 4))[0] - 200) < 6


def test_colours_for_print_become_those_for_screens():
    """CMYK, as cameras' programs and printers save it: without profile, and with one that is none of its."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for options in ({}, {"icc_profile": profile}):
        raw = encoded(Image.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG", quality=100, **options)
        red, green, blue = decoded(reencode(raw, **LIMITS).data).convert("RGB").getpixel((4, 4))
        assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (5000, 1)])
def test_tiny_and_narrow_pictures_are_taken(size):
    picture = reencode(encoded(Image.new("RGB", size), "PNG"), **LIMITS)
    assert 1 <= min(picture.width, picture.height) <= max(picture.width, picture.height) <= LONGEST_SIDE


def test_broken_profile_is_no_reason_to_refuse():
    raw = encoded(Image.new("RGB", (9, 9)), "PNG", icc_profile=b"nonsense" * 30)
    assert reencode(raw, **LIMITS).width == 9


def test_longest_side_is_limited_and_the_shape_kept():
    picture = reencode(encoded(Image.new("RGB", (4800, 1200)), "JPEG"), **LIMITS)
    assert (picture.width, picture.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>'
PNG = encoded(Image.effect_noise((64, 64), 60), "PNG")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (SVG, "SVG"),
        (encoded(Image.new("RGB", (9, 9)), "GIF"), "GIF"),
        (encoded(Image.new("RGB", (9, 9)), "EPS"), "EPS"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "TIFF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"<html>a page named photo.png</html>", "whatever its name says"),
        (b"", "empty"),
        (PNG[: len(PNG) // 2], "ends too early"),
        (encoded(Image.effect_noise((64, 64), 60), "JPEG")[:900], "ends too early"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"x" * 1_000_001, "larger than 0 MB"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_the_reason(raw, words):
    with pytest.raises(ImageRefused) as refused:
        reencode(raw, **LIMITS)
    assert words in str(refused.value)


@pytest.mark.parametrize("format", ["WEBP", "PNG", "AVIF"])
def test_moving_pictures_are_refused(format):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    raw = encoded(frames[0], format, save_all=True, append_images=frames[1:])
    with pytest.raises(ImageRefused, match="moves"):
        reencode(raw, **LIMITS)


@pytest.mark.parametrize("size", [(101, 100), (13_000, 13_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size, monkeypatch):
    raw = encoded(Image.new("1", size), "PNG")

    def decode(*args):
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(ImageRefused, match="million pixels"):
        reencode(raw, max_bytes=1_000_000, max_pixels=10_000)


class TestAsStored:
    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_what_was_encoded_here_is_kept_to_the_byte(self, mode):
        ours = reencode(encoded(Image.effect_noise((64, 32), 80).convert(mode), "PNG"), **LIMITS)
        assert as_stored(ours.data, **LIMITS) == ours

    @pytest.mark.parametrize(
        "options", [{"exif": b"Exif\0\0MM\0*secret"}, {"xmp": b"<x>secret</x>"}, {"lossless": True}]
    )
    def test_a_webp_with_anything_else_in_it_is_encoded_anew(self, options):
        raw = encoded(Image.new("RGB", (64, 32), "red"), "WEBP", **options)
        kept = as_stored(raw, **LIMITS).data
        assert kept != raw
        assert b"secret" not in kept

    def test_what_stands_behind_a_webp_does_not_come_along(self):
        raw = encoded(Image.new("RGB", (64, 32), "red"), "WEBP") + b"secret"
        assert b"secret" not in as_stored(raw, **LIMITS).data

    def test_a_webp_that_is_larger_than_we_keep_is_made_smaller(self):
        raw = encoded(Image.new("RGB", (LONGEST_SIDE + 600, 10), "red"), "WEBP")
        assert as_stored(raw, **LIMITS).width == LONGEST_SIDE
