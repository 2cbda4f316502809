"""`make crawl`: walks every internal link of the demo newsroom and of a generated one of 2,000 articles.

Each newsroom is made in a database of its own and asked through Django's test client, from the front page
and the sitemaps on. Prints how many pages of each type there are, the most queries that one took, and what
is wrong: an address that does not answer, too many queries, an excerpt that is too long, a link into a page
that has no such place, a page without its one `h1` or without a title. Exits 1 when anything is.
Argument: how many articles to generate (2,000).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from tests.scale.crawled_pages import Address, Crawled, page_of, targets_of

ARTICLES = 2_000
KINDS = ("recap", "guide", "announcement", "review", "news")
# Queries, once what a process asks once has been asked and nothing is in the cache.
BUDGETS = {"home": 6, "article": 3, "season": 12, "person": 8, "search": 4}
OTHERS = 12
EXCERPT_WORDS = 12
STARTS = ("/", "/sitemap.xml", "/search/?q=series", "/search/?q=ra", "/robots.txt", "/opensearch.xml")
# Each filter of a search leads to more of them; what is filtered thrice is walked no further.
MOST_FILTERS = 3
SHOWN = 40


def main(articles: int) -> int:
    found = 0
    for newsroom in ("demo", "generated"):
        with tempfile.TemporaryDirectory() as folder:
            own = {"DJANGO_SETTINGS_MODULE": "config.settings", "IBID_ENV": "demo", "IBID_VAR": folder}
            place = {
                "CACHE_URL": "locmemcache://crawl",
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'ibid.sqlite3'}",
            }
            command = [sys.executable, "-m", "tests.scale.crawl", newsroom, str(articles)]
            found += subprocess.run(command, env={**os.environ, **own, **place}, check=False).returncode
    return int(found > 0)


def crawl(newsroom: str, articles: int) -> int:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django.setup()
    begun = time.monotonic()
    call_command("migrate", verbosity=0)
    if newsroom == "demo":
        import_module("editorial.demo").create_accounts()
        import_module("editorial.demo").load_newsroom()
        call_command("rebuild_search", verbosity=0, skip_checks=True)
    else:
        import_module("tests.scale.generated_newsroom").fill(articles)
    made = time.monotonic() - begun
    crawler = Crawler()
    crawler.walk(STARTS)
    print(f"The {newsroom} newsroom, made in {made:.0f} s, walked in {time.monotonic() - begun - made:.0f} s")
    crawler.report()
    return int(bool(crawler.findings))


class Crawler:
    """Asks for address after address; `findings` is what is wrong."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.findings: list[str] = []
        self.counts: Counter[str] = Counter()
        self.worst: dict[str, tuple[int, str]] = {}
        self.linked_from: dict[str, str] = {}  # the page that named an address first
        self.ids: dict[str, frozenset[str]] = {}
        self.places: dict[tuple[str, str], str] = {}  # a page and a place in it: who leads there

    def walk(self, starts: tuple[str, ...]) -> None:
        waiting = list(starts)
        self.linked_from = dict.fromkeys(starts, "the crawler")
        while waiting:
            path = waiting.pop()
            for target in self.visit(path):
                if target.fragment:
                    self.places.setdefault((target.path, target.fragment), path)
                if target.path not in self.linked_from and not self.leaves(target.path):
                    self.linked_from[target.path] = path
                    waiting.append(target.path)
        for (path, place), origin in self.places.items():
            if path in self.ids and place not in self.ids[path]:
                self.findings.append(f"{origin} leads to {path}#{place}, which is not there")

    def leaves(self, path: str) -> bool:
        """Whether an address is none of the reader's pages, or one more combination of filters."""
        return path.startswith("/admin/") or (path.startswith("/search") and path.count("&") >= MOST_FILTERS)

    def visit(self, path: str) -> list[Address]:
        """Ask for an address, and say what it leads to."""
        if path.startswith(settings.STATIC_URL):
            if finders.find(path.removeprefix(settings.STATIC_URL)) is None:
                self.findings.append(f"{path} is no file ({self.linked_from[path]})")
            return []
        kind = kind_of(path)
        response, body, queries = self.ask(path)
        if queries > BUDGETS.get(kind, OTHERS):  # perhaps what a process asks once
            cache.clear()
            response, body, queries = self.ask(path)
        self.counts[kind] += 1
        if queries > self.worst.get(kind, (-1, ""))[0]:
            self.worst[kind] = (queries, path)
        if queries > BUDGETS.get(kind, OTHERS):
            self.findings.append(f"{path} takes {queries} queries")
        if response.status_code in (301, 302):
            return targets_of(path, [response["Location"]])
        if response.status_code != 200:
            self.findings.append(f"{path} answers {response.status_code} ({self.linked_from[path]})")
            return []
        page = page_of(path, response.headers.get("Content-Type", ""), body)
        self.judge(path, page)
        return page.targets

    def ask(self, path: str):
        counted = 0

        def count(execute, sql, params, many, context):
            nonlocal counted
            counted += not sql.startswith(("SAVEPOINT", "RELEASE"))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.client.get(path)
            body = response.getvalue()  # what is streamed asks while it is read
        return response, body, counted

    def judge(self, path: str, page: Crawled) -> None:
        if not page.is_html:
            return
        self.ids[path] = page.ids
        if page.headlines != 1:
            self.findings.append(f"{path} has {page.headlines} h1")
        if not page.title:
            self.findings.append(f"{path} has no title")
        for excerpt in page.excerpts:
            if len(excerpt.split()) > EXCERPT_WORDS:
                self.findings.append(f"{path} shows more than {EXCERPT_WORDS} words: {excerpt}")

    def report(self) -> None:
        for kind, count in sorted(self.counts.items()):
            queries, path = self.worst[kind]
            print(f"  {kind:<24}{count:6,}   {queries:3} queries at most ({path})")
        for finding in self.findings[:SHOWN]:
            print(f"  ! {finding}")
        print(f"  {sum(self.counts.values()):,} addresses, {len(self.findings):,} findings")


def kind_of(path: str) -> str:
    """The type of page at an address: the name of its URL, and `article` for each kind of them."""
    try:
        name = resolve(path.partition("?")[0]).url_name or "file"
    except Resolver404:
        return "nothing"
    return "article" if name in KINDS else name


if __name__ == "__main__":
    if sys.argv[1:2] in (["demo"], ["generated"]):
        sys.exit(crawl(sys.argv[1], int(sys.argv[2])))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES))
