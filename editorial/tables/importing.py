"""What people do with an import: upload a file, have it checked, mend cells, confirm, stop, undo.

Each is one transaction that locks the import and changes its state; the work itself is done by
`editorial.tables.work`, at once for a small file and by a worker for a large one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext

from editorial.bundles import MAX_BYTES
from editorial.models import BUNDLE, ImportState, TableImport
from editorial.table_querysets import RUNNING
from editorial.tables.files import TooLarge, ask_to_stop, keep_file, may_go_on, remove
from editorial.tables.mapped_runs import MappedResult
from editorial.tables.rights import require_import

MOST_MENDED = 1_000  # rows; who has more to mend does it in the file
# What an import is again when somebody stops it.
STOPPED = {
    ImportState.CHECKING: ImportState.CANCELLED,
    ImportState.IMPORTING: ImportState.CHECKED,
    ImportState.UNDOING: ImportState.IMPORTED,
}
BEFORE_A_CHECK = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.CANCELLED, ImportState.FAILED)


# A bundle that is so is neither checked again nor taken back.
BUNDLE_ENDED = (ImportState.IMPORTED, ImportState.CANCELLED, ImportState.FAILED)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a dry run found: the numbers of rows, and a fingerprint, equal where it would do the same."""

    counts: dict[str, Any]
    fingerprint: str


class ImportRefused(Exception):
    """What was asked for cannot be done with this import now; str() says why and what to do."""


def upload_table(*, user: AbstractBaseUser, table: str, name: str, chunks: Iterable[bytes]) -> TableImport:
    """Keep a file that somebody wants to import into the table, or a BUNDLE.

    Raises PermissionDenied and ImportRefused.
    """
    require_import(user, table)
    new = TableImport(
        table=table,
        folder=uuid4(),
        name=PurePath(name).name[-255:] or table,
        user=user,
        uploaded_at=timezone.now(),
        options={"language": translation.get_language()},
    )
    limit = MAX_BYTES if new.is_bundle else settings.TABLE_LIMITS.bytes
    try:
        kept = keep_file(new.place, chunks, limit)
    except TooLarge as error:
        most = filesizeformat(limit)
        text = gettext("The file is too large: at most %(most)s can be imported. Divide it into several.")
        raise ImportRefused(text % {"most": most}) from error
    new.size, new.sha256 = kept.size, kept.sha256
    try:
        if not new.size:
            raise ImportRefused(gettext("The file is empty. Its first line names columns."))
        new.save()
    except BaseException:
        remove(new.place)
        raise
    return new


@transaction.atomic
def begin_check(
    *, user: AbstractBaseUser, table_import: TableImport, options: Mapping[str, Any] | None = None
) -> TableImport:
    """Have the file checked, with these `options` beside those it has.

    Whoever calls it goes on with `editorial.tables.work.start`, as after confirming and undoing. Raises
    PermissionDenied and ImportRefused.
    """
    locked = lock_import(user, table_import, *BEFORE_A_CHECK)
    require_file(locked)
    locked.options = {**locked.options, **(options or {}), "language": translation.get_language()}
    locked.state, locked.problem, locked.ended_at = ImportState.CHECKING, {}, None
    locked.rows, locked.has_moved = None, False
    _let_go(locked)
    return locked


@transaction.atomic
def mend_cells(
    *,
    user: AbstractBaseUser,
    table_import: TableImport,
    fingerprint: str,
    cells: Mapping[str, Mapping[str, str]],
) -> TableImport:
    """Take these texts in the place of what the file has: row → column → text; and have it checked again.

    A row is named as the dry run of this `fingerprint` names it: by its line, and the place among those of
    one line. What was mended before stays.
    """
    require_table(table_import)
    locked = _lock_checked(user, table_import, fingerprint)
    mended = {row: dict(texts) for row, texts in locked.options.get("mended", {}).items()}
    for row, texts in cells.items():
        mended.setdefault(row, {}).update(texts)
    if len(mended) > MOST_MENDED:
        text = gettext("At most %(most)d rows can be mended here. Download the refused rows instead.")
        raise ImportRefused(text % {"most": MOST_MENDED})
    return begin_check(user=user, table_import=locked, options={"mended": mended})


@transaction.atomic
def confirm_import(
    *, user: AbstractBaseUser, table_import: TableImport, fingerprint: str, only_good: bool
) -> TableImport:
    """Have written what the dry run of this `fingerprint` showed; with `only_good`, without refused rows.

    A bundle is written whole.
    """
    locked = _lock_checked(user, table_import, fingerprint)
    if locked.counts.get("refused") and not only_good:
        text = gettext("Rows are refused, so nothing is imported. Mend them, or import the good rows alone.")
        raise ImportRefused(text)
    if not any(locked.counts.get(kind) for kind in ("new", "changed", "late")):
        raise ImportRefused(gettext("There is nothing to import: the file brings nothing new."))
    locked.state, locked.only_good, locked.confirmed_by = ImportState.IMPORTING, only_good, user
    locked.has_moved = False
    _let_go(locked)
    return locked


def cancel_import(*, user: AbstractBaseUser, table_import: TableImport) -> None:
    """Stop what is running, or give up a file that was not imported. Nothing of it is written.

    The run itself is asked through the folder: its transaction may hold the database meanwhile.
    """
    require_import(user, table_import.table)
    if table_import.state in RUNNING:
        ask_to_stop(table_import.place)
        _stop_what_waits(table_import)
        let_file_of_bundle_go(table_import)
        return
    with transaction.atomic():
        locked = lock_import(user, table_import, *BEFORE_A_CHECK)
        locked.state, locked.ended_at = ImportState.CANCELLED, timezone.now()
        locked.save(update_fields=["state", "ended_at"])
    let_file_of_bundle_go(table_import)


