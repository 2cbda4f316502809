from catalog.admin import (
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
