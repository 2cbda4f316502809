"""What the pages of an import show: how far it is, what its dry run found, what it wrote and left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.keys import NAMED_WITH
from catalog.resources.tables import RowProblem
from editorial.models import ImportedRow, ImportState, TableImport
from editorial.table_querysets import RUNNING
from editorial.tables.files import (
    KINDS,
    PER_PAGE,
    Progress,
    all_found_rows,
    found_columns,
    found_rows,
    progress_of,
)
from editorial.tables.reading import REASON
from editorial.tables.work import LEASE

TITLES: dict[str, Promise] = {
    "changed": _("Changed"),
    "refused": _("Refused"),
    "new": _("New"),
    "same": _("The same"),
}
_LONG = 60  # characters of a cell from which it is written on several lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row that may be mended: the name of its field, and what is wrong with it."""

    field: str
    column: str
    text: str
    problems: list[str]

    @property
    def is_long(self) -> bool:
        return len(self.text) > _LONG or "\n" in self.text

    @property
    def lines(self) -> int:
        return min(8, 2 + self.text.count("\n"))


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of the file as the dry run found it."""

    name: str
    line: int
    key: str
    differences: list[list[str]]
    problems: list[RowProblem]
    cells: list[Cell]

    @property
    def problems_of_the_row(self) -> list[RowProblem]:
        return [one for one in self.problems if not any(one.column == cell.column for cell in self.cells)]

    @property
    def to_mend(self) -> list[Cell]:
        """The cells with a problem; all of them where the problem is that of the whole row."""
        return [cell for cell in self.cells if cell.problems] or self.cells


@dataclass(frozen=True, slots=True)
class Tab:
    kind: str
    title: Promise
    count: int
    is_shown: bool


class _Found(Sequence):
    """The rows of a kind, read page by page."""

    def __init__(self, folder: Path, kind: str, count: int) -> None:
        self._folder, self._kind, self._count = folder, kind, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> list[dict[str, Any]]:
        return found_rows(self._folder, self._kind, index.start // PER_PAGE + 1)


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """The dry run: a tab for each kind of row, and a page of those that are shown."""

    tabs: list[Tab]
    shown: str
    columns: list[str]
    page: Page
    rows: list[FoundRow]


def checked_page(table_import: TableImport, show: str, number: str) -> CheckedPage:
    """The page `number` of the rows of one kind: that asked for, or the first of which there are any."""
    counts = {kind: table_import.counts.get(kind, 0) for kind in TITLES}
    if show not in KINDS or not counts[show]:
        show = next((kind for kind in ("refused", "changed", "new") if counts[kind]), "")
    tabs = [Tab(kind, title, counts[kind], kind == show) for kind, title in TITLES.items()]
    folder = found_folder(table_import)
    columns = found_columns(folder) if show else []
    found = _Found(folder, show, counts[show]) if show else []
    page = Paginator(found, PER_PAGE).get_page(number)
    return CheckedPage(tabs, show, columns, page, [_row(columns, one) for one in page.object_list])


def found_folder(table_import: TableImport) -> Path:
    return table_import.place / table_import.found_in


def mended_in(data: Any, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The cells that a form says something new of: row → column → text."""
    mended: dict[str, dict[str, str]] = {}
    for row in rows:
        for index, (column, old) in enumerate(zip(columns, row["cells"], strict=False)):
            new = data.get(_field(row["row"], index))
            if new is not None and _lines(new) != _lines(old):
                mended.setdefault(row["row"], {})[column] = _lines(new)
    return mended


def refused_table(table_import: TableImport) -> tuple[list[str], Iterator[list[str]]]:
    """The refused rows as a table that can be mended and sent again, with a column for the reason."""
    folder = found_folder(table_import)
    columns = found_columns(folder)
    blank = [""] * len(columns)
    rows = (
        [*(one["cells"] or blank), reason_in_words(map(_problem, one["problems"]))]
        for one in all_found_rows(folder, "refused")
    )
    return [*columns, REASON], rows


