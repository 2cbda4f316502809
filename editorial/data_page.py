"""The page that explains what can be downloaded: each file, its columns, and the terms of its use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.resources.public import CAST_COLUMNS, PUBLIC_TABLES
from catalog.resources.public_sources import (
    CITATION_COLUMNS,
    DECISION_COLUMNS,
    PASSAGE_COLUMNS,
    PLACE_COLUMNS,
    SOURCE_COLUMNS,
)
from editorial.bundle_extras import CORRECTION_COLUMNS

ARTICLE_COLUMNS = (
    *("kind", "language", "slug", "title", "spoiler_free_title", "standfirst", "series", "season"),
    *("spoils_through", "photo", "contributors", "published", "changed"),
)
CONTRIBUTOR_COLUMNS = ("slug", "name", "role")
PHOTO_COLUMNS = ("slug", "file", "alt", "caption", "credit")
ARTICLE_CITATION_COLUMNS = (
    *("note", "passage", "source", "title", "publisher", "author", "published", "language", "url"),
    *PLACE_COLUMNS,
)

# What a column holds, the same in every table that has it.
COLUMNS: Mapping[str, Any] = {
    "about": _("the record that a fact is about, by its key: a season is its series and its number"),
    "about_type": _("the kind of record that a fact is about"),
    "aired": _("when an episode was first shown"),
    "alt": _("what a picture shows, for those who cannot see it"),
    "article": _("language and slug of an article"),
    "at": _("the moment, in UTC"),
    "author": _("who wrote the source"),
    "begins": _("from when a service has it, as precisely as it is known"),
    "billed_as": _("how the credits name the part"),
    "caption": _("the caption of a picture"),
    "captured_at": _("when the text of the source was captured, in UTC"),
    "changed": _("when readers got the text they have now, in UTC"),
    "character": _("the slug of the character; in tables without a series, the series and the slug"),
    "character_name": _("the name of the character"),
    "companion_to": _("the series that this one is related to"),
    "contributors": _("who wrote it, in the order of the byline"),
    "credit": _("who made a picture"),
    "derives_from": _("the source that a source took it from: the two count as one voice"),
    "end": _("where the passage ends in the text, in Unicode code points; exclusive"),
    "ends": _("until when a service has it"),
    "episode_count": _("how many episodes there are"),
    "episode_count_is_minimum": _("whether there may be more episodes: yes or no"),
    "excerpt": _("at most twelve words of the passage"),
    "field": _("the field that a fact is in; empty when it is what the record as a whole says"),
    "file": _("the name of a picture in the folder photos/"),
    "filming_end": _("when the filming ended"),
    "filming_start": _("when the filming began"),
    "job": _("what somebody does for a series"),
    "kind": _("the kind of an article, a source, a name or a correction"),
    "label": _("what a value is, such as “Filming place”"),
    "language": _("the language, as in “en” or “es-MX”"),
    "name": _("the name of a person, a character or an author"),
    "network": _("who shows the series"),
    "note": _("a remark; of a citation in an article, the number of the footnote"),
    "number": _("the number of a season, an episode or a passage"),
    "original_language": _("the language that a series was made in"),
    "passage": _("the passage, as source#number"),
    "passages": _("the passages that hold the row, each as source#number"),
    "person": _("the slug of the person"),
    "person_name": _("the name of the person"),
    "photo": _("the slug of the picture beside the headline"),
    "position": _("the place in the order"),
    "premiere": _("when the first episode was shown"),
    "production_company": _("who produces the series"),
    "published": _("when it was published; of an article, when readers first got it, in UTC"),
    "publisher": _("who published the source"),
    "reason": _("why the desk follows this value where sources differ"),
    "relation": _("how a series is related to another"),
    "renewed": _("when the season was ordered"),
    "role": _("what somebody is on this site"),
    "says": _("the value as the passage states it"),
    "season": _("the number of the season; of an article, the series and the number"),
    "series": _("the slug of the series"),
    "sha256": _("the SHA-256 of the words of the passage"),
    "service": _("who has the series, as “Netflix”"),
    "slug": _("the name in the address"),
    "snapshot": _("the SHA-256 of the whole text that the passage stands in"),
    "source": _("the slug of the source"),
    "spoiler_free_title": _("the headline that gives nothing away, where there is one"),
    "spoils_through": _("the last season whose events the text gives away"),
    "stance": _("how the passage stands to the value: supports, contradicts, mentions, earlier, cites"),
    "standfirst": _("the text under the headline"),
    "start": _("where the passage begins in the text, in Unicode code points"),
    "state": _("whether the words still stand in the text of the source"),
    "status": _("what is known of a season or of somebody’s part in it"),
    "status_as_of": _("when this was so"),
    "summary": _("what a series is about"),
    "territory": _("where the service has it"),
    "text": _("a name as it is also written"),
    "title": _("the title"),
    "url": _("the address"),
    "value": _("the value as this site has it"),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file, or a family of files: its address, where it is one, in `path`."""

    name: str
    about: Any
    columns: Sequence[str] = ()
    path: str = ""
    media_type: str = "text/csv"


