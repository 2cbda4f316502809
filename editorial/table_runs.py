"""Rows of one table into the newsroom: what each would do, and doing it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from catalog.resources import Known, RowProblem, Table, TableResource
from catalog.resources.base import values_of
from catalog.resources.outcomes import Difference, Fingerprint, RowOutcome, RunResult, Written
from editorial.bundles import TABLES
from editorial.resources import ArticleResource

__all__ = ["Difference", "RowOutcome", "RunResult", "Written", "run_rows"]
_BATCH = 2000


def run_rows(
    *,
    name: str,
    headers: Sequence[str],
    rows: Iterable[tuple[int, list[str]] | RowProblem],
    user: AbstractBaseUser | None,
    write: bool,
    only_good: bool = False,
    sink: Callable[[list[RowOutcome]], None] | None = None,
    undo: Callable[[list[Written]], None] | None = None,
    stop: Callable[[int], None] | None = None,
) -> RunResult:
    """Import rows of the table `name` (`cast.csv`); without `write`, only say what would happen.

    Rows that cannot be taken keep all of them out, with `only_good` only themselves. `user=None` is the
    machine; others need to add and change rights. Raises PermissionDenied, and what `stop` raises.
    """
    require(user, name)
    given, broken = [], []
    for row in rows:
        (broken if isinstance(row, RowProblem) else given).append(row)
    refused: dict[int, list[RowProblem]] = {}
    for problem in broken:
        refused.setdefault(problem.line, []).append(problem)
    with transaction.atomic():
        resource, result = _try(name, user, headers, given)
        problems = result.problems
        for problem in problems:
            refused.setdefault(problem.line, []).append(problem)
        if problems and only_good:
            good = [row for row in given if row[0] not in refused]
            resource, result = _try(name, user, headers, good)
        cells = {line: tuple(row) for line, row in given}
        outcomes = [one for one in resource.outcomes if one.line not in refused]
        outcomes += [
            RowOutcome(line, "refused", "", (), tuple(said), cells.get(line, ()))
            for line, said in refused.items()
        ]
        outcomes.sort()
        kept = write and (only_good or not refused)
        if undo and kept:
            undo([
                Written(type(one), one.pk, before, values_of(one), line)
                for line, one, before in resource._befores
            ])  # fmt: skip
        if not kept:
            transaction.set_rollback(True)
        if stop:
            stop(len(given))
    hashed = Fingerprint()
    for start in range(0, len(outcomes), _BATCH):
        hashed.add(outcomes[start : start + _BATCH])
        if sink:
            sink(outcomes[start : start + _BATCH])
    count = [one.kind for one in outcomes].count
    return RunResult(
        count("new"), count("changed"), count("same"), count("refused"), kept, hashed.hexdigest()
    )


def require(user: AbstractBaseUser | None, name: str) -> None:
    """Raises PermissionDenied unless the user may add and change what the table holds."""
    meta = TABLES[name]._meta.model._meta
    needed = [f"{meta.app_label}.{get_permission_codename(verb, meta)}" for verb in ("add", "change")]
    if user is not None and not user.has_perms(needed):
        raise PermissionDenied(
            gettext("Your account may not import %(file)s. Ask an administrator.") % {"file": name}
        )


def _try(name: str, user: AbstractBaseUser | None, headers: Sequence[str], rows: list) -> tuple:
    resource_class = TABLES[name]
    options = {"user": user} if issubclass(resource_class, ArticleResource) else {}
    resource: TableResource = resource_class(Known(), **options)
    table = Table(list(headers), [list(cells) for _line, cells in rows], [line for line, _cells in rows])
    return resource, resource.import_table(table)
