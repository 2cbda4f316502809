"""How much of a source readers see, and excerpts that people shorten."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.actions import CatalogError, ExcerptRefused, shorten_excerpt
from catalog.models import Passage, Season, Source
from catalog.quoting import Quoted, most_marked, public_passages, quoted
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February. Diego Luna returns as Félix. " + "Nothing else is known. " * 10


def add(source: Source, words: str, excerpt: str = "", **fields) -> Passage:
    """A passage of the words in TEXT, cited for a premiere of its own unless `cited=False`."""
    cited = fields.pop("cited", True)
    snapshot = source.snapshots.first() or make.make_snapshot(source, TEXT)
    passage = make.make_passage(
        source, words, snapshot=snapshot, start=TEXT.index(words), excerpt=excerpt or words, **fields
    )
    if cited:
        make.make_citation(make.make_season(premiere="2020"), "premiere", passage)
    return passage


def share_of(source: Source) -> Quoted:
    return quoted([source])[source.pk]


@pytest.mark.parametrize(
    ("characters", "limit", "percent", "passed"),
    [(0, 40, 0, False), (400, 40, 40, False), (401, 40, 41, True), (1000, 100, 100, False)],
)
def test_a_share_is_rounded_up_so_that_the_least_bit_more_is_too_much(characters, limit, percent, passed):
    share = Quoted(characters, 1000, limit)
    assert (share.percent, share.passed) == (percent, passed)


def test_a_source_without_text_or_passages_is_not_quoted():
    assert share_of(make.make_source(quote_limit=None)) == Quoted(0, 0, 40)
    assert share_of(make.make_snapshot(text=TEXT).source).length == len(TEXT)


def test_the_limit_is_the_source_s_own_or_the_usual_one(settings):
    settings.QUOTE_LIMIT = 25
    assert share_of(make.make_source(quote_limit=None)).limit == 25
    assert share_of(make.make_source(quote_limit=7)).limit == 7


def test_excerpts_of_public_facts_count_once_wherever_they_overlap():
    source = make.make_source()
    add(source, "Season two arrives in February", "…arrives in February")
    add(source, "in February. Diego Luna", "in February…")
    add(source, "Diego Luna returns", "Diego Luna…")
    assert share_of(source).characters == len("arrives in February") + len("Diego Luna")


def test_only_what_readers_see_counts():
    source = make.make_source()
    seen = add(source, "Diego Luna")
    add(source, "Season two", cited=False)
    lost = add(source, "returns as Félix", state="lost")
    moved_on = add(source, "in February")
    Season.objects.filter(pk=moved_on.citations.get().object_id).update(premiere="2021")
    assert public_passages([source]) == {seen.pk}
    # Supported by another passage the fact is public, and then so is what contradicts or mentions it.
    make.make_citation(lost.citations.get().target, "premiere", make.make_passage())
    season = Season.objects.get(pk=seen.citations.get().object_id)
    against = add(source, "Nothing else", cited=False)
    make.make_citation(season, "premiere", against, stance="contradicts")
    assert public_passages([source]) == {seen.pk, lost.pk, against.pk}


def test_texts_that_are_not_here_have_a_share_as_well():
    here, away = make.make_source(), make.make_source()
    make.make_snapshot(away, None, sha256=make.sha256(TEXT), length=len(TEXT))
    for source, state in ((here, "verified"), (away, "unattached")):
        add(source, "Diego Luna returns as Félix", "Diego Luna…", state=state)
        add(source, "Diego Luna", state=state)
        add(source, "in February. Diego", "…Diego", state=state)
    assert share_of(away) == share_of(here) == Quoted(len("Diego Luna"), len(TEXT), 100)


def test_each_excerpt_is_measured_against_the_text_it_was_taken_from():
    source = make.make_source()
    add(source, "Season two arrives in February")
    stub = make.make_snapshot(source, "Diego Luna returns.")
    passage = make.make_passage(source, "Diego Luna", snapshot=stub)
    make.make_citation(make.make_season(premiere="2020"), "premiere", passage)
    assert share_of(source) == Quoted(10, 19, 100)


def test_sources_that_may_have_passed_their_limit_are_found_and_the_most_marked_first():
    little, much, full = (make.make_source(quote_limit=20) for _ in range(3))
    add(little, "Diego Luna")
    add(much, TEXT[:100], "Season…")
    add(full, TEXT[:200], "Season…")
    assert most_marked(10) == [full, much]
    assert most_marked(1) == [full]


def test_measuring_takes_as_many_queries_for_30_sources_as_for_3(django_assert_num_queries):
    def fill(count: int) -> None:
        for _ in range(count):
            source = make.make_source()
            add(source, "Diego Luna")
            make.make_citation(make.make_statement(), "value", add(source, "Season two", cited=False))

    fill(3)
    share_of(Source.objects.first())
    with CaptureQueriesContext(connection) as few:
        quoted(Source.objects.all())
    fill(27)
    with django_assert_num_queries(len(few)):
        assert len(quoted(Source.objects.all())) >= 30


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Diego Luna", "Diego Luna…"),
        ("  returns   as ", "…returns as…"),
        ("Diego ... Félix", "Diego … Félix"),
        ("…Luna…", "…Luna…"),
        ("Diego Luna returns as Félix.", "Diego Luna returns as Félix."),
    ],
)
def test_an_excerpt_is_shortened_to_words_of_the_passage(typed, kept):
    passage = add(make.make_source(), "Diego Luna returns as Félix.")
    shorten_excerpt(user=None, passage=passage, excerpt=typed)
    before = passage.updated_at
    passage.refresh_from_db()
    assert passage.excerpt == kept
    assert passage.updated_at > before  # pages that show it are new


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("  ", "The excerpt is empty."),
        ("…", "The excerpt is empty."),
        ("Diego Lun", "These are not whole words"),
        ("Luna … Diego", "These are not whole words"),
        ("Michael Peña", "These are not whole words"),
        (" ".join(["Nothing else is known."] * 4), "The excerpt has 16 words"),
    ],
)
def test_what_is_no_excerpt_is_refused_with_the_reason(typed, reason):
    passage = add(make.make_source(), TEXT.strip(), "Season two…")
    with pytest.raises(ExcerptRefused, match=reason):
        shorten_excerpt(user=None, passage=passage, excerpt=typed)
    passage.refresh_from_db()
    assert passage.excerpt == "Season two…"


def test_without_the_text_words_are_taken_from_the_excerpt_and_found_by_them():
    source = make.make_source()
    make.make_snapshot(source, None, sha256=make.sha256(TEXT), length=len(TEXT))
    passage = add(source, "Diego Luna returns as Félix", "…Luna returns…", state="unattached")
    with pytest.raises(CatalogError):
        shorten_excerpt(user=None, passage=passage, excerpt="Diego Luna")
    shortened = shorten_excerpt(user=None, passage=passage, excerpt="Luna")
    assert (shortened.excerpt, shortened.words_key) == ("…Luna…", "luna")


def test_who_may_not_change_passages_shortens_nothing(client):
    passage = add(make.make_source(), "Diego Luna")
    writer = make.make_user("Writers")
    with pytest.raises(PermissionDenied):
        shorten_excerpt(user=writer, passage=passage, excerpt="Diego")
    client.force_login(writer)
    assert "excerpt_form" not in client.get(page_of(passage)).content.decode()
    assert client.post(page_of(passage, "excerpt"), {"excerpt": "Diego"}).status_code == 403
    passage.refresh_from_db()
    assert passage.excerpt == "Diego Luna"


def page_of(passage: Passage, page: str = "change") -> str:
    return reverse(f"admin:catalog_passage_{page}", args=[passage.pk])


@pytest.mark.parametrize("role", ["Fact-checkers", "Editors", "Administrators"])
def test_an_excerpt_is_shortened_on_the_page_of_its_passage(client, role):
    client.force_login(make.make_user(role))
    passage = add(make.make_source(), "Diego Luna returns")
    data = form_data(client.get(page_of(passage)), "excerpt_form")
    assert data["excerpt"] == "Diego Luna returns"
    response = client.post(page_of(passage, "excerpt"), data | {"excerpt": "Diego Luna"}, follow=True)
    assert response.redirect_chain == [(page_of(passage), 302)]
    assert "Readers see the new excerpt." in response.content.decode()
    assert form_data(response, "excerpt_form")["excerpt"] == "Diego Luna…"


def test_a_refused_excerpt_stays_typed_with_the_reason_beside_it(client):
    client.force_login(make.make_user("Editors"))
    passage = add(make.make_source(), "Diego Luna returns")
    response = client.post(page_of(passage, "excerpt"), {"excerpt": "Diego leaves"})
    assert response.status_code == 200
    assert "These are not whole words of the passage" in response.content.decode()
    assert form_data(response, "excerpt_form")["excerpt"] == "Diego leaves"
    assert client.get(page_of(passage, "excerpt")).status_code == 405


def test_a_source_says_how_much_of_it_is_public_and_takes_a_limit(client, settings):
    settings.QUOTE_LIMIT = 10
    client.force_login(make.make_user("Editors"))
    source = make.make_source(quote_limit=None)
    add(source, "Diego Luna returns as Félix. Nothing else")
    url = reverse("admin:catalog_source_change", args=[source.pk])
    shown = client.get(url)
    share = share_of(source)
    expected = f"{share.percent} % of {len(TEXT)} characters (limit 10 %)"
    assert expected in shown.content.decode()
    assert "This is more than the limit" in shown.content.decode()
    data = form_data(shown, "source_form")
    refused = client.post(url, data | {"quote_limit": "0"})
    assert "The limit of quoting is a share from 1 to 100 per cent." in refused.content.decode()
    assert client.post(url, data | {"quote_limit": "80"}).status_code == 302
    assert "This is more than the limit" not in client.get(url).content.decode()
    assert client.get(reverse("admin:catalog_source_add")).status_code == 200
