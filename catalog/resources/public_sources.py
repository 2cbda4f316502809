"""Sources, passages and citations as tables for readers: locator, hash and an excerpt, never the words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from catalog.facts import CITABLE, model_of, value_text
from catalog.keys import NAMED_WITH, key_of, with_relations
from catalog.models import Citation, Decision, Passage, Source
from catalog.provenance import SourceSheet
from catalog.records import records_of
from catalog.resources.public import Row
from catalog.resources.sources import SourceResource
from catalog.resources.tables import escape_formula
from catalog.resources.widgets import Moment
from catalog.verified import Verified

SOURCE_COLUMNS = (
    *("slug", "title", "publisher", "author", "published", "language", "url", "kind", "derives_from"),
)
CITATION_COLUMNS = ("passage", "about_type", "about", "field", "value", "stance", "says")
PLACE_COLUMNS = ("snapshot", "captured_at", "start", "end", "sha256", "excerpt")
PASSAGE_COLUMNS = ("source", "number", "state", *PLACE_COLUMNS)
DECISION_COLUMNS = ("about_type", "about", "field", "at", "value", "reason")

# Of each model, by id: the key of the record and its public values by field.
Facts = Mapping[str, Mapping[int, tuple[str, Mapping[str, str]]]]


def escaped(cells: Iterable[object]) -> Row:
    return [escape_formula(str(cell)) for cell in cells]


def source_rows(sources: Iterable[Source] | None = None) -> Iterator[Row]:
    """Every source, or these: what it says of itself. Needs what each derives from loaded."""
    resource = SourceResource()
    rows = resource.records(sources)
    return (escaped(resource.cell(name, one) for name in SOURCE_COLUMNS) for one in rows)


def place_of(passage: Passage) -> Row:
    """Where the words stand, their hash, and what may be shown of them. Needs the snapshot loaded."""
    snapshot = passage.snapshot
    captured_at = Moment().render(snapshot.captured_at)
    return escaped(
        [snapshot.sha256, captured_at, passage.start, passage.end, passage.sha256, passage.excerpt]
    )


def passages_with_place() -> models.QuerySet:
    left_out = ("exact", "prefix", "suffix", "words_key", "snapshot__text")
    return Passage.objects.select_related("source", "snapshot").defer(*left_out)


class PublicEvidence:
    """What holds the public facts. `footnoted` are the ids of passages that live articles cite."""

    def __init__(self, facts: Facts, footnoted: Iterable[int] = ()) -> None:
        self._facts = facts
        self._used = set(footnoted)

    def tables(self) -> Iterator[tuple[str, Sequence[str], Iterator[Row]]]:
        """As `PublicCatalog.tables`; to be read in this order, each to its end."""
        yield "citations.csv", CITATION_COLUMNS, self._citations()
        yield "passages.csv", PASSAGE_COLUMNS, self._passages()
        yield "sources.csv", SOURCE_COLUMNS, source_rows()
        yield "decisions.csv", DECISION_COLUMNS, self._decisions()

    def _citations(self) -> Iterator[Row]:
        """Of every public fact all that is said of it, whatever the stance."""
        place = ("passage__source__slug", "passage__number")
        for name in sorted(CITABLE):
            public = self._facts.get(name, {})
            if not public:
                continue
            type_id = ContentType.objects.get_for_model(apps.get_model("catalog", name)).pk
            rows = Citation.objects.filter(content_type=type_id).order_by("pk")
            found = []
            for pk, field, stance, says, passage, slug, number in rows.values_list(
                "object_id", "field", "stance", "says", "passage", *place
            ).iterator():
                key, values = public.get(pk, ("", {}))
                if field in values:
                    self._used.add(passage)
                    found.append((key, field, slug, number, values[field], stance, says))
            for key, field, slug, number, value, stance, says in sorted(found):
                yield escaped([f"{slug}#{number}", name, key, field, value, stance, says])

    def _passages(self) -> Iterator[Row]:
        passages = [one for one in passages_with_place().iterator() if one.pk in self._used]
        for one in sorted(passages, key=lambda one: (one.source.slug, one.number)):
            yield [*escaped([one.source.slug, one.number, one.state]), *place_of(one)]

    def _decisions(self) -> Iterator[Row]:
        """Those that public facts follow, with the reason that readers see."""
        newest: dict[tuple[int, int, str], Decision] = {}
        for decision in Decision.objects.order_by("at", "pk"):
            newest[decision.content_type_id, decision.object_id, decision.field] = decision
        records = decided_records(newest)
        if not records:
            return
        verified = Verified(list(records.values()))
        for (type_id, pk, field), decision in sorted(newest.items(), key=lambda item: (item[1].at, item[0])):
            record = records.get((type_id, pk))
            fact = verified.fact(record, field) if record is not None else None
            if fact is not None and fact.reason == decision.reason:
                about = [model_of(record), key_of(record), field]
                yield escaped([*about, Moment().render(decision.at), decision.value, decision.reason])


def decided_records(decided: Collection[tuple[int, int, str]]) -> dict[tuple[int, int], Any]:
    """The records of these keys, with what names them; a query for each kind."""
    wanted: dict[int, set[int]] = {}
    for type_id, pk, _field in decided:
        wanted.setdefault(type_id, set()).add(pk)
    return {
        (type_id, record.pk): record
        for type_id, pks in wanted.items()
        for record in with_relations(
            ContentType.objects.get_for_id(type_id).model_class(), NAMED_WITH
        ).filter(pk__in=pks)
    }


def citations_of(sheet: SourceSheet) -> list[tuple[int, Row]]:
    """What the catalog has drawn from a source: for each public fact the number of the passage and the cells
    of `CITATION_COLUMNS`. Two queries.
    """
    source = sheet.source
    found = []
    for record in records_of(Citation.objects.filter(passage__source=source)).values():
        about = (model_of(record), key_of(record))
        for one in sheet.index.all_for(record):
            passage = one.passage
            if passage.source_id == source.pk and sheet.index.supporting(record, one.field):
                value = value_text(record, one.field)
                cells = [passage.key, *about, one.field, value, one.stance, one.says]
                found.append((passage.number, escaped(cells)))
    return sorted(found)
