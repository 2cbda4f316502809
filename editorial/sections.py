"""The kinds of articles as sections of the site: their addresses and names."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    path: str
    title: str | Promise
    about: str | Promise

    @property
    def url_name(self) -> str:
        return f"editorial:{self.kind}_list"

    @property
    def year_url_name(self) -> str:
        return f"editorial:{self.kind}_year"


SECTIONS = (
    Section("news", "news", _("News"), _("Renewals, dates and casting, as soon as a source says so.")),
    Section("recap", "recaps", _("Recaps"), _("What happened, season by season.")),
    Section("guide", "guides", _("Guides"), _("Everything known about a season, and what is not.")),
    Section(
        "announcement",
        "announcements",
        _("Announcements"),
        _("First looks, casts and makers, from the people who make the shows."),
    ),
    Section("review", "reviews", _("Reviews"), _("What we and others make of it.")),
)
BY_KIND = {section.kind: section for section in SECTIONS}
