"""Tables of the catalog that stand in an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Embed:
    """What takes the place of a `<div data-embed>`, in the language of its article.

    `groups` are shaped as `catalog.sheets.CastGroup` for a cast and as `catalog.sheets.FactGroup` for facts,
    and are shown by the same templates as on the page of the season; the group of facts without a heading
    has the title "". Each value carries the evidence that it is footnoted with.
    """

    kind: Literal["cast", "facts"]
    title: str
    groups: tuple[Any, ...]
