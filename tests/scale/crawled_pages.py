"""What a crawler reads in an answer: where it leads, the places in it, and what it must have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

HERE = "http://localhost"
HOSTS = {"localhost", "127.0.0.1", "testserver"}
_LOCATION = re.compile(r"<loc>([^<]+)</loc>|(?:href|template)=\"([^\"{]+)\"|^Sitemap: (\S+)", re.MULTILINE)
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


def page_of(path: str, content_type: str, body: bytes) -> Crawled:
    """The parts of an answer. Of XML and plain text only the addresses in it, of anything else nothing."""
    if content_type.startswith("text/html"):
        return _html(path, body)
    if "xml" in content_type or content_type.startswith("text/plain"):
        found = _LOCATION.findall(body.decode())
        return Crawled(is_html=False, targets=targets_of(path, ("".join(one) for one in found)))
    return Crawled(is_html=False, targets=[])


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
    return Crawled(
        is_html=True,
        targets=targets_of(path, links),
        ids=frozenset(tree.xpath("//@id")),
        headlines=len(tree.xpath("//h1")),
        title="".join(tree.xpath("/html/head/title/text()")).strip(),
        excerpts=[one.text_content() for one in tree.xpath(_EXCERPTS)],
    )
