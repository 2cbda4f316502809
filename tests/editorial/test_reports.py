"""Readers report a mistake; the desk sees it and says what became of it."""

from __future__ import annotations

import datetime
import io
import smtplib
import time
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial import spam
from editorial.actions import (
    TransitionRefused,
    close_report,
    forget_addresses,
    retract_article,
    send_answers_due,
    unpublish_article,
)
from editorial.models import AuditEntry, Notification, ReaderReport
from editorial.report_drift import Drift, Present, present_of
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_episode,
    make_passage,
    make_report,
    make_season,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

TYPED = "It says 2019, and it was 2020."


@pytest.fixture(autouse=True)
def nobody_reported_before():
    cache.clear()


@pytest.fixture
def article():
    passage = make_passage(exact="The words of")
    cite = f'<cite data-passage="{passage.key}"></cite>'
    body = f"<p>It began in 2019.{cite} It ended in 2021.{cite}</p>"
    return make_article(published=True, body=body)


def address(article, query="") -> str:
    return f"{article.get_absolute_url()}report/{query}"


def stamp(article, seconds=10) -> str:
    with mock.patch("django.core.signing.time.time", return_value=time.time() - seconds):
        return spam.stamp_of(f"edition:{article.editions.live().get().pk}")


def send(client, article, query="", *, seconds=10, **fields):
    data = {"message": TYPED, "stamp": stamp(article, seconds), **fields}
    return client.post(address(article, query), data)


@pytest.mark.parametrize(
    ("query", "sentence", "footnote"),
    [
        ("", "", None),
        ("?sentence=s-2", "It ended in 2021.", 1),
        ("?note=1", "It began in 2019.", 1),
        ("?sentence=s-9", "", None),
        ("?note=x&sentence=%00", "", None),
        ("?note=99", "", None),
    ],
)
def test_a_report_names_the_sentence_and_the_source_that_the_reader_saw(
    client, article, query, sentence, footnote
):
    page = client.get(address(article, query))
    assert page.status_code == 200
    assert ("note-source" in page.content.decode()) is (footnote is not None)
    assert sentence in page.content.decode()
    response = send(client, article, query, email="reader@example.org")
    assert response.status_code == 302
    assert "Thank you" in client.get(response.headers["Location"]).content.decode()
    report = ReaderReport.objects.get()
    assert (report.sentence, report.footnote, report.message) == (sentence, footnote, TYPED)
    assert (report.article, report.email, report.state) == (article, "reader@example.org", "open")


@pytest.mark.parametrize(
    ("seconds", "fields", "said"),
    [
        (1, {}, "Wait a few seconds"),
        (25 * 3600, {}, "open for long"),
        (10, {"stamp": "1:forged:stamp"}, "open for long"),
        (10, {"website": "https://example.org"}, "Leave the last field empty"),
        (10, {"message": f"{TYPED} {'https://example.org ' * 4}"}, "at most 3 links"),
        (10, {"message": TYPED + "x" * 2000}, "at most 2000 characters"),
        (10, {"email": "nobody"}, "valid email"),
    ],
)
def test_a_refused_report_says_what_to_do_and_keeps_the_text(client, article, seconds, fields, said):
    response = send(client, article, "?note=1", seconds=seconds, **fields)
    page = response.content.decode()
    assert response.status_code == 400
    assert said in page
    assert TYPED in page
    assert not ReaderReport.objects.exists()


def test_a_form_that_was_too_old_is_offered_again_with_a_fresh_stamp(client, article):
    page = send(client, article, seconds=25 * 3600)
    found = spam.read_stamp(page.context["form"]["stamp"].value(), timezone.now())
    assert found.age < spam.TOO_OLD


