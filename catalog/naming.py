"""Which record a name in a file means: one of that name, one of nearly that name, or a new one.

Cells of tables name records by their slugs; other people's files have names. What is nearly the same is
offered and decided by people (`NameChoices`), what is not known is proposed with a slug. How near names are
is decided by `catalog.tabular.names`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from catalog.models import Alias, Character, Person, Series, Source
from catalog.tabular.names import name_key, nearest, propose_slug, propose_sort_name

PERSON, CHARACTER, SERIES, SOURCE = "person", "character", "series", "source"
RESOLVED = frozenset({PERSON, CHARACTER, SERIES, SOURCE})
MADE = frozenset({PERSON, CHARACTER})  # what an import may make from a name

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known record that a name may mean: its slug, its name, how many typing errors lie between."""

    slug: str
    name: str
    errors: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A name of the file that is nearly that of known records; `scope` is the series of a character."""

    kind: str
    scope: str
    name: str
    candidates: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        """What names the offer in forms and in `NameChoices`."""
        return choice_key(self.kind, self.scope, self.name)

    @property
    def is_sure(self) -> bool:
        """Whether it is but another spelling of one record, which it is taken for until somebody objects."""
        return len(self.candidates) == 1 and not self.candidates[0].errors


@dataclass(slots=True)
class NameChoices:
    """What people decided: which names are whose, which are another's, and whether new records are made."""

    same: dict[str, str] = field(default_factory=dict)  # key of an offer: slug of the record
    another: set[str] = field(default_factory=set)
    makes: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"same": dict(self.same), "another": sorted(self.another), "makes": self.makes}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> NameChoices:
        data = data or {}
        same = {str(key): str(slug) for key, slug in data.get("same", {}).items()}
        return cls(same, set(map(str, data.get("another", ()))), bool(data.get("makes")))


class NameUnclear(ValueError):
    """Nobody has said yet whom the name means; str() says what to do."""


def choice_key(kind: str, scope: str, name: str) -> str:
    return f"{kind}/{scope}/{name_key(name)}"


@dataclass(slots=True)
class _Known:
    """The records of one kind, of characters those of one series."""

    slugs: dict[str, str] = field(default_factory=dict)  # slug: name
    texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # name as written: slugs
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # folded name: slugs

    def add(self, slug: str, name: str, text: str) -> None:
        self.slugs[slug] = name
        self.texts[text].add(slug)
        self.keys[name_key(text)].add(slug)


