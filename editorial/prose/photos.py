"""The photos in the HTML of an edition, found again when a page shows it.

An edition keeps what readers got on its first day. A photo is shown as the catalog has it now: its rights may
have ended, and its copies are cut around another point.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# As `editorial/prose/_photo.html` writes them. No text in a figure holds a tag: all of them are escaped.
_FIGURE = re.compile(
    r'<figure class="picture(?P<gallery> in-gallery)?" data-photo="(?P<slug>[^"]+)">.*?</figure>', re.DOTALL
)
_EMPTY_GALLERY = re.compile(r'<div class="gallery"[^>]*>\s*</div>')


@dataclass(frozen=True, slots=True)
class PhotoInText:
    """A photo's slug, whether it stands in a gallery, and the HTML that the edition kept."""

    slug: str
    in_gallery: bool
    html: str


def photos_in(html: str) -> set[str]:
    """The slugs of the photos that compiled HTML shows."""
    return {match["slug"] for match in _FIGURE.finditer(html)}


def redraw_photos(html: str, draw: Callable[[PhotoInText], str]) -> str:
    """The HTML with each photo as `draw` gives it. A gallery that lost all of them goes too."""

    def drawn(match: re.Match[str]) -> str:
        return draw(PhotoInText(match["slug"], bool(match["gallery"]), match.group()))

    return _EMPTY_GALLERY.sub("", _FIGURE.sub(drawn, html))