@dataclass(frozen=True, slots=True)
class DataPage:
    bundle: Download
    files: list[Download]
    tables: list[Download]  # those of the bundle
    licence: str
    licence_url: str

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """Every column that stands in any file, with what it holds."""
        used = {name for one in (*self.files, *self.tables) for name in one.columns}
        return [(name, about) for name, about in sorted(COLUMNS.items()) if name in used]


_TABLES: tuple[tuple[str, Any, Sequence[str]], ...] = (
    ("series.csv", _("series"), PUBLIC_TABLES["series.csv"].columns),
    ("seasons.csv", _("their seasons"), PUBLIC_TABLES["seasons.csv"].columns),
    ("episodes.csv", _("their episodes"), PUBLIC_TABLES["episodes.csv"].columns),
    ("people.csv", _("people"), PUBLIC_TABLES["people.csv"].columns),
    ("characters.csv", _("characters"), PUBLIC_TABLES["characters.csv"].columns),
    ("aliases.csv", _("how their names are also written"), PUBLIC_TABLES["aliases.csv"].columns),
    ("earlier_works.csv", _("where people were seen before"), PUBLIC_TABLES["earlier_works.csv"].columns),
    ("cast.csv", _("who plays whom"), PUBLIC_TABLES["cast.csv"].columns),
    ("crew.csv", _("who makes it"), PUBLIC_TABLES["crew.csv"].columns),
    ("statements.csv", _("facts that have no column of their own"), PUBLIC_TABLES["statements.csv"].columns),
    ("availability.csv", _("where they can be watched"), PUBLIC_TABLES["availability.csv"].columns),
    ("sources.csv", _("the documents that all of it was drawn from"), SOURCE_COLUMNS),
    ("passages.csv", _("where in them the words stand"), PASSAGE_COLUMNS),
    ("citations.csv", _("which passage says what of which fact"), CITATION_COLUMNS),
    ("decisions.csv", _("what was decided where sources differ, and why"), DECISION_COLUMNS),
    ("articles.csv", _("the articles; their texts are in the folder articles/"), ARTICLE_COLUMNS),
    ("contributors.csv", _("who wrote them"), CONTRIBUTOR_COLUMNS),
    ("photos.csv", _("their pictures, which are in the folder photos/"), PHOTO_COLUMNS),
    ("corrections.csv", _("what was corrected and taken back"), CORRECTION_COLUMNS),
)


def data_page() -> DataPage:
    """What the page shows; nothing of it is read from the database."""
    bundle = Download(
        "bundle.zip",
        _("All of it in one file: the tables below, the texts of the articles, and their pictures."),
        path=reverse("editorial:bundle"),
        media_type="application/zip",
    )
    sources = _("every source with what it says of itself")
    files = [
        Download("/sources.csv", sources, SOURCE_COLUMNS, reverse("catalog:source_table")),
        Download("/series/…/season-…/cast.csv", _("the cast of a season, beside its page"), CAST_COLUMNS),
        Download(
            "/sources/…/citations.csv",
            _("every fact drawn from a source, and the articles that cite it"),
            (*CITATION_COLUMNS, *PLACE_COLUMNS),
        ),
        Download(
            "/recaps/…/citations.csv",
            _("the footnotes of an article, in its own section"),
            ARTICLE_CITATION_COLUMNS,
        ),
        Download(
            "/sources/…/citations.json, /recaps/…/citations.json",
            _("a source, or the sources of an article, for reference managers (CSL-JSON)"),
            media_type="application/vnd.citationstyles.csl+json",
        ),
    ]
    tables = [Download(name, about, columns) for name, about, columns in _TABLES]
    return DataPage(bundle, files, tables, settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL)
