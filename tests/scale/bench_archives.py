"""`make bench-archives`: lists, archives and the front page with 100,000 articles, against 1,000.

Generated articles without photos in a database of their own, asked through Django's test client. Prints the
CPU time of each page in both newsrooms (the median of rounds) and the ratio; exits 1 beyond the limit.
Argument: how many articles (100,000).
"""

from __future__ import annotations

import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

FEW = 1_000
ROUNDS = 15
LIMIT = 3.0
BEGIN = datetime.datetime(2008, 1, 1, tzinfo=datetime.UTC)
KINDS = ("recap", "guide", "announcement", "review", "news")


def main(many: int) -> int:
    few, lots = (measured(count) for count in (FEW, many))
    worst = 0.0
    for name, cost in lots.items():
        ratio = cost / few[name]
        worst = max(worst, ratio)
        print(f"{name:<14}{few[name] * 1000:8.1f} ms{cost * 1000:8.1f} ms   {ratio:5.2f}")
    print(f"{FEW:,} articles, {many:,} articles, ratio; at most {LIMIT}")
    return int(worst > LIMIT)


def measured(count: int) -> dict[str, float]:
    """The CPU seconds of each page in a newsroom of this many articles, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "IBID_ENV": "demo",
            "IBID_VAR": folder,
            "DATABASE_URL": f"sqlite:///{Path(folder) / 'ibid.sqlite3'}",
        }
        command = [sys.executable, "-m", "tests.scale.bench_archives", "measure", str(count)]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def measure(count: int) -> dict[str, float]:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django.setup()
    call_command("migrate", verbosity=0)
    fill(count)
    client = Client(headers={"host": "localhost"})
    return {name: cost_of(client, path) for name, path in addresses(client, count).items()}


def addresses(client: Client, count: int) -> dict[str, str]:
    """The first page of a list, one in its middle, its last but one, a year, the front page, an article."""
    middle, last = (moment_of(at) for at in (count // 2, 5 * 14))
    return {
        "first page": "/recaps/",
        "middle page": f"/recaps/?before={middle:%Y-%m-%dT%H:%M:%S}Z_1",
        "last page": f"/recaps/?before={last:%Y-%m-%dT%H:%M:%S}Z_1",
        "a year": f"/recaps/{moment_of(count // 2).year}/",
        "front page": "/",
        "a byline": "/bylines/writer/",
        "an article": unescape(re.search(r'<a href="(/recaps/a[^"]+)"', text(client, "/recaps/"))[1]),
    }


def cost_of(client: Client, path: str) -> float:
    text(client, path)
    costs = []
    for _round in range(ROUNDS):
        cache.clear()
        begun = time.process_time()
        text(client, path)
        costs.append(time.process_time() - begun)
    return statistics.median(costs)


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def moment_of(number: int) -> datetime.datetime:
    """Forty articles a day or so, from the first on."""
    return BEGIN + datetime.timedelta(minutes=90 * number)


def fill(count: int) -> None:
    """Live articles, oldest first, of all kinds in turn; one in a hundred by one writer."""
    Article, Revision, Edition, Bylined, Contributor = (
        apps.get_model("editorial", name)
        for name in ("Article", "Revision", "Edition", "Bylined", "Contributor")
    )
    Series = apps.get_model("catalog", "Series")
    writer = Contributor.objects.create(slug="writer", name="A. Writer")
    series = Series.objects.bulk_create(Series(slug=f"s{n}", title=f"Series {n}") for n in range(200))
    for start in range(0, count, 5_000):
        numbers = range(start, min(start + 5_000, count))
        articles = Article.objects.bulk_create(
            Article(slug=f"a{n}", kind=KINDS[n % 5], title=f"Article {n}", series=series[n % 200])
            for n in numbers
        )
        revisions = Revision.objects.bulk_create(
            Revision(
                article=article,
                number=1,
                content=content_of(article),
                content_hash="0" * 64,
                created_at=BEGIN,
            )
            for article in articles
        )
        editions = Edition.objects.bulk_create(
            Edition(
                article=article,
                revision=revision,
                number=1,
                html="<p>A text.</p>",
                kind=article.kind,
                slug=article.slug,
                language="en",
                series=article.series,
                published_at=moment_of(n),
                first_published_at=moment_of(n),
            )
            for n, article, revision in zip(numbers, articles, revisions, strict=True)
        )
        Bylined.objects.bulk_create(
            Bylined(edition=edition, contributor=writer, position=0) for edition in editions[::100]
        )


def content_of(article) -> dict:
    texts = {"title": article.title, "spoiler_free_title": "", "standfirst": "In short.", "language": "en"}
    records = dict.fromkeys(("season", "episode", "spoils_through", "photo", "translation_of"))
    place = {"kind": article.kind, "slug": article.slug, "series": article.series.slug}
    return {**texts, **records, **place, "body": "", "contributors": []}


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
