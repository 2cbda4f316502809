"""Whom the text of an edition leads to: people and characters by the links to their pages."""

from __future__ import annotations

import re

from django.db.models import Q

from catalog.former import by_slug
from catalog.models import Character, Person

# As compiled texts have them, from the words and from tables alike.
_PERSON = re.compile(r'href="/people/([-\w]+)/', re.ASCII)
_CHARACTER = re.compile(r'href="/characters/([-\w]+)/([-\w]+)/', re.ASCII)


def mentioned_in(html: str) -> tuple[list[Person], list[Character]]:
    """The people and the characters whose pages a compiled text leads to, each once."""
    people = by_slug(Person, _PERSON.findall(html)).values()
    wanted = Q(pk__in=[])
    for series, slug in set(_CHARACTER.findall(html)):
        wanted |= Q(series__slug=series, slug=slug)
    characters = Character.objects.filter(wanted) if wanted else []
    return list(dict.fromkeys(people)), list(characters)
