"""Which rows natural keys can name: a condition for the database, for thousands of keys at a time.

The rows that meet it are at least those of the keys, and few others: `catalog.keys.key_of` tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import models

from catalog.keys import NONE
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    CrewCredit,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Photo,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
)

# What the parts of a key are compared with; None is a part that is empty.
Parts = dict[str, Any]
_NUMBER = re.compile("[0-9]{1,9}")


def among(model: type[models.Model], keys: Iterable[str]) -> models.Q:
    """The condition that rows of `model` with one of these keys meet. What is no key matches nothing."""
    return among_parts(in_parts(_PARTS[model], keys))


def among_parts(all_parts: Iterable[Parts]) -> models.Q:
    """The condition that rows meet which have one of these values by path, None for none."""
    columns: dict[tuple[str, ...], list[set]] = {}
    for parts in all_parts:
        values = columns.setdefault(tuple(parts), [set() for _path in parts])
        for known, value in zip(values, parts.values(), strict=True):
            known.add(value)
    condition = models.Q(pk__in=[])
    for paths, values in columns.items():
        condition |= models.Q(*(_one_of(path, given) for path, given in zip(paths, values, strict=True)))
    return condition


def in_parts(split: Callable[[str], Parts], keys: Iterable[str]) -> Iterator[Parts]:
    """The keys taken apart; what is no key is left out."""
    for key in keys:
        try:
            yield split(key)
        except ValueError:  # too few parts, or no number where one belongs
            continue


def _one_of(path: str, values: set) -> models.Q:
    given = values - {None}
    condition = models.Q(**{f"{path}__in": sorted(given)}) if given else models.Q()
    if None not in values:
        return condition
    none = models.Q(**{f"{path}__isnull": True})
    return condition | none if given else none


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _slug(key: str, to: str = "") -> Parts:
    return {f"{to}slug": key}


def _season(key: str, to: str = "") -> Parts:
    series, number = key.split("/")
    return {f"{to}series__slug": series, f"{to}number": _number(number)}


def _episode(key: str) -> Parts:
    series, season, number = key.split("/", 2)
    parts = _season(f"{series}/{season}", "season__")
    if number.startswith(f"{NONE}/"):
        return {**parts, "number": None, "title": number.removeprefix(f"{NONE}/")}
    return {**parts, "number": _number(number)}


def _character(key: str, to: str = "") -> Parts:
    series, slug = key.split("/")
    return {f"{to}series__slug": series, f"{to}slug": slug}


def _alias(key: str) -> Parts:
    owner, rest = key.split("/", 1)
    if owner == "person":
        slug, language, text = rest.split("/", 2)
        parts = _slug(slug, "person__")
    else:
        series, slug, language, text = rest.split("/", 3)
        parts = _character(f"{series}/{slug}", "character__")
    return {**parts, "language": "" if language == NONE else language, "text": text}


def _earlier_work(key: str) -> Parts:
    person, title = key.split("/", 1)
    return {"person__slug": person, "title": title}


def _cast_entry(key: str) -> Parts:
    series, season, rest = key.split("/", 2)
    episode, person, character = rest.rsplit("/", 2)
    parts = _season(f"{series}/{season}", "season__")
    if episode == NONE:
        parts["episode"] = None
    elif episode.startswith(NONE):
        parts |= {"episode__number": None, "episode__title": episode.removeprefix(NONE)}
    else:
        parts["episode__number"] = _number(episode)
    return {
        **parts,
        "person__slug": None if person == NONE else person,
        "character__slug": None if character == NONE else character,
    }


def _crew_credit(key: str) -> Parts:
    series, season, person, job = key.split("/", 3)
    number = None if season == NONE else _number(season)
    return {"series__slug": series, "season__number": number, "person__slug": person, "job": job}


def _statement(key: str) -> Parts:
    kind, rest = key.split("/", 1)
    slashes = {"series": 1, "season": 2, "person": 1, "character": 2}
    if kind not in slashes:
        raise ValueError(key)
    *subject, label = rest.split("/", slashes[kind])
    split = {"season": _season, "character": _character}.get(kind, _slug)
    return {**split("/".join(subject), f"{kind}__"), "label": label}


def _availability(key: str) -> Parts:
    series, season, territory, service = key.split("/", 3)
    return {
        "series__slug": series,
        "season__number": None if season == NONE else _number(season),
        "territory": "" if territory == NONE else territory,
        "service": service,
    }


def _passage(key: str) -> Parts:
    source, number = key.rsplit("#", 1)
    return {"source__slug": source, "number": _number(number)}


_PARTS: Mapping[type[models.Model], Callable[[str], Parts]] = {
    Series: _slug,
    Season: _season,
    Episode: _episode,
    Person: _slug,
    Character: _character,
    Alias: _alias,
    EarlierWork: _earlier_work,
    CastEntry: _cast_entry,
    CrewCredit: _crew_credit,
    Statement: _statement,
    Availability: _availability,
    Source: _slug,
    Snapshot: lambda key: {"sha256": key},
    Passage: _passage,
    Photo: _slug,
}
