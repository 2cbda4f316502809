"""How a cell of somebody else's file becomes one of ours: “neu” is `new`, “13. Februar 2020” is `2020-02-13`.

A cell that has our form already stays as it is, and so does one that is not understood: the table's own
widgets say what is wrong with it. Nothing is guessed between two readings.
"""

from __future__ import annotations

import re

from catalog.dates import PartialDate
from catalog.folding import search_key
from catalog.said import read_date
from catalog.tabular.columns import Column, Kind

_YES = frozenset(["yes", "y", "true", "1", "x", "ja", "j", "wahr", "si", "s", "verdadero"])
_NO = frozenset(["no", "n", "false", "0", "nein", "falsch", "falso"])
_WORD_AND_NUMBER = re.compile(
    r"(?:season|series|staffel|temporada|s|episode|ep|e|folge|episodio|capitulo|no|nr)? ?0*(\d{1,9})",
    re.ASCII,
)
_NUMERIC_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)


def canonical(column: Column, cell: str) -> str:
    """The cell as the column wants it written; unchanged where that is not certain."""
    text = cell.strip()
    if not text:
        return ""
    if column.kind is Kind.CHOICE:
        return text if text in column.values else column.words.get(search_key(text), text)
    if column.kind is Kind.YES_NO:
        key = search_key(text)
        return "yes" if key in _YES else "no" if key in _NO else text
    if column.kind is Kind.NUMBER or column.by_number:
        found = None if text.startswith("~") else _WORD_AND_NUMBER.fullmatch(search_key(text))
        return found[1] if found else text
    if column.kind in (Kind.DATE, Kind.DAY):
        return _date(text)
    return cell


def looks_like(column: Column, cell: str) -> bool:
    """Whether the cell can only be read as a value of a column of that kind; text columns take anything."""
    written = canonical(column, cell)
    if column.kind is Kind.CHOICE:
        return written in column.values
    if column.kind is Kind.YES_NO:
        return written in ("yes", "no")
    if column.kind is Kind.NUMBER or column.by_number:
        return re.fullmatch(r"\d{1,9}", written, re.ASCII) is not None
    if column.kind in (Kind.DATE, Kind.DAY):
        return _is_date(written)
    if column.kind is Kind.SHA256:
        return re.fullmatch("[0-9a-f]{64}", written) is not None
    return column.kind is not Kind.MOMENT or re.match(r"\d{4}-\d\d-\d\dT", written) is not None


def _date(text: str) -> str:
    if _is_date(text):
        return text
    said = read_date(text)
    whole = said.whole() if said is not None else None
    if whole is not None:
        return str(whole)
    found = _NUMERIC_DAY.fullmatch(text)
    if found is None:
        return text
    first, second, year = found.groups()
    # 3/4/2020 is a day of March or of April; only a dot says which comes first.
    if "." in text or first == second or int(first) > 12:
        return _day(year, second, first) or text
    return (_day(year, first, second) or text) if int(second) > 12 else text


def _day(year: str, month: str, day: str) -> str:
    written = f"{year}-{month:0>2}-{day:0>2}"
    return written if _is_date(written) else ""


def _is_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except ValueError:
        return False
    return True
