"""Small newsrooms, the same from the same number, full of what tables stumble over."""

from __future__ import annotations

import datetime
import random

from django.contrib.contenttypes.models import ContentType

from catalog.dates import PartialDate
from catalog.facts import CITABLE
from catalog.models import Alias, Citation, Episode, Recapture, Snapshot, Source
from editorial.actions import save_article
from editorial.models import Article, Contributor
from tests.factories import (
    make_cast_entry,
    make_character,
    make_crew_credit,
    make_decision,
    make_earlier_work,
    make_person,
    make_photo,
    make_season,
    make_series,
    make_statement,
    sha256,
)

# Formulas, quotes, separators, line ends, apostrophes, lists, other scripts, marks, emoji, spaces.
_ODD = (
    *("=1+1", "+49 30", "-5", "@name", "'=quoted", "''", "'", '"', 'say "no"', ",", ";", "a|b", "\\", "\\|"),
    *("two\nlines", "two\r\nlines", "bare\rreturn", "\ttab", " padded ", "null", "\\N", "N/A", "-", "~"),
    *(
        "Peña",
        "Pen\u0303a",
        "Diego Luna",
        "日本語",
        "العربية",
        "हिन्दी",
        "👩‍🚀",
        "ﬁ",
        "ß",
        "\u00a0",
        "\ufeffmark",
    ),
    *(
        "＝full",
        "2020-02-13",
        "1,5",
        "TRUE",
        "007",
        "1e5",
        "<b>",
        "&amp;",
        "#3",
        "x#1",
        "/",
        "http://a.b/?c=d",
    ),
)
_DATES = ("2019", "2018-12", "2020-02-13", "2020-02-13~", "2019~")


