"""What `make run` makes ready, repairs and refuses, and what `make reset` leaves alone."""

from __future__ import annotations

import json
import stat

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from catalog.models import Source
from editorial import demo
from editorial.management.commands import demo as demo_command
from editorial.models import Article, ArticleStatus, AuditEntry
from tests.factories import make_article, make_user

User = get_user_model()
ROLES = ["writer", "fact-checker", "editor", "administrator"]


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    settings.STATIC_ROOT = settings.VAR_DIR / "static"
    monkeypatch.setattr(demo_command.Command, "collect_static_files", lambda self: None)
    return settings.VAR_DIR


def passwords(var) -> dict[str, str]:
    [known] = json.loads((var / "logins.json").read_text()).values()
    return known


@pytest.mark.django_db
def test_the_first_run_makes_accounts_that_can_sign_in_and_publishes_every_article(var, client, capsys):
    call_command("demo")
    output = capsys.readouterr().out
    assert [user.username for user in demo.demo_users()] == ROLES
    for name, password in passwords(var).items():
        assert f"{name:<14}{password}" in output
        assert client.post("/admin/login/", {"username": name, "password": password}).status_code == 302
        assert client.get("/admin/").status_code == 200
        client.logout()
    assert Article.objects.count() == 5
    assert set(Article.objects.values_list("status", flat=True)) == {ArticleStatus.PUBLISHED}
    assert stat.S_IMODE((var / "logins.json").stat().st_mode) == 0o600


@pytest.mark.django_db
def test_only_the_administrator_may_manage_accounts():
    call_command("demo")
    may = [user.username for user in demo.demo_users() if user.has_perm("auth.change_user")]
    assert may == ["administrator"]


@pytest.mark.django_db
def test_the_second_run_keeps_passwords_and_what_people_changed(var):
    call_command("demo")
    before = passwords(var)
    Article.objects.filter(kind="recap").update(title="A better title")
    call_command("demo")
    assert passwords(var) == before
    assert Article.objects.get(kind="recap").title == "A better title"
    assert Article.objects.count() == 5
    assert AuditEntry.objects.filter(verb__in=[demo.CREATED, demo.LOADED]).count() == 2


@pytest.mark.django_db
def test_a_run_that_broke_off_while_publishing_leaves_nothing_half_done_and_the_next_completes_it(
    monkeypatch,
):
    def killed(**_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "publish_article", killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("demo")
    assert not Article.objects.exists()
    monkeypatch.undo()
    monkeypatch.setattr(demo_command.Command, "collect_static_files", lambda self: None)
    call_command("demo")
    assert Article.objects.filter(status=ArticleStatus.PUBLISHED).count() == 5


@pytest.mark.django_db
def test_lost_passwords_are_set_anew_and_others_stay(var):
    call_command("demo")
    before = passwords(var)
    content = json.loads((var / "logins.json").read_text())
    [known] = content.values()
    del known["editor"]
    (var / "logins.json").write_text(json.dumps(content))
    call_command("demo")
    after = passwords(var)
    assert after["editor"] != before["editor"]
    assert User.objects.get(username="editor").check_password(after["editor"])
    assert after["writer"] == before["writer"]


@pytest.mark.django_db
def test_a_database_with_other_content_is_refused_and_stays_as_it_is():
    make_user(username="editor")
    article = make_article()
    with pytest.raises(CommandError, match="not the demo's"):
        call_command("demo")
    with pytest.raises(CommandError, match="not the demo's"):
        call_command("reset_demo")
    assert list(Article.objects.all()) == [article]
    assert User.objects.count() == 1
    assert User.objects.get().has_usable_password()


@pytest.mark.django_db
def test_production_is_refused(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="IBID_ENV=production"):
        call_command("demo")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_logins_are_shown_once_more_and_changed_ones_are_not_claimed(var, capsys):
    with pytest.raises(CommandError, match="make run"):
        call_command("logins")
    call_command("demo")
    capsys.readouterr()
    writer = User.objects.get(username="writer")
    writer.set_password("something else")
    writer.save()
    call_command("logins")
    shown = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert shown.pop("writer") == "changed by somebody since"
    assert shown == {name: password for name, password in passwords(var).items() if name != "writer"}


@pytest.mark.django_db(transaction=True)
def test_reset_empties_a_demo_and_the_next_run_starts_over(var):
    call_command("demo")
    before = passwords(var)
    Article.objects.filter(kind="recap").update(title="A better title")
    call_command("reset_demo")
    # An SQLite file is removed, because the database deletes no history; others are truncated.
    assert not demo.has_tables() or not (User.objects.exists() or AuditEntry.objects.exists())
    call_command("demo")
    assert Article.objects.count() == 5
    assert not Article.objects.filter(title="A better title").exists()
    assert passwords(var) != before


@pytest.mark.django_db
def test_documents_given_later_are_attached_then(seeds, capsys):
    call_command("demo")
    assert Source.objects.filter(snapshots__text__isnull=False).count() == 0
    call_command("demo", seeds=str(next(iter(seeds.values())).parent))
    assert Source.objects.filter(snapshots__text__isnull=False).count() == 5
    assert not Source.objects.filter(passages__state="unattached").exists()


@pytest.mark.django_db
def test_a_seeds_folder_that_is_missing_is_named_before_anything_is_made(tmp_path):
    with pytest.raises(CommandError, match=r"SEEDS=.*missing is not a folder"):
        call_command("demo", seeds=str(tmp_path / "missing"))
    assert not User.objects.exists()


@pytest.mark.django_db
def test_documents_that_are_not_the_demos_are_named_and_stop_nothing(tmp_path, capsys):
    (tmp_path / "other.txt").write_text("Another text.")
    call_command("demo", seeds=str(tmp_path))
    output = capsys.readouterr()
    assert "other.txt" in output.out
    assert "Sign in at" in output.out
    assert "1 of 1 files" in output.err
