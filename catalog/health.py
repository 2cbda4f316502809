"""How the catalog is: what the last check found, and what it is about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from catalog.facts import CITABLE
from catalog.keys import about_key, key_of
from catalog.models import Citation, Passage, PassageState, Reanchoring, Snapshot, VerificationRun
from catalog.records import Found, records_of
from catalog.verification import Finding

STALE = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """A finding, with what it names as far as that is still there."""

    finding: Finding
    snapshot: Snapshot | None = None
    passage: Passage | None = None
    citation: Citation | None = None
    record: models.Model | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many texts are known and how many are here, passages by their state, and those under review."""

    snapshots: int
    texts: int
    passages: list[tuple[PassageState, int]]
    waiting: int


def last_run() -> VerificationRun | None:
    return VerificationRun.objects.first()


def holdings() -> Holdings:
    """Three queries."""
    texts = Snapshot.objects.aggregate(all=models.Count("pk"), here=models.Count("text"))
    states = dict(Passage.objects.order_by().values_list("state").annotate(count=models.Count("pk")))
    waiting = Reanchoring.objects.open().values("passage").distinct().count()
    passages = [(state, states[state]) for state in PassageState if state in states]
    return Holdings(texts["all"], texts["here"], passages, waiting)


def named(findings: Iterable[Finding]) -> list[Named]:
    """The findings, each with what it names. Five queries at most, however many there are."""
    findings = list(findings)
    snapshots = _snapshots([one.key for one in findings if one.kind == "snapshot"])
    keys = {one.key.partition(" ")[0] for one in findings if one.kind != "snapshot"}
    passages = Passage.objects.by_key(keys) if keys else {}
    cited = {_key(one) for one in findings if one.kind == "citation"}
    citations, records = _citations([passages[key] for key in cited & passages.keys()])
    return [_named(one, snapshots, passages, citations, records) for one in findings]


def _named(
    finding: Finding,
    snapshots: dict[str, Snapshot],
    passages: dict[str, Passage],
    citations: dict[str, Citation],
    records: Found,
) -> Named:
    citation = citations.get(finding.key)
    about = (citation.content_type_id, citation.object_id) if citation else None
    return Named(
        finding,
        snapshots.get(finding.key),
        passages.get(_key(finding)),
        citation,
        records.get(about) if about else None,
    )


def _key(finding: Finding) -> str:
    """The key of the passage that a finding about it or its citation names."""
    return finding.key.partition(" ")[0]


def _snapshots(keys: list[str]) -> dict[str, Snapshot]:
    if not keys:
        return {}
    hashes = [key.rpartition("@")[2] for key in keys]
    found = Snapshot.objects.filter(sha256__in=hashes).defer("text").select_related("source")
    return {f"{one.source.slug}@{one.sha256}": one for one in found}


def _citations(passages: list[Passage]) -> tuple[dict[str, Citation], Found]:
    """The citations of these passages by their key, as findings name them, and what they are about."""
    if not passages:
        return {}, {}
    citations = list(Citation.objects.filter(passage__in=passages).select_related("content_type"))
    by_pk = {passage.pk: passage for passage in passages}
    records = records_of(one for one in citations if one.content_type.model in CITABLE)
    found = {}
    for citation in citations:
        record = records.get((citation.content_type_id, citation.object_id))
        key = str(citation.object_id) if record is None else key_of(record)
        about = about_key(citation.content_type.model, key, citation.field)
        found[f"{by_pk[citation.passage_id].key} {about}"] = citation
    return found, records
