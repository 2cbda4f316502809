"""Articles on pages that are not theirs: the masthead, and lists beside records and sources."""

from __future__ import annotations

import datetime

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from catalog.dates import PartialDate
from catalog.models import Character, Person, Season, Series, Source
from catalog.moments import spoken_moment
from catalog.provenance import PassageSheet
from editorial import reading, uses
from editorial.sections import SECTIONS
from editorial.uses import UsedPassage

register = template.Library()


@register.filter
def day(moment: datetime.datetime) -> str:
    """The day of a moment in words, in the site's time zone: “5 December 2018”."""
    local = timezone.localtime(moment)
    return PartialDate(local.year, local.month, local.day).spoken()


@register.filter
def moment(moment: datetime.datetime) -> str:
    """A moment in words, in the site's time zone, which it names: “5 December 2018, 18:05 GMT”."""
    return spoken_moment(timezone.localtime(moment))


@register.filter
def iso(moment: datetime.datetime) -> str:
    """A moment to the second, for machines (HTML allows no microseconds)."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def report_address(path: str, passage: str) -> str:
    """Where a mistake on a page of the catalog is reported, at what this passage holds; "" for the page."""
    query = f"?{urlencode({'passage': passage})}" if passage else ""
    return f"/report{path}{query}"


@register.simple_tag(takes_context=True)
def sections(context: template.Context) -> list[dict]:
    """The site's sections for a menu; `current` where the page belongs to it."""
    path = context["request"].path
    links = [(section.title, reverse(section.url_name)) for section in SECTIONS]
    links.append((_("Sources"), reverse("catalog:source_list")))
    return [{"title": title, "path": link, "current": path.startswith(link)} for title, link in links]


@register.inclusion_tag("editorial/_articles_about.html", takes_context=True)
def articles_about(
    context: template.Context, record: Series | Season | Person | Character, title: str = ""
) -> dict:
    """The newest live articles about a record, or that lead to it."""
    found = reading.articles_about(record, context["seen"])
    context["freshness"].note(*(card.changed_at for card in found))
    return {"cards": found, "title": title or _("Articles")}


@register.simple_tag(takes_context=True)
def used_passages(
    context: template.Context, source: Source, passages: list[PassageSheet]
) -> list[UsedPassage]:
    """Of a source's passages those that carry a public fact or that a live article cites."""
    found = uses.used_passages(source, passages, context["seen"], context["beyond"])
    context["freshness"].note(*(use.published_at for used in found for use in used.uses))
    return found
