"""What differs between two states of an article: its words and citations, and its fields; never its HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from catalog.differences import Piece, word_differences
from editorial.models import Article
from editorial.prose.document import Leaf, parse
from editorial.revisions import RELATIONS, TEXTS

_READ_BY_ALL = ("title", "standfirst", "body")


@dataclass(frozen=True, slots=True)
class Change:
    """One field in both states: the old in same and removed pieces, the new in same and added ones."""

    name: str
    label: str
    old: list[Piece]
    new: list[Piece]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The fields that differ between the contents of two revisions, in the order of the form.

    Citations stand in the body as `[@source#3]`, what is no claim as `{…}` with its reason.
    """
    names = (*TEXTS, *RELATIONS, "translation_of", "contributors")
    return [
        _change(name, *texts)
        for name in names
        if (texts := (_text(name, old, True), _text(name, new, True)))[0] != texts[1]
    ]


def compare_for_readers(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The same for what readers had in front of them: headline, standfirst and words."""
    return [
        _change(name, *texts)
        for name in _READ_BY_ALL
        if (texts := (_text(name, old, False), _text(name, new, False)))[0] != texts[1]
    ]


def words_of(body: str, *, marked: bool = False) -> str:
    """A body's words, a paragraph a line; with `marked`, its citations and exemptions among them."""
    return "\n".join(_marked(leaf) if marked else leaf.text for leaf in parse(body).leaves)


def _change(name: str, old: str, new: str) -> Change:
    label = "contributors" if name == "contributors" else name
    return Change(
        name, capfirst(str(Article._meta.get_field(label).verbose_name)), *word_differences(old, new)
    )


def _text(name: str, content: Mapping[str, Any], marked: bool) -> str:
    value = content.get(name)
    if name == "body":
        embeds = [f"[{key}]" for key in parse(value).embeds] if marked else []
        return "\n".join([words_of(value, marked=marked), *embeds])
    if name == "contributors":
        return ", ".join(value or ())
    return "" if value is None else str(value)


def _marked(leaf: Leaf) -> str:
    marks = sorted(_marks(leaf), key=lambda mark: mark[0])
    parts, position = [], 0
    for offset, mark in marks:
        parts += [leaf.text[position:offset], mark]
        position = offset
    return "".join([*parts, leaf.text[position:]])


def _marks(leaf: Leaf) -> Iterator[tuple[int, str]]:
    for citation in leaf.citations:
        covers = " ¶" if citation.covers_paragraph else ""
        yield citation.offset, f"[@{citation.passage}{covers}]"
    for exemption in leaf.exemptions:
        yield exemption.start, "{"
        yield exemption.end, f"}}({exemption.reason})"
