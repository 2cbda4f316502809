"""The newsroom as its readers have it, as one bundle: facts that a citation holds, articles as published.

What it holds stands on a page of the site, or follows from one. It is not for a desk to go on from: see
`docs/bundles.md`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from catalog.former import record_named
from catalog.keys import KeyIndex, key_of
from catalog.models import Photo, Season, Series
from catalog.resources import PhotoResource
from catalog.resources.public import PublicCatalog, Row
from catalog.resources.public_sources import PublicEvidence, escaped
from catalog.resources.tables import join_list
from catalog.resources.widgets import Moment
from editorial.bundle_extras import CORRECTION_COLUMNS, correction_rows, write_rows
from editorial.bundles import PUBLIC, write_manifest
from editorial.data_page import ARTICLE_COLUMNS, CONTRIBUTOR_COLUMNS, PHOTO_COLUMNS
from editorial.exports import new_bundle, one_state
from editorial.models import Bylined, Contributor, Correction, Edition, Footnote, Pictured

_NAMED: Mapping[str, type[models.Model]] = {
    "series": Series,
    "season": Season,
    "spoils_through": Season,
    "photo": Photo,
}


@one_state(only_reads=True)
def export_public_bundle(*, out: Path) -> Mapping[str, Any]:
    """Write what readers have to `out`, a new folder or `.zip` file, and return its manifest.

    It is of one moment, and the same newsroom gives the same bytes. Raises ExportRefused when `out` is
    there already.
    """
    with new_bundle(out) as folder:
        return _PublicBundle(folder).write()


class _Records:
    """The records that editions name by the keys that these have or had, each looked for once."""

    def __init__(self, at_hand: Mapping[type[models.Model], Mapping[str, models.Model]]) -> None:
        """`at_hand` are most of a kind, by slug; of other kinds all are read when one is asked for."""
        self._at_hand = at_hand
        self._index = KeyIndex()
        self._names: dict[tuple[type[models.Model], str], str] = {}

    def with_present_names(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The content of a revision with the names that its records have now."""
        now = {name: self._name(model, content[name]) for name, model in _NAMED.items() if content[name]}
        byline = dict.fromkeys(self._name(Contributor, slug) for slug in content["contributors"])
        return {**content, **now, "contributors": list(byline)}

    def _name(self, model: type[models.Model], key: str) -> str:
        """What the record is called now; a record that is gone as it was."""
        if (model, key) not in self._names:
            self._names[model, key] = self._looked_up(model, key)
        return self._names[model, key]

    def _looked_up(self, model: type[models.Model], key: str) -> str:
        known = self._at_hand.get(model)
        is_there = self._index.get(model, key) if known is None else known.get(key)
        if is_there is not None:
            return key
        record = record_named(model, key)
        if record is None:
            return key
        return key_of(record) if model is Season else record.slug


class _PublicBundle:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, dict[str, Any]] = {}
        shown = Pictured.objects.filter(photo=models.OuterRef("pk"), edition__in=Edition.objects.live())
        signed = Bylined.objects.filter(contributor=models.OuterRef("pk"), edition__in=Edition.objects.live())
        photos = {one.slug: one for one in Photo.objects.filter(models.Exists(shown))}
        self.photos = {slug: one for slug, one in photos.items() if not one.rights_have_ended}
        self.contributors = {one.slug: one for one in Contributor.objects.filter(models.Exists(signed))}
        self.records = _Records({Photo: photos, Contributor: self.contributors})

    def write(self) -> Mapping[str, Any]:
        named = self._articles()
        catalog = PublicCatalog(named)
        for name, columns, rows in catalog.tables():
            self._table(name, columns, rows)
        footnoted = Footnote.objects.filter(edition__in=Edition.objects.live())
        for name, columns, rows in PublicEvidence(
            catalog.facts, footnoted.values_list("passage_id", flat=True).distinct()
        ).tables():
            self._table(name, columns, rows)
        self._table("corrections.csv", CORRECTION_COLUMNS, correction_rows(Correction.objects.for_readers()))
        self._photos()
        licence = {"name": settings.DATA_LICENCE_NAME, "url": settings.DATA_LICENCE_URL}
        about = {"kind": PUBLIC, "licence": licence, "site": settings.SITE_URL}
        return write_manifest(self.folder, dict(sorted(self.files.items())), **about)

    def _articles(self) -> set[tuple[type, str]]:
        """The texts that readers have now, as they have them; the records these name."""
        named: set[tuple[type, str]] = set()
        rows: list[Row] = []
        for edition in Edition.objects.for_export().iterator():
            content = self.records.with_present_names(edition.revision.content)
            named |= {(Season, key) for key in (content["season"], content["spoils_through"]) if key}
            named |= {(Series, content["series"])} if content["series"] else set()
            rows.append(self._article(edition, content))
        self._table("articles.csv", ARTICLE_COLUMNS, sorted(rows))
        signed = self.contributors.values()
        contributors = sorted(escaped([one.slug, one.name, one.role]) for one in signed)
        self._table("contributors.csv", CONTRIBUTOR_COLUMNS, contributors)
        return named

    def _article(self, edition: Edition, content: Mapping[str, Any]) -> Row:
        path = f"articles/{edition.kind}/{content['language']}/{edition.slug}.html"
        self._path(path).write_text(f"{edition.html}\n", encoding="utf-8", newline="")
        self._list(path)
        photo = content["photo"] if content["photo"] in self.photos else ""
        texts = [content[name] for name in ("title", "spoiler_free_title", "standfirst")]
        named = [content[name] or "" for name in ("series", "season", "spoils_through")]
        moments = [Moment().render(moment) for moment in (edition.first_published_at, edition.published_at)]
        address = [edition.kind, content["language"], edition.slug]
        return escaped([*address, *texts, *named, photo, join_list(content["contributors"]), *moments])

    def _photos(self) -> None:
        names = PhotoResource()
        photos = sorted(self.photos.items())
        rows = (
            escaped([one.slug, names.dehydrate_file(one), one.alt, one.caption, one.credit])
            for _slug, one in photos
        )
        self._table("photos.csv", PHOTO_COLUMNS, rows)
        for _slug, photo in photos:
            name = f"photos/{names.dehydrate_file(photo)}"
            with photo.image.open("rb") as stored, self._path(name).open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            self._list(name)

    def _table(self, name: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
        self._list(name, rows=write_rows(self._path(name), columns, rows))

    def _path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _list(self, name: str, **about: int) -> None:
        """Let the manifest name a file that is written now."""
        with self._path(name).open("rb") as file:
            self.files[name] = {**about, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
