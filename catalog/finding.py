"""Finding records by their names, and naming them in addresses and lists.

A record is found by every word of what was typed, without accents and case: its own names, the names of
what it belongs to, and the number of its season. The lists of the admin search by the same fields.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst, smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from catalog.facts import CITABLE, model_of
from catalog.folding import search_key
from catalog.keys import NAMED_WITH, with_relations
from catalog.models import Alias, Character, Person
from catalog.said import LANGUAGES

_MOST_WORDS = 16  # of a term; further ones are not looked at
_EXACT, _PREFIX, _ELSEWHERE = range(3)


@dataclass(frozen=True)
class Search:
    """How the records of a kind are searched.

    `fields` as in an admin's `search_fields`: `*_key` holds the folded word, `=` is that number, `~` has
    the word in any spelling, a field with choices has a value whose label holds it, any other field holds
    the word as it stands. `name` is its first name, or the first part of one that `goes_on` with more;
    `ignores` are words that count for nothing.
    """

    fields: tuple[str, ...]
    name: str
    ignores: tuple[str | Promise, ...] = ()
    goes_on: bool = False


# In the order in which equally good finds are shown.
SEARCHES: Mapping[str, Search] = {
    "series": Search(("title_key", "slug", "~network"), "title_key"),
    "season": Search(
        ("series__title_key", "=number"), "series__title_key", (_("season"), _("specials")), goes_on=True
    ),
    "person": Search(("name_key", "aliases__text_key", "slug"), "name_key"),
    "character": Search(("name_key", "aliases__text_key", "series__title_key", "slug"), "name_key"),
    "castentry": Search(
        (
            "person__name_key",
            "person__aliases__text_key",
            "character__name_key",
            "character__aliases__text_key",
            "season__series__title_key",
            "=season__number",
            "episode__title_key",
            "~billed_as",
        ),
        "person__name_key",
        (_("as"), _("season"), _("episode")),
        goes_on=True,
    ),
    "crewcredit": Search(
        ("person__name_key", "person__aliases__text_key", "series__title_key", "=season__number", "job"),
        "person__name_key",
        (_("season"),),
        goes_on=True,
    ),
    "statement": Search(
        (
            "~label",
            "~value",
            "series__title_key",
            "season__series__title_key",
            "=season__number",
            "person__name_key",
            "character__name_key",
            "character__series__title_key",
        ),
        "label",
        (_("season"),),
    ),
    "availability": Search(
        ("~service", "~territory", "series__title_key", "=season__number"),
        "service",
        (_("season"),),
    ),
    "episode": Search(
        ("title_key", "season__series__title_key", "=season__number", "=number"),
        "title_key",
        (_("season"), _("episode"), _("specials")),
    ),
    "alias": Search(
        ("text_key", "person__name_key", "character__name_key", "character__series__title_key"), "text_key"
    ),
    "earlierwork": Search(("title_key", "person__name_key", "person__aliases__text_key"), "title_key"),
}


def find_records(term: str, limit: int = 20) -> list[models.Model]:
    """The records that hold every word of `term`, best first: of that name, beginning with it, others.

    Relations that name them are loaded. At most one query for each kind, each of at most `limit` rows.
    """
    words = [word for word in words_of(term) if search_key(word)][:_MOST_WORDS]
    if not words:
        return []
    found: list[Any] = []
    for name, search in SEARCHES.items():
        model = apps.get_model("catalog", name)
        counted = _counted(words, (*search.ignores, model._meta.verbose_name))
        rows = with_relations(model, NAMED_WITH).annotate(rank=_rank(search, counted))
        for word in counted:
            rows = rows.filter(matches(model, search.fields, word))
        found += rows.order_by("rank", *model._meta.ordering)[:limit]
    return sorted(found, key=lambda record: record.rank)[:limit]


def names_of(record: models.Model) -> list[str]:
    """The other names that a person or a character goes by, in one query; of other records, none."""
    if not isinstance(record, (Person, Character)):
        return []
    return list(Alias.objects.filter(**{model_of(record): record}).values_list("text", flat=True))


def ref_of(record: models.Model) -> str:
    """What names a record in an address: `season-12`."""
    return f"{record._meta.model_name}-{record.pk}"


def record_of_ref(ref: str) -> models.Model | None:
    """The citable record that `ref_of` named so, with what names it; None when there is none."""
    name, _hyphen, pk = ref.partition("-")
    if name not in CITABLE or not re.fullmatch(r"\d{1,18}", pk, re.ASCII):
        return None
    return with_relations(apps.get_model("catalog", name), NAMED_WITH).filter(pk=int(pk)).first()


def label_of(record: models.Model) -> str:
    """A record among those of other kinds, in the active language: “Person: Diego Luna”."""
    return f"{capfirst(record._meta.verbose_name)}: {record}"


def words_of(term: str) -> list[str]:
    """The words of what was typed into a search; several in quotation marks are one."""
    words = []
    for bit in smart_split(term.replace("\0", " ")):
        quoted = len(bit) > 1 and bit[0] in "\"'" and bit[0] == bit[-1]
        words.append(unescape_string_literal(bit) if quoted else bit)
    return words


def ignored(words: Sequence[str | Promise]) -> set[str]:
    """The folded forms of these words in every language of the site."""
    keys: set[str] = set()
    for language in LANGUAGES:
        with translation.override(language):
            keys.update(key for word in words for key in search_key(str(word)).split())
    return keys


def matches(model: type[models.Model], fields: Sequence[str], word: str) -> models.Q:
    """The rows of a model in which one of the `fields`, written as in `Search`, has the word."""
    found = models.Q(pk__in=[])
    for field in fields:
        condition = _condition(model, field, word)
        if condition is not None:
            found |= condition
    return found


def _condition(model: type[models.Model], field: str, word: str) -> models.Q | None:
    """None when the field cannot have the word."""
    key = search_key(word)
    path = field.lstrip("=~")
    end, to_many = _end_of(model, path)
    if field.startswith("="):
        return models.Q(**{path: int(key)}) if re.fullmatch(r"\d{1,9}", key, re.ASCII) else None
    if field.startswith("~"):
        return models.Q(**{f"{path}__regex": _in_any_spelling(key)}) if key else None
    if end.choices:
        return models.Q(**{f"{path}__in": _values_called(end, key)}) if key else None
    if not path.endswith("_key"):
        return models.Q(**{f"{path}__icontains": word})
    if not key:
        return None
    condition = models.Q(**{f"{path}__contains": key})
    # A join would give a row for each of several names, and one more join for each word.
    return models.Q(pk__in=model._default_manager.filter(condition).values("pk")) if to_many else condition


def _end_of(model: type[models.Model], path: str) -> tuple[models.Field, bool]:
    """The field at the end of a path, and whether the path leads to several rows."""
    to_many = False
    field = None
    for name in path.split("__"):
        field = model._meta.get_field(name)
        to_many = to_many or bool(field.one_to_many or field.many_to_many)
        model = field.related_model
    return field, to_many


def _values_called(field: models.Field, key: str) -> list[str]:
    """The values of a field with choices whose labels, in any language of the site, hold the folded word."""
    values: list[str] = []
    for language in LANGUAGES:
        with translation.override(language):
            values += [value for value, label in field.flatchoices if key in search_key(f"{value} {label}")]
    return values


@functools.cache
def _spellings() -> dict[str, str]:
    """The letters of European alphabets by the plain letter that each is searched as."""
    spellings: dict[str, str] = {}
    for char in map(chr, (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250))):
        key = search_key(char)
        if len(key) == 1:
            spellings[key] = spellings.get(key, "") + char
    return spellings


def _in_any_spelling(key: str) -> str:
    """A regular expression for the folded word with accents and capitals or without.

    For columns that keep no folded copy; both databases read it alike.
    """
    spellings = {char: f"[{found}]" for char, found in _spellings().items()} | {" ": r"\W+"}
    return "".join(spellings.get(char, char) for char in key)


def _counted(words: Sequence[str], ignores: Sequence[str | Promise]) -> list[str]:
    without = ignored(ignores)
    return [word for word in words if search_key(word) not in without]


def _rank(search: Search, words: Sequence[str]) -> models.Expression:
    """How well a record's first name fits the words: it is they, it begins with them, or neither."""
    key = search_key(" ".join(words))
    # The number that follows the first name is compared on its own.
    first = " ".join(word for word in key.split() if not word.isdecimal()) if search.goes_on else key
    if not first:
        return models.Value(_ELSEWHERE)
    whole = _PREFIX if search.goes_on and first == key else _EXACT
    equal, begins = ("", "__startswith") if search.name.endswith("_key") else ("__iexact", "__istartswith")
    return models.Case(
        models.When(**{f"{search.name}{equal}": first}, then=models.Value(whole)),
        models.When(**{f"{search.name}{begins}": first}, then=models.Value(_PREFIX)),
        default=models.Value(_ELSEWHERE),
    )
