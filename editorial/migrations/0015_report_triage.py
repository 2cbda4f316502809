"""Reports are triaged and answered, and may be of what the catalog says."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def _name_pages(apps, schema_editor):
    """Reports that came before name their page, and say something where nothing was wrong."""
    reports = apps.get_model("editorial", "ReaderReport").objects
    for report in reports.select_related("edition__revision").iterator():
        edition = report.edition
        section = edition.kind if edition.kind == "news" else f"{edition.kind}s"
        report.about = edition.revision.content["title"][:300]
        report.path = f"/{section}/{edition.slug}/"
        if report.outcome == "nothing wrong" and not report.note:
            report.note = "–"
        report.save(update_fields=["about", "path", "note"])


def _as_before(apps, schema_editor):
    """What could not be kept before goes: reports of records, notices of reports, addresses of closed ones."""
    apps.get_model("editorial", "Notification").objects.filter(report__isnull=False).delete()
    reports = apps.get_model("editorial", "ReaderReport").objects
    reports.filter(article=None).delete()
    reports.filter(state="looking").update(state="open", taken_by=None)
    reports.filter(state="closed").exclude(email="").update(email="", answer="", answer_state="")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0009_fallen_passages'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('editorial', '0014_reader_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='readerreport',
            name='report_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='readerreport',
            name='report_closes_with_an_outcome',
        ),
        migrations.RemoveConstraint(
            model_name='readerreport',
            name='report_closed_forgets_the_address',
        ),
        migrations.RemoveIndex(
            model_name='readerreport',
            name='report_open',
        ),
        migrations.AddField(
            model_name='notification',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='editorial.readerreport', verbose_name='report of a reader'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='about',
            field=models.CharField(blank=True, max_length=300, verbose_name='page'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='answer',
            field=models.TextField(blank=True, max_length=2000, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='answer_state',
            field=models.CharField(blank=True, choices=[('waits', 'waits to be sent'), ('sent', 'sent'), ('failed', 'could not be sent')], max_length=10, verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='field',
            field=models.CharField(blank=True, max_length=50, verbose_name='field'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='mended_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editorial.edition', verbose_name='edition that mends it'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='passage',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.passage', verbose_name='passage'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='path',
            field=models.CharField(blank=True, max_length=500, verbose_name='address of the page'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='record_id',
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name='record'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='record_type',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record'),
        ),
        migrations.AddField(
            model_name='readerreport',
            name='taken_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who looks at it'),
        ),
        migrations.AlterField(
            model_name='readerreport',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_reports', to='editorial.article', verbose_name='article'),
        ),
        migrations.AlterField(
            model_name='readerreport',
            name='edition',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reader_reports', to='editorial.edition', verbose_name='edition'),
        ),
        migrations.AlterField(
            model_name='readerreport',
            name='state',
            field=models.CharField(choices=[('open', 'new'), ('looking', 'somebody looks at it'), ('closed', 'closed')], default='open', max_length=10, verbose_name='state'),
        ),
        migrations.RunPython(_name_pages, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='readerreport',
            index=models.Index(models.F('at'), models.F('id'), condition=models.Q(('state__in', ['open', 'looking'])), name='report_waiting'),
        ),
        migrations.AddIndex(
            model_name='readerreport',
            index=models.Index(models.F('at'), condition=models.Q(('email', ''), _negated=True), name='report_with_address'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'looking', 'closed'])), name='report_state_known'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(('answer_state__in', ['', 'waits', 'sent', 'failed'])), name='report_answer_state_known'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', False), ('edition__isnull', False), ('record_id__isnull', True), ('record_type__isnull', True)), models.Q(('article__isnull', True), ('edition__isnull', True), ('footnote__isnull', True), ('mended_in__isnull', True), ('record_id__isnull', False), ('record_type__isnull', False)), _connector='OR'), name='report_of_an_edition_or_a_record'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('outcome', ''), ('state__in', ['open', 'looking'])), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='report_closes_with_an_outcome'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('taken_by__isnull', True)), models.Q(('state', 'looking'), ('taken_by__isnull', False)), ('state', 'closed'), _connector='OR'), name='report_looked_at_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'nothing wrong'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='report_without_mistake_says_why'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(('mended_in__isnull', True), ('outcome', 'corrected'), _connector='OR'), name='report_mended_where_corrected'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_state', '')), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('answer_state', ''), _negated=True)), _connector='OR'), name='report_answer_has_words'),
        ),
        migrations.AddConstraint(
            model_name='readerreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('email', ''), ('answer_state', 'waits'), _connector='OR'), name='report_closed_forgets_the_address'),
        ),
        migrations.RunPython(migrations.RunPython.noop, _as_before),
    ]
