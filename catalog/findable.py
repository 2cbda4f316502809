"""Under which names and words people, characters and series may be found: those that verified facts hold.

Who has no such fact is not found. What a statement says is never among the words: it may give something away.
Nor, to a reader who has said not to have seen so much, is a part in a later season.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q

from catalog.facts import WHOLE, holds
from catalog.keys import key_of
from catalog.models import Alias, CastEntry, Character, CrewCredit, EarlierWork, Season, Series, Statement
from catalog.records import supported_records
from catalog.seen import Seen

Kind = Literal["person", "character", "series"]
Key = tuple[Kind, int]

# By which of its fields a record is on a page of its owner.
_SHOWN_BY = {
    Alias: ("text", WHOLE),
    CastEntry: (WHOLE, "status"),
    CrewCredit: (WHOLE, "job"),
    EarlierWork: ("title", WHOLE),
    Statement: ("value", WHOLE),
}


@dataclass(slots=True)
class Findable:
    """`path` is where readers find it; `lines` say in a few words what it is known for."""

    kind: Kind
    pk: int
    title: str
    path: str
    year: int | None = None
    names: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    series: dict[str, str] = field(default_factory=dict)  # titles by slug
    given_away: dict[str, set[str]] = field(default_factory=dict)  # keys of the seasons of a line, by line

    def lines_for(self, seen: Seen) -> list[str]:
        """Its lines without those that only seasons have which the reader has said not to have seen yet."""
        return [line for line in self.lines if not self._is_beyond(line, seen)]

    def _is_beyond(self, line: str, seen: Seen) -> bool:
        seasons = self.given_away.get(line)
        return bool(seasons) and all(map(seen.stops_before, seasons))


def findable(
    *, people: Collection[int] = (), characters: Collection[int] = (), series: Collection[int] = ()
) -> dict[Key, Findable]:
    """Those of these people, characters and series that readers may find. One query, however many."""
    found = _Gathered({"person": set(people), "character": set(characters), "series": set(series)})
    owners = Q(person__in=people) | Q(character__in=characters)
    makers = Q(person__in=people) | Q(series__in=series)
    subjects = owners | Q(series__in=series) | Q(season__series__in=series)
    rows = [
        (Series.objects.filter(pk__in=series), ("companion_to",)),
        (Season.objects.filter(series__in=series), ("series",)),
        (Character.objects.filter(pk__in=characters), ("series",)),
        (CastEntry.objects.filter(owners), ("season__series", "person", "character__series")),
        (CrewCredit.objects.filter(makers), ("person", "series", "season")),
        (EarlierWork.objects.filter(person__in=people), ("person",)),
        (Alias.objects.filter(owners), ("person", "character__series")),
        (Statement.objects.filter(subjects), ("series", "season__series", "person", "character__series")),
    ]
    held = {}
    for record, support in supported_records(rows):
        shown_by = _SHOWN_BY.get(type(record))
        if (shown_by is None or support.field in shown_by) and holds(support, record):
            held.setdefault((type(record), record.pk), []).append((record, support.field))
    for (_model, _pk), ways in sorted(held.items(), key=lambda one: _place(one[1][0][0])):
        found.add(ways[0][0], {name for _record, name in ways})
    return found.all


class _Gathered:
    """What is gathered of each one that was asked for, from the records that hold."""

    def __init__(self, wanted: dict[str, set[int]]) -> None:
        self.wanted = wanted
        self.all: dict[Key, Findable] = {}

    def add(self, record: Any, fields: set[str]) -> None:
        for kind, owner in _owners_of(record):
            if owner.pk in self.wanted[kind]:
                self._note(self._one(kind, owner), record, fields)

    def _one(self, kind: Kind, owner: Any) -> Findable:
        key = (kind, owner.pk)
        if key not in self.all:
            title = owner.title if kind == "series" else owner.name
            series = owner.series if kind == "character" else owner if kind == "series" else None
            named = {series.slug: series.title} if series else {}
            self.all[key] = Findable(kind, owner.pk, title, owner.get_absolute_url(), series=named)
        return self.all[key]

    def _note(self, one: Findable, record: Any, fields: set[str]) -> None:
        if isinstance(record, Alias):
            _append(one.names, record.text)
        elif isinstance(record, EarlierWork):
            _append(one.lines, record.title)
        elif isinstance(record, CrewCredit) and one.kind == "person":
            one.series[record.series.slug] = record.series.title
            _append(one.lines, record.series.title)
        elif isinstance(record, CastEntry):
            self._note_part(one, record)
        elif isinstance(record, Series) and "premiere" in fields and record.premiere:
            one.year = record.premiere.year

    def _note_part(self, one: Findable, entry: CastEntry) -> None:
        series = entry.season.series
        other = entry.character if one.kind == "person" else entry.person
        if one.kind == "person":
            one.series[series.slug] = series.title
        if other is None:
            _append(one.lines, series.title)
            return
        line = f"{other.name} ({series.title})"
        _append(one.lines, line)
        one.given_away.setdefault(line, set()).add(key_of(entry.season))


def _owners_of(record: Any) -> Iterator[tuple[Kind, Any]]:
    if isinstance(record, Series):
        yield "series", record
        return
    if isinstance(record, Season):
        yield "series", record.series
        return
    if isinstance(record, Character):
        yield "character", record
        return
    for kind in ("person", "character"):
        if (owner := getattr(record, kind, None)) is not None:
            yield kind, owner
    if isinstance(record, CrewCredit | Statement):
        if record.series is not None:
            yield "series", record.series
        elif record.season is not None:
            yield "series", record.season.series


def _place(record: Any) -> tuple[int, int, int]:
    """Parts before credits before earlier works, each in the order of its page."""
    order = (Series, Season, Character, Alias, CastEntry, CrewCredit, EarlierWork, Statement)
    return order.index(type(record)), getattr(record, "position", 0) or 0, record.pk


def _append(texts: list[str], text: str) -> None:
    if text not in texts:
        texts.append(text)


def all_of(keys: Iterable[Key]) -> dict[Key, Findable]:
    """`findable`, asked with keys."""
    by_kind: dict[str, list[int]] = {"person": [], "character": [], "series": []}
    for kind, pk in keys:
        by_kind[kind].append(pk)
    return findable(people=by_kind["person"], characters=by_kind["character"], series=by_kind["series"])
