import pytest
from django.core.exceptions import PermissionDenied

from catalog.actions import (
    CatalogError,
    QuoteRefused,
    SourceExists,
    TextDoesNotFit,
    TextNotHere,
    ValueTooLong,
    add_passage,
    attach_text,
    capture_snapshot,
    confirm_citation,
    create_source,
    new_citation_value,
)
from catalog.capture import sha256_of
from catalog.facts import holds
from catalog.folding import search_key
from catalog.models import Passage, Source
from tests.factories import (
    make_citation,
    make_passage,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February. Diego Luna returns as Félix Gallardo, and Scoot McNairy takes over."


def make_waiting(source=None, spans=((0, 10), (32, 42))):
    """A snapshot of which only the hash is here, with unattached passages at `spans`."""
    snapshot = make_snapshot(source, None, sha256=sha256_of(TEXT), length=len(TEXT))
    for start, end in spans:
        make_passage(snapshot.source, TEXT[start:end], "unattached", snapshot=snapshot, start=start)
    return snapshot


def test_captured_text_is_frozen_with_hash_length_and_who_did_it():
    user, source = make_user("Editors"), make_source()
    snapshot = capture_snapshot(user=user, source=source, text=TEXT, method="paste")
    snapshot.refresh_from_db()
    assert (snapshot.text, snapshot.sha256, snapshot.length) == (TEXT, sha256_of(TEXT), len(TEXT))
    assert (snapshot.captured_by, snapshot.method) == (user, "paste")
    assert snapshot.captured_at.tzinfo is not None


def test_same_text_captured_twice_is_one_snapshot():
    source = make_source()
    first = capture_snapshot(user=None, source=source, text=TEXT, method="file")
    assert capture_snapshot(user=None, source=source, text=TEXT, method="paste") == first
    assert source.snapshots.get().method == "file"


def test_capturing_a_text_known_by_hash_attaches_it():
    waiting = make_waiting()
    snapshot = capture_snapshot(user=None, source=waiting.source, text=TEXT, method="paste")
    assert snapshot == waiting
    assert snapshot.text == TEXT
    assert {passage.state for passage in snapshot.passages.all()} == {"verified"}


def test_attached_text_fills_and_verifies_its_passages():
    snapshot = make_waiting()
    attached = attach_text(TEXT)
    assert (len(attached.verified), attached.failed) == (2, [])
    passage = snapshot.passages.get(start=32)
    assert (passage.exact, passage.state) == ("Diego Luna", "verified")
    assert passage.prefix == TEXT[:32]
    assert passage.suffix == TEXT[42:74]
    snapshot.refresh_from_db()
    assert snapshot.text == TEXT


def test_passage_whose_text_is_attached_is_found_by_all_its_words():
    snapshot = make_waiting(spans=[(0, len(TEXT))])
    attach_text(TEXT)
    assert snapshot.passages.get().words_key == search_key(TEXT)


def test_attaching_twice_says_the_same_and_writes_nothing():
    make_waiting()
    first = attach_text(TEXT)
    times = list(Passage.objects.values_list("updated_at", flat=True))
    again = attach_text(TEXT)
    assert [p.key for p in again.verified] == [p.key for p in first.verified]
    assert list(Passage.objects.values_list("updated_at", flat=True)) == times


def test_text_that_no_snapshot_knows_is_not_attached():
    make_waiting()
    assert attach_text(TEXT + "!") is None
    assert Passage.objects.filter(state="verified").count() == 0


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sha256": sha256_of("other words")}, "do not have its SHA-256"),
        ({"end": 5_000}, "the text ends at 99"),
        ({"excerpt": "Words that are not there"}, "its excerpt is not taken from the words"),
    ],
)
def test_passage_that_does_not_fit_stays_unattached_with_the_reason(fields, reason):
    snapshot = make_waiting(spans=[(32, 42)])
    wrong = snapshot.passages.get()
    Passage.objects.filter(pk=wrong.pk).update(**fields)
    attached = attach_text(TEXT)
    assert attached.verified == []
    assert [failure.passage for failure in attached.failed] == [wrong]
    assert reason in attached.failed[0].reason
    wrong.refresh_from_db()
    assert (wrong.state, wrong.exact) == ("unattached", "")


def test_two_sources_with_the_same_text_are_both_attached():
    first, second = make_waiting(spans=[(0, 10)]), make_waiting(spans=[(32, 42)])
    attached = attach_text(TEXT)
    assert attached.snapshots == [first, second]
    assert len(attached.verified) == 2


def test_snapshot_that_claims_another_length_is_refused():
    make_snapshot(None, None, sha256=sha256_of(TEXT), length=7)
    with pytest.raises(TextDoesNotFit, match="claims 7 characters, the text has 99"):
        attach_text(TEXT)