def reason_in_words(problems: Iterable[RowProblem]) -> str:
    """“line 4, status “alive”: Choose one of …”"""
    return " ".join(_placed(problem) for problem in problems)


def progress_data(table_import: TableImport) -> dict[str, Any]:
    """How far a run is, for its page: numbers, and the same in words."""
    progress = progress_of(table_import.place)
    left = progress.seconds_left(table_import.rows)
    is_claimed = _is_claimed(table_import, progress)
    done = progress.rows if is_claimed else 0
    return {
        "state": table_import.state,
        "is_running": table_import.state in RUNNING,
        "rows": table_import.rows,
        "done": done,
        "words": _progress_in_words(table_import, is_claimed, done, progress.per_second(), left),
    }


def _is_claimed(table_import: TableImport, progress: Progress) -> bool:
    """Whether somebody works on it: a run that takes longer than its lease says so by its progress."""
    now = timezone.now()
    if table_import.leased_until is None:
        return False
    return table_import.leased_until > now or progress.noted > (now - LEASE).timestamp()


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A record that an import wrote, with a link to it while it is there."""

    line: int
    name: str
    url: str
    is_new: bool
    undone: bool
    left_because: str


def written_page(table_import: TableImport, number: str) -> tuple[Page, list[WrittenRow]]:
    """A page of the records that the import wrote; after undoing, first those that were left."""
    rows = table_import.imported_rows.all()
    if table_import.state == ImportState.UNDONE:
        rows = rows.order_by("undone", "pk")
    page = Paginator(rows, PER_PAGE).get_page(number)
    return page, _written(list(page.object_list))


def _written(rows: Sequence[ImportedRow]) -> list[WrittenRow]:
    records: dict[tuple[int, int], models.Model] = {}
    for kind in sorted({row.content_type_id for row in rows}):
        model = ContentType.objects.get_for_id(kind).model_class()
        queryset = model._default_manager.select_related(*NAMED_WITH.get(model, ()))
        pks = [row.object_id for row in rows if row.content_type_id == kind]
        records |= {(kind, pk): record for pk, record in queryset.in_bulk(pks).items()}
    return [_written_row(row, records.get((row.content_type_id, row.object_id))) for row in rows]


def _written_row(row: ImportedRow, record: models.Model | None) -> WrittenRow:
    if record is None:
        name, url = gettext("no longer there"), ""
    else:
        name, url = str(record), _address_of(record)
    return WrittenRow(row.line, name, url, row.before is None, row.undone, row.left_because)


def _address_of(record: models.Model) -> str:
    meta = record._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def _row(columns: Sequence[str], found: dict[str, Any]) -> FoundRow:
    problems = [_problem(one) for one in found["problems"]]
    cells = [
        Cell(
            _field(found["row"], index),
            column,
            text,
            [one.message for one in problems if one.column == column],
        )
        for index, (column, text) in enumerate(zip(columns, found["cells"], strict=False))
    ]
    return FoundRow(found["row"], found["line"], found["key"], found["differences"], problems, cells)


def _problem(found: Sequence[Any]) -> RowProblem:
    return RowProblem(*found)


def _field(row: str, index: int) -> str:
    return f"cell:{row}:{index}"


def _lines(text: str) -> str:
    """The text with the line ends that browsers do not change."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _placed(problem: RowProblem) -> str:
    place = gettext("line %(line)s") % {"line": problem.line}
    return (
        f"{place}, {problem.column}: {problem.message}" if problem.column else f"{place}: {problem.message}"
    )


def _progress_in_words(
    table_import: TableImport, is_claimed: bool, done: int, per_second: int, left: int | None
) -> str:
    if not is_claimed:
        if table_import.attempts:
            return gettext(
                "It was broken off, and nothing of it was written. It will be tried again in a moment."
            )
        return gettext("It waits for a worker. Nothing is written yet.")
    if not done:
        return gettext("It has begun. Nothing is written until all rows are done.")
    numbers = {"done": done, "rows": table_import.rows, "speed": per_second, "left": left or 0}
    return gettext("%(done)d of %(rows)d rows, %(speed)d a second, about %(left)d seconds to go.") % numbers
