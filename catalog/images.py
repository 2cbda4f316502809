"""Pictures as they come in: checked, turned upright, made small enough, and written anew.

What is stored is always our own encoding, so that nothing hidden in an upload (Exif, comments, code
behind the picture) reaches a reader. Content decides what a file is; its name is not looked at.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, replace

from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
LONGEST_SIDE = 2400  # pixels
_QUALITY = 84
_STILL = (b"VP8 ", b"VP8X", b"ALPH")  # what `reencode` writes: a lossy picture, perhaps with transparency

# How copies for pages are encoded; AVIF is given the speed at which a page need not wait for it.
_ENCODINGS = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 8},
    "webp": {"format": "WEBP", "quality": 76, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}

# What people try to upload, by how the file begins.
_OTHERS = {
    b"GIF8": "GIF",
    b"%!PS": "EPS",
    b"\xc5\xd0\xd3\xc6": "EPS",
    b"%PDF": "PDF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "PSD",
}


class ImageRefused(ValueError):
    """The bytes are no picture we take; str() says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture; `format` is also the ending of its file name. Sizes in pixels."""

    data: bytes
    format: str
    width: int
    height: int


def reencode(raw: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """`raw` as WebP, upright, in sRGB, without metadata, transparency kept, longest side 2400 pixels at most.

    Takes JPEG, PNG, WebP and AVIF. Raises ImageRefused.
    """
    if len(raw) > max_bytes:
        raise ImageRefused(
            gettext("The file is larger than %(limit)s MB. Save the picture smaller.")
            % {"limit": max_bytes // 1024**2}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _open(raw, max_pixels)
            picture = _clean(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(max_pixels) from error
    except ImageRefused:
        raise
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ImageRefused(
            gettext("The picture is damaged or ends too early. Save or copy it again.")
        ) from error
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    return Picture(out.getvalue(), "webp", picture.width, picture.height)


def as_stored(raw: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """`raw` untouched where it is what `reencode` would write, else encoded anew. Raises as `reencode` does.

    For pictures that this program gave away: another loss with every move would change them.
    """
    picture = reencode(raw, max_bytes=max_bytes, max_pixels=max_pixels)
    if not _holds_nothing_else(raw):
        return picture
    with Image.open(io.BytesIO(raw), formats=("WEBP",)) as found:
        same_size = found.size == (picture.width, picture.height)
    return replace(picture, data=raw) if same_size else picture


def cut(raw: bytes, box: tuple[int, int, int, int], size: tuple[int, int], format: str) -> bytes:
    """What stands in `box` of a picture that we stored, in this size, as `avif`, `webp` or `jpg`.

    Holds nothing but the picture. What is transparent becomes white in a JPEG, which knows no transparency.
    """
    with Image.open(io.BytesIO(raw), formats=FORMATS) as stored:
        picture = stored.convert("RGBA" if stored.has_transparency_data else "RGB")
    picture = picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    if format == "jpg" and picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", size, "white"), picture).convert("RGB")
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, **_ENCODINGS[format])
    return out.getvalue()


def _holds_nothing_else(raw: bytes) -> bool:
    """Whether it is a WebP file (RFC 9649) with the chunks of a still picture and nothing behind them."""
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP" or int.from_bytes(raw[4:8], "little") + 8 != len(raw):
        return False
    position = 12
    while position < len(raw):
        name, size = raw[position : position + 4], int.from_bytes(raw[position + 4 : position + 8], "little")
        if name not in _STILL:
            return False
        position += 8 + size + size % 2
    return position == len(raw)


def _open(raw: bytes, max_pixels: int) -> Image.Image:
    """The picture with only its header read."""
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise ImageRefused(
            gettext("This is %(what)s. Use a JPEG, PNG, WebP or AVIF picture.") % {"what": _name_of(raw)}
        ) from error
    if picture.width * picture.height > max_pixels:
        raise _too_many_pixels(max_pixels)
    # A phone's JPEG may hold a second picture (MPO); only the others move.
    if picture.format in FORMATS and getattr(picture, "is_animated", False):
        raise ImageRefused(gettext("The picture moves. Use a still one."))
    return picture


def _clean(picture: Image.Image) -> Image.Image:
    """The decoded picture, upright, in sRGB, at most as large as we keep it, and nothing else."""
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda grey: grey * (1 / 256)).convert("L")  # else all of it turns white
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        picture = _to_srgb(picture, profile, mode)
    picture = picture.convert(mode)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    return picture


def _to_srgb(picture: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile is no reason to refuse the picture


def _too_many_pixels(limit: int) -> ImageRefused:
    return ImageRefused(
        gettext("The picture has more than %(limit)s million pixels. Save it smaller.")
        % {"limit": f"{limit / 1_000_000:g}"}
    )


def _name_of(raw: bytes) -> str:
    """What a file that is no picture of ours seems to be, for a message."""
    for beginning, name in _OTHERS.items():
        if raw.startswith(beginning):
            return gettext("a file in the format %(name)s") % {"name": name}
    if b"<svg" in raw[:1000].lower():
        return gettext("a file in the format %(name)s") % {"name": "SVG"}
    if raw[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"}:
        return gettext("a file in the format %(name)s") % {"name": "HEIC"}
    return gettext("not a picture, whatever its name says") if raw else gettext("an empty file")
