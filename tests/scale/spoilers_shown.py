"""What gives something away in a newsroom, and whether an answer shows it to a reader who should not have it.

To a reader who has said nothing, the full title of a text that spoils is shown at that text's own addresses
only. To one who has seen nothing, it, the standfirst and the beginning of the text, and the episodes of a
season on its page, stand in folds only. JSON-LD keeps the headline of the page, and is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from catalog.models import Episode, Series
from editorial.comparing import words_of as body_words
from editorial.models import Edition
from tests.scale.crawled_pages import Crawled

BEGINNING = 60  # characters of a text that are looked for
SEASONS = "/series/"  # whose episodes are folded on their own page; others lead to them by name
SHORTEST = 12  # a shorter text may stand anywhere


@dataclass(frozen=True, slots=True)
class Spoiler:
    """A text that gives something away, where it may stand for everybody (what an address begins with), and
    whether a reader who has said nothing may have it elsewhere.
    """

    text: str
    home: str
    is_listed: bool


class Spoilers:
    """Of everything that readers have now; `setting` is that of a reader who has seen nothing."""

    def __init__(self, found: list[Spoiler], setting: str) -> None:
        self.setting = setting
        self.listed, self.hidden = (
            _by_beginning(found),
            _by_beginning(one for one in found if not one.is_listed),
        )

    @classmethod
    def of_newsroom(cls) -> Spoilers:
        setting = ",".join(f"{slug}:0" for slug in sorted(Series.objects.values_list("slug", flat=True)))
        return cls([*_of_articles(), *_of_episodes()], setting)

    def shown(self, path: str, body: str) -> list[str]:
        """What a reader who has said nothing should not find at `path`."""
        return [
            one.text
            for one in _in(words_of(body), self.hidden)
            if not path.startswith((f"{one.home}/", f"{one.home}."))
        ]

    def unfolded(self, path: str, page: Crawled) -> list[str]:
        """What a reader who has seen nothing finds without opening a fold."""
        return [
            one.text
            for one in _in(page.unfolded, self.listed)
            if not one.home.startswith(SEASONS) or path.startswith(one.home)
        ]


def _by_beginning(found: Iterable[Spoiler]) -> dict[str, list[Spoiler]]:
    held: dict[str, list[Spoiler]] = defaultdict(list)
    for one in found:
        held[one.text[:SHORTEST]].append(one)
    return dict(held)


def _in(text: str, by_beginning: dict[str, list[Spoiler]]) -> list[Spoiler]:
    """Those that stand in a text. It is read once, however many there are."""
    beginnings = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}
    return [
        one
        for beginning in by_beginning.keys() & beginnings
        for one in by_beginning[beginning]
        if one.text in text
    ]


def words_of(text: str) -> str:
    """A text as it is compared: with single spaces, without entities."""
    return " ".join(unescape(text).split())


def _of_articles() -> Iterator[Spoiler]:
    live = Edition.objects.live().filter(revision__content__spoils_through__isnull=False)
    rows = list(live.select_related("revision"))
    listed = {words_of(row.revision.content["spoiler_free_title"]) for row in rows}
    for row in rows:
        content = row.revision.content
        if not content["spoils_through"]:
            continue
        home = row.get_absolute_url().rstrip("/")
        title = words_of(content["title"])
        if content["spoiler_free_title"] and not any(title in one for one in listed):
            yield from _told(title, home, is_listed=False)
        yield from _told(words_of(content["standfirst"]), home, is_listed=True)
        yield from _told(words_of(body_words(content["body"]))[:BEGINNING], home, is_listed=True)


def _of_episodes() -> Iterator[Spoiler]:
    for episode in Episode.objects.select_related("season__series"):
        yield from _told(words_of(episode.title), episode.season.get_absolute_url(), is_listed=True)


def _told(text: str, home: str, *, is_listed: bool) -> Iterator[Spoiler]:
    if len(text) >= SHORTEST:
        yield Spoiler(text, home, is_listed)
