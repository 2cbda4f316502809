"""Somebody else's rows as rows of ours: mapped, mended, with slugs where names stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from catalog.naming import CHARACTER, MADE, RESOLVED, NameChoices, Names, NameUnclear
from catalog.resources.describing import columns_of
from catalog.tabular.columns import Column
from catalog.tabular.mapping import MappingOfColumns, apply
from catalog.tabular.rows import Row, RowProblem
from editorial.bundles import TABLES

Rows = Iterable[Row | RowProblem]
# Puts what people mended into rows under these headers.
Mend = Callable[[Sequence[str], Rows], Rows]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says by our columns, and what is wrong with its names, if anything is."""

    line: int
    said: dict[str, str]
    problem: RowProblem | None = None


@dataclass(frozen=True)
class MappedRows:
    """A file's rows as rows of the table `name`. `rows()` reads the file from its beginning each time."""

    name: str
    mapping: MappingOfColumns
    rows: Callable[[], Rows]
    choices: NameChoices = field(default_factory=NameChoices)
    mend: Mend | None = None

    @cached_property
    def columns(self) -> dict[str, Column]:
        return columns_of(TABLES[self.name])

    @cached_property
    def headers(self) -> list[str]:
        """The columns of the rows: those that the file fills, and what follows from a name in it."""
        given = self.mapping.headers
        named = "name" in given and self.kind in MADE
        follow = [name for name, one in self.columns.items() if one.is_proposed and name not in given]
        return [*given, *(follow if named else ())]

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        """The columns that name records which may be found by their names, and of which kind each is.

        A character without the column of its series is named together with it, and so by its key.
        """
        found = [
            (name, one.names)
            for name, one in self.columns.items()
            if name in self.headers and one.names in RESOLVED
        ]
        if "series" not in self.columns:
            found = [(name, kind) for name, kind in found if kind != CHARACTER]
        # The series first: characters are found in it.
        return sorted(found, key=lambda one: one[0] != "series")

    def named_in(self, said: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """The records that a row names: the kind of each, of a character its series, and its slug."""
        for name, kind in self._named:
            if said[name]:
                yield kind, said.get("series", "") if kind == CHARACTER else "", said[name]

    @cached_property
    def kind(self) -> str:
        return TABLES[self.name]._meta.model._meta.model_name

    def read(self, names: Names) -> Iterator[ReadRow | RowProblem]:
        """Each row by our columns, with slugs for names; `names` learns what is new and what is offered."""
        empty = [""] * (len(self.headers) - len(self.mapping.headers))
        rows: Rows = (
            row if isinstance(row, RowProblem) else Row(row.line, [*row.cells, *empty])
            for row in apply(self.mapping, self.rows(), self.columns)
        )
        if any(not one.split.is_whole for one in self.mapping.columns):
            rows = self._distinct(rows, names)
        for row in self.mend(self.headers, rows) if self.mend else rows:
            if isinstance(row, RowProblem):
                yield row
                continue
            said = dict(zip(self.headers, row.cells, strict=True))
            yield ReadRow(row.line, said, self._name(row.line, said, names))

    def _distinct(self, rows: Rows, names: Names) -> Iterator[Row | RowProblem]:
        """The rows without those that mean what one of the same line does, by two names of one record."""
        line, seen = 0, set()
        for row in rows:
            if isinstance(row, RowProblem):
                yield row
                continue
            if row.line != line:
                line, seen = row.line, set()
            said = dict(zip(self.headers, row.cells, strict=True))
            self._name(row.line, said, names)
            cells = tuple(said.values())
            if cells not in seen:
                seen.add(cells)
                yield row

    def _name(self, line: int, said: dict[str, str], names: Names) -> RowProblem | None:
        """Put slugs where names stand, and what follows from a name; what is unclear, if anything."""
        for name, kind in self._named:
            if not said[name]:
                continue
            try:
                said[name] = names.slug(kind, said[name], said.get("series", "") if kind == CHARACTER else "")
            except NameUnclear as unclear:
                return RowProblem(line, name, said[name], str(unclear))
        if self.kind not in MADE or not said.get("name"):
            return None
        try:
            self._propose(said, names)
        except NameUnclear as unclear:
            return RowProblem(line, "name", said["name"], str(unclear))
        return None

    def _propose(self, said: dict[str, str], names: Names) -> None:
        """Fill what a person or a character needs besides a name. Raises NameUnclear."""
        scope = said.get("series", "") if self.kind == CHARACTER else ""
        if not said.get("slug"):
            said["slug"] = names.own_slug(self.kind, said["name"], scope)
            # Another spelling becomes an alias, it does not take the name's place.
            said["name"] = names.name_of(self.kind, said["slug"], scope) or said["name"]
        if "sort_name" in said and not said["sort_name"]:
            said["sort_name"] = names.sort_name(said["slug"], said["name"])


def survey(mapped: MappedRows, most: int) -> tuple[Names, list[ReadRow | RowProblem]]:
    """What the names in the first `most` rows mean, what is offered and what new; and these rows."""
    names = Names(mapped.choices)
    rows = []
    for number, row in enumerate(mapped.read(names), start=1):
        rows.append(row)
        if number == most:
            break
    return names, rows