class Names:
    """Finds the slug that a name means. Each kind is read once, when it is first asked for: two queries."""

    def __init__(self, choices: NameChoices | None = None) -> None:
        self.choices = choices or NameChoices()
        self.offers: dict[str, Offer] = {}
        self.new: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)  # (kind, scope): slug: name
        self._known: dict[tuple[str, str], _Known] = {}
        self._read: set[str] = set()
        self._found: dict[tuple[str, str, str], str] = {}
        self._sort_names: dict[str, str] | None = None

    def slug(self, kind: str, name: str, scope: str = "") -> str:
        """The slug that the cell `name` means; the cell itself where no record is known and none is made.

        Raises NameUnclear. What is new and what is offered is in `new` and `offers` afterwards.
        """
        place = (kind, scope, name)
        if place not in self._found:
            self._found[place] = self._find(kind, name.strip(), scope, makes=self.choices.makes)
        return self._found[place]

    def own_slug(self, kind: str, name: str, scope: str = "") -> str:
        """The slug of a record that a row is about by its name alone: a known one's, or that of a new one.

        Raises NameUnclear.
        """
        return self._find(kind, name.strip(), scope, makes=True)

    def name_of(self, kind: str, slug: str, scope: str = "") -> str:
        """The name of a known record; "" when there is none of that slug."""
        return self._of(kind, scope).slugs.get(slug, "")

    def sort_name(self, slug: str, name: str) -> str:
        """The sort name of a known person, or the one proposed for a new one."""
        if self._sort_names is None:
            self._sort_names = dict(Person.objects.order_by().values_list("slug", "sort_name"))
        return self._sort_names.get(slug) or propose_sort_name(name)

    def rows_to_make(self, kind: str) -> Iterator[list[str]]:
        """The rows of people.csv or characters.csv that make the new records, as found so far."""
        for (of, scope), found in self.new.items():
            for slug, name in found.items() if of == kind else ():
                yield [slug, name, propose_sort_name(name)] if kind == PERSON else [scope, slug, name]

    def spellings(self) -> Iterator[tuple[Offer, Candidate]]:
        """The offers that somebody accepted, each with whose name it is."""
        for offer in self.offers.values():
            slug = self.choices.same.get(offer.key)
            yield from ((offer, one) for one in offer.candidates if one.slug == slug)

    def _find(self, kind: str, name: str, scope: str, *, makes: bool) -> str:
        known = self._of(kind, scope)
        if not name or name in known.slugs:
            return name
        exact = known.texts.get(name, ())
        if len(exact) == 1:
            return next(iter(exact))
        offer = self._offer(kind, name, scope, known)
        if offer is not None:
            self.offers.setdefault(offer.key, offer)
            slug = self._chosen(offer)
            if slug:
                return slug
        if kind not in MADE or (_SLUG.fullmatch(name) and "-" in name) or not name_key(name):
            return name
        slug = self._new(kind, name, scope, known)
        return slug if makes else name

    def _offer(self, kind: str, name: str, scope: str, known: _Known) -> Offer | None:
        near = nearest(name, known.keys.keys())
        found: dict[str, int] = {}
        for one in near:
            for slug in sorted(known.keys[one.key]):
                found.setdefault(slug, one.errors)
        candidates = tuple(Candidate(slug, known.slugs[slug], errors) for slug, errors in found.items())
        return Offer(kind, scope, name, candidates) if candidates else None

    def _chosen(self, offer: Offer) -> str:
        """The slug of the record; "" when it is another one. Raises NameUnclear."""
        if offer.key in self.choices.another:
            return ""
        slug = self.choices.same.get(offer.key, offer.candidates[0].slug if offer.is_sure else "")
        if slug in {one.slug for one in offer.candidates}:
            return slug
        names = " / ".join(f"{one.name} ({one.slug})" for one in offer.candidates)
        message = gettext(
            "This is nearly the name of %(names)s. Say under “How we read this file” whether it is the same."
        )
        raise NameUnclear(message % {"names": names})

    def _new(self, kind: str, name: str, scope: str, known: _Known) -> str:
        made = self.new[kind, scope]
        key = name_key(name)
        slug = next((slug for slug, other in made.items() if name_key(other) == key), None)
        if slug is None:
            slug = propose_slug(name, lambda one: one in known.slugs or one in made)
            made[slug] = name
        return slug

    def _of(self, kind: str, scope: str) -> _Known:
        if kind not in self._read:
            self._read.add(kind)
            for series, slug, name, text in _READERS[kind]():
                self._known.setdefault((kind, series), _Known()).add(slug, name, text)
        return self._known.setdefault((kind, scope), _Known())


def _people() -> Iterator[tuple[str, str, str, str]]:
    for slug, name in Person.objects.order_by().values_list("slug", "name").iterator():
        yield "", slug, name, name
    aliases = Alias.objects.filter(person__isnull=False).order_by()
    for slug, name, text in aliases.values_list("person__slug", "person__name", "text").iterator():
        yield "", slug, name, text


def _characters() -> Iterator[tuple[str, str, str, str]]:
    for series, slug, name in (
        Character.objects.order_by().values_list("series__slug", "slug", "name").iterator()
    ):
        yield series, slug, name, name
    columns = ("character__series__slug", "character__slug", "character__name", "text")
    yield from Alias.objects.filter(character__isnull=False).order_by().values_list(*columns).iterator()


def _titled(model: type[Series] | type[Source]) -> Iterator[tuple[str, str, str, str]]:
    for slug, title in model.objects.order_by().values_list("slug", "title").iterator():
        yield "", slug, title, title


_READERS = {
    PERSON: _people,
    CHARACTER: _characters,
    SERIES: lambda: _titled(Series),
    SOURCE: lambda: _titled(Source),
}