def let_file_of_bundle_go(table_import: TableImport) -> None:
    """Remove the file of a bundle that has ended; called once that is written. Others keep theirs."""
    ended = TableImport.objects.filter(
        pk=table_import.pk, table=BUNDLE, state__in=BUNDLE_ENDED, file_removed_at=None
    )
    if table_import.is_bundle and ended.exists():
        remove(table_import.place)
        ended.update(file_removed_at=timezone.now())


@transaction.atomic
def undo_import(*, user: AbstractBaseUser, table_import: TableImport) -> TableImport:
    """Have taken back what the import wrote, as far as nobody has changed it or leans on it since.

    Not that of a bundle.
    """
    require_table(table_import)
    locked = lock_import(user, table_import, ImportState.IMPORTED)
    if locked.file_removed_at is not None:
        text = gettext("An import can be undone for %(days)d days. Take the rows back one by one.")
        raise ImportRefused(text % {"days": settings.IMPORT_KEEP_DAYS})
    locked.state, locked.undone_by, locked.problem = ImportState.UNDOING, user, {}
    _let_go(locked)
    return locked


def forget_old_imports(now: datetime.datetime) -> int:
    """Remove the files of imports that ended long ago, and what is kept for undoing them; how many."""
    old = TableImport.objects.ended_before(now - datetime.timedelta(days=settings.IMPORT_KEEP_DAYS))
    return sum(_forget(old.filter(pk=pk), now) for pk in old.values_list("pk", flat=True))


def _forget(old: models.QuerySet, now: datetime.datetime) -> bool:
    """Remove the file of this import, unless it is not old any more since somebody has gone on with it."""
    with transaction.atomic():
        one = old.select_for_update().first()
        if one is None:
            return False
        one.imported_rows.all().delete()
        one.file_removed_at = now
        one.options = {name: value for name, value in one.options.items() if name != "mended"}
        one.save(update_fields=["file_removed_at", "options"])
    remove(one.place)
    return True


def is_large(table_import: TableImport) -> bool:
    """Whether a worker does it, and nobody waits for the page; a small bundle never becomes an import."""
    rows = table_import.rows
    return table_import.is_bundle or rows is None or rows > settings.IMPORT_ROWS_AT_ONCE


def counts_of(result: MappedResult) -> dict[str, Any]:
    """The numbers of rows, and of what they bring along besides."""
    return {
        "new": result.run.new,
        "changed": result.run.changed,
        "same": result.run.same,
        "refused": result.run.refused,
        "made": result.made,
        "to_make": result.to_make,
        "aliases": result.aliases,
        "cited": result.cited,
        "uncited": result.uncited,
        "late": len({one.line for one in result.late}),
    }


def audit_data(table_import: TableImport) -> dict[str, Any]:
    """What the audit log keeps of an import: which file, and how many rows of each kind."""
    return {
        "table": table_import.table,
        "file": table_import.name,
        "sha256": table_import.sha256,
        **table_import.counts,
    }


def lock_import(user: AbstractBaseUser, table_import: TableImport, *states: ImportState) -> TableImport:
    """The import as it is now, locked, in one of these states. Raises PermissionDenied and ImportRefused."""
    require_import(user, table_import.table)
    locked = TableImport.objects.select_for_update().get(pk=table_import.pk)
    if locked.state not in states:
        text = gettext("This cannot be done now: the import is %(state)s.")
        raise ImportRefused(text % {"state": locked.get_state_display()})
    return locked


def _lock_checked(user: AbstractBaseUser, table_import: TableImport, fingerprint: str) -> TableImport:
    """The import, locked, as the dry run of this `fingerprint` left it. Raises as `lock_import` does."""
    locked = lock_import(user, table_import, ImportState.CHECKED)
    require_file(locked)
    if fingerprint != locked.fingerprint:
        raise ImportRefused(gettext("The file was checked again since. Look at what it found now."))
    return locked


def require_table(table_import: TableImport) -> None:
    """Raises ImportRefused for a bundle."""
    if table_import.is_bundle:
        text = gettext(
            "This can be done with a table, not with a bundle: it is taken in whole, and not taken back."
        )
        raise ImportRefused(text)


def require_file(table_import: TableImport) -> None:
    """Raises ImportRefused when the file was removed, and with it what was found in it."""
    if table_import.file_removed_at is not None:
        raise ImportRefused(gettext("The file is no longer kept. Upload it again."))


def _stop_what_waits(table_import: TableImport) -> None:
    """Nobody works on it: there is nobody who would see that it is to stop."""
    waiting = TableImport.objects.waiting(timezone.now()).filter(pk=table_import.pk)
    if waiting.exists():
        state = STOPPED[ImportState(table_import.state)]
        waiting.filter(state=table_import.state).order_by().update(
            state=state, leased_until=None, ended_at=timezone.now()
        )


def _let_go(locked: TableImport) -> None:
    """Leave it to whoever works on imports, without the lease and the wish to stop of an earlier run."""
    may_go_on(locked.place)
    locked.leased_until, locked.claims, locked.attempts = None, locked.claims + 1, 0
    locked.save()
