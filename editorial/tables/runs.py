"""Rows of one table into the newsroom: what each would do, and doing it, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from catalog.resources import Known, RowProblem, TableResource
from catalog.resources.entries import Numbered, in_order
from catalog.resources.outcomes import Difference, Fingerprint, RowOutcome, RunResult, Written
from catalog.resources.running import Run
from catalog.tabular.rows import Row
from editorial.bundles import TABLES
from editorial.resources import ArticleResource, Late

__all__ = ["Difference", "RowOutcome", "RunResult", "Written", "require", "run_rows"]


def run_rows(
    *,
    name: str,
    headers: Sequence[str],
    rows: Iterable[Row | RowProblem],
    user: AbstractBaseUser | None,
    write: bool,
    only_good: bool = False,
    sink: Callable[[list[RowOutcome]], None] | None = None,
    undo: Callable[[list[Written]], None] | None = None,
    stop: Callable[[int], None] | None = None,
    late: list[Late] | None = None,
    locks: bool | None = None,
) -> RunResult:
    """Import rows of the table `name` (`cast.csv`); without `write`, only say what would happen.

    The cells are plain: no formula is escaped in them. All happens in one transaction, that of the caller if
    there is one. Rows that cannot be taken keep all of them out, with `only_good` only themselves.
    `late` gets the texts of articles that came too late: their rows are refused. `locks` is whether others
    wait for the records that rows are compared with; unless it is given, where something is written.
    `sink` gets the outcomes in the order of the rows, `undo` what is written, `stop` how many rows are done;
    each once for a batch, and within the transaction: what they write goes when nothing is kept.
    `user=None` is the machine; others need to add and change rights. Raises PermissionDenied, and what the
    three raise; then nothing is written.
    """
    require(user, name)
    resource = _resource(name, user, locks=write if locks is None else locks)
    problem = resource.header_problem(headers)
    if problem:
        rows = [RowProblem(1, "", "", problem)]
    run = Run(resource, headers, in_part=True, undo=undo if write else None)
    count: Counter[str] = Counter()
    hashed = Fingerprint()
    with transaction.atomic():
        for outcomes in in_order(_watched(run.outcomes(rows), stop)):
            count.update(outcome.kind for outcome in outcomes)
            hashed.add(outcomes)
            if sink is not None:
                sink(outcomes)
        written = write and (only_good or not count["refused"])
        if not written:
            transaction.set_rollback(True)
    if late is not None and isinstance(resource, ArticleResource):
        late += resource.late
    return RunResult(
        count["new"], count["changed"], count["same"], count["refused"], written, hashed.hexdigest()
    )


def require(user: AbstractBaseUser | None, name: str) -> None:
    """Raises PermissionDenied unless the user may add and change what the table `name` holds."""
    meta = TABLES[name]._meta.model._meta
    needed = [f"{meta.app_label}.{get_permission_codename(verb, meta)}" for verb in ("add", "change")]
    if user is not None and not user.has_perms(needed):
        raise PermissionDenied(
            gettext("Your account may not import %(file)s. Ask an administrator.") % {"file": name}
        )


def _resource(name: str, user: AbstractBaseUser | None, *, locks: bool) -> TableResource:
    resource = TABLES[name]
    if issubclass(resource, ArticleResource):
        return resource(Known(), user=user)
    return resource(Known(), locks=locks)


def _watched(
    batches: Iterable[list[Numbered]], stop: Callable[[int], None] | None
) -> Iterator[list[Numbered]]:
    done = 0
    for batch in batches:
        done += len(batch)
        if stop is not None:
            stop(done)
        yield batch
