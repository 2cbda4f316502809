"""Fills what 0005 made room for: the photos of editions, the ends of schedules, reminders of reviews."""

import datetime

from django.db import migrations
from django.utils import timezone

from catalog.append_only import freeze


def _show_photos(apps):
    Edition, Pictured = apps.get_model("editorial", "Edition"), apps.get_model("editorial", "Pictured")
    photos = dict(apps.get_model("catalog", "Photo").objects.values_list("slug", "pk"))
    frozen = Edition.objects.values_list("pk", "revision__content__photo").iterator()
    Pictured.objects.bulk_create(
        (Pictured(edition_id=pk, photo_id=photos[slug]) for pk, slug in frozen if slug in photos),
        batch_size=500,
    )


def _join_ends(apps):
    """An end that waits for its beginning becomes a part of it."""
    DueItem, Edition = apps.get_model("editorial", "DueItem"), apps.get_model("editorial", "Edition")
    waiting = DueItem.objects.filter(verb="publish", closed_at=None)
    for item in waiting:
        if Edition.objects.filter(article=item.article_id, ended_at=None).exists():
            continue
        ends = DueItem.objects.filter(
            article=item.article_id, verb="expire", closed_at=None, due_at__gt=item.due_at
        )
        for end in ends:
            DueItem.objects.filter(pk=item.pk).update(ends_at=end.due_at)
            ends.update(closed_at=timezone.now(), outcome="cancelled")


def _remind(apps):
    Article, DueItem = apps.get_model("editorial", "Article"), apps.get_model("editorial", "DueItem")
    DueItem.objects.bulk_create(
        DueItem(
            article_id=pk,
            verb="remind",
            due_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time())),
        )
        for pk, day in Article.objects.exclude(review_by=None).values_list("pk", "review_by")
    )


def fill(apps, schema_editor):
    _show_photos(apps)
    _join_ends(apps)
    _remind(apps)


def forget_reminders(apps, schema_editor):
    """The constraint of before knows no reminders."""
    apps.get_model("editorial", "DueItem").objects.filter(verb="remind").delete()


class Migration(migrations.Migration):
    dependencies = [("editorial", "0005_desk")]

    operations = [
        migrations.RunPython(fill, forget_reminders),
        freeze("editorial", "Pictured", ["edition", "photo"]),
        freeze("editorial", "Rendering", ["revision", "html", "at"]),
    ]
