"""Plain functions that make rows for tests: sensible defaults, every field can be given."""

from __future__ import annotations

import hashlib
import io
from itertools import count

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from catalog.facts import value_text
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    Decision,
    EarlierWork,
    Episode,
    Passage,
    Person,
    Photo,
    Reanchoring,
    Recapture,
    Season,
    Series,
    Snapshot,
    Source,
    Statement,
)
from editorial.actions import publish_article, report_mistake, save_article
from editorial.models import Article, Contributor, ReaderReport, Stage
from editorial.roles import set_permissions

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_user(role: str | None = "Editors", **fields) -> User:
    """A staff user in the group `role` (Writers, Fact-checkers, Editors, Administrators), or in none."""
    number = next(_numbers)
    user = User.objects.create_user(
        **{"username": f"user{number}", "password": PASSWORD, "is_staff": role is not None, **fields}
    )
    if role is not None:
        if not Group.objects.filter(name=role).exists():
            set_permissions()  # without a row in the audit log
        user.groups.add(Group.objects.get(name=role))
    return user


def make_series(**fields) -> Series:
    number = next(_numbers)
    return Series.objects.create(**{"slug": f"series-{number}", "title": f"Series {number}", **fields})


def make_season(**fields) -> Season:
    series = fields.pop("series", None) or make_series()
    number = fields.pop("number", None)
    if number is None:
        number = series.seasons.count() + 1
    return Season.objects.create(series=series, number=number, **fields)


def make_episode(**fields) -> Episode:
    season = fields.pop("season", None) or make_season()
    return Episode.objects.create(**{"season": season, "number": season.episodes.count() + 1, **fields})


def make_person(**fields) -> Person:
    number = next(_numbers)
    name = fields.pop("name", f"Person {number}")
    return Person.objects.create(**{"slug": f"person-{number}", "name": name, "sort_name": name, **fields})


def make_character(**fields) -> Character:
    number = next(_numbers)
    series = fields.pop("series", None) or make_series()
    return Character.objects.create(
        **{"series": series, "slug": f"character-{number}", "name": f"Character {number}", **fields}
    )


def make_alias(**fields) -> Alias:
    if not {"person", "character"} & fields.keys():
        fields["person"] = make_person()
    return Alias.objects.create(**{"text": f"Alias {next(_numbers)}", **fields})


def make_earlier_work(**fields) -> EarlierWork:
    person = fields.pop("person", None) or make_person()
    return EarlierWork.objects.create(
        **{"person": person, "title": f"Earlier work {next(_numbers)}", **fields}
    )


def make_cast_entry(**fields) -> CastEntry:
    season = fields.pop("season", None) or make_season()
    if not {"person", "character"} & fields.keys():
        fields["person"] = make_person()
        fields["character"] = make_character(series=season.series)
    return CastEntry.objects.create(season=season, **fields)


def make_crew_credit(**fields) -> CrewCredit:
    season = fields.pop("season", None)
    series = fields.pop("series", None) or (season.series if season else make_series())
    person = fields.pop("person", None) or make_person()
    return CrewCredit.objects.create(
        series=series, season=season, person=person, **{"job": "creator", **fields}
    )


def make_statement(**fields) -> Statement:
    if not {"series", "season", "person", "character"} & fields.keys():
        fields["season"] = make_season()
    return Statement.objects.create(**{"label": f"Label {next(_numbers)}", "value": "Value", **fields})


def make_availability(**fields) -> Availability:
    season = fields.pop("season", None)
    series = fields.pop("series", None) or (season.series if season else make_series())
    own = {"service": f"Service {next(_numbers)}"}
    return Availability.objects.create(series=series, season=season, **{**own, **fields})


def make_source(**fields) -> Source:
    number = next(_numbers)
    # Sources of tests are short, and quoted in full.
    own = {"slug": f"source-{number}", "title": f"Source {number}", "language": "en", "quote_limit": 100}
    return Source.objects.create(**{**own, **fields})


def make_snapshot(
    source: Source | None = None, text: str | None = "The words of the source.", **fields
) -> Snapshot:
    """A snapshot of `text`; with `text=None` its hash and length must be given."""
    known = {} if text is None else {"sha256": sha256(text), "length": len(text)}
    return Snapshot.objects.create(
        source=source or make_source(),
        text=text,
        **{"captured_at": timezone.now(), "method": "file", **known, **fields},
    )