def test_a_network_reports_five_times_an_hour_and_its_address_is_not_kept(client, article):
    for number in range(spam.PER_HOUR):
        assert send(client, article, message=f"{TYPED} {number}").status_code == 302
    response = send(client, article)
    assert response.status_code == 429
    assert TYPED in response.content.decode()
    assert ReaderReport.objects.count() == spam.PER_HOUR
    assert "127.0.0.1" not in spam.key_for("127.0.0.1")
    data = {"message": TYPED, "stamp": stamp(article)}
    assert client.post(address(article), data, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_form_is_not_kept_not_listed_and_protected(client, article):
    response = client.get(address(article))
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not response.cookies
    data = {"message": TYPED, "stamp": stamp(article)}
    for said in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = client.post(address(article), data, headers=said)
        assert refused.status_code == 400
        assert TYPED in refused.content.decode()
    without_cookies = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    assert send(without_cookies, article).status_code == 302


def test_the_article_leads_to_the_form_from_its_end_and_from_its_footnotes(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'href="{address(article)}"' in page
    assert f'href="{address(article, "?note=1")}"' in page


def test_the_form_is_headed_by_the_title_that_gives_nothing_away(client):
    season = make_season()
    article = make_article(
        published=True, title="He dies", spoiler_free_title="A farewell", series=season.series, season=season
    )
    html = client.get(f"{article.get_absolute_url()}report/").content.decode()
    before, _form, below = html.partition('<form class="report-form"')
    assert "He dies" not in before
    assert before.count("A farewell") == 2
    assert "He dies" not in below[: below.index("<details")]  # where it can be chosen, once that is opened


def test_nothing_is_reported_of_what_readers_do_not_have(client, article):
    sent = {"message": TYPED, "stamp": stamp(article)}
    draft = make_article()
    retracted = make_article(published=True)
    retract_article(user=None, article=retracted, looked_at=1, reason="Nobody had said it.")
    unpublish_article(user=None, article=article, looked_at=1, reason="Inside.")
    for one, status in ((draft, 404), (retracted, 410), (article, 410)):
        assert client.get(address(one)).status_code == status
        assert client.post(address(one), sent).status_code == status
    assert not ReaderReport.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"message": ""},
        {"message": "x" * 2001},
        {"footnote": 0},
        {"state": "closed"},
        {"outcome": "spam"},
        {"state": "lost"},
        {"state": "closed", "outcome": "spam", "closed_at": timezone.now(), "email": "a@example.org"},
    ],
)
def test_the_database_refuses_reports_that_cannot_be(article, wrong):
    report = make_report(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderReport.objects.filter(pk=report.pk).update(**wrong)


@pytest.mark.parametrize(
    ("role", "may"),
    [("Writers", False), ("Fact-checkers", True), ("Editors", True), ("Administrators", True)],
)
def test_those_who_check_and_edit_close_reports_and_nobody_else(client, article, role, may):
    report = make_report(article, email="reader@example.org")
    user = make_user(role)
    client.force_login(user)
    page = reverse("admin:editorial_readerreport_change", args=[report.pk])
    shown = client.get(page).content.decode()
    assert ("reader@example.org" in shown) is may
    assert ("Close the report" in shown) is may
    close = reverse("admin:editorial_readerreport_close", args=[report.pk])
    response = client.post(close, {"outcome": "corrected", "note": "Mended."})
    assert response.status_code == (302 if may else 403)
    report.refresh_from_db()
    assert report.state == ("closed" if may else "open")
    if may:
        assert (report.closed_by, report.outcome, report.email) == (user, "corrected", "")
        assert client.get(page).status_code == 200
    assert client.post(reverse("admin:editorial_readerreport_delete", args=[report.pk])).status_code == 403


def test_a_report_is_closed_once_and_the_history_tells_neither_words_nor_address(article):
    report = make_report(article, message=TYPED, email="reader@example.org")
    editor = make_user("Editors")
    close_report(user=editor, report=report, outcome="nothing wrong", note="It was 2019.")
    with pytest.raises(TransitionRefused):
        close_report(user=editor, report=report, outcome="spam")
    with pytest.raises(PermissionDenied):
        close_report(user=make_user("Writers"), report=report, outcome="spam")
    told = AuditEntry.objects.filter(verb__startswith="report.").order_by("pk")
    assert [one.verb for one in told] == ["report.made", "report.closed"]
    assert not any(word in str(one.data) for one in told for word in (TYPED, "reader@"))


def test_the_desk_counts_open_reports_and_reads_thirty_like_three(client, article):
    client.force_login(make_user("Fact-checkers"))
    counts = []
    for rows in (3, 27):
        for _number in range(rows):
            make_report(make_article(published=True))
        client.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("admin:index"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "Reported by readers (30)" in response.content.decode()
    close_report(user=make_user("Editors"), report=ReaderReport.objects.first(), outcome="spam")
    assert client.get(reverse("admin:index")).context["desk"].reports.count == 29
    client.force_login(make_user("Writers"))
    assert "Reported by readers" not in client.get(reverse("admin:index")).content.decode()


def test_a_sentence_without_a_source_is_chosen_from_the_list(client):
    article = make_article(published=True, body='<p data-not-a-claim="opinion">It is good.</p>')
    page = client.get(address(article)).content.decode()
    assert "It is good." in page
    value = page.split("> It is good.")[0].rpartition('value="')[2].partition('"')[0]
    assert send(client, article, place=value).status_code == 302
    assert ReaderReport.objects.get().sentence == "It is good."


def test_a_fact_of_the_catalog_is_reported_with_its_passage(client):
    passage = make_passage(exact="The words of")
    season = make_season(premiere="2020-02-13")
    make_citation(season, "premiere", passage)
    page = season.get_absolute_url()
    assert f"/report{page}?passage=" in client.get(page).content.decode()
    where = f"/report{page}?passage={passage.key.replace('#', '%23')}"
    shown = client.get(where)
    assert "13 February 2020" in shown.content.decode()
    with mock.patch("django.core.signing.time.time", return_value=time.time() - 10):
        made = spam.stamp_of(f"catalog.season:{season.pk}")
    value = shown.context["choices"][0].value
    assert client.post(where, {"message": TYPED, "stamp": made, "place": "gone"}).status_code == 400
    assert client.post(where, {"message": TYPED, "stamp": made, "place": value}).status_code == 302
    report = ReaderReport.objects.get()
    assert (report.record, report.field, report.passage) == (season, "premiere", passage)
    assert present_of(report).drift is Drift.STANDS
    passage.state = "withdrawn"
    passage.save()
    assert present_of(report) == Present(Drift.GONE)
    season.premiere = "2020-03-01"
    season.save()
    assert present_of(report) == Present(Drift.GONE)
    make_citation(season, "premiere")
    assert present_of(report).drift is Drift.CHANGED
    assert "1 March 2020" in present_of(report).now


def test_each_page_of_the_catalog_leads_to_its_form(client):
    season = make_season(premiere="2020-02-13")
    entry = make_cast_entry(season=season)
    episode = make_episode(season=season, title="Salt")
    for cited, field in ((season, "premiere"), (entry, ""), (episode, "title"), (entry.character, "name")):
        make_citation(cited, field)
    for record in (season.series, season, episode, entry.person, entry.character):
        path = record.get_absolute_url()
        assert f'"/report{path}"' in client.get(path).content.decode()
        assert client.get(f"/report{path}").status_code == 200


def test_fifty_posts_a_replay_and_odd_bytes_leave_five_reports(client, article):
    made = stamp(article)
    where = address(article)
    odd = "\x00Año 年 सन् سنة 🎬\u202e"
    assert client.post(where, {"message": odd, "stamp": made}).status_code == 302
    again = client.post(where, {"message": "Other.", "stamp": made})
    assert "sent before" in again.content.decode()
    assert client.post(where, {"message": "x" * 1_000_000, "stamp": stamp(article)}).status_code == 400
    for number in range(50):
        send(client, article, message=f"{TYPED} {number}")
    assert ReaderReport.objects.count() == spam.PER_HOUR - 1  # the replay counted, too
    assert ReaderReport.objects.last().message == "Año 年 सन् سنة 🎬"
    assert spam.key_for("2001:db8::1") == spam.key_for("2001:db8::2:1")


def test_whose_text_it_is_and_who_may_close_are_told_once_until_they_read(article):
    editor, writer = make_user("Editors"), make_user("Writers")
    article.assignee = writer
    article.save()
    make_report(article)
    make_report(article, message="Another.")
    told = Notification.objects.filter(verb="report.made")
    assert {one.user for one in told} >= {editor, writer}
    assert told.filter(user=writer).count() == 1
    for report in ReaderReport.objects.all():
        close_report(user=editor, report=report, outcome="spam")
    assert not told.unread().exists()


def test_an_answer_is_mailed_once_and_the_address_forgotten(article, mailoutbox):
    report = make_report(article, email="reader@example.org")
    close_report(user=make_user(), report=report, outcome="corrected", answer="You are right.")
    assert send_answers_due() == []
    assert send_answers_due() == []
    assert [(one.to, TYPED in one.body) for one in mailoutbox] == [(["reader@example.org"], False)]
    report.refresh_from_db()
    assert (report.email, report.answer_state) == ("", "sent")


class Picky(locmem.EmailBackend):
    """A mail server that refuses the words of some mails, for now or for good."""

    def send_messages(self, email_messages):
        for message in email_messages:
            for code in (451, 554):
                if str(code) in message.body:
                    raise smtplib.SMTPDataError(code, b"no")
        return super().send_messages(email_messages)


def test_a_refused_answer_holds_up_no_other(article, settings, mailoutbox):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    reports = []
    for words in ("Refused for now: 451.", "Refused for good: 554.", "You are right."):
        reports.append(make_report(article, message=words, email="reader@example.org"))
        close_report(user=make_user(), report=reports[-1], outcome="corrected", answer=words)
    assert [one.endswith("the mail was refused.") for one in send_answers_due()] == [True, True]
    assert len(send_answers_due()) == 1
    for report in reports:
        report.refresh_from_db()
    assert [one.answer_state for one in reports] == ["waits", "failed", "sent"]
    assert [bool(one.email) for one in reports] == [True, False, False]
    assert len(mailoutbox) == 1


def test_addresses_are_forgotten_in_time(article, settings):
    report = make_report(article, email="reader@example.org")
    forget_addresses(report.at + datetime.timedelta(days=settings.REPORT_ADDRESS_DAYS - 1))
    assert ReaderReport.objects.exclude(email="").exists()
    assert forget_addresses(report.at + datetime.timedelta(days=settings.REPORT_ADDRESS_DAYS + 1)) == 1
    assert not ReaderReport.objects.exclude(email="").exists()


def test_a_report_is_taken_and_put_beside_its_sentence(client, article):
    report = make_report(article, sentence="It ended in 2021.")
    editor = make_user("Editors")
    client.force_login(editor)
    assert "as it was reported" in client.get(_page("change", report)).content.decode()
    client.post(_page("take", report))
    response = client.post(_page("pass_on", report))
    assert "#body-" in response.headers["Location"]
    comment = article.comments.get()
    assert comment.exact == "It ended in 2021."
    report.refresh_from_db()
    assert (report.state, report.taken_by) == ("looking", editor)
    refused = client.post(_page("close", report), {"outcome": "nothing wrong"})
    assert "why it is not a mistake" in refused.content.decode()
    client.post(_page("give_back", report))
    report.refresh_from_db()
    assert report.state == "open"
    client.force_login(make_user("Writers"))
    for step in ("take", "give_back", "pass_on", "close"):
        assert client.post(_page(step, report), {"outcome": "spam"}).status_code == 403


def _page(name, report) -> str:
    return reverse(f"admin:editorial_readerreport_{name}", args=[report.pk])


def test_no_bundle_holds_a_report(article, tmp_path):
    make_report(article, message=TYPED, email="reader@example.org")
    for kind in ("--public", "--audit"):
        out = tmp_path / kind
        call_command("export_bundle", str(out), kind, stdout=io.StringIO())
        held = b"".join(one.read_bytes() for one in out.rglob("*") if one.is_file())
        assert held
        assert TYPED.encode() not in held
        assert b"reader@example.org" not in held
