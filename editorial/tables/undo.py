"""Taking an import back: each record as it was, unless somebody has changed it or leans on it since.

What was written last is taken back first, so that what leans on another record goes before it. History is
never deleted: an article gets its earlier text as a new revision, and a new one is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, models, router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext

from catalog.fields import SearchKeyField
from catalog.resources.outcomes import values_of
from editorial.actions import StaleArticle, TransitionRefused, restore_revision
from editorial.models import Article, ImportedRow, TableImport
from editorial.tables.keeping import REVISION

_BATCH = 500


class Left(Exception):
    """The record is left as it is; str() says why."""


def undo_rows(
    table_import: TableImport,
    user: AbstractBaseUser,
    changed: Callable[..., None],
    note: Callable[[int], None] | None = None,
) -> tuple[int, int]:
    """Take back what the import wrote; how many records were, and how many are left, each with its reason.

    `changed` gets the model of each that was, and its columns as the import had left and had found them;
    `note` how many are done.
    """
    undone = left = 0
    for batch in _batches(table_import):
        _undo_batch(batch, user)
        for row in batch:
            if row.undone:
                changed(row.content_type.model_class(), row.after, row.before)
        ImportedRow.objects.bulk_update(batch, ["undone", "left_because"], batch_size=_BATCH)
        undone += sum(row.undone for row in batch)
        left += sum(not row.undone for row in batch)
        if note is not None:
            note(undone + left)
    return undone, left


def _batches(table_import: TableImport) -> Iterator[list[ImportedRow]]:
    """The rows from the last to the first, some at a time, each time of one kind of record."""
    rows = table_import.imported_rows.filter(undone=False).order_by("-pk")
    below: int | None = None
    while batch := list((rows if below is None else rows.filter(pk__lt=below))[:_BATCH]):
        below = batch[-1].pk
        for _kind, same in groupby(batch, key=lambda row: row.content_type_id):
            yield list(same)


def _undo_batch(batch: Sequence[ImportedRow], user: AbstractBaseUser) -> None:
    model = ContentType.objects.get_for_id(batch[0].content_type_id).model_class()
    records = model._default_manager.select_for_update(of=("self",)).in_bulk([row.object_id for row in batch])
    for row in batch:
        row.undone, row.left_because = False, ""
    ready = []
    for row in batch:
        record = records.get(row.object_id)
        try:
            if model is Article:
                _undo_article(row, record, user)
                row.undone = True
            else:
                _must_be_ours(row, record)
                ready.append((row, record))
        except Left as reason:
            row.left_because = str(reason)
    for row, record in ready:
        try:
            with transaction.atomic():
                _undo_one(row, record)
            row.undone = True
        except Left as reason:
            row.left_because = str(reason)
        except (ProtectedError, RestrictedError):
            row.left_because = _leaned_on()
        except DatabaseError:
            row.left_because = gettext("The database keeps it: its earlier state does not fit any more.")


def _must_be_ours(row: ImportedRow, record: models.Model | None) -> None:
    """Raises Left when the record is no longer as the import left it."""
    if record is None:
        raise Left(gettext("It has been deleted since."))
    kept = _compared(record)
    now = values_of(record)
    if any(now[name] != row.after.get(name) for name in kept):
        raise Left(gettext("It has been changed since."))


def _compared(record: models.Model) -> list[str]:
    """The columns that people fill: neither times of writing nor what is made of other columns."""
    return [
        one.attname
        for one in record._meta.concrete_fields
        if not isinstance(one, SearchKeyField) and not getattr(one, "auto_now", False)
    ]


def _undo_one(row: ImportedRow, record: models.Model) -> None:
    if row.before is None:
        _delete(record)
        return
    for one in record._meta.concrete_fields:
        if not one.primary_key and one.attname in row.before:
            setattr(record, one.attname, _from_json(one, row.before[one.attname]))
    record.save()


def _from_json(field: models.Field, value: Any) -> Any:
    if value is None:
        return None
    return (field.target_field if field.is_relation else field).to_python(value)


def _delete(record: models.Model) -> None:
    """Delete a record that nothing leans on; whatever would go with it keeps it here."""
    collector = Collector(using=router.db_for_write(type(record)), origin=record)
    collector.collect([record])
    if sum(len(found) for found in collector.data.values()) > 1 or any(
        queryset.exists() for queryset in collector.fast_deletes
    ):
        raise Left(_leaned_on())
    collector.delete()


def _undo_article(row: ImportedRow, article: Article | None, user: AbstractBaseUser) -> None:
    if row.before is None or article is None:
        raise Left(gettext("Articles are kept. Archive it where it is not wanted."))
    newest = article.revisions.newest()
    if newest is None or newest.number != row.after.get(REVISION):
        raise Left(gettext("Somebody has saved it since."))
    earlier = article.revisions.on_line().filter(number__lt=newest.number).order_by("-number").first()
    if earlier is None:
        raise Left(gettext("It has no earlier text."))
    try:
        with transaction.atomic():
            restore_revision(user=user, article=article, revision=earlier, based_on=newest.number)
    except (StaleArticle, TransitionRefused, PermissionDenied) as refusal:
        raise Left(str(refusal)) from refusal


def _leaned_on() -> str:
    return gettext("Something leans on it: another record, a citation or an article.")
