"""A newsroom as large as a real one, by chance and always the same: rows for `make crawl`.

Everything is what the actions would have written (revisions whose content hashes to their hash, editions
compiled from them, footnotes that name what they cite), put there in bulk. Nothing of it is true.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import models, transaction

from catalog.dates import PartialDate
from catalog.evidence import evidence_of
from catalog.facts import value_text
from catalog.models import (
    CastEntry,
    CastStatus,
    Character,
    Citation,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Season,
    Series,
    Snapshot,
    Source,
)
from editorial.embeds import load_embeds
from editorial.models import (
    Article,
    ArticleKind,
    ArticleStatus,
    Bylined,
    Contribution,
    Contributor,
    Edition,
    Footnote,
    Mention,
    Revision,
)
from editorial.prose.compile import compile_body
from editorial.prose.document import parse
from editorial.revisions import content_hash, content_of

SEED = 20_08
BEGIN = datetime(2016, 1, 4, 9, tzinfo=UTC)
SERIES, SEASONS, CAST, EPISODES = 40, 3, 8, 4
PEOPLE, SOURCES, PASSAGES, WRITERS = 400, 250, 12, 12
LANGUAGES = ("en", "en", "en", "de", "es")
SYLLABLES = ("ba", "der", "mo", "lín", "ra", "tes", "ko", "ñu", "vel", "sa", "grö", "pi", "nan", "do", "ler")


@transaction.atomic
def fill(articles: int) -> None:
    """Fill an empty, migrated database with a newsroom of so many published articles."""
    Newsroom(random.Random(SEED)).fill(articles)
    call_command("rebuild_search", verbosity=0, skip_checks=True)


class Newsroom:
    """Writes a newsroom, drawing names and sizes from `chance`."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def fill(self, articles: int) -> None:
        self.passages = self._passages()
        self.evidence = {passage.key: evidence_of(passage) for passage in self.passages}
        self.people = _made(
            Person(slug=f"person-{n}", name=(name := self._name()), sort_name=name) for n in range(PEOPLE)
        )
        self.series = _made(
            Series(
                slug=f"series-{n}",
                title=f"{self._name()} {n}",
                network=self._word().title(),
                premiere=PartialDate.parse("2016"),
            )
            for n in range(SERIES)
        )
        self.seasons = _made(
            Season(
                series=one,
                number=number,
                premiere=PartialDate.parse(f"{2016 + number}"),
                episode_count=10,
                status="available",
            )
            for one in self.series
            for number in range(1, SEASONS + 1)
        )
        self._write_facts()
        self.writers = _made(Contributor(slug=f"writer-{n}", name=self._name()) for n in range(WRITERS))
        for start in range(0, articles, 500):
            self._write_articles(range(start, min(start + 500, articles)))

    def _passages(self) -> list[Passage]:
        sources = _made(
            Source(
                slug=f"source-{n}",
                title=f"{self._sentence(5)} {n}",
                publisher=self._word().title(),
                language=self.chance.choice(LANGUAGES),
                published=PartialDate.parse(f"{2010 + n % 14}-0{1 + n % 9}"),
                last_number=PASSAGES,
            )
            for n in range(SOURCES)
        )
        passages: list[Passage] = []
        for source in sources:
            texts = [self._sentence(self.chance.randint(8, 26)) for _ in range(PASSAGES)]
            # What is quoted stays a small part of its source.
            whole = "\n".join([*texts, *(self._sentence(400) for _ in range(2))])
            snapshot = Snapshot.objects.create(
                source=source,
                text=whole,
                sha256=_sha256(whole),
                length=len(whole),
                captured_at=BEGIN,
                method="file",
            )
            passages += self._in_snapshot(snapshot, texts)
        return Passage.objects.bulk_create(passages, batch_size=500)

    def _in_snapshot(self, snapshot: Snapshot, texts: Sequence[str]) -> Iterable[Passage]:
        start = 0
        for number, exact in enumerate(texts, start=1):
            words = exact.split()
            yield Passage(
                source=snapshot.source,
                number=number,
                snapshot=snapshot,
                start=start,
                end=start + len(exact),
                exact=exact,
                sha256=_sha256(exact),
                excerpt=" ".join(words[:12]) + ("…" if len(words) > 12 else ""),
                state="verified",
            )
            start += len(exact) + 1

    def _write_facts(self) -> None:
        """Cast, episodes and earlier works, and a citation or two of each."""
        characters = _made(
            Character(series=one, slug=f"character-{n}", name=self._name())
            for one in self.series
            for n in range(CAST)
        )
        cast = [
            CastEntry(
                season=season,
                person=self.chance.choice(self.people),
                character=character,
                position=position,
                status=self.chance.choice(CastStatus.values),
            )
            for season in self.seasons
            for position, character in enumerate(
                one for one in characters if one.series_id == season.series_id
            )
        ]
        episodes = [
            Episode(season=season, number=number, title=self._sentence(2))
            for season in self.seasons
            for number in range(1, EPISODES + 1)
        ]
        works = [EarlierWork(person=one, title=self._sentence(2), position=0) for one in self.people]
        self.characters = characters
        self._cite(_made(cast), "")
        self._cite(_made(episodes), "title")
        self._cite(_made(works), "title")
        self._cite(self.people, "name")
        self._cite(characters, "name")
        self._cite(self.series, "network")
        self._cite(self.series, "premiere")
        self._cite(self.seasons, "premiere")
        self._cite(self.seasons, "episode_count")

    def _cite(self, records: Sequence[models.Model], field: str) -> None:
        of = ContentType.objects.get_for_model(records[0])
        Citation.objects.bulk_create(
            Citation(
                passage=passage,
                content_type=of,
                object_id=record.pk,
                field=field,
                checked_value=value_text(record, field),
            )
            for record in records
            for passage in self.chance.sample(self.passages, self.chance.randint(1, 3))
        )

    def _write_articles(self, numbers: range) -> None:
        articles = _made(self._article(number) for number in numbers)
        writers = [self.chance.choice(self.writers) for _ in articles]
        Contribution.objects.bulk_create(
            Contribution(article=article, contributor=writer, position=0)
            for article, writer in zip(articles, writers, strict=True)
        )
        contents = [content_of(one, [writer.slug]) for one, writer in zip(articles, writers, strict=True)]
        revisions = _made(
            Revision(
                article=article,
                number=1,
                content=content,
                content_hash=content_hash(content),
                created_at=_moment(number),
            )
            for number, article, content in zip(numbers, articles, contents, strict=True)
        )
        compiled = [self._compiled(one) for one in articles]
        editions = _made(
            _edition(number, revision, done.html)
            for number, revision, done in zip(numbers, revisions, compiled, strict=True)
        )
        self._name_in(editions, writers, [done.passages for done in compiled])

    def _name_in(
        self, editions: Sequence[Edition], writers: Sequence[Contributor], cited: list[list[str]]
    ) -> None:
        by_key = {passage.key: passage for passage in self.passages}
        by_address = {one.get_absolute_url(): one for one in self.people}
        Footnote.objects.bulk_create(
            Footnote(edition=edition, number=number, passage=by_key[key])
            for edition, keys in zip(editions, cited, strict=True)
            for number, key in enumerate(keys, start=1)
        )
        Bylined.objects.bulk_create(
            Bylined(edition=edition, contributor=writer, position=0)
            for edition, writer in zip(editions, writers, strict=True)
        )
        Mention.objects.bulk_create(
            Mention(edition=edition, person=one)
            for edition in editions
            for address, one in by_address.items()
            if f'href="{address}"' in edition.html
        )

    def _article(self, number: int) -> Article:
        season = self.chance.choice(self.seasons)
        return Article(
            slug=f"article-{number}",
            language=LANGUAGES[number % len(LANGUAGES)],
            kind=ArticleKind.values[number % len(ArticleKind.values)],
            title=f"{self._sentence(6)} {number}",
            standfirst=f"{self._sentence(18)}.",
            body=self._body(season),
            series=season.series,
            season=season,
            spoils_through=season if number % 3 == 0 else None,
            spoiler_free_title=f"{self._sentence(4)} {number}" if number % 3 == 0 else "",
            status=ArticleStatus.PUBLISHED,
        )

    def _body(self, season: Season) -> str:
        person = self.chance.choice(self.people)
        parts = [f'<p><a href="{person.get_absolute_url()}">{person.name}</a> {self._cited()}</p>']
        for _section in range(self.chance.randint(1, 3)):
            parts.append(f"<h2>{self._sentence(4)}?</h2>")
            parts += [f"<p>{self._cited()} {self._cited()}</p>" for _ in range(self.chance.randint(1, 3))]
        if self.chance.random() < 0.2:
            parts.append(f'<div data-embed="cast" data-season="{season.series.slug}/{season.number}"></div>')
        return "".join(parts)

    def _cited(self) -> str:
        passage = self.chance.choice(self.passages)
        return f'{self._sentence(14)}.<cite data-passage="{passage.key}"></cite>'

    def _compiled(self, article: Article):
        document = parse(article.body)
        embeds = load_embeds(document.embeds, language=article.language)
        return compile_body(article.body, language=article.language, evidence=self.evidence, embeds=embeds)

    def _word(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(1, 3)))

    def _sentence(self, words: int) -> str:
        return " ".join(self._word() for _ in range(words)).capitalize()

    def _name(self) -> str:
        return f"{self._word()} {self._word()}".title()


def _edition(number: int, revision: Revision, html: str) -> Edition:
    article = revision.article
    return Edition(
        article=article,
        revision=revision,
        number=1,
        html=html,
        kind=article.kind,
        slug=article.slug,
        language=article.language,
        series=article.series,
        season=article.season,
        published_at=_moment(number),
        first_published_at=_moment(number),
    )


def _moment(number: int) -> datetime:
    """Two articles a day, from the first on."""
    return BEGIN + timedelta(hours=12 * number)


def _made(records: Iterable[Any]) -> list[Any]:
    held = list(records)
    return type(held[0]).objects.bulk_create(held, batch_size=500)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
