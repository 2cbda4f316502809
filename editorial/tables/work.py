"""Doing what an import waits for: checking its file, writing it, taking it back. Each in one transaction.

Whoever works on an import has claimed it, with a lease as due items have. The transaction that writes the
data also closes the import and its audit entry: killed at any moment, a worker leaves nothing or everything,
and the import's own row says which.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from catalog.resources.outcomes import Written
from catalog.tabular.reading import TableRefused
from editorial import audit
from editorial.bundles import BundleRefused
from editorial.models import ImportState, TableImport
from editorial.newsroom_state import desk_state
from editorial.resources import keep_strays
from editorial.tables.bundle_runs import check_bundle, rows_of_bundle, write_bundle
from editorial.tables.citations import NotCited
from editorial.tables.closing import (
    Lost,
    be_checked,
    close,
    fail,
    found_folder_of,
    go_back,
    hand_back,
    lock,
    refuse,
    show_again,
    still_theirs,
    tell,
)
from editorial.tables.files import Clock, FoundRows, is_to_stop
from editorial.tables.importing import Checked, audit_data, counts_of, is_large, let_file_of_bundle_go
from editorial.tables.indexing import ChangedRecords
from editorial.tables.keeping import Keeper, Sink
from editorial.tables.mapped_runs import MappedResult, run_mapped
from editorial.tables.mapping import mapped_import
from editorial.tables.reading import count_rows
from editorial.tables.undo import undo_rows

LEASE = datetime.timedelta(minutes=2)  # how long a claim lasts; on PostgreSQL its row is locked beside it
MOST_ATTEMPTS = 5  # a file that ends its worker each time must not end every worker for ever

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked to stop."""


class Ended(Exception):
    """The worker is to end: what it was at waits for the next one."""


class Moved(Exception):
    """The data has moved: this run would have written something else than the dry run showed."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(checked.fingerprint)
        self.checked = checked


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an import that a worker looked at; `error` is "" where nothing went wrong."""

    table_import: TableImport
    error: str

    def __str__(self) -> str:
        return f"{self.table_import}: {self.error or gettext('done')}"


def something_waits(now: datetime.datetime) -> bool:
    """Whether there is an import that a worker could claim."""
    waiting = TableImport.objects.waiting(now)
    if not connection.features.has_select_for_update_skip_locked:
        return waiting.exists()
    # A long run outlasts its lease: its row is locked, and another worker would find nothing.
    with transaction.atomic():
        free = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        return free.first() is not None


def claim(now: datetime.datetime, pk: int | None = None) -> TableImport | None:
    """The import that waits longest, or that of `pk`, now ours until its lease ends; None without one."""
    waiting = TableImport.objects.waiting(now)
    if pk is not None:
        waiting = waiting.filter(pk=pk)
    if not waiting.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        mine = waiting.first()
        if mine is not None:
            mine.claims, mine.attempts = mine.claims + 1, mine.attempts + 1
            mine.leased_until = now + LEASE
            mine.save(update_fields=["claims", "attempts", "leased_until"])
    return mine


def run_waiting(is_ending: Callable[[], bool] = bool) -> list[Done]:
    """All of `each_waiting`."""
    return [*each_waiting(is_ending)]


def each_waiting(is_ending: Callable[[], bool] = bool) -> Iterator[Done]:
    """Claim and do every import that waits, each in its turn, and tell who asked for it.

    Once `is_ending` says so, none is begun any more, and the one in work is handed back at its next batch.
    """
    while not is_ending() and (mine := claim(timezone.now())) is not None:
        try:
            error = work(mine, is_told=True, is_ending=is_ending)
        except Ended:
            return
        yield Done(mine, error)


def start(table_import: TableImport) -> None:
    """Do at once what a small import waits for; a large one is left to a worker, and so is what is busy."""
    _count(table_import, settings.IMPORT_ROWS_AT_ONCE)
    mine = None if is_large(table_import) else claim(timezone.now(), table_import.pk)
    if mine is None:
        return
    try:
        work(mine, is_told=False)
    except OperationalError:
        logger.warning("Import %s is left to a worker", mine.pk, exc_info=True)
        still_theirs(mine).update(leased_until=None)


def work(mine: TableImport, *, is_told: bool, is_ending: Callable[[], bool] = bool) -> str:
    """Do what the claimed import waits for. What went wrong, in words; "" when nothing did.

    Raises Ended once `is_ending` says so: the import waits as if nobody had claimed it. Raises
    OperationalError where the database was away: the import waits until its lease ends.
    """
    error = _work(mine, is_told, is_ending)
    let_file_of_bundle_go(mine)
    return error


