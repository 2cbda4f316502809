"""`make bench-search`: what a search costs among 20,000 articles, on SQLite and on PostgreSQL.

A newsroom of its own is made in a database of its own, and indexed by `manage.py rebuild_search`. A search
for a word that half of the articles have, for a rare one, for one with a typing error and for a phrase, and
what is suggested for the beginning of a word, in turn with a plain lookup: twenty entries by their primary
key. Prints the fastest of rounds, since what else a machine does only adds, and their ratios to the lookup;
exits 1 beyond the limits, and when the databases differ in what they find.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django
import psycopg
from django.apps import apps
from django.core.management import call_command

ARTICLES = 20_000
WORDS = 120  # of an article
ROUNDS = 15
# Beside a lookup of some milliseconds. A common word is ranked among ten thousand articles.
LIMITS = {"common": 150.0, "rare": 25.0, "typo": 40.0, "phrase": 60.0, "suggest": 60.0}
ASKED = {
    "common": "commonword",
    "rare": "rareword77",
    "typo": "guadalajra",
    "phrase": '"drug war in guadalajara"',
}
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
NAME = "ibid_bench_search"


def main() -> int:
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        measured["SQLite"] = in_database(f"sqlite:///{folder}/bench.sqlite3", folder)
        try:
            make_database()
        except psycopg.OperationalError:
            print(f"PostgreSQL: left out, nothing answers at {POSTGRES} (TEST_DATABASE_URL names another)")
        else:
            measured["PostgreSQL"] = in_database(f"{POSTGRES.rpartition('/')[0]}/{NAME}", folder)
            drop_database()
    failed = False
    for name, found in measured.items():
        print(f"{name}: {ARTICLES:,} articles indexed in {found['index']:.0f} s, {found['memory']:.0f} MB")
        print(f"  {'lookup':<9}{found['lookup'] * 1000:7.1f} ms")
        for what, limit in LIMITS.items():
            ratio = found[what] / found["lookup"]
            failed = failed or ratio > limit
            print(f"  {what:<9}{found[what] * 1000:7.1f} ms{ratio:8.1f} × the lookup (at most {limit:g})")
    if failed:
        print("Beyond its limit.")
    if len({json.dumps(found["results"]) for found in measured.values()}) > 1:
        print("The databases find different things.")
        failed = True
    return int(failed)


def make_database() -> None:
    drop_database()
    with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")


def drop_database() -> None:
    with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")


def in_database(url: str, folder: str) -> dict:
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "IBID_ENV": "demo", "IBID_VAR": folder}
    env = {**os.environ, **own, "DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.scale.bench_search", "measure"]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def build() -> None:
    """Articles of words by chance, each with a live edition."""
    call_command("migrate", verbosity=0)
    chance = random.Random(6)
    many = [f"{start}{middle}{end}" for start in "bcdfglmnprst" for middle in "aeiou" for end in _endings()]
    model = {name: apps.get_model("editorial", name) for name in ("Article", "Revision", "Edition")}
    now = datetime.now(UTC)
    for start in range(0, ARTICLES, 1_000):
        numbers = range(start, start + 1_000)
        contents = {number: content(number, chance, many) for number in numbers}
        articles = model["Article"].objects.bulk_create(
            model["Article"](
                slug=f"article-{number}", language="en", kind="news", title=contents[number]["title"]
            )
            for number in numbers
        )
        revisions = model["Revision"].objects.bulk_create(
            model["Revision"](
                article=article, number=1, content=contents[number], content_hash="0" * 64, created_at=now
            )
            for number, article in zip(numbers, articles, strict=True)
        )
        model["Edition"].objects.bulk_create(
            model["Edition"](
                article=revision.article,
                revision=revision,
                number=1,
                html="",
                kind="news",
                slug=revision.article.slug,
                language="en",
                published_at=now - timedelta(minutes=number),
                first_published_at=now - timedelta(minutes=number),
            )
            for number, revision in zip(numbers, revisions, strict=True)
        )


def _endings() -> list[str]:
    return [
        f"{one}{two}{three}" for one in "lmnrst" for two in "aeio" for three in ("n", "r", "st", "nd", "ck")
    ]


def content(number: int, chance: random.Random, many: list[str]) -> dict:
    words = chance.choices(many, k=WORDS)
    if number % 2:
        words[5] = "commonword"
    if number % 20 == 0:
        words[10:14] = ["drug", "war", "in", "guadalajara"]
    if number % 2_000 == 77:
        words[20] = "rareword77"
    title = " ".join(words[:6]).capitalize()
    return {
        "title": title,
        "spoiler_free_title": "",
        "standfirst": " ".join(words[6:16]),
        "body": f"<p>{' '.join(words[16:])}</p>",
        "language": "en",
        "series": None,
        "season": None,
        "spoils_through": None,
    }


def timed(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def measure() -> None:
    django.setup()
    # The site's code can be imported once there is a site.
    finding = __import__("editorial.finding", fromlist=["search", "suggest"])
    build()
    started = time.perf_counter()
    call_command("rebuild_search", stdout=sys.stderr, skip_checks=True)
    index = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    entries = apps.get_model("editorial", "SearchEntry").objects
    pks = list(entries.order_by("pk").values_list("pk", flat=True)[::1_000])
    ways: dict[str, Callable[[], object]] = {
        "lookup": lambda: list(entries.filter(pk__in=pks)),
        **{what: (lambda asked=asked: finding.search(asked)) for what, asked in ASKED.items()},
        "suggest": lambda: finding.suggest("comm"),
    }
    taken: dict[str, list[float]] = {what: [] for what in ways}
    for _round in range(ROUNDS):
        for what, way in ways.items():
            taken[what].append(timed(way))
    results = {
        what: [found.count, [result.path for result in found.results]]
        for what, asked in ASKED.items()
        if (found := finding.search(asked))
    }
    fastest = {what: min(times) for what, times in taken.items()}
    print(json.dumps({**fastest, "index": index, "memory": memory, "results": results}))


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        measure()
    else:
        sys.exit(main())
