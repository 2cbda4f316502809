"""What RFC 4287 and RFC 4151 ask of an Atom feed, by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(
    r"tag:[A-Za-z0-9.-]+(@[A-Za-z0-9.-]+)?,\d{4}(-\d\d(-\d\d)?)?:[\w\-.~:@!$&'()*+,;=/?%]*", re.ASCII
)
_ONCE = ("id", "title", "updated")
_AT_MOST_ONCE = (
    "generator",
    "icon",
    "logo",
    "rights",
    "subtitle",
    "published",
    "summary",
    "content",
    "source",
)
_TEXTS = ("title", "subtitle", "summary", "rights")


def breaches(document: bytes) -> list[str]:
    """Each rule that the feed breaks, with its section of RFC 4287."""
    feed = ElementTree.fromstring(document)
    if feed.tag != f"{ATOM}feed":
        return ["2: the document is no feed"]
    found = [*_breaches_of(feed, "feed")]
    if not [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        found.append("4.1.1: a feed should link to itself")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        found += _breaches_of(entry, "entry")
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            found.append("4.1.2: an entry without an author in a feed without one")
        if entry.find(f"{ATOM}content") is None and not _alternates(entry):
            found.append("4.1.2: an entry with neither content nor an alternate")
    keys = [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries]
    if len(set(keys)) != len(keys):
        found.append("4.1.1: two entries with the same id and the same time")
    return found


def _breaches_of(element: ElementTree.Element, what: str) -> Iterator[str]:
    for name in _ONCE:
        if len(element.findall(f"{ATOM}{name}")) != 1:
            yield f"4.1: {what} needs exactly one {name}"
    for name in _AT_MOST_ONCE:
        if len(element.findall(f"{ATOM}{name}")) > 1:
            yield f"4.1: {what} may have one {name}"
    if not _TAG.fullmatch(element.findtext(f"{ATOM}id", "")):
        yield f"4.2.6: the id of {what} is no tag URI (RFC 4151)"
    for name in ("updated", "published"):
        for date in element.findall(f"{ATOM}{name}"):
            if not _DATE.fullmatch(date.text or "") or datetime.fromisoformat(date.text).tzinfo is None:
                yield f"3.3: {date.text} is no date"
    for name in _TEXTS:
        for text in element.findall(f"{ATOM}{name}"):
            if text.get("type", "text") not in ("text", "html", "xhtml") or len(text):
                yield f"3.1.1: {name} of {what} holds elements"
    for author in element.findall(f"{ATOM}author"):
        if len(author.findall(f"{ATOM}name")) != 1:
            yield f"3.2: an author of {what} needs one name"
    for link in element.findall(f"{ATOM}link"):
        if not urlsplit(link.get("href", "")).scheme:
            yield f"4.2.7: a link of {what} leads nowhere"
    for category in element.findall(f"{ATOM}category"):
        if not category.get("term"):
            yield f"4.2.2: a category of {what} needs a term"
    alternates = [(link.get("type"), link.get("hreflang")) for link in _alternates(element)]
    if len(set(alternates)) != len(alternates):
        yield f"4.1: {what} has two alternates of one type and language"


def _alternates(element: ElementTree.Element) -> list[ElementTree.Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
