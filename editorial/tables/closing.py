"""How an import that somebody works on is closed, shown, handed back or given up, and who is told.

Each only while it is still theirs who claimed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from editorial.bundles import BundleRefused
from editorial.models import ImportState, TableImport
from editorial.tables.bundle_runs import counts_of_refused, why_refused
from editorial.tables.importing import STOPPED, Checked
from editorial.telling import tell_of_import


class Lost(Exception):
    """Somebody else has claimed the import, or has finished it."""


def lock(mine: TableImport) -> TableImport:
    """The import as it is now, ours until the transaction ends. Raises Lost when it is not ours any more."""
    locked = TableImport.objects.select_for_update().get(pk=mine.pk)
    if (locked.claims, locked.state) != (mine.claims, mine.state):
        raise Lost
    return locked


def still_theirs(mine: TableImport) -> models.QuerySet:
    """The import, if nobody has claimed or finished it since."""
    return TableImport.objects.filter(pk=mine.pk, claims=mine.claims, state=mine.state)


def found_folder_of(mine: TableImport) -> str:
    """Where this claim keeps what it finds: what another one found stays until it is decided on."""
    return f"found-{mine.claims}"


def be_checked(locked: TableImport, found: Checked, *, has_moved: bool) -> None:
    """Leave what the dry run found to be decided on."""
    locked.state, locked.has_moved, locked.problem = ImportState.CHECKED, has_moved, {}
    locked.counts, locked.fingerprint = found.counts, found.fingerprint
    locked.found_in, locked.leased_until, locked.confirmed_by = found_folder_of(locked), None, None
    locked.ended_at = timezone.now()
    locked.save()


def close(locked: TableImport, state: ImportState, counts: Mapping[str, Any] | None = None) -> None:
    """It is done. `counts` is what was written."""
    locked.state, locked.leased_until, locked.ended_at = state, None, timezone.now()
    locked.problem = {}
    if counts is not None:
        locked.counts, locked.found_in = counts, found_folder_of(locked)
    locked.save()


@transaction.atomic
def show_again(mine: TableImport, is_told: bool, found: Checked) -> None:
    """Show the difference as it is now: nothing was written, and it must be decided anew."""
    locked = lock(mine)
    be_checked(locked, found, has_moved=True)
    tell(mine, "import.checked", is_told)


def go_back(mine: TableImport) -> None:
    """Somebody stopped it: nothing was written, and the import is what it was before."""
    still_theirs(mine).update(
        state=STOPPED[ImportState(mine.state)], leased_until=None, ended_at=timezone.now()
    )


def hand_back(mine: TableImport) -> None:
    """Nothing was written, and that it was begun counts for nothing: the next worker need not wait."""
    still_theirs(mine).update(leased_until=None, attempts=mine.attempts - 1)


def fail(mine: TableImport, is_told: bool, message: str, problem: dict[str, Any] | None = None) -> str:
    """Close it with the reason. An import that could not be undone is still imported."""
    state = ImportState.IMPORTED if mine.state == ImportState.UNDOING else ImportState.FAILED
    said = problem or {"line": 0, "column": "", "value": "", "message": message}
    with transaction.atomic():
        still_theirs(mine).update(state=state, problem=said, leased_until=None, ended_at=timezone.now())
        tell(mine, "import.failed", is_told, message)
    return message


@transaction.atomic
def refuse(mine: TableImport, is_told: bool, refused: BundleRefused) -> str:
    """Close a bundle that cannot be taken with what is to be mended in it."""
    still_theirs(mine).update(counts=counts_of_refused(refused))
    return fail(mine, is_told, why_refused(refused))


def tell(mine: TableImport, notice: str, is_told: bool, text: str = "") -> None:
    """Tell who asked for what the import waited for."""
    asked = {
        ImportState.CHECKING: mine.user_id,
        ImportState.IMPORTING: mine.confirmed_by_id,
        ImportState.UNDOING: mine.undone_by_id,
    }
    if is_told:
        tell_of_import(mine, notice, asked[ImportState(mine.state)], text)
