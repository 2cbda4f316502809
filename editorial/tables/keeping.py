"""What a run leaves behind: the rows that its page shows, and the records it wrote as they were before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from catalog.resources.outcomes import RowOutcome, Written
from editorial.models import Article, ImportedRow, Revision, TableImport
from editorial.tables.files import FoundRows
from editorial.tables.reading import RowNames

REVISION = "revision"  # of an article, beside its columns: which one the import made


class Sink:
    """Keeps the outcomes that a page shows."""

    def __init__(self, found: FoundRows) -> None:
        self._found, self._names = found, RowNames()

    def __call__(self, outcomes: Sequence[RowOutcome]) -> None:
        for one in outcomes:
            name = self._names.of(one.line)
            if one.kind != "same":
                self._found.add(one.kind, _row(name, one))


class Keeper:
    """Keeps how each written record was before and how the import left it."""

    def __init__(self, table_import: TableImport) -> None:
        self._table_import = table_import

    def __call__(self, written: Sequence[Written]) -> None:
        types = ContentType.objects.get_for_models(*{one.model for one in written})
        newest = _newest_revisions(one.pk for one in written if one.model is Article)
        ImportedRow.objects.bulk_create(
            (
                ImportedRow(
                    table_import=self._table_import,
                    content_type=types[one.model],
                    object_id=one.pk,
                    line=one.line,
                    before=one.before,
                    after=one.after | newest.get(one.pk, {}) if one.model is Article else one.after,
                )
                for one in written
            ),
            batch_size=1_000,
        )

    def forget(self, model: type[models.Model], pks: list[int]) -> None:
        """These records are gone again: the import left nothing of them to be taken back."""
        kind = ContentType.objects.get_for_model(model)
        self._table_import.imported_rows.filter(content_type=kind, object_id__in=pks).delete()


def _row(name: str, one: RowOutcome) -> dict[str, Any]:
    return {
        "row": name,
        "line": one.line,
        "key": one.key,
        "differences": [[each.column, each.before, each.after] for each in one.differences],
        "problems": [[each.line, each.column, each.value, each.message] for each in one.problems],
        "cells": list(one.cells),
    }


def _newest_revisions(pks: Iterable[int]) -> dict[int, dict[str, int]]:
    """Of each of these articles, the number of its newest revision."""
    revisions = Revision.objects.on_line().filter(article__in=list(pks)).order_by()
    newest = revisions.values_list("article").annotate(newest=models.Max("number"))
    return {article: {REVISION: number} for article, number in newest}
