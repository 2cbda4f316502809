"""Doing what an import waits for: checking its file, writing it, taking it back. Each in one transaction.

Whoever works on an import has claimed it, with a lease as due items have. The transaction that writes the
data also closes the import and its audit entry: killed at any moment, a worker leaves nothing or everything,
and the import's own row says which.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from catalog.resources.outcomes import Written
from catalog.tabular.reading import TableRefused
from editorial import audit
from editorial.models import ImportState, TableImport
from editorial.resources import keep_strays
from editorial.tables.citations import NotCited
from editorial.tables.files import Clock, FoundRows, is_to_stop
from editorial.tables.importing import STOPPED, audit_data, counts_of, is_large
from editorial.tables.indexing import ChangedRecords
from editorial.tables.keeping import Keeper, Sink
from editorial.tables.mapped_runs import MappedResult, run_mapped
from editorial.tables.mapping import mapped_import
from editorial.tables.reading import count_rows
from editorial.tables.undo import undo_rows
from editorial.telling import tell_of_import

LEASE = datetime.timedelta(minutes=2)  # how long a claim lasts; on PostgreSQL its row is locked beside it
MOST_ATTEMPTS = 5  # a file that ends its worker each time must not end every worker for ever

logger = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody asked to stop."""


class Ended(Exception):
    """The worker is to end: what it was at waits for the next one."""


class Lost(Exception):
    """Somebody else has claimed the import, or has finished it."""


class Moved(Exception):
    """The data has moved: this run would have written something else than the dry run showed."""

    def __init__(self, result: MappedResult) -> None:
        super().__init__(result.fingerprint)
        self.result = result


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
        _mine(mine).update(leased_until=None)


def work(mine: TableImport, *, is_told: bool, is_ending: Callable[[], bool] = bool) -> str:
    """Do what the claimed import waits for. What went wrong, in words; "" when nothing did.

    Raises Ended once `is_ending` says so: the import waits as if nobody had claimed it. Raises
    OperationalError where the database was away: the import waits until its lease ends.
    """
    steps = {ImportState.CHECKING: _check, ImportState.IMPORTING: _import, ImportState.UNDOING: _undo}
    with translation.override(mine.options.get("language") or translation.get_language()):
        try:
            if mine.attempts > MOST_ATTEMPTS:
                return _fail(mine, is_told, _broken_off())
            if is_to_stop(mine.place):
                raise Stopped
            steps[ImportState(mine.state)](mine, is_told, is_ending)
        except TableRefused as refused:
            return _fail(mine, is_told, refused.problem.message, asdict(refused.problem))
        except NotCited as refused:
            return _fail(mine, is_told, str(refused), asdict(refused.problem))
        except PermissionDenied as refused:
            return _fail(mine, is_told, str(refused))
        except Stopped:
            _go_back(mine)
        except Ended:
            _hand_back(mine)
            raise
        except Moved as moved:
            _show_again(mine, is_told, moved.result)
        except Lost:
            logger.warning("Import %s was done by somebody else", mine.pk)
        except OperationalError:
            raise
        except Exception:
            logger.exception("Import %s failed", mine.pk)
            return _fail(mine, is_told, _went_wrong())
    return ""


