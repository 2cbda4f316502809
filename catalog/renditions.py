"""Which smaller copies of a photo there are, how they are named and which part of it each shows.

Every photo has the same few: four ratios, at most four widths, three formats. A name that is none of them is
no address, so that nobody can fill a disk by asking. Encoding them is `catalog.images`, keeping them
`catalog.pictures`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

OWN = "own"  # the ratio of the photo itself
# The three ratios that search engines ask for.
CUTS = {"16x9": (16, 9), "4x3": (4, 3), "1x1": (1, 1)}
RATIOS = (OWN, *CUTS)
WIDTHS = (320, 640, 1024, 1600)
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # the smallest first
FOLDER = "renditions"
_NAME = re.compile(
    rf"{FOLDER}/(?P<file>[^/]+)/(?P<ratio>{'|'.join(RATIOS)})(?:-\d{{1,3}}-\d{{1,3}})?"
    rf"-(?P<width>\d{{1,4}})\.(?P<format>{'|'.join(TYPES)})"
)

Box = tuple[int, int, int, int]  # left, upper, right, lower


@dataclass(frozen=True, slots=True)
class Original:
    """A stored photo: its file, its size in pixels, and the point in per cent that matters most."""

    file: str
    width: int
    height: int
    focus_x: int = 50
    focus_y: int = 50


@dataclass(frozen=True, slots=True)
class Rendition:
    """A copy of what stands in `box` of the original, `width` × `height` pixels, in the file `name`."""

    name: str
    format: str
    box: Box
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a name asks for: the file of a photo, and which of its renditions."""

    file: str
    ratio: str
    width: int
    format: str


def box_of(original: Original, ratio: str) -> Box:
    """The largest part of the photo in this ratio, with the focal point as near to its middle as it gets."""
    width, height = original.width, original.height
    if ratio == OWN:
        return (0, 0, width, height)
    wide, high = CUTS[ratio]
    cut_width = max(1, min(width, round(height * wide / high)))
    cut_height = max(1, min(height, round(width * high / wide)))
    left = _start(width, cut_width, original.focus_x)
    upper = _start(height, cut_height, original.focus_y)
    return (left, upper, left + cut_width, upper + cut_height)


def widths(original: Original, ratio: str) -> list[int]:
    """In which widths there are copies, the smallest first: none is larger than the part it shows."""
    left, _upper, right, _lower = box_of(original, ratio)
    return sorted({min(width, right - left) for width in WIDTHS})


def rendition(original: Original, ratio: str, width: int, format: str) -> Rendition:
    """The copy of this ratio, width and format, which is one of those there are."""
    left, upper, right, lower = box = box_of(original, ratio)
    height = max(1, round(width * (lower - upper) / (right - left)))
    # Another focal point cuts another picture, which caches must not take for the old one.
    point = "" if ratio == OWN else f"-{original.focus_x}-{original.focus_y}"
    folder = folder_of(original.file)
    return Rendition(f"{folder}/{ratio}{point}-{width}.{format}", format, box, width, height)


def renditions(original: Original, ratio: str, format: str) -> list[Rendition]:
    """The copies of one ratio in one format, the smallest first."""
    return [rendition(original, ratio, width, format) for width in widths(original, ratio)]


def folder_of(file: str) -> str:
    """Where the copies of the photo in this file are."""
    return f"{FOLDER}/{PurePosixPath(file).name}"


def asked_for(name: str) -> Asked | None:
    """What a name asks for, for any focal point; None when it is no name of a rendition."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return Asked(f"photos/{match['file']}", match["ratio"], int(match["width"]), match["format"])


def band_of(original: Original, ratio: str) -> str:
    """Where the focal point stands in that part, from its top: for pages that show less than its height."""
    _left, upper, _right, lower = box_of(original, ratio)
    within = (original.focus_y / 100 * original.height - upper) / (lower - upper)
    bands = ("top", "upper", "middle", "lower", "bottom")
    return bands[min(4, max(0, round(within * 4)))]


def _start(length: int, part: int, focus: int) -> int:
    return min(length - part, max(0, round(length * focus / 100 - part / 2)))
