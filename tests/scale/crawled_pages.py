"""What a crawler reads in an answer: where it leads, the places in it, and what it must have."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

_SMALLEST = 60  # bytes of a picture
HERE = "http://localhost"
HOSTS = {"localhost", "127.0.0.1", "testserver"}
_LOCATION = re.compile(r"<loc>([^<]+)</loc>|(?:href|template)=\"([^\"{]+)\"|^Sitemap: (\S+)", re.MULTILINE)
_QUOTED = ("excerpt", "exact")  # the keys and the columns that hold what a source says
_UNSEEN = ("//script", "//style", "//details[contains(concat(' ', @class, ' '), ' fold ')]")
_EXCERPTS = (
    "//*[contains(concat(' ', @class, ' '), ' note-excerpt ')]"
    " | //*[contains(concat(' ', @class, ' '), ' proof-excerpt ')]//blockquote"
    " | //*[contains(concat(' ', @class, ' '), ' passage ')]//blockquote"
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address of this site: path with query, and the place in the page, or ""."""

    path: str
    fragment: str


@dataclass(frozen=True, slots=True)
class Crawled:
    is_html: bool
    targets: list[Address]
    ids: frozenset[str] = frozenset()
    headlines: int = 0
    title: str = ""
    excerpts: list[str] = field(default_factory=list)
    unfolded: str = ""  # the words, and what the head says, without what is folded
    faults: list[str] = field(default_factory=list)


def page_of(path: str, content_type: str, body: bytes) -> Crawled:
    """The parts of an answer: of XML and plain text the addresses in it, of JSON those and the excerpts, of
    tables the excerpts. A picture must be one.
    """
    if content_type.startswith("text/html"):
        return _html(path, body)
    if "json" in content_type:
        return _json(path, body)
    if "xml" in content_type or content_type.startswith("text/plain"):
        found = ("".join(one) for one in _LOCATION.findall(body.decode()))
        return Crawled(
            is_html=False, targets=targets_of(path, found), faults=_faults_of_xml(content_type, body)
        )
    if content_type.startswith("text/csv"):
        rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
        quoted = [row[name] for row in rows for name in _QUOTED if row.get(name)]
        return Crawled(is_html=False, targets=[], excerpts=quoted)
    is_empty = content_type.startswith("image/") and len(body) < _SMALLEST
    return Crawled(is_html=False, targets=[], faults=["is no picture"] if is_empty else [])


def _faults_of_xml(content_type: str, body: bytes) -> list[str]:
    if "xml" in content_type:
        try:
            etree.fromstring(body)
        except etree.XMLSyntaxError as error:
            return [f"is no XML: {error}"]
    return []


def _json(path: str, body: bytes) -> Crawled:
    try:
        held = json.loads(body)
    except ValueError as error:
        return Crawled(is_html=False, targets=[], faults=[f"is no JSON: {error}"])
    texts = list(_texts("", held))
    links = [
        text for _name, text in texts if text.startswith(("/", f"{HERE}/")) and not re.search(r"\s|[{]", text)
    ]
    return Crawled(
        is_html=False,
        targets=targets_of(path, links),
        excerpts=[text for name, text in texts if name in _QUOTED],
    )


def _texts(name: str, held: object) -> Iterator[tuple[str, str]]:
    """Every text in JSON with the key that it stands under."""
    if isinstance(held, str):
        yield name, held
    elif isinstance(held, dict):
        for key, value in held.items():
            yield from _texts(key, value)
    elif isinstance(held, list):
        for value in held:
            yield from _texts(name, value)


def targets_of(path: str, links: Iterable[str]) -> list[Address]:
    """The addresses of this site among links in the page at `path`."""
    targets = []
    for link in links:
        parts = urlsplit(urljoin(f"{HERE}{path}", link.strip().replace("&amp;", "&")))
        if parts.scheme in ("http", "https") and parts.hostname in HOSTS:
            query = f"?{parts.query}" if parts.query else ""
            place = "" if parts.fragment.startswith(":~:") else unquote(parts.fragment)
            targets.append(Address(f"{parts.path or '/'}{query}", place))
    return targets


def _html(path: str, body: bytes) -> Crawled:
    tree = html.fromstring(body.decode())
    links = [*tree.xpath("//*[not(self::use)]/@href"), *tree.xpath("//@src")]
    for several in tree.xpath("//@srcset"):
        links += [part.split()[0] for part in several.split(",") if part.strip()]
    title = "".join(tree.xpath("/html/head/title/text()")).strip()
    ids, headlines = frozenset(tree.xpath("//@id")), len(tree.xpath("//h1"))
    excerpts = [one.text_content() for one in tree.xpath(_EXCERPTS)]
    described = tree.xpath("//meta/@content")
    for unseen in (one for query in _UNSEEN for one in tree.xpath(query)):
        unseen.drop_tree()
    return Crawled(
        is_html=True,
        targets=targets_of(path, links),
        ids=ids,
        headlines=headlines,
        title=title,
        excerpts=excerpts,
        unfolded=" ".join(" ".join([*described, tree.text_content()]).split()),
    )
