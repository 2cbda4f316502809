"""Somebody else's rows into the newsroom: read as ours, names found, evidence cited, in one transaction."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from catalog.actions import remember_alias
from catalog.models import AliasKind, Character, EarlierWork, Person
from catalog.naming import CHARACTER, MADE, PERSON, RESOLVED, NameChoices, Names, NameUnclear, Offer
from catalog.resources.describing import CITING, columns_of
from catalog.resources.outcomes import RowOutcome, RunResult, Written
from catalog.tabular.columns import Column
from catalog.tabular.mapping import MappingOfColumns, apply
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import EARLIER_WORK
from editorial.absent_columns import Absent
from editorial.bundles import TABLES
from editorial.row_citations import RowCitations
from editorial.table_runs import run_rows

Rows = Iterable[Row | RowProblem]
_TABLE_OF = {PERSON: "people.csv", CHARACTER: "characters.csv"}


@dataclass(frozen=True, slots=True)
class MappedResult:
    """What became of the rows, and of what they brought along.

    `made` counts new rows of other tables (`people.csv`), `to_make` those that are missing and were not made.
    `uncited` is how many written rows bring facts without evidence, which readers do not see.
    """

    run: RunResult
    made: dict[str, int] = field(default_factory=dict)
    to_make: dict[str, int] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    aliases: int = 0
    cited: int = 0
    uncited: int = 0


@dataclass(frozen=True, slots=True)
class MappedRows:
    """A file's rows as rows of the table `name`. `rows()` reads the file from its beginning each time."""

    name: str
    mapping: MappingOfColumns
    rows: Callable[[], Rows]
    choices: NameChoices = field(default_factory=NameChoices)

    @property
    def columns(self) -> dict[str, Column]:
        return columns_of(TABLES[self.name])

    def read(self, names: Names) -> Iterator[tuple[int, dict[str, str]] | RowProblem]:
        """Each row by our columns, with slugs for names; `names` learns what is new and what is offered."""
        headers, columns = self.mapping.headers, self.columns
        for row in apply(self.mapping, self.rows(), columns):
            if isinstance(row, RowProblem):
                yield row
                continue
            said = dict(zip(headers, row.cells, strict=True))
            try:
                _name(said, columns, names, TABLES[self.name]._meta.model)
            except _Unclear as unclear:
                yield RowProblem(row.line, unclear.column, said[unclear.column], str(unclear))
            else:
                yield row.line, said


def survey(mapped: MappedRows, most: int) -> Names:
    """What the names in the first `most` rows mean: what is offered, what would be new."""
    names = Names(mapped.choices)
    for number, _row in enumerate(mapped.read(names), start=1):
        if number == most:
            break
    return names


@transaction.atomic
def run_mapped(
    mapped: MappedRows,
    *,
    user: AbstractBaseUser | None,
    write: bool,
    only_good: bool = False,
    sink: Callable[[list[RowOutcome]], None] | None = None,
    undo: Callable[[list[Written]], None] | None = None,
    stop: Callable[[int], None] | None = None,
) -> MappedResult:
    """Import a foreign file as `run_rows` does, with the people and characters it needs and its evidence.

    Without `write`, everything is done and taken back. Raises what `run_rows` raises, and NotCited.
    """
    names = Names(mapped.choices)
    works = _learn(mapped, names)
    with transaction.atomic():
        made, hashes = _make(mapped, names, user, undo)
        citations = RowCitations(mapped.name)
        prepared = _Prepared(mapped, names, citations)

        def see(outcomes: list[RowOutcome]) -> None:
            citations.see(outcomes)
            if sink is not None:
                sink(outcomes)

        run = run_rows(
            name=mapped.name,
            headers=prepared.headers,
            rows=prepared.rows(),
            user=user,
            write=True,
            only_good=only_good,
            sink=see,
            undo=undo if write else None,
            stop=stop,
        )
        aliases = 0
        if run.written:
            made["earlier_works.csv"], digest = _make_works(works, user, undo)
            hashes.append(digest)
            aliases = _remember(names, user)
            citations.cite(user)
        if not (write and run.written):
            transaction.set_rollback(True)
    said = repr((run.fingerprint, hashes, mapped.choices.to_json(), citations.said()))
    return MappedResult(
        replace(run, written=write and run.written, fingerprint=hashlib.sha256(said.encode()).hexdigest()),
        made={name: number for name, number in made.items() if number},
        to_make={} if mapped.choices.makes else _to_make(names),
        offers=tuple(names.offers.values()),
        aliases=aliases,
        cited=citations.cited,
        uncited=citations.uncited,
    )


class _Prepared:
    """The rows as the table wants them: every column of it, evidence taken out and checked."""

    def __init__(self, mapped: MappedRows, names: Names, citations: RowCitations) -> None:
        self._mapped, self._names, self._citations = mapped, names, citations
        resource = TABLES[mapped.name]
        aside = {EARLIER_WORK, *(CITING if citations.is_citable else ())}
        given = [name for name in mapped.mapping.headers if name not in aside]
        proposed = [name for name, one in mapped.columns.items() if one.is_proposed and name not in given]
        self._absent = Absent(resource, {*given, *proposed})
        self.headers = [*given, *proposed, *self._absent.names]

    def rows(self) -> Iterator[Row | RowProblem]:
        for row in self._mapped.read(self._names):
            if isinstance(row, RowProblem):
                yield row
                continue
            line, said = row
            problem = self._citations.read(line, said)
            if problem is not None:
                yield problem
                continue
            said |= self._absent.cells(said)
            yield Row(line, [said[name] for name in self.headers])


