import base64
import datetime
import hashlib
from html.parser import HTMLParser

import pytest
from django.contrib.contenttypes.models import ContentType

from catalog.dates import PartialDate
from catalog.models import Citation, Source, SourceKind
from tests.catalog.annotation_model import check_collection
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_citation,
    make_crew_credit,
    make_earlier_work,
    make_episode,
    make_passage,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_statement,
)
from tests.newsroom import load_newsroom

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

TEXT = "It began 🎬 long ago. The second season of the show arrives on the thirteenth day of February 2020."
MOMENT = datetime.datetime(2020, 1, 31, 23, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-2)))
ANNOTATIONS = 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"'
CSL = "application/vnd.citationstyles.csl+json"
# The types of CSL 1.0.2 that we use, out of its schema.
CSL_TYPES = {"article-magazine", "broadcast", "document", "interview", "post"}


class Links(HTMLParser):
    """The attributes of every link of a page, in the head and in the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in {"a", "link"}:
            self.found.append(dict(attrs))


def passage_of(source: Source, exact: str, **fields):
    snapshot = source.snapshots.first() or make_snapshot(source, TEXT, captured_at=MOMENT)
    return make_passage(source, exact, snapshot=snapshot, start=TEXT.index(exact), **fields)


def annotations_of(client, source: Source) -> list[dict]:
    response = client.get(f"/sources/{source.slug}/annotations.jsonld")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == ANNOTATIONS
    return check_collection(response.json())


def item_of(client, source: Source) -> dict:
    response = client.get(f"/sources/{source.slug}/citations.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CSL
    [item] = response.json()
    assert item["type"] in CSL_TYPES
    assert all(item.values())
    return item


@pytest.fixture
def source() -> Source:
    return make_source(slug="guide", url="https://example.org/guide?page=1")


@pytest.fixture
def season():
    series = make_series(slug="narcos", title="Narcos")
    return make_season(series=series, number=2, premiere=PartialDate(2020, 2, 13))


def test_an_annotation_says_which_words_state_what_of_which_record(client, source, season):
    exact = "The second season of the show"
    passage = passage_of(source, exact)
    make_citation(season, "premiere", passage, says="--02-13")
    [annotation] = annotations_of(client, source)
    base = "http://testserver/sources/guide/annotations.jsonld"
    assert annotation["id"] == f"{base}#p1:season:narcos/2:premiere"
    page, words, about, stance = annotation["body"]
    assert page["source"] == "http://testserver/series/narcos/season-2/"
    assert words["language"] == "en"
    assert words["value"] == "Narcos, season 2 · Premiere · 13 February 2020 · it says: 13 February"
    assert (about["purpose"], about["value"]) == ("identifying", "season:narcos/2:premiere")
    assert (stance["purpose"], stance["value"]) == ("tagging", "supports")
    target = annotation["target"]
    assert target["source"] == "https://example.org/guide?page=1"
    quote, position = target["selector"]
    assert quote == {"type": "TextQuoteSelector", "exact": exact}
    # Code points, not UTF-16 units: there is a 🎬 before the words.
    assert TEXT[position["start"] : position["end"]] == exact


def test_the_state_of_a_target_names_the_moment_and_the_digest_of_the_capture(client, source, season):
    make_citation(season, "premiere", passage_of(source, "February 2020"))
    [annotation] = annotations_of(client, source)
    digest = base64.urlsafe_b64encode(hashlib.sha256(TEXT.encode()).digest()).decode().rstrip("=")
    assert annotation["target"]["state"] == {
        "type": "TimeState",
        "sourceDate": "2020-02-01T01:30:00Z",
        "cached": f"ni:///sha-256;{digest}",
    }


def test_a_long_passage_gives_no_more_than_its_excerpt(client, source, season):
    exact = TEXT[TEXT.index("The second") :]
    excerpt = " ".join(exact.split()[:12])
    make_citation(season, "premiere", passage_of(source, exact, excerpt=f"{excerpt}…"))
    [annotation] = annotations_of(client, source)
    quote, position = annotation["target"]["selector"]
    assert quote["exact"] == excerpt
    assert TEXT[position["start"] : position["end"]] == exact
    assert "day of February" not in str(annotation)


def test_an_excerpt_with_a_gap_is_quoted_up_to_the_gap(client, source, season):
    passage = passage_of(source, "The second season of the show", excerpt="The second … the show")
    make_citation(season, "premiere", passage)
    [annotation] = annotations_of(client, source)
    assert annotation["target"]["selector"][0]["exact"] == "The second"


def test_only_facts_that_readers_see_are_annotated(client, source, season):
    make_citation(season, "premiere", passage_of(source, "February 2020"), checked_value="2019")
    passage_of(source, "long ago")
    assert annotations_of(client, source) == []
    make_citation(season, "premiere", stance="supports")
    assert len(annotations_of(client, source)) == 1


def test_every_kind_of_record_has_an_identifier_of_its_own(client, source, season):
    entry = make_cast_entry(season=season, status="new")
    alias = make_alias(person=entry.person, text="Ñandú <& “Otherwise”>")
    cited = [
        *((entry, ""), (entry, "status"), (season, "premiere"), (season.series, "title"), (alias, "text")),
        (make_episode(season=season, title="Camelot"), "title"),
        (make_earlier_work(person=entry.person), "title"),
        (make_crew_credit(season=season), ""),
        (make_statement(season=season, label="What: where/when"), "value"),
        (entry.character, "name"),
        (entry.person, "name"),
    ]
    passage = passage_of(source, "February 2020")
    for record, field in cited:
        make_citation(record, field, passage)
    assert len(annotations_of(client, source)) == len(cited)


def test_annotations_speak_the_reader_s_language_and_name_it(client, source, season):
    make_citation(season, "premiere", passage_of(source, "February 2020"))
    path = "/sources/guide/annotations.jsonld"
    response = client.get(path, headers={"Accept-Language": "de"})
    [annotation] = check_collection(response.json())
    assert annotation["body"][1]["language"] == "de"
    assert "13. Februar 2020" in annotation["body"][1]["value"]
    assert "Accept-Language" in response.headers["Vary"]


def test_every_source_of_the_demo_newsroom_gives_valid_annotations_and_an_item(client):
    load_newsroom()
    for source in Source.objects.all():
        assert annotations_of(client, source)
        item_of(client, source)


def test_annotations_take_as_many_queries_with_3_citations_as_with_30(client, django_assert_max_num_queries):
    counts = set()
    for count in (3, 30):
        source = make_source()
        for _ in range(count):
            entry = make_cast_entry(season=make_season(premiere=PartialDate(2020)))
            make_citation(entry, "", make_passage(source))
            make_citation(entry.season, "premiere", make_passage(source))
        ContentType.objects.clear_cache()
        with django_assert_max_num_queries(8) as counted:
            assert len(annotations_of(client, source)) == 2 * count
        counts.add(len(counted))
    assert len(counts) == 1


def test_an_item_holds_what_the_source_says_of_itself(client, source):
    source.title, source.author = "A second season", "Ana López, Bo Li"
    source.publisher, source.published = "The Paper", PartialDate(2019, 12, 17)
    source.save()
    make_snapshot(source, TEXT, captured_at=MOMENT)
    assert item_of(client, source) == {
        "id": "guide",
        "type": "article-magazine",
        "title": "A second season",
        "author": [{"literal": "Ana López, Bo Li"}],
        "issued": {"date-parts": [[2019, 12, 17]]},
        "publisher": "The Paper",
        "container-title": "The Paper",
        "language": "en",
        "URL": "https://example.org/guide?page=1",
        "accessed": {"date-parts": [[2020, 2, 1]]},
    }


def test_an_item_leaves_out_what_is_unknown(client):
    source = make_source(slug="notice", title="Notice", language="", kind="other")
    assert item_of(client, source) == {"id": "notice", "type": "document", "title": "Notice"}


@pytest.mark.parametrize(
    ("published", "issued"),
    [
        (PartialDate(2018), {"date-parts": [[2018]]}),
        (PartialDate(2018, 12), {"date-parts": [[2018, 12]]}),
        (PartialDate(2018, 12, approximate=True), {"date-parts": [[2018, 12]], "circa": True}),
    ],
)
def test_a_date_is_no_more_precise_than_the_source(client, published, issued):
    assert item_of(client, make_source(published=published))["issued"] == issued


@pytest.mark.parametrize("kind", SourceKind.values)
def test_every_kind_of_source_has_a_type_of_csl(client, kind):
    item = item_of(client, make_source(kind=kind))
    assert ("genre" in item) == (kind == "press release")


@pytest.mark.parametrize("name", ["annotations.jsonld", "citations.json"])
def test_machines_are_answered_304_until_something_changes(client, source, season, name):
    make_citation(season, "premiere", passage_of(source, "February 2020"))
    path = f"/sources/guide/{name}"
    response = client.get(path)
    tag, date = response.headers["ETag"], response.headers["Last-Modified"]
    assert not response.cookies
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": date}).status_code == 304
    Source.objects.update(title="Another title")
    Citation.objects.update(stance="supports")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(f"/sources/nowhere/{name}").status_code == 404
    assert client.post(path).status_code == 405


def test_the_page_of_a_source_leads_to_both_formats(client, source):
    links = Links(client.get(source.get_absolute_url()).content.decode()).found
    for path, content_type in (
        ("/sources/guide/annotations.jsonld", "application/ld+json"),
        ("/sources/guide/citations.json", CSL),
    ):
        in_head, in_text = (link for link in links if link.get("href") == path)
        assert (in_head["rel"], in_head["type"], in_text["type"]) == ("alternate", content_type, content_type)


def test_a_passage_leads_to_its_words_at_the_source(client, source, season):
    make_citation(season, "premiere", passage_of(source, "February 2020"))
    links = Links(client.get(source.get_absolute_url()).content.decode()).found
    address = "https://example.org/guide?page=1#:~:text=February%202020"
    [link] = (link for link in links if link.get("href") == address)
    assert "noopener" in link["rel"]


@pytest.mark.parametrize(("state", "url"), [("lost", "https://example.org/"), ("verified", "")])
def test_words_that_are_lost_and_sources_without_an_address_are_not_led_to(client, season, state, url):
    source = make_source(url=url)
    make_citation(season, "premiere")
    make_citation(season, "premiere", passage_of(source, "February 2020", state=state))
    html = client.get(source.get_absolute_url()).content.decode()
    assert "February 2020" in html
    assert ":~:" not in html
