"""Somebody else's rows into the newsroom: read as ours, names found, evidence cited, in one transaction."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from catalog.actions import remember_alias
from catalog.models import Alias, AliasKind, Character, EarlierWork, Person
from catalog.naming import CHARACTER, PERSON, Names, Offer
from catalog.resources.describing import CITING
from catalog.resources.outcomes import RowOutcome, RunResult, Written, values_of
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import EARLIER_WORK
from editorial.absent_columns import Absent
from editorial.bundles import TABLES
from editorial.mapped_rows import MappedRows
from editorial.row_citations import RowCitations
from editorial.table_reading import RowNames
from editorial.table_runs import run_rows

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

    @property
    def fingerprint(self) -> str:
        return self.run.fingerprint

    @property
    def written(self) -> bool:
        return self.run.written


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

    Without `write`, everything is done and taken back. `sink` gets each row's cells under `mapped.headers`.
    Raises what `run_rows` raises, and NotCited.
    """
    names = Names(mapped.choices)
    works = _learn(mapped, names)
    with transaction.atomic():
        made, hashes = _make(mapped, names, user, undo)
        citations = RowCitations(mapped.name)
        prepared = _Prepared(mapped, names, citations)

        def see(outcomes: list[RowOutcome]) -> None:
            citations.see(outcomes)
            shown = prepared.shown(outcomes)
            if sink is not None:
                sink(shown)

        run = run_rows(
            name=mapped.name,
            headers=prepared.headers,
            rows=prepared.rows(),
            user=user,
            write=True,
            only_good=True,  # so that a dry run finds out what comes after its good rows
            sink=see,
            undo=undo if write else None,
            stop=stop,
        )
        made["earlier_works.csv"], digest = _make_works(works, user, undo)
        hashes.append(digest)
        aliases = _remember(names, user)
        citations.cite(user)
        written = write and (only_good or not run.refused)
        if written and undo is not None:
            undo([_new(one) for one in [*aliases, *citations.made]])
        if not written:
            transaction.set_rollback(True)
    said = repr((run.fingerprint, hashes, mapped.choices.to_json(), citations.said()))
    return MappedResult(
        replace(run, written=written, fingerprint=hashlib.sha256(said.encode()).hexdigest()),
        made={name: number for name, number in made.items() if number},
        to_make={} if mapped.choices.makes or mapped.name in _TABLE_OF.values() else to_make(names),
        offers=tuple(names.offers.values()),
        aliases=len(aliases),
        cited=citations.cited,
        uncited=citations.uncited,
    )


class _Prepared:
    """The rows as the table wants them: every column of it, evidence taken out and checked.

    What people see of a row are the columns that the file fills, evidence among them; it is kept from the row
    until its outcome.
    """

    def __init__(self, mapped: MappedRows, names: Names, citations: RowCitations) -> None:
        self._mapped, self._names, self._citations = mapped, names, citations
        aside = {EARLIER_WORK, *(CITING if citations.is_citable else ())}
        given = [name for name in mapped.headers if name not in aside]
        self._absent = Absent(TABLES[mapped.name], set(given))
        self.headers = [*given, *self._absent.names]
        self._given, self._waiting = RowNames(), RowNames()
        self._shown: dict[str, tuple[str, ...]] = {}

    def rows(self) -> Iterator[Row | RowProblem]:
        for row in self._mapped.read(self._names):
            name = self._given.of(row.line)
            if isinstance(row, RowProblem):
                self._citations.skip(row.line)
                yield row
                continue
            self._shown[name] = tuple(row.said.values())
            problem = row.problem
            if problem is None:
                problem = self._citations.read(row.line, row.said)
            else:
                self._citations.skip(row.line)
            if problem is not None:
                yield problem
                continue
            said = row.said | self._absent.cells(row.said)
            yield Row(row.line, [said[column] for column in self.headers])

    def shown(self, outcomes: Iterable[RowOutcome]) -> list[RowOutcome]:
        """The outcomes with the cells that people see of each row."""
        return [one._replace(cells=self._shown.pop(self._waiting.of(one.line), ())) for one in outcomes]


def _learn(mapped: MappedRows, names: Names) -> dict[str, dict[str, None]]:
    """Read all rows for their new names, where any may be made; the earlier works they tell of, by person."""
    works: dict[str, dict[str, None]] = {}
    if mapped.choices.makes or mapped.mapping.has_earlier_works:
        for row in mapped.read(names):
            if isinstance(row, RowProblem) or row.problem is not None:
                continue
            person, title = row.said.get("person", ""), row.said.get(EARLIER_WORK, "")
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


def _new(record: models.Model) -> Written:
    return Written(type(record), record.pk, None, values_of(record))


def _remember(names: Names, user: AbstractBaseUser | None) -> list[Alias]:
    """Keep each spelling that somebody called the same as an alias; those that are new."""
    remembered: list[Alias] = []
    for offer, candidate in names.spellings():
        kind = AliasKind.TYPO if candidate.errors else AliasKind.VARIANT
        if offer.kind == PERSON:
            record = Person.objects.get(slug=candidate.slug)
        elif offer.kind == CHARACTER:
            record = Character.objects.get(series__slug=offer.scope, slug=candidate.slug)
        else:
            continue
        alias = remember_alias(user=user, record=record, text=offer.name, kind=kind)
        remembered += [] if alias is None else [alias]
    return remembered


def to_make(names: Names) -> dict[str, int]:
    """How many records of other tables the names would need, by table."""
    counts: Counter[str] = Counter()
    for (kind, _scope), found in names.new.items():
        counts[_TABLE_OF[kind]] += len(found)
    return dict(counts)
