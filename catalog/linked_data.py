"""A source for machines: what was drawn from it as W3C Web Annotations, and itself as CSL-JSON.

Only what the page of the source shows (`catalog.provenance`); of a passage never more than its excerpt.
docs/formats.md explains both to those who read them.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.utils.translation import get_language, gettext

from catalog.dates import PartialDate
from catalog.models import Passage, Source, SourceKind
from catalog.passages import ELLIPSIS
from catalog.provenance import DrawnFact, SourceSheet

ANNOTATIONS_TYPE = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
CSL_TYPE = "application/vnd.citationstyles.csl+json"

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_CSL_TYPES = {
    SourceKind.ARTICLE: "article-magazine",
    SourceKind.PRESS_RELEASE: "document",
    SourceKind.INTERVIEW: "interview",
    SourceKind.SOCIAL_POST: "post",
    SourceKind.WORK: "broadcast",
    SourceKind.OTHER: "document",
}


def annotations(sheet: SourceSheet, here: str, absolute: Callable[[str], str]) -> dict[str, Any]:
    """The source's public citations as an AnnotationCollection with one page (Web Annotation, 5).

    `here` is the address of the document, `absolute` makes one of a path.
    """
    items = list(_items(sheet, here, absolute))
    collection = {
        "@context": _CONTEXT,
        "id": here,
        "type": "AnnotationCollection",
        "label": sheet.source.title,
        "total": len(items),
    }
    if items:
        page = {"id": f"{here}#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
        collection |= {"first": page, "last": page["id"]}
    return collection


def csl_item(source: Source, accessed: datetime.datetime | None = None) -> dict[str, Any]:
    """The source as one item of CSL-JSON 1.0.2; what is unknown is left out.

    `accessed` is when its text was captured.
    """
    item: dict[str, Any] = {
        "id": source.slug,
        "type": _CSL_TYPES[SourceKind(source.kind)],
        "title": source.title,
    }
    if source.kind == SourceKind.PRESS_RELEASE:
        item["genre"] = "Press release"
    if source.author:
        # One line of free text: taking it apart would be guessing.
        item["author"] = [{"literal": source.author}]
    if source.published:
        item["issued"] = _csl_date(source.published)
    if source.publisher:
        item["publisher"] = source.publisher
        if source.kind == SourceKind.ARTICLE:
            item["container-title"] = source.publisher
    if source.language:
        item["language"] = source.language
    if source.url:
        item["URL"] = source.url
    if accessed:
        day = accessed.astimezone(datetime.UTC)
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    return item


def _items(sheet: SourceSheet, here: str, absolute: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    for used in sheet.passages:
        if used.facts:
            target = _target(sheet.source, used.passage, absolute)
            for fact in used.facts:
                yield {
                    "id": f"{here}#p{used.passage.number}:{_identifier(fact)}",
                    "type": "Annotation",
                    "motivation": "linking",
                    "body": _body(fact, absolute),
                    "target": target,
                }


def _body(fact: DrawnFact, absolute: Callable[[str], str]) -> list[dict[str, Any]]:
    """The page of the record, what it says there, which field that is, and how the passage stands to it."""
    page = {"type": "SpecificResource", "source": absolute(fact.path), "purpose": "linking"}
    words = {**_text(_in_words(fact), "describing"), "language": get_language()}
    return [page, words, _text(_identifier(fact), "identifying"), _text(fact.stance, "tagging")]


def _in_words(fact: DrawnFact) -> str:
    parts = [fact.subject, fact.field, fact.value]
    if fact.says:
        parts.append(gettext("it says: %(says)s") % {"says": fact.says})
    return " · ".join(part for part in parts if part)


def _text(value: str, purpose: str) -> dict[str, Any]:
    return {"type": "TextualBody", "value": value, "format": "text/plain", "purpose": purpose}


def _identifier(fact: DrawnFact) -> str:
    """`season:narcos-mexico/2:premiere`, percent-encoded so that it can stand in an IRI."""
    return ":".join(quote(part) for part in (fact.model, fact.key, fact.name) if part)


def _target(source: Source, passage: Passage, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Where the passage stands: in the source's own page if that is known, else in ours."""
    return {
        "type": "SpecificResource",
        "source": source.url or absolute(source.get_absolute_url()),
        "state": {
            "type": "TimeState",
            "sourceDate": _utc(passage.snapshot.captured_at),
            "cached": named_information(passage.snapshot.sha256),
        },
        "selector": [
            {"type": "TextQuoteSelector", "exact": _quoted(passage.excerpt)},
            {"type": "TextPositionSelector", "start": passage.start, "end": passage.end},
        ],
    }


def _quoted(excerpt: str) -> str:
    """The words of an excerpt up to where it leaves some out."""
    return next((part.strip() for part in excerpt.split(ELLIPSIS) if part.strip()), excerpt)


def named_information(sha256: str) -> str:
    """A SHA-256 in hexadecimal as the name of what has it, `ni:///sha-256;…` (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _utc(moment: datetime.datetime) -> str:
    """In UTC with a Z, to the second, as a TimeState must have it."""
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _csl_date(date: PartialDate) -> dict[str, Any]:
    parts = [part for part in (date.year, date.month, date.day) if part is not None]
    return {"date-parts": [parts], **({"circa": True} if date.approximate else {})}
