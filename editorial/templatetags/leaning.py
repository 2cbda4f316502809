"""The articles that lean on the passages of a source: what readers have, and what is being written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.urls import reverse

from catalog.models import Source
from catalog.workbench import Card
from editorial.models import Article, Edition

register = template.Library()

_NUMBER = r'data-passage="{slug}#(\d+)"'


@dataclass(slots=True)
class LeaningArticle:
    """An article that cites a passage; each address is "" where that text of it does not."""

    title: str
    language: str
    path: str = ""  # of the first sentence of the live edition that leans on the passage
    edit_url: str = ""  # of the working text in the admin


@dataclass(frozen=True, slots=True)
class LeanedOn:
    card: Card
    articles: list[LeaningArticle]


@dataclass(frozen=True, slots=True)
class Leaning:
    """The passages that stand in the text shown, in its order, and the others."""

    here: list[LeanedOn]
    elsewhere: list[LeanedOn]


@register.simple_tag
def leaned_on(source: Source, cards: Sequence[Card]) -> Leaning:
    """The cards with the articles that cite each passage, live ones first. Two queries."""
    found: dict[int, dict[tuple[str, str], LeaningArticle]] = defaultdict(dict)
    ids = {card.passage.number: card.passage.pk for card in cards}
    for row in Edition.objects.citing(source):
        path = f"{reverse('editorial:' + row['kind'], args=[row['slug']])}#ref-{row['note']}-1"
        live = LeaningArticle(row["title"], row["language"], path)
        found[row["passage_id"]].setdefault((row["kind"], row["slug"]), live)
    number_of = re.compile(_NUMBER.format(slug=re.escape(source.slug)))
    for article in Article.objects.naming(source).only("kind", "slug", "title", "language", "body"):
        edit_url = reverse("admin:editorial_article_change", args=[article.pk])
        for number in dict.fromkeys(map(int, number_of.findall(article.body))):
            if number in ids:
                working = LeaningArticle(article.title, article.language)
                key = (article.kind, article.slug)
                found[ids[number]].setdefault(key, working).edit_url = edit_url
    leaned = [LeanedOn(card, list(found[card.passage.pk].values())) for card in cards]
    return Leaning(
        here=[one for one in leaned if one.card.span is not None],
        elsewhere=[one for one in leaned if one.card.span is None],
    )
