"""What goes for every address of the desk: no cache keeps it, looking writes nothing, posts need a token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.admin import notices
from editorial.models import Article, DueItem
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

FURTHER = ("admin:index", "admin:editorial_auditentry_changelist", "admin:editorial_stage_changelist")
# Following a notice reads it: a mark of the person's own, and no part of an article.
READS = "notices:open"


@pytest.fixture
def chief():
    return make_user("Administrators")


def addresses(user) -> Iterator[tuple[str, str]]:
    """Name and address of every page about an article, that has something due, and of further ones."""
    article = make_article(author=user)
    item = DueItem.objects.create(article=article, verb="remind", due_at=timezone.now())
    for pattern in admin.site._registry[Article].get_urls():
        if not pattern.name:
            continue
        keys = list(pattern.pattern.converters)
        known = {"object_id": article.pk, "item": item.pk}
        name = f"admin:{pattern.name}"
        address = reverse(name, kwargs={key: known[key] for key in keys})
        yield name, f"{address}?article={article.pk}" if "/writing/" in address else address
    for pattern in notices.urlpatterns:
        keys = list(pattern.pattern.converters)
        yield f"notices:{pattern.name}", reverse(f"notices:{pattern.name}", kwargs=dict.fromkeys(keys, 1))
    for name in FURTHER:
        yield name, reverse(name)


def test_no_address_of_the_desk_is_kept_by_a_cache(client, chief):
    client.force_login(chief)
    answers = {name: client.get(address) for name, address in addresses(chief)}
    shown = {name: answer.headers for name, answer in answers.items() if answer.status_code != 404}
    assert len(shown) > 15
    assert [
        name for name, headers in shown.items() if "no-store" not in headers.get("Cache-Control", "")
    ] == []


def test_looking_writes_nothing(client, chief):
    client.force_login(chief)
    for name, address in addresses(chief):
        if name == READS:
            continue
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        written = [one["sql"] for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert (name, written) == (name, [])


@pytest.mark.parametrize("method", ["post", "delete"])
def test_nothing_is_done_without_the_token_of_a_page(chief, method):
    """A form on another site acts for nobody who is signed in here."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    answers = {name: getattr(client, method)(address).status_code for name, address in addresses(chief)}
    assert {name for name, status in answers.items() if status != 403} == set()
    assert not LogEntry.objects.exists()
