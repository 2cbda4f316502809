"""Taking the newsroom out: every table as CSV, every text and picture, sealed as a bundle.

A bundle that is imported into an empty site and exported again has the same bytes. People, permissions and
secrets are in no table, and the texts of sources stay with the desk.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.utils.translation import gettext

from catalog.models import Photo
from catalog.resources import PhotoResource
from catalog.resources.known import in_batches
from catalog.resources.tables import csv_cell, write_table
from editorial import audit
from editorial.bundle_extras import Extra
from editorial.bundles import TABLES, seal
from editorial.models import Article
from editorial.resources import address_of
from editorial.table_history import HISTORY_TABLES

# A zip's times and rights are the same whenever and wherever it is made.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ZIP_RIGHTS = 0o644 << 16
_ROWS_IN_A_PIECE = 500


class ExportRefused(Exception):
    """The bundle cannot be written; str() says why and what to do."""


def rows_of(
    name: str, queryset: models.QuerySet | None = None, fields: Sequence[str] | None = None
) -> Iterator[list[str]]:
    """The rows of the table `name` (`people.csv`) in the order of a bundle, formulas not escaped; those of
    `HISTORY_TABLES` too.

    Of the records of `queryset`, without it of all; only the columns `fields` in their order, without them
    all of `columns_of(name)`. Memory does not grow with the rows. A queryset must not be sliced.
    """
    if name in HISTORY_TABLES:
        history = HISTORY_TABLES[name]
        rows = history.rows(history.model._default_manager.all() if queryset is None else queryset)
    else:
        rows = TABLES[name]().rows(queryset)
    if fields is None:
        return rows
    places = [columns_of(name).index(field) for field in fields]
    return ([row[place] for place in places] for row in rows)


def columns_of(name: str) -> tuple[str, ...]:
    """The columns of the table `name`."""
    return HISTORY_TABLES[name].columns if name in HISTORY_TABLES else tuple(TABLES[name]._meta.fields)


def export_table(name: str) -> Iterator[str]:
    """The table `name` (`people.csv`) as CSV, piece by piece, formulas escaped."""
    yield write_table(columns_of(name), ())
    for some in in_batches(rows_of(name), _ROWS_IN_A_PIECE):
        yield "".join(",".join(map(csv_cell, row)) + "\n" for row in some)


@contextmanager
def one_state(*, only_reads: bool = False) -> Iterator[None]:
    """A transaction in which all that is read is of one moment, whatever others write meanwhile.

    With `only_reads` it keeps nobody from writing on SQLite either, where others hold the one place to write.
    Within another transaction it is nothing more: that one has begun, and has its ways.
    """
    if connection.in_atomic_block:
        yield
        return
    with (
        _begun_to_read() if only_reads and connection.vendor == "sqlite" else nullcontext(),
        transaction.atomic(),
    ):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _begun_to_read() -> Iterator[None]:
    """Transactions of SQLite begin as a reader's, not with the right to write as the settings have it."""
    connection.ensure_connection()
    usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = usual


@one_state()
def export_bundle(
    *, user: AbstractBaseUser | None, out: Path, extras: Collection[Extra] = ()
) -> Mapping[str, Any]:
    """Write the newsroom as a bundle to `out`, a new folder or a new file that ends in `.zip`; its manifest.

    `extras` are what it holds besides, see `editorial.bundle_extras`. `user=None` is the command line; others
    need the right to export every table. Raises PermissionDenied, and ExportRefused when `out` is there
    already; what is written is of one moment, and appears at once and whole, or not at all.
    """
    _require(user, extras)
    with new_bundle(out) as folder:
        _write_tables(folder)
        _write_bodies(folder)
        _write_photos(folder)
        for extra in extras:
            extra.write(folder)
        manifest = seal(folder)
    rows = {name: entry["rows"] for name, entry in manifest["files"].items() if "rows" in entry}
    audit.record(user=user, verb="bundle.exported", data={"tables": rows})
    return manifest


def may_export(user: AbstractBaseUser, model: type[models.Model]) -> bool:
    code = get_permission_codename(settings.IMPORT_EXPORT_EXPORT_PERMISSION_CODE, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{code}")


def _require(user: AbstractBaseUser | None, extras: Iterable[Extra] = ()) -> None:
    if user is None:
        return
    for name, resource in TABLES.items():
        if not may_export(user, resource._meta.model):
            raise PermissionDenied(
                gettext("Your account may not export %(file)s. Ask an administrator.") % {"file": name}
            )
    for extra in extras:
        if not may_export(user, extra.model):
            what = {"what": extra.model._meta.verbose_name_plural}
            raise PermissionDenied(
                gettext("Your account may not export %(what)s. Ask an administrator.") % what
            )


@contextmanager
def new_bundle(out: Path) -> Iterator[Path]:
    """A folder to write a bundle into; afterwards it is `out`, whole and at once. Raises ExportRefused."""
    if out.exists():
        raise ExportRefused(
            gettext("%(path)s is there already. Name a new one, or delete it.") % {"path": out}
        )
    with _beside(out) as folder:
        yield folder
        if out.suffix == ".zip":
            _zip(folder, folder.with_suffix(".zip"))
            folder.with_suffix(".zip").replace(out)
        else:
            folder.rename(out)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder on the same disk as `out`, gone afterwards unless it was given another name."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        yield folder


def _write_tables(folder: Path) -> None:
    for name in TABLES:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(export_table(name))


def _write_bodies(folder: Path) -> None:
    for article in Article.objects.only("language", "slug", "body").iterator():
        path = folder / "articles" / f"{address_of(article)}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{article.body}\n", encoding="utf-8", newline="")


def _write_photos(folder: Path) -> None:
    names = PhotoResource()
    for photo in Photo.objects.iterator():
        path = folder / "photos" / names.dehydrate_file(photo)
        path.parent.mkdir(exist_ok=True)
        with photo.image.open("rb") as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)


def _zip(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ZIP_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _ZIP_RIGHTS
            with path.open("rb") as file, archive.open(entry, "w") as packed:
                shutil.copyfileobj(file, packed)
