"""What the page “How we read this file” shows: what was found out, the first rows, the columns, the names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Series
from catalog.naming import Names, Offer
from catalog.tabular.detected import FORMAT_NAMES
from catalog.tabular.mapped import ColumnMapping, MappingOfColumns, Reason
from catalog.tabular.mapping import problems_of
from catalog.tabular.reading import Detected
from catalog.tabular.rows import RowProblem
from editorial.tables.making import to_make
from editorial.tables.mapped_rows import MappedRows, ReadRow, survey
from editorial.tables.rights import title_of

SURVEYED = 2_000  # rows whose names are looked at for the page; the check looks at all
_SHOWN_ROWS = 5
_SHOWN_VALUES = 3
_SHOWN_NAMES = 30
_MOST_SERIES = 300

REASONS: dict[Reason, Promise] = {
    Reason.NAME: _("it has that name"),
    Reason.OTHER_NAME: _("another name for it"),
    Reason.SIMILAR: _("it has a similar name"),
    Reason.CONTENT: _("what stands in it looks like that"),
    Reason.REMEMBERED: _("as in the last file with these headers"),
    Reason.CHOSEN: _("somebody chose it"),
    Reason.NONE: _("nothing here is like it"),
}


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: some of its values, and why it is read as it is."""

    index: int
    mapping: ColumnMapping
    samples: list[str]
    reason: Promise


@dataclass(frozen=True, slots=True)
class Missing:
    """New records of another table that the names need."""

    title: str
    count: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class MappingPage:
    """`problems` say why rows cannot be read so; with any, nothing is said of names."""

    detected: Detected
    format_name: str
    first_rows: Sequence[Sequence[str]]
    columns: list[FileColumn]
    problems: list[str]
    headers: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    series: list[tuple[str, str]] = field(default_factory=list)
    is_remembered: bool = False
    surveyed: int = SURVEYED


def look(mapped: MappedRows, detected: Detected) -> MappingPage:
    """The page for rows that are mapped so. Reads the beginning of the file."""
    problems = problems_of(mapped.mapping, mapped.columns)
    names, rows = survey(mapped, SURVEYED)
    return MappingPage(
        detected,
        FORMAT_NAMES[detected.format],
        detected.first_rows[:_SHOWN_ROWS],
        file_columns(mapped.mapping, detected),
        problems,
        mapped.headers,
        [_shown(row) for row in rows[:_SHOWN_ROWS]],
        [] if problems else list(names.offers.values()),
        [] if problems else _missing(names),
        list(Series.objects.order_by("title").values_list("slug", "title")[:_MOST_SERIES]),
        any(one.reason is Reason.REMEMBERED for one in mapped.mapping.columns),
    )


def file_columns(mapping: MappingOfColumns, detected: Detected) -> list[FileColumn]:
    """The columns of the file with the first different values of each."""
    return [
        FileColumn(index, one, _samples(detected, index), REASONS[one.reason])
        for index, one in enumerate(mapping.columns)
    ]


def _samples(detected: Detected, index: int) -> list[str]:
    values = (row[index].strip() for row in detected.first_rows if index < len(row))
    return list(dict.fromkeys(value for value in values if value))[:_SHOWN_VALUES]


def _shown(row: ReadRow | RowProblem) -> dict[str, Any]:
    if isinstance(row, RowProblem):
        return {"line": row.line, "cells": [], "problem": row.message}
    return {
        "line": row.line,
        "cells": list(row.said.values()),
        "problem": row.problem.message if row.problem else "",
    }


def _missing(names: Names) -> list[Missing]:
    counts = to_make(names)
    found = []
    for table, count in counts.items():
        kind = "person" if table == "people.csv" else "character"
        new = [name for (of, _scope), slugs in names.new.items() if of == kind for name in slugs.values()]
        found.append(Missing(title_of(table), count, new[:_SHOWN_NAMES]))
    return found
