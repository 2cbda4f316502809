"""What was found out about a file, and what a person says instead.

Pure. Both are values that JSON keeps: a file is read again later exactly as it was looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

FORMATS = ("csv", "tsv", "xlsx", "json", "html")
# For people: what each format is called.
FORMAT_NAMES = {"csv": "CSV", "tsv": "TSV", "xlsx": "XLSX", "json": "JSON", "html": "HTML"}


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a person has decided about a file; None is left to detection.

    `header_line` is the line (row, in a workbook) of the headers, 0 says that there are none. `quote` is
    `"`, `'` or empty for none. `mend` repairs cells whose text was damaged by a wrong encoding.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    empties: tuple[str, ...] | None = None
    mend: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            name: value for name, value in _as_json(self).items() if value is not None and value is not False
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Overrides:
        """The overrides that `to_json` gave; names it does not know are left out."""
        return cls(**_known(cls, data))


@dataclass(frozen=True, slots=True)
class Detected:
    """How a file is read. Fields that its format does not have are empty.

    `line_end` is a line feed, a carriage return or both; `header_line` is 0 when the columns are named by
    their position; `sheets` are the names of all sheets; `empties` the words that count as an empty cell;
    `first_rows` have the padding taken away; `notes` are sentences for people.
    """

    format: str
    encoding: str
    delimiter: str
    quote: str
    line_end: str
    header_line: int
    sheet: str
    sheets: tuple[str, ...]
    empties: tuple[str, ...]
    headers: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    mend: bool = False
    # Damaged cells found while looking, of which mending is offered.
    damaged: int = 0

    def to_json(self) -> dict[str, Any]:
        return _as_json(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Detected:
        known = _known(cls, data)
        known["first_rows"] = tuple(tuple(row) for row in known["first_rows"])
        return cls(**known)


def _as_json(value: Overrides | Detected) -> dict[str, Any]:
    return {name: _listed(one) for name, one in asdict(value).items()}


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def _known(cls: type[Overrides] | type[Detected], data: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(cls)}
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name in names
    }
