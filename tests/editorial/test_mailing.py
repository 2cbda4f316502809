"""Mail of what people were told: at once, in a digest or never; each once, whatever becomes of the server."""

from __future__ import annotations

import datetime
import email
import email.policy
import smtplib
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from editorial.actions import choose_mail, drop_old_notifications, send_mail_due
from editorial.actions.mailing import digest_moment
from editorial.models import Heartbeat, Notification, Preference
from editorial.notices import LONGEST_SUBJECT, Notice, letter
from tests.factories import make_article, make_user
from tests.processes import command, output

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


class Postman(locmem.EmailBackend):
    """A mail server that refuses some addresses, for now or for good, or is away."""

    away = False
    refused: dict[str, int] = {}
    asked = 0

    def open(self):
        if self.away:
            raise ConnectionRefusedError(111, "Connection refused")

    def send_messages(self, email_messages):
        for message in email_messages:
            type(self).asked += 1
            [to] = message.to
            if to in self.refused:
                raise smtplib.SMTPRecipientsRefused({to: (self.refused[to], b"no")})
        return super().send_messages(email_messages)


@pytest.fixture(autouse=True)
def postman(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Postman"
    for name, value in (("away", False), ("refused", {}), ("asked", 0)):
        monkeypatch.setattr(Postman, name, value)
    return Postman


def person(choice: str | None = "at once", name: str = "wren", **fields):
    user = make_user("Writers", **{"username": name, "email": f"{name}@example.org", **fields})
    if choice is not None:
        Preference.objects.create(user=user, mail=choice)
    return user


def make_notification(user, article=None, **fields) -> Notification:
    return Notification.objects.create(
        user=user,
        article=article or make_article(title="Narcos, season 2"),
        **{"verb": "article.changes_requested", "actor_label": "Ann", "at": timezone.now(), **fields},
    )


def before_the_digest() -> datetime.datetime:
    return digest_moment(timezone.now()) - datetime.timedelta(minutes=1)


def test_mail_at_once_says_what_happened_to_which_article_and_where(settings):
    settings.SITE_URL = "https://desk.example.org"
    notification = make_notification(person(), text="Whose number is it?\nSee page 2.")
    assert send_mail_due() == []
    [message] = mail.outbox
    assert message.subject == "[Ibid] Changes requested: Narcos, season 2"
    assert message.to == ["wren@example.org"]
    assert message.extra_headers == {"Auto-Submitted": "auto-generated"}
    assert not getattr(message, "alternatives", [])
    assert "\n> Whose number is it?\n> See page 2.\n" in message.body
    assert f"https://desk.example.org/admin/notices/{notification.pk}/" in message.body
    assert "how often mail comes: https://desk.example.org/admin/notices/" in message.body
    notification.refresh_from_db()
    assert notification.mailed_at is not None
    send_mail_due()
    assert len(mail.outbox) == 1


def test_several_at_a_time_are_one_mail():
    user = person()
    for title in ("One", "Two", "Three"):
        make_notification(user, make_article(title=title))
    send_mail_due()
    [message] = mail.outbox
    assert message.subject == "[Ibid] Changes requested: Three, and 2 more"
    assert all(title in message.body for title in ("One", "Two", "Three"))


def test_a_digest_comes_once_a_day_and_tells_what_came_before_its_hour():
    user = person(choice=None)
    make_notification(user, make_article(title="Early"), at=before_the_digest())
    make_notification(user, make_article(title="Late"))
    send_mail_due()
    [message] = mail.outbox
    assert "Early" in message.body
    assert "Late" not in message.body
    make_notification(user, at=before_the_digest())
    send_mail_due()
    assert len(mail.outbox) == 1
    # A day later what was left is due.
    Preference.objects.update(digest_at=timezone.now() - DAY)
    Notification.objects.update(at=before_the_digest())
    send_mail_due()
    assert "Late" in mail.outbox[1].body


def test_what_was_read_is_in_no_mail():
    for choice in ("at once", "digest"):
        user = person(choice, choice.replace(" ", "-"))
        make_notification(user, at=before_the_digest(), read_at=timezone.now())
    send_mail_due()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "fields", [{"choice": "none"}, {"email": ""}, {"is_active": False}, {"is_staff": False}]
)
def test_some_get_no_mail_at_all(fields):
    make_notification(person(**fields), at=before_the_digest())
    assert send_mail_due() == []
    assert mail.outbox == []


def test_a_digest_that_was_just_chosen_comes_at_the_next_hour():
    user = person("none")
    make_notification(user, at=before_the_digest())
    choose_mail(user=user, mail="digest")
    send_mail_due()
    assert mail.outbox == []
    Preference.objects.update(digest_at=timezone.now() - DAY)
    send_mail_due()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-26T08:00+00:00", "2026-11-26T08:00+00:00"),
        ("2026-11-26T07:59+00:00", "2026-11-25T08:00+00:00"),
        ("2026-03-29T07:30+01:00", "2026-03-28T08:00+00:00"),  # the day that the clocks go forward
        ("2026-03-29T08:30+01:00", "2026-03-29T08:00+01:00"),
    ],
)
def test_the_hour_of_the_digest_is_that_of_the_newsroom(now, moment):
    parse = datetime.datetime.fromisoformat
    assert digest_moment(parse(now)) == parse(moment)


