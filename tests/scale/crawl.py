"""`make crawl`: walks every internal link of the demo newsroom and of a generated one of 2,000 articles.

Each newsroom is made in a database of its own and asked through Django's test client, from the front page
and the sitemaps on. Prints how many pages of each type there are, the most queries that one took, and what
is wrong: an address that does not answer, too many queries, an excerpt that is too long (in pages, JSON and
tables), what gives away more than its reader has seen, a link into a page that has no such place, a page
without its one `h1` or without a title, broken XML or JSON, an empty picture. Exits 1 when anything is.
Of the generated newsroom the forms that report a mistake and the social cards are sampled, as it says.
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
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from tests.scale.crawled_pages import Address, Crawled, page_of, targets_of

if TYPE_CHECKING:
    from tests.scale.spoilers_shown import Spoilers

ARTICLES = 2_000
NAME = "seen"  # of the cookie, and of the parameter in a link
KINDS = ("recap", "guide", "announcement", "review", "news")
# Queries, once what a process asks once has been asked and nothing is in the cache.
BUDGETS = {"home": 6, "article": 3, "season": 12, "person": 8, "search": 4, "sitemap_index": 9}
OTHERS = 12
EXCERPT_WORDS = 12
STARTS = ("/", "/sitemap.xml", "/search/?q=series", "/search/?q=ra", "/robots.txt", "/opensearch.xml")
# Each filter of a search leads to more of them; what is filtered thrice is walked no further.
MOST_FILTERS = 3
SHOWN = 40
SLOWEST = 10
TOLD = 1_000  # answers between two lines that say how far it is
ONE_CARD_IN = 10
# The pages that fold what their reader has not seen.
FOLDING = {
    *("home", "article", "series", "season", "search", "byline", "correction_list", "correction"),
    *(f"{kind}_list" for kind in KINDS),
    *(f"{kind}_year" for kind in KINDS),
}


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
    spoilers = import_module("tests.scale.spoilers_shown").Spoilers.of_newsroom()
    crawler = Crawler(spoilers, is_sampled=newsroom == "generated")
    crawler.walk(STARTS)
    print(f"The {newsroom} newsroom, made in {made:.0f} s, walked in {time.monotonic() - begun - made:.0f} s")
    crawler.report()
    return int(bool(crawler.findings))


class Crawler:
    """Asks for address after address; `findings` is what is wrong. With `is_sampled`, of the forms that
    report a mistake only the first of each article is asked for, and one social card in ten is drawn.
    """

    def __init__(self, spoilers: Spoilers, *, is_sampled: bool = False) -> None:
        self.client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.spoilers, self.is_sampled = spoilers, is_sampled
        self.findings: list[str] = []
        self.counts: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.worst: dict[str, tuple[int, str]] = {}
        self.slowest: list[tuple[float, int, str]] = []
        self.linked_from: dict[str, str] = {}  # the page that named an address first
        self.folding: list[str] = []  # pages that may fold something
        self.ids: dict[str, str] = {}  # by page, with spaces: sets would take gigabytes
        self.places: dict[tuple[str, str], str] = {}  # a page and a place in it: who leads there

    def walk(self, starts: tuple[str, ...]) -> None:
        """Every link from these on as somebody who has said nothing, then each page that may fold something
        as somebody who has seen nothing.
        """
        self.follow(list(starts), dict.fromkeys(starts, "the crawler"))
        for (path, place), origin in self.places.items():
            if path in self.ids and place not in self.ids[path].split():
                self.findings.append(f"{origin} leads to {path}#{place}, which is not there")
        self.client.cookies[NAME] = self.spoilers.setting
        for path in self.folding:
            self.look_again(path)
        del self.client.cookies[NAME]
        # A link carries a setting on: one page of each type says it so.
        said = urlencode({NAME: self.spoilers.setting})
        for path in {kind_of(path): path for path in self.folding}.values():
            self.follow([f"{path}{'&' if '?' in path else '?'}{said}"], {}, one_step=True)

    def follow(self, waiting: list[str], origins: dict[str, str], *, one_step: bool = False) -> None:
        self.linked_from |= origins
        while waiting:
            path = waiting.pop()
            self.linked_from.setdefault(path, "the crawler")
            for target in self.visit(path):
                if target.fragment:
                    self.places.setdefault((target.path, target.fragment), path)
                if not one_step and target.path not in self.linked_from and not self.leaves(target.path):
                    self.linked_from[target.path] = path
                    waiting.append(target.path)

    def leaves(self, path: str) -> bool:
        """Whether an address is none of the reader's pages, one more combination of filters, or one of many
        that are alike.
        """
        if path.startswith("/admin/") or (path.startswith("/search") and path.count("&") >= MOST_FILTERS):
            return True
        alike = ""
        if self.is_sampled and "/report/?note=" in path and not path.endswith("=1"):
            alike = "forms to report a mistake"
        elif self.is_sampled and "/card-" in path and sum(path.encode()) % ONE_CARD_IN:
            alike = "social cards"
        self.left_out[alike] += bool(alike)
        return bool(alike)

    def visit(self, path: str) -> list[Address]:
        """Ask for an address, and say what it leads to."""
        if path.startswith(settings.STATIC_URL):
            if finders.find(path.removeprefix(settings.STATIC_URL)) is None:
                self.findings.append(f"{path} is no file ({self.linked_from[path]})")
            return []
        kind = kind_of(path)
        response, body = self.asked(path, kind)
        if response.status_code in (301, 302):
            return targets_of(path, [response["Location"]])
        if response.status_code != 200:
            self.findings.append(f"{path} answers {response.status_code} ({self.linked_from[path]})")
            return []
        page = page_of(path, response.headers.get("Content-Type", ""), body)
        self.judge(path, page)
        if NAME not in path and not response.headers.get("Content-Type", "").startswith("image/"):
            for text in self.spoilers.shown(path, body.decode(errors="replace")):
                self.findings.append(f"{path} gives away to everybody: {text}")
        if page.is_html and kind in FOLDING and NAME not in path:
            self.folding.append(path)
        if page.is_html and f"{NAME}=" in path:
            self.judge_folds(path, page)
        return page.targets

    def look_again(self, path: str) -> None:
        """What the page holds for a reader who has seen nothing."""
        response, body = self.asked(path, kind_of(path))
        if response.status_code != 200:
            self.findings.append(f"{path} answers {response.status_code} to who has seen nothing")
            return
        page = page_of(path, response.headers.get("Content-Type", ""), body)
        self.judge(path, page)
        self.judge_folds(path, page)

    def asked(self, path: str, kind: str):
        """The answer with its body; its queries are held against the budget, its CPU time is noted."""
        budget = BUDGETS.get(kind, OTHERS)
        response, body, queries, cost = self.ask(path)
        if queries > budget:  # perhaps what a process asks once
            cache.clear()
            response, body, queries, cost = self.ask(path)
        self.counts[kind] += 1
        if self.counts.total() % TOLD == 0:
            print(f"  … {self.counts.total():,} answers, {len(self.findings):,} findings", flush=True)
        self.slowest = sorted([*self.slowest, (cost, queries, path)], reverse=True)[:SLOWEST]
        if queries > self.worst.get(kind, (-1, ""))[0]:
            self.worst[kind] = (queries, path)
        if queries > budget:
            self.findings.append(f"{path} takes {queries} queries, {budget} at most")
        return response, body

    def ask(self, path: str):
        counted = 0

        def count(execute, sql, params, many, context):
            nonlocal counted
            counted += not sql.startswith(("SAVEPOINT", "RELEASE"))
            return execute(sql, params, many, context)

        begun = time.process_time()
        with connection.execute_wrapper(count):
            response = self.client.get(path)
            body = response.getvalue()  # what is streamed asks while it is read
        return response, body, counted, time.process_time() - begun

    def judge(self, path: str, page: Crawled) -> None:
        self.findings += [f"{path} {fault}" for fault in page.faults]
        for excerpt in page.excerpts:
            if len(excerpt.split()) > EXCERPT_WORDS:
                self.findings.append(f"{path} shows more than {EXCERPT_WORDS} words: {excerpt}")
        if not page.is_html:
            return
        self.ids.setdefault(path, " ".join(page.ids))
        if page.headlines != 1:
            self.findings.append(f"{path} has {page.headlines} h1")
        if not page.title:
            self.findings.append(f"{path} has no title")

    def judge_folds(self, path: str, page: Crawled) -> None:
        for text in self.spoilers.unfolded(path, page):
            self.findings.append(f"{path} gives away to who has seen nothing: {text}")

    def report(self) -> None:
        for kind, count in sorted(self.counts.items()):
            queries, path = self.worst[kind]
            print(f"  {kind:<24}{count:6,}   {queries:3} queries at most ({path})")
        print(f"  The {SLOWEST} slowest, by CPU time:")
        for cost, queries, path in self.slowest:
            print(f"  {cost * 1000:8.0f} ms{queries:4} queries   {path}")
        for alike, count in self.left_out.items():
            if alike:
                print(f"  Left out as alike: {count:,} links to {alike}")
        for finding in self.findings[:SHOWN]:
            print(f"  ! {finding}")
        print(f"  {sum(self.counts.values()):,} answers, {len(self.findings):,} findings")


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
