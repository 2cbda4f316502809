"""Whether what the catalog keeps is still what was captured: passages, texts and citations, re-checked.

Damage is what no editor's work brings about: a text that has lost its hash, a passage whose words are not
where it says, a citation of nothing. A value that moved on since it was cited is everyday work, and a
warning. Rows are read as they are checked and none is kept, so that memory does not grow with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext

from catalog.capture import sha256_of
from catalog.facts import CITABLE, WHOLE, model_of, value_text
from catalog.keys import about_key, key_of
from catalog.models import Citation, Passage, PassageState, Snapshot
from catalog.passages import excerpt_of, is_excerpt_of
from catalog.records import records_of

_BATCH = 500  # citations whose records are read together
_ROWS = 1000  # passages that are read together

Severity = Literal["damage", "warning"]
Kind = Literal["snapshot", "passage", "citation"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. `what` is a sentence for people."""

    severity: Severity
    kind: Kind
    key: str  # `source@sha256`, `source#number` or `source#number model:key:field`
    what: str


def verify(checked: Counter[str]) -> Iterator[Finding]:
    """Everything that is wrong, as it is found; `checked` counts the rows of each kind meanwhile.

    Texts that are not on this machine cannot be checked, nor can the passages that wait for them.
    """
    yield from _snapshots(checked)
    yield from _citations(checked)


def _snapshots(checked: Counter[str]) -> Iterator[Finding]:
    """Each snapshot with its passages, so that one text is in memory at a time."""
    for pk in Snapshot.objects.order_by("pk").values_list("pk", flat=True).iterator():
        snapshot = Snapshot.objects.select_related("source").filter(pk=pk).first()
        if snapshot is None:
            continue
        checked["snapshot"] += 1
        if snapshot.text is not None:
            checked["text"] += 1
            key = f"{snapshot.source.slug}@{snapshot.sha256}"
            for what in _faults_of_snapshot(snapshot):
                yield Finding("damage", "snapshot", key, what)
        for passage in snapshot.passages.order_by("number").iterator(_ROWS):
            checked["passage"] += 1
            for what in _faults_of_passage(passage, snapshot):
                yield Finding("damage", "passage", passage.key, what)


def _faults_of_snapshot(snapshot: Snapshot) -> Iterator[str]:
    if len(snapshot.text) != snapshot.length:
        yield gettext("the text has %(actual)s characters, not %(claimed)s") % {
            "actual": len(snapshot.text),
            "claimed": snapshot.length,
        }
    if sha256_of(snapshot.text) != snapshot.sha256:
        yield gettext("the text does not have its SHA-256")


def _faults_of_passage(passage: Passage, snapshot: Snapshot) -> Iterator[str]:
    if passage.source_id != snapshot.source_id:
        yield gettext("its snapshot is one of “%(source)s”") % {"source": snapshot.source.slug}
    exact = passage.exact
    if snapshot.text is None:
        if not exact and passage.state != PassageState.VERIFIED:
            return
        yield gettext("the text that it was taken from is gone")
    else:
        # One that changed, was lost or withdrawn stays where its words last stood.
        in_text = snapshot.text[passage.start : passage.end]
        exact = exact or in_text  # without words a passage has only its span
        if exact != in_text or len(in_text) != passage.end - passage.start:
            yield gettext("its words are not those from %(start)s to %(end)s") % _span(passage)
    if sha256_of(exact) != passage.sha256:
        yield gettext("its words do not have its SHA-256")
    # Most excerpts were made by the rule; only others need to be looked for.
    if passage.excerpt != excerpt_of(exact) and not is_excerpt_of(passage.excerpt, exact):
        yield gettext("its excerpt is not taken from its words")


def _span(passage: Passage) -> dict[str, int]:
    return {"start": passage.start, "end": passage.end}


def _citations(checked: Counter[str]) -> Iterator[Finding]:
    """In batches by key: one query for the citations of each, one for what they are about."""
    citable = {ContentType.objects.get_for_model(apps.get_model("catalog", name)).pk for name in CITABLE}
    columns = (
        "content_type",
        "object_id",
        "field",
        "checked_value",
        "passage__number",
        "passage__source__slug",
    )
    rows = Citation.objects.select_related("passage__source").only(*columns).order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:_BATCH]):
        last = batch[-1].pk
        checked["citation"] += len(batch)
        records = records_of(one for one in batch if one.content_type_id in citable)
        for citation in batch:
            yield from _check_citation(citation, records.get((citation.content_type_id, citation.object_id)))


def _check_citation(citation: Citation, record: Any) -> Iterator[Finding]:
    if record is None:
        kind = ContentType.objects.get_for_id(citation.content_type_id).model
        key = _citation_key(citation, kind, str(citation.object_id))
        yield Finding("damage", "citation", key, gettext("the record that it is about is gone"))
        return
    model, field = model_of(record), citation.field
    if field != WHOLE and field not in CITABLE[model]:
        what = gettext("such a record has no field of this name to cite")
        yield Finding("damage", "citation", _citation_key(citation, model, key_of(record)), what)
    elif citation.checked_value != (value := value_text(record, field)):
        what = gettext("unconfirmed: it was compared with “%(checked)s”, the record says “%(value)s”")
        what %= {"checked": citation.checked_value, "value": value}
        yield Finding("warning", "citation", _citation_key(citation, model, key_of(record)), what)


def _citation_key(citation: Citation, model: str, key: str) -> str:
    return f"{citation.passage.key} {about_key(model, key, citation.field)}"