def test_a_server_that_is_away_loses_nothing_and_is_asked_again(postman, capsys):
    user = person()
    make_notification(user)
    make_notification(person("digest", "dora"), at=before_the_digest())
    postman.away = True
    with pytest.raises(CommandError):
        call_command("run_due")
    assert "Connection refused" in capsys.readouterr().err
    assert Notification.objects.filter(mailed_at=None).count() == 2
    assert postman.asked == 0
    postman.away = False
    call_command("run_due")
    assert len(mail.outbox) == 2


def test_an_address_that_is_refused_holds_up_nobody_and_is_tried_again(postman):
    make_notification(person(name="anna"))
    make_notification(person(name="bert"))
    make_notification(person("digest", "cleo"), at=before_the_digest())
    postman.refused = {"anna@example.org": 450, "cleo@example.org": 450}
    assert len(send_mail_due()) == 2
    assert [message.to for message in mail.outbox] == [["bert@example.org"]]
    postman.refused = {}
    assert send_mail_due() == []
    assert len(mail.outbox) == 3


def test_an_address_that_is_refused_for_good_is_not_tried_again(postman):
    make_notification(person())
    postman.refused = {"wren@example.org": 550}
    assert len(send_mail_due()) == 1
    assert send_mail_due() == []
    assert postman.asked == 1


def test_what_is_a_week_old_is_no_news():
    make_notification(person(), at=timezone.now() - 8 * DAY)
    send_mail_due()
    assert mail.outbox == []


def test_a_title_with_line_breaks_begins_no_header(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    title = "Narcos\r\nBcc: everybody@example.org\n\nBody\u2028again"
    make_notification(person(), make_article(title=title))
    assert send_mail_due() == []
    sent = mail.outbox[0].message()
    assert sent["Bcc"] is None
    assert sent["Subject"] == "[Ibid] Changes requested: Narcos Bcc: everybody@example.org Body again"


@given(titles=st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=60), said=st.text())
def test_a_letter_has_one_line_of_subject_and_every_link(titles, said):
    at = timezone.now()
    notices = [
        Notice(pk, "Published", title, "Ann", said, at, False, f"/admin/notices/{pk}/")
        for pk, title in enumerate(titles)
    ]
    written = letter(notices)
    assert len(written.subject.splitlines()) == 1
    assert len(written.subject) <= LONGEST_SUBJECT
    links = [line for line in written.text.splitlines() if line.endswith("/") and "/admin/notices/" in line]
    assert len([line for line in links if line.startswith("http")]) >= min(len(notices), 50)


def test_mail_takes_as_many_queries_for_thirty_notices_as_for_three():
    counts = []
    for number in (3, 30):
        user = person(name=f"person{number}")
        for _ in range(number):
            make_notification(user)
        with CaptureQueriesContext(connection) as queries:
            send_mail_due()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nothing_to_mail_takes_one_query(django_assert_num_queries):
    person()
    with django_assert_num_queries(1):
        send_mail_due()


@pytest.mark.django_db(transaction=True)
def test_of_sixty_notices_two_workers_mail_each_once(monkeypatch, tmp_path):
    article = make_article(title="Shared")
    for number in range(30):
        user = person("at once" if number % 2 else "digest", f"person{number}")
        for _ in range(2):
            make_notification(user, article, at=before_the_digest())
    connection.close()
    monkeypatch.setenv("EMAIL_URL", f"filemail:///{tmp_path}/mail")
    workers = [command("run_due") for _ in range(3)]
    for worker in workers:
        output(worker)
    written = "".join(path.read_text() for path in Path(tmp_path, "mail").iterdir())
    links = [line for line in written.splitlines() if "/admin/notices/" in line and line.startswith("http")]
    assert len(links) == len(set(links)) == 60
    recipients = [line for line in written.splitlines() if line.startswith("To: ")]
    assert len(recipients) == len(set(recipients)) == 30
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_what_was_read_long_ago_is_dropped_and_what_was_not_stays():
    user = person("none")
    now = timezone.now()
    old = make_notification(user, at=now - 200 * DAY, read_at=now - 91 * DAY)
    recent = make_notification(user, at=now - 200 * DAY, read_at=now - 89 * DAY)
    unread = make_notification(user, at=now - 200 * DAY)
    Heartbeat.objects.create(name="run_due", at=now - DAY)
    call_command("run_due", verbosity=0)
    assert set(Notification.objects.all()) == {recent, unread}
    assert old not in Notification.objects.all()
    assert drop_old_notifications(now) == 0


def test_the_mail_itself_is_plain_text_that_a_mail_program_can_read(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_notification(person(), make_article(title="Wer hat’s gesagt? – ¿Quién?"), text="Größe")
    send_mail_due()
    read = email.message_from_bytes(mail.outbox[0].message().as_bytes(), policy=email.policy.default)
    assert read.get_content_type() == "text/plain"
    assert read["Subject"].endswith("Wer hat’s gesagt? – ¿Quién?")
    assert "> Größe" in read.get_content()
