"""Tables of people and characters, their names, earlier works, and statements about any record."""

from __future__ import annotations

from django.db import models
from import_export import fields

from catalog.keys import RELATIONS, key_of
from catalog.models import Alias, Character, EarlierWork, Person, Season, Series, Statement
from catalog.resources.base import TableResource
from catalog.resources.columns import number_of, reference


class PersonResource(TableResource):
    class Meta:
        model = Person
        import_id_fields = ["slug"]
        fields = ("slug", "name", "sort_name")


class CharacterResource(TableResource):
    series = reference("series", Series, required=True)

    class Meta:
        model = Character
        import_id_fields = ["series", "slug"]
        fields = ("series", "slug", "name")


class AliasResource(TableResource):
    person = reference("person", Person)
    character = reference("character", Character, part=key_of)

    class Meta:
        model = Alias
        import_id_fields = ["person", "character", "text", "language"]
        fields = ("person", "character", "text", "language", "kind")

    def key(self, instance: Alias) -> str | None:
        return super().key(instance) if instance.person or instance.character else None


class EarlierWorkResource(TableResource):
    person = reference("person", Person, required=True)
    sort_columns = ("person", "position", "title")

    class Meta:
        model = EarlierWork
        import_id_fields = ["person", "title"]
        fields = ("person", "title", "position")


class _SeriesOfSubject(fields.Field):
    """The series a statement is about, unless the row goes on to one of its seasons or characters."""

    def clean(self, row, **kwargs: object) -> models.Model | None:
        series = super().clean(row, **kwargs)
        return None if row["season"] or row["character"] else series


class StatementResource(TableResource):
    series = _SeriesOfSubject("series", "series", reference("series", Series).widget)
    season = reference("season", Season, "series", "season", part=number_of)
    person = reference("person", Person)
    character = reference("character", Character, "series", "character")
    gives_away = reference("gives_away", Season, part=key_of)
    sort_columns = ("series", "season", "person", "character", "position", "label")
    relations = (*RELATIONS[Statement], "gives_away__series")

    class Meta:
        model = Statement
        import_id_fields = ["series", "season", "person", "character", "label"]
        fields = (
            "series",
            "season",
            "person",
            "character",
            "label",
            "value",
            "position",
            "gives_away",
        )

    def dehydrate_series(self, statement: Statement) -> str:
        inner = statement.season or statement.character
        series = inner.series if inner else statement.series
        return series.slug if series else ""

    def key(self, instance: Statement) -> str | None:
        return super().key(instance) if instance.subject else None
