"""What the pages of series, seasons, people and sources show, as plain data for JSON.

The same view models as on the page, so the same restrictions: values that a citation holds, of a passage its
excerpt. Addresses are in full. docs/formats.md explains the form to those who read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from catalog.dates import PartialDate
from catalog.footnotes import Evidence
from catalog.history import History, Voice
from catalog.keys import key_of
from catalog.models import Passage, Season, Source
from catalog.part_sheets import CharacterSheet, EpisodeSheet
from catalog.provenance import DrawnFact, PassageSheet
from catalog.seen import NOTHING_SEEN, Seen
from catalog.sheets import CastRow, FactGroup, PersonSheet, SeasonSheet, SeriesSheet
from catalog.verified import Fact, Variant
from catalog.watching import Watching

Data = dict[str, Any]


class PageData:
    """Makes the data of one page; what its facts lean on is gathered as its `footnotes`."""

    def __init__(self, absolute: Callable[[str], str], seen: Seen = NOTHING_SEEN) -> None:
        self.absolute = absolute
        self.seen = seen
        self._evidence: dict[str, Evidence] = {}

    def series(self, sheet: SeriesSheet) -> Data:
        return {
            **self.link(sheet.series),
            "summary": self.fact(sheet.summary),
            "facts": self.facts(sheet.facts),
            "related": self.facts(sheet.companions),
            "where_to_watch": [self._watching(one) for one in sheet.watching],
            "seasons": [
                {**self.season_link(season), **self._of_season(season), "facts": self.facts(found)}
                for season, found in sheet.seasons
            ],
            "made_by": self.groups(sheet.crew),
            "characters": self.groups(sheet.characters),
            "people": [
                {
                    **self._of_season(one.seasons[0]),
                    "actor": self.fact(one.actor),
                    "roles": self.facts(one.roles),
                    "seasons": [self.season_link(season) for season in one.seasons],
                }
                for one in sheet.people
            ],
            "known_when": [self._history(history) for history in sheet.histories],
            "footnotes": self.footnotes(),
        }

    def season(self, sheet: SeasonSheet, siblings: Iterable[int]) -> Data:
        """`siblings` are the numbers of the seasons that the page leads to."""
        slug = sheet.season.series.slug
        return {
            **self.link(sheet.season),
            **self._of_season(sheet.season),
            "series": self.link(sheet.season.series),
            "number": sheet.season.number,
            "seasons": [
                {"number": number, "url": self.absolute(reverse("catalog:season", args=[slug, number]))}
                for number in siblings
            ],
            "facts": self.facts(sheet.facts),
            "made_by": self.groups(sheet.crew),
            "cast": [
                {"title": group.title, "entries": [self._cast_row(row) for row in group.rows]}
                for group in sheet.cast
            ],
            "episodes": self.facts(sheet.episodes),
            "where_to_watch": [self._watching(one) for one in sheet.watching],
            "known_when": [self._history(history) for history in sheet.histories],
            "footnotes": self.footnotes(),
        }

    def person(self, sheet: PersonSheet) -> Data:
        return {
            **self.link(sheet.person),
            "seen_before_in": self.facts(sheet.earlier_works),
            "also_written": self.facts(sheet.spellings),
            "facts": self.facts(sheet.facts),
            "roles": [
                {"season": self.link(season), **self._of_season(season), **self._cast_row(row)}
                for season, rows in sheet.roles
                for row in rows
            ],
            "credits": self.facts(sheet.crew),
            "footnotes": self.footnotes(),
        }

    def character(self, sheet: CharacterSheet) -> Data:
        return {
            "title": sheet.character.name,
            "url": self.absolute(sheet.character.get_absolute_url()),
            "series": self.link(sheet.character.series),
            "name": self.fact(sheet.name),
            "also_written": self.facts(sheet.spellings),
            "facts": self.facts(sheet.facts),
            "played_by": [
                {
                    "season": self.link(one.season),
                    **self._of_season(one.season),
                    "is_recast": one.is_recast,
                    **self._cast_row(row),
                }
                for one in sheet.portrayals
                for row in one.rows
            ],
            "footnotes": self.footnotes(),
        }

    def episode(self, sheet: EpisodeSheet) -> Data:
        season = sheet.episode.season
        return {
            "title": sheet.name,
            **self._of_season(season),
            "url": self.absolute(sheet.episode.get_absolute_url()),
            "series": self.link(season.series),
            "season": self.link(season),
            "number": sheet.episode.number,
            "name": self.fact(sheet.title),
            "aired": self.fact(sheet.aired),
            "cast": [self._cast_row(row) for row in sheet.cast],
            "previous": self.absolute(sheet.previous.get_absolute_url()) if sheet.previous else None,
            "next": self.absolute(sheet.next.get_absolute_url()) if sheet.next else None,
            "footnotes": self.footnotes(),
        }

    def source(self, source: Source) -> Data:
        """What a source says of itself. Needs what it derives from loaded, and whether its text is here."""
        derives_from = source.derives_from
        return {
            **self.source_in_list(source),
            "author": source.author,
            "address": source.url,
            "derives_from": self.source_link(derives_from) if derives_from else None,
        }

    def source_in_list(self, source: Source) -> Data:
        return {
            **self.source_link(source),
            "publisher": source.publisher,
            "published": _date(source.published),
            "language": source.language,
            "kind": str(source.get_kind_display()),
            "text_is_here": source.text_is_here,
        }

    def passage(self, sheet: PassageSheet) -> Data:
        """A passage with every public fact that was drawn from it."""
        passage: Passage = sheet.passage
        return {
            "url": self.absolute(passage.get_absolute_url()),
            "number": passage.number,
            "excerpt": passage.excerpt,
            "start": passage.start,
            "end": passage.end,
            "sha256": passage.sha256,
            "state": passage.state,
            "address": sheet.address,
            "facts": [self._drawn(fact) for fact in sheet.facts],
        }

    def link(self, record: Any) -> Data:
        """The name of a record and the address of its page."""
        return {"title": str(record), "url": self.absolute(record.get_absolute_url())}

    def season_link(self, season: Season) -> Data:
        """A season where its series is named already."""
        return {"number": season.number, "url": self.absolute(season.get_absolute_url())}

    def source_link(self, source: Source) -> Data:
        return {"title": source.title, "url": self.absolute(source.get_absolute_url())}

    def facts(self, facts: Iterable[Fact]) -> list[Data]:
        return [self._fact(fact) for fact in facts]

    def fact(self, fact: Fact | None) -> Data | None:
        return None if fact is None else self._fact(fact)

    def groups(self, groups: Iterable[FactGroup]) -> list[Data]:
        return [
            {
                "title": group.title,
                **({"url": self.absolute(group.path)} if group.path else {}),
                **self._of_season(group.gives_away),
                "facts": self.facts(group.facts),
            }
            for group in groups
        ]

    def footnotes(self) -> list[Data]:
        """The evidence of all that was asked for before, in its order."""
        return [
            {
                "passage": one.key,
                "excerpt": one.excerpt,
                "url": self.absolute(one.path),
                "source": one.source_title,
                "author": one.author,
                "publisher": one.publisher,
                "published": _date(one.published),
                "language": one.language,
            }
            for one in self._evidence.values()
        ]

    def _fact(self, fact: Fact) -> Data:
        data: Data = {"label": fact.label, "value": fact.text}
        if fact.path:
            data["url"] = self.absolute(fact.path)
        data |= self._of_season(fact.gives_away)
        data["passages"] = self._keys(fact.evidence)
        if fact.variants:
            data["sources_differ"] = [self._variant(one) for one in fact.variants]
        if fact.earlier:
            data["earlier"] = [self._variant(one) for one in fact.earlier]
        if fact.reason:
            data["decided_because"] = fact.reason
        return data

    def _variant(self, variant: Variant) -> Data:
        return {"says": variant.says, "passages": self._keys(variant.evidence)}

    def gives_away(self, spoils: str) -> Data:
        """Beside a text, by the key of a season: what it gives away, and whether the page folds it for who
        has seen so much. "" gives nothing away.
        """
        if not spoils:
            return {}
        return {"gives_away": spoils, "is_folded": self.seen.stops_before(spoils)}

    def _of_season(self, season: Season | None) -> Data:
        return self.gives_away(key_of(season)) if season else {}

    def _cast_row(self, row: CastRow) -> Data:
        return {
            "role": self.fact(row.role),
            "played_by": self.fact(row.actor),
            "billed_as": self.fact(row.billed_as),
            "seen_before_in": self.facts(row.seen_before),
            "status": self.fact(row.status),
            "status_as_of": row.status_as_of,
            "note": row.note,
        }

    def _watching(self, one: Watching) -> Data:
        return {
            "season": self.season_link(one.season) if one.season else None,
            "service": self.fact(one.service),
            "territory": self.fact(one.territory),
            "from": self.fact(one.begins),
            "until": self.fact(one.ends),
        }

    def _history(self, history: History) -> Data:
        decision = history.decision
        return {
            "label": history.label,
            "dated": [self._voice(voice) for voice in history.dated],
            "undated": [self._voice(voice) for voice in history.undated],
            "mentioned_in": self._keys(history.mentions),
            "sources_differ": history.sources_differ,
            "decided_because": decision.reason if decision else "",
        }

    def _voice(self, voice: Voice) -> Data:
        return {
            "source": {**self.source_link(voice.source), "published": _date(voice.source.published)},
            "after": voice.origin,
            "says": [
                {"value": one.words, "verdict": one.verdict, "passages": self._keys(one.evidence)}
                for one in voice.sayings
            ],
        }

    def _drawn(self, fact: DrawnFact) -> Data:
        return {
            "subject": fact.subject,
            "url": self.absolute(fact.path),
            **self._of_season(fact.gives_away),
            "label": fact.field,
            "value": fact.value,
            "stance": fact.stance,
            "says": fact.says,
        }

    def _keys(self, evidence: Iterable[Evidence]) -> list[str]:
        found = {one.key: one for one in evidence}
        self._evidence |= {key: one for key, one in found.items() if key not in self._evidence}
        return list(found)


def _date(date: PartialDate | None) -> str | None:
    """As EDTF: `2018-12`, with `~` where the desk inferred it."""
    return None if date is None else str(date)
