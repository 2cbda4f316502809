"""What rows need besides themselves: people and characters that are new, and works of people before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import count

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from catalog.models import Character, EarlierWork, Person
from catalog.naming import CHARACTER, PERSON, Names
from catalog.resources.known import in_batches
from catalog.resources.outcomes import RunResult, Written
from catalog.tabular.rows import Row
from editorial.bundles import TABLES
from editorial.tables.runs import run_rows

TABLE_OF = {PERSON: "people.csv", CHARACTER: "characters.csv"}
_BATCH = 500


class Made:
    """The people and characters that a file needs, made before its rows.

    Afterwards those are deleted again that only refused rows name.
    """

    def __init__(
        self,
        names: Names,
        user: AbstractBaseUser | None,
        undo: Callable[[list[Written]], None] | None,
        forget: Callable[[type[models.Model], list[int]], None] | None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.hashes: list[str] = []
        self._names, self._user, self._undo, self._forget = names, user, undo, forget
        self._new: set[tuple[type[models.Model], int]] = set()

    def make(self) -> None:
        """Write all that are new so far."""
        for kind, table in TABLE_OF.items():
            rows = [
                Row(number, cells) for number, cells in enumerate(self._names.rows_to_make(kind), start=1)
            ]
            if rows:
                run = _run_other(table, TABLES[table]._meta.fields, rows, self._user, self._note)
                self.counts[table] = run.new
                self.hashes.append(run.fingerprint)

    def keep_named(self, named: Collection[tuple[str, str, str]]) -> None:
        """Delete those that are not among these: a kind, the series of a character, a slug."""
        for (kind, scope), slugs in self._names.new.items():
            records = Person.objects.all() if kind == PERSON else Character.objects.filter(series__slug=scope)
            for some in in_batches([one for one in slugs if (kind, scope, one) not in named], _BATCH):
                pks = records.filter(slug__in=some).order_by().values_list("pk", flat=True)
                self._delete(TABLE_OF[kind], records, [pk for pk in pks if (records.model, pk) in self._new])

    def _delete(self, table: str, records: models.QuerySet, pks: list[int]) -> None:
        records.filter(pk__in=pks).delete()
        self.counts[table] -= len(pks)
        if self._forget is not None:
            self._forget(records.model, pks)

    def _note(self, written: list[Written]) -> None:
        self._new.update((one.model, one.pk) for one in written if one.before is None)
        if self._undo is not None:
            self._undo(written)


def make_works(
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


def to_make(names: Names) -> dict[str, int]:
    """How many records of other tables the names would need, by table."""
    counts: Counter[str] = Counter()
    for (kind, _scope), found in names.new.items():
        counts[TABLE_OF[kind]] += len(found)
    return dict(counts)
