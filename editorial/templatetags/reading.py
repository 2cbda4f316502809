"""Articles on pages that are not theirs: the masthead, and lists beside records and sources."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.dates import PartialDate
from catalog.models import Season, Series, Source
from catalog.provenance import DrawnFact, PassageSheet
from editorial.models import Edition
from editorial.reading import cards
from editorial.sections import SECTIONS

register = template.Library()


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a live article cites a passage."""

    title: str
    language: str
    path: str  # of the first sentence that leans on it


@dataclass(frozen=True, slots=True)
class UsedPassage:
    """A passage with what was drawn from it and where articles cite it."""

    sheet: PassageSheet
    facts: list[DrawnFact]
    uses: list[Use]


@register.filter
def day(moment: datetime.datetime) -> str:
    """The day of a moment in words, in the site's time zone: “5 December 2018”."""
    local = timezone.localtime(moment)
    return PartialDate(local.year, local.month, local.day).spoken()


@register.filter
def iso(moment: datetime.datetime) -> str:
    """A moment to the second, for machines (HTML allows no microseconds)."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.simple_tag(takes_context=True)
def sections(context: template.Context) -> list[dict]:
    """The site's sections for a menu; `current` where the page belongs to it."""
    path = context["request"].path
    links = [(section.title, reverse(section.url_name)) for section in SECTIONS]
    links.append((_("Sources"), reverse("catalog:source_list")))
    return [{"title": title, "path": link, "current": path.startswith(link)} for title, link in links]


@register.inclusion_tag("editorial/_articles_about.html", takes_context=True)
def articles_about(context: template.Context, record: Series | Season) -> dict:
    """The newest live articles about a series or a season."""
    found = cards(Edition.objects.for_cards().about(record)[:12])
    context["freshness"].note(*(card.changed_at for card in found))
    return {"cards": found}


@register.simple_tag(takes_context=True)
def used_passages(
    context: template.Context, source: Source, passages: list[PassageSheet]
) -> list[UsedPassage]:
    """Of a source's passages those that carry a public fact or that a live article cites."""
    uses: dict[int, list[Use]] = defaultdict(list)
    for row in Edition.objects.citing(source):
        context["freshness"].note(row["published_at"])
        path = reverse(f"editorial:{row['kind']}", args=[row["slug"]])
        use = Use(row["title"], row["language"], f"{path}#ref-{row['note']}-1")
        uses[row["passage_id"]].append(use)
    return [
        UsedPassage(one, one.facts, uses[one.passage.pk])
        for one in passages
        if one.facts or uses[one.passage.pk]
    ]
