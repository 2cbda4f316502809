"""A bundle on its way in while nobody waits for the page: what its check found, and writing exactly that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import ngettext

from catalog.resources import TableResult
from editorial.bundles import BundleRefused, open_bundle
from editorial.imports import Imported, import_bundle
from editorial.models import TableImport
from editorial.newsroom_state import desk_state
from editorial.tables.importing import Checked

MOST_PROBLEMS = 200  # that are kept and shown
KINDS = ("new", "changed", "same", "refused")  # of rows
_MOST_ROWS = 2**31 - 1


def rows_of_bundle(table_import: TableImport) -> int:
    """How many rows there are to import, as its manifest says; 0 where the check will say what is wrong."""
    try:
        with open_bundle(table_import.path) as bundle:
            return min(bundle.rows(), _MOST_ROWS)
    except BundleRefused:
        return 0


def check_bundle(table_import: TableImport, user: AbstractBaseUser, watch: Callable[[int], None]) -> Checked:
    """What writing it would do now. Raises PermissionDenied, BundleRefused, and what `watch` raises."""
    state = desk_state()
    imported = import_bundle(
        user=user,
        path=table_import.path,
        name=table_import.name,
        dry_run=True,
        watch=watch,
        most_problems=MOST_PROBLEMS,
    )
    return Checked(counts_of_bundle(imported), state)


def write_bundle(
    table_import: TableImport,
    user: AbstractBaseUser,
    watch: Callable[[int], None],
    finish: Callable[[dict[str, Any]], None],
) -> None:
    """Write what the check showed. Raises as `check_bundle` does, and what `finish` raises.

    `finish` gets the numbers of rows before they are kept, in their transaction.
    """
    import_bundle(
        user=user,
        path=table_import.path,
        name=table_import.name,
        watch=watch,
        finish=lambda imported: finish(counts_of_bundle(imported)),
        most_problems=MOST_PROBLEMS,
    )


def counts_of_bundle(imported: Imported) -> dict[str, Any]:
    """The numbers of rows: those of each file, and all together."""
    return {**_counts(lines_of(imported.tables)), "left_out": list(imported.left_out)}


def counts_of_refused(refused: BundleRefused) -> dict[str, Any]:
    """The numbers of rows, as far as they were looked at, and the first problems, each as a line."""
    shown = [str(problem) for problem in refused.problems[:MOST_PROBLEMS]]
    more = number_of_problems(refused) - len(shown)
    return {**_counts(lines_of_refused(refused)), "problems": shown, "more_problems": more}


def number_of_problems(refused: BundleRefused) -> int:
    return len(refused.problems) + refused.more_problems


def why_refused(refused: BundleRefused) -> str:
    """How much there is to mend, in words."""
    number = number_of_problems(refused)
    text = ngettext(
        "It cannot be taken in as it is: %(number)s problem. Mend it, then send the bundle again.",
        "It cannot be taken in as it is: %(number)s problems. Mend them, then send the bundle again.",
        number,
    )
    return text % {"number": number}


def lines_of(tables: Mapping[str, TableResult]) -> list[dict[str, Any]]:
    """What would become of the rows, or became of them, file by file."""
    return [
        {"file": file, **{kind: getattr(result, kind) for kind in KINDS}} for file, result in tables.items()
    ]


def lines_of_refused(refused: BundleRefused) -> list[dict[str, Any]]:
    """The same of a bundle that is refused. Where no table could be read, nobody knows of the other rows."""
    if refused.tables:
        return lines_of(refused.tables)
    rows = {(problem.file, problem.line) for problem in refused.problems}
    counts = Counter(file for file, _line in sorted(rows))
    return [{"file": file, **dict.fromkeys(KINDS, "–"), "refused": count} for file, count in counts.items()]


def _counts(lines: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = {kind: sum(line[kind] for line in lines if line[kind] != "–") for kind in KINDS}
    return {**numbers, "lines": lines}