def _learn(mapped: MappedRows, names: Names) -> dict[str, dict[str, None]]:
    """Read all rows for their new names, where any may be made; the earlier works they tell of, by person."""
    works: dict[str, dict[str, None]] = {}
    if mapped.choices.makes or mapped.mapping.has_earlier_works:
        for row in mapped.read(names):
            if isinstance(row, RowProblem):
                continue
            person, title = row[1].get("person", ""), row[1].get(EARLIER_WORK, "")
            if person and title:
                works.setdefault(person, {})[title] = None
    return works


def _make(
    mapped: MappedRows,
    names: Names,
    user: AbstractBaseUser | None,
    undo: Callable[[list[Written]], None] | None,
) -> tuple[Counter[str], list[str]]:
    """Write the new people and characters where that is wanted; how many, and the hashes of these runs."""
    made: Counter[str] = Counter()
    hashes: list[str] = []
    if not mapped.choices.makes or mapped.name in _TABLE_OF.values():
        return made, hashes
    for kind, table in (
        _TABLE_OF.items() if mapped.choices.makes and mapped.name not in _TABLE_OF.values() else ()
    ):
        rows = [Row(number, cells) for number, cells in enumerate(names.rows_to_make(kind), start=1)]
        if rows:
            run = _run_other(table, TABLES[table]._meta.fields, rows, user, undo)
            made[table] = run.new
            hashes.append(run.fingerprint)
    return made, hashes


def _make_works(
    works: dict[str, dict[str, None]],
    user: AbstractBaseUser | None,
    undo: Callable[[list[Written]], None] | None,
) -> tuple[int, str]:
    """Write the earlier works of people that are not there yet, behind those that are."""
    there: dict[str, dict[str, int]] = {}
    known = EarlierWork.objects.filter(person__slug__in=works).order_by()
    for slug, title, position in known.values_list("person__slug", "title", "position"):
        there.setdefault(slug, {})[title] = position
    people = set(Person.objects.filter(slug__in=works).values_list("slug", flat=True))
    line = count(1)
    rows = [
        Row(next(line), [slug, title, str(position)])
        for slug, titles in works.items()
        if slug in people
        for position, title in enumerate(
            [one for one in titles if one not in there.get(slug, {})],
            start=max(there.get(slug, {}).values(), default=0) + 1,
        )
    ]
    if not rows:
        return 0, ""
    run = _run_other("earlier_works.csv", ("person", "title", "position"), rows, user, undo)
    return run.new, run.fingerprint


def _run_other(
    table: str,
    headers: Sequence[str],
    rows: list[Row],
    user: AbstractBaseUser | None,
    undo: Callable[[list[Written]], None] | None,
) -> RunResult:
    return run_rows(name=table, headers=headers, rows=rows, user=user, write=True, only_good=True, undo=undo)


def _remember(names: Names, user: AbstractBaseUser | None) -> int:
    """Keep each spelling that somebody called the same as an alias; how many are new."""
    remembered = 0
    for offer, candidate in names.spellings():
        kind = AliasKind.TYPO if candidate.errors else AliasKind.VARIANT
        if offer.kind == PERSON:
            record = Person.objects.get(slug=candidate.slug)
        elif offer.kind == CHARACTER:
            record = Character.objects.get(series__slug=offer.scope, slug=candidate.slug)
        else:
            continue
        alias = remember_alias(user=user, record=record, text=offer.name, kind=kind)
        remembered += alias is not None
    return remembered


def _to_make(names: Names) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (kind, _scope), found in names.new.items():
        counts[_TABLE_OF[kind]] += len(found)
    return dict(counts)


class _Unclear(ValueError):
    """Nobody has said yet whom a name means, and in which column it stands."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _name(said: dict[str, str], columns: dict[str, Column], names: Names, model: type) -> None:
    """Put slugs where names stand, and what follows from a name beside it. Raises _Unclear."""
    # The series first: characters are found in it.
    for name in sorted(said, key=lambda one: one != "series"):
        column = columns.get(name)
        if column is None or column.names not in RESOLVED or not said[name]:
            continue
        if column.names == CHARACTER and "series" not in columns:
            continue  # it is named with its series there
        said[name] = _slug(names, column.names, said[name], said.get("series", ""), name)
    kind = model._meta.model_name
    if kind in MADE and said.get("name"):
        if not said.get("slug"):
            series = said.get("series", "")
            said["slug"] = _slug(names, kind, said["name"], series, "name")
            # Another spelling becomes an alias, it does not take the name's place.
            said["name"] = (
                names.name_of(kind, said["slug"], series if kind == CHARACTER else "") or said["name"]
            )
        if "sort_name" in columns and not said.get("sort_name"):
            said["sort_name"] = names.sort_name(said["slug"], said["name"])


def _slug(names: Names, kind: str, name: str, series: str, column: str) -> str:
    try:
        return names.slug(kind, name, series if kind == CHARACTER else "")
    except NameUnclear as unclear:
        raise _Unclear(column, str(unclear)) from unclear
