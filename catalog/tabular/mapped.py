"""How the columns of a file are read as ours: the answer of `catalog.tabular.mapping`, kept as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from catalog.tabular.splitting import EARLIER_WORK, WHOLE, Pattern, Split


class Reason(Enum):
    """Why a column of the file is read as one of ours."""

    NAME = "name"
    OTHER_NAME = "other name"
    SIMILAR = "similar name"
    CONTENT = "content"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    NONE = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A column of the file: its header, our column ("" for none), how its cells are split, and why."""

    header: str
    to: str = ""
    split: Split = WHOLE
    reason: Reason = Reason.NONE

    @property
    def fills(self) -> tuple[str, ...]:
        return self.split.fills(self.to) if self.to else ()


@dataclass(frozen=True, slots=True)
class MappingOfColumns:
    """The columns of a file in their order, and what stands in every row of columns that it lacks."""

    columns: tuple[ColumnMapping, ...]
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        """The columns of the rows that `apply` gives; `earlier_work` among them is of no table of ours."""
        filled = [name for column in self.columns for name in column.fills]
        return list(dict.fromkeys([*filled, *self.constants]))

    @property
    def file_headers(self) -> list[str]:
        return [column.header for column in self.columns]

    @property
    def is_identity(self) -> bool:
        """Whether every column of the file is ours by its own name, and nothing else is said."""
        return not self.constants and all(one.to == one.header and one.split.is_whole for one in self.columns)

    @property
    def has_earlier_works(self) -> bool:
        return EARLIER_WORK in self.headers

    def to_json(self) -> dict[str, Any]:
        columns = [
            {
                "header": one.header,
                "to": one.to,
                "separator": one.split.separator,
                "pattern": one.split.pattern.value,
                "reason": one.reason.value,
            }
            for one in self.columns
        ]
        return {"columns": columns, "constants": dict(self.constants)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MappingOfColumns:
        """Raises KeyError, TypeError or ValueError for what `to_json` did not write."""
        columns = tuple(
            ColumnMapping(
                str(one["header"]),
                str(one["to"]),
                Split(str(one["separator"]), Pattern(one["pattern"])),
                Reason(one["reason"]),
            )
            for one in data["columns"]
        )
        return cls(columns, {str(name): str(value) for name, value in data["constants"].items()})


def same_headers(first: Sequence[str], second: Sequence[str]) -> bool:
    return sorted(first) == sorted(second)
