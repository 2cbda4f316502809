"""From rows to what readers may see: evidence for footnotes, and only the values that it supports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from catalog.facts import holds
from catalog.footnotes import Evidence
from catalog.models import Citation, Passage


def evidence_of(passage: Passage) -> Evidence:
    """What may be shown of a passage. Needs its source loaded."""
    source = passage.source
    return Evidence(
        key=passage.key,
        excerpt=passage.excerpt,
        language=source.language,
        state=passage.state,
        path=f"{reverse('catalog:source', args=[source.slug])}#p{passage.number}",
        source_title=source.title,
        publisher=source.publisher,
        author=source.author,
        published=source.published,
        url=source.url,
    )


@dataclass(frozen=True)
class CitationIndex:
    """The citations of the records of one page, read in one query."""

    by_record: dict[tuple[int, int], list[Citation]]

    @classmethod
    def of(cls, records: Iterable[models.Model]) -> CitationIndex:
        by_record: dict[tuple[int, int], list[Citation]] = defaultdict(list)
        for citation in Citation.objects.about(list(records)):
            by_record[citation.content_type_id, citation.object_id].append(citation)
        return cls(dict(by_record))

    def all_for(self, record: models.Model) -> list[Citation]:
        content_type = ContentType.objects.get_for_model(record)
        return self.by_record.get((content_type.pk, record.pk), [])

    def supporting(self, record: models.Model, *fields: str) -> list[Evidence]:
        """The evidence that holds for any of these fields; none means that readers do not see the value."""
        found = {
            citation.passage_id: evidence_of(citation.passage)
            for citation in self.all_for(record)
            if citation.field in fields and holds(citation, record)
        }
        return list(found.values())

    def newest(self) -> models.DateTimeField | None:
        """When the newest of these citations, or of their passages, was last written."""
        times = [
            max(citation.updated_at, citation.passage.updated_at)
            for citations in self.by_record.values()
            for citation in citations
        ]
        return max(times, default=None)
