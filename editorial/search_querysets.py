"""What is read from the index, named for what it answers; the one place that asks each database's search."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from editorial.searching import matching
from editorial.searching.nearest import ends_of, errors_in
from editorial.searching.query import Query
from editorial.searching.ranking import MOST
from editorial.searching.words import stems

if TYPE_CHECKING:
    from editorial.models import SearchEntry

SUGGESTED = 40  # titles that suggestions are made of
_NEAR = 2  # letters that a word with errors may be longer or shorter
_ORDER = (models.F("weight").desc(), models.F("at").desc(nulls_last=True), models.F("object_id").asc())


class Found(NamedTuple):
    """Of an entry that was found what it is ranked, counted and filtered by, and no more: there may be
    hundreds, of which a page shows few.
    """

    pk: int
    kind: str
    object_id: int
    article_kind: str | None
    language: str
    year: int | None
    weight: int
    at: datetime.datetime | None
    series: Mapping[str, str]
    title: str
    names: str
    in_title: int

    @property
    def group(self) -> str:
        """What readers call its kind: of an article that of the article."""
        return self.article_kind or self.kind


class Matches(models.Expression):
    """Whether an entry is found by a query in the words of each database; with `in_title`, PostgreSQL looks
    at the words of its title and other names only. Both databases ask their index for all that is found:
    to read each entry's words would take a long time for a word that many have.
    """

    def __init__(self, *, sqlite: str, postgres: str, in_title: bool = False) -> None:
        super().__init__(output_field=models.BooleanField())
        self.sqlite, self.postgres, self.in_title = sqlite, postgres, in_title
        self.pk: Combinable = models.F("pk")

    conditional = True

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        resolved = self.copy()
        resolved.pk = self.pk.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        return resolved

    def get_source_expressions(self) -> list:
        return [self.pk]

    def set_source_expressions(self, expressions: list) -> None:
        [self.pk] = expressions

    def as_sqlite(self, compiler, connection):
        pk, params = compiler.compile(self.pk)
        found = "SELECT rowid FROM editorial_searchtext WHERE editorial_searchtext MATCH %s"
        return f"({pk} IN ({found}))", (*params, self.sqlite)

    def as_postgresql(self, compiler, connection):
        table = compiler.quote_name_unless_alias(self.pk.alias)
        if self.in_title:
            return f"({table}.title_vector @@ %s::tsquery)", (self.postgres,)
        return f"({table}.id = ANY (editorial_search_found(%s::tsquery)))", (self.postgres,)


class SearchEntryQuerySet(models.QuerySet):
    def for_readers(self) -> SearchEntryQuerySet:
        """Entries without those of editions that readers have lost, or have another one in the place of."""
        return self.filter(edition__ended_at__isnull=True)

    def candidates(self, query: Query, *, most: int = MOST) -> list[Found]:
        """At most so many of what is found: those in whose title all of it is first, then by weight, the
        newest first. One query.
        """
        postgres = matching.postgres_match(query)
        found = Matches(sqlite=matching.sqlite_match(query), postgres=postgres)
        titled = Matches(
            sqlite=matching.sqlite_match(query, title_only=True), postgres=postgres, in_title=True
        )
        rows = self.for_readers().filter(found).annotate(in_title=_as_number(titled))
        ordered = rows.order_by("-in_title", *_ORDER)
        columns = (name if name != "article_kind" else "edition__kind" for name in Found._fields)
        return [Found(*row) for row in ordered.values_list(*columns)[:most]]

    def beginning(self, query: Query) -> SearchEntryQuerySet:
        """Entries whose title has the words of the query, the last of which may be only begun."""
        begun = Matches(
            sqlite=matching.sqlite_beginning(query),
            postgres=matching.postgres_beginning(query),
            in_title=True,
        )
        return (
            self.for_readers()
            .filter(begun)
            .annotate(in_title=models.Value(1))
            ._with_addresses()
            .defer("text")
            .order_by(*_ORDER)[:SUGGESTED]
        )

    def in_group(self, group: str) -> SearchEntryQuerySet:
        """Articles of a kind, or records of one."""
        of_article = models.Q(kind="article", edition__kind=group)
        return self.filter(of_article | models.Q(kind=group) & ~models.Q(kind="article"))

    def about_series(self, slug: str) -> SearchEntryQuerySet:
        return self.filter(series__has_key=slug)

    def whole(self, pks: Collection[int]) -> dict[int, SearchEntry]:
        """Those of these entries that readers may still have, by their number."""
        rows = self.for_readers().filter(pk__in=pks).order_by()._with_addresses()
        return {entry.pk: entry for entry in rows}

    def _with_addresses(self) -> SearchEntryQuerySet:
        """With what their addresses are made of."""
        article = ("edition__kind", "edition__slug")
        own = [field.name for field in self.model._meta.concrete_fields]
        return self.select_related("edition", "source").only(*own, "source__slug", "source__title", *article)


class SearchWordQuerySet(models.QuerySet):
    def needed_for(self, words: Collection[str]) -> models.QuerySet:
        """Rows (word, is_stem, entries) of what is known of these words, and of what is near to one that may
        have errors. One query.
        """
        wanted = models.Q(word__in=words, is_stem=False)
        wanted |= models.Q(word__in={one for word in words for one in stems(word)}, is_stem=True)
        for word in words:
            if errors_in(word):
                begins, ends = ends_of(word)
                lengths = (len(word) - _NEAR, len(word) + _NEAR)
                # Flat, so that each has its index.
                for end in ({"begins": begins}, {"ends": ends}):
                    wanted |= models.Q(**end, is_stem=False, length__range=lengths)
        rows = self.alias(length=Length("word"))
        return rows.filter(wanted).order_by().values_list("word", "is_stem", "entries")


def _as_number(condition: Matches) -> models.Case:
    return models.Case(
        models.When(condition, then=models.Value(1)),
        default=models.Value(0),
        output_field=models.IntegerField(),
    )
