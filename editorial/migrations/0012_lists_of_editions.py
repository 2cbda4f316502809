"""An address is one live edition's, and lists are read in their order."""

from django.db import migrations, models

from catalog.append_only import refreeze, rekeep

BEFORE = ["article", "revision", "number", "html", "published_at"]
FROZEN = [
    *BEFORE,
    *("kind", "slug", "language", "first_published_at", "series", "season", "original"),
]
_as_before, _unused = refreeze("editorial", "Edition", BEFORE, ("ended_at",))
_unused, _freeze = refreeze("editorial", "Edition", FROZEN, ("ended_at",))
_let_go, _keep = rekeep("editorial", "Edition")


class Migration(migrations.Migration):
    dependencies = [("editorial", "0011_rows_of_editions")]

    operations = [
        _as_before,
        _let_go,
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.F('kind'), models.F('slug'), name='edition_address'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.OrderBy(models.F('first_published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ended_at__isnull', True)), name='edition_newest'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.F('kind'), models.OrderBy(models.F('first_published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ended_at__isnull', True)), name='edition_newest_of_kind'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.F('series'), models.OrderBy(models.F('first_published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ended_at__isnull', True)), name='edition_newest_on_series'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.F('season'), models.OrderBy(models.F('first_published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ended_at__isnull', True)), name='edition_newest_on_season'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(models.OrderBy(models.F('published_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('ended_at__isnull', True)), name='edition_changed'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(models.F('kind'), models.F('slug'), condition=models.Q(('ended_at__isnull', True)), name='edition_one_live_at_an_address'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recap', 'guide', 'announcement', 'review', 'news'])), name='edition_kind_known'),
        ),
        _keep,
        _freeze,
    ]
