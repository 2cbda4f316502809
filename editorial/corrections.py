"""Corrections as readers see them: on the page they are about, in the list of all, and in full."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import capfirst

from catalog.seen import NOTHING_SEEN, Seen
from editorial.models import Correction, CorrectionKind
from editorial.sections import BY_KIND, Section
from editorial.titles import title_for

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
    section: Section
    path: str  # of the article
    comparison: str  # of what changed; "" for a retraction
    spoils: str = ""  # the key of the season that the article gives away
    is_folded: bool = False  # and its reader has not seen so much
    is_title_folded: bool = False  # and there is no title that gives nothing away

    @property
    def label(self) -> str:
        """The kind in words of the language that is active where it is shown."""
        return capfirst(str(CorrectionKind(self.kind).label))

    @property
    def stands_first(self) -> bool:
        return self.kind in _FIRST

    @property
    def open_title(self) -> str:
        """What it is called where nothing can be folded."""
        return str(self.section.title) if self.is_title_folded else self.title


def notes(corrections: Iterable[Correction], seen: Seen = NOTHING_SEEN) -> list[Note]:
    """Notes of corrections from `Correction.objects.for_readers()`, in their order, for a reader who has seen
    so much.
    """
    return [_note(one, seen) for one in corrections]


def _note(one: Correction, seen: Seen) -> Note:
    title = title_for({**vars(one), "spoils": _most_given_away(one, seen)}, seen)
    return Note(
        kind=one.kind,
        text=one.note,
        at=one.at,
        title=title.text,
        language=one.language,
        section=BY_KIND[one.page_kind],
        path=reverse(f"editorial:{one.page_kind}", args=[one.page_slug]),
        comparison=reverse("editorial:correction", args=[one.pk]) if one.edition_id else "",
        spoils=title.spoils,
        is_folded=title.is_beyond,
        is_title_folded=title.is_folded,
    )


def _most_given_away(one: Correction, seen: Seen) -> str:
    """Of the seasons that the page gives away now, and before and after the correction, the one of which the
    reader has seen least: a note tells of all three texts.
    """
    keys = filter(None, (one.spoils_now, one.spoils_after, one.spoils))
    return min(keys, key=lambda key: (not seen.stops_before(key), seen.covers(key)), default="")
