"""How the front page is laid out: which article leads, and what stands under which heading."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from editorial.reading import Card
from editorial.sections import SECTIONS, Section

SECONDARY = 2


@dataclass(frozen=True, slots=True)
class Front:
    lead: Card | None
    secondary: list[Card]  # beside the lead
    choice: list[Card]  # what else the desk has picked
    sections: list[tuple[Section, list[Card]]]  # what is left, by kind, in the order of the site
    changed_at: datetime.datetime | None


def front_page(picked: Sequence[Card], newest: Sequence[Card]) -> Front:
    """The desk's first pick leads, the next ones stand beside it. Without picks the newest article with a
    picture leads, or the newest at all. Every article stands in one place only.
    """
    paths = {card.path for card in picked}
    rest = [card for card in newest if card.path not in paths]
    if picked:
        lead, chosen = picked[0], list(picked[1:])
    else:
        lead = next((card for card in rest if card.photo is not None), rest[0] if rest else None)
        rest = [card for card in rest if card is not lead]
        chosen = []
    # What the desk has not filled is filled with the newest.
    missing = max(0, SECONDARY - len(chosen))
    secondary, rest = [*chosen[:SECONDARY], *rest[:missing]], rest[missing:]
    by_section = ((section, [card for card in rest if card.section is section]) for section in SECTIONS)
    return Front(
        lead=lead,
        secondary=secondary,
        choice=chosen[SECONDARY:],
        sections=[(section, found) for section, found in by_section if found],
        changed_at=max((card.changed_at for card in (*picked, *newest)), default=None),
    )
