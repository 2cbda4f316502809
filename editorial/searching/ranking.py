"""The order of results, made of what the database found: the same on every database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Protocol, TypeVar

from catalog.folding import search_key
from editorial.searching.query import Query

MOST = 500  # candidates that are ranked


class Candidate(Protocol):
    """What the order is made of."""

    @property
    def title(self) -> str: ...
    @property
    def names(self) -> str: ...  # other names, one a line
    @property
    def in_title(self) -> bool: ...
    @property
    def weight(self) -> int: ...
    @property
    def at(self) -> datetime.datetime | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def object_id(self) -> int: ...


One = TypeVar("One", bound=Candidate)


def ranked(candidates: Iterable[One], query: Query) -> list[One]:
    """What is called just so first, then what has every word in its title or a name, then the rest; in each,
    series before characters and people, these before articles and sources, and the newest first.
    """
    return sorted(candidates, key=lambda one: _place(one, query.key))


def _place(one: Candidate, key: str) -> tuple[int, int, float, str, int]:
    names = {search_key(name) for name in (one.title, *one.names.splitlines())}
    tier = 0 if key in names else 1 if one.in_title else 2
    at = one.at.timestamp() if one.at else 0.0
    return tier, -one.weight, -at, one.kind, one.object_id
