"""Somebody else's rows into the newsroom: read as ours, names found, evidence cited, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from catalog.actions import remember_alias
from catalog.models import Alias, AliasKind, Character, Person
from catalog.naming import CHARACTER, PERSON, Names, Offer
from catalog.resources.describing import CITING
from catalog.resources.outcomes import RowOutcome, RunResult, Written, values_of
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import EARLIER_WORK
from editorial.bundles import TABLES
from editorial.resources import Late
from editorial.tables.absent_columns import Absent
from editorial.tables.citations import RowCitations
from editorial.tables.making import TABLE_OF, Made, make_works, to_make
from editorial.tables.mapped_rows import MappedRows
from editorial.tables.reading import RowNames
from editorial.tables.runs import run_rows


@dataclass(frozen=True, slots=True)
class MappedResult:
    """What became of the rows, and of what they brought along.

    `made` counts new rows of other tables (`people.csv`), `to_make` those that are missing and were not made.
    `uncited` is how many written rows bring facts without evidence, which readers do not see; `late` has the
    refused texts of articles that were made from a revision which is not the newest.
    """

    run: RunResult
    made: dict[str, int] = field(default_factory=dict)
    to_make: dict[str, int] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    aliases: int = 0
    cited: int = 0
    uncited: int = 0
    late: tuple[Late, ...] = ()

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
    forget: Callable[[type[models.Model], list[int]], None] | None = None,
    stop: Callable[[int], None] | None = None,
) -> MappedResult:
    """Import a foreign file as `run_rows` does, with the people and characters it needs and its evidence.

    Without `write`, everything is done and taken back. `sink` gets each row's cells under `mapped.headers`.
    What only refused rows name is made before anybody can know that, and deleted again: `forget` gets what of
    it `undo` had got. Raises what `run_rows` raises, and NotCited.
    """
    names = Names(mapped.choices)
    _learn(mapped, names)
    with transaction.atomic():
        made = Made(names, user, undo, forget)
        if mapped.choices.makes and mapped.name not in TABLE_OF.values():
            made.make()
        citations = RowCitations(mapped.name)
        prepared = _Prepared(mapped, names, citations)

        def see(outcomes: list[RowOutcome]) -> None:
            citations.see(outcomes)
            shown = prepared.shown(outcomes)
            if sink is not None:
                sink(shown)

        late: list[Late] = []
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
            late=late,
            locks=write,
        )
        if run.refused and made.counts:
            made.keep_named(prepared.named)
        made.counts["earlier_works.csv"], digest = make_works(prepared.works, user, undo)
        aliases = _remember(names, user)
        citations.cite(user)
        written = write and (only_good or not run.refused)
        if written and undo is not None:
            undo([*map(_new, [*aliases, *citations.made]), *citations.confirmed])
        if not written:
            transaction.set_rollback(True)
    said = repr((run.fingerprint, [*made.hashes, digest], mapped.choices.to_json(), citations.said()))
    return MappedResult(
        replace(run, written=written, fingerprint=hashlib.sha256(said.encode()).hexdigest()),
        made={name: number for name, number in made.counts.items() if number},
        to_make={} if mapped.choices.makes or mapped.name in TABLE_OF.values() else to_make(names),
        offers=tuple(names.offers.values()),
        aliases=len(aliases),
        cited=citations.cited,
        uncited=citations.uncited,
        late=tuple(late),
    )


class _Prepared:
    """The rows as the table wants them: every column of it, evidence taken out and checked.

    What people see of a row are the columns that the file fills, evidence among them; it is kept from the row
    until its outcome. `named` and `works` are what rows that are not refused name anew and tell of people.
    """

    def __init__(self, mapped: MappedRows, names: Names, citations: RowCitations) -> None:
        self._mapped, self._names, self._citations = mapped, names, citations
        aside = {EARLIER_WORK, *(CITING if citations.is_citable else ())}
        given = [name for name in mapped.headers if name not in aside]
        self._absent = Absent(TABLES[mapped.name], set(given))
        self.headers = [*given, *self._absent.names]
        self._given, self._waiting = RowNames(), RowNames()
        self._said: dict[str, dict[str, str]] = {}
        self.named: set[tuple[str, str, str]] = set()
        self.works: dict[str, dict[str, None]] = {}

    def rows(self) -> Iterator[Row | RowProblem]:
        for row in self._mapped.read(self._names):
            name = self._given.of(row.line)
            if isinstance(row, RowProblem):
                self._citations.skip(row.line)
                yield row
                continue
            self._said[name] = row.said
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
        shown = []
        for one in outcomes:
            said = self._said.pop(self._waiting.of(one.line), {})
            if one.kind != "refused":
                self._note(said)
            shown.append(one._replace(cells=tuple(said.values())))
        return shown

    def _note(self, said: dict[str, str]) -> None:
        for kind, scope, slug in self._mapped.named_in(said):
            if slug in self._names.new.get((kind, scope), ()):
                self.named.add((kind, scope, slug))
        person, title = said.get("person", ""), said.get(EARLIER_WORK, "")
        if person and title:
            self.works.setdefault(person, {})[title] = None


def _learn(mapped: MappedRows, names: Names) -> None:
    """Read all rows for their new names, where any may be made."""
    if mapped.choices.makes:
        for _row in mapped.read(names):
            pass


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