def test_quote_becomes_the_next_passage_verified_with_context():
    source = make_source(slug="guide")
    make_passage(source)
    make_snapshot(source, TEXT)
    passage = add_passage(user=None, source=source, quote="Diego Luna returns")
    assert passage.key == "guide#2"
    assert TEXT[passage.start : passage.end] == passage.exact == "Diego Luna returns"
    assert (passage.state, passage.excerpt) == ("verified", "Diego Luna returns")
    assert (passage.prefix, passage.suffix) == (TEXT[:32], TEXT[50:82])
    assert passage.sha256 == sha256_of("Diego Luna returns")


def test_long_quote_shows_twelve_words_and_keeps_all():
    snapshot = make_snapshot(None, TEXT)
    passage = add_passage(user=None, source=snapshot.source, quote=TEXT)
    assert passage.exact == TEXT
    assert passage.excerpt == "Season two arrives in February. Diego Luna returns as Félix Gallardo, and…"


def test_quoting_the_same_words_again_returns_the_same_passage():
    snapshot = make_snapshot(None, TEXT)
    first = add_passage(user=None, source=snapshot.source, quote="Diego Luna")
    assert add_passage(user=None, source=snapshot.source, quote=" Diego\nLuna ") == first
    assert Passage.objects.count() == 1


def test_number_below_the_highest_is_not_used_again():
    snapshot = make_snapshot(None, TEXT)
    first, _second = (
        add_passage(user=None, source=snapshot.source, quote=quote) for quote in ("Season two", "February")
    )
    first.delete()
    assert add_passage(user=None, source=snapshot.source, quote="Diego Luna").number == 3


def test_quote_is_looked_for_in_the_newest_text():
    source = make_source()
    make_snapshot(source, "Old words.", captured_at="2020-01-01T00:00Z")
    newest = make_snapshot(source, "New words.", captured_at="2021-01-01T00:00Z")
    make_snapshot(source, None, sha256="a" * 64, length=5, captured_at="2022-01-01T00:00Z")
    assert add_passage(user=None, source=source, quote="New words").snapshot == newest
    with pytest.raises(QuoteRefused):
        add_passage(user=None, source=source, quote="Old words")


@pytest.mark.parametrize(("quote", "words"), [("Pablo", "do not stand"), ("s", "more than once")])
def test_quote_that_names_no_single_place_is_refused(quote, words):
    snapshot = make_snapshot(None, TEXT)
    with pytest.raises(QuoteRefused, match=words):
        add_passage(user=None, source=snapshot.source, quote=quote)
    assert Passage.objects.count() == 0


def test_source_whose_text_is_not_here_cannot_be_quoted():
    with pytest.raises(TextNotHere, match="not on this machine"):
        add_passage(user=None, source=make_waiting().source, quote="Season")


def test_confirming_a_citation_makes_it_hold_again():
    season = make_season(premiere="2020-02")
    citation = make_citation(season, "premiere")
    season.premiere = "2020-02-13"
    season.save()
    season.refresh_from_db()
    assert not holds(citation, season)
    confirm_citation(user=make_user("Editors"), citation=citation)
    assert citation.checked_value == "2020-02-13"
    citation.refresh_from_db()
    assert holds(citation, season)


def test_value_too_long_to_compare_is_refused_in_words():
    with pytest.raises(ValueTooLong, match="more than 500 characters"):
        new_citation_value(make_series(summary="a" * 501), "summary")


def test_new_source_comes_with_its_text_and_a_second_call_changes_nothing():
    call = {"user": None, "slug": "guide", "title": "Guide", "language": "en", "method": "file"}
    snapshot = create_source(**call, text=TEXT)
    assert (snapshot.source.slug, snapshot.source.language, snapshot.text) == ("guide", "en", TEXT)
    assert create_source(**call, text=TEXT) == snapshot
    assert Source.objects.count() == 1


def test_new_source_with_a_slug_or_text_that_is_taken_is_refused():
    create_source(user=None, slug="guide", title="Guide", text=TEXT, method="file")
    with pytest.raises(SourceExists, match="“guide” already"):
        create_source(user=None, slug="guide", title="Guide", text="Other text", method="file")
    with pytest.raises(SourceExists, match="here already, as the source “guide”"):
        create_source(user=None, slug="other", title="Other", text=TEXT, method="file")
    with pytest.raises(CatalogError, match="slug: "):
        create_source(user=None, slug="no slug", title="Other", text="Other text", method="file")
    assert Source.objects.count() == 1


def test_account_without_the_permission_is_refused():
    user, snapshot = make_user(None), make_snapshot(None, TEXT)
    citation = make_citation(make_season(status="renewed"), "status", checked_value="filming")
    for call in (
        lambda: add_passage(user=user, source=snapshot.source, quote="Season"),
        lambda: capture_snapshot(user=user, source=snapshot.source, text="New", method="paste"),
        lambda: confirm_citation(user=user, citation=citation),
        lambda: create_source(user=user, slug="x", title="X", text="New", method="paste"),
    ):
        with pytest.raises(PermissionDenied):
            call()
    citation.refresh_from_db()
    assert citation.checked_value == "filming"
