"""Photos as pages show them: in the formats and widths that a browser chooses from, cut around what matters.

The copies are made when somebody first asks for one, and kept beside the photos until these change.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings

from catalog.images import cut
from catalog.kept_files import kept
from catalog.models import Photo
from catalog.renditions import (
    CUTS,
    TYPES,
    WIDTHS,
    Asked,
    Original,
    Rendition,
    band_of,
    folder_of,
    rendition,
    renditions,
    widths,
)

_PLAIN = WIDTHS[1]  # what browsers get that choose nothing


@dataclass(frozen=True, slots=True)
class Choice:
    """The copies in one format: its media type, and their addresses as `srcset` has them."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a `<picture>` is made of. `width` and `height` are its ratio; `band` is where it matters most."""

    choices: list[Choice]
    fallback: Choice
    url: str
    width: int
    height: int
    alt: str
    band: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where one copy is, with its size in pixels."""

    url: str
    width: int
    height: int


def picture_of(photo: Photo, ratio: str) -> Picture:
    """The photo in this ratio (`catalog.renditions.RATIOS`). No query, no file is touched."""
    original = original_of(photo)
    choices = [
        Choice(media_type, _srcset(photo, renditions(original, ratio, format)))
        for format, media_type in TYPES.items()
    ]
    plain = rendition(original, ratio, max(w for w in widths(original, ratio) if w <= _PLAIN), "jpg")
    largest = renditions(original, ratio, "jpg")[-1]
    return Picture(
        choices=choices[:-1],
        fallback=choices[-1],
        url=_url(photo, plain),
        width=largest.width,
        height=largest.height,
        alt=photo.alt,
        band=band_of(original, ratio),
    )


def jpeg_of(photo: Photo, ratio: str) -> Address:
    """The largest copy in this ratio as JPEG, which every program reads."""
    return jpegs_of(photo, ratio)[-1]


def jpegs_of(photo: Photo, ratio: str) -> list[Address]:
    """The copies in this ratio as JPEG, the smallest first."""
    found = renditions(original_of(photo), ratio, "jpg")
    return [Address(_url(photo, one), one.width, one.height) for one in found]


def cuts_of(photo: Photo) -> list[Address]:
    """The photo as JPEG in each of the ratios that search engines ask for."""
    return [jpeg_of(photo, ratio) for ratio in CUTS]


def original_of(photo: Photo) -> Original:
    return Original(photo.image.name, photo.width, photo.height, photo.focus_x, photo.focus_y)


def rendition_of(photo: Photo, asked: Asked) -> Rendition | None:
    """What there is now of what a name asks for; another focal point gave it another name."""
    original = original_of(photo)
    if asked.width not in widths(original, asked.ratio):
        return None
    return rendition(original, asked.ratio, asked.width, asked.format)


def keep(photo: Photo, found: Rendition) -> Path:
    """The file of a copy, made where it is not there yet. Raises FileNotFoundError without the original."""
    return kept(settings.MEDIA_ROOT / found.name, partial(_encoded, photo, found))


def forget_renditions(file: str) -> None:
    """Delete the copies of the photo in this file: it was replaced, or is to be cut in another way."""
    shutil.rmtree(settings.MEDIA_ROOT / folder_of(file), ignore_errors=True)


def _encoded(photo: Photo, found: Rendition) -> bytes:
    with photo.image.storage.open(photo.image.name) as stored:
        return cut(stored.read(), found.box, (found.width, found.height), found.format)


def _srcset(photo: Photo, found: list[Rendition]) -> str:
    return ", ".join(f"{_url(photo, one)} {one.width}w" for one in found)


def _url(photo: Photo, found: Rendition) -> str:
    return photo.image.storage.url(found.name)