def make_passage(
    source: Source | None = None, exact: str = "the words", state: str = "verified", **fields
) -> Passage:
    """A passage in a snapshot that holds nothing else. `state="unattached"` leaves text and words out."""
    source = source or make_source()
    text = f"{exact} {next(_numbers)}"
    snapshot = fields.pop("snapshot", None)
    here = state != "unattached"
    if snapshot is None:
        snapshot = make_snapshot(source, text if here else None, sha256=sha256(text), length=len(text))
    start = fields.pop("start", 0)
    last = source.passages.order_by("-number").values_list("number", flat=True).first() or 0
    return Passage.objects.create(
        source=source,
        snapshot=snapshot,
        start=start,
        exact=exact if here else "",
        sha256=sha256(exact),
        **{
            "end": start + len(exact),
            "number": last + 1,
            "excerpt": " ".join(exact.split()[:12]),
            "state": state,
            **fields,
        },
    )


def make_citation(
    record, field: str = "", passage: Passage | None = None, checked_value=None, **fields
) -> Citation:
    """A citation that holds, unless told otherwise."""
    return Citation.objects.create(
        passage=passage or make_passage(),
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        field=field,
        checked_value=value_text(record, field) if checked_value is None else checked_value,
        **fields,
    )


def make_reanchoring(passage: Passage | None = None, **fields) -> Reanchoring:
    """What became of a passage at a recapture of its source; unchanged unless told otherwise."""
    passage = passage or make_passage()
    recapture = fields.pop("recapture", None) or Recapture.objects.create(
        source=passage.source, snapshot=passage.snapshot, at=timezone.now()
    )
    place = {"start": passage.start, "end": passage.end}
    found = {"new_start": passage.start, "new_end": passage.end}
    return Reanchoring.objects.create(
        recapture=recapture,
        passage=passage,
        taken_from=passage.snapshot,
        **{"state": "verified", "similarity": 1.0, **place, **found, **fields},
    )


def make_decision(record=None, field: str = "premiere", **fields) -> Decision:
    record = record or make_season()
    return Decision.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        field=field,
        **{
            "value": value_text(record, field) or "2020",
            "reason": "The network says so.",
            "overruled": [{"passage": "source#1", "says": "2019"}],
            "at": timezone.now(),
            **fields,
        },
    )


def make_photo(**fields) -> Photo:
    number = next(_numbers)
    raw = io.BytesIO()
    Image.new("RGB", (32, 18), (180, 90, 40)).save(raw, "WEBP")
    image = fields.pop("image", None) or ContentFile(raw.getvalue(), f"photo-{number}.webp")
    return Photo.objects.create(
        **{"slug": f"photo-{number}", "image": image, "alt": "A colour", "credit": "Ibid", **fields}
    )


def make_contributor(**fields) -> Contributor:
    number = next(_numbers)
    return Contributor.objects.create(
        **{"slug": f"contributor-{number}", "name": f"Contributor {number}", **fields}
    )


def make_article(
    *, published: bool = False, contributors: tuple | None = None, author: User | None = None, **fields
) -> Article:
    """A saved article with one supported sentence, the byline of somebody without account and one revision;
    with `published`, a live edition.
    """
    number = next(_numbers)
    if "body" not in fields:
        fields["body"] = f'<p>A fact stands here.<cite data-passage="{make_passage().key}"></cite></p>'
    article = Article(
        **{
            "slug": f"article-{number}",
            "kind": "recap",
            "title": f"Article {number}",
            "standfirst": "In short.",
            **fields,
        }
    )
    byline = (make_contributor(),) if contributors is None else contributors
    save_article(user=author, article=article, based_on=None, contributors=byline)
    if published:
        publish_article(user=None, article=article)
    return article


def make_stage(*, group: str = "Editors", kind: str = "recap", **fields) -> Stage:
    """A stage at the end of those that the kind has."""
    position = Stage.objects.filter(kind=kind).count() + 1
    there, _created = Group.objects.get_or_create(name=group)
    return Stage.objects.create(
        **{"kind": kind, "position": position, "name": group, "group": there, **fields}
    )


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_report(article: Article | None = None, **fields) -> ReaderReport:
    edition = (article or make_article(published=True)).editions.live().get()
    return report_mistake(edition=edition, **{"message": "The date is wrong.", **fields})
