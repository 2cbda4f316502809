"""From the first release on, every migration goes forwards over rows and back, and history stays frozen."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

FIRST = [("catalog", "0002_append_only"), ("editorial", "0002_append_only")]
BEFORE_KEEPING = [("catalog", "0005_gives_away"), ("editorial", "0006_desk_rows")]


def migrate(targets):
    """Migrate to these; gives the models of that state."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def newest(transactional_db):
    """Ends a test on the newest migrations, whatever it did."""
    executor = MigrationExecutor(connection)
    leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] in ("catalog", "editorial")]
    yield leaves
    migrate(leaves)
    ContentType.objects.clear_cache()


def first_release(apps):
    """A source of the first release with two passages, the second of which has the number 7."""
    source = apps.get_model("catalog", "Source").objects.create(slug="report", title="Report")
    snapshot = apps.get_model("catalog", "Snapshot").objects.create(
        source=source,
        text="Peña returns.",
        sha256="a" * 64,
        length=13,
        captured_at=timezone.now(),
        method="file",
    )
    Passage = apps.get_model("catalog", "Passage")
    for number, state, exact in ((2, "verified", "Peña"), (7, "unattached", "")):
        Passage.objects.create(
            source=source,
            snapshot=snapshot,
            number=number,
            start=0,
            end=4,
            exact=exact,
            sha256="b" * 64,
            excerpt="Peña",
            state=state,
        )
    return source


def renumber(apps):
    with pytest.raises(IntegrityError), transaction.atomic():
        apps.get_model("catalog", "Passage").objects.filter(number=7).update(number=3)


def test_rows_of_the_first_release_go_to_the_newest_migrations_and_back(newest):
    """One way for all that is asked on it: each of its legs makes every model anew."""
    first_release(migrate(FIRST))

    apps = migrate(newest)
    source = apps.get_model("catalog", "Source").objects.get()
    assert source.last_number == 7, "numbers stay taken"
    keys = apps.get_model("catalog", "Passage").objects.order_by("number").values_list("words_key", flat=True)
    assert list(keys) == ["pena", "pena"], "passages are found"
    renumber(apps)
    with pytest.raises(IntegrityError), transaction.atomic():  # history is kept
        apps.get_model("catalog", "Snapshot").objects.all()._raw_delete("default")

    apps = migrate(BEFORE_KEEPING)
    with transaction.atomic():  # history was let go then
        apps.get_model("catalog", "Passage").objects.all().delete()
        apps.get_model("catalog", "Snapshot").objects.all().delete()
        transaction.set_rollback(True)

    apps = migrate(FIRST)
    assert apps.get_model("catalog", "Passage").objects.count() == 2
    renumber(apps)
