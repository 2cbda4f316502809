"""When what a page shows was last written: the release it is made with, and the rows that are on it."""

from __future__ import annotations

import datetime
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date


@dataclass(frozen=True, slots=True)
class Release:
    """What a page is made with besides its data: the same on every process of one release."""

    fingerprint: str
    at: datetime.datetime


@functools.cache
def release() -> Release:
    """Read from the site's templates, static files, translations and code, once per process."""
    digest = hashlib.sha256()
    newest = 0.0
    for path in sorted(_files_of_the_site()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
        newest = max(newest, path.stat().st_mtime)
    now = timezone.now()
    return Release(digest.hexdigest()[:16], min(now, datetime.datetime.fromtimestamp(newest, datetime.UTC)))


class Freshness:
    """Gathers when the things on one page were last written; never older than the release."""

    def __init__(self, *times: datetime.datetime | None) -> None:
        self.newest = release().at
        self.note(*times)

    def note(self, *times: datetime.datetime | None) -> None:
        self.newest = max([self.newest, *(time for time in times if time is not None)])


def fresh_page(request: HttpRequest, template: str, context: dict, freshness: Freshness) -> HttpResponse:
    """The rendered page with its Last-Modified; template tags may note more in `freshness`.

    Caches may keep it but must ask again each time: a correction reaches every reader at once.
    """
    response = render(request, template, {**context, "freshness": freshness})
    return revalidated(response, freshness.newest)


def revalidated(response: HttpResponse, last_modified: datetime.datetime) -> HttpResponse:
    """The response with Last-Modified, to be kept by caches but asked for again each time."""
    response.headers["Last-Modified"] = http_date(last_modified.timestamp())
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _files_of_the_site() -> Iterator[Path]:
    folders = [*settings.TEMPLATES[0]["DIRS"], *settings.STATICFILES_DIRS, *settings.LOCALE_PATHS]
    for folder in map(Path, folders):
        yield from (path for path in folder.rglob("*") if path.is_file())
    for app in apps.get_app_configs():
        if Path(app.path).parent == settings.BASE_DIR:
            yield from Path(app.path).rglob("*.py")
