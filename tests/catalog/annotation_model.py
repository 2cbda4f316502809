"""What the Web Annotation Data Model (W3C, 2017-02-23) demands with MUST of what we write, as assertions."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = {
    *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting"),
    *("identifying", "linking", "moderating", "questioning", "replying", "tagging"),
}
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
NAMED = re.compile(r"ni:///sha-256;[A-Za-z0-9_-]{43}", re.ASCII)


def check_iri(value: Any) -> None:
    """An absolute IRI: with a scheme, and no character that RFC 3987 forbids."""
    assert isinstance(value, str), value
    assert urlsplit(value).scheme in {"http", "https", "ni"}, value
    assert not re.search(r'[\s<>"{}|\\^`]', value), value


def as_list(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def check_collection(data: dict[str, Any]) -> list[dict[str, Any]]:
    """5.1 and 5.2: the annotations of a collection of one embedded page."""
    assert data["@context"] == CONTEXT
    check_iri(data["id"])
    assert data["type"] == "AnnotationCollection"
    assert isinstance(data["total"], int)
    if not data["total"]:
        assert "first" not in data
        return []
    page = data["first"]
    check_iri(page["id"])
    assert page["type"] == "AnnotationPage"
    assert page["startIndex"] == 0
    assert "next" not in page
    assert data["last"] == page["id"]
    assert len(page["items"]) == data["total"]
    for annotation in page["items"]:
        check_annotation(annotation)
    assert len({annotation["id"] for annotation in page["items"]}) == data["total"]
    return page["items"]


def check_annotation(data: dict[str, Any]) -> None:
    """3.1: id, type and at least one target; bodies and motivation as they are, if there."""
    check_iri(data["id"])
    assert data["type"] == "Annotation"
    assert set(as_list(data["motivation"])) <= MOTIVATIONS
    for target in as_list(data["target"]):
        check_specific_resource(target)
    assert data["target"]
    for body in as_list(data.get("body", [])):
        if body["type"] == "TextualBody":
            check_textual_body(body)
        else:
            check_specific_resource(body)


def check_textual_body(data: dict[str, Any]) -> None:
    """3.2.4"""
    assert isinstance(data["value"], str)
    assert data["value"]
    assert isinstance(data.get("language", ""), str)
    assert data["purpose"] in MOTIVATIONS


def check_specific_resource(data: dict[str, Any]) -> None:
    """4: exactly one source; selectors and states of known types."""
    assert data["type"] == "SpecificResource"
    check_iri(data["source"])
    for selector in as_list(data.get("selector", [])):
        SELECTORS[selector["type"]](selector)
    for state in as_list(data.get("state", [])):
        check_time_state(state)


def check_text_quote(data: dict[str, Any]) -> None:
    """4.2.4"""
    assert isinstance(data["exact"], str)
    assert data["exact"]
    assert set(data) <= {"type", "exact", "prefix", "suffix"}


def check_text_position(data: dict[str, Any]) -> None:
    """4.2.5"""
    assert set(data) == {"type", "start", "end"}
    assert isinstance(data["start"], int)
    assert isinstance(data["end"], int)
    assert 0 <= data["start"] < data["end"]


def check_time_state(data: dict[str, Any]) -> None:
    """4.3.1: times in UTC with a Z; a copy is named by its IRI."""
    assert data["type"] == "TimeState"
    assert UTC.fullmatch(data["sourceDate"])
    check_iri(data["cached"])
    assert NAMED.fullmatch(data["cached"])


SELECTORS = {"TextQuoteSelector": check_text_quote, "TextPositionSelector": check_text_position}
