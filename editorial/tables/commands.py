"""One table of the newsroom from a file of any format, as people at the command line bring it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from catalog.resources.describing import CITING, columns_of, is_citable
from catalog.tabular.mapped import ColumnMapping, MappingOfColumns, Reason
from catalog.tabular.reading import Detected, Overrides, TableRefused, detect, read_rows
from editorial import audit
from editorial.bundles import TABLES, BundleRefused, Problem
from editorial.tables.citations import NotCited
from editorial.tables.indexing import ChangedRecords
from editorial.tables.mapped_rows import MappedRows
from editorial.tables.mapped_runs import MappedResult, run_mapped
from editorial.tables.mapping import remembered_mapping
from editorial.tables.runs import RowOutcome, run_rows

Sink = Callable[[list[RowOutcome]], None]


@transaction.atomic
def import_file(
    *,
    user: AbstractBaseUser | None,
    name: str,
    path: Path,
    format: str | None = None,
    renamed: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> MappedResult:
    """Import the table `name` (`people.csv`) from a file: all of its rows, or none; see `run_rows`.

    `renamed` says which of our columns a header of the file means, "" that it is left out. Without it a file
    whose headers somebody mapped before in the admin is read as they chose then. Rows may bring evidence
    along. What the file is, unless `format` says it, is found out. Raises PermissionDenied, and BundleRefused
    with every problem; then nothing is written. One audit row says what was, none that nothing was.
    """
    problems: list[Problem] = []
    changed = ChangedRecords()

    def note(outcomes: list[RowOutcome]) -> None:
        problems.extend(
            Problem.in_table(name, problem) for outcome in outcomes for problem in outcome.problems
        )

    try:
        found = detect(path, name=path.name, overrides=Overrides(format=format), limits=settings.TABLE_LIMITS)
        mapping = _mapping(name, found.headers, renamed or {})
        read = _as_it_is if mapping is None else partial(_mapped, mapping=mapping)
        result = read(name, path, found, user=user, write=not dry_run, sink=note, undo=changed)
    except (TableRefused, NotCited) as refused:
        raise BundleRefused(Problem.in_table(name, refused.problem)) from refused
    if problems:
        raise BundleRefused(*problems)
    _record(user, name, path, result, changed)
    return result


def may_bring_evidence(name: str, headers: Sequence[str]) -> bool:
    """Whether columns beside those of the table say what its rows rest on."""
    return is_citable(TABLES[name]) and bool({*CITING} & {*headers} - {*TABLES[name]._meta.fields})


def _as_it_is(name: str, path: Path, found: Detected, *, user, write: bool, sink: Sink, undo) -> MappedResult:
    rows = read_rows(path, found, limits=settings.TABLE_LIMITS)
    headers = found.headers
    run = run_rows(name=name, headers=headers, rows=rows, user=user, write=write, sink=sink, undo=undo)
    return MappedResult(run)


def _mapped(
    name: str, path: Path, found: Detected, *, mapping: MappingOfColumns, user, write: bool, sink: Sink, undo
) -> MappedResult:
    rows = partial(read_rows, path, found, limits=settings.TABLE_LIMITS)
    return run_mapped(MappedRows(name, mapping, rows), user=user, write=write, sink=sink, undo=undo)


def _mapping(name: str, headers: Sequence[str], renamed: Mapping[str, str]) -> MappingOfColumns | None:
    """How the columns are read; None when they are just those of the table. Raises TableRefused."""
    columns = columns_of(TABLES[name])
    wrong = [header for header in renamed if header not in headers]
    if wrong:
        text = gettext("The file has no column “%(header)s”. It has: %(headers)s.")
        raise TableRefused(text % {"header": wrong[0], "headers": ", ".join(headers)}, line=1)
    for header, column in renamed.items():
        if column and column not in columns:
            text = gettext("“%(column)s” is no column of this table. It has: %(columns)s.")
            raise TableRefused(
                text % {"column": column, "columns": ", ".join(columns)}, line=1, column=header
            )
    unknown = [header for header in headers if header not in columns and header not in renamed]
    if unknown and not renamed:
        return remembered_mapping(name, headers)  # without one, the table says what it misses
    if unknown:
        text = gettext("Columns are not known: %(names)s. Say what each is, or leave it out: --map HEADER=")
        raise TableRefused(text % {"names": ", ".join(unknown)}, line=1)
    if not renamed and not may_bring_evidence(name, headers):
        return None
    read_as = [column for header in headers if (column := renamed.get(header, header))]
    twice = sorted({column for column in read_as if read_as.count(column) > 1})
    if twice:
        text = gettext("Two columns of the file would be “%(column)s”. Leave one of them out: --map HEADER=")
        raise TableRefused(text % {"column": twice[0]}, line=1, column=twice[0])
    return MappingOfColumns(
        tuple(ColumnMapping(header, renamed.get(header, header), reason=Reason.CHOSEN) for header in headers)
    )


def _record(
    user: AbstractBaseUser | None, name: str, path: Path, result: MappedResult, changed: ChangedRecords
) -> None:
    run = result.run
    if not run.written or not (run.new or run.changed or result.cited):
        return
    changed.index()
    counts = {"new": run.new, "changed": run.changed, "same": run.same}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    audit.record(user=user, verb="bundle.imported", data={"manifest": digest, "tables": {name: counts}})
