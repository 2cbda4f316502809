"""Corrections as readers see them: on the page they are about, in the list of all, and in full."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst

from editorial.models import Correction, CorrectionKind

# What changes how a text is to be taken stands before it; the rest after it.
_FIRST = frozenset({CorrectionKind.CORRECTION, CorrectionKind.RETRACTION})


@dataclass(frozen=True, slots=True)
class Note:
    """A correction with the headline that its edition had and the addresses that belong to it."""

    kind: str
    text: str
    at: datetime.datetime
    title: str
    language: str
    path: str  # of the article
    comparison: str  # of what changed; "" for a retraction

    @property
    def label(self) -> str:
        """The kind in words of the language that is active where it is shown."""
        return capfirst(str(CorrectionKind(self.kind).label))

    @property
    def stands_first(self) -> bool:
        return self.kind in _FIRST


def notes(corrections: Iterable[Correction]) -> list[Note]:
    """Notes of corrections from `Correction.objects.for_readers()`, in their order."""
    return [
        Note(
            kind=one.kind,
            text=one.note,
            at=one.at,
            title=one.title,
            language=one.language,
            path=reverse(f"editorial:{one.page_kind}", args=[one.page_slug]),
            comparison=reverse("editorial:correction", args=[one.pk]) if one.edition_id else "",
        )
        for one in corrections
    ]
