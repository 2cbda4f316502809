"""Copies of photos: which there are, what each shows, and that a name is the only way to one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog import pictures
from catalog.images import cut, reencode
from catalog.kept_files import kept
from catalog.renditions import (
    CUTS,
    RATIOS,
    TYPES,
    WIDTHS,
    Original,
    asked_for,
    band_of,
    box_of,
    rendition,
    renditions,
    widths,
)

sides = st.integers(1, 3000)
percents = st.integers(0, 100)
originals = st.builds(Original, st.just("photos/a.webp"), sides, sides, percents, percents)


@given(originals, st.sampled_from(RATIOS))
def test_a_cut_lies_inside_the_photo_and_holds_its_focal_point(original, ratio):
    left, upper, right, lower = box_of(original, ratio)
    assert 0 <= left < right <= original.width
    assert 0 <= upper < lower <= original.height
    assert left <= original.focus_x / 100 * original.width <= right
    assert upper <= original.focus_y / 100 * original.height <= lower
    # It is the largest there is: it takes one side in full.
    assert right - left == original.width or lower - upper == original.height


@given(originals, st.sampled_from(RATIOS), st.sampled_from(list(TYPES)))
def test_copies_are_few_never_larger_than_what_they_show_and_found_by_their_names(original, ratio, format):
    found = renditions(original, ratio, format)
    left, _upper, right, _lower = box_of(original, ratio)
    assert 1 <= len(found) <= len(WIDTHS)
    assert [one.width for one in found] == sorted({one.width for one in found})
    assert all(one.width <= right - left and one.height >= 1 for one in found)
    for one in found:
        asked = asked_for(one.name)
        assert rendition(original, asked.ratio, asked.width, asked.format) == one
        assert asked.file == original.file


@pytest.mark.parametrize(
    ("size", "ratio", "found"),
    [
        ((2400, 1600), "own", [320, 640, 1024, 1600]),
        ((900, 1600), "own", [320, 640, 900]),
        ((2400, 900), "1x1", [320, 640, 900]),
        ((320, 200), "4x3", [267]),
        ((30, 20), "own", [30]),
    ],
)
def test_copies_are_never_larger_than_the_photo(size, ratio, found):
    assert widths(Original("photos/a.webp", *size), ratio) == found


@pytest.mark.parametrize(
    ("focus", "box"),
    [((50, 50), (300, 0, 900, 600)), ((0, 0), (0, 0, 600, 600)), ((30, 99), (60, 0, 660, 600))],
)
def test_a_square_is_cut_around_the_focal_point(focus, box):
    assert box_of(Original("photos/a.webp", 1200, 600, *focus), "1x1") == box


def test_where_a_cut_matters_most_is_said_from_its_top():
    tall = {y: band_of(Original("photos/a.webp", 900, 1600, 50, y), "16x9") for y in (0, 12, 50, 95, 100)}
    assert tall == {0: "top", 12: "middle", 50: "middle", 95: "lower", 100: "bottom"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "renditions/",
        "renditions/a.webp",
        "renditions/a.webp/own-320.gif",
        "renditions/a.webp/own-320.avif/x",
        "renditions/a.webp/2x1-320.avif",
        "renditions/a/b.webp/own-320.avif",
        "renditions/a.webp/own-123456.avif",
        "renditions/a.webp/own-320.avif\n",
        "photos/a.webp",
    ],
)
def test_what_is_no_name_of_a_copy_asks_for_nothing(name):
    assert asked_for(name) is None


def stored(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return reencode(out.getvalue(), max_bytes=1_000_000, max_pixels=1_000_000).data


@pytest.mark.parametrize("format", TYPES)
def test_a_copy_shows_its_part_in_its_format_and_holds_nothing_else(format):
    photo = Image.new("RGB", (400, 200), "red")
    photo.paste("blue", (200, 0, 400, 200))
    found = rendition(Original("photos/a.webp", 400, 200, 100, 50), "1x1", 200, format)
    made = Image.open(io.BytesIO(cut(stored(photo), found.box, (found.width, found.height), format)))
    assert (Image.MIME[made.format], made.size) == (TYPES[format], (200, 200))
    red, _green, blue = made.convert("RGB").getpixel((100, 100))
    assert blue > 200 > 60 > red
    assert made.info.keys() & {"comment", "icc_profile", "exif", "xmp"} == set()


@pytest.mark.parametrize(("format", "seen"), [("jpg", (255, 255, 255, 255)), ("webp", None), ("avif", None)])
def test_what_is_transparent_stays_so_and_is_white_in_a_jpeg(format, seen):
    raw = stored(Image.new("RGBA", (40, 40), (255, 0, 0, 0)))
    made = Image.open(io.BytesIO(cut(raw, (0, 0, 40, 40), (20, 20), format))).convert("RGBA")
    pixel = made.getpixel((10, 10))
    assert pixel == seen if seen else pixel[3] == 0


class TestKeptFiles:
    def test_a_file_is_made_once(self, tmp_path):
        made = []
        for _ in range(2):
            path = kept(tmp_path / "a" / "b.bin", lambda: made.append(1) or b"data")
            assert path.read_bytes() == b"data"
        assert made == [1]

    def test_what_cannot_be_made_leaves_nothing_behind(self, tmp_path, monkeypatch):
        with pytest.raises(FileNotFoundError):
            kept(tmp_path / "a" / "b.bin", (tmp_path / "nothing").read_bytes)
        monkeypatch.setattr("pathlib.Path.replace", lambda *args: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            kept(tmp_path / "a" / "b.bin", lambda: b"data")
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_another_process_that_was_faster_is_no_trouble(self, tmp_path):
        path = tmp_path / "b.bin"

        def make() -> bytes:
            path.write_bytes(b"theirs")
            return b"ours"

        assert kept(path, make).read_bytes() == b"ours"
        assert [one.name for one in tmp_path.iterdir()] == ["b.bin"]


@pytest.mark.django_db
class TestForgetting:
    def test_only_the_copies_of_that_photo_go(self, settings):
        for name in ("a.webp", "b.webp"):
            folder = settings.MEDIA_ROOT / "renditions" / name
            folder.mkdir(parents=True)
            (folder / "own-320.avif").write_bytes(b"copy")
        pictures.forget_renditions("photos/a.webp")
        pictures.forget_renditions("photos/never.webp")
        assert [one.name for one in (settings.MEDIA_ROOT / "renditions").iterdir()] == ["b.webp"]


def test_search_engines_get_the_three_ratios_that_they_ask_for():
    assert {ratio: width / height for ratio, (width, height) in CUTS.items()} == {
        "16x9": 16 / 9,
        "4x3": 4 / 3,
        "1x1": 1,
    }
