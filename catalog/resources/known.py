"""Records by natural key, found many at a time and forgotten when they are too many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from typing import NamedTuple

from django.db import models

from catalog.key_queries import Parts, among, among_parts, in_parts
from catalog.keys import RELATIONS, key_of, with_relations

# So many records of a model are remembered at most, and so many that were refused.
_MOST = 25_000
_MOST_KEPT = 10_000
_KEYS_IN_A_QUERY = 2_000
# No database gives such ids: what has one is not written.
_UNWRITTEN = 2**62


class _Reader(NamedTuple):
    rows: Callable[[], models.QuerySet]
    key: Callable[[models.Model], str | None]
    among: Callable[[Iterable[str]], models.Q]


class Known:
    """Records by natural key: those of the database, and those of the files read so far.

    Records that were refused are known too: what leans on them is not refused for that.
    """

    def __init__(self) -> None:
        self._records: dict[type[models.Model], dict[str, models.Model | None]] = {}
        self._planned: dict[type[models.Model], dict[str, models.Model]] = {}
        self._kept: dict[type[models.Model], dict[str, models.Model]] = {}
        self._kept_ids: set[tuple[type[models.Model], int]] = set()
        self._readers: dict[type[models.Model], _Reader] = {}
        self._ids = count(_UNWRITTEN)

    def read_with(
        self,
        model: type[models.Model],
        rows: Callable[[], models.QuerySet],
        key: Callable[[models.Model], str | None],
        parts: Callable[[str], Parts],
    ) -> None:
        """Read `model` from `rows()` and name its records with `key(record)`; `parts(key)` by path."""
        self._readers.setdefault(model, _Reader(rows, key, lambda keys: among_parts(in_parts(parts, keys))))

    def load(self, model: type[models.Model], keys: Iterable[str]) -> None:
        """Know the records of these keys, in a bounded number of queries; asking for them then costs none."""
        known = self._records.setdefault(model, {})
        wanted = dict.fromkeys(keys)
        missing = [key for key in wanted if key not in known]
        if len(known) + len(missing) > _MOST:
            known.clear()
            missing = list(wanted)
        reader = self._reader(model)
        for some in in_batches(missing, _KEYS_IN_A_QUERY):
            known.update(dict.fromkeys(some))
            for record in reader.rows().filter(reader.among(some)).order_by("pk").iterator():
                key = reader.key(record)
                if key in wanted:
                    known[key] = record

    def get(self, model: type[models.Model], key: str) -> models.Model | None:
        for there in (self._planned, self._kept):
            if model in there and key in there[model]:
                return there[model][key]
        known = self._records.get(model)
        if known is None or key not in known:
            self.load(model, [key])
            known = self._records[model]
        return known[key]

    def plan(self, model: type[models.Model], records: dict[str, models.Model]) -> None:
        """Know the records of one batch of rows, written or not; those of the batch before no longer."""
        self._planned[model] = records

    def forget(self, model: type[models.Model]) -> None:
        """Read the model anew next time: rows of it were written."""
        self._records.pop(model, None)
        self._planned.pop(model, None)

    def keep(self, key: str, record: models.Model) -> None:
        """Know a `record` that the database does not find: it is not written, or leans on one that is not.

        Rows further down lean on it as if it were there.
        """
        kept = self._kept.setdefault(type(record), {})
        if record.pk is None:
            record.pk = next(self._ids)
        if len(kept) < _MOST_KEPT:
            kept[key] = record
            self._kept_ids.add((type(record), record.pk))

    def is_kept(self, model: type[models.Model], pk: int | None) -> bool:
        return (model, pk) in self._kept_ids

    @property
    def keeps_any(self) -> bool:
        return bool(self._kept_ids)

    def _reader(self, model: type[models.Model]) -> _Reader:
        if model not in self._readers:
            rows = partial(with_relations, model, RELATIONS)
            self._readers[model] = _Reader(rows, key_of, partial(among, model))
        return self._readers[model]


def in_batches(rows: Iterable, size: int) -> Iterator[list]:
    """The rows in lists of `size`, the last perhaps shorter."""
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some
