"""Whether what a reader pointed at still stands there: the text and the catalog go on after a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from catalog.evidence import CitationIndex
from catalog.keys import NAMED_WITH, with_relations
from editorial.models import Edition, ReaderReport
from editorial.models.report import SENTENCE_LENGTH
from editorial.prose.coverage import cover
from editorial.reporting import text_of

ALIKE = 60  # per cent: what is less alike is another sentence


class Drift(Enum):
    STANDS = "stands"
    CHANGED = "changed"
    GONE = "gone"
    PAGE_GONE = "page gone"
    WHOLE = "whole"


WORDS: Mapping[Drift, Promise] = {
    Drift.STANDS: _("Readers see it as it was reported."),
    Drift.CHANGED: _("It has changed since it was reported. Now it says:"),
    Drift.GONE: _("It has changed since it was reported: readers do not see it any more."),
    Drift.PAGE_GONE: _("Readers do not have this page any more."),
    Drift.WHOLE: _("The reader reported the page as a whole."),
}


@dataclass(frozen=True, slots=True)
class Present:
    """What became of the reported words, and how they read `now` where changed; `draft` is how the newest
    revision has them, where that differs from what readers see.
    """

    drift: Drift
    now: str = ""
    draft: str = ""

    @property
    def in_words(self) -> str:
        return str(WORDS[self.drift])


def present_of(report: ReaderReport) -> Present:
    """What readers see now of what was reported."""
    return _present_of_record(report) if report.article is None else _present_of_text(report)


def _present_of_record(report: ReaderReport) -> Present:
    model = report.record_type.model_class()
    rows: models.QuerySet = with_relations(model, NAMED_WITH)
    record = rows.filter(pk=report.record_id).first()
    if record is None:
        return Present(Drift.GONE)
    if not report.sentence:
        return Present(Drift.WHOLE)
    if not CitationIndex.of([record]).supporting(record, report.field):
        return Present(Drift.GONE)
    now = text_of(record, report.field)
    if now[:SENTENCE_LENGTH] == report.sentence:
        return Present(Drift.STANDS)
    return Present(Drift.CHANGED, now)


def _present_of_text(report: ReaderReport) -> Present:
    live = Edition.objects.live().filter(article=report.article).select_related("revision").first()
    if live is None:
        return Present(Drift.PAGE_GONE)
    if not report.sentence:
        return Present(Drift.WHOLE)
    drift, now = _found(report.sentence, live.revision.content)
    newest = report.article.revisions.newest()
    draft = ""
    if newest is not None and newest.pk != live.revision_id:
        there, words = _found(report.sentence, newest.content)
        draft = "" if (there, words) == (drift, now) else words or "–"
    return Present(drift, now, draft)


def _found(said: str, content: Mapping[str, Any]) -> tuple[Drift, str]:
    """Whether a text has the sentence, and else the one of its sentences that is most like it."""
    sentences = list(_sentences(content))
    if said in sentences or any(one[: len(said) - 1] == said[:-1] for one in sentences if said[-1] == "…"):
        return Drift.STANDS, ""
    best = process.extractOne(said, sentences, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return (Drift.GONE, "") if best is None else (Drift.CHANGED, best[0])


def _sentences(content: Mapping[str, Any]) -> Iterable[str]:
    yield from (content["title"], content["standfirst"])
    yield from (one.text for one in cover(content["body"], content["language"]).sentences)
