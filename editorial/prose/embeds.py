"""What stands in an article from elsewhere: tables and timelines of the catalog, photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Embed:
    """What takes the place of a `<div data-embed>`, in the language of its article.

    `groups` are shaped as `catalog.sheets.CastGroup` for a cast, as `catalog.sheets.FactGroup` for facts and
    as `catalog.history.History` for a timeline, and are shown by the same templates as on the page of the
    season; the group of facts without a heading has the title "". Each value carries the evidence that it is
    footnoted with. A photo has one group, its `Figure`, and its title is its caption.
    """

    kind: Literal["cast", "facts", "timeline", "photo"]
    title: str
    groups: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A photo as a text shows it. `file` names what is stored, which another picture never gets."""

    slug: str
    file: str
    url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
