"""`make bench-writing`: what saving and judging a long article costs, against a text of one sentence.

An article of 3,000 words about one series, with 120 citations of the demo newsroom's passages, saved as the
admin's form sends it, and its coverage and findings as the panel beside the text asks for them; the same for
one sentence with one citation.
One server process with one connection, over HTTP, in alternating requests. Prints the medians and the ratios
of the long text to the short one; exits 1 beyond the limits.
"""

from __future__ import annotations

import csv
import http.client
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlencode

from tests.forms import form_data
from tests.scale.bench_pages import served

ROUNDS = 25
WORDS = 3_000
CITATIONS = 120
# The long text has 125 times as many words and 120 times as many citations.
LIMITS = {"save": 2.5, "coverage": 6.0}
PASSAGES = Path("fixtures/demo/passages.csv")
ADD = "/admin/editorial/article/add/"
COVERAGE = "/admin/editorial/article/writing/coverage/"
# Among what sources say of a series are the facts on which they differ.
SERIES = "Narcos: Mexico"
SERIES_FIELD = "/admin/autocomplete/?app_label=editorial&model_name=article&field_name=series&term="


class Desk:
    """A signed-in editor on one connection."""

    def __init__(self, connection: http.client.HTTPConnection, password: str) -> None:
        self.connection = connection
        self.cookies: SimpleCookie = SimpleCookie()
        form = form_data(self.get("/admin/login/"), "login-form")
        self.post("/admin/login/", {**form, "username": "editor", "password": password}, 302)

    def get(self, path: str) -> SimpleNamespace:
        return self._send("GET", path, "", 200)

    def post(self, path: str, data: dict, status: int) -> SimpleNamespace:
        token = {"csrfmiddlewaretoken": self.cookies["csrftoken"].value}
        return self._send("POST", path, urlencode({**data, **token}, doseq=True), status)

    def _send(self, method: str, path: str, body: str, status: int) -> SimpleNamespace:
        headers = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        if response.status != status:
            raise SystemExit(f"{method} {path} answered {response.status}, not {status}.")
        return SimpleNamespace(content=content, location=response.headers.get("Location", ""))


class Text:
    """An article of so many sentences, in which every save changes one word."""

    def __init__(self, desk: Desk, slug: str, sentences: int) -> None:
        self.desk, self.sentences = desk, sentences
        self.round = 1
        [series] = json.loads(desk.get(SERIES_FIELD + quote(SERIES)).content)["results"]
        self.series = series["id"]
        form = form_data(desk.get(ADD), "article_form")
        form |= {"kind": "news", "title": slug, "slug": slug, "body": self.body(), "_continue": "1"}
        form |= {"series": self.series}
        self.path = desk.post(ADD, form, 302).location
        self.form = form_data(desk.get(self.path), "article_form") | {"_continue": "1"}

    def body(self) -> str:
        """Paragraphs of five sentences, each of 25 words and with its citation."""
        words = f"In round {self.round} of this text nobody says " + "anything that is worth a footnote " * 3
        keys = islice(cycle(passage_keys()), self.sentences)
        written = [f'{words}yet.<cite data-passage="{key}"></cite>' for key in keys]
        parts = [written[start : start + 5] for start in range(0, len(written), 5)]
        return "\n".join(f"<p>{' '.join(part)}</p>" for part in parts)

    def save(self) -> None:
        based_on, self.round = self.round, self.round + 1
        self.desk.post(self.path, {**self.form, "body": self.body(), "based_on": based_on}, 302)

    def coverage(self) -> None:
        sent = {"body": self.body(), "language": "en", "series": self.series}
        answer = json.loads(self.desk.post(COVERAGE, sent, 200).content)
        if answer["supported"] != self.sentences:
            raise SystemExit(f"{answer['supported']} sentences are supported, not {self.sentences}.")


def passage_keys() -> Iterator[str]:
    with PASSAGES.open(newline="") as table:
        yield from (f"{row['source']}#{row['number']}" for row in csv.DictReader(table))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as connection:
        [logins] = json.loads((Path(folder) / "logins.json").read_text()).values()
        desk = Desk(connection, logins["editor"])
        texts = {"long": Text(desk, "long", CITATIONS), "short": Text(desk, "short", 1)}
        words = len(re.sub("<[^>]*>", " ", texts["long"].body()).split())
        print(f"{words:,} words, {CITATIONS} citations, {ROUNDS} requests of each kind")
        spent = measure(texts)
    return report(spent)


def measure(texts: dict[str, Text]) -> dict[tuple[str, str], float]:
    """The median of the seconds that each request of each text takes; the first of each warms up."""
    taken: dict[tuple[str, str], list[float]] = {}
    for number in range(ROUNDS + 1):
        for what in LIMITS:
            for name, text in texts.items():
                began = time.perf_counter()
                getattr(text, what)()
                if number:
                    taken.setdefault((what, name), []).append(time.perf_counter() - began)
    return {key: statistics.median(seconds) for key, seconds in taken.items()}


def report(spent: dict[tuple[str, str], float]) -> int:
    """Print the table; 1 when a ratio is beyond its limit."""
    failed = False
    for what, limit in LIMITS.items():
        long, short = spent[what, "long"], spent[what, "short"]
        failed = failed or long / short > limit
        print(
            f"{what:<10}{long * 1000:7.1f} ms, one sentence {short * 1000:6.1f} ms"
            f"   {long / short:5.2f} × (at most {limit:g})"
        )
    if failed:
        print("Beyond its limit.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
