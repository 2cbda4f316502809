"""What is read from the index, named for what it answers; the one place that asks each database's search."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from editorial.searching import matching
from editorial.searching.nearest import ends_of, errors_in
from editorial.searching.query import Query
from editorial.searching.ranking import MOST
from editorial.searching.words import stems

SUGGESTED = 40  # titles that suggestions are made of
_NEAR = 2  # letters that a word with errors may be longer or shorter


class Matches(models.Expression):
    """Whether an entry is found by a query in the words of each database."""

    def __init__(self, *, sqlite: str, postgres: str) -> None:
        super().__init__(output_field=models.BooleanField())
        self.sqlite, self.postgres = sqlite, postgres
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
        table = connection.ops.quote_name(self.pk.alias)
        return f"({table}.vector @@ %s::tsquery)", (self.postgres,)


class SearchEntryQuerySet(models.QuerySet):
    def for_readers(self) -> SearchEntryQuerySet:
        """Entries without those of editions that readers have lost, or have another one in the place of."""
        return self.filter(edition__ended_at__isnull=True)

    def candidates(self, query: Query, *, most: int = MOST) -> SearchEntryQuerySet:
        """At most so many of what is found, with `in_title`, without texts: those in whose title all of it is
        first, then by weight, the newest first.
        """
        matching_title = Matches(
            sqlite=matching.sqlite_match(query, title_only=True),
            postgres=matching.postgres_match(query, title_only=True),
        )
        found = Matches(sqlite=matching.sqlite_match(query), postgres=matching.postgres_match(query))
        return (
            self.for_readers()
            .filter(found)
            .annotate(in_title=_as_number(matching_title))
            ._light()
            .order_by("-in_title", "-weight", models.F("at").desc(nulls_last=True), "object_id")[:most]
        )

    def beginning(self, query: Query) -> SearchEntryQuerySet:
        """Entries whose title has the words of the query, the last of which may be only begun."""
        begun = Matches(sqlite=matching.sqlite_beginning(query), postgres=matching.postgres_beginning(query))
        return (
            self.for_readers()
            .filter(begun)
            .annotate(in_title=models.Value(1))
            ._light()
            .order_by("-weight", models.F("at").desc(nulls_last=True), "object_id")[:SUGGESTED]
        )

    def in_group(self, group: str) -> SearchEntryQuerySet:
        """Articles of a kind, or records of one."""
        of_article = models.Q(kind="article", edition__kind=group)
        return self.filter(of_article | models.Q(kind=group) & ~models.Q(kind="article"))

    def about_series(self, slug: str) -> SearchEntryQuerySet:
        return self.filter(series__has_key=slug)

    def texts_of(self, pks: Collection[int]) -> dict[int, str]:
        """The texts of these entries, by their number."""
        return dict(self.filter(pk__in=pks).order_by().values_list("pk", "text"))

    def _light(self) -> SearchEntryQuerySet:
        """Without the texts, with what their addresses are made of."""
        article = ("edition__kind", "edition__slug")
        own = [field.attname for field in self.model._meta.concrete_fields if field.name != "text"]
        return self.select_related("edition", "source").only(
            *(name for name in own if not name.endswith("_id") or name == "object_id"),
            *("edition", "source", "source__slug", "source__title", *article),
        )


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
