"""What the editor of articles lets people pick from, and how a passage and a photo are shown there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from catalog.doubts import moved_on
from catalog.folding import search_key
from catalog.models import Passage, Photo, Season
from editorial.prose.markup import text_of

FOUND = 12  # passages and photos that a picker shows at a time
SEASONS = 500


def find_passages(term: str) -> list[dict[str, Any]]:
    """Passages whose words or source hold every word of the term, or the one whose key it is."""
    passages = Passage.objects.select_related("source")
    term = text_of(term).strip()
    slug, _hash, number = term.removeprefix("[@").removesuffix("]").rpartition("#")
    if slug and number.isascii() and number.isdigit() and len(number) < 10:
        return shown_passages(passages.filter(source__slug=slug, number=int(number)))
    for word in search_key(term).split():
        in_source = Q(source__title_key__contains=word) | Q(source__publisher__icontains=word)
        passages = passages.filter(Q(words_key__contains=word) | in_source)
    return shown_passages(passages.order_by("source__title", "source", "number")[:FOUND])


def shown_passages(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """What a chip, its card and the picker show of each passage; three queries more at most."""
    passages = list(passages)
    doubts = moved_on(passage for passage in passages if passage.supports)
    return [_shown(passage, doubts.get(passage.pk, [])) for passage in passages]


def _shown(passage: Passage, doubts: list[str]) -> dict[str, Any]:
    doubt = gettext("Changed since it was compared with these words: %(what)s.") % {"what": "; ".join(doubts)}
    return {
        "key": passage.key,
        "excerpt": passage.excerpt,
        "source": str(passage.source),
        "state": gettext("unconfirmed") if doubts else passage.get_state_display(),
        "supports": passage.supports,
        "doubt": doubt if doubts else "",
        "url": reverse("admin:catalog_passage_change", args=[passage.pk]),
    }


def find_photos(term: str) -> list[dict[str, Any]]:
    """Photos with every word of the term in slug, caption or alternative text; without any, the newest."""
    photos = Photo.objects.order_by("-pk")
    for word in text_of(term).split():
        words = Q(slug__icontains=word) | Q(caption__icontains=word) | Q(alt__icontains=word)
        photos = photos.filter(words)
    return shown_photos({photo.slug: photo for photo in photos[:FOUND]})


def shown_photos(photos: Mapping[str, Photo]) -> list[dict[str, Any]]:
    """What the picker and the block in the text show of each photo, by the slug that the text names it by."""
    return [
        {
            "key": slug,
            "url": photo.image.url,
            "width": photo.width,
            "height": photo.height,
            "alt": photo.alt,
            "caption": photo.caption,
            "credit": photo.credit,
        }
        for slug, photo in photos.items()
    ]


def find_seasons() -> list[dict[str, str]]:
    """The seasons of which something can be embedded, by series."""
    seasons = Season.objects.select_related("series").order_by("series__title", "number")[:SEASONS]
    return [{"key": f"{one.series.slug}/{one.number}", "name": str(one)} for one in seasons]