def _work(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> str:
    steps: Mapping[ImportState, Callable] = _OF_BUNDLE if mine.is_bundle else _OF_TABLE
    with translation.override(mine.options.get("language") or translation.get_language()):
        try:
            if mine.attempts > MOST_ATTEMPTS:
                return fail(mine, is_told, _broken_off())
            if is_to_stop(mine.place):
                raise Stopped
            return steps[ImportState(mine.state)](mine, is_told, is_ending) or ""
        except TableRefused as refused:
            return fail(mine, is_told, refused.problem.message, asdict(refused.problem))
        except NotCited as refused:
            return fail(mine, is_told, str(refused), asdict(refused.problem))
        except BundleRefused as refused:
            return refuse(mine, is_told, refused)
        except PermissionDenied as refused:
            return fail(mine, is_told, str(refused))
        except Stopped:
            go_back(mine)
        except Ended:
            hand_back(mine)
            raise
        except Moved as moved:
            show_again(mine, is_told, moved.checked)
        except Lost:
            logger.warning("Import %s was done by somebody else", mine.pk)
        except OperationalError:
            raise
        except Exception:
            logger.exception("Import %s failed", mine.pk)
            return fail(mine, is_told, _went_wrong())
    return ""


def _check(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    _count(mine)
    with transaction.atomic():
        locked = lock(mine)
        result = _run(mine, is_ending, write=False, user=locked.user)
        be_checked(locked, _checked(result), has_moved=False)
        tell(mine, "import.checked", is_told)


def _import(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    with transaction.atomic():
        locked = lock(mine)
        keep, changed = Keeper(locked), ChangedRecords()

        def note(written: list[Written]) -> None:
            keep(written)
            changed(written)

        result = _run(mine, is_ending, write=True, user=locked.confirmed_by, undo=note, forget=keep.forget)
        if result.fingerprint != locked.fingerprint or not result.written:
            raise Moved(_checked(result))
        changed.index()
        keep_strays(locked.confirmed_by, result.late)
        close(locked, ImportState.IMPORTED, counts_of(result))
        audit.record(user=locked.confirmed_by, verb="table.imported", target=locked, data=audit_data(locked))
        tell(mine, "import.imported", is_told)


def _undo(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    watch = _watch(mine, is_ending) if mine.place.is_dir() else None
    with transaction.atomic():
        locked = lock(mine)
        changed = ChangedRecords()
        undone, left = undo_rows(locked, locked.undone_by, changed.note, watch)
        changed.index()
        close(locked, ImportState.UNDONE)
        data = {**audit_data(locked), "undone": undone, "left": left}
        audit.record(user=locked.undone_by, verb="table.import_undone", target=locked, data=data)
        tell(mine, "import.undone", is_told)


def _check_bundle(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    _count(mine)
    with transaction.atomic():
        locked = lock(mine)
        found = check_bundle(mine, locked.user, _watch(mine, is_ending))
        be_checked(locked, found, has_moved=False)
        tell(mine, "import.checked", is_told)


def _import_bundle(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> str:
    watch = _watch(mine, is_ending)

    def finish(counts: dict[str, Any]) -> None:
        if counts != locked.counts:
            raise Moved(Checked(counts, before))
        close(locked, ImportState.IMPORTED, counts)
        tell(mine, "import.imported", is_told)

    with transaction.atomic():
        locked, before = lock(mine), desk_state()
        if before != locked.fingerprint:
            raise Moved(check_bundle(mine, locked.confirmed_by, watch))
        try:
            write_bundle(mine, locked.confirmed_by, watch, finish)
        except BundleRefused as refused:  # and yet the texts that came too late are kept
            return refuse(mine, is_told, refused)
    return ""


_OF_TABLE = {ImportState.CHECKING: _check, ImportState.IMPORTING: _import, ImportState.UNDOING: _undo}
_OF_BUNDLE = {ImportState.CHECKING: _check_bundle, ImportState.IMPORTING: _import_bundle}


def _run(
    mine: TableImport,
    is_ending: Callable[[], bool],
    *,
    write: bool,
    user: Any,
    undo: Callable | None = None,
    forget: Callable | None = None,
) -> MappedResult:
    """Run the file's rows, keeping what is found beside it; it is stopped when somebody asks for that."""
    mapped = mapped_import(mine)
    found = FoundRows(mine.place / found_folder_of(mine), mapped.headers)
    try:
        return run_mapped(
            mapped,
            user=user,
            write=write,
            only_good=write and mine.only_good,
            sink=Sink(found),
            undo=undo,
            forget=forget,
            stop=_watch(mine, is_ending),
        )
    finally:
        found.close()


def _watch(mine: TableImport, is_ending: Callable[[], bool]) -> Callable[[int], None]:
    """Notes how many rows are done. Raises Stopped when somebody has asked to stop, Ended as `work` does."""
    clock = Clock(mine.place)

    def watch(rows: int) -> None:
        clock.note(rows)
        if is_to_stop(mine.place):
            raise Stopped
        if is_ending():
            raise Ended

    return watch


def _count(mine: TableImport, most: int | None = None) -> None:
    """Say how many rows there are before the work on them begins; nothing when there are more than `most`."""
    if mine.rows is not None:
        return
    try:
        rows = rows_of_bundle(mine) if mine.is_bundle else count_rows(mine, most)
    except TableRefused:
        rows = 0  # the check will say why
    if most is None or rows <= most:
        mine.rows = rows
        still_theirs(mine).update(rows=rows)


def _checked(result: MappedResult) -> Checked:
    return Checked(counts_of(result), result.fingerprint)


def _broken_off() -> str:
    return gettext(
        "It was broken off %(count)d times, so it is not tried again. Divide the file into smaller ones."
    ) % {"count": MOST_ATTEMPTS}


def _went_wrong() -> str:
    return gettext("Something went wrong on our side. Nothing was written. Tell who looks after the site.")
