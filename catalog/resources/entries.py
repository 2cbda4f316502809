"""The rows of a table while they are in work."""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext

from catalog.resources.cells import Column
from catalog.resources.known import in_batches
from catalog.resources.outcomes import Difference, Kind, RowOutcome
from catalog.resources.sorting import Spool
from catalog.tabular.rows import RowProblem

# An outcome with the number of its row, from 0.
Numbered = tuple[int, RowOutcome]
_OUTCOMES_AT_ONCE = 2_000


@dataclass(slots=True, eq=False)
class Entry:
    """One row in work: what it says, the record it is about, and what is wrong with it."""

    number: int
    line: int
    cells: list[str]
    row: Mapping[str, str]
    instance: models.Model
    key: str = ""
    kind: Kind = "new"
    record: models.Model | None = None
    waits: bool = False
    is_left_out: bool = False
    is_written: bool = False
    errors: dict[str, ValidationError] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    before: dict[str, Any] | None = None

    def refuse(self, *problems: RowProblem) -> None:
        self.kind = "refused"
        self.is_left_out = True
        self.problems += problems

    def outcome(self) -> RowOutcome:
        return RowOutcome(
            self.line,
            self.kind,
            self.key,
            tuple(self.differences) if self.kind == "changed" else (),
            tuple(self.problems),
            tuple(self.cells),
        )

    def refuse_for(self, error: ValidationError, columns: list[Column]) -> None:
        """Refuse the row for what is wrong with its record, each problem in the column of its field."""
        names = {column.attribute: column.name for column in columns}
        for name, messages in error.update_error_dict({}).items():
            column = "" if name == NON_FIELD_ERRORS else names.get(name, name)
            text = " ".join(ValidationError(messages).messages)
            self.refuse(RowProblem(self.line, column, self.row.get(column, ""), text))

    def names_one_of(self, instances: set[int], columns: list[Column]) -> bool:
        """Whether one of the columns names one of the records with these `id()`."""
        return any(
            id(getattr(self.instance, column.attribute)) in instances
            for column in columns
            if column.attribute not in self.errors
        )


class Seen:
    """The keys of the rows so far, in eight bytes each."""

    def __init__(self) -> None:
        self._digests: set[int] = set()
        self._in_order = array("Q")
        self._lines = array("Q")

    def line_of(self, key: str, line: int) -> int | None:
        """The line that said the key before; None when none did, and from now on `line` has."""
        digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
        if digest in self._digests:
            return self._lines[self._in_order.index(digest)]
        self._digests.add(digest)
        self._in_order.append(digest)
        self._lines.append(line)
        return None


def unwritable(cells: list[str]) -> str:
    """Why no database takes these cells; "" when it does."""
    text = "".join(cells)
    if "\0" in text:
        return gettext("There is a NUL character. Take it out.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return gettext("There is half a character (a lone surrogate). Write the text anew.")
    return ""


def in_order(batches: Iterable[list[Numbered]]) -> Iterator[list[RowOutcome]]:
    """The outcomes in the order of the rows; those behind a row that comes late wait on disk."""
    expected = 0
    held = None
    late: list[Numbered] = []
    with ExitStack() as stack:
        for batch in filter(None, batches):
            if held is None and [number for number, _outcome in batch] == [
                *range(expected, expected + len(batch))
            ]:
                expected += len(batch)
                yield [outcome for _number, outcome in batch]
            elif batch[0][0] < expected:
                late += batch
            else:
                held = held or stack.enter_context(Spool())
                held.put(batch)
                expected = batch[-1][0] + 1
        merged = heapq.merge(held or (), sorted(late))
        for some in in_batches(merged, _OUTCOMES_AT_ONCE):
            yield [outcome for _number, outcome in some]
