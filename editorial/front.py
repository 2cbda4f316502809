"""How the front page is laid out: which article leads, and what stands under which heading."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from editorial.reading import Card
from editorial.sections import SECTIONS, Section

SECONDARY = 2


@dataclass(frozen=True, slots=True)
class Front:
    lead: Card | None
    secondary: list[Card]  # the next newest, beside the lead
    sections: list[tuple[Section, list[Card]]]  # what is left, by kind, in the order of the site
    changed_at: datetime.datetime | None


def front_page(cards: list[Card]) -> Front:
    """The newest article with a picture leads, or the newest at all; every card stands in one place only."""
    lead = next((card for card in cards if card.photo is not None), cards[0] if cards else None)
    rest = [card for card in cards if card is not lead]
    secondary, rest = rest[:SECONDARY], rest[SECONDARY:]
    by_section = ((section, [card for card in rest if card.section is section]) for section in SECTIONS)
    return Front(
        lead=lead,
        secondary=secondary,
        sections=[(section, found) for section, found in by_section if found],
        changed_at=max((card.changed_at for card in cards), default=None),
    )
