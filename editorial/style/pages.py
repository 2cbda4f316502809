"""What the style page shows: sheets of its own, and the readers' own pages filled with examples.

Each is a template and what it takes. The templates are those of the site: nothing here is a copy that could
fall behind.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.differences import word_differences
from catalog.footnotes import Footnotes
from catalog.freshness import Freshness
from catalog.seen import NOTHING_SEEN, Seen
from editorial.comparing import Change
from editorial.data_page import data_page
from editorial.evidence_in_text import text_with_proofs
from editorial.finding import Result, Results
from editorial.front import Front
from editorial.models import Correction, Edition
from editorial.pages import Comparison, CorrectionList, Home, HowWeCite, Listing, Tombstone
from editorial.previews import Preview
from editorial.report_views import ReportForm
from editorial.reporting import Choice
from editorial.searching import filters
from editorial.searching.query import parse
from editorial.searching.snippets import marked
from editorial.sections import BY_KIND
from editorial.seen_page import SeriesChoice
from editorial.slices import Slice
from editorial.style import records, texts
from editorial.style.tokens import Colour, Token, colours_of, tokens_of
from editorial.uses import Use, UsedPassage

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StylePage:
    """One page of examples: how it is called, the template it is made with, and what that takes."""

    title: str | Promise
    template: str
    context: Callable[[], Context]


@functools.cache
def tokens() -> list[Token]:
    return tokens_of(Path(finders.find("ibid/base.css")).read_text())


def _foundations() -> Context:
    return {"colours": _colours(), "measures": [one for one in tokens() if one.name not in _colour_names()]}


def _colours() -> list[Colour]:
    return colours_of(tokens())


def _colour_names() -> set[str]:
    return {one.name for one in _colours()}


def _components() -> Context:
    """For the sheet of components: one example of each, and of some one for each of their states."""
    bands = (("top", 0), ("upper", 25), ("middle", 50), ("lower", 75), ("bottom", 100))
    passage = records.source_sheet().passages[0]
    uses = [Use(texts.TITLE, texts.LANGUAGE, f"{texts.PATH}#ref-1-1", texts.PUBLISHED)]
    asked = parse("lighthouse keeper")
    return {
        "card": texts.card(),
        "folded_card": texts.card(is_folded=True, with_photo=False, language="de"),
        "unnamed_card": texts.card(is_title_folded=True, with_photo=False),
        "photos": [records.photo(f"harbour-{name}", focus_y=y, height=2400) for name, y in bands],
        "photo": records.photo(),
        "facts": records.season_facts(),
        "cast": records.cast(),
        "crew": records.crew(),
        "members": records.members(),
        "watching": records.watching(),
        "histories": records.histories(),
        "source": records.PRESS_KIT,
        "used": UsedPassage(passage, records.drawn(), uses),
        "folded": UsedPassage(records.source_sheet().passages[1], records.drawn(), [], records.SECOND),
        "notes": [texts.note(), texts.note("update", "The day of the first episode was added.")],
        "contributors": texts.contributors(),
        "around": texts.story().around,
        "slice": Slice([], "?before=1", "?after=1", "?before=2"),
        "nothing_found": Results(asked, asked, filters.Filters(kind="recap")),
        "beyond": frozenset({records.FIRST}),
        "footnotes": Footnotes(),
        "season": records.SECOND,
    }


def _front() -> Context:
    guide, news = BY_KIND["guide"], BY_KIND["news"]
    first = texts.card(title="The first season in ten scenes", section=guide)
    small = texts.card(title="A third season is ordered", section=news, with_photo=False)
    german = texts.card(title="Harbour Lights kehrt zurück", language="de", section=guide)
    front = Front(
        texts.card(), [first, german], [texts.card(), small], [(news, [small]), (guide, [first])], None
    )
    records.SERIES.written_about = [records.FIRST, records.SECOND]
    shown = Home(front, [records.SERIES])
    return {"shown": shown, "front": front, "series": shown.series}


def _article(**fields: Any) -> Context:
    return {"story": texts.story(), "shows_evidence": False, "is_folded": False, **fields}


def _preview() -> Context:
    preview = Preview(
        3, texts.PUBLISHED, texts.CHANGED, texts.PUBLISHED, records.photo().image.storage.url("")
    )
    return _article(story=texts.story(unfinished=True), preview=preview)


def _list() -> Context:
    cards = [texts.card(), texts.card(title="The first season in ten scenes"), texts.card(with_photo=False)]
    shown = Listing(BY_KIND["recap"], Slice(cards, "", "", "?before=2"), [2031, 2030], 2031)
    return {"shown": shown, "section": shown.section, "cards": cards}


def _season() -> Context:
    return _sheet(records.season_sheet(), siblings=[1, 2])


def _series() -> Context:
    sheet = records.series_sheet()
    cast = types.SimpleNamespace(people=sheet.people, people_beyond=[])
    return _sheet(sheet, cast=cast, beyond=frozenset({records.SECOND}))


def _sheet(sheet: Any, **fields: Any) -> Context:
    return {"sheet": sheet, "footnotes": Footnotes(), "beyond": frozenset(), **fields}


def _source() -> Context:
    return _sheet(records.source_sheet(), source=records.PRESS_KIT)


def _search() -> Context:
    asked, meant = parse("lihgthouse"), parse("lighthouse")
    words = "The last keeper of the lighthouse keeps what she knows of a ship."
    found = [
        Result(kind, marked(title, meant, "en"), texts.PATH, "en", None, ["Harbour Lights"], text)
        for kind, title, text in (
            ("recap", "A lighthouse without a keeper", marked(words, meant, "en")),
            ("character", "Jonna Vik", []),
        )
    ]
    return {
        "found": Results(
            asked,
            meant,
            filters.Filters(),
            found,
            count=41,
            page=2,
            pages=3,
            kinds=[filters.Choice("recap", "", 31), filters.Choice("character", "", 10)],
            years=[filters.Choice("2031", "2031", 41)],
        )
    }


def _report() -> Context:
    pointed = texts.pointed()
    form = ReportForm({"message": "", "email": "nobody"})
    return {
        "title": texts.TITLE,
        "path": texts.PATH,
        "pointed": pointed,
        "choices": [Choice("s-1", "The second season opens on 12 October."), Choice("s-2", pointed.sentence)],
        "form": form,
        "days": settings.REPORT_ADDRESS_DAYS,
        "lead": _("Say what is wrong. An editor or a fact-checker reads it."),
    }


def _seen() -> Context:
    choices = [
        SeriesChoice("harbour-lights", "Harbour Lights", [1, 2], 1),
        SeriesChoice("the-long-ebb", "The Long Ebb", [1], None),
    ]
    return {"series": choices, "said": "harbour-lights:1", "next": texts.PATH}


def _correction() -> Context:
    old, new = word_differences("It has six parts.", "It has eight parts, two more than the first.")
    first, second = (
        Edition(number=number, published_at=at) for number, at in ((1, texts.PUBLISHED), (2, texts.CHANGED))
    )
    correction = Correction(edition=second, replaced=first)
    shown = Comparison("/corrections/1/", texts.note(), [Change("body", "Body", old, new)], correction)
    return {"shown": shown}


def _corrections() -> Context:
    notes = [texts.note(), texts.note("retraction", "Nobody had said it.")]
    page = Paginator(notes * 2, 2).page(1)
    return {"shown": CorrectionList(page, notes), "page": page, "notes": notes}


def _retracted() -> Context:
    note = texts.note("retraction", "Nobody had said it.")
    last = Edition(first_published_at=texts.PUBLISHED, published_at=texts.PUBLISHED)
    return {"shown": Tombstone(texts.PATH, texts.TITLE, BY_KIND["recap"], note, last)}


PAGES: Mapping[str, StylePage] = {
    "foundations": StylePage(_("Foundations"), "admin/editorial/style/foundations.html", _foundations),
    "components": StylePage(_("Components"), "admin/editorial/style/components.html", _components),
    "front": StylePage(_("Front page"), "editorial/home.html", _front),
    "article": StylePage(_("Article"), "editorial/article_detail.html", _article),
    "evidence": StylePage(
        _("Article with its evidence"),
        "editorial/article_detail.html",
        lambda: _article(story=texts.story(text_with_proofs), shows_evidence=True),
    ),
    "folded": StylePage(
        _("Article, folded"), "editorial/article_detail.html", lambda: _article(is_folded=True)
    ),
    "preview": StylePage(_("Preview"), "editorial/preview_detail.html", _preview),
    "list": StylePage(pgettext_lazy("page of the site", "List"), "editorial/article_list.html", _list),
    "series": StylePage(_("Series"), "catalog/series_detail.html", _series),
    "season": StylePage(_("Season"), "catalog/season_detail.html", _season),
    "character": StylePage(
        _("Character"), "catalog/character_detail.html", lambda: _sheet(records.character_sheet())
    ),
    "person": StylePage(_("Person"), "catalog/person_detail.html", lambda: _sheet(records.person_sheet())),
    "source": StylePage(_("Source"), "catalog/source_detail.html", _source),
    "sources": StylePage(
        _("Sources"), "catalog/source_list.html", lambda: {"sources": list(records.SOURCES)}
    ),
    "search": StylePage(_("Search"), "editorial/search.html", _search),
    "report": StylePage(_("Report a mistake"), "editorial/report.html", _report),
    "seen": StylePage(_("How far you have seen"), "editorial/seen.html", _seen),
    "correction": StylePage(_("What changed"), "editorial/correction_detail.html", _correction),
    "corrections": StylePage(_("Corrections"), "editorial/correction_list.html", _corrections),
    "retracted": StylePage(_("Retracted"), "editorial/article_retracted.html", _retracted),
    "citing": StylePage(_("How we cite"), "editorial/how_we_cite.html", lambda: {"shown": HowWeCite()}),
    "data": StylePage(_("Data"), "editorial/data.html", lambda: {"shown": data_page()}),
    "missing": StylePage(_("Page not found"), "404.html", dict),
}


def context_of(page: StylePage) -> Context:
    """What the page's template takes, with what views give every page of a reader."""
    seen: Seen = NOTHING_SEEN
    return {"example": page.template, "seen": seen, "freshness": Freshness(), **page.context()}
