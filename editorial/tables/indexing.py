"""The index of the search after a table: what was written or taken back is found as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from catalog.resources.outcomes import Written
from editorial import indexing

MOST = 2_000  # records; for more, the whole index is compared with the truth


class ChangedRecords:
    """Takes note of records, as they were and as they are, until the index follows them.

    Both count: a record that has another owner now concerns the entry of the former one too.
    """

    def __init__(self) -> None:
        self._states: list[models.Model] = []
        self._count = 0

    def __call__(self, written: Iterable[Written]) -> None:
        """Take note of what a run wrote."""
        for one in written:
            self.note(one.model, one.before, one.after)

    def note(self, model: type[models.Model], *states: Mapping[str, Any] | None) -> None:
        """Take note of one record: its columns before and after, None where it was not there."""
        self._count += 1
        if self._count <= MOST:
            self._states += [_as_said(model, state) for state in states if state is not None]

    def index(self) -> None:
        """Bring the index up to date with them, in the transaction that changed them."""
        if self._count > MOST:
            indexing.update()
        else:
            indexing.index_what_concerns(*self._states)


def _as_said(model: type[models.Model], state: Mapping[str, Any]) -> models.Model:
    names = {one.attname for one in model._meta.concrete_fields}
    return model(**{name: value for name, value in state.items() if name in names})
