"""One table of the newsroom from a file of any format, as people at the command line bring it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from catalog.tabular.reading import Overrides, TableRefused, detect, read_rows
from editorial import audit
from editorial.bundles import BundleRefused, Problem
from editorial.tables.indexing import ChangedRecords
from editorial.tables.runs import RowOutcome, RunResult, run_rows


@transaction.atomic
def import_file(
    *, user: AbstractBaseUser | None, name: str, path: Path, format: str | None = None, dry_run: bool = False
) -> RunResult:
    """Import the table `name` (`people.csv`) from a file: all of its rows, or none; see `run_rows`.

    What the file is, unless `format` says it, is found out. Raises PermissionDenied, and BundleRefused with
    every problem; then nothing is written. One audit row says what was, none that nothing was.
    """
    problems: list[Problem] = []
    changed = ChangedRecords()

    def note(outcomes: list[RowOutcome]) -> None:
        problems.extend(
            Problem.in_table(name, problem) for outcome in outcomes for problem in outcome.problems
        )

    limits = settings.TABLE_LIMITS
    try:
        found = detect(path, name=path.name, overrides=Overrides(format=format), limits=limits)
        result = run_rows(
            name=name,
            headers=found.headers,
            rows=read_rows(path, found, limits=limits),
            user=user,
            write=not dry_run,
            sink=note,
            undo=changed,
        )
    except TableRefused as refused:
        raise BundleRefused(Problem.in_table(name, refused.problem)) from refused
    if problems:
        raise BundleRefused(*problems)
    if result.written and (result.new or result.changed):
        changed.index()
        counts = {"new": result.new, "changed": result.changed, "same": result.same}
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        audit.record(user=user, verb="bundle.imported", data={"manifest": digest, "tables": {name: counts}})
    return result