def _check(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    _count(mine)
    with transaction.atomic():
        locked = _lock(mine)
        result = _run(mine, is_ending, write=False, user=locked.user)
        _be_checked(locked, result, has_moved=False)
        _tell(mine, "import.checked", is_told)


def _import(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    with transaction.atomic():
        locked = _lock(mine)
        keep, changed = Keeper(locked), ChangedRecords()

        def note(written: list[Written]) -> None:
            keep(written)
            changed(written)

        result = _run(mine, is_ending, write=True, user=locked.confirmed_by, undo=note, forget=keep.forget)
        if result.fingerprint != locked.fingerprint or not result.written:
            raise Moved(result)
        changed.index()
        keep_strays(locked.confirmed_by, result.late)
        _close(locked, ImportState.IMPORTED, result)
        audit.record(user=locked.confirmed_by, verb="table.imported", target=locked, data=audit_data(locked))
        _tell(mine, "import.imported", is_told)


def _undo(mine: TableImport, is_told: bool, is_ending: Callable[[], bool]) -> None:
    watch = _watch(mine, is_ending) if mine.place.is_dir() else None
    with transaction.atomic():
        locked = _lock(mine)
        changed = ChangedRecords()
        undone, left = undo_rows(locked, locked.undone_by, changed.note, watch)
        changed.index()
        _close(locked, ImportState.UNDONE)
        data = {**audit_data(locked), "undone": undone, "left": left}
        audit.record(user=locked.undone_by, verb="table.import_undone", target=locked, data=data)
        _tell(mine, "import.undone", is_told)


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
    found = FoundRows(mine.place / _folder(mine), mapped.headers)
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


def _lock(mine: TableImport) -> TableImport:
    """The import as it is now, ours until the transaction ends. Raises Lost when it is not ours any more."""
    locked = TableImport.objects.select_for_update().get(pk=mine.pk)
    if (locked.claims, locked.state) != (mine.claims, mine.state):
        raise Lost
    return locked


def _mine(mine: TableImport) -> models.QuerySet:
    """The import, if nobody has claimed or finished it since."""
    return TableImport.objects.filter(pk=mine.pk, claims=mine.claims, state=mine.state)


def _count(mine: TableImport, most: int | None = None) -> None:
    """Say how many rows there are before the work on them begins; nothing when there are more than `most`."""
    if mine.rows is not None:
        return
    try:
        rows = count_rows(mine, most)
    except TableRefused:
        rows = 0  # the check will say why
    if most is None or rows <= most:
        mine.rows = rows
        _mine(mine).update(rows=rows)


def _folder(mine: TableImport) -> str:
    """Where this claim keeps what it finds: what another one found stays until it is decided on."""
    return f"found-{mine.claims}"


def _be_checked(locked: TableImport, result: MappedResult, *, has_moved: bool) -> None:
    locked.state, locked.has_moved, locked.problem = ImportState.CHECKED, has_moved, {}
    locked.counts, locked.fingerprint = counts_of(result), result.fingerprint
    locked.found_in, locked.leased_until, locked.confirmed_by = _folder(locked), None, None
    locked.ended_at = timezone.now()
    locked.save()


def _close(locked: TableImport, state: ImportState, result: MappedResult | None = None) -> None:
    locked.state, locked.leased_until, locked.ended_at = state, None, timezone.now()
    locked.problem = {}
    if result is not None:
        locked.counts, locked.found_in = counts_of(result), _folder(locked)
    locked.save()


@transaction.atomic
def _show_again(mine: TableImport, is_told: bool, result: MappedResult) -> None:
    """Show the difference as it is now: nothing was written, and it must be decided anew."""
    locked = _lock(mine)
    _be_checked(locked, result, has_moved=True)
    _tell(mine, "import.checked", is_told)


def _go_back(mine: TableImport) -> None:
    """Somebody stopped it: nothing was written, and the import is what it was before."""
    _mine(mine).update(state=STOPPED[ImportState(mine.state)], leased_until=None, ended_at=timezone.now())


def _hand_back(mine: TableImport) -> None:
    """Nothing was written, and that it was begun counts for nothing: the next worker need not wait."""
    _mine(mine).update(leased_until=None, attempts=mine.attempts - 1)


def _fail(mine: TableImport, is_told: bool, message: str, problem: dict[str, Any] | None = None) -> str:
    """Close it with the reason. An import that could not be undone is still imported."""
    state = ImportState.IMPORTED if mine.state == ImportState.UNDOING else ImportState.FAILED
    said = problem or {"line": 0, "column": "", "value": "", "message": message}
    with transaction.atomic():
        _mine(mine).update(state=state, problem=said, leased_until=None, ended_at=timezone.now())
        _tell(mine, "import.failed", is_told, message)
    return message


def _tell(mine: TableImport, notice: str, is_told: bool, text: str = "") -> None:
    """Tell who asked for what the import waited for."""
    asked = {
        ImportState.CHECKING: mine.user_id,
        ImportState.IMPORTING: mine.confirmed_by_id,
        ImportState.UNDOING: mine.undone_by_id,
    }
    if is_told:
        tell_of_import(mine, notice, asked[ImportState(mine.state)], text)


def _broken_off() -> str:
    return gettext(
        "It was broken off %(count)d times, so it is not tried again. Divide the file into smaller ones."
    ) % {"count": MOST_ATTEMPTS}


def _went_wrong() -> str:
    return gettext("Something went wrong on our side. Nothing was written. Tell who looks after the site.")
