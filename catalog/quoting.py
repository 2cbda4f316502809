"""How much of a source readers see in excerpts, against the limit that the desk has set for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from catalog.evidence import CitationIndex
from catalog.excerpts import Quote, quoted_length
from catalog.models import Citation, Passage, Snapshot, Source
from catalog.records import records_of


@dataclass(frozen=True, slots=True)
class Quoted:
    """So many `characters` (code points) of a text of that `length` are public; `limit` is in per cent."""

    characters: int
    length: int
    limit: int

    @property
    def percent(self) -> int:
        """Rounded up, so that the least bit more than the limit shows as more."""
        return -(-100 * self.characters // self.length) if self.length else 0

    @property
    def passed(self) -> bool:
        return self.percent > self.limit


def quoted(sources: Iterable[Source], also: Collection[int] = ()) -> dict[int, Quoted]:
    """What readers see of each source, by its id. Six queries at most.

    Counted are the excerpts of passages that carry a public fact, and those of the passages `also` (ids)
    that readers see elsewhere: see `measure`.
    """
    sources = list(sources)
    return measure(sources, public_passages(sources) | set(also))


def public_passages(sources: Iterable[Source]) -> set[int]:
    """The ids of the passages of these sources that stand by a public fact, as `source_sheet` has it.

    A fact is public while any passage supports it; then those that contradict or mention it are too.
    """
    citations = list(Citation.objects.filter(passage__source__in=list(sources)).order_by())
    records = records_of(citations)
    index = CitationIndex.of(records.values())
    # Each fact is asked about once, however many passages speak of it.
    passages: dict[tuple[int, int, str], set[int]] = defaultdict(set)
    for citation in citations:
        passages[citation.content_type_id, citation.object_id, citation.field].add(citation.passage_id)
    public = [
        speaking
        for (type_id, pk, field), speaking in passages.items()
        if (type_id, pk) in records and index.supporting(records[type_id, pk], field)
    ]
    return set().union(*public)


def measure(sources: Iterable[Source], shown: Collection[int]) -> dict[int, Quoted]:
    """How much of each source the excerpts of its passages `shown` (ids) quote. Two queries.

    Characters are code points of the excerpts without “…”; those that several excerpts show count once,
    told by their place in the text. Excerpts are measured against the text they were taken from: of a source
    with several, the answer is about the one that the greatest share is shown of.
    """
    sources = list(sources)
    quotes: dict[int, list[Quote]] = defaultdict(list)
    columns = ("pk", "snapshot_id", "excerpt", "exact", "start", "end")
    for pk, snapshot, *quote in Passage.objects.filter(source__in=sources).values_list(*columns):
        if pk in shown:
            quotes[snapshot].append(Quote(*quote))
    texts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    snapshots = Snapshot.objects.filter(source__in=sources).current_first()
    for source, snapshot, length in snapshots.values_list("source_id", "pk", "length"):
        texts[source].append((quoted_length(quotes[snapshot]), length))
    return {source.pk: _most(texts[source.pk], source.quote_limit) for source in sources}


def most_marked(count: int) -> list[Source]:
    """Sources with more in passages of one text than their limit allows, the longest share first.

    Others cannot have passed it: an excerpt is no longer than its passage. Two queries.
    """
    limit = Coalesce("source__quote_limit", models.Value(settings.QUOTE_LIMIT))
    marked = models.Sum(models.F("passages__end") - models.F("passages__start"))
    texts = Snapshot.objects.alias(marked=marked, limit=limit)
    texts = texts.filter(marked__gt=models.F("length") * models.F("limit") / 100.0)
    share = models.F("marked") * 1.0 / models.F("length")
    pks = list(dict.fromkeys(texts.order_by(share.desc(), "pk").values_list("source_id", flat=True)))[:count]
    found = Source.objects.in_bulk(pks)
    return [found[pk] for pk in pks]


def _most(texts: Iterable[tuple[int, int]], limit: int | None) -> Quoted:
    """Of texts, as (characters shown, length), the one of which most is shown; of equals the first."""
    characters, length = max(texts, key=lambda text: text[0] / text[1], default=(0, 0))
    return Quoted(characters, length, settings.QUOTE_LIMIT if limit is None else limit)
