"""The demo newsroom: what `make run` puts into an empty database, and how it knows that it did.

Whether a database is a demo, and whether the newsroom is in it, is asked of the database: two audit
entries say so, each written in the transaction it speaks of. So a run that was killed is repaired by
the next, and nothing here touches a database that holds anything else.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.crypto import get_random_string

from catalog.models import Series, Source
from editorial import audit
from editorial.actions import publish_article
from editorial.imports import import_bundle
from editorial.models import Article, ArticleStatus, AuditEntry, Stage
from editorial.roles import sync_roles

BUNDLE = settings.BASE_DIR / "fixtures" / "demo"
CREATED = "demo.created"
LOADED = "demo.loaded"
# Accounts by user name, in the order in which they are shown, with their group.
ACCOUNTS = {
    "writer": "Writers",
    "fact-checker": "Fact-checkers",
    "editor": "Editors",
    "administrator": "Administrators",
}
# What articles of each kind go through, step by step: the name of the step and its group.
_FACT_CHECK, _EDITING = ("Fact-check", "Fact-checkers"), ("Editing", "Editors")
REVIEWS = {
    "recap": (_FACT_CHECK, _EDITING),
    "guide": (_FACT_CHECK, _EDITING),
    "announcement": (_EDITING,),
    "review": (_EDITING,),
    "news": (_EDITING,),
}
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class NotADemo(Exception):
    """The database holds something that the demo did not put there."""


def migrate() -> bool:
    """Bring the tables up to date; whether there was anything to do."""
    executor = MigrationExecutor(connection)
    behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        call_command("migrate", interactive=False, verbosity=0)
    return behind


def has_tables() -> bool:
    return AuditEntry._meta.db_table in connection.introspection.table_names()


def is_demo() -> bool:
    """Whether the demo made what this database holds. Needs its tables."""
    return AuditEntry.objects.filter(verb=CREATED).exists()


def is_loaded() -> bool:
    return AuditEntry.objects.filter(verb=LOADED).exists()


def refuse_foreign() -> None:
    """Raise NotADemo unless this database is empty or a demo."""
    if not has_tables() or is_demo():
        return
    for model in (get_user_model(), Article, Series, Source):
        if model._default_manager.exists():
            raise NotADemo(f"It holds {model._meta.verbose_name_plural} that the demo did not put there.")


@transaction.atomic
def create_accounts() -> None:
    """Mark the database as a demo and make one account per role, still without passwords. Once only."""
    sync_roles()
    if is_demo():
        return
    for name, group in ACCOUNTS.items():
        user = get_user_model().objects.create_user(
            name, f"{name}@demo.invalid", first_name="Demo", last_name=name, is_staff=True
        )
        user.groups.add(Group.objects.get(name=group))
    audit.record(user=None, verb=CREATED)


@transaction.atomic
def load_newsroom() -> None:
    """Import the bundle and publish its articles: all of it, or nothing.

    The articles are the demo writer's, and from then on go through their stages. What their sources differ on
    is left to be decided, so it is the machine that publishes: an editor would have to weigh every warning.
    """
    import_bundle(user=None, path=BUNDLE)
    Article.objects.update(assignee=get_user_model().objects.get(username="writer"))
    for article in Article.objects.filter(status=ArticleStatus.DRAFT).order_by("pk"):
        publish_article(user=None, article=article)
    for kind, groups in REVIEWS.items():
        for position, (name, group) in enumerate(groups, start=1):
            Stage.objects.create(kind=kind, position=position, name=name, group=Group.objects.get(name=group))
    audit.record(user=None, verb=LOADED)


class Logins:
    """The passwords of the demo accounts, in one file that only its owner may read, per database.

    The database keeps only their hashes. Where the file does not know an account's password, it gets
    a new one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings.VAR_DIR / "logins.json"
        self._all: dict[str, dict[str, str]] = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.known = self._all.setdefault(_database_name(), {})

    def complete(self) -> dict[str, str]:
        """Passwords by user name of the demo accounts that exist; missing ones are set now."""
        new = [
            user for user in demo_users() if not user.has_usable_password() or user.username not in self.known
        ]
        for user in new:
            self.known[user.username] = "-".join(get_random_string(4, _LETTERS) for _ in range(4))
            user.set_password(self.known[user.username])
        if new:
            self._write()
            get_user_model().objects.bulk_update(new, ["password"])
        return {user.username: self.known[user.username] for user in demo_users()}

    def forget(self) -> None:
        """Drop this database's passwords."""
        del self._all[_database_name()]
        self._write()

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self._all, file, indent=2)
        fresh.replace(self.path)


def demo_users() -> list[AbstractUser]:
    """The demo accounts that exist, in the order of their roles."""
    found = {user.username: user for user in get_user_model().objects.filter(username__in=ACCOUNTS)}
    return [found[name] for name in ACCOUNTS if name in found]


def _database_name() -> str:
    where = connection.settings_dict
    return f"{connection.vendor}://{where['HOST']}:{where['PORT']}/{where['NAME']}"