class Newsroom:
    """Fills the database from `seed`. Needs an empty one; slugs are made here, everything else is drawn."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._count = 0

    def fill(self) -> None:
        self._screen()
        self._people()
        self._sources()
        self._facts()
        self._decisions()
        self._articles()

    def words(self, limit: int = 60) -> str:
        """Some text, never empty, not beginning or ending in what a form would strip from it."""
        parts = self.random.choices(_ODD, k=self.random.randint(1, 4))
        return (
            f"x{self.random.choice(' -')}{' '.join(parts)}"[:limit]
            if self.random.random() < 0.3
            else (" ".join(parts)[:limit] or "x")
        )

    def maybe(self, value: object, empty: object = "") -> object:
        return value if self.random.random() < 0.6 else empty

    def date(self) -> PartialDate | None:
        return self.maybe(PartialDate.parse(self.random.choice(_DATES)), None)

    def moment(self) -> datetime.datetime:
        microseconds = datetime.timedelta(microseconds=self.random.randrange(10**13))
        return datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC) + microseconds

    def slug(self, name: str) -> str:
        self._count += 1
        return f"{name}-{self._count}"

    def some(self, rows: list, most: int = 3) -> list:
        return self.random.sample(rows, min(len(rows), self.random.randint(1, most)))

    def _screen(self) -> None:
        self.series = [
            make_series(
                slug=self.slug("series"),
                title=self.words(),
                network=self.maybe(self.words()),
                summary=self.maybe(self.words(500)),
                premiere=self.date(),
            )
            for _ in range(self.random.randint(1, 3))
        ]
        self.seasons = [
            make_season(series=series, number=number, premiere=self.date(), episode_count=number or None)
            for series in self.series
            for number in range(self.random.randint(1, 3))
        ]
        self.episodes = []
        for season in self.some(self.seasons):
            number = self.maybe(1, None)
            title = self.words() if number is None else self.maybe(self.words())
            self.episodes.append(
                Episode.objects.create(season=season, number=number, title=title, aired=self.date())
            )

    def _people(self) -> None:
        self.people = [
            make_person(slug=self.slug("person"), name=self.words()) for _ in range(self.random.randint(2, 5))
        ]
        self.characters = [
            make_character(slug=self.slug("character"), series=series, name=self.words())
            for series in self.series
            for _ in range(2)
        ]
        for person in self.some(self.people):
            Alias.objects.create(person=person, text=self.words(), language=self.maybe("es"))
            make_earlier_work(person=person, title=self.words(), position=self.random.randint(0, 9))
        for season in self.seasons:
            mine = [one for one in self.characters if one.series_id == season.series_id]
            for person in self.some(self.people):
                make_cast_entry(
                    season=season,
                    person=person,
                    character=self.maybe(self.random.choice(mine), None),
                    billed_as=self.maybe(self.words()),
                    note=self.maybe(self.words()),
                )
            make_crew_credit(season=season, person=self.random.choice(self.people))

    def _sources(self) -> None:
        self.passages = []
        for _ in range(self.random.randint(1, 3)):
            derives_from = self.random.choice([None, *Source.objects.all()])
            source = Source.objects.create(
                slug=self.slug("source"),
                title=self.words(),
                publisher=self.maybe(self.words()),
                published=self.date(),
                derives_from=derives_from,
            )
            snapshot = Snapshot.objects.create(
                source=source,
                sha256=sha256(source.slug),
                length=1000,
                captured_at=datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC),
                method="file",
            )
            for number in range(1, self.random.randint(2, 4)):
                self.passages.append(
                    source.passages.create(
                        number=number,
                        snapshot=snapshot,
                        start=number,
                        end=number + 7,
                        sha256=sha256(f"{source.slug} {number}"),
                        excerpt=self.words(),
                        state=self.random.choice(["unattached"] * 3 + ["changed", "lost", "withdrawn"]),
                    )
                )

    def _facts(self) -> None:
        self.statements = [
            make_statement(season=season, label=self.words(40), value=self.words(200))
            for season in self.some(self.seasons)
        ]
        for record in [*self.series, *self.seasons, *self.people, *self.statements]:
            passage = self.random.choice(self.passages)
            Citation.objects.create(
                passage=passage,
                content_type=ContentType.objects.get_for_model(record),
                object_id=record.pk,
                field=self.random.choice(["", *CITABLE[record._meta.model_name]]),
                stance=self.random.choice(["supports", "contradicts", "mentions"]),
                says=self.maybe(self.words()),
                checked_value=self.maybe(self.words()),
            )

    def _decisions(self) -> None:
        for record in self.some([*self.seasons, *self.people, *self.statements]):
            passages = [passage.key for passage in self.some(self.passages)]
            make_decision(
                record,
                self.random.choice(["", *CITABLE[record._meta.model_name]]),
                value=self.words(),
                reason=self.words(300),
                overruled=[{"passage": key, "says": self.maybe(self.words())} for key in passages],
                at=self.moment(),
            )
        for snapshot in self.some(list(Snapshot.objects.all())):
            Recapture.objects.create(source=snapshot.source, snapshot=snapshot, at=self.moment())

    def _articles(self) -> None:
        contributors = [
            Contributor.objects.create(
                slug=self.slug("by"),
                name=self.words(),
                biography=self.words(),
                portrait=self.maybe(make_photo(slug=self.slug("portrait")), None),
            )
            for _ in range(2)
        ]
        photo = make_photo(
            slug=self.slug("photo"),
            alt=self.words(),
            caption=self.maybe(self.words()),
            focus_x=self.random.randint(0, 100),
            focus_y=self.random.randint(0, 100),
        )
        original = None
        for language in self.some(["en", "de", "es"]):
            season = self.maybe(self.random.choice(self.seasons), None)
            article = Article(
                slug=self.slug("article"),
                language=language,
                kind=self.random.choice(["recap", "guide", "announcement", "review", "news"]),
                title=self.words(),
                standfirst=self.maybe(self.words(300)),
                body=self._body(),
                series=season.series if season else None,
                season=season,
                photo=self.maybe(photo, None),
                translation_of=original,
            )
            save_article(user=None, article=article, based_on=None, contributors=self.some(contributors))
            original = original or article

    def _body(self) -> str:
        passage = self.random.choice(self.passages)
        return (
            f"<p>{self.words()}</p><p lang='de'>{self.words()}"
            f'<cite data-passage="{passage.key}"></cite></p><ul><li>{self.words()}</li></ul>'
        )
