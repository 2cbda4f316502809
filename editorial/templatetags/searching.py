"""How results and filters of the search are called, and the addresses of their pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from catalog.words import language_name
from editorial.finding import Results
from editorial.models import ArticleKind
from editorial.sections import BY_KIND

register = template.Library()

_KINDS = {
    "series": (_("Series"), _("Series")),
    "character": (_("Character"), _("Characters")),
    "person": (_("Person"), _("People")),
    "source": (_("Source"), _("Sources")),
    ArticleKind.RECAP: (_("Recap"), BY_KIND["recap"].title),
    ArticleKind.GUIDE: (_("Guide"), BY_KIND["guide"].title),
    ArticleKind.ANNOUNCEMENT: (_("Announcement"), BY_KIND["announcement"].title),
    ArticleKind.REVIEW: (_("Review"), BY_KIND["review"].title),
    ArticleKind.NEWS: (_("News"), BY_KIND["news"].title),
}


@register.filter
def kind_name(group: str) -> str:
    """What one result of this group is: “Person”, “Recap”."""
    return str(_KINDS[group][0])


@register.filter
def kind_names(group: str) -> str:
    """What all of them are: “People”, “Recaps”. A group that there is not stays as it is."""
    return str(_KINDS[group][1]) if group in _KINDS else group


@register.filter
def language_in_words(code: str) -> str:
    """“German”."""
    return language_name(code)


@register.simple_tag
def results_address(found: Results, page: int) -> str:
    """The address of another page of the same results."""
    return found.address_of(page) or "?"
