"""Somebody else's headers as ours: by name, by what others call it, by a similar name, by what stands below.

`suggest` proposes and says why; people overrule it. `apply` gives the rows under our headers. Which record a
name means is decided by `catalog.naming`, whether a row is right by the tables.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext
from rapidfuzz import fuzz

from catalog.folding import search_key
from catalog.tabular.columns import Column, Kind
from catalog.tabular.mapped import ColumnMapping, MappingOfColumns, Reason, same_headers
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import MOST_ITEMS, WHOLE, Pattern, likely_split, split_cell
from catalog.tabular.values import canonical, looks_like

__all__ = ["ColumnMapping", "MappingOfColumns", "Reason", "apply", "problems_of", "suggest"]

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIMILAR = 84  # of 100, below which names are not called similar
_TELLING = {Kind.CHOICE: 4, Kind.DATE: 3, Kind.DAY: 3, Kind.MOMENT: 3, Kind.SHA256: 3}
_MOST_ROWS = 200  # that one row may become
_AS_THEY_STAND = frozenset({Kind.TEXT, Kind.RECORD, Kind.RECORDS, Kind.SHA256, Kind.MOMENT})
_KEPT = 4096  # values of a column whose reading is remembered


def suggest(
    headers: Sequence[str],
    first_rows: Sequence[Sequence[str]],
    columns: Mapping[str, Column],
    remembered: MappingOfColumns | None = None,
) -> MappingOfColumns:
    """How these headers are best read as `columns`; as it was `remembered` for the same headers.

    Each of our columns is given to one column of the file, the surest first.
    """
    if remembered is not None and same_headers(headers, remembered.file_headers):
        return _as_remembered(headers, columns, remembered)
    below = [[row[index] for row in first_rows if index < len(row)] for index in range(len(headers))]
    ranked = sorted(
        (
            (-score, index, place, name, reason)
            for index, header in enumerate(headers)
            for place, (name, column) in enumerate(columns.items())
            for score, reason in [_fit(header, below[index], column)]
            if score
        ),
        key=lambda one: one[:3],
    )
    chosen: dict[int, ColumnMapping] = {}
    taken: set[str] = set()
    for _score, index, _place, name, reason in ranked:
        if index in chosen or name in taken:
            continue
        split = WHOLE if reason is Reason.NAME else likely_split(name, below[index])
        one = ColumnMapping(headers[index], name, split, reason)
        filled = {fill for fill in one.fills if fill in columns}
        if split.pattern is Pattern.AS and (len(filled) < 2 or filled & taken):
            one = replace(one, split=replace(split, pattern=Pattern.PLAIN))
            filled = {name}
        chosen[index] = one
        taken |= filled
    return MappingOfColumns(
        tuple(chosen.get(index, ColumnMapping(header)) for index, header in enumerate(headers))
    )


def problems_of(mapping: MappingOfColumns, columns: Mapping[str, Column]) -> list[str]:
    """Why rows cannot be read so, in words; nothing when they can."""
    filled = [name for one in mapping.columns for name in one.fills if name in columns]
    problems = [
        gettext("“%(column)s” is filled by two columns of the file. Leave one of them out.")
        % {"column": name}
        for name in dict.fromkeys(filled)
        if filled.count(name) > 1
    ]
    problems += [
        gettext("“%(column)s” has one value for all rows and a column of the file. Keep one of the two.")
        % {"column": name}
        for name in mapping.constants
        if name in filled
    ]
    there = {*filled, *mapping.constants}
    problems += [
        gettext("“%(column)s” is needed: choose the column that holds it, or give one value for all rows.")
        % {"column": name}
        for name, column in columns.items()
        if column.is_required and not column.is_proposed and name not in there
    ]
    unknown = [one.to for one in mapping.columns if one.to and one.to not in columns]
    unknown += [name for name in mapping.constants if name not in columns]
    problems += [
        gettext("This table has no column “%(column)s”. Choose one from the list.") % {"column": name}
        for name in unknown
    ]
    return problems


def apply(
    mapping: MappingOfColumns, rows: Iterable[Row | RowProblem], columns: Mapping[str, Column]
) -> Iterator[Row | RowProblem]:
    """The rows under `mapping.headers`, in their order; a split cell makes several of one line."""
    headers = mapping.headers
    readers = {name: _reader(columns.get(name)) for name in headers}
    places = _places(mapping)
    constants = [] if places is None else [mapping.constants[one] for one in headers if one not in places]
    for row in rows:
        if isinstance(row, RowProblem):
            yield row
        elif places is not None:
            cells = [readers[name](row.cells[place]) for name, place in places.items()]
            yield Row(row.line, [*cells, *constants])
        else:
            yield from _split(mapping, row, readers)


_Reader = Callable[[str], str]


def _reader(column: Column | None) -> _Reader:
    """What writes a cell as the column wants it. The same few values come again and again."""
    if column is None or (column.kind in _AS_THEY_STAND and not column.by_number):
        return str
    return functools.lru_cache(_KEPT)(functools.partial(canonical, column))


def _places(mapping: MappingOfColumns) -> dict[str, int] | None:
    """Where in a row of the file each of our columns stands; None when cells are split."""
    if any(not one.split.is_whole for one in mapping.columns):
        return None
    return {one.to: place for place, one in enumerate(mapping.columns) if one.to}


def _split(mapping: MappingOfColumns, row: Row, readers: Mapping[str, _Reader]) -> Iterator[Row | RowProblem]:
    headers = mapping.headers
    try:
        many = list(_rows_of(mapping, row, readers))
    except ValueError:
        message = gettext("A cell of this row holds more than %(most)s items. Look at how it is split.")
        yield RowProblem(row.line, "", "", message % {"most": MOST_ITEMS})
        return
    for said in many:
        said |= mapping.constants
        yield Row(row.line, [said.get(name, "") for name in headers])


def _rows_of(mapping: MappingOfColumns, row: Row, readers: Mapping[str, _Reader]) -> Iterator[dict[str, str]]:
    """Every way in which the items of split cells go together. Raises ValueError when there are too many."""
    plain: dict[str, str] = {}
    several: list[list[Mapping[str, str]]] = []
    count = 1
    for one, cell in zip(mapping.columns, row.cells, strict=False):
        if not one.to:
            continue
        if one.split.is_whole:
            plain[one.to] = readers[one.to](cell)
            continue
        items = split_cell(cell, one.to, one.split)
        count *= len(items)
        several.append(items)
    if count > _MOST_ROWS:
        raise ValueError("too many rows of one")
    for combination in itertools.product(*several):
        said = dict(plain)
        for item in combination:
            said |= {name: readers[name](text) for name, text in item.items()}
        yield said


def _fit(header: str, cells: Sequence[str], column: Column) -> tuple[float, Reason]:
    """How surely a column of the file is ours, from 0 to 100, and why."""
    if header == column.name:
        return 100, Reason.NAME
    key = search_key(_CAMEL.sub(" ", header))
    own = search_key(column.name)
    if not column.is_citing or key == own:
        content = _content(cells, column)
        if key == own:
            return 99, Reason.NAME
        if key in column.others:
            # What stands below decides between two columns that others call the same.
            return 90 - column.others.index(key) / 100 + 3 * content, Reason.OTHER_NAME
        likeness = _likeness(key, (own, *column.others))
        if likeness >= _SIMILAR and content >= 0:
            return likeness * 0.8 + content, Reason.SIMILAR
        if content > 0:
            return 40 + content, Reason.CONTENT
        return 0, Reason.NONE
    return (85, Reason.OTHER_NAME) if key in column.others else (0, Reason.NONE)


def _likeness(key: str, names: Iterable[str]) -> float:
    if len(key) < 4:
        return 0
    return max((float(fuzz.token_sort_ratio(key, name)) for name in names if len(name) >= 4), default=0)


def _content(cells: Sequence[str], column: Column) -> int:
    """Above 0 when the cells can hardly be anything else, below when they cannot be it."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or (column.kind in (Kind.TEXT, Kind.RECORD, Kind.RECORDS) and not column.by_number):
        return 0
    fitting = sum(looks_like(column, cell) for cell in filled)
    if fitting * 5 < len(filled) * 4:
        return -5 if not fitting else 0
    if column.kind in _TELLING and not all(cell.strip().isdigit() for cell in filled):
        return _TELLING[column.kind]
    return 0


def _as_remembered(
    headers: Sequence[str], columns: Mapping[str, Column], remembered: MappingOfColumns
) -> MappingOfColumns:
    by_header: dict[str, list[ColumnMapping]] = {}
    for one in remembered.columns:
        by_header.setdefault(one.header, []).append(one)
    found = []
    for header in headers:
        one = by_header[header].pop(0)
        if one.to and one.to not in columns:
            one = ColumnMapping(header)
        found.append(replace(one, reason=Reason.REMEMBERED))
    constants = {name: value for name, value in remembered.constants.items() if name in columns}
    return MappingOfColumns(tuple(found), constants)
