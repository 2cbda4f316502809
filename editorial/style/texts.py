"""Articles that nobody has written, for the style page: with all that a text can have, compiled as any."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from catalog.watching import Offer
from editorial.corrections import Note
from editorial.embeds import figures
from editorial.evidence_in_text import marked_text, text_with_marks
from editorial.models import Contributor, Edition, Revision
from editorial.photos_in_text import with_present_photos
from editorial.prose.compile import compile_as_it_stands, trusted
from editorial.prose.embeds import Embed
from editorial.reading import Card, Story
from editorial.reporting import Pointed
from editorial.sections import BY_KIND
from editorial.style import records
from editorial.surroundings import Line, Surroundings

LANGUAGE = "en"
PUBLISHED = datetime.datetime(2031, 10, 13, 9, tzinfo=datetime.UTC)
CHANGED = datetime.datetime(2031, 10, 20, 12, tzinfo=datetime.UTC)
TITLE = "Harbour Lights comes back with a double episode"
TITLE_THAT_GIVES_NOTHING_AWAY = "Harbour Lights: what the second season begins with"
STANDFIRST = "The lighthouse has no keeper, the village has a secret, and the second season has eight parts."
PATH = "/recaps/harbour-lights-comes-back/"
BIOGRAPHY = "Writes about islands, and about series that are set on them. Never leaves before the credits."

_BODY = """
<h2>A lamp without a keeper</h2>
<p>The second season <strong>opens with a double episode</strong> on
12 October.<cite data-passage="harbour-lights-press-kit#1"></cite> It has eight parts, two more than the
first.<cite data-passage="coast-gazette-two-islands#1"></cite><cite
data-passage="harbour-lights-press-kit#1"></cite></p>
<div data-embed="facts" data-season="harbour-lights/2"></div>
<p>Marit Halvorsen is the last keeper once more,<cite data-passage="harbour-lights-press-kit#2"></cite> and
the lantern is <em>not</em> a real one: it was built in a studio.<cite
data-passage="kuestenblatt-leuchtturm#1"></cite> <span data-not-a-claim="opinion">It looks better than
any.</span></p>
<blockquote data-speaker="Marit Halvorsen"><p>A lighthouse is a face that never looks at
you.<cite data-passage="harbour-lights-press-kit#2"></cite></p></blockquote>
<h2>Who is in it</h2>
<ul><li>The keeper, who <a href="/characters/harbour-lights/jonna-vik/">says
little</a>.<cite data-passage="harbour-lights-press-kit#2"></cite></li><li data-not-a-claim="opinion">The sea,
which says the rest.</li></ul>
<div data-embed="cast" data-season="harbour-lights/2"></div>
<h3>From the set</h3>
<div data-embed="photo" data-photo="harbour"></div><div data-embed="photo" data-photo="harbour-again"></div>
<blockquote data-kind="post" data-speaker="Kanal Nord" data-handle="@kanalnord" data-date="2031-03-04"
data-url="https://posts.example/1"><p>The light is on again this
autumn.<cite data-passage="coast-gazette-two-islands#2"></cite></p></blockquote>
<h2>What was known when</h2>
<div data-embed="timeline" data-season="harbour-lights/2"></div>
<div data-embed="photo" data-photo="harbour"></div>
"""
_UNFINISHED = """
<p>Nobody has said this yet.<cite data-passage="nobody#1"></cite></p>
<div data-embed="cast" data-season="harbour-lights/9"></div>
"""


def card(*, with_photo: bool = True, **fields: object) -> Card:
    """An article in a list; any part of it can be given."""
    given = {
        "title": TITLE,
        "standfirst": STANDFIRST,
        "language": LANGUAGE,
        "path": PATH,
        "section": BY_KIND["recap"],
        "published_at": PUBLISHED,
        "changed_at": CHANGED,
        "photo": records.photo() if with_photo else None,
    }
    return Card(**{**given, **fields})


def line(title: str = "The long ebb, explained", **fields: object) -> Line:
    """An article in one line; any part of it can be given."""
    given = {
        "language": LANGUAGE,
        "path": PATH,
        "section": BY_KIND["guide"],
        "published_at": PUBLISHED,
        "changed_at": CHANGED,
    }
    return Line(title, **{**given, **fields})


def note(
    kind: str = "correction", text: str = "An earlier version gave the wrong number of episodes."
) -> Note:
    return Note(
        kind=kind,
        text=text,
        at=CHANGED,
        title=TITLE,
        language=LANGUAGE,
        section=BY_KIND["recap"],
        path=PATH,
        comparison="" if kind == "retraction" else "/corrections/1/",
    )


def contributors() -> list[Contributor]:
    """One with a portrait and a biography, one with a name alone."""
    portrait = records.photo("harbour-portrait")
    writes = Contributor(pk=-1, slug="ane-lind", name="Ane Lind", role="Television editor")
    writes.biography, writes.portrait = BIOGRAPHY, portrait
    return [writes, Contributor(pk=-2, slug="tor-berg", name="Tor Berg")]


def story(text: Callable[[Edition], str] = text_with_marks, *, unfinished: bool = False) -> Story:
    """An article with everything that can stand on its page; `text` draws it. With `unfinished`, the text
    cites and embeds what there is not.
    """
    edition = _edition(_BODY + (_UNFINISHED if unfinished else ""))
    photos = {slug: records.photo(slug) for slug in ("harbour", "harbour-again")}
    return Story(
        title=TITLE,
        spoiler_free_title=TITLE_THAT_GIVES_NOTHING_AWAY,
        standfirst=STANDFIRST,
        language=LANGUAGE,
        path=PATH,
        section=BY_KIND["recap"],
        contributors=contributors(),
        series=records.SERIES,
        season=records.SECOND,
        spoils_through=records.SECOND,
        photo=records.photo(),
        html=trusted(with_present_photos(text(edition), photos)),
        notes=[note(), note("update", "The day of the first episode was added.")],
        published_at=PUBLISHED,
        changed_at=CHANGED,
        around=_around(),
        offers=[Offer("Kanal Nord", "NO", "12 October 2031"), Offer("Lantern+")],
        checked_at=CHANGED,
    )


def pointed() -> Pointed:
    """A sentence that a reader reports, with the first footnote of it."""
    note = marked_text(_edition(_BODY)).notes[2]
    sentence = "It has eight parts, two more than the first."
    return Pointed(sentence, 2, trusted(note.excerpt), trusted(note.source), "s-2")


def _edition(body: str) -> Edition:
    season = f"{records.SERIES.slug}/{records.SECOND.number}"
    sheet = records.season_sheet()
    facts = records.FactGroup("", sheet.facts)
    embeds = {
        f"cast {season}": Embed("cast", f"Cast of {records.SECOND}", tuple(sheet.cast)),
        f"facts {season}": Embed("facts", f"{records.SECOND} at a glance", (facts,)),
        f"timeline {season}": Embed("timeline", "What was known when", tuple(sheet.histories)),
        **figures({slug: records.photo(slug) for slug in ("harbour", "harbour-again")}),
    }
    compiled = compile_as_it_stands(body, language=LANGUAGE, evidence=records.EVIDENCE, embeds=embeds)
    revision = Revision(content={"body": body, "language": LANGUAGE})
    edition = Edition(kind="recap", slug="harbour-lights-comes-back", html=compiled.html, revision=revision)
    edition.derivations = []
    return edition


def _around() -> Surroundings:
    here = line(TITLE)
    german = line("Harbour Lights kehrt zurück", language="de", path="/recaps/harbour-lights-kehrt-zurueck/")
    related = [
        line(reason="About the same season"),
        line("Who is who on the outer island", reason="Names the same people", is_title_folded=True),
    ]
    return Surroundings(
        newer=line("A third season is ordered"),
        older=line("The first season in ten scenes"),
        related=related,
        versions=[here, german],
        original=here,
    )
