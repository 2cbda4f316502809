from catalog.admin import (
    availability,
    cast,
    citations,
    facts,
    health,
    people,
    photos,
    recaptures,
    screen,
    sources,
    statements,
)

__all__ = [
    "availability",
    "cast",
    "citations",
    "facts",
    "health",
    "people",
    "photos",
    "recaptures",
    "screen",
    "sources",
    "statements",
]
